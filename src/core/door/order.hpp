// In which orders can an API be asked for the rows of a table?
//
// The option `order` says how the API spells them and for which columns; which of its orders are
// SQL's own is decided by src/pg/order_plan.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gql
{

struct RemoteTable;

enum class NullPlace : uint8_t
{
	unknown,
	first,
	last,
};

struct OrderKey
{
	int column;    // index into TableSpec::columns
	bool descending;
	NullPlace nulls = NullPlace::unknown;    // where rows without a value are to come, if any
};

// Has the API a word for this order?
bool table_orders(const RemoteTable *table, const OrderKey &key) noexcept;

// Does it take several keys, of which later ones decide where earlier ones are equal?
bool table_order_takes_many(const RemoteTable *table) noexcept;

}    // namespace gql
