// Do table, query, schema and reply work together with the transport, through the door alone?

#include "fixture.hpp"
#include "loopback.hpp"

namespace gql::test
{

namespace
{

// Answers introspection with `schema`, everything else with `answer`.
loopback::Server::Serve
api(std::string schema, std::string answer)
{
	return [schema, answer](loopback::Connection &connection)
	{
		std::string head, body;

		while (connection.receive(head, body))
		{
			connection.answer(body.find("__schema") == std::string::npos ? answer : schema);
		}
	};
}

using TransferPointer = std::unique_ptr<Transfer, decltype(&transfer_close)>;

TransferPointer
send(const loopback::Client &client, std::string_view body)
{
	Error err;
	TransferPointer transfer(transfer_start(client.endpoint(), nullptr, body, false, err),
							 &transfer_close);

	EXPECT_NE(transfer, nullptr) << err.message;
	loopback::Client::wait(transfer.get());
	return transfer;
}

const std::string schema =
	"{\"data\":" +
	introspected_root(introspected_field("account", introspected_input("id", "ID!"), "Account")) +
	"}";

}    // namespace

TEST(Exchange, AskLearnSendRead)
{
	loopback::Server server(api(schema, R"({"data":{"a0":{"plan":"x"},"a1":null}})"));
	std::string url = server.url();
	loopback::Client client(loopback::settings_for(url));
	auto table = make_table({"account"}, {argument("id", "id"), column("plan", "plan")});
	auto query = make_query(table, Method::alias, {1}, {0});
	std::string_view values[] = {"\"1\"", "\"2\""};
	Error err;

	EXPECT_EQ(query_bound_type(query.get(), 0, client.endpoint()), "");
	std::string question(query_schema_question(query.get(), client.endpoint(), err));
	ASSERT_NE(question, "");
	schema_learn(client.endpoint(), send(client, question).get());
	EXPECT_EQ(query_schema_question(query.get(), client.endpoint(), err), "");
	EXPECT_EQ(query_bound_type(query.get(), 0, client.endpoint()), "ID");
	EXPECT_EQ(query_missing_argument(query.get(), client.endpoint()), "");
	EXPECT_EQ(query_document(query.get(), 1, client.endpoint(), err),
			  "query($k0: ID!) { a0: account(id: $k0) { plan } }");

	std::string body(query_body(query.get(), values, 2, nullptr, client.endpoint(), err));
	TransferPointer transfer = send(client, body);
	Reply *reply = reply_open(transfer.get(), query.get(), 2, OnError::error, Lifetime::reply, err);
	Row row;

	ASSERT_NE(reply, nullptr) << err.message;
	transfer.reset();    // the reply holds the body
	ASSERT_TRUE(reply_next(reply, row, err)) << err.message;
	EXPECT_EQ(row.slot, 0u);
	EXPECT_EQ(row.values[0].text, "x");
	EXPECT_FALSE(reply_next(reply, row, err));
	EXPECT_EQ(err.code, Code::none);
	reply_close(reply);
}

TEST(Exchange, RefusedIntrospectionLeavesTheTypesToSQL)
{
	loopback::Server server(api(R"({"errors":[{"message":"introspection is off"}]})", "{}"));
	std::string url = server.url();
	loopback::Client client(loopback::settings_for(url));
	auto table = make_table({"account"}, {argument("id", "id")});
	auto query = make_query(table, Method::single, {0}, {0});
	Error err;

	schema_learn(client.endpoint(),
				 send(client, query_schema_question(query.get(), client.endpoint(), err)).get());
	EXPECT_EQ(query_schema_question(query.get(), client.endpoint(), err), "");
	EXPECT_EQ(query_document(query.get(), 1, client.endpoint(), err),
			  "query($id: Int!) { account(id: $id) { id } }");
}

TEST(Exchange, NoAnswerEndsTheQuestions)
{
	loopback::Server server(api(schema, "{}"));
	std::string url = server.url();
	loopback::Client client(loopback::settings_for(url));
	auto table = make_table({"account"}, {argument("id", "id")});
	auto query = make_query(table, Method::single, {0}, {0});
	Error err;

	schema_learn(client.endpoint(), nullptr);
	EXPECT_EQ(query_schema_question(query.get(), client.endpoint(), err), "");
}

TEST(Exchange, DataIsReadInPlace)
{
	std::string_view data;
	Error first, err;

	{
		loopback::Server server(api("", " {\"errors\":[], \"data\": {\"a\" : [1] } } "));
		std::string url = server.url();
		loopback::Client client(loopback::settings_for(url));
		TransferPointer transfer = send(client, "{}");

		ASSERT_TRUE(reply_data(transfer.get(), OnError::error, data, first, err)) << err.message;
		EXPECT_EQ(data, "{\"a\" : [1] }");
		EXPECT_EQ(first.code, Code::none);
	}
	{
		loopback::Server server(api("", R"({"data":{"a":null},"errors":[{"message":"no"}]})"));
		std::string url = server.url();
		loopback::Client client(loopback::settings_for(url));
		TransferPointer transfer = send(client, "{}");

		EXPECT_FALSE(reply_data(transfer.get(), OnError::error, data, first, err));
		EXPECT_EQ(err.code, Code::remote_error);
		ASSERT_TRUE(reply_data(transfer.get(), OnError::keep, data, first, err));
		EXPECT_EQ(data, "{\"a\":null}");
		EXPECT_STREQ(first.message, "GraphQL server \"shop\" reported an error: no");
	}
}

TEST(Exchange, AFailedTransferIsReportedAsItIs)
{
	loopback::Client client(loopback::settings_for("http://127.0.0.1:1/graphql"));
	auto table = make_table({"a"}, {column("id", "id")});
	auto query = make_query(table, Method::single, {0});
	TransferPointer transfer = send(client, "{}");
	Error first, err;
	std::string_view data;

	EXPECT_EQ(reply_open(transfer.get(), query.get(), 1, OnError::keep, Lifetime::row, err),
			  nullptr);
	EXPECT_EQ(err.code, Code::unreachable);
	EXPECT_STREQ(err.message, transfer_error(transfer.get())->message);
	EXPECT_FALSE(reply_data(transfer.get(), OnError::keep, data, first, err));
	EXPECT_EQ(err.code, Code::unreachable);
}

}    // namespace gql::test
