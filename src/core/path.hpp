// How are places in a GraphQL API spelled in options: fields, column paths, arguments, types?
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gql
{

bool is_name(std::string_view text) noexcept;

// `field`: "viewer.repositories.nodes".
std::vector<std::string> parse_field(std::string_view text);

// `path` of a column: alternatives of steps; "on Message.name" is one step with a condition. The
// last step may have a selection set: "owner {name address {city}}".
struct PathStep
{
	std::string condition;    // type condition, "" none
	std::string field;
	std::string selection;    // "{ name address { city } }", "" none
	std::string arguments;    // "(columns: [price])", "" none; not in options
};
using ColumnPath = std::vector<PathStep>;

// Takes the ".." off the front of a column's path, one for each element of `field` between the row
// and the object that is read: "..id" is the id of the object around the row.
size_t take_levels(std::string_view &path) noexcept;

std::vector<ColumnPath> parse_column_path(std::string_view text);

// `argument`: "id", "where.id._eq", "organization(login)".
struct ArgumentPath
{
	std::string element;    // of `field`; "" the one that takes arguments
	std::vector<std::string> names;
};
ArgumentPath parse_argument(std::string_view text);

// The spelling with its element named: "organization(login)".
std::string argument_text(const ArgumentPath &argument);

// Which element of `field` an argument belongs to. Throws when the spelling names none.
size_t argument_element(const std::vector<std::string> &field, const ArgumentPath &argument);

// `count`: the path from the query root to a number. One of its fields may say which arguments it
// takes of those of the field that yields the rows: "users_aggregate(where).aggregate.count".
struct CountPath
{
	std::vector<std::string> field;
	size_t taking = 0;                     // the one that says so
	std::vector<std::string> arguments;    // empty where none does

	std::string text() const;    // without the arguments
};
CountPath parse_count_path(std::string_view text);

// A field with the names of its arguments: "count(columns, distinct)".
struct FieldCall
{
	std::string name;
	std::vector<std::string> arguments;
};
FieldCall parse_field_call(std::string_view text);

// A type as written in GraphQL: "ID", "[ID!]!".
struct TypeText
{
	std::string name;         // the named type inside all lists
	std::string text;         // without the outermost "!"; "" when the type is not known
	bool list = false;        // the outermost type is a list
	bool required = false;    // it ended in "!"
};
TypeText parse_type(std::string_view text);

}    // namespace gql
