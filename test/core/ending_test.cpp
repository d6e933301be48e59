// Do transfers end cleanly: memory, descriptors, connections, signals?

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "core/buffer.hpp"
#include "core/door/transport.hpp"

#include "loopback.hpp"

using namespace loopback;

namespace
{

size_t
open_descriptors()
{
	size_t count = 0;
	for (int descriptor = 0; descriptor < 1024; descriptor++)
	{
		count += fcntl(descriptor, F_GETFD) >= 0 ? 1 : 0;
	}
	return count;
}

// "VmRSS" or "VmHWM" of this process in KiB.
size_t
memory_kib(const std::string &what)
{
	std::ifstream status("/proc/self/status");
	std::string line;
	while (std::getline(status, line))
	{
		if (line.compare(0, what.size() + 1, what + ":") == 0)
		{
			return std::stoul(line.substr(what.size() + 1));
		}
	}
	return 0;
}

TEST(Ending, ALargeAnswerCostsLittleMoreThanItsBytes)
{
	constexpr size_t large = 60u << 20;

	for (const bool announced : {true, false})
	{
		Server server(
			[announced](Connection &connection)
			{
				const std::string chunk(256 * 1024, 'x');
				std::string head, text;

				connection.receive(head, text);
				connection.send(announced ? "HTTP/1.1 200 OK\r\nContent-Length: " +
												std::to_string(large) + "\r\n\r\n"
										  : "HTTP/1.1 200 OK\r\n\r\n");
				for (size_t sent = 0; sent < large; sent += chunk.size())
				{
					connection.send(chunk);
				}
			});
		const std::string url = server.url();
		Client client(settings_for(url));
		std::ofstream("/proc/self/clear_refs") << "5";    // VmHWM begins anew
		const size_t before = memory_kib("VmRSS");
		const Stopwatch watch;
		gql::Transfer *transfer = client.run();
		const size_t peak = memory_kib("VmHWM") - before;

		ASSERT_EQ(code(transfer), gql::Code::none) << message(transfer);
		EXPECT_EQ(gql::transfer_answer(transfer).body.size(), large);
		RecordProperty(announced ? "announced_ms" : "unannounced_ms", static_cast<int>(watch.ms()));
		RecordProperty(announced ? "announced_peak_kib" : "unannounced_peak_kib",
					   static_cast<int>(peak));
#ifndef __SANITIZE_ADDRESS__
		EXPECT_LT(static_cast<double>(peak), static_cast<double>(large) / 1024 * 1.05);
#endif
		gql::Buffer taken = std::move(gql::transfer_answer(transfer).body);
		client.close(transfer);
		EXPECT_EQ(taken.size(), large);
		EXPECT_EQ(taken.data()[large - 1], 'x');
	}
}

#ifndef __SANITIZE_ADDRESS__
TEST(Ending, RunningOutOfMemoryFailsTheTransferAlone)
{
	Server server(
		[](Connection &connection)
		{
			const std::string chunk(64 * 1024, 'x');
			std::string head, text;

			connection.receive(head, text);
			connection.send("HTTP/1.1 200 OK\r\n\r\n");
			while (connection.send(chunk))
			{
			}
		});
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.max_response_bytes = 1u << 30;
	rlimit unlimited, limited;

	for (const bool mutation : {false, true})
	{
		Client client(settings);
		gql::Transfer *transfer = client.start(mutation);

		while (gql::transfer_stats(transfer).bytes == 0)
		{
			Client::turn(100ms);
		}
		getrlimit(RLIMIT_AS, &unlimited);
		limited = unlimited;
		limited.rlim_cur = (memory_kib("VmSize") + 16 * 1024) * 1024;
		setrlimit(RLIMIT_AS, &limited);
		Client::wait(transfer);
		setrlimit(RLIMIT_AS, &unlimited);
		EXPECT_EQ(code(transfer), mutation ? gql::Code::outcome_unknown : gql::Code::out_of_memory);
	}
}
#endif

TEST(Ending, EverythingMayBeClosedInAnyOrder)
{
	const auto silent = [](Connection &connection)
	{
		std::string head, text;
		connection.receive(head, text);
		connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
		connection.wait_for_close();
	};
	Server server(silent);
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.concurrency = 2;
	gql::Error err;
	gql::Endpoint *endpoint = gql::endpoint_open(settings, err);
	ASSERT_NE(endpoint, nullptr);
	gql::Transfer *transfers[5];

	for (gql::Transfer *&transfer : transfers)
	{
		transfer = gql::transfer_start(endpoint, nullptr, question, false, err);
		ASSERT_NE(transfer, nullptr);
	}
	const auto connected = [&](size_t count)
	{
		Client::turn(10ms);
		return server.connections() == count;
	};
	EXPECT_TRUE(comes_true([&] { return connected(2); }));
	gql::endpoint_release(endpoint);
	gql::transfer_close(transfers[0]);    // in flight
	gql::transfer_close(transfers[4]);    // queued
	EXPECT_TRUE(comes_true([&] { return connected(3); })) << "the next one in the queue must start";
	gql::transfer_close(transfers[3]);
	gql::transfer_close(transfers[2]);
	gql::transfer_close(transfers[1]);
	EXPECT_TRUE(comes_true([&] { return server.open_connections() == 0; }))
		<< "half-read connections must be closed";
}

TEST(Ending, ABodyMayBeSentBeforeAnybodyWaits)
{
	std::atomic<int> seen{0};
	Server server(
		[&](Connection &connection)
		{
			std::string head, text;
			while (connection.receive(head, text))
			{
				seen++;
				connection.answer(good);
			}
		});
	const std::string url = server.url();
	Client client(settings_for(url));
	client.run();
	gql::Transfer *transfer = client.start();

	EXPECT_TRUE(comes_true([&] { return seen == 2; }))
		<< "on a connection at hand a request leaves at once";
	Client::wait(transfer);
}

TEST(Ending, NothingIsLeftOpen)
{
	gql::Error err;
	ASSERT_GE(gql::transport_fd(err), 0);
	EXPECT_EQ(fcntl(gql::transport_fd(err), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	Server *self = nullptr;
	Server server([&](Connection &connection) { answer_all(self, connection); });
	self = &server;
	const std::string url = server.url();
	const size_t before = open_descriptors();

	for (int i = 0; i < 10; i++)
	{
		Client client(settings_for(url));
		client.run();
		client.start();
		if (i == 0)
		{
			// Programs that PostgreSQL starts must not inherit connections.
			for (int descriptor = 3; descriptor < 1024; descriptor++)
			{
				sockaddr_in peer = {};
				socklen_t length = sizeof(peer);
				if (getpeername(descriptor, reinterpret_cast<sockaddr *>(&peer), &length) == 0 &&
					peer.sin_family == AF_INET)
				{
					EXPECT_EQ(fcntl(descriptor, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC) << descriptor;
				}
			}
		}
	}
	// Fewer are left when a thread that resolved a name for an earlier test comes to its end.
	EXPECT_TRUE(comes_true([&] { return open_descriptors() <= before; }));
}

TEST(Ending, TheSignalMaskIsPutBack)
{
	sigset_t before, after;
	Server *self = nullptr;
	Server server([&](Connection &connection) { answer_all(self, connection); });
	self = &server;
	const std::string url = server.url();

	pthread_sigmask(SIG_SETMASK, nullptr, &before);
	{
		Client client(settings_for(url));
		client.run();
	}
	pthread_sigmask(SIG_SETMASK, nullptr, &after);
	for (int signal = 1; signal < 32; signal++)
	{
		EXPECT_EQ(sigismember(&before, signal), sigismember(&after, signal)) << signal;
	}
}

}    // namespace
