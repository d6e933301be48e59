// What can an API say about all rows of a table at once: how many there are, their sums, their
// extremes?
//
// The options `count` and `aggregates` say how it spells that; which of it is SQL's own is decided
// by src/pg/aggregate_plan.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/door/error.hpp"
#include "core/door/table.hpp"

namespace gql
{

enum class AggregateFunction : uint8_t
{
	rows,        // count(*)
	count,       // of the column's values that are not null
	distinct,    // of those that differ
	sum,
	min,
	max,
};

struct Aggregate
{
	AggregateFunction function;
	int column;    // index into TableSpec::columns; rows: -1
};

// Does the API tell all of these about `table` at once?
bool table_tells(const RemoteTable *table, const Aggregate *wanted, size_t count) noexcept;

// The table whose rows tell all of these about `table`; nullptr without an error where the API does
// not, or not at once, or where what tells it takes none of the arguments that the field itself is
// always given.
//
// It has one access, whose arguments are those of the table's own field that what tells it takes as
// well, without those for pages. Its columns are the table's, none of which can be read, and one
// more for each of `wanted`. It may have several rows, where lists are on the way. Unless the
// access is the table's own, null in place of a row is no answer.
RemoteTable *aggregate_table_open(const RemoteTable *table, const Aggregate *wanted, size_t count,
								  Error &err) noexcept;

}    // namespace gql
