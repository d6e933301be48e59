// How does a field filter its rows, and which of its arguments take lists of keys?
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/row_source.hpp"

namespace gql
{

// What can be asked of one field of the rows.
struct FilteredField
{
	std::string field;                     // of the row
	std::string input;                     // its name in the filter
	std::vector<std::string> operators;    // as SQL spells them
};

// A place that takes many values of one field at once.
struct KeyList
{
	std::string field;                // of the row
	std::vector<std::string> path;    // from the argument on: {"filter", "id", "in"}
	TypeRef element;                  // of the list
};

struct FilterConvention
{
	std::string argument;    // spelled as in options; "" when the field's own arguments filter
	std::string style;       // "" no filter
	std::map<std::string, std::string> operators;    // as SQL spells them -> the API's name
	std::string and_name;
	std::string or_name;
	std::string not_name;
	std::vector<FilteredField> fields;
	std::vector<KeyList> lists;
	std::set<std::string> arguments;    // of the field: they filter, so they are no columns
	std::set<std::string> unused;       // filters, too, but another one says the same or more
};

FilterConvention detect_filter(const SchemaTypes &schema, const RowSource &source);

// Arguments that are lists of keys themselves: accountsByIds(ids: [ID!]!).
std::vector<KeyList> detect_key_arguments(const RowSource &source);

// The field of the row that an argument of this name stands for: the same name or, for "accountId"
// of an Account, its id. Only fields that are no lists and have no fields of their own.
const FieldInfo *matching_field(const TypeInfo &row, const std::vector<InputInfo> &arguments,
								std::string_view argument);

// Whether a value of one can be asked for as the other.
bool are_comparable(const TypeRef &field, const TypeRef &argument);

// The value of the option. `column_of` maps fields of the row to columns.
std::string filter_option(const FilterConvention &filter,
						  const std::map<std::string, std::string> &column_of);

}    // namespace gql
