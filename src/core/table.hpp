// What does a RemoteTable hold? (Inside the core; the door is core/door/table.hpp.)
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/conventions.hpp"
#include "core/door/table.hpp"
#include "core/pagination.hpp"
#include "core/path.hpp"
#include "core/template.hpp"

namespace gql
{

struct Column
{
	std::string name;
	std::string path_text;
	std::vector<ColumnPath> paths;    // alternatives; empty for "" and "."
	size_t levels = 0;                // how far above the row they begin: 0 in the row itself
	bool self = false;                // path "."
	std::string argument_text;
	std::optional<ArgumentPath> argument;
	std::optional<TypeText> type;    // as declared
	std::string default_type;
	Leaf leaf = Leaf::scalar;
	bool array = false;
	bool compares = false;
	std::vector<Column> members;
};

// The lists inside the objects that an access finds, where they come in pages of their own: the
// first page of each comes with its object.
struct InnerLists
{
	Pagination pages;
	size_t paged = 0;    // the paged field
	std::string page_info;
	size_t rest = 0;    // the access by which lists are gone on with, object by object
	Paging door;
};

// One access: the field's path, and the arguments of each of its elements as an object with the
// names of columns resolved.
struct AccessPlan
{
	std::vector<std::string> field;
	std::string text;
	std::string condition;    // the type that rows are of, where the field yields others, too
	std::vector<Template> arguments;
	std::vector<AccessArgument> columns;
	std::optional<Pagination> pages;
	size_t paged = 0;                   // the paged field: an element of `field`
	bool nested = false;                // below the field that takes a list of keys
	bool ordered = false;               // takes the arguments of the table's order
	int filter_key = -1;                // the column whose keys go into the table's filter
	std::string page_info;              // what is selected beside the rows to read `pages`
	std::optional<InnerLists> lists;    // of a join
	Paging door_pages;
	Access door;

	// Cannot it be used without a value for the column?
	bool requires_column(int column) const;
};

// Puts a value where the spelling of its argument says. Throws Failure (invalid_option) when
// something is there already; `table` is named in its message.
void place_argument(AccessPlan &plan, std::string_view spelling, Template value,
					const std::string &table);

struct RemoteTable
{
	std::string name;
	std::vector<Column> columns;
	std::optional<Filter> filter;
	std::optional<Order> order;
	std::vector<AccessPlan> accesses;
	std::optional<CountPath> count;    // where the number of rows is
	std::optional<Aggregates> aggregates;
};

// Makes the accesses, and what they need of the options, of a table that has its columns. Throws
// Failure (invalid_option).
void add_accesses(RemoteTable &table, const TableSpec &spec);

// Fills what the door shows of the accesses, whose vector must not grow any more. `own`: the last
// one is the table's own field.
void open_doors(RemoteTable &table, bool own);

}    // namespace gql
