// Do introspection and SDL give the same schema, and is what they tell no more trusted than it
// deserves?

#include "core/introspection.hpp"

#include <cstdlib>
#include <fstream>
#include <random>

#include "schema_fixture.hpp"

namespace gql::test
{

namespace
{

// Something of everything, as graphql-js reads it.
constexpr std::string_view everything = R"sdl("""The "API"."""
schema { query: Root mutation: Write }
directive @cost(weight: [Int!] = [1], why: String = ")") repeatable on FIELD_DEFINITION | OBJECT
"""
A root.

  Indented, with \""" and \ in it.
	"""
type Root {
	account("of it" id: ID!, first: Int = 10 @deprecated(reason: "ask \"less\"\n")): Account @deprecated
	"" list("what" by: By = {c: RED}, ids: [ID!] = "5", ratio: Float = 1.50): [[Account!]]!
		@deprecated(reason: "old") @cost(weight: [2])
	"  leading blanks" find(plan: [Plan!]! = PRO, when: Date = "2024-01-01", not: Boolean = null): Found
	"tab\tand \u00e9\u0001"
	node: Node
	deep: [[[[Int!]!]!]!]!
}
type Write { add(input: Input! = {rest: {}, items: [{}, {a: [1]}]}): Boolean! }
interface Node { id: ID! }
interface Named implements Node { id: ID! name: String }
type Account implements Named & Node { id: ID! name: String plan: Plan @cost }
extend type Account { since: Date }
union Found = Write | Account
"the plans" enum Plan { "cheap" FREE PRO @deprecated(reason: "gone") RED }
input By @oneOf { a: ID b: String c: Plan }
input Input { items: [Item!] = {a: 7}, rest: Item text: String = """
   block "quoted" """ }
input Item { a: [Int!] = [1, 2] b: Plan = FREE, id: ID = "12", old: Int @deprecated }
"a day" scalar Date @specifiedBy(url: "https://example.com/date")
)sdl";

std::string
introspect(std::string_view sdl)
{
	char path[] = "/tmp/graphql_fdw_test_XXXXXX";
	int file = mkstemp(path);
	std::string json;

	EXPECT_EQ(write(file, sdl.data(), sdl.size()), static_cast<ssize_t>(sdl.size()));
	close(file);
	json = graphql_js(std::string("introspect ") + path);
	unlink(path);
	return json;
}

}    // namespace

TEST(RemoteSchema, AsksInTheWordsOfTheReferenceImplementation)
{
	std::string bodies;

	for (size_t attempt = 0; !introspection_body(attempt).empty(); attempt++)
	{
		bodies.append(introspection_body(attempt)).append("\n");
	}
	EXPECT_EQ(bodies, graphql_js("questions"));
}

TEST(RemoteSchema, SdlAndIntrospectionGiveTheSame)
{
	auto schema = read_schema(everything);
	std::string json = introspect(everything);

	EXPECT_EQ(dump(schema->types), dump(read_schema(json)->types));
	EXPECT_EQ(dump(schema->types), dump(read_schema("\xEF\xBB\xBF\n" + json)->types));

	RemoteSchema answer;

	EXPECT_EQ(answered(answer, json).code, Code::none);
	EXPECT_EQ(dump(schema->types), dump(answer.types));
}

TEST(RemoteSchema, CoercesDefaults)
{
	auto schema = read_schema(everything);
	const TypeInfo &root = type_of(schema, "Root");
	const std::vector<InputInfo> &list = find_field(root, "list")->arguments;

	EXPECT_EQ(list[0].default_value, "{c: RED}");
	EXPECT_EQ(list[1].default_value, "[5]");
	EXPECT_EQ(list[2].default_value, "1.5");
	EXPECT_EQ(type_of(schema, "Write").fields[0].arguments[0].default_value,
			  R"({items: [{a: [1, 2], b: FREE, id: 12}, {a: [1], b: FREE, id: 12}], )"
			  R"(rest: {a: [1, 2], b: FREE, id: 12}, text: "block \"quoted\" "})");
}

TEST(RemoteSchema, DefaultsWithoutAnEndStayAsTheyAre)
{
	auto schema = read_schema("type Query { a(x: A = {}): Int } input A { a: A = {} b: A = {} }"
							  "input B { i: Int = 1 } type T { a(x: B = {y: 1}): Int }");

	EXPECT_EQ(type_of(schema, "Query").fields[0].arguments[0].default_value, "{}");
	EXPECT_EQ(type_of(schema, "T").fields[0].arguments[0].default_value, "{y: 1}");
}

TEST(RemoteSchema, FillingInDefaultsIsBounded)
{
	std::string wide = "input A { last: Int = 1";
	std::string sdl = "type Query {";

	for (int i = 0; i < 20000; i++)
	{
		wide += " f" + std::to_string(i) + ": Int";
		sdl += " q" + std::to_string(i) + "(a: A = {}): Int";
	}

	auto schema = read_schema(sdl + "}" + wide + "}");
	const TypeInfo &query = type_of(schema, "Query");

	EXPECT_EQ(query.fields.front().arguments[0].default_value, "{last: 1}");
	EXPECT_EQ(query.fields.back().arguments[0].default_value, "{}");
}

TEST(RemoteSchema, WritesWhatItReads)
{
	auto schema = read_schema(everything);
	Error err;
	std::string sdl(schema_sdl(schema.get(), err));

	EXPECT_EQ(dump(read_schema(sdl)->types), dump(schema->types)) << sdl;
	EXPECT_EQ(dump(read_schema(introspect(sdl))->types), dump(schema->types)) << sdl;
	EXPECT_EQ(schema_sdl(schema.get(), err).data(), schema_sdl(schema.get(), err).data());
}

TEST(RemoteSchema, WritesReadably)
{
	auto schema = read_schema(
		"type Query { b(x: Int = 1): B a(\"which\" id: ID! n: Int): [Int!]! @deprecated }"
		"\"An entity.\" type B @key(fields: \"id\") { id: ID! } interface Named { name: String } "
		"union U = B | "
		"Query");
	Error err;
	std::string sdl(schema_sdl(schema.get(), err));

	EXPECT_EQ(dump(read_schema(sdl)->types), dump(schema->types));
	introspect(sdl);
	EXPECT_EQ(sdl,
			  R"(directive @key(fields: String!) repeatable on OBJECT | INTERFACE

"""
An entity.
"""
type B @key(fields: "id") {
  id: ID!
}

interface Named {
  name: String
}

type Query {
  b(x: Int = 1): B
  a(
    """
    which
    """
    id: ID!
    n: Int
  ): [Int!]! @deprecated
}

union U = B | Query
)");
}

TEST(RemoteSchema, NamesRootsOnlyWhereReadersNeedIt)
{
	Error err;
	auto plain = read_schema("type Query { a: Int } type Mutation { a: Int }");
	auto other =
		read_schema("schema { query: Query } type Query { a: Int } type Mutation { a: Int }");

	EXPECT_EQ(schema_sdl(plain.get(), err).substr(0, 13), "type Mutation");
	EXPECT_EQ(schema_sdl(other.get(), err).substr(0, 31), "schema {\n  query: Query\n}\n\ntype");
	EXPECT_EQ(read_schema(schema_sdl(other.get(), err))->types.mutation_type, "");
}

TEST(RemoteSchema, Lists)
{
	auto schema = read_schema(everything);
	Error err;
	size_t index = 0;
	auto field = [&](std::string_view type, size_t at)
	{
		EXPECT_TRUE(schema_find_type(schema.get(), type, index)) << type;
		return schema_field(schema.get(), index, at, err);
	};

	EXPECT_EQ(schema_type_count(schema.get()), 16u);
	EXPECT_EQ(schema_type(schema.get(), 0).name, "Account");
	EXPECT_EQ(schema_type(schema.get(), 0).kind, "OBJECT");
	EXPECT_EQ(schema_type(schema.get(), 0).field_count, 4u);
	EXPECT_FALSE(schema_find_type(schema.get(), "Acc", index));
	EXPECT_FALSE(schema_find_type(schema.get(), "Zzz", index));

	EXPECT_EQ(field("Root", 0).name, "account");
	EXPECT_EQ(field("Root", 0).type, "Account");
	EXPECT_EQ(field("Root", 0).arguments, "(id: ID!, first: Int = 10)");
	EXPECT_TRUE(field("Root", 0).deprecated);
	EXPECT_EQ(field("Root", 0).deprecation, "No longer supported");
	EXPECT_EQ(field("Root", 2).description, "  leading blanks");
	EXPECT_EQ(field("Plan", 1).name, "PRO");
	EXPECT_EQ(field("Plan", 1).type, "");
	EXPECT_EQ(field("Plan", 1).deprecation, "gone");
	EXPECT_EQ(field("Item", 0).type, "[Int!]");
	EXPECT_EQ(field("Found", 1).name, "Account");
	EXPECT_EQ(schema_type(schema.get(), index).field_count, 2u);
	EXPECT_EQ(schema_type(schema.get(), index).kind, "UNION");
	field("Date", 0);
	EXPECT_EQ(err.code, Code::none);
	EXPECT_EQ(schema_type(schema.get(), index).description, "a day");
	field("Plan", 3);
	EXPECT_EQ(err.code, Code::internal);
}

TEST(RemoteSchema, ServesQueriesWithoutAQuestion)
{
	auto schema = read_schema("type Query { account(by: By!): Account } type Account { id: ID }"
							  "input By { id: AccountId! } scalar AccountId");
	EndpointSettings settings;
	Error err;

	settings.server = "shop";
	settings.url = "http://127.0.0.1:1/";

	Endpoint *endpoint = endpoint_open(settings, err);
	auto table = make_table({"account"}, {argument("id", "by.id")});
	auto query = make_query(table, Method::single, {0}, {0});

	ASSERT_NE(endpoint, nullptr) << err.message;
	EXPECT_NE(query_schema_question(query.get(), endpoint, err), "");
	endpoint_use_schema(endpoint, schema.get(), err);
	EXPECT_EQ(err.code, Code::none);
	schema.reset();
	EXPECT_EQ(query_schema_question(query.get(), endpoint, err), "");
	EXPECT_EQ(query_document(query.get(), 1, endpoint, err),
			  "query($id: AccountId!) { account(by: {id: $id}) { id } }");
	EXPECT_EQ(query_missing_argument(make_query(table, Method::single, {0}).get(), endpoint), "by");

	auto unknown = make_table({"other.x"}, {argument("id", "id")});

	EXPECT_EQ(
		query_schema_question(make_query(unknown, Method::single, {0}, {0}).get(), endpoint, err),
		"");
	endpoint_release(endpoint);
}

TEST(RemoteSchema, Federation)
{
	auto plain = read_schema("type Query { a: Int }");
	auto other = read_schema("type Query { _service: Int }");
	auto schema =
		read_schema("type Query { _service: _Service! product: Product } type _Service { sdl: "
					"String! } type Product { id: ID! sku: String! }");
	auto add = [&](const std::string &body)
	{
		Answer answer = make_answer(body);

		return error_from(
			[&] {
				read_federation_answer(*schema, Source{answer, "shop", "host", false});
			});
	};

	EXPECT_EQ(schema_federation_body(plain.get()), "");
	EXPECT_EQ(schema_federation_body(other.get()), "");
	EXPECT_EQ(schema_federation_body(schema.get()), R"({"query":"query { _service { sdl } }"})");
	EXPECT_EQ(
		add(R"({"data":{"_service":{"sdl":"extend schema @link(url: \"x\", import: [\"@key\"])\n)"
			R"(type Product @key(fields: \"id\") @federation__key(fields: \"sku, id\") )"
			R"(@key(fields: \"no\" resolvable: false) { id: ID! }\n)"
			R"(extend type Gone @key(fields: \"id\") { x: Unknown @external }"}}})")
			.code,
		Code::none);
	EXPECT_EQ(type_of(schema, "Product").keys, (std::vector<std::string>{"id", "sku id"}));
	for (const char *bad :
		 {R"({"data":{"_service":null}})", R"({"data":{"_service":{"sdl":null}}})",
		  R"({"data":{}})", R"({"data":{"_service":{"sdl":"type {"}}})",
		  R"({"data":{"_service":{"sdl":[]}}})"})
	{
		EXPECT_EQ(add(bad).code, Code::schema_unavailable) << bad;
	}
	EXPECT_EQ(add(R"({"errors":[{"message":"no"}]})").code, Code::request_refused);
	EXPECT_EQ(type_of(schema, "Product").keys.size(), 2u);
}

// Whatever is cut off or changed: a schema or an error, never anything worse.
TEST(RemoteSchema, DamagedTexts)
{
	std::mt19937 random(42);
	Error err;
	size_t schemas = 0;
	auto number = [&](size_t below) { return random() % below; };
	auto try_text = [&](const std::string &text)
	{
		SchemaPointer schema(schema_from_text(text, "shop", err), &schema_close);

		if (schema != nullptr)
		{
			schemas++;
			EXPECT_NE(schema_sdl(schema.get(), err), "");
		}
		else
		{
			EXPECT_EQ(err.code, Code::schema_unavailable) << err.message;
		}
	};

	for (const std::string &whole : {std::string(everything), introspect(everything)})
	{
		for (size_t length = 0; length < whole.size(); length += 1 + number(whole.size() / 500))
		{
			try_text(whole.substr(0, length));
		}
		for (int i = 0; i < 1000; i++)
		{
			std::string text = whole;

			for (size_t change = 0; change <= number(3); change++)
			{
				size_t at = number(text.size());
				size_t length = number(std::min<size_t>(40, text.size() - at) + 1);
				size_t from = number(whole.size());

				switch (number(4))
				{
					case 0:
						text.erase(at, length);
						break;
					case 1:
						text.insert(at, whole, from, number(60));
						break;
					case 2:
						text[at] = static_cast<char>(number(256));
						break;
					default:
						text.replace(at, length, whole, from, length);
				}
			}
			try_text(text);
		}
	}
	EXPECT_GT(schemas, 100u);
}

}    // namespace gql::test
