// How are header options read and checked?

#include "core/headers.hpp"

#include <simdjson.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

// libcurl refuses requests whose header section exceeds 1 MiB; servers usually stop far below.
constexpr size_t max_value_bytes = 64 * 1024;

bool
same_name(std::string_view a, std::string_view b)
{
	return lower_case(a) == lower_case(b);
}

[[noreturn]] void
refuse(std::string message, std::string detail = {}, std::string hint = {})
{
	throw Failure(Code::invalid_option, std::move(message), std::move(detail), std::move(hint));
}

// A token of RFC 9110, section 5.6.2.
bool
is_token(std::string_view name)
{
	static const char others[] = "!#$%&'*+-.^_`|~";
	const auto allowed = [](char c)
	{
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			   (c != '\0' && std::string_view(others).find(c) != std::string_view::npos);
	};

	return !name.empty() && std::all_of(name.begin(), name.end(), allowed);
}

void
require_value(std::string_view what, std::string_view value)
{
	if (has_control_characters(value))
	{
		refuse(std::string(what) + " must not contain control characters");
	}
	if (value.size() > max_value_bytes)
	{
		refuse(std::string(what) + " is too long", "It has " + std::to_string(value.size()) +
													   " bytes; the limit is " +
													   std::to_string(max_value_bytes) + ".");
	}
}

// Headers that say how the message is framed or what it holds.
bool
is_managed(std::string_view name)
{
	static const char *const managed[] = {"accept-encoding",
										  "connection",
										  "content-encoding",
										  "content-length",
										  "content-type",
										  "expect",
										  "host",
										  "keep-alive",
										  "te",
										  "trailer",
										  "transfer-encoding",
										  "upgrade",
										  "proxy-connection"};
	const std::string wanted = lower_case(name);

	return std::any_of(std::begin(managed), std::end(managed),
					   [&](const char *one) { return wanted == one; });
}

// A name may stand in the message once it is known to be a token of reasonable length.
void
require_name(std::string_view option, std::string_view name, bool is_public)
{
	if (!is_token(name) || name.size() > 128)
	{
		refuse(std::string(option) + " hold a name that is not an HTTP header name");
	}
	const std::string shown = "header \"" + std::string(name) + "\"";

	if (is_managed(name))
	{
		refuse(shown + " cannot be set", "It is part of how requests are sent.");
	}
	if (is_public && looks_like_credential(name))
	{
		refuse(shown + " looks like a credential",
			   "Options of a foreign server can be read by every user of the database.",
			   "Set it in the user mapping.");
	}
}

// Adds a header, or replaces the one of the same name.
void
put(Headers &headers, Header header)
{
	for (Header &earlier : headers)
	{
		if (same_name(earlier.name, header.name))
		{
			earlier = std::move(header);
			return;
		}
	}
	headers.push_back(std::move(header));
}

std::string
base64(std::string_view bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	std::string text;

	for (size_t i = 0; i < bytes.size(); i += 3)
	{
		const size_t left = std::min<size_t>(3, bytes.size() - i);
		uint32_t group = 0;

		for (size_t k = 0; k < 3; k++)
		{
			group = group << 8 | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0u);
		}
		for (size_t k = 0; k < 4; k++)
		{
			text += k <= left ? digits[group >> (18 - 6 * k) & 63] : '=';
		}
	}
	return text;
}

// The Authorization header that follows from bearer_token or user and password; "" for none.
std::string
authorization(const EndpointSettings &settings)
{
	const bool basic = !settings.user.empty() || !settings.password.empty();

	if (basic && !settings.bearer_token.empty())
	{
		refuse("bearer_token and user cannot be used together",
			   "Both are sent in the Authorization header.");
	}
	if (!settings.bearer_token.empty())
	{
		require_value("bearer_token", settings.bearer_token);
		return "Bearer " + std::string(settings.bearer_token);
	}
	if (!basic)
	{
		return {};
	}
	if (settings.user.empty())
	{
		refuse("password needs user");
	}
	if (settings.user.find(':') != std::string_view::npos)
	{
		refuse("user must not contain a colon", "HTTP Basic ends the user name at the first one.");
	}
	require_value("user", settings.user);
	require_value("password", settings.password);
	return "Basic " + base64(std::string(settings.user) + ":" + std::string(settings.password));
}

void
append(HeaderList &list, const std::string &line)
{
	curl_slist *extended = curl_slist_append(list.get(), line.c_str());

	if (extended == nullptr)
	{
		throw std::bad_alloc();
	}
	list.release();
	list.reset(extended);
}

}    // namespace

bool
looks_like_credential(std::string_view name)
{
	static const char *const words[] = {"auth", "xauth", "key", "xkey", "sig", "pwd", "bearer"};
	static const char *const marks[] = {
		"authoriz",  "authentic",    "authtoken", "authkey",    "cookie",    "token",
		"secret",    "password",     "passwd",    "passphrase", "jwt",       "credential",
		"apikey",    "accesskey",    "appkey",    "privatekey", "clientkey", "subscriptionkey",
		"signature", "functionskey", "sessionid"};
	std::string plain = lower_case(name);

	plain.erase(std::remove_if(plain.begin(), plain.end(),
							   [](char c) { return c == '-' || c == '_' || c == '.'; }),
				plain.end());
	return std::any_of(std::begin(words), std::end(words),
					   [&](const char *word) { return plain == word; }) ||
		   std::any_of(std::begin(marks), std::end(marks),
					   [&](const char *mark) { return plain.find(mark) != std::string::npos; });
}

bool
has_control_characters(std::string_view value)
{
	const auto control = [](char c)
	{ return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; };

	return std::any_of(value.begin(), value.end(), control);
}

Headers
parse_headers(std::string_view option, std::string_view json, bool is_public)
{
	Headers headers;

	if (json.empty())
	{
		return headers;
	}
	simdjson::dom::parser parser;
	simdjson::dom::object object;
	const simdjson::padded_string padded(json);
	const simdjson::error_code problem = parser.parse(padded).get(object);

	if (problem == simdjson::MEMALLOC)
	{
		throw std::bad_alloc();
	}
	if (problem != simdjson::SUCCESS)
	{
		refuse(std::string(option) + " must be a JSON object of strings",
			   simdjson::error_message(problem));
	}
	for (const auto member : object)
	{
		std::string_view value;
		require_name(option, member.key, is_public);
		const std::string shown = "header \"" + std::string(member.key) + "\"";

		if (member.value.get(value) != simdjson::SUCCESS)
		{
			refuse(shown + " must be a string");
		}
		require_value(shown, value);
		for (const Header &earlier : headers)
		{
			if (same_name(earlier.name, member.key))
			{
				refuse(shown + " is given twice");
			}
		}
		headers.push_back({std::string(member.key), std::string(value)});
	}
	return headers;
}

HeaderLayers
read_headers(const EndpointSettings &settings)
{
	const std::string credentials = authorization(settings);
	HeaderLayers layers;

	layers.open = {{"Accept", "application/graphql-response+json, application/json;q=0.9"},
				   {"Content-Type", "application/json"}};
	for (Header &header : parse_headers("headers", settings.public_headers, true))
	{
		put(layers.open, std::move(header));
	}
	layers.secret = parse_headers("headers", settings.secret_headers, false);
	if (!credentials.empty())
	{
		for (const Header &header : layers.secret)
		{
			if (same_name(header.name, "Authorization"))
			{
				refuse("header \"Authorization\" is given twice",
					   "bearer_token or user and password make one already.");
			}
		}
		layers.secret.push_back({"Authorization", credentials});
	}
	return layers;
}

HeaderList
merge_headers(const HeaderLayers &layers, const Headers &session)
{
	Headers headers = layers.open;
	HeaderList list;

	for (const Headers *stronger : {&session, &layers.secret})
	{
		for (const Header &header : *stronger)
		{
			put(headers, header);
		}
	}
	for (const Header &header : headers)
	{
		// "Name:" would make libcurl leave the header out, "Name;" sends it empty.
		append(list, header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
	}
	// libcurl would wait for "100 Continue" before it sends a large body.
	append(list, "Expect:");
	return list;
}

bool
check_headers(std::string_view json, bool is_public, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   parse_headers("headers", json.empty() ? " " : json, is_public);
					   return true;
				   });
}

bool
check_header_value(std::string_view what, std::string_view value, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   require_value(what, value);
					   return true;
				   });
}

}    // namespace gql
