// What does a path become on which the API counts the rows?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// A scan of no relation that returns the numbers of rows which the query asks for.
ForeignScan *make_count_plan(PlannerInfo *root, ForeignPath *path, List *target_list);

}    // namespace gql::pg
