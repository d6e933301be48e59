// How does an API spell filters, ordering and counts, as a foreign table's options say?
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gql
{

using NamePair = std::pair<std::string, std::string>;

enum class FilterStyle
{
	nested,       // filter: {price: {gt: 1}}
	flat,         // filter: {price_gt: 1}
	equality,     // condition: {price: 1}
	arguments,    // price_gt: 1, arguments of the field itself
};

struct FilterColumn
{
	std::string name;     // of the column
	std::string field;    // of the filter; "" the last element of the column's path
	std::vector<std::string> operators;    // usable for it, as SQL spells them
};

struct Filter
{
	FilterStyle style = FilterStyle::nested;
	std::string argument;               // "" for FilterStyle::arguments
	std::string type;                   // of the argument; "" not said
	std::vector<NamePair> operators;    // as SQL spells them, as the API does
	std::string conjunction;            // the API's names for AND, OR and NOT; "" it has none
	std::string disjunction;
	std::string negation;
	std::vector<FilterColumn> columns;
};

enum class OrderStyle
{
	enumeration,    // orderBy: PRICE_ASC
	object,         // orderBy: {field: PRICE, direction: ASC}
	map,            // order_by: {price: asc}
	arguments,      // sortField: "price", sortOrder: "asc"
};

struct OrderColumn
{
	std::string name;    // of the column
	// The API's word for it. Of an enumeration either direction has one ("": it has none);
	// otherwise it is in `ascending`.
	bool by_direction = false;
	std::string ascending;
	std::string descending;
};

struct Order
{
	OrderStyle style = OrderStyle::enumeration;
	std::string argument;
	std::string field;        // object: the member that takes the column's word
	std::string direction;    // object: the member, arguments: the argument for the direction
	std::string ascending;    // what is sent for the direction: a name or "true" or "false"
	std::string descending;
	bool list = false;    // the argument takes a list
	std::vector<OrderColumn> columns;
};

// Throw Failure (invalid_option) for anything but the formats that the README describes.
Filter parse_filter(std::string_view json);
Order parse_order(std::string_view json);

}    // namespace gql
