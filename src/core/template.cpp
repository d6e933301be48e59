// How are the JSON templates in options read?

#include "core/template.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/json_read.hpp"
#include "core/json_text.hpp"
#include "core/pagination.hpp"
#include "core/path.hpp"

namespace gql
{

namespace
{

using simdjson::ondemand::json_type;

[[noreturn]] void
refuse(std::string_view option, std::string_view problem, std::string_view hint = {})
{
	throw Failure(Code::invalid_option,
				  "option \"" + std::string(option) + "\" " + std::string(problem), {},
				  std::string(hint));
}

Template
read_string(std::string_view token, std::string_view option)
{
	Template node;

	node.kind = Template::Kind::string;
	node.text = json_string(token);
	if (!node.text.empty() && node.text[0] == '$')
	{
		node.text.erase(0, 1);
		if (node.text.empty())
		{
			refuse(option, "holds a \"$\" without a column's name",
				   "Write \"$$\" for a dollar sign.");
		}
		if (node.text[0] != '$')
		{
			node.kind = Template::Kind::column;
		}
	}
	return node;
}

Template read_node(JsonValue &value, std::string_view option, bool top_level);

Template
read_object(JsonValue &value, std::string_view option, bool top_level)
{
	Template node;
	std::string scratch;

	for (auto field : json_take(value.get_object()))
	{
		JsonField member = json_take(std::move(field));
		std::string name(json_key(member, scratch));

		if (top_level)
		{
			parse_argument(name);
		}
		else if (!is_name(name))
		{
			refuse(option, "holds \"" + clean_text(name, 100) + "\", which is not a GraphQL name");
		}
		if (node.find(name) != nullptr)
		{
			refuse(option, "gives \"" + name + "\" twice");
		}
		node.members.emplace_back(std::move(name), read_node(member.value(), option, false));
	}
	return node;
}

Template
read_node(JsonValue &value, std::string_view option, bool top_level)
{
	json_type type = json_take(value.type());

	if (type == json_type::object)
	{
		return read_object(value, option, top_level);
	}
	if (type == json_type::string)
	{
		return read_string(json_token(value), option);
	}

	Template node;

	if (type == json_type::array)
	{
		node.kind = Template::Kind::list;
		for (auto element : json_take(value.get_array()))
		{
			JsonValue item = json_take(std::move(element));

			node.items.push_back(read_node(item, option, false));
		}
		return node;
	}
	node.kind = Template::Kind::literal;
	node.text = json_token(value);
	return node;
}

// Opens `json` wrapped into an object, since that is what JsonText takes, and finds it again.
JsonValue
open_wrapped(JsonText &text, std::string_view json, std::string_view option)
{
	try
	{
		text.open_copy("{\"\":" + std::string(json) + "\n}");
	}
	catch (const JsonError &error)
	{
		refuse(option, std::string("is not valid JSON: ") + error.what());
	}

	auto root = text.root();
	size_t count = json_take(root.count_fields());

	if (count != 1)
	{
		refuse(option, "is not one JSON value");
	}
	return json_take(root.find_field(""));
}

LookupTemplate
read_lookup(JsonValue &entry, std::string_view option)
{
	static const char hint[] =
		"Write [{\"field\": \"accountsByIds\", \"arguments\": {\"ids\": [\"$id\"]}}].";
	LookupTemplate lookup;
	bool has_arguments = false;
	std::string scratch;

	if (json_take(entry.type()) != json_type::object)
	{
		refuse(option, "is not a list of objects", hint);
	}
	for (auto field : json_take(entry.get_object()))
	{
		JsonField member = json_take(std::move(field));
		std::string name(json_key(member, scratch));
		JsonValue value = member.value();
		json_type type = json_take(value.type());

		if (name == "field" && type == json_type::string && lookup.field.empty())
		{
			lookup.field = json_string(json_token(value));
			parse_field(lookup.field);
		}
		else if (name == "typename" && type == json_type::string && lookup.condition.empty())
		{
			lookup.condition = json_string(json_token(value));
			if (!is_name(lookup.condition))
			{
				refuse(option, "holds the \"typename\" \"" + clean_text(lookup.condition, 100) +
								   "\", which is not a GraphQL name");
			}
		}
		else if (name == "arguments" && type == json_type::object && !has_arguments)
		{
			lookup.arguments = read_object(value, option, true);
			has_arguments = true;
		}
		else if (name == "pagination" && type == json_type::object && !lookup.pagination)
		{
			lookup.pagination = read_object(value, option, true);
			read_pagination(*lookup.pagination, option);
		}
		else if (name == "field" || name == "typename" || name == "arguments" ||
				 name == "pagination")
		{
			refuse(option,
				   "has an entry whose \"" + name + "\" is of the wrong type or given twice", hint);
		}
		else
		{
			refuse(option, "has an entry with an unknown member \"" + clean_text(name, 100) + '"',
				   "An entry has the members \"field\", \"arguments\" and, where its field yields "
				   "other "
				   "types as well, \"typename\", where it is paged, \"pagination\".");
		}
	}
	if (lookup.field.empty() || !has_arguments)
	{
		refuse(option,
			   std::string("has an entry without \"") +
				   (lookup.field.empty() ? "field" : "arguments") + '"',
			   hint);
	}
	return lookup;
}

}    // namespace

bool
Template::may_be_enum() const
{
	return kind == Kind::string && is_name(text) && text != "true" && text != "false" &&
		   text != "null";
}

bool
Template::takes_many() const
{
	return kind == Kind::list && items.size() == 1 &&
		   (items[0].kind == Kind::column ||
			(items[0].is_representation() && items[0].find_column() != nullptr));
}

bool
Template::is_representation() const
{
	return kind == Kind::object &&
		   std::any_of(members.begin(), members.end(),
					   [](const Member &member) { return member.first == "__typename"; });
}

const Template *
Template::find_column() const
{
	const Template *found = kind == Kind::column ? this : nullptr;

	for (size_t i = 0; found == nullptr && i < items.size(); i++)
	{
		found = items[i].find_column();
	}
	for (size_t i = 0; found == nullptr && i < members.size(); i++)
	{
		found = members[i].second.find_column();
	}
	return found;
}

bool
Template::holds(int wanted) const
{
	return (kind == Kind::column && column == wanted) ||
		   std::any_of(items.begin(), items.end(),
					   [&](const Template &item) { return item.holds(wanted); }) ||
		   std::any_of(members.begin(), members.end(),
					   [&](const Member &member) { return member.second.holds(wanted); });
}

Template *
Template::find(std::string_view name)
{
	for (Member &member : members)
	{
		if (member.first == name)
		{
			return &member.second;
		}
	}
	return nullptr;
}

void
append_json(std::string &out, const Template &node, std::string_view column_value)
{
	const char *separator = "";

	switch (node.kind)
	{
		case Template::Kind::column:
			out.append(column_value);
			break;
		case Template::Kind::string:
			append_quoted(out, node.text);
			break;
		case Template::Kind::list:
			out.push_back('[');
			for (const Template &item : node.items)
			{
				out.append(std::exchange(separator, ","));
				append_json(out, item, column_value);
			}
			out.push_back(']');
			break;
		case Template::Kind::object:
			out.push_back('{');
			for (const Template::Member &member : node.members)
			{
				out.append(std::exchange(separator, ","));
				append_quoted(out, member.first);
				out.push_back(':');
				append_json(out, member.second, column_value);
			}
			out.push_back('}');
			break;
		case Template::Kind::literal:
		case Template::Kind::page_size:
		case Template::Kind::page_position:
		case Template::Kind::list_size:
		case Template::Kind::filter:
			out.append(node.text);
			break;
	}
}

Template
parse_template(std::string_view json, std::string_view option)
{
	JsonText text;
	JsonValue value = open_wrapped(text, json, option);

	if (json_take(value.type()) != json_type::object)
	{
		refuse(option, "is not a JSON object", "Write {\"first\": 10}.");
	}
	return read_object(value, option, true);
}

std::vector<std::string>
split_lookups(std::string_view json)
{
	JsonText text;
	JsonValue value = open_wrapped(text, json, "lookups");
	std::vector<std::string> entries;

	for (auto element : json_take(value.get_array()))
	{
		JsonValue entry = json_take(std::move(element));

		entries.emplace_back(json_raw(entry));
	}
	return entries;
}

std::vector<LookupTemplate>
parse_lookups(std::string_view json)
{
	static constexpr std::string_view option = "lookups";
	JsonText text;
	JsonValue value = open_wrapped(text, json, option);
	std::vector<LookupTemplate> lookups;

	if (json_take(value.type()) != json_type::array)
	{
		refuse(option, "is not a JSON array",
			   "Write [{\"field\": \"accountsByIds\", \"arguments\": {\"ids\": [\"$id\"]}}].");
	}
	for (auto element : json_take(value.get_array()))
	{
		JsonValue entry = json_take(std::move(element));

		lookups.push_back(read_lookup(entry, option));
	}
	return lookups;
}

}    // namespace gql
