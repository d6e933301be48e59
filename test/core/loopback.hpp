// How do tests talk to an API without a network: a server on loopback and a client to go with it?
//
// The server runs one function per connection, each on a thread of its own, so it can play good
// and bad APIs down to the single byte.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/door/transport.hpp"
#include "core/transfer.hpp"

namespace loopback
{

using namespace std::chrono_literals;

class Connection
{
public:
	Connection(int descriptor, size_t number) : number_(number), descriptor_(descriptor) {}

	// Which connection of the server this is, from 1.
	size_t
	number() const
	{
		return number_;
	}

	// Reads a whole request; false when the client has closed.
	bool
	receive(std::string &head, std::string &body)
	{
		size_t end;
		while ((end = pending_.find("\r\n\r\n")) == std::string::npos)
		{
			if (!fill())
			{
				return false;
			}
		}
		head = pending_.substr(0, end + 4);
		pending_.erase(0, end + 4);

		const size_t at = head.find("Content-Length: ");
		const size_t length = at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
		while (pending_.size() < length)
		{
			if (!fill())
			{
				return false;
			}
		}
		body = pending_.substr(0, length);
		pending_.erase(0, length);
		return true;
	}

	bool
	send(std::string_view text)
	{
		while (!text.empty())
		{
			const ssize_t sent = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
			if (sent <= 0)
			{
				return false;
			}
			text.remove_prefix(static_cast<size_t>(sent));
		}
		return true;
	}

	bool
	answer(std::string_view body, std::string_view status = "200 OK", std::string_view more = "")
	{
		return send(
			"HTTP/1.1 " + std::string(status) +
			"\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
			"\r\n" + std::string(more) + "\r\n" + std::string(body));
	}

	// Closing then sends RST instead of FIN.
	void
	reset_on_close()
	{
		const linger option = {1, 0};
		setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &option, sizeof(option));
	}

	// Waits until the client closes; the time that took.
	void
	wait_for_close()
	{
		while (fill())
		{
		}
	}

private:
	bool
	fill()
	{
		char bytes[65536];
		const ssize_t count = recv(descriptor_, bytes, sizeof(bytes), 0);
		if (count > 0)
		{
			pending_.append(bytes, static_cast<size_t>(count));
		}
		return count > 0;
	}

	size_t number_;
	int descriptor_;
	std::string pending_;
};

// Runs `serve` on a thread of its own for each connection.
class Server
{
public:
	using Serve = std::function<void(Connection &)>;

	explicit Server(Serve serve) : serve_(std::move(serve))
	{
		sockaddr_in address = {};
		socklen_t length = sizeof(address);

		listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		address.sin_family = AF_INET;
		address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		if (bind(listener_, reinterpret_cast<sockaddr *>(&address), sizeof(address)) != 0 ||
			listen(listener_, 128) != 0 ||
			getsockname(listener_, reinterpret_cast<sockaddr *>(&address), &length) != 0)
		{
			abort();
		}
		port_ = ntohs(address.sin_port);
		acceptor_ = std::thread([this] { accept_all(); });
	}

	~Server()
	{
		shutdown(listener_, SHUT_RDWR);
		acceptor_.join();
		{
			const std::lock_guard<std::mutex> lock(mutex_);
			for (const int descriptor : open_)
			{
				shutdown(descriptor, SHUT_RDWR);
			}
		}
		for (std::thread &thread : threads_)
		{
			thread.join();
		}
		close(listener_);
	}

	std::string
	url() const
	{
		return "http://127.0.0.1:" + std::to_string(port_) + "/graphql";
	}
	int
	port() const
	{
		return port_;
	}
	size_t
	connections()
	{
		const std::lock_guard<std::mutex> lock(mutex_);
		return threads_.size();
	}
	size_t
	open_connections()
	{
		const std::lock_guard<std::mutex> lock(mutex_);
		return open_.size();
	}

	std::atomic<int> requests{0};

private:
	void
	accept_all()
	{
		for (;;)
		{
			const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
			const int on = 1;

			if (descriptor < 0)
			{
				return;
			}
			setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
			const std::lock_guard<std::mutex> lock(mutex_);
			open_.push_back(descriptor);
			threads_.emplace_back([this, descriptor, number = threads_.size() + 1]
								  { serve_one(descriptor, number); });
		}
	}

	void
	serve_one(int descriptor, size_t number)
	{
		Connection connection(descriptor, number);

		serve_(connection);
		const std::lock_guard<std::mutex> lock(mutex_);
		open_.erase(std::find(open_.begin(), open_.end(), descriptor));
		close(descriptor);
	}

	Serve serve_;
	int listener_ = -1;
	int port_ = 0;
	std::thread acceptor_;
	std::mutex mutex_;
	std::vector<std::thread> threads_;
	std::vector<int> open_;
};

inline Server::Serve
saying(std::string text)
{
	return [text](Connection &connection)
	{
		std::string head, request;
		connection.receive(head, request);
		connection.send(text);
	};
}

// ---------------------------------------------------------------------------------------------
// The client

inline constexpr const char *secret = "s3cr3t-canary";
inline constexpr std::string_view question = R"({"query":"{ ok }"})";
inline constexpr std::string_view good = R"({"data":{"ok":true}})";

class Client
{
public:
	explicit Client(const gql::EndpointSettings &settings)
	{
		gql::Error err;
		endpoint_ = gql::endpoint_open(settings, err);
		EXPECT_NE(endpoint_, nullptr) << err.message << ": " << err.detail;
	}
	~Client()
	{
		for (gql::Transfer *transfer : transfers_)
		{
			gql::transfer_close(transfer);
		}
		gql::endpoint_release(endpoint_);
	}
	Client(const Client &) = delete;
	Client &operator=(const Client &) = delete;

	gql::Transfer *
	start(bool mutation = false)
	{
		gql::Error err;
		gql::Transfer *transfer = gql::transfer_start(endpoint_, nullptr, question, mutation, err);
		EXPECT_NE(transfer, nullptr) << err.message << ": " << err.detail;
		transfers_.push_back(transfer);
		return transfer;
	}

	void
	close(gql::Transfer *transfer)
	{
		transfers_.erase(std::find(transfers_.begin(), transfers_.end(), transfer));
		gql::transfer_close(transfer);
	}

	static void
	wait(const gql::Transfer *transfer)
	{
		const auto give_up = std::chrono::steady_clock::now() + 20s;
		while (!gql::transfer_done(transfer))
		{
			ASSERT_LT(std::chrono::steady_clock::now(), give_up) << "never done";
			turn(1000ms);
		}
	}

	// What the PostgreSQL side does: wait for the descriptor, drive.
	static void
	turn(std::chrono::milliseconds most)
	{
		gql::Error err;
		pollfd descriptor = {gql::transport_fd(err), POLLIN, 0};
		ASSERT_GE(descriptor.fd, 0) << err.message;
		poll(&descriptor, 1, static_cast<int>(most.count()));
		gql::transport_drive();
	}

	// Starts and waits.
	gql::Transfer *
	run(bool mutation = false)
	{
		gql::Transfer *transfer = start(mutation);
		wait(transfer);
		return transfer;
	}

	gql::Endpoint *
	endpoint() const
	{
		return endpoint_;
	}

private:
	gql::Endpoint *endpoint_;
	std::vector<gql::Transfer *> transfers_;
};

inline gql::EndpointSettings
settings_for(std::string_view url)
{
	gql::EndpointSettings settings;
	settings.server = "shop";
	settings.url = url;
	settings.bearer_token = secret;
	settings.request_timeout_ms = 5000;
	settings.connect_timeout_ms = 2000;
	settings.max_retries = 0;
	settings.policy.inner_networks = true;
	return settings;
}

inline std::string
body(gql::Transfer *transfer)
{
	return std::string(gql::transfer_answer(transfer).body.view());
}

inline gql::Code
code(const gql::Transfer *transfer)
{
	const gql::Error *error = gql::transfer_error(transfer);
	if (error == nullptr)
	{
		return gql::Code::none;
	}
	// No message ever holds a secret, a path or a request.
	for (const std::string_view text : {error->message, error->detail, error->hint})
	{
		EXPECT_EQ(text.find(secret), std::string_view::npos) << text;
		EXPECT_EQ(text.find("/graphql"), std::string_view::npos) << text;
		EXPECT_EQ(text.find("query"), std::string_view::npos) << text;
	}
	EXPECT_NE(std::string_view(error->message).find("\"shop\""), std::string_view::npos)
		<< error->message;
	return error->code;
}

inline std::string
message(const gql::Transfer *transfer)
{
	const gql::Error *error = gql::transfer_error(transfer);
	return error == nullptr ? "" : error->message;
}

inline std::string
detail(const gql::Transfer *transfer)
{
	const gql::Error *error = gql::transfer_error(transfer);
	return error == nullptr ? "" : error->detail;
}

// Answers every request of every connection.
inline void
answer_all(Server *&server, Connection &connection)
{
	std::string head, text;
	while (connection.receive(head, text))
	{
		server->requests++;
		if (!connection.answer(good))
		{
			return;
		}
	}
}

struct Stopwatch
{
	std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
	int64_t
	ms() const
	{
		return std::chrono::duration_cast<std::chrono::milliseconds>(
				   std::chrono::steady_clock::now() - began)
			.count();
	}
};

// Faults that are looked for by the clock last longer than this, and no machine is so busy.
inline constexpr int64_t at_once_ms = 1500;

// Whether it comes true, however busy the machine is.
inline bool
comes_true(const std::function<bool()> &test)
{
	const Stopwatch watch;

	while (!test())
	{
		if (watch.ms() > 10000)
		{
			return false;
		}
		std::this_thread::sleep_for(2ms);
	}
	return true;
}

}    // namespace loopback
