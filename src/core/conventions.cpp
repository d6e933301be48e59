// How does an API spell filters and aggregates, as a foreign table's options say?

#include "core/conventions.hpp"

#include <algorithm>

#include "core/door/table.hpp"
#include "core/error.hpp"
#include "core/filter_words.hpp"
#include "core/json_text.hpp"
#include "core/path.hpp"

namespace gql
{

namespace
{

using simdjson::ondemand::json_type;

// In the flat styles an operator is a suffix of the field's name, and may be none; in the nested
// one it may be inside an object, as range.gte is.
void
check_operator(const OptionReader &reader, const Filter &filter, const NamePair &entry)
{
	const bool suffix = filter.style == FilterStyle::flat || filter.style == FilterStyle::arguments;
	const size_t dot = suffix ? std::string::npos : entry.second.find('.');
	const std::string known = suffix ? '_' + entry.second : entry.second.substr(dot + 1);

	if (std::find(sql_operators.begin(), sql_operators.end(), entry.first) == sql_operators.end())
	{
		reader.refuse("has an unknown operator " + in_quotes(entry.first));
	}
	if (!is_name(known) || (dot != std::string::npos && !is_name(entry.second.substr(0, dot))))
	{
		reader.refuse("spells operator " + in_quotes(entry.first) + " as " +
					  in_quotes(entry.second) + ", which is not a GraphQL name");
	}
}

// The name of an operator. IS NULL may have words for either answer: {"operator": "is", "null":
// "NULL", "not null": "NOT_NULL"}.
std::string
read_operator(const OptionReader &reader, Filter &filter, const std::string &name, JsonValue &value)
{
	std::string word;
	const OptionReader::Known known = {
		{"operator", [&](auto &member, auto &inner) { word = reader.graphql_name(member, inner); }},
		{"null",
		 [&](auto &member, auto &inner) { filter.null = reader.graphql_name(member, inner); }},
		{"not null",
		 [&](auto &member, auto &inner) { filter.not_null = reader.graphql_name(member, inner); }},
	};

	if (name != "is-null" || json_take(value.type()) != json_type::object)
	{
		return reader.string(name, value);
	}
	reader.members(name, value,
				   [&](auto &member, auto &inner) { reader.read_known(known, member, inner); });
	for (const std::string *given : {&word, &filter.null, &filter.not_null})
	{
		if (given->empty())
		{
			reader.refuse("needs \"operator\", \"null\" and \"not null\" in operator \"is-null\"");
		}
	}
	return word;
}

void
check_filter_columns(const OptionReader &reader, const Filter &filter)
{
	for (const ColumnUses &column : filter.columns)
	{
		for (const std::string &name : column.uses)
		{
			bool known =
				filter.operators.empty()
					? name == "="
					: std::any_of(filter.operators.begin(), filter.operators.end(),
								  [&](const NamePair &entry) { return entry.first == name; });

			if (!known)
			{
				reader.refuse("gives column " + in_quotes(column.name) + " the operator " +
							  in_quotes(name) + ", which it does not spell");
			}
		}
	}
	if (filter.columns.empty())
	{
		reader.refuse("names no columns");
	}
}

}    // namespace

Filter
parse_filter(std::string_view json)
{
	const OptionReader reader("filter");
	std::string style;
	Filter filter;
	const OptionReader::Known known = {
		{"style", [&](auto &name, auto &value) { style = reader.string(name, value); }},
		{"argument",
		 [&](auto &name, auto &value) { filter.argument = reader.argument(name, value); }},
		{"type", [&](auto &name, auto &value) { filter.type = reader.string(name, value); }},
		{"and",
		 [&](auto &name, auto &value) { filter.conjunction = reader.graphql_name(name, value); }},
		{"or",
		 [&](auto &name, auto &value) { filter.disjunction = reader.graphql_name(name, value); }},
		{"not",
		 [&](auto &name, auto &value) { filter.negation = reader.graphql_name(name, value); }},
		{"operators",
		 [&](auto &name, auto &value)
		 {
			 reader.members(
				 name, value,
				 [&](auto &sql, auto &word)
				 { filter.operators.emplace_back(sql, read_operator(reader, filter, sql, word)); });
		 }},
		{"columns",
		 [&](auto &name, auto &value)
		 {
			 reader.members(
				 name, value,
				 [&](auto &column, auto &inner)
				 { filter.columns.push_back(reader.column_uses(column, inner, "operator")); });
		 }},
	};

	reader.open(json, [&](auto &name, auto &value) { reader.read_known(known, name, value); });
	filter.style =
		static_cast<FilterStyle>(reader.style(style, {"nested", "flat", "equality", "arguments"}));
	reader.want(!filter.argument.empty(), filter.style != FilterStyle::arguments, "argument",
				style);
	if (!filter.type.empty())
	{
		reader.want(true, filter.style != FilterStyle::arguments, "type", style);
		parse_type(filter.type);
	}
	if (filter.style == FilterStyle::nested || filter.style == FilterStyle::flat)
	{
		reader.want(!filter.operators.empty(), true, "operators", style);
	}
	if (filter.style == FilterStyle::equality)
	{
		reader.want(!filter.operators.empty(), false, "operators", style);
	}
	for (const NamePair &entry : filter.operators)
	{
		check_operator(reader, filter, entry);
	}
	check_filter_columns(reader, filter);
	return filter;
}

const char *
aggregate_name(AggregateFunction function)
{
	switch (function)
	{
		case AggregateFunction::rows:
		case AggregateFunction::count:
			return "count";
		case AggregateFunction::distinct:
			return "distinct";
		case AggregateFunction::sum:
			return "sum";
		case AggregateFunction::min:
			return "min";
		case AggregateFunction::max:
			return "max";
	}
	return "";
}

Aggregates
parse_aggregates(std::string_view json)
{
	const OptionReader reader("aggregates");
	Aggregates aggregates;
	const OptionReader::Read read_function = [&](auto &function, auto &value)
	{ aggregates.functions[function] = parse_field_call(reader.string(function, value)); };
	const OptionReader::Known functions = {{"count", read_function},
										   {"distinct", read_function},
										   {"sum", read_function},
										   {"min", read_function},
										   {"max", read_function}};
	const OptionReader::Known known = {
		{"field", [&](auto &name, auto &value)
		 { aggregates.field = parse_count_path(reader.string(name, value)); }},
		{"functions",
		 [&](auto &name, auto &value)
		 {
			 reader.members(name, value,
							[&](auto &function, auto &inner)
							{ reader.read_known(functions, function, inner); });
		 }},
		{"columns",
		 [&](auto &name, auto &value)
		 {
			 reader.members(
				 name, value,
				 [&](auto &column, auto &inner)
				 { aggregates.columns.push_back(reader.column_uses(column, inner, "function")); });
		 }},
	};

	reader.open(json, [&](auto &name, auto &value) { reader.read_known(known, name, value); });
	if (aggregates.field.field.empty())
	{
		reader.refuse("has no member \"field\"");
	}
	if (aggregates.columns.empty())
	{
		reader.refuse("names no columns");
	}
	for (const ColumnUses &column : aggregates.columns)
	{
		for (const std::string &function : column.uses)
		{
			if (aggregates.functions.count(function) == 0)
			{
				reader.refuse("gives column " + in_quotes(column.name) + " the function " +
							  in_quotes(function) + ", which it does not spell");
			}
		}
	}
	return aggregates;
}

bool
check_aggregates(std::string_view json, Error &err) noexcept
{
	return guarded(err, [&] { return parse_aggregates(json), true; });
}

bool
check_filter(std::string_view json, Error &err) noexcept
{
	return guarded(err, [&] { return parse_filter(json), true; });
}

}    // namespace gql
