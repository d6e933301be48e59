// Is the API asked for no more than is needed, are its answers kept, and refusals respected?

#include "core/schema_learn.hpp"

#include "fixture.hpp"

#include "core/verdict.hpp"

namespace gql::test
{

namespace
{

void
learn(Schema &schema, const std::string &body, long status = 200)
{
	Answer answer = make_answer(body, status);
	Error err = error_from(
		[&] {
			schema_learn_from(schema, Source{answer, "shop", "host", false});
		});

	if (err.code != Code::none)
	{
		schema_fail(schema, err.code);
	}
}

const std::string account =
	introspected_root(introspected_field("account", introspected_input("id", "ID!"), "Account"));

}    // namespace

TEST(Schema, AsksNothingThatIsNotNeeded)
{
	Schema schema;
	auto declared =
		make_table({"account", R"({"a": 1, "b": "not-a-name", "c": [true], "d": "true"})"},
				   {argument("id", "id", "ID!"), column("plan", "plan")});

	EXPECT_EQ(make_question(*make_query(declared, Method::single, {1}, {0}), schema), "");
	EXPECT_EQ(make_question(*make_query(declared, Method::single, {1}), schema), "");
}

TEST(Schema, AsksForTypesOfVariablesEnumsAndOpenArguments)
{
	auto asks = [](const Options &options, const std::vector<ColumnSpec> &columns,
				   const std::vector<int> &bound)
	{
		Schema schema;
		auto table = make_table(options, columns);

		return make_question(*make_query(table, Method::single, {0}, bound), schema);
	};
	std::string question = asks({"account"}, {argument("id", "id")}, {0});

	EXPECT_EQ(question.find("{\"query\":\"query { __schema{queryType{name fields"), 0u);
	EXPECT_EQ(question.back(), '}');
	EXPECT_EQ(asks({"account"}, {argument("id", "id")}, {}), question);
	EXPECT_EQ(asks({"account"}, {argument("id", "id", "ID")}, {}), "");
	EXPECT_EQ(asks({"account", R"({"order": "NAME"})"}, {column("id", "id")}, {}), question);
	EXPECT_EQ(asks({"account", R"({"a": {"b": ["NAME"]}})"}, {column("id", "id")}, {}), question);
}

// What the query root looks like tells nothing of a filter whose type is declared.
TEST(Schema, AsksForADeclaredFilterAtOnce)
{
	Schema schema;
	auto table = make_table({"products",
							 "",
							 {},
							 {},
							 R"({"argument": "where", "type": "ProductFilter!", "style": "nested",
			"operators": {"=": "eq"}, "columns": {"id": "="}})"},
							{column("id", "id")});
	QueryPointer query =
		make_query(table, Method::single, {0}, {}, 0, {{FilterOperator::equal, 0, 0, 0}});
	std::string question = make_question(*query, schema);

	EXPECT_EQ(question.find(R"({"query":"query { t0: __type(name: \"ProductFilter\"){name)"), 0u);
	EXPECT_EQ(question.find("__schema"), std::string::npos);
	learn(schema, R"({"data": {"t0": {"name": "ProductFilter", "inputFields": [)" +
					  introspected_input("id", "IdOperators", "INPUT_OBJECT") + "]}}}");
	EXPECT_FALSE(schema.refused);
	EXPECT_NE(make_question(*query, schema).find(R"(t0: __type(name: \"IdOperators\"))"),
			  std::string::npos);
	// A type that does not exist is an answer, too.
	learn(schema, R"({"data": {"t0": null}})");
	EXPECT_FALSE(schema.refused);
	EXPECT_EQ(make_question(*query, schema), "");
}

TEST(Schema, AnAnswerAnswers)
{
	Schema schema;
	auto table = make_table({"account"}, {argument("id", "id")});
	auto query = make_query(table, Method::single, {0}, {0});

	EXPECT_NE(make_question(*query, schema), "");
	learn(schema, "{\"data\":" + account + "}");
	EXPECT_FALSE(schema.refused);
	EXPECT_EQ(schema.query_type, "Query");
	EXPECT_EQ(make_question(*query, schema), "");
	EXPECT_EQ(make_document(*query, 1, &schema), "query($id: ID!) { account(id: $id) { id } }");
}

TEST(Schema, GoesOnToNestedTypesAllAtOnce)
{
	Schema schema;
	auto table = make_table({"shop.accounts.nodes", R"({"sort": "NAME"})"},
							{argument("id", "where.id._eq"), argument("shop", "shop(by.id)")});
	auto query = make_query(table, Method::single, {0}, {0, 1});

	make_question(*query, schema);
	learn(schema, "{\"data\":" +
					  introspected_root(introspected_field(
						  "shop", introspected_input("by", "By!", "INPUT_OBJECT"), "Shop!")) +
					  "}");

	std::string second = make_question(*query, schema);

	EXPECT_NE(second.find("t0: __type(name: \\\"By\\\")"), std::string::npos) << second;
	EXPECT_NE(second.find("t1: __type(name: \\\"Shop\\\")"), std::string::npos) << second;
	learn(schema, "{\"data\":{\"t0\":{\"name\":\"By\",\"fields\":null,\"inputFields\":[" +
					  introspected_input("id", "ShopID!") +
					  "]},\"t1\":{\"name\":\"Shop\",\"inputFields\":null,\"fields\":[" +
					  introspected_field("accounts",
										 introspected_input("where", "Where", "INPUT_OBJECT") +
											 "," + introspected_input("sort", "[Sort!]", "ENUM"),
										 "Accounts") +
					  "]}}}");
	EXPECT_NE(make_question(*query, schema).find("t0: __type(name: \\\"Where\\\")"),
			  std::string::npos);
	learn(schema, "{\"data\":{\"t0\":{\"name\":\"Where\",\"fields\":null,\"inputFields\":[" +
					  introspected_input("id", "Filter", "INPUT_OBJECT") + "]}}}");
	EXPECT_NE(make_question(*query, schema).find("t0: __type(name: \\\"Filter\\\")"),
			  std::string::npos);
	learn(schema, "{\"data\":{\"t0\":{\"name\":\"Filter\",\"fields\":null,\"inputFields\":[" +
					  introspected_input("_eq", "UUID") + "]}}}");
	EXPECT_EQ(make_question(*query, schema), "");
	EXPECT_EQ(make_document(*query, 1, &schema),
			  "query($shop: ShopID!, $id: UUID!) { shop(by: {id: $shop}) { accounts(sort: NAME, "
			  "where: {id: {_eq: $id}}) { nodes { id } } } }");
}

TEST(Schema, NestedRequiredMembers)
{
	Schema schema;
	auto table =
		make_table({"accounts"}, {argument("a", "where.a", "ID"), argument("b", "where.b", "ID")});

	learn(schema,
		  "{\"data\":" +
			  introspected_root(introspected_field(
				  "accounts", introspected_input("where", "Where!", "INPUT_OBJECT"), "[Account]")) +
			  "}");
	learn(schema, "{\"data\":{\"t0\":{\"name\":\"Where\",\"inputFields\":[" +
					  introspected_input("a", "ID!") + "," + introspected_input("b", "ID") +
					  "]}}}");
	EXPECT_EQ(missing_argument(*make_query(table, Method::single, {0}), &schema), "where");
	EXPECT_EQ(missing_argument(*make_query(table, Method::single, {0}, {1}), &schema), "a");
	EXPECT_EQ(missing_argument(*make_query(table, Method::single, {0}, {0}), &schema), "");
}

TEST(Schema, WhatIsNotAnsweredIsNotAskedAgain)
{
	Schema schema;
	auto table = make_table({"accounts"}, {argument("a", "where.a")});
	auto query = make_query(table, Method::single, {0}, {0});

	make_question(*query, schema);
	learn(schema,
		  "{\"data\":" +
			  introspected_root(
				  introspected_field("accounts",
									 introspected_input("where", "Where", "INPUT_OBJECT"), "T") +
				  "," + introspected_field("x", "", "X")) +
			  "}");
	EXPECT_NE(make_question(*query, schema), "");
	learn(schema, R"({"data":{"t0":null,"t1":{"name":"Other"}}})");
	EXPECT_EQ(make_question(*query, schema), "");
	EXPECT_FALSE(schema.refused);
	EXPECT_EQ(make_document(*query, 1, &schema),
			  "query($a: Int!) { accounts(where: {a: $a}) { a } }");
}

TEST(Schema, UnknownFieldsAreLeftToTheAPI)
{
	Schema schema;
	auto table = make_table({"typo.x"}, {argument("a", "a")});
	auto query = make_query(table, Method::single, {0}, {0});

	make_question(*query, schema);
	learn(schema, "{\"data\":" + account + "}");
	EXPECT_EQ(make_question(*query, schema), "");
	EXPECT_EQ(missing_argument(*query, &schema), "");
}

TEST(Schema, RefusalsAreRemembered)
{
	auto table = make_table({"account"}, {argument("id", "id")});
	auto query = make_query(table, Method::single, {0}, {0});

	for (
		const char *body :
		{R"({"errors":[{"message":"GraphQL introspection is not allowed","extensions":{"code":"INTROSPECTION_DISABLED"}}]})",
		 R"({"data":{"__schema":null}})", R"({"data":{}})", R"({"data":{"__schema":{}}})",
		 R"({"data":{"__schema":{"queryType":{"name":"Query","fields":[{"name":"a"}]}}}})",
		 R"({"data":{"__schema":{"queryType":[]}}})", "<html>", R"({"data":null})"})
	{
		Schema schema;

		EXPECT_NE(make_question(*query, schema), "");
		learn(schema, body);
		EXPECT_TRUE(schema.refused) << body;
		EXPECT_EQ(make_question(*query, schema), "");
		EXPECT_EQ(make_document(*query, 1, &schema),
				  "query($id: Int!) { account(id: $id) { id } }");
	}
}

TEST(Schema, FailuresThatMayPassAreNotRefusals)
{
	Schema schema;
	auto table = make_table({"account"}, {argument("id", "id")});
	auto query = make_query(table, Method::single, {0}, {0});

	make_question(*query, schema);
	learn(schema, "", 503);
	EXPECT_FALSE(schema.refused);
	EXPECT_EQ(make_question(*query, schema), "");
	schema.quiet_until = std::chrono::steady_clock::now();
	EXPECT_NE(make_question(*query, schema), "");
}

}    // namespace gql::test
