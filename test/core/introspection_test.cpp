// What is made of an introspection that is refused, wrong, or an older server's?

#include "core/introspection.hpp"

#include "schema_fixture.hpp"

namespace gql::test
{

namespace
{

// The parts of an introspection of one field, to be taken apart.
std::string
introspection_of(const std::string &types, const std::string &query = R"({"name":"Query"})")
{
	return R"({"data":{"__schema":{"queryType":)" + query + R"(,"types":[)" + types + "]}}}";
}

std::string
query_with(const std::string &field)
{
	return R"({"kind":"OBJECT","name":"Query","fields":[)" + field + "]}";
}

}    // namespace

TEST(Introspection, IntrospectionSwitchedOff)
{
	auto said = [](const std::string &message, const std::string &more = "")
	{ return "{\"errors\":[{\"message\":\"" + message + '"' + more + "}]}"; };

	for (
		const std::string &body :
		{said(
			 "GraphQL introspection is not allowed by Apollo Server, but the query contained "
			 "__schema or __type. To enable introspection, pass introspection: true",
			 R"(,"extensions":{"code":"GRAPHQL_VALIDATION_FAILED","validationErrorCode":"INTROSPECTION_DISABLED"})"),
		 said("no", R"(,"extensions":{"code":"INTROSPECTION_DISABLED"})"),
		 said(
			 "GraphQL introspection has been disabled, but the requested query contained the field "
			 "\\\"__schema\\\"."),
		 said("GraphQL introspection is not allowed, but the query contained __schema or __type"),
		 said("Introspection is not allowed for the current request."),
		 said("Introspection has been disabled for this request"), said("introspection disabled"),
		 said("Field '__schema' doesn't exist on type 'Query'"),
		 said("field '__schema' not found in type: 'query_root'"),
		 said("Cannot query field \\\"__schema\\\" on type \\\"Query\\\"."),
		 std::string(R"({"data":{"__schema":null}})"), std::string(R"({"data":{}})")})
	{
		RemoteSchema schema;
		Error err = answered(schema, body, 400);

		if (body[2] == 'd')
		{
			err = answered(schema, body);
		}
		EXPECT_EQ(err.code, Code::schema_unavailable) << body;
		EXPECT_STREQ(err.message, "GraphQL server \"shop\" does not show its schema");
		EXPECT_NE(std::string(err.hint).find("schema_file"), std::string::npos);
	}
}

TEST(Introspection, OlderServersAreAskedForLess)
{
	for (const char *message :
		 {"Cannot query field \\\"isOneOf\\\" on type \\\"__Type\\\".",
		  "Cannot query field \\\"description\\\" on type \\\"__Schema\\\".",
		  "Unknown argument \\\"includeDeprecated\\\" on field \\\"__Type.inputFields\\\".",
		  "Query has complexity of 217, which exceeds max complexity of 200",
		  "Maximum introspection depth exceeded"})
	{
		std::string body = std::string("{\"errors\":[{\"message\":\"") + message + "\"}]}";

		for (long status : {200, 400, 500})
		{
			RemoteSchema schema;

			EXPECT_EQ(answered(schema, body, status).code, Code::request_refused) << body << status;
		}
	}
}

TEST(Introspection, OtherFailuresStayWhatTheyAre)
{
	RemoteSchema schema;

	EXPECT_EQ(answered(schema, "", 401).code, Code::unauthenticated);
	EXPECT_EQ(answered(schema,
					   R"({"errors":[{"message":"who?","extensions":{"code":"UNAUTHENTICATED"}}]})")
				  .code,
			  Code::unauthenticated);
	EXPECT_EQ(answered(schema, "", 503).code, Code::connection_lost);
	EXPECT_EQ(answered(schema, "", 429).code, Code::rate_limited);
	EXPECT_EQ(answered(schema, "<html>").code, Code::protocol_violation);
}

TEST(Introspection, TolerantOfWhatIsLeftOut)
{
	auto schema = read_schema(introspection_of(
		query_with(R"({"type":{"name":"T","kind":"INTERFACE"},"name":"a"})") +
		R"(,{"name":"T","kind":"INTERFACE","unknown":[{}],"possibleTypes":[{"kind":"OBJECT","name":"Query"}]})"));

	EXPECT_EQ(type_of(schema, "Query").fields[0].type.kind, TypeKind::interface);
	EXPECT_TRUE(type_of(schema, "T").possible.empty());
	EXPECT_EQ(
		read_schema(
			R"({"__schema":{"queryType":{"name":"Q"},"types":[{"kind":"OBJECT","name":"Q"}]}})")
			->types.query_type,
		"Q");
}

TEST(Introspection, RefusesWhatCannotBe)
{
	auto field = [](const std::string &type)
	{ return refused_schema(introspection_of(query_with(R"({"name":"a","type":)" + type + "}"))); };

	EXPECT_EQ(refused_schema("{}"), "it is JSON without the result of introspection");
	EXPECT_EQ(refused_schema(R"({"data":null})"), "it is JSON without the result of introspection");
	EXPECT_EQ(refused_schema(R"({"data":[]})"), "an object is missing");
	EXPECT_EQ(refused_schema(R"({"__schema":{}})"), "it has no query type");
	EXPECT_EQ(refused_schema(R"({"__schema":)"), "its structure is broken");
	EXPECT_EQ(refused_schema(introspection_of("")), "the query type is the unknown type \"Query\"");
	EXPECT_EQ(refused_schema(introspection_of("{}")), "a type has no name");
	EXPECT_EQ(refused_schema(introspection_of("[]")), "an object is missing");
	EXPECT_EQ(refused_schema(introspection_of(R"({"name":"A","kind":"NEW"})")),
			  "a type is of an unknown kind");
	EXPECT_EQ(refused_schema(introspection_of(R"({"name":"A b","kind":"SCALAR"})")),
			  "a type has the name \"A b\", which is not a GraphQL name");
	EXPECT_EQ(refused_schema(introspection_of(
				  query_with(R"({"name":"\u0000","type":{"kind":"SCALAR","name":"Int"}})"))),
			  "a field has the name \"\xEF\xBF\xBD\", which is not a GraphQL name");
	EXPECT_EQ(refused_schema(introspection_of(query_with(R"({"name":"a"})"))), "a type is missing");
	EXPECT_EQ(refused_schema(introspection_of(query_with(R"({"name":7})"))), "a string is missing");
	EXPECT_EQ(field(R"({"kind":"NON_NULL","name":null,"ofType":null})"),
			  "a type is nested too deeply");
	EXPECT_EQ(field(R"({"kind":"SCALAR"})"), "a type has no name");
	EXPECT_EQ(field(R"({"kind":"SCALAR","name":"Int!] evil"})"),
			  "field \"Query.a\" is of the unknown type \"Int!] evil\"");

	std::string deep;

	for (int i = 0; i < 10000; i++)
	{
		deep += R"({"kind":"LIST","ofType":)";
	}
	EXPECT_NE(field(deep), "");
	EXPECT_EQ(refused_schema(introspection_of(query_with("")) + std::string(600000, '{')),
			  "it is too large");
	EXPECT_EQ(refused_schema("enum E {" + std::string(3000000, 'X') + "}"), "it has no query type");

	std::string many = "enum E {";

	for (int i = 0; i < 1000001; i++)
	{
		many += "X ";
	}
	EXPECT_EQ(refused_schema(many).substr(0, 14), "it is too long");
}

TEST(Introspection, WarningsAreBounded)
{
	std::string many = "type Query { a: Int } enum E {";

	for (int i = 0; i < 5000; i++)
	{
		many += "X ";
	}

	auto schema = read_schema(many + "}");

	EXPECT_EQ(schema_warning_count(schema.get()), 1000u);
	EXPECT_EQ(schema_warning(schema.get(), 0),
			  "type \"E\" defines value \"X\" twice; the first one is used");
}

}    // namespace gql::test
