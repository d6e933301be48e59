// How is text written into JSON, into GraphQL documents and into messages?

#include "core/json_text.hpp"

#include <cstddef>
#include <cstdint>

namespace gql
{

void
append_quoted(std::string &out, std::string_view text)
{
	static const char hex[] = "0123456789abcdef";

	out.push_back('"');
	for (char c : text)
	{
		switch (c)
		{
			case '"':
				out.append("\\\"");
				break;
			case '\\':
				out.append("\\\\");
				break;
			case '\n':
				out.append("\\n");
				break;
			case '\r':
				out.append("\\r");
				break;
			case '\t':
				out.append("\\t");
				break;
			default:
				if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
				{
					out.append("\\u00");
					out.push_back(hex[static_cast<unsigned char>(c) >> 4]);
					out.push_back(hex[c & 0x0F]);
				}
				else
				{
					out.push_back(c);
				}
		}
	}
	out.push_back('"');
}

namespace
{

// The length of the UTF-8 character `text` begins with and its code point, or 0 when it is not
// valid UTF-8.
size_t
decode_character(std::string_view text, uint32_t &point)
{
	unsigned char first = static_cast<unsigned char>(text[0]);
	size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;

	if (length == 0 || first > 0xF4 || length > text.size())
	{
		return 0;
	}
	point = length == 1 ? first : first & (0x7Fu >> length);
	for (size_t i = 1; i < length; i++)
	{
		unsigned char next = static_cast<unsigned char>(text[i]);

		if ((next & 0xC0) != 0x80)
		{
			return 0;
		}
		point = point << 6 | (next & 0x3Fu);
	}
	if ((length == 3 && point < 0x800) || (length == 4 && point < 0x10000) || point > 0x10FFFF ||
		(point >= 0xD800 && point <= 0xDFFF))
	{
		return 0;
	}
	return length;
}

// Control characters, white space, and what turns or hides the text around it on a terminal.
bool
is_blank(uint32_t point)
{
	return point <= 0x20 || (point >= 0x7F && point <= 0xA0) ||
		   (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
		   (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF;
}

}    // namespace

std::string
clean_text(std::string_view text, size_t limit)
{
	std::string out;
	bool blank = false;

	while (!text.empty())
	{
		uint32_t point = 0;
		size_t length = decode_character(text, point);
		std::string_view piece = length == 0 ? std::string_view("?") : text.substr(0, length);

		text.remove_prefix(length == 0 ? 1 : length);
		if (length != 0 && is_blank(point))
		{
			blank = true;
			continue;
		}
		if (blank && !out.empty())
		{
			out.push_back(' ');
		}
		blank = false;
		if (out.size() + piece.size() > limit)
		{
			out.append("...");
			break;
		}
		out.append(piece);
	}
	return out;
}

std::string
in_quotes(std::string_view text)
{
	return '"' + clean_text(text, 200) + '"';
}

std::string
lower_case(std::string_view text)
{
	std::string lower(text);

	for (char &c : lower)
	{
		c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
	}
	return lower;
}

}    // namespace gql
