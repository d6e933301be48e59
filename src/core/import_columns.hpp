// Which columns does a type of rows make?
#pragma once

#include <string>
#include <vector>

#include "core/import_draft.hpp"

namespace gql
{

// The columns of the table's rows, objects in them flattened to `depth`, without their final names
// being unique. Stops when there are more than `limit`. What is left out is added to `skipped`.
std::vector<ColumnDraft> row_columns(const ImportRules &rules, const TableDraft &table,
									 size_t depth, size_t limit, std::vector<Skipped> &skipped);

// Why a field of an object that a schema marks as deprecated is no column.
extern const char deprecated_reason[];

}    // namespace gql
