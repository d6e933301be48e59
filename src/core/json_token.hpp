// Which tokens are JSON strings and numbers, and what do strings stand for?
//
// simdjson finds where tokens begin, not whether they are well formed.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

namespace gql
{

class JsonError : public std::exception
{
public:
	explicit JsonError(const char *problem, bool too_deep = false)
		: problem_(problem), too_deep_(too_deep)
	{
	}
	const char *
	what() const noexcept override
	{
		return problem_;
	}
	bool
	too_deep() const noexcept
	{
		return too_deep_;
	}

private:
	const char *problem_;
	bool too_deep_;
};

// Throw JsonError for a token that is no number, or no string. A string's token begins with a quote
// and reaches to the next structural character.
void json_check_number(std::string_view token);
void json_check_string(std::string_view token);

// The quote that ends a string, from behind the quote that begins it. There must be one (simdjson's
// first stage refuses unclosed strings).
const char *json_find_quote(const char *at);

// Of a string token: what is between its quotes.
std::string_view json_content(std::string_view token);
bool json_has_escapes(std::string_view content);
// Writes the text that `content` stands for; it is never longer. Returns its length.
size_t json_unescape(std::string_view content, char *out);
// The text of a string token.
std::string json_string(std::string_view token);
}    // namespace gql
