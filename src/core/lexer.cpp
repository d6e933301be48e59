// How is a GraphQL document cut into tokens?

#include "core/lexer.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

#include "core/path.hpp"

namespace gql
{

namespace
{

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view block_quote = "\"\"\"";
constexpr std::string_view escaped_block_quote = "\\\"\"\"";
constexpr std::string_view unicode_line_ends[] = {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};
constexpr uint32_t bad_code_point = 0xFFFFFFFF;

bool
starts_with(std::string_view text, std::string_view start)
{
	return text.substr(0, start.size()) == start;
}

// The value of `count` hexadecimal digits from `start` on, or bad_code_point.
uint32_t
read_hex(std::string_view text, size_t start, size_t count)
{
	uint32_t value = 0;
	std::string_view digits = text.substr(std::min(start, text.size()), count);
	auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
	bool whole = digits.size() == count && end == digits.data() + digits.size();

	return whole && problem == std::errc() ? value : bad_code_point;
}

bool
is_scalar_value(uint32_t code)
{
	return code < 0xD800 || (code > 0xDFFF && code <= 0x10FFFF);
}

// Of the escape that the text begins with; 0 when it is none.
size_t
escape_length(std::string_view text)
{
	if (text.size() > 1 && std::string_view("\"\\/bfnrt").find(text[1]) != std::string_view::npos)
	{
		return 2;
	}
	if (starts_with(text, "\\u{"))
	{
		constexpr size_t longest = 8;    // digits
		size_t digits = text.substr(3, longest + 1).find('}');

		return digits != std::string_view::npos && digits > 0 &&
					   is_scalar_value(read_hex(text, 3, digits))
				   ? digits + 4
				   : 0;
	}
	if (starts_with(text, "\\u"))
	{
		uint32_t code = read_hex(text, 2, 4);
		uint32_t low = starts_with(text.substr(std::min<size_t>(6, text.size())), "\\u")
						   ? read_hex(text, 8, 4)
						   : bad_code_point;

		if (is_scalar_value(code))
		{
			return 6;
		}
		return code <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF ? 12 : 0;
	}
	return 0;
}

}    // namespace

void
Lexer::fail(std::string_view problem) const
{
	std::string_view before = whole_.substr(0, start_);
	size_t line = 1 + static_cast<size_t>(std::count(before.begin(), before.end(), '\n'));
	std::string_view head = before.substr(line == 1 ? 0 : before.rfind('\n') + 1);
	// In characters: continuation bytes of UTF-8 do not count.
	size_t column = 1 + static_cast<size_t>(std::count_if(
							head.begin(), head.end(), [](char c) { return (c & 0xC0) != 0x80; }));

	throw SyntaxError(std::string(problem) + " (line " + std::to_string(line) + ", column " +
					  std::to_string(column) + ')');
}

void
Lexer::skip_ignored()
{
	for (;;)
	{
		if (starts_with(rest_, byte_order_mark))
		{
			rest_.remove_prefix(byte_order_mark.size());
		}
		else if (!rest_.empty() && rest_[0] == '#')
		{
			skip_comment();
		}
		else if (!rest_.empty() &&
				 std::string_view(" \t\r\n,").find(rest_[0]) != std::string_view::npos)
		{
			rest_.remove_prefix(1);
		}
		else
		{
			return;
		}
	}
}

// Servers differ in where a comment ends: some end it at U+2028, some do not at a lone carriage
// return. What one of them skips another would run, so such comments are refused.
void
Lexer::skip_comment()
{
	size_t length = std::min(rest_.find_first_of("\r\n"), rest_.size());
	std::string_view comment = rest_.substr(0, length);
	bool ambiguous =
		starts_with(rest_.substr(length), "\r") && !starts_with(rest_.substr(length), "\r\n");

	for (std::string_view separator : unicode_line_ends)
	{
		ambiguous = ambiguous || comment.find(separator) != std::string_view::npos;
	}
	for (char c : comment)
	{
		ambiguous = ambiguous || (static_cast<unsigned char>(c) < ' ' && c != '\t');
	}
	if (ambiguous)
	{
		start_ = whole_.size() - rest_.size();
		fail("servers disagree on where this comment ends");
	}
	rest_.remove_prefix(length);
}

// Of the block string that the rest begins with.
size_t
Lexer::block_string_length() const
{
	for (size_t i = block_quote.size(); i < rest_.size(); i++)
	{
		if (starts_with(rest_.substr(i), escaped_block_quote))
		{
			i += block_quote.size();
		}
		else if (starts_with(rest_.substr(i), block_quote))
		{
			return i + block_quote.size();
		}
	}
	fail("a string has no end");
}

// Of the string that the rest begins with.
size_t
Lexer::string_length() const
{
	for (size_t i = 1; i < rest_.size() && rest_[i] != '\n' && rest_[i] != '\r';)
	{
		if (rest_[i] == '"')
		{
			return i + 1;
		}
		size_t length = rest_[i] == '\\' ? escape_length(rest_.substr(i)) : 1;

		if (length == 0)
		{
			fail("a string holds an escape that is none");
		}
		i += length;
	}
	fail("a string has no end");
}

// Of the number that the rest begins with.
size_t
Lexer::number_length() const
{
	size_t length = rest_[0] == '-' ? 1 : 0;
	size_t leading = count_digits(length);
	bool sound = leading == 1 || (leading > 1 && rest_[length] != '0');

	length += leading;
	if (starts_with(rest_.substr(length), "."))
	{
		leading = count_digits(length + 1);
		sound = sound && leading > 0;
		length += 1 + leading;
	}
	if (length < rest_.size() && (rest_[length] == 'e' || rest_[length] == 'E'))
	{
		length++;
		if (length < rest_.size() && (rest_[length] == '+' || rest_[length] == '-'))
		{
			length++;
		}
		leading = count_digits(length);
		sound = sound && leading > 0;
		length += leading;
	}
	if (!sound || starts_with(rest_.substr(length), ".") || is_name(rest_.substr(length, 1)))
	{
		fail("a number is not spelled as one");
	}
	return length;
}

size_t
Lexer::count_digits(size_t start) const
{
	size_t end = std::min(rest_.find_first_not_of("0123456789", start), rest_.size());

	return end - std::min(start, end);
}

Token
Lexer::take(Token::Kind kind, size_t length)
{
	Token token = {kind, rest_.substr(0, length)};

	rest_.remove_prefix(length);
	return token;
}

Token
Lexer::next()
{
	skip_ignored();
	start_ = whole_.size() - rest_.size();
	if (rest_.empty())
	{
		return {};
	}
	if (rest_[0] == '"')
	{
		return take(Token::Kind::string,
					starts_with(rest_, block_quote) ? block_string_length() : string_length());
	}
	if (starts_with(rest_, "..."))
	{
		return take(Token::Kind::punctuator, 3);
	}
	if (std::string_view("!$&():=@[]{|}").find(rest_[0]) != std::string_view::npos)
	{
		return take(Token::Kind::punctuator, 1);
	}

	if (is_name(rest_.substr(0, 1)))
	{
		return take(Token::Kind::name,
					std::min(rest_.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
													 "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"),
							 rest_.size()));
	}
	if (rest_[0] == '-' || (rest_[0] >= '0' && rest_[0] <= '9'))
	{
		return take(Token::Kind::number, number_length());
	}
	fail("there is a character that does not belong there");
}

}    // namespace gql
