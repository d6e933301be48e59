// How are URLs and socket addresses checked?

#include "core/url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include <cstring>
#include <memory>

#include "core/door/transport.hpp"
#include "core/error.hpp"

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

// The IPv4 address inside an IPv6 one: mapped (::ffff:a.b.c.d), NAT64 (64:ff9b::a.b.c.d) or 6to4
// (2002:aabb:ccdd::).
bool
embedded_ipv4(const unsigned char (&bytes)[16], uint32_t &ipv4) noexcept
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};
	static const unsigned char compatible[12] = {};
	const unsigned char *at = nullptr;

	if (memcmp(bytes, mapped, sizeof(mapped)) == 0 || memcmp(bytes, nat64, sizeof(nat64)) == 0 ||
		memcmp(bytes, compatible, sizeof(compatible)) == 0)
	{
		at = bytes + 12;
	}
	else if (bytes[0] == 0x20 && bytes[1] == 0x02)
	{
		at = bytes + 2;
	}
	if (at == nullptr)
	{
		return false;
	}
	ipv4 = uint32_t{at[0]} << 24 | uint32_t{at[1]} << 16 | uint32_t{at[2]} << 8 | at[3];
	return true;
}

bool
loopback_ipv4(uint32_t address) noexcept
{
	return address >> 24 == 127;
}

// 169.254.0.0/16 and the metadata service some clouds keep at 100.100.100.200.
bool
forbidden_ipv4(uint32_t address) noexcept
{
	return address >> 16 == 0xA9FE || address == 0x646464C8;
}

bool
ipv6_allowed(const unsigned char (&bytes)[16], bool secure) noexcept
{
	static const unsigned char loopback[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
	static const unsigned char metadata[16] = {0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0,    0,
											   0,    0,    0,    0,    0, 0, 0x02, 0x54};
	const bool link_local = bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
	const bool v4_mapped = bytes[0] == 0 && bytes[1] == 0 && bytes[10] == 0xff;
	uint32_t ipv4 = 0;

	if (memcmp(bytes, loopback, sizeof(loopback)) == 0)
	{
		return true;
	}
	if (link_local || memcmp(bytes, metadata, sizeof(metadata)) == 0)
	{
		return false;
	}
	if (embedded_ipv4(bytes, ipv4))
	{
		// Only a mapped address stays on this machine; the other two are gateways' business.
		return !forbidden_ipv4(ipv4) && (secure || (v4_mapped && loopback_ipv4(ipv4)));
	}
	return secure;
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
	url.secure = scheme == "https";
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

bool
address_allowed(const sockaddr *address, socklen_t length, bool secure) noexcept
{
	if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in))
	{
		sockaddr_in in;
		memcpy(&in, address, sizeof(in));
		const uint32_t ipv4 = ntohl(in.sin_addr.s_addr);

		return !forbidden_ipv4(ipv4) && (secure || loopback_ipv4(ipv4));
	}
	if (address->sa_family == AF_INET6 && length >= sizeof(sockaddr_in6))
	{
		sockaddr_in6 in6;
		memcpy(&in6, address, sizeof(in6));
		unsigned char bytes[16];
		memcpy(bytes, &in6.sin6_addr, sizeof(bytes));

		return ipv6_allowed(bytes, secure);
	}
	return false;
}

bool
check_url(std::string_view url, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   parse_url(url);
					   return true;
				   });
}

}    // namespace gql
