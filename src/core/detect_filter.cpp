// How does a field filter its rows?

#include "core/detect_filter.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/filter_words.hpp"
#include "core/import_names.hpp"
#include "core/option_json.hpp"

namespace gql
{

namespace
{

class FilterFinder
{
public:
	FilterFinder(const SchemaTypes &schema, const TypeInfo &row) : schema_(schema), row_(row) {}

	// The fields of an input object as filters of rows. `path`: the argument's name.
	FilterConvention
	find_in_object(const InputInfo &argument)
	{
		const TypeInfo *type = find_type(schema_, argument.type.name);

		filter_ = FilterConvention();
		if (type == nullptr)
		{
			return filter_;
		}
		for (const FieldInfo &field : row_.fields)
		{
			const InputInfo *input = find_input(type->inputs, field.name);
			const TypeInfo *operators =
				input != nullptr && !input->type.list && input->type.kind == TypeKind::input_object
					? find_type(schema_, input->type.name)
					: nullptr;

			if (operators != nullptr && is_row_leaf(field))
			{
				add_nested(argument.name, field, *operators);
			}
		}
		if (!filter_.fields.empty())
		{
			filter_.style = "nested";
		}
		else
		{
			add_suffixes(type->inputs, {argument.name});
			filter_.style = filter_.fields.empty() ? "" : has_suffixes() ? "flat" : "equality";
		}
		add_plural_keys(*type, argument.name);
		add_logic(*type);
		filter_.arguments = {argument.name};
		return filter_;
	}

	// Arguments of the field itself: averageScore_greater, id_in.
	FilterConvention
	find_in_arguments(const std::vector<InputInfo> &arguments)
	{
		filter_ = FilterConvention();
		add_suffixes(arguments, {});
		if (!has_suffixes())
		{
			return FilterConvention();
		}
		filter_.style = "arguments";
		for (const FilteredField &field : filter_.fields)
		{
			for (const std::string &sql_operator : field.operators)
			{
				// Equality with a column fills an argument of the column's name.
				if (sql_operator != "=")
				{
					filter_.arguments.insert(field.field + filter_.operators[sql_operator]);
				}
			}
		}
		return filter_;
	}

private:
	bool
	has_suffixes() const
	{
		return std::any_of(filter_.operators.begin(), filter_.operators.end(),
						   [](const auto &entry) { return !entry.second.empty(); });
	}

	// Notes an operator of a field when the API calls it what it calls it for other fields.
	bool
	note(FilteredField &field, std::string_view sql_operator, const std::string &api_name)
	{
		auto entry = filter_.operators.emplace(sql_operator, api_name).first;
		std::string name(sql_operator);

		if (entry->second != api_name || std::find(field.operators.begin(), field.operators.end(),
												   name) != field.operators.end())
		{
			return false;
		}
		field.operators.push_back(std::move(name));
		return true;
	}

	// Saleor's range: {gte: 1, lte: 5}
	void
	note_range(FilteredField &filtered, const FieldInfo &field, const InputInfo &range)
	{
		const TypeInfo *type = find_type(schema_, range.type.name);

		for (const InputInfo &input : type == nullptr ? std::vector<InputInfo>() : type->inputs)
		{
			std::string_view sql_operator = operator_of(input.name);

			if (is_bound(sql_operator) && takes_operand(sql_operator, input.type, field.type))
			{
				note(filtered, sql_operator, range.name + '.' + input.name);
			}
		}
	}

	// The value of an enum with this name, "" when it has none.
	std::string
	find_value(const TypeRef &ref, std::string_view name) const
	{
		const TypeInfo *type = find_type(schema_, ref.name);

		for (const EnumValueInfo &value :
			 type == nullptr ? std::vector<EnumValueInfo>() : type->values)
		{
			if (plain_name(value.name) == name)
			{
				return value.name;
			}
		}
		return {};
	}

	// pg_graphql's is: NULL, is: NOT_NULL
	bool
	is_null_test(const InputInfo &input) const
	{
		return plain_name(input.name) == "is" && !input.type.list &&
			   !find_value(input.type, "null").empty() &&
			   !find_value(input.type, "notnull").empty();
	}

	void
	note_null_test(FilteredField &field, const InputInfo &input)
	{
		if (note(field, "is-null", input.name))
		{
			filter_.null = find_value(input.type, "null");
			filter_.not_null = find_value(input.type, "notnull");
		}
	}

	void
	add_nested(const std::string &argument, const FieldInfo &field, const TypeInfo &operators)
	{
		FilteredField filtered = {field.name, {}};

		for (const InputInfo &input : operators.inputs)
		{
			std::string_view sql_operator = operator_of(input.name);

			if (plain_name(input.name) == "range" && !input.type.list)
			{
				note_range(filtered, field, input);
			}
			else if (is_null_test(input))
			{
				note_null_test(filtered, input);
			}
			else if (!sql_operator.empty() && takes_operand(sql_operator, input.type, field.type) &&
					 note(filtered, sql_operator, input.name) && sql_operator == "in")
			{
				filter_.lists.push_back(
					{field.name, {argument, field.name, input.name}, element_of(input.type)});
			}
		}
		add(std::move(filtered));
	}

	// price, price_gt, priceGt, price_not_in.
	void
	add_suffixes(const std::vector<InputInfo> &inputs, const std::vector<std::string> &path)
	{
		for (const FieldInfo &field : row_.fields)
		{
			FilteredField filtered = {field.name, {}};

			if (!is_row_leaf(field))
			{
				continue;
			}
			for (const InputInfo &input : inputs)
			{
				std::string_view sql_operator = suffix_operator(field.name, input.name);

				if (!sql_operator.empty() && takes_operand(sql_operator, input.type, field.type) &&
					note(filtered, sql_operator, input.name.substr(field.name.size())) &&
					sql_operator == "in")
				{
					KeyList list = {field.name, path, element_of(input.type)};

					list.path.push_back(input.name);
					filter_.lists.push_back(std::move(list));
				}
			}
			add(std::move(filtered));
		}
	}

	std::string_view
	suffix_operator(const std::string &field, const std::string &input) const
	{
		if (input == field)
		{
			return "=";
		}
		if (input.size() <= field.size() + 1 || input.compare(0, field.size(), field) != 0 ||
			find_field(row_, input) != nullptr)
		{
			return {};
		}

		std::string_view suffix = std::string_view(input).substr(field.size());

		return suffix[0] == '_' || (suffix[0] >= 'A' && suffix[0] <= 'Z') ? operator_of(suffix)
																		  : std::string_view();
	}

	// filter: {ids: [...]}
	void
	add_plural_keys(const TypeInfo &type, const std::string &argument)
	{
		for (const InputInfo &input : type.inputs)
		{
			for (const FieldInfo &field : row_.fields)
			{
				if (list_depth(input.type) == 1 && is_row_leaf(field) &&
					is_plural(words_of(input.name), words_of(field.name)) &&
					are_comparable(field.type, element_of(input.type)))
				{
					filter_.lists.push_back(
						{field.name, {argument, input.name}, element_of(input.type)});
				}
			}
		}
	}

	void
	add_logic(const TypeInfo &type)
	{
		for (const InputInfo &input : type.inputs)
		{
			std::string name = plain_name(input.name);

			if (input.type.name == type.name && (input.type.list || name == "not"))
			{
				(name == "and"   ? filter_.and_name
				 : name == "or"  ? filter_.or_name
				 : name == "not" ? filter_.not_name
								 : ignored_) = input.name;
			}
		}
	}

	void
	add(FilteredField filtered)
	{
		std::vector<std::string> &known = filtered.operators;
		auto knows = [&](const char *name)
		{ return std::find(known.begin(), known.end(), name) != known.end(); };

		if (!knows("starts-with") || knows("like"))
		{
			known.erase(std::remove_if(known.begin(), known.end(), is_part_test), known.end());
		}
		if (filtered.operators.empty())
		{
			return;
		}
		std::sort(filtered.operators.begin(), filtered.operators.end(),
				  [](const std::string &a, const std::string &b)
				  {
					  return std::find(sql_operators.begin(), sql_operators.end(), a) <
							 std::find(sql_operators.begin(), sql_operators.end(), b);
				  });
		filter_.fields.push_back(std::move(filtered));
	}

	const SchemaTypes &schema_;
	const TypeInfo &row_;
	FilterConvention filter_;
	std::string ignored_;
};

bool
is_filter_name(std::string_view name)
{
	static constexpr std::array<std::string_view, 7> names = {
		"filter", "filters", "where", "find", "condition", "conditions", "filterby"};

	return std::find(names.begin(), names.end(), plain_name(name)) != names.end();
}

size_t
power(const FilterConvention &filter)
{
	size_t sum = filter.lists.size();

	for (const FilteredField &field : filter.fields)
	{
		sum += field.operators.size();
	}
	return sum;
}

}    // namespace

FilterConvention
detect_filter(const SchemaTypes &schema, const RowSource &source)
{
	FilterConvention best;
	std::set<std::string> filters;

	if (source.shape.row_type == nullptr || !source.shape.many)
	{
		return best;
	}

	FilterFinder finder(schema, *source.shape.row_type);

	for (const InputInfo &input : source.last().arguments)
	{
		// What must be given is not for the planner to decide.
		if (input.type.kind == TypeKind::input_object && !input.type.list && !is_required(input) &&
			is_filter_name(input.name))
		{
			FilterConvention filter = finder.find_in_object(input);

			filter.argument = source.spell(source.steps.size() - 1, input.name);
			filter.type = type_text(input.type);
			if (power(filter) == 0 || filter.argument.empty())
			{
				continue;
			}
			filters.insert(input.name);
			if (power(filter) > power(best))
			{
				best = std::move(filter);
			}
		}
	}
	if (power(best) == 0)
	{
		best = finder.find_in_arguments(source.last().arguments);
	}
	for (const std::string &name : filters)
	{
		if (best.arguments.insert(name).second)
		{
			best.unused.insert(name);
		}
	}
	return best;
}

std::string
filter_option(const FilterConvention &filter, const std::map<std::string, std::string> &column_of)
{
	JsonObject option;
	JsonObject operators;
	JsonObject columns;
	std::set<std::string> used;

	for (const FilteredField &field : filter.fields)
	{
		auto column = column_of.find(field.field);
		std::string list;

		if (column == column_of.end())
		{
			continue;
		}
		for (const std::string &sql_operator : field.operators)
		{
			list.append(list.empty() ? "" : " ").append(sql_operator);
			used.insert(sql_operator);
		}
		columns.add(column->second, list);
	}
	if (filter.style.empty() || columns.empty())
	{
		return {};
	}
	if (!filter.argument.empty())
	{
		option.add("argument", filter.argument);
		option.add("type", filter.type);
	}
	option.add("style", filter.style);
	for (std::string_view sql_operator : sql_operators)
	{
		if (used.count(std::string(sql_operator)) == 0)
		{
			continue;
		}
		const std::string &name = filter.operators.at(std::string(sql_operator));

		if (sql_operator == "is-null" && !filter.null.empty())
		{
			JsonObject words;

			words.add("operator", name);
			words.add("null", filter.null);
			words.add("not null", filter.not_null);
			operators.add_json(sql_operator, words.text());
		}
		else
		{
			operators.add(sql_operator, name);
		}
	}
	if (filter.style != "equality")
	{
		option.add_json("operators", operators.text());
	}
	for (auto [name, api_name] :
		 {std::pair("and", &filter.and_name), {"or", &filter.or_name}, {"not", &filter.not_name}})
	{
		if (!api_name->empty())
		{
			option.add(name, *api_name);
		}
	}
	option.add_json("columns", columns.text());
	return option.text();
}

}    // namespace gql
