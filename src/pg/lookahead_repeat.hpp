// Can the rows of a subquery be read for one row of the query around it and then for another?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// May the relation's rows be read twice? Nothing but time is lost when tables of this database are.
// Rows of a CTE are kept where all who read it find them: it cannot be run for another row beside.
bool can_be_read_twice(const PlannerInfo *root, const RelOptInfo *rel);

// The same of a finished plan, with the subqueries in it.
bool can_be_run_twice(Plan *plan);

// Parameters that are set outside the query level: an IntList.
List *params_outside(const PlannerInfo *root);

// Parameters that do not change from row to row: results of subqueries that are run once.
List *params_that_stay(const PlannerInfo *root);

}    // namespace gql::pg
