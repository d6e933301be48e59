// Is what a document would do found out by lexing, and nothing taken for what it is not?

#include "core/lexer.hpp"

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
	EXPECT_EQ(kind_of("# query { x }\rmutation { a }"), "mutation");
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
			  "this is not a GraphQL document: a string has no end (line 1)");
	EXPECT_EQ(refused("{\n a(x: \"abc\n\") }"),
			  "this is not a GraphQL document: a string has no end (line 2)");
	refused("{ a(x: \"abc\\\n\") }");
	refused("{ a(x: \"\"\"abc\") }");
	EXPECT_EQ(refused("{ a "), "this is not a GraphQL document: a \"}\" is missing (line 1)");
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
}

TEST(Lexer, Tokens)
{
	Lexer lexer("...on -1.5e3 $x: [Int!]=\"s\" a1|b&");
	std::string tokens;

	for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next())
	{
		tokens.append(token.text).append(";");
	}
	EXPECT_EQ(tokens, "...;on;-1.5e3;$;x;:;[;Int;!;];=;\"s\";a1;|;b;&;");
}

}    // namespace gql::test
