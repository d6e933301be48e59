// Does a field yield rows, and where below it are they?
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/schema.hpp"

namespace gql
{

enum class RowKind
{
	scalars,       // values without fields, one or a list of them
	list,          // [Account!]!
	single,        // Account
	connection,    // AccountConnection { nodes edges { node } pageInfo }
	wrapper,       // AccountPage { items total }
};

struct RowShape
{
	RowKind kind = RowKind::single;
	std::vector<std::string> path;    // from the field to the rows: {"nodes"}, {"edges", "node"}
	TypeRef row;                      // the type of one row
	const TypeInfo *row_type = nullptr;    // nullptr for scalars
	const TypeInfo *holder = nullptr;      // connections and wrappers: the object around the rows
	bool many = false;                     // there may be more than one row

	// Lists that an API gives in parts, or could.
	bool
	is_page() const
	{
		return holder != nullptr;
	}
};

// Whether a field beside a list of rows is about the list: pageInfo, totalCount.
bool is_about_rows(const FieldInfo &field);

// nullptr when there is none.
const TypeInfo *find_type(const SchemaTypes &schema, std::string_view name);

bool is_required(const InputInfo &input);
// Whether a value must be given for one of its arguments.
bool needs_arguments(const FieldInfo &field);
// How many lists are around the named type.
size_t list_depth(const TypeRef &type);

// Scalars and enums, without a list.
bool is_leaf(const TypeRef &type);

RowShape detect_rows(const SchemaTypes &schema, const TypeRef &type);

// A field by its name, case and underscores aside.
const FieldInfo *find_plain(const TypeInfo &type, std::string_view plain);

// Whether the type is a whole number, of whatever width: what counts and pages are made of.
bool is_number(const TypeRef &type);

// The path to a field below `type`, as far as names lead: "pageInfo.hasNextPage". Its elements may
// be spelled in any case; "" when there is none or it needs arguments. `leaf` gets the last field.
std::string find_path(const SchemaTypes &schema, const TypeInfo &type, std::string_view plain_path,
					  const FieldInfo *&leaf);

}    // namespace gql
