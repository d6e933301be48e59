// Through which accesses are the rows of a table reached, as its options say?

#include "core/table.hpp"

#include <algorithm>

#include "core/access_builder.hpp"
#include "core/error.hpp"
#include "core/filter.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

// Whatever the field, there are objects around the rows as far above as columns read.
void
check_levels(const RemoteTable &table)
{
	for (const Column &column : table.columns)
	{
		for (const AccessPlan &plan : table.accesses)
		{
			if (column.levels >= plan.field.size() ||
				(column.levels > 0 && !plan.condition.empty()))
			{
				throw Failure(
					Code::invalid_option,
					"path " + in_quotes(column.path_text) + " of column " + in_quotes(column.name) +
						" leads to no object around the rows of field " + in_quotes(plan.text));
			}
		}
	}
}

bool
takes_list_of(const RemoteTable &table, int column)
{
	return std::any_of(table.accesses.begin(), table.accesses.end(),
					   [=](const AccessPlan &plan)
					   {
						   return std::any_of(plan.columns.begin(), plan.columns.end(),
											  [=](const AccessArgument &argument) {
												  return argument.column == column && argument.list;
											  });
					   });
}

// Does the field whose rows come in pages take the filter? Keys that find the objects around lists
// would need pages for each of them.
bool
filters_pages(const RemoteTable &table, const AccessPlan &own, const FilterNode &key)
{
	size_t element;

	return find_filter_element(table, own, filter_argument(table, key), element) &&
		   (!own.pages || own.paged == element);
}

// May a number that can be given, and is none of the rows', say how many of them come? What a list
// of keys asks for would be cut.
bool
may_be_cut(const RemoteTable &table, const AccessPlan &own)
{
	return !own.pages && std::any_of(table.columns.begin(), table.columns.end(),
									 [](const Column &column) {
										 return column.argument && column.path_text.empty() &&
												column.default_type == "Int";
									 });
}

// The own field, and before it the same once for each column whose keys the filter takes: many in a
// list, or one in a comparison.
void
add_filter_keys(RemoteTable &table, AccessPlan own)
{
	std::vector<AccessPlan> plans;

	table.accesses.push_back(own);
	for (size_t i = 0; table.filter && !may_be_cut(table, own) && i < table.columns.size(); i++)
	{
		int column = static_cast<int>(i);
		const FilterNode key = filter_key_node(table, column, {});

		if (table.columns[i].compares && !table.columns[i].argument &&
			!takes_list_of(table, column) && filter_operator(table, column, key.op) != nullptr &&
			filters_pages(table, own, key))
		{
			bool list = key.op == FilterOperator::in;

			plans.push_back(own);
			plans.back().filter_key = column;
			plans.back().door.list = list ? ListKind::filter : ListKind::none;
			plans.back().columns.push_back({column, Need::required, list});
		}
	}
	table.accesses.insert(table.accesses.end() - 1, plans.begin(), plans.end());
}

}    // namespace

void
add_accesses(RemoteTable &table, const TableSpec &spec)
{
	const std::vector<std::string> field = parse_field(spec.field);
	std::optional<Pagination> pages;

	if (!spec.pagination.empty())
	{
		pages = parse_pagination(spec.pagination);
	}
	if (!spec.filter.empty())
	{
		table.filter = parse_filter(spec.filter);
	}
	if (!spec.order.empty())
	{
		table.order = parse_order(spec.order);
	}
	if (!spec.lookups.empty())
	{
		for (LookupTemplate &lookup : parse_lookups(spec.lookups))
		{
			AccessBuilder builder(table, lookup.field, "lookups");

			builder.set_condition(std::move(lookup.condition));
			builder.add_template(std::move(lookup.arguments));
			if (lookup.pagination)
			{
				builder.add_pages(read_pagination(*lookup.pagination, "lookups"), "lookups");
			}
			else if (pages && builder.shares(field, pages->position))
			{
				builder.add_pages(*pages, "pagination");
			}
			if (table.order)
			{
				builder.add_order(field, *table.order);
			}
			table.accesses.push_back(builder.finish());
		}
	}

	AccessBuilder builder(table, spec.field, "arguments");

	if (!spec.arguments.empty())
	{
		builder.add_template(parse_template(spec.arguments, "arguments"));
	}
	builder.add_columns();
	if (pages)
	{
		builder.add_pages(std::move(*pages), "pagination");
	}
	if (table.order)
	{
		builder.add_order(field, *table.order);
	}
	add_filter_keys(table, builder.finish());
	check_levels(table);
	open_doors(table, true);
}

}    // namespace gql
