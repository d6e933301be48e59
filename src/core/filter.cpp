// What does an API call the parts of a filter, and where among its arguments do they go?

#include "core/filter.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace gql
{

namespace
{

std::string_view
sql_name(FilterOperator op)
{
	switch (op)
	{
		case FilterOperator::equal:
			return "=";
		case FilterOperator::not_equal:
			return "<>";
		case FilterOperator::less:
			return "<";
		case FilterOperator::less_or_equal:
			return "<=";
		case FilterOperator::greater:
			return ">";
		case FilterOperator::greater_or_equal:
			return ">=";
		case FilterOperator::in:
			return "in";
		case FilterOperator::not_in:
			return "not-in";
		case FilterOperator::is_null:
		case FilterOperator::is_not_null:
			return "is-null";
		case FilterOperator::like:
			return "like";
		case FilterOperator::ilike:
			return "ilike";
		case FilterOperator::starts_with:
			return "starts-with";
		case FilterOperator::ends_with:
			return "ends-with";
		case FilterOperator::contains:
			return "contains";
		default:
			return {};
	}
}

const ColumnUses *
find_filtered(const RemoteTable &table, int index)
{
	const std::vector<ColumnUses> &columns = table.filter->columns;
	auto found = std::find_if(columns.begin(), columns.end(),
							  [&](const ColumnUses &column)
							  { return column.name == table.columns[index].name; });

	return found == columns.end() ? nullptr : &*found;
}

// The name of the filter's member for a column, "" when it has none. Alternatives of a path are
// members of different types.
std::string
field_name(const RemoteTable &table, int index)
{
	const ColumnUses *filtered = find_filtered(table, index);
	const Column &column = table.columns[index];

	if (filtered == nullptr)
	{
		return {};
	}
	if (!filtered->field.empty())
	{
		return filtered->field;
	}
	return column.paths.size() == 1 && column.levels == 0 ? column.paths[0].back().field
														  : std::string();
}

Template
filter_template(int node)
{
	Template filter;

	filter.kind = Template::Kind::filter;
	filter.column = node;
	return filter;
}

// {id: {in: $ids}} becomes {and: [{id: {in: $ids}}, $filter]}, without $filter where it says
// nothing.
bool
combine(const Filter &filter, Template &present)
{
	if (present.kind != Template::Kind::object || filter.conjunction.empty())
	{
		return false;
	}
	Template both;
	Template list;

	list.kind = Template::Kind::list;
	list.items.push_back(std::move(present));
	list.items.push_back(filter_template(-1));
	list.items.back().required = true;
	both.members.emplace_back(filter.conjunction, std::move(list));
	present = std::move(both);
	return true;
}

bool
place_object(const RemoteTable &table, AccessPlan &plan)
{
	ArgumentPath argument = parse_argument(table.filter->argument);
	size_t element;

	if (!find_filter_element(table, plan, argument, element))
	{
		return false;
	}
	Template *at = &plan.arguments[element];

	for (size_t i = 0; i < argument.names.size(); i++)
	{
		bool last = i + 1 == argument.names.size();
		Template *present = at->find(argument.names[i]);

		if (present == nullptr)
		{
			at->members.emplace_back(argument.names[i], last ? filter_template(-1) : Template());
			present = &at->members.back().second;
		}
		else if (last)
		{
			return combine(*table.filter, *present);
		}
		else if (present->kind != Template::Kind::object)
		{
			return false;
		}
		at = present;
	}
	return true;
}

bool
place_arguments(const RemoteTable &table, const std::vector<FilterNode> &nodes, AccessPlan &plan)
{
	for (size_t i = 0; i < nodes.size(); i++)
	{
		if (nodes[i].op == FilterOperator::conjunction)
		{
			continue;
		}
		std::string name = filter_member(table, nodes[i]);
		size_t element;

		if (!find_filter_element(table, plan, filter_argument(table, nodes[i]), element) ||
			plan.arguments[element].find(name) != nullptr)
		{
			return false;
		}
		plan.arguments[element].members.emplace_back(name, filter_template(static_cast<int>(i)));
	}
	return true;
}

}    // namespace

const std::string *
filter_operator(const RemoteTable &table, int column, FilterOperator op)
{
	static const auto *equality = new NamePair("=", "");
	const ColumnUses *filtered = find_filtered(table, column);
	const std::vector<NamePair> &operators = table.filter->operators;

	if (filtered == nullptr || field_name(table, column).empty() ||
		std::find(filtered->uses.begin(), filtered->uses.end(), sql_name(op)) ==
			filtered->uses.end())
	{
		return nullptr;
	}
	auto found = std::find_if(operators.begin(), operators.end(),
							  [&](const NamePair &entry) { return entry.first == sql_name(op); });

	return found == operators.end() ? &equality->second : &found->second;
}

std::string
filter_member(const RemoteTable &table, const FilterNode &node)
{
	std::string name = field_name(table, node.column);

	return table.filter->style == FilterStyle::nested
			   ? name
			   : name + *filter_operator(table, node.column, node.op);
}

ArgumentPath
filter_argument(const RemoteTable &table, const FilterNode &node)
{
	return parse_argument(table.filter->style == FilterStyle::arguments ? filter_member(table, node)
																		: table.filter->argument);
}

FilterNode
filter_key_node(const RemoteTable &table, int column, const std::vector<FilterNode> &others)
{
	bool list = filter_operator(table, column, FilterOperator::in) != nullptr;
	int values = 0;

	for (const FilterNode &node : others)
	{
		values = std::max(values, node.value + 1);
	}
	return {list ? FilterOperator::in : FilterOperator::equal, column, values, 0};
}

// The own field's, or that of a field that shares its beginning or its end.
bool
find_filter_element(const RemoteTable &table, const AccessPlan &plan, const ArgumentPath &argument,
					size_t &element)
{
	const std::vector<std::string> &own = table.accesses.back().field;
	size_t at = argument_element(own, argument);
	size_t behind = own.size() - at;

	if (plan.field.size() > at &&
		std::equal(own.begin(), own.begin() + static_cast<long>(at) + 1, plan.field.begin()))
	{
		element = at;
		return true;
	}
	element = plan.field.size() - behind;
	return at > 0 && plan.field.size() > behind &&
		   std::equal(own.rbegin(), own.rbegin() + static_cast<long>(behind), plan.field.rbegin());
}

bool
place_filter(const RemoteTable &table, const std::vector<FilterNode> &nodes, AccessPlan &plan)
{
	if (!plan.condition.empty())
	{
		return false;
	}
	return table.filter->style == FilterStyle::arguments ? place_arguments(table, nodes, plan)
														 : place_object(table, plan);
}

bool
table_filters(const RemoteTable *table) noexcept
{
	return table->filter.has_value();
}

bool
table_joins(const RemoteTable *table, FilterOperator op) noexcept
{
	if (!table->filter || table->filter->style == FilterStyle::arguments)
	{
		return false;
	}
	switch (op)
	{
		case FilterOperator::conjunction:
			return !table->filter->conjunction.empty();
		case FilterOperator::disjunction:
			return !table->filter->disjunction.empty();
		case FilterOperator::negation:
			return !table->filter->negation.empty();
		default:
			return false;
	}
}

bool
table_compares(const RemoteTable *table, int column, FilterOperator op) noexcept
{
	Error err;

	return table->filter &&
		   guarded(err, [&] { return filter_operator(*table, column, op) != nullptr; });
}

bool
access_filters(const RemoteTable *table, size_t access) noexcept
{
	return table->filter && filter_fits(table, access, nullptr, 0);
}

bool
filter_fits(const RemoteTable *table, size_t access, const FilterNode *nodes, size_t count) noexcept
{
	Error err;

	return guarded(err,
				   [&]
				   {
					   std::vector<FilterNode> copy(nodes, nodes + count);
					   std::vector<std::string> texts;
					   std::vector<FilterValue> values;
					   AccessPlan plan = table->accesses[access];

					   if (plan.filter_key >= 0)
					   {
						   copy.push_back(filter_key_node(*table, plan.filter_key, copy));
					   }
					   // Every value is taken for another one.
					   for (size_t i = 0; i < copy.size(); i++)
					   {
						   texts.push_back(std::to_string(i));
					   }
					   for (const std::string &text : texts)
					   {
						   values.push_back({FilterTruth::compared, text});
					   }
					   write_filter(*table, copy, values.data());
					   return place_filter(*table, copy, plan);
				   });
}

}    // namespace gql
