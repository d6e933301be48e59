// What do plan nodes have in common that hand on the rows of the node below them?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// A path that yields the rows of another.
CustomPath *make_pass_through_path(Path *rows, const CustomPathMethods *methods,
								   List *custom_private);

// Its plan. The conditions are the child's, which has checked them already.
CustomScan *make_pass_through_plan(const CustomPath *path, List *target_list, List *custom_plans,
								   const CustomScanMethods *methods);

// Shows the child's row as the node's own.
TupleTableSlot *hand_on_row(ScanState *node, TupleTableSlot *row);

// Has the child begin anew.
void rescan_child(PlanState *node, PlanState *child);

}    // namespace gql::pg
