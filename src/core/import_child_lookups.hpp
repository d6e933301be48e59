// Through which fields of the query root does a table of lists inside rows reach the lists of many
// rows at once?
#pragma once

#include "core/import_draft.hpp"
#include "core/import_lookups.hpp"

namespace gql
{

// Adds to `lookups` of a table over lists inside the rows of a field of the query root: where other
// fields find those rows by lists of their keys, the lists inside are found with them; and where a
// field shows all of the rows, so are all lists. `fields`: all of the query root.
void add_child_lookups(TableDraft &table, const FieldDrafts &fields);

}    // namespace gql
