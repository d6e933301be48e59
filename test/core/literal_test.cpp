// Are values in GraphQL text read as they are meant, and do equal ones look alike?

#include "core/literal.hpp"

#include <gtest/gtest.h>

namespace gql::test
{

namespace
{

std::string
string_of(const std::string &token)
{
	TokenStream tokens(token);
	std::string value = read_string(tokens);

	EXPECT_TRUE(tokens.at_end());
	return value;
}

std::string
block(const std::string &content)
{
	return string_of("\"\"\"" + content + "\"\"\"");
}

}    // namespace

TEST(Literal, Strings)
{
	EXPECT_EQ(string_of(R"("")"), "");
	EXPECT_EQ(string_of(R"("a\"\\\/\b\f\n\r\tb")"), "a\"\\/\b\f\n\r\tb");
	EXPECT_EQ(string_of(R"("\u00e9\u{e9}\uD83D\uDE00\u{1F600}\u{10FFFF}\\u{41}")"),
			  "\xC3\xA9\xC3\xA9\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF\\u{41}");
	EXPECT_EQ(string_of(R"("a\u0000b\u{0}")"), "a\xEF\xBF\xBD"
											   "b\xEF\xBF\xBD");
}

TEST(Literal, BlockStrings)
{
	EXPECT_EQ(block(""), "");
	EXPECT_EQ(block(" a "), " a ");
	EXPECT_EQ(block("\n"), "");
	EXPECT_EQ(block(" \n\t\r\n  \r"), "");
	EXPECT_EQ(block("\n  a\n    b\n\n   \n  c\n\n"), "a\n  b\n\n \nc");
	EXPECT_EQ(block("  a\n    b\n   c"), "  a\n b\nc");
	EXPECT_EQ(block("\n\ta\r\n\t b\r\tc"), "a\n b\nc");
	EXPECT_EQ(block("\\\"\"\" \\n \\ \\\\\"\"\""), "\"\"\" \\n \\ \\\"\"\"");
	EXPECT_EQ(block("a\n  b\n \n    c"), "a\nb\n\n  c");
}

TEST(Literal, WhatBlockStringsHoldComesBack)
{
	for (const char *text : {"a", "a \"quoted\" one", "\"\"\"\"", "\\\"\"\"", "a\n  b\n\nc\\"})
	{
		EXPECT_EQ(block("\n" + block_string_text(text) + "\n"), text);
	}
}

TEST(Literal, CanonicalValues)
{
	EXPECT_EQ(canonical_value(" {a:1,b:[ 1 2,$x]}"), R"(" {a:1,b:[ 1 2,$x]}")");
	EXPECT_EQ(canonical_value(" { a:1,b:[ 1 2 { } RED [] ]}"), "{a: 1, b: [1, 2, {}, RED, []]}");
	EXPECT_EQ(canonical_value("\"\"\"\n  a\n  \"b\" c\"\"\""), R"("a\n\"b\" c")");
	EXPECT_EQ(canonical_value("1.50"), "1.5");
	EXPECT_EQ(canonical_value("-10.00"), "-10");
	EXPECT_EQ(canonical_value("100"), "100");
	EXPECT_EQ(canonical_value("1.50e10"), "1.50e10");
	EXPECT_EQ(canonical_value("a b"), "\"a b\"");
	EXPECT_EQ(canonical_value(R"({"json": 1})"), R"("{\"json\": 1}")");
	EXPECT_EQ(canonical_value(""), "\"\"");
	EXPECT_EQ(canonical_value(std::string_view("a\0", 2)), "\"a\\u0000\"");
}

}    // namespace gql::test
