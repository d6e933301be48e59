// How are values read that stand in GraphQL text, and how are they written so that equal ones look
// alike?

#include "core/literal.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/json_text.hpp"

namespace gql
{

namespace
{

constexpr int value_depth_limit = 256;
constexpr std::string_view block_quote = "\"\"\"";
constexpr std::string_view escaped_block_quote = "\\\"\"\"";
constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

void
append_character(std::string &out, uint32_t point)
{
	auto add = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };

	if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
	{
		out.append(replacement_character);
	}
	else if (point < 0x80)
	{
		add(point);
	}
	else if (point < 0x800)
	{
		add(0xC0 | point >> 6);
		add(0x80 | (point & 0x3F));
	}
	else if (point < 0x10000)
	{
		add(0xE0 | point >> 12);
		add(0x80 | (point >> 6 & 0x3F));
		add(0x80 | (point & 0x3F));
	}
	else
	{
		add(0xF0 | point >> 18);
		add(0x80 | (point >> 12 & 0x3F));
		add(0x80 | (point >> 6 & 0x3F));
		add(0x80 | (point & 0x3F));
	}
}

// The number that hexadecimal digits write; false when they are none, or too many.
bool
read_hex(std::string_view digits, uint32_t &number)
{
	number = 0;
	for (char c : digits)
	{
		int digit = c >= '0' && c <= '9'   ? c - '0'
					: c >= 'a' && c <= 'f' ? c - 'a' + 10
					: c >= 'A' && c <= 'F' ? c - 'A' + 10
										   : -1;

		if (digit < 0)
		{
			return false;
		}
		number = number << 4 | static_cast<uint32_t>(digit);
	}
	return !digits.empty() && digits.size() <= 8;
}

// Reads what follows "\u" and takes it off `rest`: four digits, or any number between braces.
bool
read_unicode_escape(std::string_view &rest, uint32_t &point)
{
	bool braces = !rest.empty() && rest[0] == '{';
	size_t end = braces ? rest.find('}') : 4;
	std::string_view digits = rest.substr(braces ? 1 : 0, braces ? end - 1 : 4);

	if (end == std::string_view::npos || (!braces && digits.size() < 4) || !read_hex(digits, point))
	{
		return false;
	}
	rest.remove_prefix(end + (braces ? 1 : 0));
	return true;
}

bool
append_escape(std::string_view &rest, std::string &out)
{
	static constexpr std::string_view letters = "\"\\/bfnrt";
	static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
	char letter = rest[0];
	size_t known = letters.find(letter);
	uint32_t point = 0;
	uint32_t low = 0;

	rest.remove_prefix(1);
	if (known != std::string_view::npos)
	{
		out.push_back(meanings[known]);
		return true;
	}
	if (letter != 'u' || !read_unicode_escape(rest, point))
	{
		return false;
	}
	if (point >= 0xD800 && point < 0xDC00 && rest.substr(0, 2) == "\\u")
	{
		std::string_view second = rest.substr(2);

		if (read_unicode_escape(second, low) && low >= 0xDC00 && low < 0xE000)
		{
			point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
			rest = second;
		}
	}
	append_character(out, point);
	return true;
}

std::vector<std::string_view>
split_lines(std::string_view text)
{
	std::vector<std::string_view> lines;

	for (;;)
	{
		size_t end = text.find_first_of("\r\n");

		lines.push_back(text.substr(0, end));
		if (end == std::string_view::npos)
		{
			return lines;
		}
		text.remove_prefix(end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
	}
}

size_t
indent_of(std::string_view line)
{
	return std::min(line.find_first_not_of(" \t"), line.size());
}

// The lines of a block string without their common indent, and without blank ones at both ends.
std::string
dedent(std::string_view content)
{
	std::vector<std::string_view> lines = split_lines(content);
	size_t common = std::string_view::npos;
	std::string out;

	for (size_t i = 1; i < lines.size(); i++)
	{
		if (indent_of(lines[i]) < lines[i].size())
		{
			common = std::min(common, indent_of(lines[i]));
		}
	}
	for (size_t i = 1; i < lines.size(); i++)
	{
		lines[i].remove_prefix(std::min(common, lines[i].size()));
	}

	auto blank = [](std::string_view line) { return indent_of(line) == line.size(); };
	auto first = std::find_if_not(lines.begin(), lines.end(), blank);
	auto last = std::find_if_not(lines.rbegin(), lines.rend(), blank).base();

	for (auto line = first; line < last; ++line)
	{
		out.append(line == first ? "" : "\n").append(*line);
	}
	return out;
}

std::string
replace_all(std::string_view text, std::string_view from, std::string_view to)
{
	std::string out;

	for (;;)
	{
		size_t at = text.find(from);

		out.append(text.substr(0, at));
		if (at == std::string_view::npos)
		{
			return out;
		}
		out.append(to);
		text.remove_prefix(at + from.size());
	}
}

// 1.50 is 1.5, and 1.0 is 1.
std::string_view
shortest_number(std::string_view number)
{
	if (number.find('.') != std::string_view::npos &&
		number.find_first_of("eE") == std::string_view::npos)
	{
		number = number.substr(0, number.find_last_not_of('0') + 1);
		number.remove_suffix(number.back() == '.' ? 1 : 0);
	}
	return number;
}

std::string
string_value(const TokenStream &tokens, std::string_view token)
{
	std::string out;

	if (token.size() >= 6 && token.substr(0, 3) == block_quote)
	{
		return without_nul(replace_all(dedent(token.substr(3, token.size() - 6)),
									   escaped_block_quote, block_quote));
	}
	token = token.substr(1, token.size() - 2);
	while (!token.empty())
	{
		size_t plain = std::min(token.find('\\'), token.size());

		out.append(token.substr(0, plain));
		token.remove_prefix(plain);
		if (!token.empty())
		{
			token.remove_prefix(1);
			if (!append_escape(token, out))
			{
				tokens.fail("a string holds an unknown escape");
			}
		}
	}
	return without_nul(std::move(out));
}

void
read_nested(TokenStream &tokens, std::string &out, int depth)
{
	const Token &token = tokens.token();
	const char *separator = "";

	if (depth > value_depth_limit)
	{
		tokens.fail("a value is nested too deeply");
	}
	if (tokens.take_if("["))
	{
		out.push_back('[');
		for (; !tokens.take_if("]"); separator = ", ")
		{
			out.append(separator);
			read_nested(tokens, out, depth + 1);
		}
		out.push_back(']');
	}
	else if (tokens.take_if("{"))
	{
		out.push_back('{');
		for (; !tokens.take_if("}"); separator = ", ")
		{
			out.append(separator).append(tokens.expect_name("a member")).append(": ");
			tokens.expect(":");
			read_nested(tokens, out, depth + 1);
		}
		out.push_back('}');
	}
	else if (token.kind == Token::Kind::string)
	{
		append_quoted(out, read_string(tokens));
	}
	else if (token.kind == Token::Kind::number)
	{
		out.append(shortest_number(tokens.take().text));
	}
	else if (token.kind == Token::Kind::name)
	{
		out.append(tokens.take().text);
	}
	else
	{
		tokens.fail("a value is missing");
	}
}

}    // namespace

std::string
without_nul(std::string text)
{
	constexpr std::string_view nul("", 1);

	return text.find('\0') == std::string::npos ? text
												: replace_all(text, nul, replacement_character);
}

std::string
block_string_text(std::string_view text)
{
	return replace_all(text, block_quote, escaped_block_quote);
}

std::string
read_string(TokenStream &tokens)
{
	std::string value = string_value(tokens, tokens.token().text);

	tokens.take();
	return value;
}

void
read_value(TokenStream &tokens, std::string &out)
{
	read_nested(tokens, out, 0);
}

std::string
canonical_value(std::string_view text)
{
	try
	{
		TokenStream tokens(text);
		std::string out;

		read_value(tokens, out);
		return tokens.at_end() ? out : without_nul(std::string(text));
	}
	catch (const SyntaxError &)
	{
		return without_nul(std::string(text));
	}
}

}    // namespace gql
