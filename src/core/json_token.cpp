// Which tokens are JSON strings and numbers, and what do strings stand for?

#include "core/json_token.hpp"

#include <cstdint>
#include <cstring>

#include "core/door/query.hpp"

namespace gql
{

namespace
{

bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

const char *
skip_digits(const char *at, const char *end)
{
	while (at < end && is_digit(*at))
	{
		at++;
	}
	return at;
}

// Reads the four hexadecimal digits behind "\u".
uint32_t
read_hex(const char *at, const char *end)
{
	uint32_t value = 0;

	if (end - at < 4)
	{
		throw JsonError("a string holds a malformed escape");
	}
	for (int i = 0; i < 4; i++)
	{
		char c = at[i];
		int digit = is_digit(c)            ? c - '0'
					: c >= 'a' && c <= 'f' ? c - 'a' + 10
					: c >= 'A' && c <= 'F' ? c - 'A' + 10
										   : -1;

		if (digit < 0)
		{
			throw JsonError("a string holds a malformed escape");
		}
		value = value << 4 | static_cast<uint32_t>(digit);
	}
	return value;
}

// Reads one escape behind its backslash and moves `at` past it.
uint32_t
read_escape(const char *&at, const char *end)
{
	static const char names[] = "\"\\/bfnrt";
	static const char values[] = "\"\\/\b\f\n\r\t";
	const char *known = at < end && *at != '\0' ? strchr(names, *at) : nullptr;

	if (known != nullptr)
	{
		at++;
		return static_cast<unsigned char>(values[known - names]);
	}
	if (at >= end || *at != 'u')
	{
		throw JsonError("a string holds a malformed escape");
	}

	uint32_t point = read_hex(at + 1, end);

	at += 5;
	if (point >= 0xDC00 && point <= 0xDFFF)
	{
		throw JsonError("a string holds half of a surrogate pair");
	}
	if (point >= 0xD800 && point <= 0xDBFF)
	{
		uint32_t low = end - at >= 2 && at[0] == '\\' && at[1] == 'u' ? read_hex(at + 2, end) : 0;

		if (low < 0xDC00 || low > 0xDFFF)
		{
			throw JsonError("a string holds half of a surrogate pair");
		}
		at += 6;
		point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
	}
	return point;
}

char *
append_utf8(uint32_t point, char *out)
{
	if (point < 0x80)
	{
		*out++ = static_cast<char>(point);
		return out;
	}

	int following = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;

	*out++ = static_cast<char>((0xFF00u >> (following + 1)) | (point >> (6 * following)));
	while (following-- > 0)
	{
		*out++ = static_cast<char>(0x80 | ((point >> (6 * following)) & 0x3F));
	}
	return out;
}

}    // namespace

// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
bool
is_json_number(std::string_view token) noexcept
{
	const char *at = token.data();
	const char *end = at + token.size();

	auto digits = [&]
	{
		const char *start = at;

		at = skip_digits(at, end);
		return at > start;
	};

	at += at < end && *at == '-' ? 1 : 0;

	bool leading_zero = at < end && *at == '0';
	const char *integer = at;
	bool valid = digits() && (!leading_zero || at == integer + 1);

	if (valid && at < end && *at == '.')
	{
		at++;
		valid = digits();
	}
	if (valid && at < end && (*at == 'e' || *at == 'E'))
	{
		at++;
		at += at < end && (*at == '+' || *at == '-') ? 1 : 0;
		valid = digits();
	}
	return valid && at == end;
}

void
json_check_number(std::string_view token)
{
	if (!is_json_number(token))
	{
		throw JsonError("a number is malformed");
	}
}

// The position of the quote that ends a string, from behind the quote that begins it. The text is
// known to hold one (simdjson's first stage refuses unclosed strings).
const char *
json_find_quote(const char *at)
{
	while (*at != '"')
	{
		at += *at == '\\' ? 2 : 1;
	}
	return at;
}

// `token` begins with a quote and reaches to the next structural character.
void
json_check_string(std::string_view token)
{
	const char *at = token.data() + 1;
	const char *last = token.data() + token.size() - 1;
	const char *quote =
		at <= last ? static_cast<const char *>(memchr(at, '"', last - at + 1)) : nullptr;

	if (quote != nullptr && memchr(at, '\\', quote - at) != nullptr)
	{
		quote = json_find_quote(at);
		while ((at = static_cast<const char *>(memchr(at, '\\', quote - at))) != nullptr)
		{
			read_escape(++at, quote);
		}
	}
	if (quote != last)
	{
		throw JsonError("a string is followed by something that does not belong there");
	}
}

std::string_view
json_content(std::string_view token)
{
	return token.substr(1, token.size() - 2);
}

bool
json_has_escapes(std::string_view content)
{
	return !content.empty() && memchr(content.data(), '\\', content.size()) != nullptr;
}

size_t
json_unescape(std::string_view content, char *out)
{
	const char *at = content.data();
	const char *end = at + content.size();
	char *start = out;

	while (at < end)
	{
		const char *escape = static_cast<const char *>(memchr(at, '\\', end - at));
		size_t plain = static_cast<size_t>((escape == nullptr ? end : escape) - at);

		memcpy(out, at, plain);
		out += plain;
		at += plain;
		if (escape != nullptr)
		{
			out = append_utf8(read_escape(++at, end), out);
		}
	}
	return static_cast<size_t>(out - start);
}

std::string
json_string(std::string_view token)
{
	std::string text(json_content(token));

	if (json_has_escapes(text))
	{
		text.resize(json_unescape(json_content(token), text.data()));
	}
	return text;
}

}    // namespace gql
