// What becomes of one field that yields rows?
#pragma once

#include <string>
#include <vector>

#include "core/import_draft.hpp"
#include "core/import_lookups.hpp"

namespace gql
{

// Why a field makes no table.
struct Unimportable
{
	std::string reason;
};

// Completes a table of which the name, the field and the children are known. `fields`: all of the
// query root. What is left out is added to `skipped`. Throws Unimportable.
void build_table(const ImportRules &rules, const FieldDrafts &fields, TableDraft &table,
				 std::vector<Skipped> &skipped);

}    // namespace gql
