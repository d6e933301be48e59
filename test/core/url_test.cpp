// Which URLs are refused, and what is read out of the others?

#include <gtest/gtest.h>

#include "core/door/transport.hpp"
#include "core/url.hpp"

namespace
{

TEST(Url, Usable)
{
	const gql::Url url = gql::parse_url("https://api.example.com/graphql?x=1");
	EXPECT_EQ(url.text, "https://api.example.com/graphql?x=1");
	EXPECT_EQ(url.authority, "api.example.com:443");
	EXPECT_TRUE(url.secure);

	EXPECT_EQ(gql::parse_url("http://127.0.0.1:4000").authority, "127.0.0.1:4000");
	EXPECT_FALSE(gql::parse_url("http://127.0.0.1:4000").secure);
	EXPECT_EQ(gql::parse_url("http://[::1]/").authority, "[::1]:80");
	EXPECT_EQ(gql::parse_url("HTTPS://api.example.com").authority, "api.example.com:443");
	for (const char *text : {"https://api.example.com./", "https://h/a%20b", "https://h:65535"})
	{
		gql::Error err;
		EXPECT_TRUE(gql::check_url(text, err)) << text << err.detail;
	}
}

TEST(Url, QueryWithoutCredentials)
{
	gql::Error err;

	for (const char *query : {"access_token=canary", "v=1&api-key=canary", "key=canary",
							  "a&b=&X-Amz-Signature=canary&c"})
	{
		EXPECT_FALSE(gql::check_url(std::string("https://h/graphql?") + query, err)) << query;
		EXPECT_EQ(err.code, gql::Code::invalid_option);
		EXPECT_EQ(std::string(err.detail).find("canary"), std::string::npos);
	}
	for (const char *query : {"", "v=2", "key", "token=", "locale=en&stage=key", "a=b=token"})
	{
		EXPECT_TRUE(gql::check_url(std::string("https://h/graphql?") + query, err)) << query;
	}
}

TEST(Url, Unusable)
{
	for (const std::string_view text :
		 {std::string_view(""), std::string_view("api.example.com/graphql"),
		  std::string_view("ftp://example.com/"), std::string_view("file:///etc/passwd"),
		  std::string_view("gopher://127.0.0.1/"), std::string_view("https://"),
		  std::string_view("https:///graphql"), std::string_view("https://user@example.com/"),
		  std::string_view("https://user:pass@example.com/"),
		  std::string_view("https://example.com/#top"), std::string_view("https://example.com:0/"),
		  std::string_view("https://example.com:99999/"),
		  std::string_view("https://example.com:x/"), std::string_view("http://127.0.0.1\\@evil/"),
		  std::string_view("https://exa mple.com/"),
		  std::string_view("https://example.com/\r\nX: y"),
		  std::string_view("https://example.com/a b"),
		  std::string_view("https://example.com\0.evil/", 26), std::string_view("https://[::1/"),
		  // The locale of this process is C, which knows no other letters.
		  std::string_view("https://b\xC3\xBC"
						   "cher.example/")})
	{
		gql::Error err;
		EXPECT_FALSE(gql::check_url(text, err)) << text;
		EXPECT_EQ(err.code, gql::Code::invalid_option) << text;
		EXPECT_EQ(std::string(err.detail).find("pass@"), std::string::npos);
	}
}

TEST(Url, OriginHasNoPath)
{
	EXPECT_EQ(gql::url_origin("https://u:p@other.example:8443/login?token=x#y"),
			  "https://other.example:8443");
	EXPECT_EQ(gql::url_origin("https://other.example/login"), "https://other.example");
	EXPECT_EQ(gql::url_origin("http://other.example:80/"), "http://other.example");
	EXPECT_EQ(gql::url_origin("file:///etc/passwd"), "");
	EXPECT_EQ(gql::url_origin("nonsense"), "");
}

// Whatever the spelling, host patterns see one form.
TEST(Url, HostsAreNormal)
{
	struct Case
	{
		const char *url, *host;
		unsigned port;
	};
	for (const Case &at :
		 {Case{"https://API.Example.COM./", "api.example.com", 443},
		  Case{"http://api.example.com:8080", "api.example.com", 8080},
		  Case{"http://2852039166/", "169.254.169.254", 80},
		  Case{"http://0x7f.1/", "127.0.0.1", 80}, Case{"http://0177.0.0.1/", "127.0.0.1", 80},
		  Case{"http://[0:0::0:1]/", "[::1]", 80},
		  Case{"http://[::FFFF:127.0.0.1]/", "[::ffff:127.0.0.1]", 80}})
	{
		EXPECT_EQ(gql::parse_url(at.url).host, at.host) << at.url;
		EXPECT_EQ(gql::parse_url(at.url).port, at.port) << at.url;
	}
}

TEST(Url, Proxies)
{
	gql::Error err;
	for (const char *text : {"http://proxy.example.com:3128", "http://10.0.0.1:80/",
							 "HTTP://proxy.example.com:3128", "http://[::1]:3128"})
	{
		EXPECT_TRUE(gql::check_proxy(text, err)) << text << err.detail;
	}
	for (const char *text :
		 {"", "proxy.example.com:3128", "proxy.example.com", "http://proxy.example.com",
		  "https://proxy.example.com:3128", "socks5://proxy.example.com:1080",
		  "http://user:pass@proxy.example.com:3128", "http://proxy.example.com:3128/path",
		  "http://proxy.example.com:3128/?q", "http://proxy.example.com:0"})
	{
		err = {};
		EXPECT_FALSE(gql::check_proxy(text, err)) << text;
		EXPECT_EQ(err.code, gql::Code::invalid_option) << text;
		EXPECT_EQ(std::string(err.message), "proxy cannot be used") << text;
	}
}

}    // namespace
