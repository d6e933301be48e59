// Which argument and which field of a row are the same thing?
#pragma once

#include <string_view>
#include <vector>

#include "core/row_source.hpp"

namespace gql
{

// A scalar or an enum, no list, that can be read without arguments.
bool is_row_leaf(const FieldInfo &field);

// The field of the row that an argument of this name stands for: the same name or, for "accountId"
// of an Account, its id. `arguments`: all of the same field. nullptr when there is none.
const FieldInfo *matching_field(const TypeInfo &row, const std::vector<InputInfo> &arguments,
								std::string_view argument);

// Whether a value of one can be asked for as the other.
bool are_comparable(const TypeRef &field, const TypeRef &argument);

// A place that takes many values of one field at once.
struct KeyList
{
	std::string field;                // of the row
	std::vector<std::string> path;    // from the argument on: {"filter", "id", "in"}
	TypeRef element;                  // of the list
};

// Arguments that are lists of keys themselves: accountsByIds(ids: [ID!]!).
std::vector<KeyList> detect_key_arguments(const RowSource &source);

}    // namespace gql
