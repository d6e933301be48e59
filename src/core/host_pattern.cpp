// Which hosts does a list of patterns allow?

#include "core/host_pattern.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/list_text.hpp"

namespace gql
{

namespace
{

[[noreturn]] void
refuse(std::string_view element, const char *problem)
{
	throw Failure(Code::invalid_option, "host patterns cannot be used",
				  '"' + clean_text(element, 100) + "\" " + problem);
}

[[noreturn]] void
refuse_spelling(std::string_view element)
{
	refuse(element,
		   "is no host: write api.example.com, *.example.com or an address, without scheme "
		   "and path; names with other letters than a to z in their xn-- form.");
}

bool
is_ipv4(const std::string &host)
{
	unsigned char bytes[4];

	return inet_pton(AF_INET, host.c_str(), bytes) == 1;
}

bool
is_name(std::string_view host)
{
	const auto in_label = [](char c)
	{ return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
	bool label = false;

	for (const char c : host)
	{
		if (c != '.' && !in_label(c))
		{
			return false;
		}
		if (c == '.' && !label)
		{
			return false;
		}
		label = c != '.';
	}
	return label;
}

// Names whose last label is a number are addresses to everybody who resolves them.
bool
ends_in_number(std::string_view host)
{
	const size_t dot = host.rfind('.');
	const std::string_view last = host.substr(dot == std::string_view::npos ? 0 : dot + 1);

	return last.find_first_not_of("0123456789") == std::string_view::npos ||
		   last.substr(0, 2) == "0x";
}

// Where the host ends: at the colon of a port that is not inside brackets, or at the end.
size_t
host_length(std::string_view element)
{
	const size_t bracket = element.empty() || element[0] != '[' ? 0 : element.find(']');

	return std::min(element.size(),
					element.find(':', bracket == std::string_view::npos ? 0 : bracket));
}

HostPattern
parse_pattern(std::string_view element)
{
	HostPattern pattern;
	const size_t length = host_length(element);
	std::string_view host = element.substr(0, length);

	if (element.find('/') != std::string_view::npos)
	{
		refuse_spelling(element);
	}
	if (element.find(':', length + 1) != std::string_view::npos)
	{
		refuse(element, "is no host: an IPv6 address goes into brackets, as in [fd00::1]:443.");
	}
	if (length < element.size() &&
		(!parse_number(element.substr(length + 1), pattern.port) || pattern.port == 0))
	{
		refuse(element, "has a port that is none.");
	}
	pattern.wildcard = host.substr(0, 2) == "*.";
	pattern.host = normal_host(host.substr(pattern.wildcard ? 2 : 0));
	if (pattern.host.empty())
	{
		refuse(element, "holds no host.");
	}
	if (pattern.host[0] == '[' && !pattern.wildcard)
	{
		unsigned char bytes[16];
		const std::string inside = pattern.host.substr(1, pattern.host.size() - 2);

		if (inet_pton(AF_INET6, inside.c_str(), bytes) != 1)
		{
			refuse(element, "holds no IPv6 address between its brackets.");
		}
		return pattern;
	}
	if (!is_name(pattern.host))
	{
		refuse_spelling(element);
	}
	if (ends_in_number(pattern.host) && (pattern.wildcard || !is_ipv4(pattern.host)))
	{
		refuse(element, "is no IPv4 address: write four decimal numbers.");
	}
	if (pattern.wildcard)
	{
		pattern.host.insert(0, 1, '.');
	}
	return pattern;
}

}    // namespace

std::string
normal_host(std::string_view host)
{
	std::string result = lower_case(host);

	if (result.size() > 2 && result[0] == '[' && result.back() == ']')
	{
		const std::string inside = result.substr(1, result.size() - 2);
		char text[INET6_ADDRSTRLEN];
		unsigned char bytes[16];

		if (inet_pton(AF_INET6, inside.c_str(), bytes) == 1 &&
			inet_ntop(AF_INET6, bytes, text, sizeof(text)) != nullptr)
		{
			result = '[' + std::string(text) + ']';
		}
	}
	else if (result.size() > 1 && result.back() == '.')
	{
		result.pop_back();
	}
	return result;
}

bool
matches(const HostPattern &pattern, std::string_view host, unsigned port)
{
	if (pattern.port != 0 && pattern.port != port)
	{
		return false;
	}
	if (!pattern.wildcard)
	{
		return host == pattern.host;
	}
	return host.size() > pattern.host.size() &&
		   host.substr(host.size() - pattern.host.size()) == pattern.host;
}

std::vector<HostPattern>
parse_host_patterns(std::string_view text)
{
	std::vector<HostPattern> patterns;

	for_each_element(text,
					 [&](std::string_view element) { patterns.push_back(parse_pattern(element)); });
	return patterns;
}

}    // namespace gql
