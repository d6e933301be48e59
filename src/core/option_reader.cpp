// How is an option read that holds a JSON object, strictly?

#include "core/option_reader.hpp"

#include <algorithm>
#include <vector>

#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/path.hpp"

namespace gql
{

using simdjson::ondemand::json_type;

void
OptionReader::refuse(const std::string &problem) const
{
	throw Failure(Code::invalid_option, std::string("option \"") + option_ + "\" " + problem);
}

void
OptionReader::each_member(simdjson::ondemand::object object, const Read &read) const
{
	std::vector<std::string> seen;
	std::string scratch;

	for (auto field : object)
	{
		JsonField member = json_take(std::move(field));
		std::string name(json_key(member, scratch));
		JsonValue value = member.value();

		if (std::find(seen.begin(), seen.end(), name) != seen.end())
		{
			refuse("gives " + in_quotes(name) + " twice");
		}
		read(name, value);
		seen.push_back(std::move(name));
	}
}

void
OptionReader::members(const std::string &name, JsonValue &value, const Read &read) const
{
	if (json_take(value.type()) != json_type::object)
	{
		refuse("has a member " + in_quotes(name) + " that is not an object");
	}
	each_member(json_take(value.get_object()), read);
}

void
OptionReader::open(std::string_view json, const Read &read) const
{
	JsonText text;

	try
	{
		text.open_copy(json);
	}
	catch (const JsonError &error)
	{
		refuse(std::string("is not a JSON object: ") + error.what());
	}
	each_member(text.root(), read);
}

void
OptionReader::read_known(const Known &known, const std::string &name, JsonValue &value) const
{
	auto found = known.find(name);

	if (found == known.end())
	{
		refuse("has an unknown member " + in_quotes(name));
	}
	found->second(name, value);
}

std::string
OptionReader::string(const std::string &name, JsonValue &value) const
{
	if (json_take(value.type()) != json_type::string)
	{
		refuse("has a member " + in_quotes(name) + " that is not a string");
	}
	return json_string(json_token(value));
}

std::string
OptionReader::graphql_name(const std::string &name, JsonValue &value) const
{
	std::string text = string(name, value);

	if (!is_name(text))
	{
		refuse("has a member " + in_quotes(name) + " whose value " + in_quotes(text) +
			   " is not a GraphQL name");
	}
	return text;
}

std::string
OptionReader::argument(const std::string &name, JsonValue &value) const
{
	std::string text = string(name, value);

	parse_argument(text);
	return text;
}

bool
OptionReader::boolean(const std::string &name, JsonValue &value) const
{
	bool result = false;

	if (value.get_bool().get(result) != simdjson::SUCCESS)
	{
		refuse("has a member " + in_quotes(name) + " that is not true or false");
	}
	return result;
}

// "= <> in"
std::vector<std::string>
OptionReader::words(std::string_view text, const std::string &column, const char *what) const
{
	std::vector<std::string> words;

	while (!text.empty())
	{
		std::string_view word = text.substr(0, text.find(' '));

		text.remove_prefix(std::min(word.size() + 1, text.size()));
		if (word.empty())
		{
			continue;
		}
		if (std::find(words.begin(), words.end(), word) != words.end())
		{
			refuse("gives column " + in_quotes(column) + " the " + what + ' ' + in_quotes(word) +
				   " twice");
		}
		words.emplace_back(word);
	}
	if (words.empty())
	{
		refuse("gives column " + in_quotes(column) + " no " + what);
	}
	return words;
}

ColumnUses
OptionReader::column_uses(const std::string &name, JsonValue &value, const char *what) const
{
	const std::string several = std::string(what) + 's';
	ColumnUses column = {name, {}, {}};
	std::string uses;

	if (json_take(value.type()) == json_type::string)
	{
		uses = string(name, value);
	}
	else
	{
		const Known known = {
			{"field",
			 [&](auto &member, auto &inner) { column.field = graphql_name(member, inner); }},
			{several, [&](auto &member, auto &inner) { uses = string(member, inner); }},
		};

		members(name, value, [&](auto &member, auto &inner) { read_known(known, member, inner); });
	}
	column.uses = words(uses, name, what);
	return column;
}

size_t
OptionReader::style(const std::string &text, std::initializer_list<std::string_view> names) const
{
	auto found = std::find(names.begin(), names.end(), text);

	if (found == names.end())
	{
		refuse(text.empty() ? "has no member \"style\""
							: "has an unknown style " + in_quotes(text));
	}
	return static_cast<size_t>(found - names.begin());
}

void
OptionReader::want(bool given, bool wanted, const char *member, const std::string &style) const
{
	if (given != wanted)
	{
		refuse(std::string(wanted ? "needs" : "cannot have") + " a member " + in_quotes(member) +
			   " in style " + in_quotes(style));
	}
}

}    // namespace gql
