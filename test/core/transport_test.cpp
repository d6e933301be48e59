// Do transfers go forward together, in time, only where they may, and end cleanly?
//
// Names ending in ".test" are resolved by the test itself, so that name resolution can hang or
// point anywhere.

#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <sys/resource.h>

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "core/buffer.hpp"
#include "core/door/transport.hpp"

#include "loopback.hpp"

using namespace loopback;

// ---------------------------------------------------------------------------------------------
// Name resolution

namespace
{

std::atomic<bool> resolver_blocks_signals{false};
std::atomic<int> hung_resolutions{0};

}    // namespace

extern "C" int
getaddrinfo(const char *name, const char *service, const addrinfo *hints, addrinfo **result)
{
	using Function = int (*)(const char *, const char *, const addrinfo *, addrinfo **);
	static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
	const std::string host = name == nullptr ? "" : name;
	sigset_t mask;

	pthread_sigmask(SIG_SETMASK, nullptr, &mask);
	resolver_blocks_signals = sigismember(&mask, SIGALRM) == 1 && sigismember(&mask, SIGUSR1) == 1;
	if (host == "hang.test")
	{
		hung_resolutions++;
		std::this_thread::sleep_for(3s);
		return EAI_AGAIN;
	}
	if (host == "missing.test")
	{
		return EAI_NONAME;
	}
	if (host == "metadata.test")
	{
		return real("169.254.169.254", service, hints, result);
	}
	if (host == "elsewhere.test")
	{
		return real("192.0.2.1", service, hints, result);
	}
	if (host == "here.test")
	{
		return real("127.0.0.1", service, hints, result);
	}
	return real(name, service, hints, result);
}

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

// ---------------------------------------------------------------------------------------------
TEST(transport, sends_a_post_and_takes_the_answer)
{
	std::string head, text;
	Server server(
		[&](Connection &connection)
		{
			connection.receive(head, text);
			connection.answer(good);
		});
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.public_headers = R"({"X-Shop": "one", "X-Empty": ""})";
	Client client(settings);
	gql::Transfer *transfer = client.run();

	EXPECT_EQ(code(transfer), gql::Code::none) << message(transfer);
	EXPECT_EQ(body(transfer), good);
	EXPECT_EQ(text, question);
	EXPECT_EQ(gql::transfer_answer(transfer).status, 200);
	EXPECT_EQ(gql::transfer_answer(transfer).content_type, "application/json");
	EXPECT_EQ(gql::transfer_answer(transfer).retry_after, -1);
	EXPECT_GE(gql::transfer_answer(transfer).body.capacity(), good.size() + 64);
	EXPECT_EQ(gql::transfer_server(transfer), "shop");
	EXPECT_EQ(gql::transfer_stats(transfer).requests, 1u);
	EXPECT_EQ(gql::transfer_stats(transfer).retries, 0u);
	EXPECT_EQ(gql::transfer_stats(transfer).bytes, good.size());

	EXPECT_EQ(head.rfind("POST /graphql HTTP/1.1\r\n", 0), 0u);
	for (const char *line :
		 {"\r\nAccept: application/graphql-response+json, application/json;q=0.9\r\n",
		  "\r\nContent-Type: application/json\r\n", "\r\nUser-Agent: graphql_fdw\r\n",
		  "\r\nAuthorization: Bearer s3cr3t-canary\r\n", "\r\nX-Shop: one\r\n", "\r\nX-Empty:\r\n"})
	{
		EXPECT_NE(head.find(line), std::string::npos) << line;
	}
	EXPECT_EQ(head.find("Expect:"), std::string::npos);
	EXPECT_NE(head.find("gzip"), std::string::npos);
}

TEST(transport, does_not_ask_for_compression_when_it_is_off)
{
	std::string head, text;
	Server server(
		[&](Connection &connection)
		{
			connection.receive(head, text);
			connection.answer(good);
		});
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.compression = false;
	Client client(settings);

	EXPECT_EQ(code(client.run()), gql::Code::none);
	EXPECT_EQ(head.find("gzip"), std::string::npos);
}

TEST(transport, reuses_one_connection)
{
	Server *self = nullptr;
	Server server([&](Connection &connection) { answer_all(self, connection); });
	self = &server;
	const std::string url = server.url();
	Client client(settings_for(url));

	for (int i = 0; i < 20; i++)
	{
		EXPECT_EQ(code(client.run()), gql::Code::none);
	}
	EXPECT_EQ(server.connections(), 1u);
	EXPECT_EQ(server.requests, 20);
}

TEST(transport, endpoints_do_not_share_connections)
{
	Server *self = nullptr;
	Server server([&](Connection &connection) { answer_all(self, connection); });
	self = &server;
	const std::string url = server.url();
	Client one(settings_for(url)), other(settings_for(url));

	one.run();
	other.run();
	EXPECT_EQ(server.connections(), 2u);
}

// A batch is only as fast as the requests that really travel together.
TEST(transport, keeps_to_concurrency_and_reaches_it)
{
	std::mutex mutex;
	std::condition_variable changed;
	int present = 0, most = 0;
	Server server(
		[&](Connection &connection)
		{
			std::string head, text;
			while (connection.receive(head, text))
			{
				{
					// The first answers wait for company: nobody may wait for them.
					std::unique_lock<std::mutex> lock(mutex);
					most = std::max(most, ++present);
					changed.notify_all();
					changed.wait_for(lock, 2s, [&] { return most >= 3; });
				}
				std::this_thread::sleep_for(30ms);
				{
					const std::lock_guard<std::mutex> lock(mutex);
					present--;
				}
				connection.answer(good);
			}
		});
	const std::string url = server.url();
	gql::EndpointSettings settings = settings_for(url);
	settings.concurrency = 3;
	Client client(settings);
	std::vector<gql::Transfer *> transfers;
	const Stopwatch watch;

	for (int i = 0; i < 18; i++)
	{
		transfers.push_back(client.start());
	}
	for (gql::Transfer *transfer : transfers)
	{
		Client::wait(transfer);
		EXPECT_EQ(code(transfer), gql::Code::none);
	}
	EXPECT_EQ(most, 3);
	EXPECT_EQ(server.connections(), 3u);
	EXPECT_LT(watch.ms(), 18 * 30);
}

TEST(transport, requests_of_several_endpoints_travel_together)
{
	const auto slow = [](Connection &connection)
	{
		std::string head, text;
		connection.receive(head, text);
		std::this_thread::sleep_for(200ms);
		connection.answer(good);
	};
	Server first(slow), second(slow);
	const std::string first_url = first.url(), second_url = second.url();
	Client one(settings_for(first_url)), other(settings_for(second_url));
	const Stopwatch watch;
	gql::Transfer *a = one.start(), *b = other.start();

	Client::wait(a);
	Client::wait(b);
	EXPECT_LT(watch.ms(), 380);
	EXPECT_EQ(body(a), good);
	EXPECT_EQ(body(b), good);
}

// ---------------------------------------------------------------------------------------------
// Time

TEST(transport, the_deadline_covers_everything)
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
	settings.request_timeout_ms = 300;
	settings.max_retries = 2;
	Client client(settings);

	for (const bool mutation : {false, true})
	{
		const Stopwatch watch;
		gql::Transfer *transfer = client.run(mutation);

		EXPECT_EQ(code(transfer),
				  mutation ? gql::Code::outcome_unknown : gql::Code::connection_lost);
		EXPECT_NE(message(transfer).find("no complete answer within 300 ms"), std::string::npos)
			<< message(transfer);
		EXPECT_GE(watch.ms(), 299);
		EXPECT_LT(watch.ms(), 600);
	}
}

TEST(transport, a_dripping_body_ends_at_the_deadline)
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
	EXPECT_LT(watch.ms(), 600);
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

TEST(transport, connecting_ends_at_its_own_timeout)
{
	BlackHole hole;
	const std::string url = "http://127.0.0.1:" + std::to_string(hole.port);
	gql::EndpointSettings settings = settings_for(url);
	settings.connect_timeout_ms = 300;
	settings.max_retries = 2;
	Client client(settings);
	const Stopwatch watch;
	gql::Transfer *mutation = client.run(true);

	EXPECT_EQ(code(mutation), gql::Code::unreachable) << message(mutation);
	EXPECT_GE(watch.ms(), 290);
	EXPECT_LT(watch.ms(), 600);
}

TEST(transport, closing_during_a_hung_connect_is_immediate)
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
	EXPECT_LT(watch.ms(), 200);
}

TEST(transport, closing_during_hung_name_resolution_is_immediate)
{
	const std::string url = "http://hang.test:8080/graphql";
	Client client(settings_for(url));
	const int before = hung_resolutions;
	gql::Transfer *transfer = client.start();

	while (hung_resolutions == before)
	{
		Client::turn(50ms);
	}
	EXPECT_FALSE(gql::transfer_done(transfer));
	const Stopwatch watch;
	client.close(transfer);
	EXPECT_LT(watch.ms(), 200);
	EXPECT_TRUE(resolver_blocks_signals);
}

TEST(transport, hung_name_resolution_ends_at_the_connect_timeout)
{
	const std::string url = "http://hang.test:8080/graphql";
	gql::EndpointSettings settings = settings_for(url);
	settings.connect_timeout_ms = 300;
	settings.max_retries = 2;
	const Stopwatch watch;
	{
		Client client(settings);
		EXPECT_EQ(code(client.run()), gql::Code::unreachable);
	}
	EXPECT_LT(watch.ms(), 600);
}

TEST(transport, a_deadline_during_name_resolution_is_unreachable)
{
	const std::string url = "http://hang.test:8080/graphql";
	gql::EndpointSettings settings = settings_for(url);
	settings.request_timeout_ms = 200;
	const Stopwatch watch;
	{
		Client client(settings);
		EXPECT_EQ(code(client.run(true)), gql::Code::unreachable);
	}
	EXPECT_LT(watch.ms(), 500);
}

TEST(transport, unknown_hosts_are_not_retried)
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

// ---------------------------------------------------------------------------------------------
// Addresses

TEST(transport, http_reaches_loopback_only)
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

TEST(transport, names_of_loopback_addresses_are_fine)
{
	Server *self = nullptr;
	Server server([&](Connection &connection) { answer_all(self, connection); });
	self = &server;
	const std::string url = "http://here.test:" + std::to_string(server.port());
	Client client(settings_for(url));

	EXPECT_EQ(code(client.run()), gql::Code::none);
}

TEST(transport, metadata_addresses_are_never_reached)
{
	for (const char *url : {"http://metadata.test/", "https://metadata.test/",
							"https://169.254.169.254/", "https://2852039166/"})
	{
		Client client(settings_for(url));
		EXPECT_EQ(code(client.run()), gql::Code::forbidden) << url;
		EXPECT_EQ(code(client.run(true)), gql::Code::forbidden) << url;
	}
}

TEST(transport, the_environment_names_no_proxy)
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

TEST(transport, plain_http_on_a_tls_port_is_unreachable)
{
	Server server(
		[](Connection &connection)
		{
			connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
			connection.wait_for_close();
		});
	const std::string url = "https://127.0.0.1:" + std::to_string(server.port());
	Client client(settings_for(url));
	gql::Transfer *transfer = client.run(true);

	EXPECT_EQ(code(transfer), gql::Code::unreachable);
	EXPECT_EQ(message(transfer).rfind("could not establish TLS with GraphQL server \"shop\": ", 0),
			  0u)
		<< message(transfer);
}

// ---------------------------------------------------------------------------------------------
// Ends

TEST(transport, a_large_answer_costs_little_more_than_its_bytes)
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
TEST(transport, running_out_of_memory_fails_the_transfer_alone)
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

TEST(transport, everything_may_be_closed_in_any_order)
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
		transfer = gql::transfer_start(endpoint, question, false, err);
		ASSERT_NE(transfer, nullptr);
	}
	for (int i = 0; i < 10; i++)
	{
		Client::turn(10ms);
	}
	gql::endpoint_release(endpoint);
	gql::transfer_close(transfers[0]);    // in flight
	gql::transfer_close(transfers[4]);    // queued
	for (int i = 0; i < 10; i++)
	{
		Client::turn(10ms);
	}
	EXPECT_EQ(server.connections(), 3u) << "the next one in the queue must have started";
	gql::transfer_close(transfers[3]);
	gql::transfer_close(transfers[2]);
	gql::transfer_close(transfers[1]);
	std::this_thread::sleep_for(50ms);
	EXPECT_EQ(server.open_connections(), 0u) << "half-read connections must be closed";
}

TEST(transport, a_body_may_be_sent_before_anybody_waits)
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

	std::this_thread::sleep_for(50ms);
	EXPECT_EQ(seen, 2) << "on a connection at hand a request leaves at once";
	Client::wait(transfer);
}

TEST(transport, nothing_is_left_open)
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
	std::this_thread::sleep_for(50ms);
	EXPECT_EQ(open_descriptors(), before);
}

TEST(transport, the_signal_mask_is_put_back)
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

TEST(transport, unusable_settings_are_refused)
{
	gql::EndpointSettings settings = settings_for("ftp://example.com");
	gql::Error err;

	EXPECT_EQ(gql::endpoint_open(settings, err), nullptr);
	EXPECT_EQ(err.code, gql::Code::invalid_option);

	settings = settings_for("http://127.0.0.1/");
	settings.http_version = "3";
	err = {};
	EXPECT_EQ(gql::endpoint_open(settings, err), nullptr);
	EXPECT_EQ(err.code, gql::Code::invalid_option);
	EXPECT_NE(gql::transport_version().find("libcurl/"), std::string_view::npos);
}

}    // namespace
