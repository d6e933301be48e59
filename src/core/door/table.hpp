// What is a foreign table to the API: which field, which arguments, which ways to reach its rows?
//
// A RemoteTable is made from the options of one foreign table. It knows every *access*: a root
// field with arguments through which rows can be reached. The entries of `lookups` come first, best
// first as written; then the table's own `field` once for each column by whose values `filter`
// finds rows, unless an entry of `lookups` takes a list of them; the field by itself, with its
// `argument` columns, is always the last one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/door/error.hpp"

namespace gql
{

struct RemoteTable;

// How a column reads what the API returns.
enum class Leaf : uint8_t
{
	scalar,       // one number, string or boolean; null is NULL; a list or object is an error
	json,         // any JSON value, as its raw text
	composite,    // an object whose members are the attributes of a composite type
};

// All texts are UTF-8.
struct ColumnSpec
{
	std::string_view name;    // SQL name
	std::string_view path;    // "owner.name"; "" argument only; "." the row's own value; "..id" of
							  // the object around the row
	std::string_view argument;    // "id", "where.id._eq", "organization(login)"; "" none
	std::string_view type;        // GraphQL type of the argument, "ID" or "ID!"; "" not declared
	std::string_view
		default_type;    // what follows from the SQL type: "Int", "Float", "String" ...
	Leaf leaf = Leaf::scalar;
	bool array = false;       // the SQL type is an array of `leaf`
	bool compares = false;    // an API asked for rows with a value finds all that are equal to it
	const ColumnSpec *members = nullptr;    // composite: one per attribute; name and leaf are used
	size_t member_count = 0;
};

// Does the column read an object around the row, rather than the row?
inline bool
reads_above(const ColumnSpec &column)
{
	return column.path.substr(0, 2) == "..";
}

struct TableSpec
{
	std::string_view name;          // for messages
	std::string_view field;         // "accounts", "viewer.repositories.nodes"
	std::string_view arguments;     // JSON template, "" none
	std::string_view lookups;       // JSON array, "" none
	std::string_view pagination;    // JSON object, "" none: the field yields all rows at once
	std::string_view filter;        // JSON object, "" none: how the field filters its rows
	std::string_view count;         // path from the query root to the number of rows, "" none
	std::string_view aggregates;    // JSON object, "" none: how the API spells sums and the like
	std::string_view order;         // JSON object, "" none: how the field orders its rows
	const ColumnSpec *columns = nullptr;
	size_t column_count = 0;
};

// Copies everything it needs from the spec.
RemoteTable *table_open(const TableSpec &spec, Error &err) noexcept;
void table_close(RemoteTable *table) noexcept;

enum class Need : uint8_t
{
	optional,    // left open, the argument is not sent
	required,    // the access cannot be used without a value
	unknown,     // only the API's schema can tell
};

struct AccessArgument
{
	int column;    // index into TableSpec::columns
	Need need;
	bool list;    // inside a list: one request takes many values
};

// How the rows of an access come in pages.
struct Paging
{
	std::string_view style;            // "relay"
	std::string_view size_argument;    // "first"; "" none: the API decides
	uint32_t max;                      // rows of the largest page, 0: not known
	bool counted;    // they are found by counting rows: rows must not change places between pages
};

// Where the list is that takes many keys.
enum class ListKind : uint8_t
{
	none,
	argument,    // accountsByIds(ids: [...])
	nodes,       // Relay's nodes(ids: [...])
	entities,    // a federation's _entities(representations: [...])
	filter,      // inside an input object: accounts(filter: {id: {in: [...]}})
};

struct Access
{
	std::string_view field;
	bool own;           // the table's own field rather than an entry of `lookups`
	int list_column;    // the one column with AccessArgument::list, or -1
	ListKind list;
	const AccessArgument *arguments;    // every column its arguments name
	size_t argument_count;
	const Paging *pages;    // nullptr: one request yields all rows
	bool nested;            // a request for a list of keys has pages for each of them
	bool ordered;           // rows can be asked for in an order, see order.hpp
	int filter_key;         // the column whose keys the table's filter takes, or -1
	const Paging *lists;    // of a join: the lists inside objects come in pages, and only the first
							// page of each comes with its object; nullptr: they come in whole
	size_t rest;            // `lists`: the access by which they are gone on with
};

size_t table_access_count(const RemoteTable *table) noexcept;
const Access *table_access(const RemoteTable *table, size_t index) noexcept;

// Checks of option values at DDL time: false and err (invalid_option) when unusable.
// What needs the table's columns (does "$id" name one?) is checked by table_open().
bool check_field(std::string_view field, Error &err) noexcept;
bool check_arguments(std::string_view json, Error &err) noexcept;
bool check_lookups(std::string_view json, Error &err) noexcept;
bool check_pagination(std::string_view json, Error &err) noexcept;
bool check_path(std::string_view path, Error &err) noexcept;
bool check_argument(std::string_view argument, Error &err) noexcept;
bool check_type(std::string_view type, Error &err) noexcept;
bool check_filter(std::string_view json, Error &err) noexcept;
bool check_order(std::string_view json, Error &err) noexcept;
bool check_count(std::string_view path, Error &err) noexcept;
bool check_aggregates(std::string_view json, Error &err) noexcept;

}    // namespace gql
