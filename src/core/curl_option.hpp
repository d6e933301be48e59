// How is an option of libcurl set, or failure thrown?
#pragma once

#include <curl/curl.h>

#include <new>

#include "core/error.hpp"

namespace gql
{

template <typename Value>
void
set(CURL *easy, CURLoption option, Value value)
{
	const CURLcode result = curl_easy_setopt(easy, option, value);

	if (result == CURLE_OUT_OF_MEMORY)
	{
		throw std::bad_alloc();
	}
	if (result != CURLE_OK)
	{
		throw Failure(Code::internal, "could not set up libcurl", curl_easy_strerror(result));
	}
}

}    // namespace gql
