// What identifies a row of a table?
#pragma once

#include "core/import_lookups.hpp"

namespace gql
{

// Sets `key`: the columns that identify a row for any values of arguments; "" when that is not
// sure. `fields`: all of the query root.
void add_key(TableDraft &table, const FieldDrafts &fields);

}    // namespace gql
