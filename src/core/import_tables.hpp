// Which tables does a schema make?
#pragma once

#include <vector>

#include "core/import_draft.hpp"
#include "core/import_lookups.hpp"
#include "core/import_names.hpp"

namespace gql
{

// All tables that an import makes of a schema.
struct ImportPlan
{
	FieldDrafts fields;      // of the query root
	FieldDrafts children;    // below them
	std::vector<TableDraft> tables;
	std::vector<Skipped> skipped;
	NameSet names;
};

// Throws Failure (object_missing) where the schema has no such object type.
ImportPlan plan_import(const ImportRules &rules);

}    // namespace gql
