// Which scans send the values that rows of other tables have, in the filter rather than as keys?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// Adds a path for each set of other tables whose values the filter takes, where no look-up takes
// them as keys.
void add_filtered_paths(PlannerInfo *root, RelOptInfo *rel);

}    // namespace gql::pg
