// Which hosts do lists of patterns allow?

#include <gtest/gtest.h>

#include <string>

#include "core/host_pattern.hpp"
#include "core/policy.hpp"
#include "core/url.hpp"

namespace
{

bool
allowed(const char *patterns, const char *url)
{
	gql::NetworkPolicy settings;

	settings.allowed_hosts = patterns;
	return gql::Policy(settings).allows_host(gql::parse_url(url));
}

TEST(HostPattern, Matches)
{
	struct Case
	{
		const char *patterns, *url;
		bool allowed;
	};
	for (const Case &at : {
			 Case{"", "https://anything.example/", true},
			 Case{"  ", "https://anything.example/", true},
			 Case{"api.example.com", "https://api.example.com/", true},
			 Case{"api.example.com", "https://API.EXAMPLE.COM./graphql", true},
			 Case{"API.example.com.", "https://api.example.com:8443/", true},
			 Case{"api.example.com", "https://api.example.com.evil.test/", false},
			 Case{"api.example.com", "https://evil-api.example.com/", false},
			 Case{"api.example.com", "https://api.example.org/?api.example.com", false},
			 Case{"api.example.com:443", "https://api.example.com/", true},
			 Case{"api.example.com:443", "https://api.example.com:8443/", false},
			 Case{"api.example.com:80", "http://api.example.com/", true},
			 Case{"*.example.com", "https://api.example.com/", true},
			 Case{"*.example.com", "https://a.b.example.com/", true},
			 Case{"*.example.com", "https://example.com/", false},
			 Case{"*.example.com", "https://badexample.com/", false},
			 Case{"*.example.com:8443", "https://api.example.com:8443/", true},
			 Case{"*.example.com:8443", "https://api.example.com/", false},
			 Case{"a.test, *.b.test ,c.test:1", "https://x.b.test/", true},
			 Case{"a.test, *.b.test ,c.test:1", "https://c.test:1/", true},
			 Case{"a.test, *.b.test ,c.test:1", "https://c.test:2/", false},
			 Case{"127.0.0.1", "http://2130706433/", true},
			 Case{"127.0.0.1", "http://0x7f.1/", true},
			 Case{"127.0.0.1", "http://127.0.0.2/", false},
			 Case{"[::1]", "http://[0:0:0:0:0:0:0:1]:8080/", true},
			 Case{"[0:0::1]:8080", "http://[::1]:8080/", true},
			 Case{"[::1]:8080", "http://[::1]/", false},
			 Case{"localhost", "http://127.0.0.1/", false},
			 Case{"xn--bcher-kva.example", "https://xn--bcher-kva.example/", true},
		 })
	{
		EXPECT_EQ(allowed(at.patterns, at.url), at.allowed) << at.patterns << ' ' << at.url;
	}
}

TEST(HostPattern, PatternsThatAreNone)
{
	for (const char *text : {"*",
							 ",",
							 "a.test,",
							 "a.test,,b.test",
							 "https://a.test",
							 "a.test/",
							 "a.test:",
							 "a.test:0",
							 "a.test:65536",
							 "a.test:http",
							 ":443",
							 "*.",
							 "*.*.test",
							 "a.*.test",
							 "*a.test",
							 "a..test",
							 ".a.test",
							 "a b.test",
							 "a.test;b.test",
							 "::1",
							 "fd00::1:443",
							 "[::1",
							 "[::1]x",
							 "[127.0.0.1]",
							 "[]",
							 "*.[::1]",
							 "127.1",
							 "2130706433",
							 "0x7f000001",
							 "*.0.0.1",
							 "b\xC3\xBC"
							 "cher.example",
							 "user@a.test"})
	{
		gql::Error err;
		EXPECT_FALSE(gql::check_allowed_hosts(text, err)) << text;
		EXPECT_EQ(err.code, gql::Code::invalid_option) << text;
		EXPECT_NE(std::string(err.detail), "") << text;
	}
}

}    // namespace
