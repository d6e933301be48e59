// Which HTTP headers does every request of an endpoint carry, and which may a user set?
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string_view>

#include "core/door/transport.hpp"

namespace gql
{

struct HeaderListFree
{
	void
	operator()(curl_slist *list) const noexcept
	{
		curl_slist_free_all(list);
	}
};

using HeaderList = std::unique_ptr<curl_slist, HeaderListFree>;

// The headers of GraphQL over HTTP, then the user's: secret ones win over public ones of the same
// name. Throws Failure (invalid_option) for what check_headers() would refuse, and when credentials
// contradict each other.
HeaderList build_headers(const EndpointSettings &settings);

// Does a header of this name usually carry a secret?
bool looks_like_credential(std::string_view name);

}    // namespace gql
