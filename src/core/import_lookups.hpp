// Through which fields does a table reach rows by key?
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/import_draft.hpp"

namespace gql
{

using FieldDrafts = std::vector<std::unique_ptr<FieldDraft>>;

// Sets `lookups` of a table over a field of the query root, and the types of the columns it names.
// Fields that are used are marked as serving. `fields`: all of the query root.
//
// A field finds the rows of another one only where both yield objects of the type for what they
// are: product(id:) does for products, but not for topProducts, which does not show them all.
void add_lookups(const SchemaTypes &schema, TableDraft &table, const FieldDrafts &fields,
				 std::vector<Skipped> &skipped);

}    // namespace gql
