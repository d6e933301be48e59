// How does a parser of GraphQL text look one token ahead?
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/json_text.hpp"
#include "core/lexer.hpp"

namespace gql
{

class TokenStream
{
public:
	// More than `limit` tokens are refused.
	explicit TokenStream(std::string_view text, size_t limit = SIZE_MAX)
		: lexer_(text), token_(lexer_.next()), limit_(limit)
	{
	}

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

		if (++taken_ > limit_)
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
			unexpected();
		}
	}
	std::string_view
	name()
	{
		if (token_.kind != Token::Kind::name)
		{
			unexpected();
		}
		return take().text;
	}
	[[noreturn]] void
	unexpected() const
	{
		fail(at_end() ? std::string("it ends too soon")
					  : '"' + clean_text(token_.text, 40) + "\" is not expected here");
	}
	// Throws SyntaxError with the place of the present token.
	[[noreturn]] void
	fail(std::string_view problem) const
	{
		lexer_.fail(problem);
	}

private:
	Lexer lexer_;
	Token token_;
	size_t limit_;
	size_t taken_ = 0;
};

}    // namespace gql
