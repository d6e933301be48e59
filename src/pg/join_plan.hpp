// When does the API join two tables, as a list inside objects?
#pragma once

#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

// GetForeignPlan for such a join.
ForeignScan *make_join_plan(RelOptInfo *rel, List *target_list);

}    // namespace gql::pg
