// How many rows has a table, in the API's own words?
#pragma once

#include "core/door/error.hpp"
#include "core/door/table.hpp"

namespace gql
{

// The table whose rows say how many rows `table` has, as its option `count` tells; nullptr without
// an error where it tells nothing, or where what counts the rows takes none of the arguments that
// the field itself is always given.
//
// It has one access, whose arguments are those of the table's own field that what counts takes as
// well, without those for pages. Its columns are the table's, none of which can be read, and one
// more that reads a count; the sum of its rows is the number wanted.
RemoteTable *count_table_open(const RemoteTable *table, Error &err) noexcept;

}    // namespace gql
