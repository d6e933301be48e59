// Which hosts does a list of patterns allow?
//
// A pattern is a host name, an IPv4 address, an IPv6 address in brackets, or "*." and a name, which
// stands for every name below that one; ":443" behind it allows that port only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gql
{

// A host as URLs hold it: in lower case, without the dot that may end a name; an IPv6 address is in
// brackets and in its shortest spelling.
std::string normal_host(std::string_view host);

struct HostPattern
{
	std::string host;         // normal; of "*.example.com": ".example.com"
	bool wildcard = false;    // names that end in `host`
	unsigned port = 0;        // 0: any
};

// `host` is normal.
bool matches(const HostPattern &pattern, std::string_view host, unsigned port);

// "api.example.com, *.example.org:8443, [fd00::1]". Throws Failure (invalid_option).
std::vector<HostPattern> parse_host_patterns(std::string_view text);

}    // namespace gql
