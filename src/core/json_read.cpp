// How is JSON of others read, without trusting any of it?

#include "core/json_read.hpp"

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

std::string_view
trim_end(std::string_view text)
{
	while (!text.empty() && is_space(text.back()))
	{
		text.remove_suffix(1);
	}
	return text;
}

void
check_key(JsonField &field)
{
	const char *start = field.key().raw();
	const char *after = start;

	while (*after != '"' && *after != '\\')
	{
		after++;
	}
	if (*after == '\\')
	{
		after = json_find_quote(after);
		json_check_string({start - 1, static_cast<size_t>(after - start) + 2});
	}
	after++;
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
			json_check_string(json_token(value));
			// Left alone it would be taken for a member's name, should a colon follow.
			json_take(value.get_raw_json_string());
			break;
		case json_type::number:
			json_check_number(json_token(value));
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

	std::string scratch;
	const char *behind;

	members_.clear();
	for (auto field : json_take(document_.get_object()))
	{
		JsonField member = json_take(std::move(field));

		check_key(member);

		std::string_view token = json_token(member.value());

		members_.push_back({std::string(json_key(member, scratch)), token});
		check_value(member.value(), 1);
		behind = json_take(document_.current_location());
		if (behind > token.data())    // numbers and words are not left behind
		{
			members_.back().text =
				trim_end({token.data(), static_cast<size_t>(behind - token.data())});
		}
	}
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
	members_ = {};
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
json_key_is(JsonField &field, std::string_view name)
{
	const char *start = field.key().raw();

	// The text ends in NULs, so nothing behind it is looked at.
	return strncmp(start, name.data(), name.size()) == 0 && start[name.size()] == '"';
}

bool
json_is_null(JsonValue &value)
{
	return json_take(value.type()) == json_type::null;
}

bool
json_is_empty(JsonValue &value)
{
	simdjson::ondemand::object object = json_take(value.get_object());

	return json_take(object.is_empty());
}

std::string_view
json_key(JsonField &field, std::string &scratch)
{
	const char *start = field.key().raw();
	std::string_view key(start, static_cast<size_t>(json_find_quote(start) - start));

	if (json_has_escapes(key))
	{
		scratch.resize(key.size());
		scratch.resize(json_unescape(key, scratch.data()));
		return scratch;
	}
	return key;
}

}    // namespace gql
