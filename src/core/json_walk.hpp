// How are the members and elements of JSON visited one by one?
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/json_read.hpp"

namespace gql
{

// Calls `read` with the name and the value of every member that is not null.
template <typename F>
void
each_field(simdjson::ondemand::object object, F read)
{
	std::string scratch;

	for (auto field : object)
	{
		JsonField member = json_take(std::move(field));
		std::string_view name = json_key(member, scratch);
		JsonValue inner = member.value();

		if (!json_is_null(inner))
		{
			read(name, inner);
		}
	}
}

// The same for a value that must be an object.
template <typename F>
void
each_member(JsonValue &value, F read)
{
	if (json_take(value.type()) != simdjson::ondemand::json_type::object)
	{
		throw JsonError("an object is missing");
	}
	each_field(json_take(value.get_object()), read);
}

// Calls `read` with every element.
template <typename F>
void
each_element(JsonValue &value, F read)
{
	if (json_take(value.type()) != simdjson::ondemand::json_type::array)
	{
		throw JsonError("a list is missing");
	}
	for (auto element : json_take(value.get_array()))
	{
		JsonValue item = json_take(std::move(element));

		read(item);
	}
}

}    // namespace gql
