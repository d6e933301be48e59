// Which URLs and addresses are refused?

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>

#include "core/door/transport.hpp"
#include "core/url.hpp"

namespace
{

bool
allowed(const char *text, bool secure)
{
	sockaddr_in in = {};
	sockaddr_in6 in6 = {};

	if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
	{
		in.sin_family = AF_INET;
		return gql::address_allowed(reinterpret_cast<sockaddr *>(&in), sizeof(in), secure);
	}
	EXPECT_EQ(inet_pton(AF_INET6, text, &in6.sin6_addr), 1) << text;
	in6.sin6_family = AF_INET6;
	return gql::address_allowed(reinterpret_cast<sockaddr *>(&in6), sizeof(in6), secure);
}

TEST(url, usable)
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

TEST(url, unusable)
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
		  std::string_view("https://example.com\0.evil/", 26), std::string_view("https://[::1/")})
	{
		gql::Error err;
		EXPECT_FALSE(gql::check_url(text, err)) << text;
		EXPECT_EQ(err.code, gql::Code::invalid_option) << text;
		EXPECT_EQ(std::string(err.detail).find("pass@"), std::string::npos);
	}
}

TEST(url, origin_has_no_path)
{
	EXPECT_EQ(gql::url_origin("https://u:p@other.example:8443/login?token=x#y"),
			  "https://other.example:8443");
	EXPECT_EQ(gql::url_origin("https://other.example/login"), "https://other.example");
	EXPECT_EQ(gql::url_origin("http://other.example:80/"), "http://other.example");
	EXPECT_EQ(gql::url_origin("file:///etc/passwd"), "");
	EXPECT_EQ(gql::url_origin("nonsense"), "");
}

TEST(url, addresses_without_tls)
{
	for (const char *loopback : {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"})
	{
		EXPECT_TRUE(allowed(loopback, false)) << loopback;
	}
	for (const char *other :
		 {"0.0.0.0", "10.0.0.1", "192.168.1.1", "93.184.216.34", "126.255.255.255", "128.0.0.1",
		  "::", "2001:db8::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::"})
	{
		EXPECT_FALSE(allowed(other, false)) << other;
	}
}

TEST(url, addresses_with_tls)
{
	for (const char *address :
		 {"127.0.0.1", "10.0.0.1", "93.184.216.34", "100.100.100.201", "169.253.255.255", "::1",
		  "2001:db8::1", "fd00:ec2::253", "64:ff9b::93.184.216.34"})
	{
		EXPECT_TRUE(allowed(address, true)) << address;
	}
}

TEST(url, addresses_never)
{
	for (const char *address : {"169.254.0.1", "169.254.169.254", "100.100.100.200", "fe80::1",
								"febf::1", "fd00:ec2::254", "::ffff:169.254.169.254",
								"64:ff9b::169.254.169.254", "2002:a9fe:a9fe::"})
	{
		EXPECT_FALSE(allowed(address, true)) << address;
		EXPECT_FALSE(allowed(address, false)) << address;
	}
	sockaddr_un local = {};
	local.sun_family = AF_UNIX;
	EXPECT_FALSE(gql::address_allowed(reinterpret_cast<sockaddr *>(&local), sizeof(local), true));
}

}    // namespace
