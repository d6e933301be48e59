// How are URLs checked?

#include "core/url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "core/door/transport.hpp"
#include "core/error.hpp"
#include "core/headers.hpp"
#include "core/host_pattern.hpp"
#include "core/json_text.hpp"
#include "core/list_text.hpp"

namespace gql
{

namespace
{

struct CurlFree
{
	void
	operator()(char *text) const noexcept
	{
		curl_free(text);
	}
};

struct UrlFree
{
	void
	operator()(CURLU *url) const noexcept
	{
		curl_url_cleanup(url);
	}
};

using UrlHandle = std::unique_ptr<CURLU, UrlFree>;

UrlHandle
new_url()
{
	UrlHandle handle(curl_url());

	if (handle == nullptr)
	{
		throw std::bad_alloc();
	}
	return handle;
}

// "" when the URL does not have the part.
std::string
part(const UrlHandle &url, CURLUPart which, unsigned flags = 0)
{
	char *text = nullptr;
	CURLUcode result = curl_url_get(url.get(), which, &text, flags);
	std::unique_ptr<char, CurlFree> owner(text);

	if (result == CURLUE_OUT_OF_MEMORY)
	{
		throw std::bad_alloc();
	}
	return result == CURLUE_OK ? std::string(text) : std::string();
}

[[noreturn]] void
refuse(std::string detail, std::string hint = {})
{
	throw Failure(Code::invalid_option, "url cannot be used", std::move(detail), std::move(hint));
}

[[noreturn]] void
refuse_proxy(std::string detail)
{
	throw Failure(Code::invalid_option, "proxy cannot be used", std::move(detail),
				  "Write it as http://proxy.example.com:3128.");
}

// As it travels: names with other letters than ASCII's in their xn-- form, which libcurl does not
// find where the locale lacks the letters. (It then says that it is out of memory.)
std::string
host_of(const UrlHandle &handle)
{
	const std::string host = part(handle, CURLUPART_HOST);
	const bool is_ascii =
		std::all_of(host.begin(), host.end(), [](char c) { return (c & 0x80) == 0; });

#if LIBCURL_VERSION_NUM >= 0x075800
	if (!is_ascii)
	{
		char *text = nullptr;
		const CURLUcode result = curl_url_get(handle.get(), CURLUPART_HOST, &text, CURLU_PUNYCODE);
		std::unique_ptr<char, CurlFree> owner(text);

		if (result == CURLUE_OK)
		{
			return normal_host(text);
		}
	}
#endif
	if (!is_ascii)
	{
		refuse("Its host holds letters that are not ASCII's.", "Write the host in its xn-- form.");
	}
	return normal_host(host);
}

}    // namespace

Url
parse_url(std::string_view text)
{
	if (text.empty())
	{
		refuse("It is empty.");
	}
	if (text.find('\0') != std::string_view::npos)
	{
		refuse("It holds a zero byte.");
	}
	const UrlHandle handle = new_url();
	const std::string terminated(text);
	const CURLUcode result =
		curl_url_set(handle.get(), CURLUPART_URL, terminated.c_str(), CURLU_DISALLOW_USER);

	if (result == CURLUE_OUT_OF_MEMORY)
	{
		throw std::bad_alloc();
	}
	if (result == CURLUE_USER_NOT_ALLOWED)
	{
		refuse("It holds a user name or a password.",
			   "Credentials belong in the user mapping: user and password, bearer_token or "
			   "headers.");
	}
	if (result == CURLUE_BAD_SCHEME || result == CURLUE_UNSUPPORTED_SCHEME)
	{
		refuse("It must begin with https:// or http://.");
	}
	if (result != CURLUE_OK)
	{
		refuse(curl_url_strerror(result));
	}

	Url url;
	const std::string scheme = part(handle, CURLUPART_SCHEME);
	const std::string port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);

	if (scheme != "https" && scheme != "http")
	{
		refuse("It must begin with https:// or http://.");
	}
	// libcurl forgives "https:/host" and "https:///host"; people then misread which host is meant.
	if (terminated.compare(scheme.size(), 3, "://") != 0 || terminated[scheme.size() + 3] == '/')
	{
		refuse("There is no host behind \"" + scheme + "://\".");
	}
	if (terminated.find('#') != std::string::npos)
	{
		refuse("It holds a fragment, which is never sent.");
	}
	if (port == "0")
	{
		refuse("Port 0 does not exist.");
	}
	url.text = part(handle, CURLUPART_URL);
	url.authority = part(handle, CURLUPART_HOST) + ":" + port;
	url.host = host_of(handle);
	parse_number(port, url.port);
	url.secure = scheme == "https";
	return url;
}

Url
parse_proxy(std::string_view text)
{
	Url url;

	try
	{
		url = parse_url(text);
	}
	catch (const Failure &failure)
	{
		Error err;

		failure.copy_to(err);
		refuse_proxy(err.detail);
	}
	if (url.secure)
	{
		refuse_proxy(
			"It must begin with http://. What goes to an https:// URL is encrypted inside.");
	}
	// The default of HTTP is not the default of proxies, so neither is guessed.
	if (lower_case(text) != "http://" + url.authority &&
		lower_case(text) != "http://" + url.authority + '/')
	{
		refuse_proxy("It must consist of host and port.");
	}
	return url;
}

std::string
url_origin(const char *url)
{
	const UrlHandle handle = new_url();

	if (curl_url_set(handle.get(), CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
	{
		return {};
	}
	const std::string host = part(handle, CURLUPART_HOST);
	const std::string port = part(handle, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);

	if (host.empty())
	{
		return {};
	}
	return part(handle, CURLUPART_SCHEME) + "://" + host + (port.empty() ? "" : ":" + port);
}

namespace
{

// Everybody who may connect to the database can read the URL.
void
require_public(const Url &url)
{
	std::string_view query(url.text);

	query.remove_prefix(std::min(query.find('?'), query.size()));
	while (!query.empty())
	{
		query.remove_prefix(1);
		const size_t end = std::min(query.find('&'), query.size());
		const std::string_view parameter = query.substr(0, end);
		const size_t equals = parameter.find('=');

		if (equals < parameter.size() - 1 && looks_like_credential(parameter.substr(0, equals)))
		{
			refuse("Its query looks as if it held a credential; options of a foreign server can be "
				   "read by every user of the database.",
				   "Send the credential in a header: bearer_token or headers of the user mapping.");
		}
		query.remove_prefix(end);
	}
}

}    // namespace

bool
check_url(std::string_view url, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   require_public(parse_url(url));
					   return true;
				   });
}

bool
check_proxy(std::string_view proxy, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   parse_proxy(proxy);
					   return true;
				   });
}

}    // namespace gql
