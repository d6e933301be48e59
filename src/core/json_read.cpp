// How is JSON of others read, without trusting any of it?

#include "core/json_read.hpp"

#include <cstdint>
#include <cstring>
#include <new>

#include "core/buffer.hpp"

namespace gql
{

static_assert(simdjson::SIMDJSON_PADDING <= Buffer::padding);

namespace
{

using simdjson::ondemand::json_type;

bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

std::string_view
trim_end(std::string_view text)
{
	while (!text.empty() && is_space(text.back()))
	{
		text.remove_suffix(1);
	}
	return text;
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

// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
void
check_number(std::string_view token)
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
	if (!valid || at != end)
	{
		throw JsonError("a number is malformed");
	}
}

// Reads the four hexadecimal digits of \uXXXX.
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

// The position of the quote that ends a string, from behind the quote that begins it. The text is
// known to hold one (simdjson's first stage refuses unclosed strings).
const char *
find_quote(const char *at)
{
	while (*at != '"')
	{
		at += *at == '\\' ? 2 : 1;
	}
	return at;
}

// `token` begins with a quote and reaches to the next structural character.
void
check_string(std::string_view token)
{
	const char *at = token.data() + 1;
	const char *last = token.data() + token.size() - 1;
	const char *quote =
		at <= last ? static_cast<const char *>(memchr(at, '"', last - at + 1)) : nullptr;

	if (quote != nullptr && memchr(at, '\\', quote - at) != nullptr)
	{
		quote = find_quote(at);
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

void
check_key(JsonField &field)
{
	const char *start = field.key().raw();
	const char *after = find_quote(start) + 1;

	check_string({start - 1, static_cast<size_t>(after - start) + 1});
	while (is_space(*after))
	{
		after++;
	}
	if (*after != ':')
	{
		throw JsonError("a member's name is not followed by a colon");
	}
}

// Visits all of `value`, which lies inside `depth` objects and lists.
void
check_value(JsonValue &value, int depth)
{
	json_type type = json_take(value.type());

	if (type == json_type::object || type == json_type::array)
	{
		if (depth >= json_depth_limit)
		{
			throw JsonError("it is nested too deeply", true);
		}
	}
	switch (type)
	{
		case json_type::object:
			for (auto field : json_take(value.get_object()))
			{
				JsonField member = json_take(std::move(field));

				check_key(member);
				check_value(member.value(), depth + 1);
			}
			break;
		case json_type::array:
			for (auto element : json_take(value.get_array()))
			{
				JsonValue item = json_take(std::move(element));

				check_value(item, depth + 1);
			}
			break;
		case json_type::string:
			check_string(json_token(value));
			break;
		case json_type::number:
			check_number(json_token(value));
			break;
		case json_type::boolean:
		case json_type::null:
		{
			std::string_view token = json_token(value);

			if (token != "true" && token != "false" && token != "null")
			{
				throw JsonError("it holds an unknown word");
			}
		}
	}
}

}    // namespace

void
throw_json_error(simdjson::error_code code)
{
	if (code == simdjson::MEMALLOC)
	{
		throw std::bad_alloc();
	}
	throw JsonError(code == simdjson::UTF8_ERROR        ? "it is not valid UTF-8"
					: code == simdjson::UNCLOSED_STRING ? "a string has no end"
					: code == simdjson::UNESCAPED_CHARS ? "a string holds a control character"
					: code == simdjson::EMPTY           ? "it is empty"
					: code == simdjson::CAPACITY        ? "it is too large"
														: "its structure is broken");
}

void
JsonText::open(char *text, size_t length)
{
	memset(text + length, 0, simdjson::SIMDJSON_PADDING);
	document_ = json_take(parser_.iterate(text, length, length + simdjson::SIMDJSON_PADDING));
	if (json_take(document_.type()) != json_type::object)
	{
		throw JsonError("it is not an object");
	}
	for (auto field : json_take(document_.get_object()))
	{
		JsonField member = json_take(std::move(field));

		check_key(member);
		check_value(member.value(), 1);
	}

	const char *behind;

	if (document_.current_location().get(behind) != simdjson::OUT_OF_BOUNDS)
	{
		throw JsonError("something follows its end");
	}
}

void
JsonText::open_copy(std::string_view text)
{
	copy_.reserve(text.size() + Buffer::padding);
	copy_ = text;
	copy_.append(Buffer::padding, '\0');
	open(copy_.data(), text.size());
}

simdjson::ondemand::object
JsonText::root()
{
	document_.rewind();
	return json_take(document_.get_object());
}

void
JsonText::close() noexcept
{
	document_ = simdjson::ondemand::document();
	parser_ = simdjson::ondemand::parser();
	copy_ = {};
}

std::string_view
json_token(JsonValue &value)
{
	return trim_end(value.raw_json_token());
}

std::string_view
json_raw(JsonValue &value)
{
	switch (json_take(value.type()))
	{
		case json_type::object:
			return trim_end(json_take(json_take(value.get_object()).raw_json()));
		case json_type::array:
			return trim_end(json_take(json_take(value.get_array()).raw_json()));
		default:
			return json_token(value);
	}
}

bool
json_is_null(JsonValue &value)
{
	return json_take(value.type()) == json_type::null;
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

std::string_view
json_key(JsonField &field, std::string &scratch)
{
	const char *start = field.key().raw();
	std::string_view key(start, static_cast<size_t>(find_quote(start) - start));

	if (json_has_escapes(key))
	{
		scratch.resize(key.size());
		scratch.resize(json_unescape(key, scratch.data()));
		return scratch;
	}
	return key;
}

}    // namespace gql
