// How do the options of a foreign table become a RemoteTable?

#include "core/table.hpp"

#include <memory>

#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

Column
make_column(const ColumnSpec &spec)
{
	Column column;

	column.name = spec.name;
	column.path_text = spec.path;
	column.self = spec.path == ".";
	column.argument_text = spec.argument;
	column.default_type = spec.default_type;
	column.leaf = spec.leaf;
	column.array = spec.array;
	column.compares = spec.compares;
	if (!column.self && !spec.path.empty())
	{
		std::string_view path = spec.path;

		column.levels = take_levels(path);
		column.paths = parse_column_path(path);
	}
	for (const ColumnPath &path : column.paths)
	{
		if (!path.back().selection.empty() && spec.leaf != Leaf::json)
		{
			throw Failure(Code::invalid_option,
						  "path " + in_quotes(spec.path) + " of column " + in_quotes(spec.name) +
							  " selects fields of objects, which only json and jsonb can hold");
		}
	}
	if (!spec.argument.empty())
	{
		column.argument = parse_argument(spec.argument);
	}
	if (!spec.type.empty())
	{
		column.type = parse_type(spec.type);
	}
	for (size_t i = 0; spec.leaf == Leaf::composite && i < spec.member_count; i++)
	{
		column.members.push_back(make_column(spec.members[i]));
		if (!is_name(spec.members[i].name))
		{
			throw Failure(Code::invalid_option, "attribute " + in_quotes(spec.members[i].name) +
													" of column " + in_quotes(spec.name) +
													" is not a GraphQL name");
		}
	}
	if (column.self && spec.leaf == Leaf::composite)
	{
		throw Failure(Code::invalid_option,
					  "column " + in_quotes(spec.name) +
						  " has the path \".\" and a composite type: the row's own value needs a "
						  "scalar type or jsonb");
	}
	return column;
}

// The row's own value is read once: as a list, or not.
void
check_self(const RemoteTable &table)
{
	const Column *first = nullptr;

	for (const Column &column : table.columns)
	{
		if (column.self && first != nullptr &&
			(column.array != first->array || (column.array && column.leaf != first->leaf)))
		{
			throw Failure(Code::invalid_option, "columns " + in_quotes(first->name) + " and " +
													in_quotes(column.name) + " of foreign table " +
													in_quotes(table.name) +
													" have the path \".\" and different types");
		}
		first = column.self ? &column : first;
	}
}

Paging
describe_pages(const Pagination &pages)
{
	return {style_name(pages.style), pages.size, pages.max,
			pages.style == PageStyle::offset || pages.style == PageStyle::page};
}

template <typename F>
bool
check(Error &err, F parse) noexcept
{
	return guarded(err,
				   [&]
				   {
					   parse();
					   return true;
				   });
}

// Where rows without a value come in an order that says the same of all columns.
NullPlace
null_place(NullOrder nulls, bool descending)
{
	switch (nulls)
	{
		case NullOrder::first:
			return NullPlace::first;
		case NullOrder::last:
			return NullPlace::last;
		case NullOrder::largest:
			return descending ? NullPlace::first : NullPlace::last;
		case NullOrder::smallest:
			return descending ? NullPlace::last : NullPlace::first;
		default:
			return NullPlace::unknown;
	}
}

}    // namespace

bool
AccessPlan::requires_column(int column) const
{
	return std::any_of(columns.begin(), columns.end(),
					   [&](const AccessArgument &argument)
					   { return argument.column == column && argument.need == Need::required; });
}

void
open_doors(RemoteTable &table, bool own)
{
	for (AccessPlan &plan : table.accesses)
	{
		plan.door = {plan.text,
					 own && &plan == &table.accesses.back(),
					 -1,
					 plan.door.list,
					 plan.columns.data(),
					 plan.columns.size(),
					 nullptr,
					 plan.nested,
					 plan.ordered,
					 plan.filter_key,
					 nullptr,
					 0};
		if (plan.pages)
		{
			plan.door_pages = describe_pages(*plan.pages);
			plan.door.pages = &plan.door_pages;
		}
		if (plan.lists)
		{
			plan.lists->door = describe_pages(plan.lists->pages);
			plan.door.lists = &plan.lists->door;
			plan.door.rest = plan.lists->rest;
		}
		for (const AccessArgument &argument : plan.columns)
		{
			plan.door.list_column = argument.list ? argument.column : plan.door.list_column;
		}
	}
}

RemoteTable *
table_open(const TableSpec &spec, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   auto table = std::make_unique<RemoteTable>();

					   table->name = spec.name;
					   if (!spec.count.empty())
					   {
						   table->count = parse_count_path(spec.count);
					   }
					   if (!spec.aggregates.empty())
					   {
						   table->aggregates = parse_aggregates(spec.aggregates);
					   }
					   for (size_t i = 0; i < spec.column_count; i++)
					   {
						   table->columns.push_back(make_column(spec.columns[i]));
					   }
					   check_self(*table);
					   add_accesses(*table, spec);
					   return table.release();
				   });
}

void
table_close(RemoteTable *table) noexcept
{
	delete table;
}

size_t
table_access_count(const RemoteTable *table) noexcept
{
	return table->accesses.size();
}

const Access *
table_access(const RemoteTable *table, size_t index) noexcept
{
	return &table->accesses[index].door;
}

bool
table_orders(const RemoteTable *table, const OrderKey &key) noexcept
{
	const OrderColumn *column =
		table->order ? table->order->find(table->columns[key.column].name) : nullptr;

	if (column == nullptr ||
		(column->by_direction && (key.descending ? column->descending : column->ascending).empty()))
	{
		return false;
	}
	return key.nulls == NullPlace::unknown ||
		   !table->order->words(key.descending)[static_cast<size_t>(key.nulls)].empty() ||
		   key.nulls == null_place(table->order->nulls, key.descending);
}

bool
table_order_takes_many(const RemoteTable *table) noexcept
{
	return table->order && table->order->list && table->order->style != OrderStyle::arguments;
}

bool
check_field(std::string_view field, Error &err) noexcept
{
	return check(err, [&] { parse_field(field); });
}

bool
check_arguments(std::string_view json, Error &err) noexcept
{
	return check(err, [&] { parse_template(json, "arguments"); });
}

bool
check_lookups(std::string_view json, Error &err) noexcept
{
	return check(err, [&] { parse_lookups(json); });
}

bool
check_pagination(std::string_view json, Error &err) noexcept
{
	return check(err, [&] { parse_pagination(json); });
}

bool
check_path(std::string_view path, Error &err) noexcept
{
	return check(err,
				 [&]
				 {
					 if (!path.empty() && path != ".")
					 {
						 take_levels(path);
						 parse_column_path(path);
					 }
				 });
}

bool
check_argument(std::string_view argument, Error &err) noexcept
{
	return check(err, [&] { parse_argument(argument); });
}

bool
check_count(std::string_view path, Error &err) noexcept
{
	return check(err, [&] { parse_count_path(path); });
}

bool
check_type(std::string_view type, Error &err) noexcept
{
	return check(err, [&] { parse_type(type); });
}

}    // namespace gql
