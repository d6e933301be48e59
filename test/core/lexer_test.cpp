// Is a document cut into the tokens of the GraphQL specification, and nothing taken for one that is
// none?

#include "core/lexer.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/error.hpp"

namespace gql::test
{

namespace
{

// The tokens, each followed by a semicolon, or the message of the failure.
std::string
tokens_of(std::string_view document)
{
	Lexer lexer(document);
	std::string tokens;

	try
	{
		for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next())
		{
			tokens.append(token.text).append(";");
		}
	}
	catch (const SyntaxError &problem)
	{
		return problem.what();
	}
	return tokens;
}

}    // namespace

TEST(Lexer, Tokens)
{
	EXPECT_EQ(tokens_of("...on -1.5e3 $x: [Int!]=\"s\" a1|b&"),
			  "...;on;-1.5e3;$;x;:;[;Int;!;];=;\"s\";a1;|;b;&;");
}

TEST(Lexer, Numbers)
{
	const char *bad = "a number is not spelled as one (line 1, column 1)";

	for (const char *number : {"0", "-0", "7", "-10", "1.5", "0.0e0", "1E+9", "12e-10"})
	{
		EXPECT_EQ(tokens_of(number), std::string(number) + ';');
	}
	for (const char *number : {"-", "00", "01", "-01", "1.", "1.e3", "1e", "1e+", "1.5.", "1a",
							   "1_", "0x1", "1.5e3f", "-a", "1..", "1..."})
	{
		EXPECT_EQ(tokens_of(number), bad) << number;
	}
	EXPECT_EQ(tokens_of("+1"), "there is a character that does not belong there "
							   "(line 1, column 1)");
}

TEST(Lexer, Strings)
{
	const char *escape = "a string holds an escape that is none (line 1, column 1)";
	const char *end = "a string has no end (line 1, column 1)";

	for (const char *string :
		 {R"("")", R"("a\"\\\/\b\f\n\r\t")", R"("\u0041\uD83D\uDE00\u{1F600}\u{0}\u{0010FFFF}")",
		  R"("\u000A")", R"("""""")", R"("""\""" \ " "" """)", "\"\"\"\r\n\"\"\""})
	{
		EXPECT_EQ(tokens_of(string), std::string(string) + ';');
	}
	for (const char *string :
		 {R"("\a")", R"("\u")", R"("\u004")", R"("\u004g")", R"("\uD800")", R"("\uDC00")",
		  R"("\uD800\u0041")", R"("\uD800\uD800")", R"("\u{}")", R"("\u{D800}")", R"("\u{110000}")",
		  R"("\u{000000041}")", R"("\u{41")", R"("\u-041")", "\"\\\n\"", R"("\)"})
	{
		EXPECT_EQ(tokens_of(string), escape) << string;
	}
	for (const char *string : {R"(")", R"("a)", R"("\")", "\"a\rb\"", R"("""a)", R"("""")",
							   R"("""\""")", R"("""a\"""")"})
	{
		EXPECT_EQ(tokens_of(string), end) << string;
	}
}

TEST(Lexer, CommentsEndWhereEveryServerEndsThem)
{
	const char *ambiguous = "servers disagree on where this comment ends (line 2, column 1)";

	EXPECT_EQ(tokens_of("#\n#\ta \"\"\" {\r\nb#c"), "b;");
	EXPECT_EQ(tokens_of("\n# \xE2\x82\xAC \xC2\xA0\n"), "");
	for (const char *comment :
		 {"#a\rb", "#\r", "#\xE2\x80\xA8 b", "#\xE2\x80\xA9", "#\xC2\x85", "#\v", "#\f", "#\x1b"})
	{
		EXPECT_EQ(tokens_of(std::string("\n") + comment), ambiguous) << comment;
	}
}

}    // namespace gql::test
