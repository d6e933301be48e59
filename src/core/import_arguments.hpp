// Which columns do the arguments of a table's field fill?
#pragma once

#include <string>
#include <vector>

#include "core/import_draft.hpp"

namespace gql
{

// Makes arguments options of the columns they stand for, or columns of their own. Throws
// Unimportable when one that must be given cannot be.
void add_arguments(const ImportRules &rules, TableDraft &table, std::vector<Skipped> &skipped);

}    // namespace gql
