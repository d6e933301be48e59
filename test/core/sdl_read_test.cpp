// Is SDL read as GraphQL defines it, and forgivingly where real files need it?

#include "schema_fixture.hpp"

namespace gql::test
{

TEST(SdlRead, Everything)
{
	auto schema = read_schema(R"sdl(
"The API"
schema @link(url: "x") { query: Root mutation: Write }
"""
A root.

  Indented.
"""
type Root { account("of it" id: ID!, first: Int = 10): Account @deprecated
	list: [[Account!]]! @deprecated(reason: "old \u0041\n") @cost(weight: {a: [1, "}"]}) }
type Write
directive @cost(weight: Any = {a: ")"}) repeatable on | FIELD_DEFINITION | OBJECT
interface Node {
	id : ID !
} interface Named implements Node &
Other{id : ID !name : String} interface Other type Account implements Named &Node &Other
	@key(fields
		 : "id"){id : ID !name : String} extend type Account @key(fields
																  : " name , id {x}")
		@key(fields
			 : "no", resolvable
			 : false)
{
since:
	Date
}
union Found = | Account | Write enum Plan {
	"cheap" FREE PRO @deprecated(reason
								 : "gone")
} input By @oneOf
{
id: ID name: String = "x" @deprecated, f: F = {a: [1 2], b: RED c: """
   block "quoted" """} }
input F { a: [Int] b: Plan c: String }
scalar Date @specifiedBy(url: "https://example.com/date")
)sdl");
	const SchemaTypes &types = schema->types;

	EXPECT_EQ(types.description, "The API");
	EXPECT_EQ(types.query_type, "Root");
	EXPECT_EQ(types.mutation_type, "Write");
	EXPECT_EQ(types.subscription_type, "");
	EXPECT_TRUE(schema->warnings.empty());

	const TypeInfo &root = type_of(schema, "Root");

	EXPECT_EQ(root.description, "A root.\n\n  Indented.");
	ASSERT_EQ(root.fields.size(), 2u);
	EXPECT_EQ(root.fields[0].name, "account");
	EXPECT_TRUE(root.fields[0].deprecated);
	EXPECT_EQ(root.fields[0].deprecation, "No longer supported");
	EXPECT_EQ(root.fields[0].type.kind, TypeKind::object);
	EXPECT_EQ(root.fields[0].arguments[0].description, "of it");
	EXPECT_EQ(type_text(root.fields[0].arguments[0].type), "ID!");
	EXPECT_FALSE(root.fields[0].arguments[0].has_default);
	EXPECT_EQ(root.fields[0].arguments[1].default_value, "10");
	EXPECT_EQ(root.fields[1].deprecation, "old A\n");
	EXPECT_EQ(type_text(root.fields[1].type), "[[Account!]]!");
	EXPECT_EQ(root.fields[1].type.text, "[[Account!]]");
	EXPECT_TRUE(root.fields[1].type.list && root.fields[1].type.required);

	const TypeInfo &account = type_of(schema, "Account");

	EXPECT_EQ(account.interfaces, (std::vector<std::string>{"Named", "Node", "Other"}));
	EXPECT_EQ(account.keys, (std::vector<std::string>{"id", "name id { x }"}));
	EXPECT_NE(find_field(account, "since"), nullptr);
	EXPECT_EQ(type_of(schema, "Node").possible, std::vector<std::string>{"Account"});
	EXPECT_EQ(type_of(schema, "Named").interfaces, (std::vector<std::string>{"Node", "Other"}));
	EXPECT_EQ(type_of(schema, "Found").possible, (std::vector<std::string>{"Account", "Write"}));
	EXPECT_EQ(type_of(schema, "Plan").values[0].description, "cheap");
	EXPECT_EQ(type_of(schema, "Plan").values[1].deprecation, "gone");
	EXPECT_TRUE(type_of(schema, "By").one_of);
	EXPECT_EQ(type_of(schema, "By").inputs[1].default_value, "\"x\"");
	EXPECT_TRUE(type_of(schema, "By").inputs[1].deprecated);
	EXPECT_EQ(type_of(schema, "By").inputs[2].default_value,
			  R"({a: [1, 2], b: RED, c: "block \"quoted\" "})");
	EXPECT_EQ(type_of(schema, "Date").specified_by, "https://example.com/date");
	EXPECT_EQ(type_of(schema, "Boolean").kind, TypeKind::scalar);
}

TEST(SdlRead, Forgiving)
{
	auto schema = read_schema(R"sdl(
type Query implements A, B { a: Int b: Int b: String a(x: Int x: ID): Int }
type Other implements A
interface A
interface B
type Query { c: Int }
extend type Later { a: Int }
type Later { b: Later }
type Later { c: Int }
enum E { X X Y }
union U = Other | Other
type Empty {}
type __Type { a: Int }
)sdl");

	EXPECT_EQ(schema->warnings,
			  (std::vector<std::string>{
				  "type \"Query\" is defined twice; the first one is used",
				  "type \"Later\" is defined twice; the first one is used",
				  "type \"E\" defines value \"X\" twice; the first one is used",
				  "type \"Query\" defines field \"b\" twice; the first one is used",
				  "type \"Query\" defines field \"a\" twice; the first one is used",
				  "type \"U\" defines member \"Other\" twice; the first one is used"}));
	EXPECT_EQ(type_of(schema, "Query").fields.size(), 2u);
	EXPECT_EQ(find_field(type_of(schema, "Query"), "b")->type.name, "Int");
	EXPECT_EQ(type_of(schema, "Query").interfaces, (std::vector<std::string>{"A", "B"}));
	EXPECT_EQ(type_of(schema, "A").possible, (std::vector<std::string>{"Other", "Query"}));
	EXPECT_EQ(type_of(schema, "Later").fields[0].name, "b");
	EXPECT_EQ(type_of(schema, "Later").fields[1].name, "a");
	EXPECT_EQ(schema->types.types.count("__Type"), 0u);
}

TEST(SdlRead, RefusalsSayWhy)
{
	EXPECT_EQ(refused_schema("type Query {\n  é: Int"),
			  "there is a character that does not belong there (line 2, column 3)");
	EXPECT_EQ(refused_schema("type Query {\n\t\"é\" a Int"),
			  "\"Int\" is not expected here (line 2, column 8)");
	EXPECT_EQ(refused_schema("type Query { a: [Int"), "it ends too soon (line 1, column 21)");
	EXPECT_EQ(refused_schema(""), "it has no query type");
	EXPECT_EQ(refused_schema("query { a }"), "\"query\" is not expected here (line 1, column 1)");
	EXPECT_EQ(refused_schema("type Query { a: Foo }"),
			  "field \"Query.a\" is of the unknown type \"Foo\"");
	EXPECT_EQ(refused_schema("type Query { a(b: Foo): Int }"),
			  "argument \"b\" of field \"Query.a\" is of the unknown type \"Foo\"");
	EXPECT_EQ(refused_schema("type Query { a: I } input I { a: Query }"),
			  "field \"I.a\" is of type \"Query\", which is an output type");
	EXPECT_EQ(refused_schema("type Query { a: I } input I { a: Int }"),
			  "field \"Query.a\" is of type \"I\", which is an input type");
	EXPECT_EQ(refused_schema("schema { query: Foo }"),
			  "the query type is the unknown type \"Foo\"");
	EXPECT_EQ(refused_schema("schema { query: Int }"),
			  "the query type is \"Int\", which is not an object type");
	EXPECT_EQ(refused_schema("type Query implements Int"),
			  "type \"Query\" implements \"Int\", which is not an interface");
	EXPECT_EQ(refused_schema("type Query union U = Int"),
			  "type \"U\" has the member \"Int\", which is not an object type");
	EXPECT_EQ(refused_schema("type Query { a(b: Int = \"\\x\"): Int }"),
			  "a string holds an escape that is none (line 1, column 25)");
	EXPECT_EQ(refused_schema("type Query { a: Int } extend input Query { b: Int }"),
			  "type \"Query\" is extended as something else (line 1, column 52)");
	EXPECT_EQ(refused_schema("type Query { a: Int } # \xFF"), "it is not valid UTF-8");
	EXPECT_EQ(refused_schema("type Query { a: " + std::string(100000, '[')),
			  "a type is nested too deeply (line 1, column 274)");
	EXPECT_EQ(refused_schema("input Query { a: Int = " + std::string(100000, '[')),
			  "a value is nested too deeply (line 1, column 281)");
}

}    // namespace gql::test
