// Do transfers carry requests and answers, and go forward together?

#include <gtest/gtest.h>

#include <condition_variable>

#include "core/door/transport.hpp"

#include "loopback.hpp"

using namespace loopback;

namespace
{

TEST(Transport, SendsAPostAndTakesTheAnswer)
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

TEST(Transport, DoesNotAskForCompressionWhenItIsOff)
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

TEST(Transport, ReusesOneConnection)
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

TEST(Transport, EndpointsDoNotShareConnections)
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
TEST(Transport, KeepsToConcurrencyAndReachesIt)
{
	std::mutex mutex;
	std::condition_variable changed;
	int present = 0, most = 0, come = 0, alone = 0;
	Server server(
		[&](Connection &connection)
		{
			std::string head, text;
			while (connection.receive(head, text))
			{
				{
					// Answers wait until three requests are there: nobody may wait for them.
					std::unique_lock<std::mutex> lock(mutex);
					const int wanted = (come++ / 3 + 1) * 3;
					most = std::max(most, ++present);
					changed.notify_all();
					alone += changed.wait_for(lock, 4s, [&] { return come >= wanted; }) ? 0 : 1;
				}
				std::this_thread::sleep_for(10ms);
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
	EXPECT_EQ(alone, 0);
	EXPECT_EQ(server.connections(), 3u);
}

TEST(Transport, RequestsOfSeveralEndpointsTravelTogether)
{
	std::atomic<int> present{0};
	const auto in_company = [&](Connection &connection)
	{
		std::string head, text;
		connection.receive(head, text);
		present++;
		connection.answer(comes_true([&] { return present == 2; }) ? good : "{}");
	};
	Server first(in_company), second(in_company);
	const std::string first_url = first.url(), second_url = second.url();
	Client one(settings_for(first_url)), other(settings_for(second_url));
	gql::Transfer *a = one.start(), *b = other.start();

	Client::wait(a);
	Client::wait(b);
	EXPECT_EQ(body(a), good);
	EXPECT_EQ(body(b), good);
}

TEST(Transport, UnusableSettingsAreRefused)
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
