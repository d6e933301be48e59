// Is what a document would do found out by parsing, and nothing taken for what it is not?

#include <gtest/gtest.h>

#include <string>

#include "core/door/query.hpp"

namespace gql::test
{

namespace
{

std::string
kind_of(std::string_view document, std::string_view name = {})
{
	OperationKind kind;
	Error err;

	if (!document_kind(document, name, kind, err))
	{
		EXPECT_EQ(err.code, Code::invalid_argument);
		return err.message;
	}
	return kind == OperationKind::query      ? "query"
		   : kind == OperationKind::mutation ? "mutation"
											 : "subscription";
}

}    // namespace

TEST(DocumentKind, FindsTheOperation)
{
	EXPECT_EQ(kind_of("{ a }"), "query");
	EXPECT_EQ(kind_of("query { a }"), "query");
	EXPECT_EQ(kind_of("query Q($x: I = {a: [1, {b: 2}]}) @d(x: {y: 1}) { a(x: $x) { b } }"),
			  "query");
	EXPECT_EQ(kind_of("mutation { a }"), "mutation");
	EXPECT_EQ(kind_of("subscription S { a }"), "subscription");
	EXPECT_EQ(kind_of("mutation mutation { query }"), "mutation");
	EXPECT_EQ(kind_of("query mutation { a }"), "query");
	EXPECT_EQ(kind_of("fragment F on T { a } query { ...F }"), "query");
	EXPECT_EQ(kind_of("fragment query on mutation @x { a } mutation { ...query }"), "mutation");
}

TEST(DocumentKind, IgnoresWhatIsIgnored)
{
	EXPECT_EQ(kind_of("\xEF\xBB\xBF,,\n# mutation { x }\r\nquery#{\n{ a }"), "query");
	EXPECT_EQ(kind_of("# query { x }\r\nmutation { a }"), "mutation");
	EXPECT_EQ(kind_of("{ a(x: \"} mutation { b\") }"), "query");
	EXPECT_EQ(kind_of("{ a(x: \"\\\"} # \") }"), "query");
	EXPECT_EQ(kind_of("{ a(x: \"\"\" \\\"\"\" } \" \"\" mutation { \"\"\") }"), "query");
	EXPECT_EQ(kind_of("query Q { a(x: \"\", y: \"\"\"\"\"\") } mutation M { b }", "M"), "mutation");
}

TEST(DocumentKind, ChoosesByName)
{
	const char *several = "query A { a } mutation B { b } query C { c }";

	EXPECT_EQ(kind_of(several, "A"), "query");
	EXPECT_EQ(kind_of(several, "B"), "mutation");
	EXPECT_EQ(kind_of(several), "the document holds several operations");
	EXPECT_EQ(kind_of(several, "D"), "the document holds no operation named \"D\"");
	EXPECT_EQ(kind_of("query A { a } mutation A { b }", "A"),
			  "the document holds several operations named \"A\"");
	EXPECT_EQ(kind_of("{ a }", "A"), "the document holds no operation named \"A\"");
	EXPECT_EQ(kind_of("{ a } mutation { b }"), "the document holds several operations");
}

TEST(DocumentKind, RefusesWhatIsNoDocument)
{
	auto refused = [](std::string_view document)
	{
		std::string message = kind_of(document);

		EXPECT_EQ(message.find("this is not a GraphQL document: "), 0u) << document << message;
		return message;
	};

	EXPECT_EQ(kind_of(""), "the document holds no operation");
	EXPECT_EQ(kind_of(" # nothing"), "the document holds no operation");
	EXPECT_EQ(kind_of("fragment F on T { a }"), "the document holds no operation");
	EXPECT_EQ(refused("{ a(x: \"abc) }"),
			  "this is not a GraphQL document: a string has no end (line 1, column 8)");
	EXPECT_EQ(refused("{\n a(x: \"abc\n\") }"),
			  "this is not a GraphQL document: a string has no end (line 2, column 7)");
	refused("{ a(x: \"abc\\\n\") }");
	refused("{ a(x: \"\"\"abc\") }");
	EXPECT_EQ(refused("{ a "),
			  "this is not a GraphQL document: it ends too soon (line 1, column 5)");
	EXPECT_EQ(refused("{ a }\n}"),
			  "this is not a GraphQL document: \"}\" is not expected here (line 2, column 1)");
	refused("{ a } }");
	refused("{ a(] }");
	refused("{ a ) }");
	refused("type T { a: Int }");
	refused("{ a } type T { a: Int }");
	refused("query");
	refused("query A");
	refused("query A mutation B { a }");
	refused("query A 1 { a }");
	refused("fragment F { a } { b }");
	refused("{ a; }");
	refused("{ \xC3\xA4 }");
	refused(std::string_view("{ a \0 }", 7));
	refused("\"query\" { a }");
	refused("query @ { a }");
	for (const char *document : {"{}",
								 "query {}",
								 "{ a {} }",
								 "{ a() }",
								 "query() { a }",
								 "{ a(x) }",
								 "{ a(x:) }",
								 "{ a(x: $) }",
								 "{ a: }",
								 "{ ... }",
								 "{ ...on }",
								 "{ ... on { a } }",
								 "{ ...F { a } }",
								 "{ 1 }",
								 "{ a:b:c }",
								 "query($x) { a }",
								 "query($x: ) { a }",
								 "query($x: [I) { a }",
								 "query($x: I!!) { a }",
								 "query($x: I = $y) { a }",
								 "query($x: I @d(y: $z)) { a }",
								 "query(x: I) { a }",
								 "fragment on on T { a } { b }",
								 "fragment F T { a } { b }",
								 "fragment F on T ($x: I) { a } { b }",
								 "fragment F($x: I) on T { a } { b }",
								 "{ a(x: [1) }",
								 "{ a(x: {1: 2}) }",
								 "{ a(x: {y}) }",
								 "\"d\" { a }",
								 "query \"d\" { a }",
								 "extend type T { a: I }",
								 "{ a } & { b }",
								 "{ a @ }",
								 "{ a | b }",
								 "{ a ... }",
								 "query A B { a }",
								 "query A @d",
								 "{ a(x: ...) }"})
	{
		refused(document);
	}
}

TEST(DocumentKind, TakesTheWholeLanguage)
{
	for (const char *document :
		 {"{ on true query: mutation fragment { null } ...F ... @d { b } ... on T @d(x: $y) { c } "
		  "}",
		  "query Q($a: [[I!]]! = [[1 2], []] @d(x: 1), \"described\" $b: J = {}) @d @e(f: null) { "
		  "a }",
		  "\"\"\"described\"\"\" query { a }",
		  "{ a(x: E, y: -1.5, z: {}, s: \"\", l: [{ a: $v }]) }",
		  "\"d\" fragment F on mutation { a } query { ...F @d }", "{ a(on: on) @on(on: true) }"})
	{
		EXPECT_EQ(kind_of(document), "query") << document;
	}
}

TEST(DocumentKind, GoesOnlySoDeep)
{
	auto deep = [](int levels)
	{
		std::string document;

		for (int i = 0; i < levels; i++)
		{
			document += "{a";
		}
		return document + std::string(levels, '}');
	};
	OperationKind kind;
	Error err;

	EXPECT_EQ(kind_of(deep(1000)), "query");
	EXPECT_FALSE(document_kind(deep(1001), {}, kind, err));
	EXPECT_EQ(err.code, Code::too_deep);
	EXPECT_FALSE(document_kind("{a(x:" + std::string(1000000, '['), {}, kind, err));
	EXPECT_EQ(err.code, Code::too_deep);
}

}    // namespace gql::test
