// How are places in a GraphQL API spelled in options: fields, column paths, arguments, types?

#include "core/path.hpp"

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/token_stream.hpp"

namespace gql
{

namespace
{

// Elements of `field` that only wrap rows: they take no arguments.
constexpr std::array<std::string_view, 8> wrappers = {"nodes",   "edges", "node",    "items",
													  "results", "data",  "records", "entries"};

constexpr int selection_depth_limit = 32;

std::string_view
trim(std::string_view text)
{
	while (!text.empty() && text.front() == ' ')
	{
		text.remove_prefix(1);
	}
	while (!text.empty() && text.back() == ' ')
	{
		text.remove_suffix(1);
	}
	return text;
}

// Splits at every `separator`; empty parts stay.
std::vector<std::string_view>
split(std::string_view text, char separator)
{
	std::vector<std::string_view> parts;

	for (;;)
	{
		size_t end = text.find(separator);

		parts.push_back(text.substr(0, end));
		if (end == std::string_view::npos)
		{
			return parts;
		}
		text.remove_prefix(end + 1);
	}
}

[[noreturn]] void
refuse(std::string message, std::string hint)
{
	throw Failure(Code::invalid_option, std::move(message), {}, std::move(hint));
}

std::vector<std::string>
split_names(std::string_view text, std::string_view whole, const char *what, const char *hint)
{
	std::vector<std::string> names;

	for (std::string_view part : split(text, '.'))
	{
		if (!is_name(part))
		{
			refuse(std::string(what) + ' ' + in_quotes(whole) + " is not a path of GraphQL names",
				   hint);
		}
		names.emplace_back(part);
	}
	return names;
}

// Reads "{name address {city} ... on Person {age}}" and appends it with one blank between its
// words.
void
read_selection(TokenStream &tokens, std::string &out, int depth)
{
	if (depth > selection_depth_limit)
	{
		tokens.fail("it is nested too deeply");
	}
	tokens.expect("{");
	out.append("{ ");
	do
	{
		if (tokens.take_if("..."))
		{
			tokens.expect("on");
			out.append("... on ").append(tokens.name()).append(" ");
			read_selection(tokens, out, depth + 1);
			continue;
		}
		out.append(tokens.name()).append(" ");
		if (tokens.at("{"))
		{
			read_selection(tokens, out, depth + 1);
		}
	} while (!tokens.take_if("}"));
	out.append("} ");
}

std::string
parse_selection(std::string_view text, std::string_view whole)
{
	// What comes before counts for the place of an error.
	std::string padded(static_cast<size_t>(text.data() - whole.data()), ' ');
	std::string selection;

	padded.append(text);

	try
	{
		TokenStream tokens(padded);

		read_selection(tokens, selection, 1);
		if (!tokens.at_end())
		{
			tokens.unexpected();
		}
	}
	catch (const SyntaxError &problem)
	{
		refuse("path " + in_quotes(whole) +
				   " does not end in a selection of fields: " + problem.what(),
			   "Write owner {name address {city}}: names only, without arguments.");
	}
	selection.pop_back();
	return selection;
}

}    // namespace

bool
is_name(std::string_view text) noexcept
{
	auto letter = [](char c)
	{ return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };

	return !text.empty() && letter(text[0]) &&
		   std::all_of(text.begin(), text.end(),
					   [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::vector<std::string>
parse_field(std::string_view text)
{
	return split_names(
		text, text, "field",
		"Write the path from the query root with dots, like viewer.repositories.nodes.");
}

size_t
take_levels(std::string_view &path) noexcept
{
	size_t levels = 0;

	while (path.substr(0, 2) == "..")
	{
		path.remove_prefix(2);
		levels++;
	}
	return levels;
}

std::vector<ColumnPath>
parse_column_path(std::string_view text)
{
	std::vector<ColumnPath> alternatives;

	for (std::string_view alternative : split(text, '|'))
	{
		ColumnPath path;
		std::string condition;
		size_t brace = std::min(alternative.find('{'), alternative.size());

		for (std::string_view part : split(trim(alternative.substr(0, brace)), '.'))
		{
			bool is_condition = part.size() > 3 && part.substr(0, 3) == "on ";
			std::string_view name = is_condition ? trim(part.substr(3)) : part;

			if (!is_name(name) || (is_condition && !condition.empty()))
			{
				refuse("path " + in_quotes(text) + " is not a path of GraphQL names",
					   "Write owner.name, on Message.text for a field of one type, and | between "
					   "alternatives.");
			}
			if (is_condition)
			{
				condition = name;
				continue;
			}
			path.push_back({condition, std::string(name), {}, {}});
			condition.clear();
		}
		if (!condition.empty())
		{
			refuse("path " + in_quotes(text) + " names no field of type " + in_quotes(condition),
				   "Write on Message.text for the field text of type Message.");
		}
		if (brace < alternative.size())
		{
			path.back().selection = parse_selection(alternative.substr(brace), text);
		}
		alternatives.push_back(std::move(path));
	}
	return alternatives;
}

ArgumentPath
parse_argument(std::string_view text)
{
	static const char hint[] = "Write id, where.id._eq, or organization(login) for an argument of "
							   "another field on the path.";
	ArgumentPath argument;
	std::string_view names = text;
	size_t open = text.find('(');

	if (open != std::string_view::npos)
	{
		if (text.back() != ')' || !is_name(text.substr(0, open)))
		{
			refuse("argument " + in_quotes(text) + " is not a path of GraphQL names", hint);
		}
		argument.element = text.substr(0, open);
		names = text.substr(open + 1, text.size() - open - 2);
	}
	argument.names = split_names(names, text, "argument", hint);
	return argument;
}

std::string
argument_text(const ArgumentPath &argument)
{
	std::string text = argument.element + '(';

	for (size_t i = 0; i < argument.names.size(); i++)
	{
		text.append(i == 0 ? "" : ".").append(argument.names[i]);
	}
	return text + ')';
}

size_t
argument_element(const std::vector<std::string> &field, const ArgumentPath &argument)
{
	size_t index = field.size() - 1;

	if (!argument.element.empty())
	{
		auto found = std::find(field.begin(), field.end(), argument.element);

		if (found == field.end())
		{
			refuse("argument " + in_quotes(argument.element + "(...)") +
					   " names no element of the field path",
				   {});
		}
		return static_cast<size_t>(found - field.begin());
	}
	while (index > 0 && std::find(wrappers.begin(), wrappers.end(), field[index]) != wrappers.end())
	{
		index--;
	}
	return index;
}

FieldCall
parse_field_call(std::string_view text)
{
	FieldCall call;
	size_t open = std::min(text.find('('), text.size());

	call.name = trim(text.substr(0, open));
	if (open < text.size())
	{
		for (std::string_view part : split(text.substr(open + 1, text.size() - open - 2), ','))
		{
			call.arguments.emplace_back(trim(part));
		}
	}
	if (!is_name(call.name) || (open < text.size() && text.back() != ')') ||
		!std::all_of(call.arguments.begin(), call.arguments.end(), is_name))
	{
		refuse(in_quotes(text) + " is not the name of a GraphQL field",
			   "Write count, or count(columns) for a field with an argument.");
	}
	return call;
}

std::string
CountPath::text() const
{
	std::string text;

	for (const std::string &name : field)
	{
		text.append(text.empty() ? "" : ".").append(name);
	}
	return text;
}

CountPath
parse_count_path(std::string_view text)
{
	CountPath path;

	for (std::string_view part : split(text, '.'))
	{
		FieldCall call = parse_field_call(part);

		if (!call.arguments.empty())
		{
			if (!path.arguments.empty())
			{
				refuse("path " + in_quotes(text) + " names arguments of two fields",
					   "Name those of one: users_aggregate(where).aggregate.count.");
			}
			path.taking = path.field.size();
			path.arguments = std::move(call.arguments);
		}
		path.field.push_back(std::move(call.name));
	}
	return path;
}

TypeText
parse_type(std::string_view text)
{
	TypeText type;
	std::string_view rest = text;
	size_t lists = 0;

	while (!rest.empty() && rest.front() == '[')
	{
		rest.remove_prefix(1);
		lists++;
	}
	type.name = rest.substr(0, rest.find_first_of("]!"));
	rest.remove_prefix(type.name.size());

	bool valid = is_name(type.name);

	for (size_t i = 0; valid && i <= lists; i++)
	{
		if (i > 0)
		{
			valid = !rest.empty() && rest.front() == ']';
			rest.remove_prefix(valid ? 1 : 0);
		}
		type.required = !rest.empty() && rest.front() == '!';
		rest.remove_prefix(type.required ? 1 : 0);
	}
	if (!valid || !rest.empty())
	{
		refuse("type " + in_quotes(text) + " is not a GraphQL type", "Write ID, ID! or [ID!]!.");
	}
	type.list = lists > 0;
	type.text = text.substr(0, text.size() - (type.required ? 1 : 0));
	return type;
}

}    // namespace gql
