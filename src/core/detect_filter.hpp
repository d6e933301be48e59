// How does a field filter its rows?
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/detect_match.hpp"
#include "core/row_source.hpp"

namespace gql
{

// What can be asked of one field of the rows.
struct FilteredField
{
	std::string field;                     // of the row
	std::vector<std::string> operators;    // as SQL spells them
};

struct FilterConvention
{
	std::string argument;    // spelled as in options; "" when the field's own arguments filter
	std::string type;        // of that argument
	std::string style;       // "" no filter
	std::map<std::string, std::string> operators;    // as SQL spells them -> the API's name
	std::string null;    // what "is-null" is told where it does not take true and false
	std::string not_null;
	std::string and_name;
	std::string or_name;
	std::string not_name;
	std::vector<FilteredField> fields;
	std::vector<KeyList> lists;
	std::set<std::string> arguments;    // of the field: they filter, so they are no columns
	std::set<std::string> unused;       // filters, too, but another one says the same or more
};

FilterConvention detect_filter(const SchemaTypes &schema, const RowSource &source);

// The value of the option. `column_of` maps fields of the row to columns.
std::string filter_option(const FilterConvention &filter,
						  const std::map<std::string, std::string> &column_of);

}    // namespace gql
