// How does a parser of GraphQL text look one token ahead?
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/lexer.hpp"

namespace gql
{

class TokenStream
{
public:
	explicit TokenStream(std::string_view text) : lexer_(text), token_(lexer_.next()) {}

	const Token &
	token() const
	{
		return token_;
	}
	bool
	at_end() const
	{
		return token_.kind == Token::Kind::end;
	}
	// A name or a punctuator; a string's text begins with its quote.
	bool
	at(std::string_view text) const
	{
		return token_.text == text;
	}
	Token
	take()
	{
		Token taken = token_;

		if (++taken_ > limit)
		{
			fail("it is too long");
		}
		token_ = lexer_.next();
		return taken;
	}
	bool
	take_if(std::string_view text)
	{
		bool found = at(text);

		if (found)
		{
			take();
		}
		return found;
	}
	void
	expect(std::string_view text)
	{
		if (!take_if(text))
		{
			fail(std::string("a \"").append(text).append("\" is missing"));
		}
	}
	std::string
	expect_name(const char *of)
	{
		if (token_.kind != Token::Kind::name)
		{
			fail(std::string("the name of ") + of + " is missing");
		}
		return std::string(take().text);
	}
	// Throws SyntaxError with the place of the present token.
	[[noreturn]] void
	fail(std::string_view problem) const
	{
		lexer_.fail(problem);
	}

private:
	// Most become a part of some model: memory for a hostile text ends there. The largest schemas
	// known have a tenth of it.
	static constexpr size_t limit = 1000000;

	Lexer lexer_;
	Token token_;
	size_t taken_ = 0;
};

}    // namespace gql
