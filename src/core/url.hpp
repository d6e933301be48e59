// Which URLs may be used, and which addresses may they lead to?
//
// libcurl's own parser checks the URL and later uses it, so that the two cannot disagree. Addresses
// are judged when a socket is opened, after name resolution, so that spelling does not matter.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace gql
{

struct Url
{
	std::string text;         // as libcurl writes it
	std::string authority;    // "api.example.com:443", for messages
	bool secure = false;      // https
};

// Throws Failure (invalid_option).
Url parse_url(std::string_view text);

// "https://other.example:8443" of an absolute URL, without path, query and user; "" when it has
// none.
std::string url_origin(const char *url);

// Link-local and metadata addresses are never allowed; without TLS only loopback ones are.
bool address_allowed(const sockaddr *address, socklen_t length, bool secure) noexcept;

}    // namespace gql
