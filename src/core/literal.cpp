// How are values read that stand in GraphQL text, and how are they written so that equal ones look
// alike?

#include "core/literal.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>

#include "core/json_text.hpp"
#include "core/json_token.hpp"

namespace gql
{

namespace
{

constexpr int value_depth_limit = 256;
constexpr std::string_view block_quote = "\"\"\"";
constexpr std::string_view escaped_block_quote = "\\\"\"\"";
constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

// Spells \u{1F600} as JSON does. The lexer has seen to it that every escape is one.
std::string
json_escapes(std::string_view content)
{
	std::string out;

	while (!content.empty())
	{
		size_t plain = std::min(content.find('\\'), content.size());

		out.append(content.substr(0, plain));
		content.remove_prefix(plain);
		if (content.substr(0, 3) != "\\u{")
		{
			out.append(content.substr(0, 2));
			content.remove_prefix(std::min<size_t>(2, content.size()));
			continue;
		}

		size_t end = content.find('}');
		uint32_t point = 0;
		char units[16];

		std::from_chars(content.data() + 3, content.data() + end, point, 16);
		if (point < 0x10000)
		{
			snprintf(units, sizeof(units), "\\u%04x", point);
		}
		else
		{
			snprintf(units, sizeof(units), "\\u%04x\\u%04x", 0xD7C0 + (point >> 10),
					 0xDC00 + (point & 0x3FF));
		}
		out.append(units);
		content.remove_prefix(end + 1);
	}
	return out;
}

// Takes the first line off `text`; false when that was the last.
bool
take_line(std::string_view &text, std::string_view &line)
{
	size_t end = text.find_first_of("\r\n");

	line = text.substr(0, end);
	if (end == std::string_view::npos)
	{
		return false;
	}
	text.remove_prefix(end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
	return true;
}

size_t
indent_of(std::string_view line)
{
	return std::min(line.find_first_not_of(" \t"), line.size());
}

// Of all lines but the first, blank ones aside.
size_t
common_indent(std::string_view text)
{
	size_t common = text.size();
	std::string_view line;

	for (bool more = take_line(text, line); more;)
	{
		more = take_line(text, line);
		common = indent_of(line) < line.size() ? std::min(common, indent_of(line)) : common;
	}
	return common;
}

// The lines of a block string without their common indent, and without blank ones at both ends.
std::string
dedent(std::string_view text)
{
	size_t common = common_indent(text);
	size_t indent = 0;    // of the first line nothing is taken
	size_t end = 0;       // behind the last line that is not blank
	std::string out;
	std::string_view line;

	for (bool more = true; more; indent = common)
	{
		more = take_line(text, line);
		line.remove_prefix(std::min(indent, line.size()));

		bool blank = indent_of(line) == line.size();

		if (!blank || end > 0)
		{
			out.append(end == 0 ? "" : "\n").append(line);
		}
		end = blank ? end : out.size();
	}
	out.resize(end);
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

// What a string token stands for.
std::string
string_value(std::string_view token)
{
	if (token.substr(0, block_quote.size()) == block_quote)
	{
		return replace_all(dedent(token.substr(3, token.size() - 6)), escaped_block_quote,
						   block_quote);
	}
	return json_string('"' + json_escapes(token.substr(1, token.size() - 2)) + '"');
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
			out.append(separator).append(tokens.name()).append(": ");
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
		tokens.unexpected();
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
	std::string value = without_nul(string_value(tokens.token().text));

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
	std::string out;

	try
	{
		TokenStream tokens(text);

		read_value(tokens, out);
		if (tokens.at_end())
		{
			return out;
		}
	}
	catch (const SyntaxError &)
	{
		// A value that is not spelled as GraphQL does.
	}
	out.clear();
	append_quoted(out, text);
	return out;
}

}    // namespace gql
