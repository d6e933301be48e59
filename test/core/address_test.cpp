// In which networks do addresses lie, and what follows from it?

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <string>

#include "core/address.hpp"
#include "core/error.hpp"
#include "core/policy.hpp"

namespace
{

using gql::AddressKind;
using gql::Denial;

AddressKind
kind(const char *text)
{
	gql::Address address;

	EXPECT_TRUE(gql::read_address(text, address)) << text;
	return gql::address_kind(address);
}

TEST(Address, Kinds)
{
	for (const char *text :
		 {"1.0.0.1",           "9.255.255.255",       "11.0.0.0",        "93.184.216.34",
		  "100.63.255.255",    "100.128.0.0",         "126.255.255.255", "128.0.0.1",
		  "169.253.255.255",   "169.255.0.0",         "172.15.255.255",  "172.32.0.0",
		  "192.167.255.255",   "192.169.0.0",         "198.17.255.255",  "198.20.0.0",
		  "223.255.255.255",   "2606:2800:220:1::1",  "2a00::1",         "64:ff9b::93.184.216.34",
		  "2002:5db8:d822::1", "::ffff:93.184.216.34"})
	{
		EXPECT_EQ(kind(text), AddressKind::global) << text;
	}
	for (const char *text : {"127.0.0.1", "127.255.255.254", "127.0.0.53", "::1",
							 "::ffff:127.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:0:0:1"})
	{
		EXPECT_EQ(kind(text), AddressKind::loopback) << text;
	}
	for (const char *text : {"0.0.0.1",
							 "0.255.255.255",
							 "10.0.0.0",
							 "10.255.255.255",
							 "100.64.0.0",
							 "100.127.255.255",
							 "100.100.100.201",
							 "172.16.0.0",
							 "172.31.255.255",
							 "192.0.0.1",
							 "192.0.2.1",
							 "192.168.0.1",
							 "192.168.255.255",
							 "198.18.0.1",
							 "198.19.255.255",
							 "198.51.100.1",
							 "203.0.113.1",
							 "240.0.0.1",
							 "255.255.255.254",
							 "::2",
							 "::7f00:1",
							 "::10.0.0.1",
							 "::ffff:10.0.0.1",
							 "::ffff:0:10.0.0.1",
							 "::ffff:0:127.0.0.1",
							 "64:ff9b::10.0.0.1",
							 "64:ff9b::127.0.0.1",
							 "64:ff9b:1::1",
							 "100::1",
							 "2001::1",
							 "2001:1ff:ffff::1",
							 "2001:db8::1",
							 "2002:7f00:1::",
							 "2002:a00:1::1",
							 "3fff::1",
							 "5f00::1",
							 "fc00::1",
							 "fd00::1",
							 "fdff:ffff::1",
							 "fd00:ec2::253",
							 "fec0::1",
							 "feff::1"})
	{
		EXPECT_EQ(kind(text), AddressKind::inner) << text;
	}
	for (const char *text : {"0.0.0.0",
							 "169.254.0.0",
							 "169.254.169.254",
							 "169.254.255.255",
							 "100.100.100.200",
							 "168.63.129.16",
							 "192.0.0.192",
							 "224.0.0.1",
							 "239.255.255.255",
							 "255.255.255.255",
							 "::",
							 "fe80::1",
							 "fe80::1%lo",
							 "febf:ffff::1",
							 "ff02::1",
							 "fd00:ec2::254",
							 "fd20:ce::254",
							 "::ffff:0.0.0.0",
							 "::ffff:169.254.169.254",
							 "::ffff:a9fe:a9fe",
							 "::169.254.169.254",
							 "::ffff:0:169.254.169.254",
							 "64:ff9b::169.254.169.254",
							 "64:ff9b::a9fe:a9fe",
							 "64:ff9b:1::169.254.169.254",
							 "2002:a9fe:a9fe::",
							 "2002:a9fe:a9fe:1:2:3:4:5",
							 "::ffff:100.100.100.200",
							 "::ffff:255.255.255.255"})
	{
		EXPECT_EQ(kind(text), AddressKind::never) << text;
	}
}

// Odd spellings are for resolvers: what they make of them arrives as a socket address.
TEST(Address, OnlyStandardSpellingsAreRead)
{
	gql::Address address;

	for (const char *text :
		 {"", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "127.0.0.1.", "127.0.0.1:80",
		  "[::1]", "::1::", "localhost", "1.2.3.4.5", "256.0.0.1", " 127.0.0.1",
		  "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd"})
	{
		EXPECT_FALSE(gql::read_address(text, address)) << text;
	}
}

TEST(Address, SocketAddresses)
{
	gql::Address address;
	sockaddr_in in = {};
	sockaddr_in6 in6 = {};
	sockaddr_un local = {};

	in.sin_family = AF_INET;
	in.sin_addr.s_addr = htonl(0xA9FEA9FE);
	ASSERT_TRUE(gql::read_address(reinterpret_cast<sockaddr *>(&in), sizeof(in), address));
	EXPECT_EQ(gql::address_kind(address), AddressKind::never);
	EXPECT_FALSE(gql::read_address(reinterpret_cast<sockaddr *>(&in), 4, address));

	in6.sin6_family = AF_INET6;
	ASSERT_EQ(inet_pton(AF_INET6, "::ffff:127.0.0.1", &in6.sin6_addr), 1);
	ASSERT_TRUE(gql::read_address(reinterpret_cast<sockaddr *>(&in6), sizeof(in6), address));
	EXPECT_EQ(gql::address_kind(address), AddressKind::loopback);

	local.sun_family = AF_UNIX;
	EXPECT_FALSE(gql::read_address(reinterpret_cast<sockaddr *>(&local), sizeof(local), address));
}

TEST(Address, Networks)
{
	struct Case
	{
		const char *network, *inside, *outside;
	};
	for (const Case &at :
		 {Case{"10.0.0.0/8", "10.255.0.1", "11.0.0.0"},
		  Case{"10.1.2.0/23", "10.1.3.255", "10.1.4.0"}, Case{"10.1.2.3", "10.1.2.3", "10.1.2.2"},
		  Case{"10.1.2.3/32", "::ffff:10.1.2.3", "10.1.2.2"},
		  Case{"::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.0"},
		  Case{"0.0.0.0/0", "10.1.2.3", "fd00::1"}, Case{"::/0", "fd00::1", "10.1.2.3"},
		  Case{"fd12::/16", "fd12:ffff::1", "fd13::"}, Case{"fd12::1", "fd12::1", "fd12::2"},
		  Case{"10.0.0.0/8", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1"}})
	{
		const std::vector<gql::Network> networks = gql::parse_networks(at.network);
		gql::Address inside, outside;

		ASSERT_EQ(networks.size(), 1u) << at.network;
		ASSERT_TRUE(gql::read_address(at.inside, inside));
		ASSERT_TRUE(gql::read_address(at.outside, outside));
		EXPECT_TRUE(gql::contains(networks[0], inside)) << at.network << at.inside;
		EXPECT_FALSE(gql::contains(networks[0], outside)) << at.network << at.outside;
	}
	EXPECT_TRUE(gql::parse_networks("").empty());
	EXPECT_TRUE(gql::parse_networks("  ").empty());
	EXPECT_EQ(gql::parse_networks(" 10.0.0.0/8,\tfd12::/16 , 127.0.0.1").size(), 3u);
}

TEST(Address, NetworksThatAreNone)
{
	for (const char *text :
		 {",", "10.0.0.0/8,", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "10/8",
		  "10.0.0.1/8", "fd12::1/16", "fd12::/129", "fe80::1%lo", "::ffff:0.0.0.0/95", "localhost",
		  "10.0.0.0 /8", "10.0.0.0/0x8", "10.0.0.0/99999999999", "[::1]"})
	{
		gql::Error err;
		EXPECT_FALSE(gql::check_allowed_networks(text, err)) << text;
		EXPECT_EQ(err.code, gql::Code::invalid_option) << text;
		EXPECT_NE(std::string(err.detail), "") << text;
	}
}

// ---------------------------------------------------------------------------------------------
// What servers reach

gql::Policy
policy(bool inner_networks, bool allow_http = false, const char *networks = "")
{
	gql::NetworkPolicy settings;

	settings.inner_networks = inner_networks;
	settings.allow_http = allow_http;
	settings.allowed_networks = networks;
	return gql::Policy(settings);
}

TEST(Policy, ServersOfSuperusers)
{
	for (const char *text : {"127.0.0.1", "::1", "::ffff:127.0.0.1"})
	{
		EXPECT_EQ(policy(true).judge(text, true), Denial::none) << text;
	}
	for (const char *text : {"10.0.0.1", "93.184.216.34", "fd00::1", "64:ff9b::127.0.0.1",
							 "2002:7f00:1::", "::127.0.0.1", "0.0.0.1"})
	{
		EXPECT_EQ(policy(true).judge(text, true), Denial::clear_text) << text;
		EXPECT_EQ(policy(true).judge(text, false), Denial::none) << text;
		EXPECT_EQ(policy(true, true).judge(text, true), Denial::none) << text;
	}
}

TEST(Policy, ServersOfOthers)
{
	for (const char *text : {"127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "192.168.1.1",
							 "100.64.0.1", "fd00::1", "64:ff9b::127.0.0.1"})
	{
		EXPECT_EQ(policy(false).judge(text, false), Denial::inner) << text;
		EXPECT_EQ(policy(false, true).judge(text, true), Denial::inner) << text;
	}
	EXPECT_EQ(policy(false).judge("93.184.216.34", false), Denial::none);
	EXPECT_EQ(policy(false).judge("93.184.216.34", true), Denial::clear_text);
}

TEST(Policy, ListedNetworks)
{
	const gql::Policy listed = policy(false, false, "10.1.0.0/16, 127.0.0.0/8");

	EXPECT_EQ(listed.judge("10.1.2.3", false), Denial::none);
	EXPECT_EQ(listed.judge("10.1.2.3", true), Denial::clear_text);
	EXPECT_EQ(listed.judge("10.2.0.0", false), Denial::inner);
	EXPECT_EQ(listed.judge("127.0.0.1", true), Denial::none);
	EXPECT_EQ(listed.judge("::1", true), Denial::inner);
	// A gateway may have another 10.1.2.3.
	EXPECT_EQ(listed.judge("64:ff9b::10.1.2.3", false), Denial::inner);
}

TEST(Policy, Never)
{
	const gql::Policy open =
		policy(true, true, "0.0.0.0/0, ::/0, 169.254.0.0/16, 169.254.169.254, fe80::/10");

	for (const char *text :
		 {"169.254.169.254", "100.100.100.200", "fe80::1%lo", "fd00:ec2::254", "0.0.0.0",
		  "::", "224.0.0.1", "255.255.255.255", "::ffff:169.254.169.254",
		  "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::", "nonsense", ""})
	{
		EXPECT_EQ(open.judge(text, false), Denial::never) << text;
	}
	sockaddr_un local = {};
	local.sun_family = AF_UNIX;
	EXPECT_EQ(open.judge(reinterpret_cast<sockaddr *>(&local), sizeof(local), false),
			  Denial::never);
}

TEST(Policy, SettingsThatCannotBeUsedKeepEverythingClosed)
{
	gql::EndpointSettings settings;
	gql::Error err;

	settings.server = "shop";
	settings.url = "https://api.example.com/";
	settings.policy.allowed_hosts = "api.example.com";
	gql::Endpoint *endpoint = gql::endpoint_open(settings, err);
	EXPECT_NE(endpoint, nullptr) << err.message;
	gql::endpoint_release(endpoint);

	settings.policy.allowed_hosts = "api.example.com, https://";
	EXPECT_EQ(gql::endpoint_open(settings, err), nullptr);
	EXPECT_EQ(err.code, gql::Code::forbidden);
	EXPECT_EQ(std::string(err.message), "setting \"graphql_fdw.allowed_hosts\" cannot be used");

	settings.policy.allowed_hosts = "";
	settings.policy.allowed_networks = "10.0.0.0/99";
	EXPECT_EQ(gql::endpoint_open(settings, err), nullptr);
	EXPECT_EQ(err.code, gql::Code::forbidden);
}

}    // namespace
