// Which HTTP headers does every request of an endpoint carry, and which may a user set?
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

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

struct Header
{
	std::string name;
	std::string value;
};

using Headers = std::vector<Header>;

// What an endpoint sends with every request. What a session adds comes between the two: it wins
// over `open`, and `secret` wins over it.
struct HeaderLayers
{
	Headers open;      // of GraphQL over HTTP, and the server's
	Headers secret;    // of the user mapping
};

// Throws Failure (invalid_option) for what check_headers() would refuse, and when credentials
// contradict each other.
HeaderLayers read_headers(const EndpointSettings &settings);

// For libcurl. Of headers with the same name the strongest is sent alone.
HeaderList merge_headers(const HeaderLayers &layers, const Headers &session);

// The members of a JSON object of strings; `option` names it in messages. `is_public`: refuses
// names that look like credentials. Throws Failure (invalid_option).
Headers parse_headers(std::string_view option, std::string_view json, bool is_public);

// Would the value end the header, or be refused by whoever reads it?
bool has_control_characters(std::string_view value);

// Does a header, or a parameter of a URL, of this name usually carry a secret?
bool looks_like_credential(std::string_view name);

}    // namespace gql
