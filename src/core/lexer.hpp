// Which tokens does a GraphQL document consist of?
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gql
{

struct Token
{
	enum class Kind
	{
		end,
		punctuator,    // text is one of ! $ & ( ) ... : = @ [ ] { | }
		name,
		number,
		string,    // block strings too
	};

	Kind kind = Kind::end;
	std::string_view text;
};

// What is wrong with a document, and where: "a string has no end (line 2, column 7)".
class SyntaxError : public std::runtime_error
{
public:
	using std::runtime_error::runtime_error;
};

class Lexer
{
public:
	explicit Lexer(std::string_view document) : rest_(document), whole_(document) {}

	// Throws SyntaxError for what is no token.
	Token next();
	// Throws SyntaxError with the place of what next() returned last.
	[[noreturn]] void fail(std::string_view problem) const;

private:
	void skip_ignored();
	void skip_comment();
	size_t block_string_length() const;
	size_t string_length() const;
	size_t number_length() const;
	size_t count_digits(size_t start) const;
	Token take(Token::Kind kind, size_t length);

	std::string_view rest_;
	std::string_view whole_;
	size_t start_ = 0;
};

}    // namespace gql
