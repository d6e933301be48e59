// Is everything refused that is not JSON, and nothing that is?

#include "core/json_read.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/json_text.hpp"

namespace gql::test
{

namespace
{

// "" when `text` is taken, else what is wrong with it.
std::string
problem(std::string_view json)
{
	JsonText text;

	try
	{
		text.open_copy(json);
		return "";
	}
	catch (const JsonError &error)
	{
		EXPECT_EQ(error.too_deep(), std::string(error.what()) == "it is nested too deeply");
		return error.what();
	}
}

std::string
value_problem(std::string value)
{
	// Where a value may stand: alone, in a list, and before others.
	std::string alone = problem("{\"a\":" + value + "}");
	std::string listed = problem("{\"a\":[1, " + value + " ,2],\"b\":null}");

	EXPECT_EQ(alone.empty(), listed.empty()) << value;
	return alone;
}

std::string
nested(int depth)
{
	return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

}    // namespace

TEST(JsonText, Numbers)
{
	for (const char *good :
		 {"0", "-0", "1", "-1.5", "1e400", "1E+5", "1e-400", "0.0", "18446744073709551616",
		  "123456789012345678901234567890.123456789012345678901234567890"})
	{
		EXPECT_EQ(value_problem(good), "") << good;
	}
	for (const char *bad : {"01", "1.", ".5", "+1", "0x10", "NaN", "Infinity", "-", "1e", "1e+",
							"--1", "1.5.2", "00", "-01", "1_0", "1f", "1 2", "1\"a\""})
	{
		EXPECT_NE(value_problem(bad), "") << bad;
	}
}

TEST(JsonText, Strings)
{
	for (const char *good : {R"("")", R"("a")", R"("\"\\\/\b\f\n\r\t")", R"("\u0000")",
							 R"("\ud83d\ude00")", R"("a\\")", "\"\xE2\x82\xAC\"", R"("{[,:]}")"})
	{
		EXPECT_EQ(value_problem(good), "") << good;
	}
	for (const char *bad :
		 {R"("\x41")", R"("\u12")", R"("\u12G4")", R"("\ud83d")", R"("\ude00")",
		  R"("\ude00\ud83d")", R"("\ud83d\ud83d")", R"("\ud83dx")", R"("\ud83d\n")", "\"a\nb\"",
		  "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"", "'a'", "\"a\"b",
		  "\"a\" \"b\"", "\"a\"\"b\"", "\"a", "\"\\\""})
	{
		EXPECT_NE(value_problem(bad), "") << bad;
	}
	EXPECT_NE(problem(std::string("{\"a\":\"\0\"}", 9)), "");
}

TEST(JsonText, Words)
{
	EXPECT_EQ(value_problem("true"), "");
	EXPECT_EQ(value_problem("false"), "");
	EXPECT_EQ(value_problem("null"), "");
	for (const char *bad :
		 {"nul", "nulll", "truee", "tru", "False", "nil", "n", "undefined", "null1"})
	{
		EXPECT_NE(value_problem(bad), "") << bad;
	}
}

TEST(JsonText, Structure)
{
	EXPECT_EQ(problem("{}"), "");
	EXPECT_EQ(problem(" \n\t\r{ \"a\" : [ { } , [ ] ] } \n"), "");
	EXPECT_EQ(problem(R"({"":1,"__proto__":2,"d\u0061ta":3})"), "");
	for (const char *bad : {"",
							" ",
							"[]",
							"42",
							"null",
							"\"a\"",
							"{",
							"}",
							"{\"a\"}",
							"{\"a\":}",
							"{\"a\":1,}",
							"{,\"a\":1}",
							"{\"a\":1 \"b\":2}",
							"{\"a\":[1,]}",
							"{\"a\":[,1]}",
							"{\"a\":[1 2]}",
							"{\"a\":[1}",
							"{\"a\":{\"b\":1]}",
							"{\"a\":[1]]}",
							"{\"a\":1}}",
							"{} {}",
							"{}x",
							"{}1",
							"{},",
							"{a:1}",
							"{\"a\"b:1}",
							"{\"a\"\"b\":1}",
							"{\"a\"::1}",
							"{\"a\":\"b\":1}",
							"{\"a\":[\"b\":1]}",
							"{\"a\":[\"b\":x],1]}",
							"{\"a\":[\"b\":1, x y]}",
							"{1:1}",
							"{\"a\":1, foo]]",
							"// x\n{}",
							"{\"a\":1/*x*/}",
							"{\"a\":[[[}",
							"{\"a\":{\"b\":1}",
							"{\"a\":[{\"b\":[1]}]",
							"{\"\\x\":1}",
							"{\"\\ud800\":1}"})
	{
		EXPECT_NE(problem(bad), "") << bad;
	}
	EXPECT_NE(problem(std::string("{}\0", 3)), "");
	EXPECT_NE(problem(std::string("\0{}", 3)), "");
}

TEST(JsonText, MembersAsTheyStand)
{
	JsonText text;

	text.open_copy(
		" { \"a\" : 1 ,\"b\":[ {\"c\": \"]\"} , 2 ] , \"\\u0063\":{ } ,\"d\": \"x, \\\"y\\\"\" "
		",\"e\":null,\"a\":true\n} ");

	const std::vector<std::pair<std::string, std::string>> wanted = {
		{"a", "1"},    {"b", "[ {\"c\": \"]\"} , 2 ]"},
		{"c", "{ }"},  {"d", "\"x, \\\"y\\\"\""},
		{"e", "null"}, {"a", "true"}};
	std::vector<std::pair<std::string, std::string>> found;

	for (const JsonMember &member : text.members())
	{
		found.emplace_back(member.name, member.text);
	}
	EXPECT_EQ(found, wanted);
	text.open_copy("{}");
	EXPECT_TRUE(text.members().empty());
}

TEST(JsonText, DepthIsLimited)
{
	EXPECT_EQ(problem(nested(255)), "");
	EXPECT_EQ(problem(nested(256)), "");
	EXPECT_EQ(problem(nested(257)), "it is nested too deeply");
	EXPECT_EQ(problem(nested(1000000)), "it is nested too deeply");
	EXPECT_NE(problem("{\"a\":" + std::string(1000000, '[')), "");
	EXPECT_EQ(problem("{\"a\":" + std::string(1000000, '[') + "}"), "it is nested too deeply");
}

TEST(JsonText, EveryTruncationIsRefused)
{
	const std::string whole =
		R"({"data":{"a":[{"id":1,"n":"x\u00e9\"y"},null,[true,-1.5e3]]},"extensions":{}})";

	EXPECT_EQ(problem(whole), "");
	for (size_t i = 0; i < whole.size(); i++)
	{
		EXPECT_NE(problem(whole.substr(0, i)), "") << i;
		EXPECT_NE(problem(whole.substr(i + 1)), "") << i;
	}
}

TEST(Json, Unescapes)
{
	EXPECT_EQ(json_string(R"("a\"\\\/\b\f\n\r\tz")"), "a\"\\/\b\f\n\r\tz");
	EXPECT_EQ(json_string(R"("\u0041\u00e9\u20ac\ud83d\ude00")"),
			  "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
	EXPECT_EQ(json_string(R"("\u0000")"), std::string(1, '\0'));
	EXPECT_EQ(json_string(R"("")"), "");
}

TEST(Json, QuotesReadBackAsTheyWere)
{
	std::string all;

	for (int c = 0; c < 128; c++)
	{
		all.push_back(static_cast<char>(c));
	}
	all += "\xC3\xA9\xE2\x82\xAC";

	std::string quoted;

	append_quoted(quoted, all);
	EXPECT_EQ(json_string(quoted), all);
	EXPECT_EQ(value_problem(quoted), "");
}

TEST(CleanText, IsOneHarmlessLine)
{
	EXPECT_EQ(clean_text("  a\n\tb\x1B[31m\x7F c ", 100), "a b [31m c");
	EXPECT_EQ(clean_text("a\xE2\x80\xAE"
						 "b\xE2\x80\xA8"
						 "c\xC2\x85"
						 "d",
						 100),
			  "a b c d");
	EXPECT_EQ(clean_text("a\xFF\xC3(\xED\xA0\x80", 100), "a?"
														 "?(???");
	EXPECT_EQ(clean_text("\xC3\xA4\xC3\xB6\xC3\xBC", 5), "\xC3\xA4\xC3\xB6...");
	EXPECT_EQ(clean_text("", 5), "");
}

}    // namespace gql::test
