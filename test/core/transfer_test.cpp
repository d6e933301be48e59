// What becomes of one request when its connection, the API or the answer is bad?

#include <gtest/gtest.h>

#include "core/door/transport.hpp"
#include "core/transfer.hpp"

#include "loopback.hpp"

using namespace loopback;

namespace
{

// ---------------------------------------------------------------------------------------------
// Reused connections that die

// Answers the first request of the first connection, then reads the second one and dies; later
// connections are good.
Server::Serve
dying(std::atomic<int> &seen, bool reset, std::string last_words = "")
{
	return [&seen, reset, last_words](Connection &connection)
	{
		std::string head, text;
		while (connection.receive(head, text))
		{
			seen++;
			if (connection.number() == 1 && seen == 2)
			{
				connection.send(last_words);
				if (reset)
				{
					connection.reset_on_close();
				}
				return;
			}
			connection.answer(good);
		}
	};
}

TEST(Transfer, MutationOnADyingConnectionIsSeenOnce)
{
	for (const bool reset : {false, true})
	{
		for (const char *last_words : {"", "H"})
		{
			std::atomic<int> seen{0};
			Server server(dying(seen, reset, last_words));
			const std::string url = server.url();
			gql::EndpointSettings settings = settings_for(url);
			settings.max_retries = 2;
			Client client(settings);

			EXPECT_EQ(code(client.run()), gql::Code::none);
			gql::Transfer *mutation = client.run(true);
			EXPECT_EQ(code(mutation), gql::Code::outcome_unknown) << message(mutation);
			EXPECT_EQ(gql::transfer_stats(mutation).requests, 1u);
			std::this_thread::sleep_for(50ms);
			EXPECT_EQ(seen, 2) << "the mutation was sent again";

			// And the session goes on.
			EXPECT_EQ(code(client.run(true)), gql::Code::none);
		}
	}
}

TEST(Transfer, ReadOnADyingConnectionIsResentSilently)
{
	for (const bool reset : {false, true})
	{
		std::atomic<int> seen{0};
		Server server(dying(seen, reset));
		const std::string url = server.url();
		Client client(settings_for(url));

		EXPECT_EQ(code(client.run()), gql::Code::none);
		gql::Transfer *read = client.run();
		EXPECT_EQ(code(read), gql::Code::none) << message(read);
		EXPECT_EQ(body(read), good);
		EXPECT_EQ(seen, 3);
		EXPECT_EQ(gql::transfer_stats(read).requests, 2u);
		EXPECT_EQ(gql::transfer_stats(read).retries, 1u);
	}
}

TEST(Transfer, FreshConnectionThatDiesIsALostConnection)
{
	Server server(
		[&](Connection &connection)
		{
			std::string head, text;
			connection.receive(head, text);
			server.requests++;
		});
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.max_retries = 1;
	Client client(settings);
	gql::Transfer *read = client.run();

	EXPECT_EQ(code(read), gql::Code::connection_lost) << message(read);
	EXPECT_EQ(server.requests, 2);
	EXPECT_NE(detail(read).find("attempt 2 of 2"), std::string::npos) << detail(read);
	EXPECT_EQ(code(client.run(true)), gql::Code::outcome_unknown);
	EXPECT_EQ(server.requests, 3);
}

TEST(Transfer, BodyShorterThanAnnouncedIsALostConnection)
{
	Server server(
		[](Connection &connection)
		{
			std::string head, text;
			connection.receive(head, text);
			connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":");
		});
	const std::string url = server.url();
	Client client(settings_for(url));
	gql::Transfer *read = client.run();

	EXPECT_EQ(code(read), gql::Code::connection_lost);
	EXPECT_NE(detail(read).find("HTTP 200"), std::string::npos) << detail(read);
	EXPECT_EQ(gql::transfer_answer(read).body.size(), 0u);
	EXPECT_EQ(code(client.run(true)), gql::Code::outcome_unknown);
}

// ---------------------------------------------------------------------------------------------
// Retries

// Answers `status` so many times, then well.
Server::Serve
failing(std::atomic<int> &seen, int times, std::string status, std::string more = "",
		std::string type = "text/html")
{
	return [&seen, times, status, more, type](Connection &connection)
	{
		std::string head, text;
		while (connection.receive(head, text))
		{
			if (++seen > times)
			{
				connection.answer(good);
			}
			else
			{
				connection.send("HTTP/1.1 " + status + "\r\nContent-Type: " + type +
								"\r\nContent-Length: 4\r\n" + more + "\r\noops");
			}
		}
	};
}

TEST(Transfer, ReadsAreRetriedAfterABadGateway)
{
	for (const char *status : {"502 Bad Gateway", "503 Service Unavailable", "504 Timeout"})
	{
		std::atomic<int> seen{0};
		Server server(failing(seen, 2, status));
		const std::string url = server.url();
		gql::EndpointSettings settings = settings_for(url);
		settings.max_retries = 2;
		Client client(settings);
		gql::Transfer *read = client.run();

		EXPECT_EQ(code(read), gql::Code::none);
		EXPECT_EQ(body(read), good);
		EXPECT_EQ(gql::transfer_answer(read).status, 200);
		EXPECT_EQ(seen, 3);
		EXPECT_EQ(gql::transfer_stats(read).retries, 2u);
	}
}

TEST(Transfer, TheLastBadAnswerIsKept)
{
	std::atomic<int> seen{0};
	Server server(failing(seen, 100, "503 Service Unavailable"));
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.max_retries = 1;
	Client client(settings);
	gql::Transfer *read = client.run();

	EXPECT_EQ(code(read), gql::Code::none);
	EXPECT_EQ(gql::transfer_answer(read).status, 503);
	EXPECT_EQ(gql::transfer_answer(read).content_type, "text/html");
	EXPECT_EQ(body(read), "oops");
	EXPECT_EQ(seen, 2);
	EXPECT_NE(gql::transfer_where(read).find("attempt 2 of 2"), std::string::npos);
	EXPECT_NE(gql::transfer_where(read).find("HTTP 503"), std::string::npos);
}

TEST(Transfer, WhatIsNotRetried)
{
	struct Case
	{
		const char *status, *more, *type;
		bool mutation;
	};
	const Case cases[] = {
		{"500 Oops", "", "text/html", false},
		{"404 Not Found", "", "text/html", false},
		{"503 Busy", "", "application/graphql-response+json; charset=utf-8", false},
		{"503 Busy", "", "text/html", true},
		{"429 Slow down", "Retry-After: 0\r\n", "text/html", true},
		{"429 Slow down", "Retry-After: 3600\r\n", "text/html", false},
		{"429 Slow down", "Retry-After: 1000000000000000000000\r\n", "text/html", false},
		{"302 Found", "Location: http://other.example:8080/login?x=y\r\n", "text/html", false},
	};

	for (const Case &one : cases)
	{
		std::atomic<int> seen{0};
		Server server(failing(seen, 100, one.status, one.more, one.type));
		const std::string url = server.url();
		gql::EndpointSettings settings = settings_for(url);
		settings.max_retries = 2;
		Client client(settings);
		const Stopwatch watch;
		gql::Transfer *transfer = client.run(one.mutation);

		EXPECT_EQ(code(transfer), gql::Code::none) << one.status;
		EXPECT_EQ(gql::transfer_answer(transfer).status, std::stol(one.status));
		EXPECT_EQ(seen, 1) << one.status;
		EXPECT_LT(watch.ms(), at_once_ms) << "must give up at once";
		EXPECT_EQ(gql::transfer_answer(transfer).redirect_origin,
				  one.status[0] == '3' ? "http://other.example:8080" : "");
	}
}

TEST(Transfer, WaitsAsLongAsRetryAfterSays)
{
	std::atomic<int> seen{0};
	Server server(failing(seen, 1, "429 Slow down", "Retry-After: 1\r\n"));
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.max_retries = 2;
	Client client(settings);
	const Stopwatch watch;
	gql::Transfer *read = client.run();

	EXPECT_EQ(body(read), good);
	EXPECT_GE(watch.ms(), 990);
	EXPECT_LT(watch.ms(), 1000 + at_once_ms);
}

TEST(Transfer, ClosingWhileBackingOffIsImmediate)
{
	std::atomic<int> seen{0};
	Server server(failing(seen, 100, "503 Unavailable", "Retry-After: 3\r\n"));
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.max_retries = 2;
	settings.concurrency = 1;
	Client client(settings);
	gql::Transfer *first = client.start();
	gql::Transfer *second = client.start();
	const Stopwatch watch;

	while (seen == 0 || gql::transfer_stats(first).retries == 0)
	{
		Client::turn(100ms);
	}
	EXPECT_EQ(seen, 1) << "a transfer that backs off keeps its place";
	client.close(first);
	while (gql::transfer_stats(second).retries == 0)
	{
		Client::turn(100ms);
	}
	EXPECT_LT(watch.ms(), at_once_ms);
	EXPECT_EQ(seen, 2);
}

TEST(Transfer, OthersHoldBackWhenOneIsToldToComeLater)
{
	std::atomic<int> seen{0};
	Server server(failing(seen, 1, "429 Slow down", "Retry-After: 1\r\n"));
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.max_retries = 2;
	settings.concurrency = 4;
	Client client(settings);
	const Stopwatch watch;
	gql::Transfer *first = client.start();

	while (gql::transfer_stats(first).retries == 0)
	{
		Client::turn(100ms);
	}
	gql::Transfer *second = client.start();

	while (!gql::transfer_done(first) || !gql::transfer_done(second))
	{
		EXPECT_TRUE(seen == 1 || watch.ms() > 700);
		Client::turn(100ms);
	}
	EXPECT_EQ(code(second), gql::Code::none);
	EXPECT_EQ(seen, 3);
}

TEST(Transfer, RefusedConnectionsAreRetriedForReads)
{
	int port;
	{
		Server server([](Connection &) {});
		port = server.port();
	}
	const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/graphql?key=x";
	gql::EndpointSettings settings = settings_for(url);
	settings.max_retries = 2;
	Client client(settings);
	gql::Transfer *read = client.run();

	EXPECT_EQ(code(read), gql::Code::unreachable);
	EXPECT_EQ(message(read).rfind("could not connect to GraphQL server \"shop\": ", 0), 0u)
		<< message(read);
	EXPECT_EQ(detail(read).rfind("127.0.0.1:" + std::to_string(port) + ", attempt 3 of 3, ", 0), 0u)
		<< detail(read);
	EXPECT_EQ(gql::transfer_stats(read).requests, 3u);

	gql::Transfer *mutation = client.run(true);
	EXPECT_EQ(code(mutation), gql::Code::unreachable);
	EXPECT_EQ(gql::transfer_stats(mutation).requests, 1u);
}

// ---------------------------------------------------------------------------------------------
// Answers

// gzip of {"data":{"ok":true}}
const std::string_view
	gzip_good("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x49\x2c\x49\x54\xb2\xaa\x56\xca"
			  "\xcf\x56\xb2\x2a\x29\x2a\x4d\xad\xad\x05\x00\xa2\x9d\x00\x2e\x14\x00\x00\x00",
			  40);

// gzip of 100,000 spaces
const std::string_view
	gzip_bomb("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x01\x00\x00\x00\xc2\xa0\x2a\xeb"
			  "\x9f\xd2\x1a\x1e\x40\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
			  "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
			  "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
			  "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
			  "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xaf\x06\x2d"
			  "\xf0\x79\xca\xa0\x86\x01\x00",
			  133);

std::string
gzipped(std::string_view body)
{
	return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
		   std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

TEST(Transfer, DecodesGzip)
{
	Server server(saying(gzipped(gzip_good)));
	const std::string url = server.url();
	Client client(settings_for(url));
	gql::Transfer *transfer = client.run();

	EXPECT_EQ(code(transfer), gql::Code::none) << message(transfer);
	EXPECT_EQ(body(transfer), good);
	EXPECT_EQ(gql::transfer_stats(transfer).bytes, good.size());
}

TEST(Transfer, DecodedBytesCountAgainstTheLimit)
{
	Server server(saying(gzipped(gzip_bomb)));
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);

	for (const uint64_t limit : {99999, 100000})
	{
		settings.max_response_bytes = limit;
		settings.max_retries = 2;
		Client client(settings);
		gql::Transfer *transfer = client.run();

		EXPECT_EQ(code(transfer), limit == 100000 ? gql::Code::none : gql::Code::limit_exceeded);
		EXPECT_EQ(gql::transfer_stats(transfer).requests, 1u);
	}
}

TEST(Transfer, BrokenEncodingsViolateTheProtocol)
{
	Server server(saying("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" +
						 std::string(good)));
	const std::string url = server.url();
	Client client(settings_for(url));

	EXPECT_EQ(code(client.run()), gql::Code::protocol_violation);
	EXPECT_EQ(code(client.run(true)), gql::Code::outcome_unknown);
}

TEST(Transfer, BodiesBeyondTheLimitAreRefused)
{
	for (const bool announced : {false, true})
	{
		Server server(
			[announced](Connection &connection)
			{
				const std::string chunk(10000, ' ');
				std::string head, text;

				connection.receive(head, text);
				connection.send(announced ? "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n"
										  : "HTTP/1.1 200 OK\r\n\r\n");
				while (connection.send(chunk))
				{
				}
			});
		const std::string url = server.url();
		gql::EndpointSettings settings = settings_for(url);
		settings.max_response_bytes = 50000;
		settings.max_retries = 2;
		Client client(settings);
		gql::Transfer *read = client.run();

		EXPECT_EQ(code(read), gql::Code::limit_exceeded) << message(read);
		EXPECT_NE(message(read).find("max_response_bytes (50000)"), std::string::npos)
			<< message(read);
		EXPECT_EQ(gql::transfer_stats(read).requests, 1u);
		EXPECT_LE(gql::transfer_stats(read).bytes, 50000u);
		gql::Transfer *mutation = client.run(true);
		EXPECT_EQ(code(mutation), gql::Code::outcome_unknown);
		EXPECT_NE(message(mutation).find("max_response_bytes (50000)"), std::string::npos);
	}
}

TEST(Transfer, HeadersBeyondTheLimitAreRefused)
{
	std::string many = "HTTP/1.1 200 OK\r\n";
	for (int i = 0; i < 10000; i++)
	{
		many += "X-Header-Number-" + std::to_string(i) + ": " + std::string(20, 'x') + "\r\n";
	}
	const std::string one =
		"HTTP/1.1 200 OK\r\nX-Long: " + std::string(1024 * 1024, 'x') + "\r\n\r\n";

	for (const std::string &text : {many, one})
	{
		Server server(saying(text));
		const std::string url = server.url();
		Client client(settings_for(url));
		gql::Transfer *transfer = client.run();

		EXPECT_EQ(code(transfer), gql::Code::limit_exceeded) << message(transfer);
		EXPECT_EQ(code(client.run(true)), gql::Code::outcome_unknown);
	}
}

TEST(Transfer, WhatIsNotHttpViolatesTheProtocol)
{
	for (const char *text :
		 {"220 mail.example ESMTP\r\n", "\x16\x03\x01 tls?", "HTTP/1.1 banana\r\n\r\n",
		  "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"})
	{
		Server server(saying(text));
		const std::string url = server.url();
		Client client(settings_for(url));
		gql::Transfer *transfer = client.run();

		EXPECT_EQ(code(transfer), gql::Code::protocol_violation) << text << message(transfer);
		EXPECT_EQ(code(client.run(true)), gql::Code::outcome_unknown) << text;
	}
}

TEST(Transfer, RedirectsAreNotFollowed)
{
	Server *self = nullptr;
	Server target([&](Connection &connection) { answer_all(self, connection); });
	self = &target;
	for (const char *status : {"301 x", "302 x", "303 x", "307 x", "308 x"})
	{
		Server server(saying("HTTP/1.1 " + std::string(status) +
							 "\r\nContent-Length: 0\r\nLocation: " + target.url() + "\r\n\r\n"));
		const std::string url = server.url();
		Client client(settings_for(url));
		gql::Transfer *transfer = client.run();

		EXPECT_EQ(gql::transfer_answer(transfer).status, std::stol(status));
		EXPECT_EQ(gql::transfer_answer(transfer).redirect_origin,
				  "http://127.0.0.1:" + std::to_string(target.port()));
	}
	EXPECT_EQ(target.connections(), 0u);
}

}    // namespace
