// How does an API spell filters, ordering and aggregates, as a foreign table's options say?
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/door/aggregates.hpp"
#include "core/door/order.hpp"
#include "core/option_reader.hpp"
#include "core/path.hpp"
#include "core/template.hpp"

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

struct Filter
{
	FilterStyle style = FilterStyle::nested;
	std::string argument;               // "" for FilterStyle::arguments
	std::string type;                   // of the argument; "" not said
	std::vector<NamePair> operators;    // as SQL spells them, as the API does
	std::string null;    // what "is-null" is told: the API's words, "" true and false
	std::string not_null;
	std::string conjunction;    // the API's names for AND, OR and NOT; "" it has none
	std::string disjunction;
	std::string negation;
	std::vector<ColumnUses> columns;
};

enum class OrderStyle
{
	enumeration,    // orderBy: PRICE_ASC
	object,         // orderBy: {field: PRICE, direction: ASC}
	map,            // order_by: {price: asc}
	arguments,      // sortField: "price", sortOrder: "asc"
};

enum class NullOrder
{
	unknown,
	first,    // whatever the direction
	last,
	largest,    // like PostgreSQL: last when ascending, first when descending
	smallest,
};

// The API's words for a direction, by where they put nulls: wherever, first, last.
using DirectionWords = std::array<std::string, 3>;

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
	std::string field;           // object: the member that takes the column's word
	std::string direction;       // object: the member, arguments: the argument for the direction
	DirectionWords ascending;    // names or "true" or "false"; "" none
	DirectionWords descending;
	bool list = false;    // the argument takes a list
	NullOrder nulls = NullOrder::unknown;
	std::vector<OrderColumn> columns;

	const OrderColumn *find(std::string_view column) const;
	const DirectionWords &
	words(bool down) const
	{
		return down ? descending : ascending;
	}
};

// One key of an order, and what is sent for it.
struct OrderTerm
{
	const OrderColumn *column;
	bool descending;
	NullPlace nulls;
};

// The arguments that ask for an order of at least one term, spelled like `argument` options. Only
// an order that takes a list can have several.
std::vector<Template::Member> order_arguments(const Order &order,
											  const std::vector<OrderTerm> &terms);

// What SQL's functions are called in an option: "count", "distinct", "sum", "min", "max".
const char *aggregate_name(AggregateFunction function);

struct Aggregates
{
	CountPath field;    // of the object that holds them
	// As SQL names them: without arguments a field for each column is inside, else the first one
	// takes a list of columns.
	std::map<std::string, FieldCall> functions;
	std::vector<ColumnUses> columns;
};

// Throw Failure (invalid_option) for anything but the formats that the README describes.
Filter parse_filter(std::string_view json);
Order parse_order(std::string_view json);
Aggregates parse_aggregates(std::string_view json);

}    // namespace gql
