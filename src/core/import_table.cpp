// What becomes of one field that yields rows?

#include "core/import_table.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/conventions.hpp"
#include "core/detect_aggregates.hpp"
#include "core/detect_count.hpp"
#include "core/detect_keys.hpp"
#include "core/import_arguments.hpp"
#include "core/import_child_lookups.hpp"
#include "core/import_columns.hpp"
#include "core/import_key.hpp"
#include "core/import_names.hpp"

namespace gql
{

namespace
{

// PostgreSQL takes 1,600 columns, and fewer where the rows get long.
constexpr size_t max_columns = 1000;
// Where leaving out begins, so that no schema takes all memory.
constexpr size_t most_columns = 50000;

std::string
last_name(const TableDraft &table, std::string_view argument = {})
{
	return table.field->source.name(table.field->source.steps.size() - 1, argument);
}

// Flattens objects as deep as asked for, and less where that makes too many columns.
void
add_columns(const ImportRules &rules, TableDraft &table, std::vector<Skipped> &skipped)
{
	for (size_t depth = rules.max_depth; depth > 1; depth--)
	{
		std::vector<Skipped> tried;

		table.columns = row_columns(rules, table, depth, max_columns, tried);
		if (table.columns.size() <= max_columns)
		{
			skipped = std::move(tried);
			return;
		}
		skipped = {
			{table.name, last_name(table),
			 "has too many columns: objects are flattened to depth " + std::to_string(depth - 1)}};
	}
	table.columns =
		row_columns(rules, table, std::min<size_t>(rules.max_depth, 1), most_columns, skipped);
}

// Leaves out what lies deepest, and of that the last.
void
cap_columns(TableDraft &table, std::vector<Skipped> &skipped)
{
	const size_t count = table.columns.size();
	size_t excess = count - std::min(count, max_columns);
	size_t deepest = 0;

	if (excess == 0)
	{
		return;
	}
	skipped.push_back(
		{table.name, last_name(table),
		 "has " + std::to_string(count) + " columns: " + std::to_string(excess) + " are left out"});
	for (const ColumnDraft &column : table.columns)
	{
		deepest = std::max(deepest, column.depth);
	}
	for (size_t depth = deepest + 1; depth-- > 0;)
	{
		for (size_t i = count; i-- > 0 && excess > 0;)
		{
			if (table.columns[i].depth == depth && table.columns[i].argument.empty())
			{
				table.columns[i].dropped = true;
				excess--;
			}
		}
	}
	table.columns.erase(std::remove_if(table.columns.begin(), table.columns.end(),
									   [](const ColumnDraft &column) { return column.dropped; }),
						table.columns.end());
}

// The row's own fields have their names before those of objects in it, and both before arguments
// beside them. Arguments of fields above the last come first: they say whose rows these are.
void
name_columns(TableDraft &table)
{
	NameSet names = {"tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"};
	auto rank = [](const ColumnDraft &column) {
		return column.above ? 0 : column.path.empty() ? 3 : column.depth == 0 ? 1 : 2;
	};

	for (int wanted = 0; wanted <= 3; wanted++)
	{
		for (ColumnDraft &column : table.columns)
		{
			if (rank(column) == wanted)
			{
				column.name =
					names.take(wanted == 3 && names.has(column.name) ? column.name + "_argument"
																	 : column.name);
			}
		}
	}
}

void
add_conventions(const SchemaTypes &schema, TableDraft &table)
{
	const FieldDraft &field = *table.field;
	std::map<std::string, std::string> column_of;
	std::vector<const InputInfo *> deciding;
	std::vector<std::string> sent;
	bool needs_page = false;    // what is asked for a number would have to ask for rows as well

	for (const ColumnDraft &column : table.columns)
	{
		if (!column.field.empty())
		{
			column_of[column.field] = column.name;
		}
	}
	for (const InputInfo &input : field.source.last().arguments)
	{
		needs_page = needs_page || (field.pages.arguments.count(input.name) > 0 &&
									input.type.required && !input.has_default);
		if (field.pages.arguments.count(input.name) == 0 &&
			field.order.arguments.count(input.name) == 0 && !is_order_name(input.name) &&
			!only_removes_rows(input))
		{
			deciding.push_back(&input);
			// A filter of arguments is not sent to what stands beside the field.
			if (!field.filter.argument.empty() || field.filter.arguments.count(input.name) == 0)
			{
				sent.push_back(input.name);
			}
		}
	}
	table.filter = filter_option(field.filter, column_of);
	table.order = order_option(field.order, column_of);
	if (!needs_page)
	{
		table.count = detect_count(schema, field.source, deciding, sent);
		table.aggregates = detect_aggregates(schema, table.count, table.columns);
	}
}

void
add_comment(TableDraft &table)
{
	table.comment = table.field->source.last().description;
	if (table.comment.empty() && table.field->source.shape.row_type != nullptr)
	{
		table.comment = table.field->source.shape.row_type->description;
	}
}

// Fields of the objects around the rows, which belong to no row.
void
skip_around_rows(const SchemaTypes &schema, const TableDraft &table, std::vector<Skipped> &skipped)
{
	const RowShape &shape = table.field->source.shape;
	const FieldInfo *edges = nullptr;
	std::vector<std::string> holding;    // fields that hold aggregates

	if (shape.holder == nullptr)
	{
		return;
	}
	if (!table.aggregates.empty())
	{
		holding = parse_aggregates(table.aggregates).field.field;
	}
	for (const FieldInfo &field : shape.holder->fields)
	{
		bool is_edges = shape.kind == RowKind::connection && field.name == "edges";

		edges = is_edges ? &field : edges;
		if (!is_edges && field.type.name != shape.row.name && !is_about_rows(field) &&
			std::find(holding.begin(), holding.end(), field.name) == holding.end())
		{
			skipped.push_back(
				{table.name, shape.holder->name + '.' + field.name, "does not belong to a row"});
		}
	}

	const TypeInfo *edge = edges == nullptr ? nullptr : find_type(schema, edges->type.name);

	for (const FieldInfo &field : edge == nullptr ? std::vector<FieldInfo>() : edge->fields)
	{
		if (field.name != "node" && field.name != "cursor")
		{
			skipped.push_back({table.name, edge->name + '.' + field.name,
							   "belongs to an edge rather than to a row"});
		}
	}
}

void
skip_conventions(const TableDraft &table, std::vector<Skipped> &skipped)
{
	const FieldDraft &field = *table.field;

	for (const std::string &name : field.filter.unused)
	{
		skipped.push_back({table.name, last_name(table, name),
						   "filters, as argument \"" + field.filter.argument + "\" does"});
	}
	if (field.pages.state == Pages::State::cut)
	{
		skipped.push_back({table.name, last_name(table),
						   "comes in pages, and how to ask for the next is not known: the table "
						   "shows what comes at once"});
	}
}

// Objects that stand in several places of a row have the same to say each time.
void
drop_repeated(std::vector<Skipped> &skipped)
{
	std::set<std::pair<std::string, std::string>> seen;

	skipped.erase(std::remove_if(skipped.begin(), skipped.end(),
								 [&](const Skipped &entry)
								 { return !seen.emplace(entry.what, entry.reason).second; }),
				  skipped.end());
}

}    // namespace

void
build_table(const ImportRules &rules, const FieldDrafts &fields, TableDraft &table,
			std::vector<Skipped> &skipped)
{
	add_columns(rules, table, skipped);
	if (table.columns.empty())
	{
		throw Unimportable{std::string("has no fields that can be read without arguments") +
						   (rules.children ? "" : " (import_children makes tables of its lists)")};
	}
	add_arguments(rules, table, skipped);
	cap_columns(table, skipped);
	name_columns(table);
	add_lookups(*rules.schema, table, fields, skipped);
	add_child_lookups(table, fields);
	add_key(table, fields);
	add_conventions(*rules.schema, table);
	add_comment(table);
	skip_around_rows(*rules.schema, table, skipped);
	skip_conventions(table, skipped);
	drop_repeated(skipped);
}

}    // namespace gql
