// How is JSON of others read, without trusting any of it?
//
// simdjson's On-Demand parser checks only what it visits, and lets a good deal through that is not
// JSON. JsonText therefore visits the whole text once when it is opened; whoever walks it
// afterwards meets valid JSON only, no deeper than json_depth_limit.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_token.hpp"

namespace gql
{

// Objects and lists inside one another.
constexpr int json_depth_limit = 256;

using JsonValue = simdjson::ondemand::value;
using JsonField = simdjson::ondemand::field;

// The value of a result; throws what simdjson found wrong.
[[noreturn]] void throw_json_error(simdjson::error_code code);

template <typename T>
T
json_take(simdjson::simdjson_result<T> &&result)
{
	T value;
	simdjson::error_code code = std::move(result).get(value);

	if (code != simdjson::SUCCESS)
	{
		throw_json_error(code);
	}
	return value;
}

// A member of the top-level object: its name, and its value as it stands in the text.
struct JsonMember
{
	std::string name;
	std::string_view text;
};

class JsonText
{
public:
	// Reads `length` bytes at `text`, which stay where they are; Buffer::padding bytes behind them
	// may be written. The top level must be an object. Throws JsonError.
	void open(char *text, size_t length);
	// The same for a copy of `text`.
	void open_copy(std::string_view text);
	// The top-level object, from its beginning, each time anew.
	simdjson::ondemand::object root();
	// Its members, seen while the text was checked.
	const std::vector<JsonMember> &
	members() const noexcept
	{
		return members_;
	}
	// Gives the memory back.
	void close() noexcept;

private:
	std::string copy_;
	std::vector<JsonMember> members_;
	simdjson::ondemand::parser parser_;
	simdjson::ondemand::document document_;
};

// Of a value not yet visited. The token of a scalar: 42, true, "abc" (with quotes and escapes).
std::string_view json_token(JsonValue &value);
// The whole text of the value, which is then used up.
std::string_view json_raw(JsonValue &value);
bool json_is_null(JsonValue &value);
// Of an object.
bool json_is_empty(JsonValue &value);
// The field's name, in the document or, where it has escapes, in `scratch`.
std::string_view json_key(JsonField &field, std::string &scratch);
// Is this the field's name, and written without escapes?
bool json_key_is(JsonField &field, std::string_view name);

}    // namespace gql
