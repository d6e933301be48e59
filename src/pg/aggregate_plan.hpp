// What does a path become on which the API computes aggregates?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// A scan of no relation that returns the aggregates which the query asks for.
ForeignScan *make_aggregate_plan(PlannerInfo *root, ForeignPath *path, List *target_list);

}    // namespace gql::pg
