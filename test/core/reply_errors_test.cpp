// Are errors beside data told of the keys and rows that they are about, and of no others?

#include "reply_fixture.hpp"

namespace gql::test
{

TEST(ReplyErrors, KeptErrorsTellWhichSlotsFailed)
{
	auto table = make_table({"shop.accounts"}, {argument("id", "id"), column("plan", "plan")});
	auto query = make_query(table, Method::alias, {1}, {0});
	const char *body = R"({"data":{
		"a0":{"accounts":[{"plan":"x"}]},
		"a1":null,
		"a2":{"accounts":null},
		"a3":{"accounts":[{"plan":null}]},
		"a4":{"accounts":[{"plan":"y"},null]},
		"a5":null},
		"errors":[
		{"message":"e1","path":["a1"]},
		{"message":"e2","path":["a2","accounts"]},
		{"message":"e3","path":["a3","accounts",0,"plan"]},
		{"message":"e4","path":["a4","accounts","1","plan"]}]})";
	Result result = read(query, body, 6, OnError::keep);

	EXPECT_EQ(result.error.code, Code::none) << result.error.message;
	EXPECT_EQ(result.rows, (Rows{"0: 'x'", "3: -", "4: 'y'"}));
	EXPECT_EQ(result.errors, 4u);
	EXPECT_EQ(result.failed, (std::vector<bool>{false, true, true, false, true, false}));

	result = read(query, body, 6, OnError::error);
	EXPECT_EQ(result.error.code, Code::remote_error);
	EXPECT_STREQ(result.error.message, "GraphQL server \"shop\" reported an error at shop: e1");
}

TEST(ReplyErrors, ErrorsByKey)
{
	auto open = [](const QueryPointer &query, std::string_view body, size_t keys)
	{
		Answer answer = make_answer(body);

		return std::make_unique<Reply>(Source{answer, "shop", "", false}, *query, keys,
									   OnError::by_key, Lifetime::reply);
	};
	auto table =
		make_table({"account", "", R"([{"field":"accounts","arguments":{"ids":["$id"]}}])"},
				   {argument("id", "id", "Int!"), column("plan", "plan")});
	auto alias = make_query(table, Method::alias, {1}, {0}, 1);
	auto list = make_query(table, Method::list, {0, 1}, {0}, 0);
	Row row;
	Error err;

	// Nothing is left but the error, which is about the second key.
	auto lost = open(alias, R"({"data":null,"errors":[{"message":"e","path":["a1"]}]})", 3);
	EXPECT_TRUE(reply_lost_all(lost.get()));
	EXPECT_FALSE(reply_next(lost.get(), row, err));
	EXPECT_EQ(err.code, Code::none);
	EXPECT_FALSE(reply_slot_failed(lost.get(), 0));
	EXPECT_TRUE(reply_slot_failed(lost.get(), 1));
	EXPECT_EQ(reply_slot_error(lost.get(), 0), no_error);
	EXPECT_EQ(reply_slot_error(lost.get(), 1), 0u);
	EXPECT_EQ(reply_other_error(lost.get()), no_error);
	// Padding repeats the last key.
	lost = open(alias, R"({"data":null,"errors":[{"message":"e","path":["a19"]}]})", 17);
	EXPECT_TRUE(reply_slot_failed(lost.get(), 16));

	// Rows know their errors; what is in no row is another's.
	auto kept = open(list, R"({"data":{"accounts":[{"id":1,"plan":"x"},{"id":2,"plan":null}]},
		"errors":[{"message":"e1","path":["accounts","1","plan"]},{"message":"e2","path":["accounts",7,"plan"]}]})",
					 3);
	ASSERT_TRUE(reply_next(kept.get(), row, err));
	EXPECT_EQ(reply_row_error(kept.get(), row), no_error);
	ASSERT_TRUE(reply_next(kept.get(), row, err));
	EXPECT_EQ(reply_row_error(kept.get(), row), 0u);
	EXPECT_EQ(reply_other_error(kept.get()), 1u);

	// Errors about the whole request are its failure.
	for (const char *body :
		 {R"({"data":null,"errors":[{"message":"e"}]})",
		  R"({"data":null,"errors":[{"message":"e","path":["a1"]},{"message":"f"}]})",
		  R"({"data":{},"errors":[{"message":"Aliases limit of 2 exceeded, found 3."}]})"})
	{
		EXPECT_NE(error_from([&] { open(alias, body, 3); }).code, Code::none) << body;
	}
}

TEST(ReplyErrors, KeptErrorsOfListRequests)
{
	auto table = make_table({"accounts", R"({"ids":["$id"]})"}, {column("id", "id")});
	auto query = make_query(table, Method::list, {0}, {0});

	EXPECT_EQ(
		read(query, R"({"data":{"accounts":null},"errors":[{"message":"e"}]})", 3, OnError::keep)
			.failed,
		(std::vector<bool>{true, false, false}));
	EXPECT_EQ(read(query,
				   R"({"data":{"accounts":[{"id":1}]},"errors":[{"message":"e","path":["x"]}]})", 1,
				   OnError::keep)
				  .failed,
			  (std::vector<bool>{false}));
	EXPECT_EQ(read(query,
				   R"({"data":{"accounts":[]},"errors":[{"message":"e","path":["accounts"]}]})", 1,
				   OnError::keep)
				  .failed,
			  (std::vector<bool>{true}));
	EXPECT_EQ(read(query, R"({"data":{},"errors":[{"message":"e","path":["accounts"]}]})", 1,
				   OnError::keep)
				  .failed,
			  (std::vector<bool>{true}));
	EXPECT_EQ(
		read(query, R"({"data":null,"errors":[{"message":"e"}]})", 1, OnError::keep).error.code,
		Code::remote_error);
}

TEST(ReplyErrors, KeptErrorsAreBounded)
{
	auto table = make_table({"a"}, {column("id", "id"), column("plan", "plan")});
	auto query = make_query(table, Method::single, {0});
	std::string body = R"({"data":{"a":null},"errors":[{"message":"m0"})";
	Error err;

	for (int i = 1; i < 1000; i++)
	{
		body += ",{\"message\":\"m" + std::to_string(i) + "\"}";
	}

	Answer answer = make_answer(body + "]}");
	Reply reply(Source{answer, "shop", "host", false}, *query, 1, OnError::keep, Lifetime::row);

	EXPECT_EQ(reply_error_count(&reply), 1000u);
	EXPECT_LT(reply.errors.size(), 100u);
	reply_error(&reply, 1, err);
	EXPECT_STREQ(err.message, "GraphQL server \"shop\" reported an error: m1");
	reply_error(&reply, 999, err);
	EXPECT_EQ(err.code, Code::remote_error);
}

}    // namespace gql::test
