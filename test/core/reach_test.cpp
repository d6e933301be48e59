// Do requests go only where they may?

#include <gtest/gtest.h>

#include <cstdlib>

#include "core/door/transport.hpp"
#include "core/endpoint.hpp"

#include "loopback.hpp"

using namespace loopback;

namespace
{

TEST(Reach, HttpReachesLoopbackOnly)
{
	const std::string url = "http://elsewhere.test:8080/";
	gql::EndpointSettings settings = settings_for(url);
	settings.max_retries = 2;
	Client client(settings);
	gql::Transfer *transfer = client.run();

	EXPECT_EQ(code(transfer), gql::Code::forbidden) << message(transfer);
	EXPECT_NE(message(transfer).find("address denied by policy"), std::string::npos);
	EXPECT_EQ(gql::transfer_stats(transfer).requests, 1u) << "a policy is not retried";
}

TEST(Reach, NamesOfLoopbackAddressesAreFine)
{
	Server *self = nullptr;
	Server server([&](Connection &connection) { answer_all(self, connection); });
	self = &server;
	const std::string url = "http://here.test:" + std::to_string(server.port());
	Client client(settings_for(url));

	EXPECT_EQ(code(client.run()), gql::Code::none);
}

TEST(Reach, MetadataAddressesAreNeverReached)
{
	for (const char *url : {"http://metadata.test/", "https://metadata.test/",
							"https://169.254.169.254/", "https://2852039166/"})
	{
		Client client(settings_for(url));
		EXPECT_EQ(code(client.run()), gql::Code::forbidden) << url;
		EXPECT_EQ(code(client.run(true)), gql::Code::forbidden) << url;
	}
}

TEST(Reach, TheEnvironmentNamesNoProxy)
{
	Server *self = nullptr;
	Server server([&](Connection &connection) { answer_all(self, connection); });
	self = &server;
	const std::string url = server.url();

	setenv("http_proxy", "http://127.0.0.1:9", 1);
	setenv("all_proxy", "http://127.0.0.1:9", 1);
	Client client(settings_for(url));
	EXPECT_EQ(code(client.run()), gql::Code::none);
	unsetenv("http_proxy");
	unsetenv("all_proxy");
}

std::string
hint(const gql::Transfer *transfer)
{
	const gql::Error *error = gql::transfer_error(transfer);
	return error == nullptr ? "" : error->hint;
}

// However a URL spells it, and whatever a name resolves to.
TEST(Reach, ServersOfOthersDoNotReachLoopback)
{
	Server *self = nullptr;
	Server server([&](Connection &connection) { answer_all(self, connection); });
	self = &server;

	for (const char *host :
		 {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
		  "127.0.0.2", "here.test", "localhost", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::1]",
		  "0.0.0.0", "0", "[::]"})
	{
		const std::string url =
			"http://" + std::string(host) + ":" + std::to_string(server.port()) + "/graphql";
		gql::EndpointSettings settings = settings_for(url);
		settings.policy.inner_networks = false;
		settings.policy.allow_http = true;
		Client client(settings);
		gql::Transfer *transfer = client.run();

		EXPECT_EQ(code(transfer), gql::Code::forbidden) << host << message(transfer);
		EXPECT_NE(hint(transfer).find("graphql_fdw.allowed_networks"), std::string::npos) << host;
	}
	EXPECT_EQ(server.connections(), 0u);

	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.policy.inner_networks = false;
	settings.policy.allowed_networks = "127.0.0.0/8";
	Client client(settings);
	EXPECT_EQ(code(client.run()), gql::Code::none);
}

TEST(Reach, ANameThatMovesBetweenLookUps)
{
	Server *self = nullptr;
	Server server([&](Connection &connection) { answer_all(self, connection); });
	self = &server;
	const std::string url = "http://turns.test:" + std::to_string(server.port());

	for (int i = 0; i < 2; i++)
	{
		Client before(settings_for(url)), after(settings_for(url));

		EXPECT_EQ(code(before.run()), gql::Code::none);
		EXPECT_EQ(code(after.run()), gql::Code::forbidden);
		// The old connection leads to where it led.
		EXPECT_EQ(code(before.run()), gql::Code::none);
	}
	EXPECT_EQ(server.connections(), 2u);
}

TEST(Reach, ConnectionsAtHandAreJudgedToo)
{
	Server *self = nullptr;
	Server server([&](Connection &connection) { answer_all(self, connection); });
	self = &server;
	const std::string url = server.url();
	Client client(settings_for(url));

	EXPECT_EQ(code(client.run()), gql::Code::none);
	client.endpoint()->policy = gql::Policy(gql::NetworkPolicy());
	EXPECT_EQ(code(client.run()), gql::Code::forbidden);
	EXPECT_EQ(code(client.run(true)), gql::Code::forbidden);
	EXPECT_EQ(server.connections(), 1u);
	EXPECT_EQ(server.requests, 1);
}

TEST(Reach, HostsThatAreNotListed)
{
	Server *self = nullptr;
	Server server([&](Connection &connection) { answer_all(self, connection); });
	self = &server;
	const std::string port = std::to_string(server.port());
	const std::string listed = "here.test:" + port;
	const std::string allowed = "http://here.test:" + port, other = server.url();
	gql::EndpointSettings settings = settings_for(other);
	gql::Error err;

	settings.policy.allowed_hosts = listed;
	EXPECT_EQ(gql::endpoint_open(settings, err), nullptr);
	EXPECT_EQ(err.code, gql::Code::forbidden);
	EXPECT_EQ(std::string(err.message),
			  "could not connect to GraphQL server \"shop\": host denied by policy");
	EXPECT_EQ(std::string(err.detail), "127.0.0.1:" + port);

	settings.url = allowed;
	Client client(settings);
	EXPECT_EQ(code(client.run()), gql::Code::none);
}

// ---------------------------------------------------------------------------------------------
// TLS

TEST(Reach, PlainHttpOnATlsPort)
{
	Server server(
		[](Connection &connection)
		{
			connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
			connection.wait_for_close();
		});
	const std::string url = "https://127.0.0.1:" + std::to_string(server.port());
	gql::EndpointSettings settings = settings_for(url);
	settings.max_retries = 2;
	Client client(settings);

	for (const bool mutation : {false, true})
	{
		gql::Transfer *transfer = client.run(mutation);

		EXPECT_EQ(code(transfer), gql::Code::unreachable);
		EXPECT_EQ(message(transfer), "could not establish TLS with GraphQL server \"shop\": what "
									 "listens on this port does not speak TLS");
		EXPECT_EQ(gql::transfer_stats(transfer).requests, 1u) << "it will not learn it";
	}
}

TEST(Reach, AStalledHandshakeEndsAtTheConnectTimeout)
{
	Server server([](Connection &connection) { connection.wait_for_close(); });
	const std::string url = "https://127.0.0.1:" + std::to_string(server.port());
	gql::EndpointSettings settings = settings_for(url);
	settings.connect_timeout_ms = 300;
	Client client(settings);
	const Stopwatch watch;

	EXPECT_EQ(code(client.run(true)), gql::Code::unreachable);
	EXPECT_LT(watch.ms(), 300 + at_once_ms);
}

// ---------------------------------------------------------------------------------------------
// Proxies

TEST(Reach, AProxyIsAskedForATunnelAndToldNoSecret)
{
	std::string head, text;
	Server proxy(
		[&](Connection &connection)
		{
			connection.receive(head, text);
			connection.send("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
		});
	const std::string address = "http://127.0.0.1:" + std::to_string(proxy.port());
	gql::EndpointSettings settings = settings_for("https://metadata.test/graphql");
	settings.public_headers = R"({"X-Shop": "one"})";
	settings.proxy = address;
	Client client(settings);

	for (const bool mutation : {false, true})
	{
		gql::Transfer *transfer = client.run(mutation);

		EXPECT_EQ(code(transfer), gql::Code::unreachable);
		EXPECT_NE(message(transfer).find("the proxy answered with HTTP status 502"),
				  std::string::npos)
			<< message(transfer);
		EXPECT_EQ(detail(transfer).rfind("metadata.test:443, ", 0), 0u) << detail(transfer);
		EXPECT_EQ(head.rfind("CONNECT metadata.test:443 HTTP/1.1\r\n", 0), 0u) << head;
		EXPECT_EQ(head.find(secret), std::string::npos);
		EXPECT_EQ(head.find("X-Shop"), std::string::npos);
		EXPECT_EQ(head.find("/graphql"), std::string::npos);
	}
}

TEST(Reach, ProxiesThatFail)
{
	struct Case
	{
		const char *answer;
		gql::Code code;
		uint32_t attempts;
	};
	for (const Case &at :
		 {Case{"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic "
			   "realm=\"x\"\r\nContent-Length: 0\r\n\r\n",
			   gql::Code::unauthenticated, 1},
		  Case{"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", gql::Code::unreachable, 1},
		  Case{"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", gql::Code::unreachable, 2},
		  Case{"", gql::Code::unreachable, 2}, Case{"nonsense\r\n\r\n", gql::Code::unreachable, 2}})
	{
		Server proxy(saying(at.answer));
		const std::string address = "http://127.0.0.1:" + std::to_string(proxy.port());
		gql::EndpointSettings settings = settings_for("https://api.example.com/graphql");
		settings.proxy = address;
		settings.max_retries = 1;
		Client client(settings);
		gql::Transfer *transfer = client.run();

		EXPECT_EQ(code(transfer), at.code) << at.answer << message(transfer);
		EXPECT_EQ(gql::transfer_stats(transfer).requests, at.attempts) << at.answer;
		EXPECT_EQ(code(client.run(true)), at.code) << at.answer;
	}
}

TEST(Reach, ProxiesAreJudgedAsWhatIsConnectedTo)
{
	gql::EndpointSettings settings = settings_for("https://api.example.com/graphql");

	settings.proxy = "http://metadata.test:3128";
	Client never(settings);
	EXPECT_EQ(code(never.run()), gql::Code::forbidden);

	Server *self = nullptr;
	Server server([&](Connection &connection) { answer_all(self, connection); });
	self = &server;
	const std::string address = "http://127.0.0.1:" + std::to_string(server.port());
	settings.proxy = address;
	settings.policy.inner_networks = false;
	Client inner(settings);
	EXPECT_EQ(code(inner.run()), gql::Code::forbidden);
	EXPECT_EQ(server.connections(), 0u);
}

TEST(Reach, WhatAProxyWouldReachIsJudgedByName)
{
	struct Case
	{
		const char *url;
		bool allow_http;
		bool allowed;
	};
	for (const Case &at :
		 {Case{"https://api.example.com/", false, true},
		  Case{"https://other.example.com/", false, false},
		  Case{"http://api.example.com/", false, false},
		  Case{"http://api.example.com/", true, true},
		  Case{"https://169.254.169.254/", true, false}, Case{"https://2852039166/", true, false},
		  Case{"https://[::ffff:169.254.169.254]/", true, false}})
	{
		gql::EndpointSettings settings = settings_for(at.url);
		gql::Error err;

		settings.proxy = "http://127.0.0.1:9";
		settings.policy.allow_http = at.allow_http;
		settings.policy.allowed_hosts =
			"api.example.com, 169.254.169.254, [::ffff:169.254.169.254]";
		gql::Endpoint *endpoint = gql::endpoint_open(settings, err);
		EXPECT_EQ(endpoint != nullptr, at.allowed) << at.url << err.message;
		EXPECT_EQ(err.code, at.allowed ? gql::Code::none : gql::Code::forbidden) << at.url;
		gql::endpoint_release(endpoint);
	}
}

TEST(Reach, PlainHttpIsForwardedByAProxy)
{
	std::string head, text;
	Server proxy(
		[&](Connection &connection)
		{
			connection.receive(head, text);
			connection.answer(good);
		});
	const std::string address = "http://127.0.0.1:" + std::to_string(proxy.port());
	gql::EndpointSettings settings = settings_for("http://api.example.com/graphql");
	settings.proxy = address;
	settings.policy.allow_http = true;
	Client client(settings);

	EXPECT_EQ(code(client.run()), gql::Code::none);
	EXPECT_EQ(head.rfind("POST http://api.example.com/graphql HTTP/1.1\r\n", 0), 0u) << head;
}

}    // namespace
