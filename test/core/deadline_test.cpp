// Do transfers end in time, whatever the network is doing?

#include <gtest/gtest.h>

#include "core/door/transport.hpp"

#include "loopback.hpp"
#include "resolver.hpp"

using namespace loopback;

namespace
{

TEST(Deadline, TheDeadlineCoversEverything)
{
	Server server(
		[](Connection &connection)
		{
			std::string head, text;
			connection.receive(head, text);
			connection.wait_for_close();
		});
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.request_timeout_ms = 1000;
	settings.max_retries = 2;
	Client client(settings);

	for (const bool mutation : {false, true})
	{
		const Stopwatch watch;
		gql::Transfer *transfer = client.run(mutation);

		EXPECT_EQ(code(transfer),
				  mutation ? gql::Code::outcome_unknown : gql::Code::connection_lost);
		EXPECT_NE(message(transfer).find("no complete answer within 1000 ms"), std::string::npos)
			<< message(transfer);
		EXPECT_GE(watch.ms(), 999);
		EXPECT_LT(watch.ms(), 1000 + at_once_ms);
	}
}

TEST(Deadline, ADrippingBodyEndsAtTheDeadline)
{
	Server server(
		[](Connection &connection)
		{
			std::string head, text;
			connection.receive(head, text);
			connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
			while (connection.send(" "))
			{
				std::this_thread::sleep_for(10ms);
			}
		});
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.request_timeout_ms = 300;
	Client client(settings);
	const Stopwatch watch;

	EXPECT_EQ(code(client.run()), gql::Code::connection_lost);
	EXPECT_LT(watch.ms(), 300 + at_once_ms);
}

// A listener whose queue is full: the kernel drops further SYNs.
struct BlackHole
{
	BlackHole()
	{
		sockaddr_in address = {};
		socklen_t length = sizeof(address);

		listener = socket(AF_INET, SOCK_STREAM, 0);
		address.sin_family = AF_INET;
		address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		EXPECT_EQ(bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof(address)), 0);
		EXPECT_EQ(listen(listener, 0), 0);
		EXPECT_EQ(getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length), 0);
		port = ntohs(address.sin_port);
		for (int &filler : fillers)
		{
			filler = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
			connect(filler, reinterpret_cast<sockaddr *>(&address), sizeof(address));
		}
		std::this_thread::sleep_for(50ms);
	}
	~BlackHole()
	{
		for (const int filler : fillers)
		{
			close(filler);
		}
		close(listener);
	}

	int listener;
	int port;
	int fillers[4];
};

TEST(Deadline, ConnectingEndsAtItsOwnTimeout)
{
	BlackHole hole;
	const std::string url = "http://127.0.0.1:" + std::to_string(hole.port);
	gql::EndpointSettings settings = settings_for(url);
	settings.connect_timeout_ms = 1000;
	settings.max_retries = 2;
	Client client(settings);
	const Stopwatch watch;
	gql::Transfer *mutation = client.run(true);

	EXPECT_EQ(code(mutation), gql::Code::unreachable) << message(mutation);
	EXPECT_GE(watch.ms(), 990);
	EXPECT_LT(watch.ms(), 1000 + at_once_ms);
}

TEST(Deadline, ClosingDuringAHungConnectIsImmediate)
{
	BlackHole hole;
	const std::string url = "http://127.0.0.1:" + std::to_string(hole.port);
	Client client(settings_for(url));
	gql::Transfer *transfer = client.start();

	Client::turn(50ms);
	Client::turn(50ms);
	EXPECT_FALSE(gql::transfer_done(transfer));
	const Stopwatch watch;
	client.close(transfer);
	EXPECT_LT(watch.ms(), at_once_ms);
}

TEST(Deadline, ClosingDuringHungNameResolutionIsImmediate)
{
	const std::string url = "http://hang.test:8080/graphql";
	Client client(settings_for(url));
	const int before = resolver::hung;
	gql::Transfer *transfer = client.start();

	while (resolver::hung == before)
	{
		Client::turn(50ms);
	}
	EXPECT_FALSE(gql::transfer_done(transfer));
	const Stopwatch watch;
	client.close(transfer);
	EXPECT_LT(watch.ms(), at_once_ms);
	EXPECT_TRUE(resolver::signals_blocked);
}

TEST(Deadline, HungNameResolutionEndsAtTheConnectTimeout)
{
	const std::string url = "http://hang.test:8080/graphql";
	gql::EndpointSettings settings = settings_for(url);
	settings.connect_timeout_ms = 1000;
	settings.max_retries = 2;
	const Stopwatch watch;
	{
		Client client(settings);
		EXPECT_EQ(code(client.run()), gql::Code::unreachable);
	}
	EXPECT_LT(watch.ms(), 1000 + at_once_ms);
}

TEST(Deadline, ADeadlineDuringNameResolutionIsUnreachable)
{
	const std::string url = "http://hang.test:8080/graphql";
	gql::EndpointSettings settings = settings_for(url);
	settings.request_timeout_ms = 200;
	const Stopwatch watch;
	{
		Client client(settings);
		EXPECT_EQ(code(client.run(true)), gql::Code::unreachable);
	}
	EXPECT_LT(watch.ms(), 200 + at_once_ms);
}

TEST(Deadline, UnknownHostsAreNotRetried)
{
	const std::string url = "http://missing.test:8080/graphql";
	gql::EndpointSettings settings = settings_for(url);
	settings.max_retries = 2;
	Client client(settings);
	gql::Transfer *transfer = client.run();

	EXPECT_EQ(code(transfer), gql::Code::unreachable);
	EXPECT_EQ(gql::transfer_stats(transfer).requests, 1u);
	EXPECT_NE(detail(transfer).find("missing.test:8080"), std::string::npos);
}

}    // namespace
