// Can the rows of a subquery be read for one row of the query around it and then for another?

#include "pg/lookahead_repeat.hpp"

#include "pg/lookahead_subplans.hpp"
#include "pg/plan_tree.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

bool
can_be_read_twice(const PlannerInfo *root, const RelOptInfo *rel)
{
	int relation = -1;

	while ((relation = bms_next_member(rel->relids, relation)) > 0)
	{
		const RangeTblEntry *entry = root->simple_rte_array[relation];

		if (entry != nullptr &&
			(entry->rtekind == RTE_CTE ||
			 (entry->rtekind == RTE_RELATION && entry->relkind == RELKIND_FOREIGN_TABLE)))
		{
			return false;
		}
	}
	return !is_volatile_query(root->parse, root->glob);
}

bool
can_be_run_twice(Plan *plan)
{
	ListCell *cell;

	if (IsA(plan, ForeignScan) || IsA(plan, CustomScan) || IsA(plan, ModifyTable) ||
		IsA(plan, LockRows) || IsA(plan, CteScan) || IsA(plan, WorkTableScan))
	{
		return false;
	}
	foreach (cell, plan_children(plan))
	{
		if (!can_be_run_twice(static_cast<Plan *>(lfirst(cell))))
		{
			return false;
		}
	}
	return true;
}

List *
params_outside(const PlannerInfo *root)
{
	List *params = NIL;
	int param = -1;

	while ((param = bms_next_member(root->outer_params, param)) >= 0)
	{
		params = lappend_int(params, param);
	}
	return params;
}

List *
params_that_stay(const PlannerInfo *root)
{
	List *params = NIL;
	ListCell *cell;

	for (; root != nullptr; root = root->parent_root)
	{
		foreach (cell, root->init_plans)
		{
			params = list_concat(params, list_copy(static_cast<SubPlan *>(lfirst(cell))->setParam));
		}
	}
	return params;
}

}    // namespace gql::pg
