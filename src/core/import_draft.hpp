// What does an import know of a table before it is written down as options?
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/detect_filter.hpp"
#include "core/detect_order.hpp"
#include "core/detect_pages.hpp"
#include "core/door/import.hpp"
#include "core/row_source.hpp"

namespace gql
{

struct ColumnDraft
{
	std::string name;
	std::string path;        // "" argument only
	std::string field;       // of the row, where the column is just that
	size_t depth = 0;        // how many objects lie between the row and the value
	bool dropped = false;    // there are too many
	bool above = false;      // the argument belongs to a field above the one that yields the rows
	std::string above_field;    // of the object around the rows, where the value is read there
	std::string argument;
	std::string type;            // of the argument, or of the look-ups' places: "ID!"
	bool type_varies = false;    // from place to place, so it is not written down
	TypeRef value_type;          // what the API calls the value
	SqlType sql = SqlType::text;
	bool array = false;
	bool not_null = false;
	std::string comment;

	// Whether nothing can be asked without a value for it.
	bool
	must_be_given() const
	{
		return !argument.empty() && type.back() == '!';
	}
};

// One way to reach rows of a type by key.
struct KeyAccess
{
	enum class Method
	{
		// In the order of preference.
		list,
		entities,    // federation's, of objects of all types
		nodes,       // Relay's, likewise
		filter,
		single,
		strict,    // single, and a key that is not there fails the whole request
	};

	struct Part
	{
		std::string field;                // of the row
		std::vector<std::string> path;    // from the argument on, spelled as in options
		TypeRef type;                     // of one value
	};

	Method method = Method::list;
	std::vector<Part> parts;
	bool sure = false;    // single objects: all parts must be given, so they identify one
};

// A field that yields rows, and all that is known of it.
struct FieldDraft
{
	RowSource source;
	size_t paging_step = 0;    // whose arguments page
	Pages pages;
	FilterConvention filter;
	OrderConvention order;
	std::vector<KeyAccess> accesses;
	bool named_for_type = false;    // it yields objects of the type for what they are
	bool has_key = false;           // single objects, found by a key of their type
	bool only_lists = false;        // it does nothing but find the keys of a list
	bool serves = false;            // another table finds its rows through it
	// The arguments that leave rows out unless they are given: fields that differ in them do not
	// show the same rows.
	std::string narrowing;
};

struct TableDraft
{
	std::string name;
	FieldDraft *field = nullptr;
	std::vector<ColumnDraft> columns;
	std::vector<std::string> children;    // fields of the row that are tables of their own
	std::string lookups;
	std::string key;
	std::string filter;
	std::string order;
	std::string count;
	std::string aggregates;
	std::string comment;
};

struct Skipped
{
	std::string table;
	std::string what;
	std::string reason;
};

struct ImportRules
{
	const SchemaTypes *schema;
	std::string object_type;
	size_t max_depth;
	bool children;
	bool enums;
	bool deprecated;
	bool not_null;
	bool snake_case;
	std::string prefix;

	std::string name_of(std::string_view graphql_name) const;
	// The SQL type of a scalar or an enum.
	SqlType sql_type(const TypeRef &type) const;
};

}    // namespace gql
