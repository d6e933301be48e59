// How does a field order its rows?
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/row_source.hpp"

namespace gql
{

struct OrderedField
{
	std::string field;         // of the row
	std::string word;          // the API's; in the style "enum" for the ascending order
	std::string descending;    // style "enum"
};

struct OrderConvention
{
	std::string style;        // "" no order
	std::string argument;     // spelled as in options, as are all arguments
	std::string field;        // style "object": the members
	std::string direction;    // and in the style "arguments" the other argument
	std::string ascending;    // JSON, but in the style "enum"
	std::string descending;
	bool list = false;
	std::vector<OrderedField> fields;
	std::set<std::string> arguments;    // of the field: they order, so they are no columns
};

OrderConvention detect_order(const SchemaTypes &schema, const RowSource &source);

// Arguments that seem to order rows, in whatever convention: they do not decide which rows there
// are.
bool is_order_name(std::string_view name);

// The value of the option. `column_of` maps fields of the row to columns.
std::string order_option(const OrderConvention &order,
						 const std::map<std::string, std::string> &column_of);

}    // namespace gql
