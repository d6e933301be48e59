// Which URLs may be used?
//
// libcurl's own parser checks the URL and later uses it, so that the two cannot disagree.
#pragma once

#include <string>
#include <string_view>

namespace gql
{

struct Url
{
	std::string text;         // as libcurl writes it
	std::string authority;    // "api.example.com:443", for messages
	std::string host;         // as in core/host_pattern.hpp
	unsigned port = 0;
	bool secure = false;    // https
};

// Throws Failure (invalid_option).
Url parse_url(std::string_view text);

// "http://proxy.example:3128", and nothing more. Throws Failure (invalid_option).
Url parse_proxy(std::string_view text);

// "https://other.example:8443" of an absolute URL, without path, query and user; "" when it has
// none.
std::string url_origin(const char *url);
}    // namespace gql
