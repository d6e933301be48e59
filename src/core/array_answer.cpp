// How do the answers to an array of requests become one?

#include "core/array_answer.hpp"

#include <new>
#include <string>

#include "core/envelope.hpp"
#include "core/json_read.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

using simdjson::ondemand::json_type;

bool
is_array(std::string_view body)
{
	size_t begin = body.find_first_not_of(" \t\r\n");

	return begin != std::string_view::npos && body[begin] == '[';
}

// The path of an error, with `alias` in the place of the root field.
std::string
renamed_path(JsonValue value, const std::string &alias)
{
	std::string path = '[' + alias;
	bool first = true;

	if (json_take(value.type()) == json_type::array)
	{
		for (auto element : json_take(value.get_array()))
		{
			JsonValue item = json_take(std::move(element));

			if (!first)
			{
				path.append(",").append(json_raw(item));
			}
			first = false;
		}
	}
	return path + ']';
}

void
append_error(std::string &out, JsonValue value, const std::string &alias)
{
	std::string path = '[' + alias + ']';
	std::string scratch;

	out.append(out.empty() ? "{" : ",{");
	if (json_take(value.type()) == json_type::object)
	{
		for (auto field : json_take(value.get_object()))
		{
			JsonField member = json_take(std::move(field));
			std::string key(json_key(member, scratch));

			if (key == "path")
			{
				path = renamed_path(member.value(), alias);
				continue;
			}
			append_quoted(out, key);
			out.append(":").append(json_raw(member.value())).append(",");
		}
	}
	else
	{
		out.append("\"message\":");
		append_quoted(out, json_raw(value));
		out.append(",");
	}
	out.append("\"path\":").append(path).append("}");
}

void
append_errors(std::string &out, std::string_view errors, const std::string &alias)
{
	JsonText text;

	if (errors.empty() || errors == "null")
	{
		return;
	}
	text.open_copy("{\"\":" + std::string(errors) + '}');

	JsonValue value = json_take(text.root().find_field(""));

	if (json_take(value.type()) != json_type::array)
	{
		append_error(out, value, alias);
		return;
	}
	for (auto element : json_take(value.get_array()))
	{
		append_error(out, json_take(std::move(element)), alias);
	}
}

// What `data` holds under the root field: nothing when it lacks it, null when it is null.
std::string
field_value(std::string_view data, std::string_view field)
{
	JsonText text;
	std::string scratch;

	if (data.empty() || data == "null")
	{
		return "null";
	}
	text.open_copy(data);
	for (auto entry : text.root())
	{
		JsonField member = json_take(std::move(entry));

		if (json_key(member, scratch) == field)
		{
			return std::string(json_raw(member.value()));
		}
	}
	return {};
}

struct Merged
{
	std::string data;
	std::string errors;
	std::string first_errors;    // of the first request, as they came
	size_t count = 0;
	bool carried_out = false;    // one of them at least
};

void
merge_answer(Merged &merged, JsonValue &value, std::string_view field)
{
	std::string name = 'a' + std::to_string(merged.count++);
	std::string alias = '"' + name + '"';
	JsonText text;

	text.open_copy(json_raw(value));

	Envelope envelope = read_envelope(text);
	std::string content = field_value(envelope.data, field);
	bool has_data = !envelope.data.empty() && envelope.data != "null";

	if (merged.count == 1)
	{
		merged.first_errors = envelope.errors;
	}
	merged.carried_out = merged.carried_out || has_data;
	append_errors(merged.errors, envelope.errors, alias);
	// Neither data nor an error is no answer to this request.
	if (!content.empty() && (has_data || !envelope.errors.empty()))
	{
		merged.data.append(merged.data.empty() ? "" : ",").append(alias).append(":");
		merged.data.append(content);
	}
}

}    // namespace

bool
merge_answers(Buffer &body, std::string_view field, size_t requests)
{
	JsonText text;
	Merged merged;

	if (!is_array(body.view()))
	{
		return false;
	}
	text.open_copy("{\"\":" + std::string(body.view()) + '}');

	JsonValue list = json_take(text.root().find_field(""));

	for (auto element : json_take(list.get_array()))
	{
		JsonValue value = json_take(std::move(element));

		merge_answer(merged, value, field);
	}
	if (merged.count != requests)
	{
		throw JsonError("it has not as many responses as there were requests");
	}

	std::string whole;

	if (!merged.carried_out)
	{
		whole = "{\"errors\":" +
				(merged.first_errors.empty() ? std::string("null") : merged.first_errors) + '}';
	}
	else
	{
		whole = "{\"data\":{" + merged.data + '}' +
				(merged.errors.empty() ? std::string() : ",\"errors\":[" + merged.errors + ']') +
				'}';
	}
	body.clear();
	if (!body.append(whole.data(), whole.size()))
	{
		throw std::bad_alloc();
	}
	return true;
}

}    // namespace gql
