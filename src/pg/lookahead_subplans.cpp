// Which look-ups do subqueries in a SELECT list do, and how do they get a look-ahead?
//
// A correlated subquery in the SELECT list becomes a SubPlan that is run once per row. By the time
// the final paths of a query are complete its SubPlans are finished plans. Where one of them holds
// a look-up whose keys come from the row it is run for, the rows get a look-ahead before they reach
// the projection that runs it.

#include "pg/lookahead.hpp"

#include "pg/handler.hpp"
#include "pg/keys.hpp"
#include "pg/plan_private.hpp"
#include "pg/plan_tree.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

create_upper_paths_hook_type previous_upper_hook = nullptr;

List *
find_scan_target(ForeignScan *scan)
{
	if (scan->scan.scanrelid == 0 ||
		GetFdwRoutineByServerId(scan->fs_server)->GetForeignPaths != graphqlGetForeignPaths)
	{
		return NIL;
	}
	int channel = intVal(list_nth(scan->fdw_private, scan_private_channel));

	if (channel == 0)
	{
		return NIL;
	}
	auto *target = static_cast<LookaheadTarget *>(palloc0(sizeof(LookaheadTarget)));

	target->channel = channel;
	target->values = scan->fdw_exprs;
	return list_make1(target);
}

List *
find_plan_targets(Plan *plan)
{
	List *targets =
		IsA(plan, ForeignScan) ? find_scan_target(reinterpret_cast<ForeignScan *>(plan)) : NIL;
	ListCell *cell;

	foreach (cell, plan_children(plan))
	{
		targets = list_concat(targets, find_plan_targets(static_cast<Plan *>(lfirst(cell))));
	}
	return targets;
}

// What the SubPlan's parameters stand for in the query that runs it.
List *
parameter_items(const SubPlan *subplan)
{
	List *items = NIL;
	ListCell *id;
	ListCell *value;

	forboth(id, subplan->parParam, value, subplan->args)
	{
		PlannerParamItem *item = makeNode(PlannerParamItem);

		item->paramId = lfirst_int(id);
		item->item = static_cast<Node *>(lfirst(value));
		items = lappend(items, item);
	}
	return items;
}

struct SubPlanSearch
{
	PlannerInfo *root;
	List *targets;
};

// Keys made of rows or parameters inside the subquery are none of ours.
void
add_subplan_targets(SubPlanSearch *search, const SubPlan *subplan)
{
	auto *plan = static_cast<Plan *>(list_nth(search->root->glob->subplans, subplan->plan_id - 1));
	List *items = parameter_items(subplan);
	ListCell *cell;

	foreach (cell, find_plan_targets(plan))
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));
		auto *values = reinterpret_cast<Node *>(target->values);

		if (contain_var_clause(values))
		{
			continue;
		}
		values = restore_outer_columns(values, items);
		if (has_exec_param(values, nullptr))
		{
			continue;
		}
		target->values = reinterpret_cast<List *>(values);
		search->targets = lappend(search->targets, target);
	}
}

bool
find_subplans(Node *node, void *context)
{
	if (node == nullptr)
	{
		return false;
	}
	if (IsA(node, SubPlan))
	{
		add_subplan_targets(static_cast<SubPlanSearch *>(context),
							reinterpret_cast<SubPlan *>(node));
	}
	return walk_expression(node, find_subplans, context);
}

// The look-ups that evaluating the expressions over rows of `input` does.
List *
projection_targets(PlannerInfo *root, List *exprs, Path *input)
{
	SubPlanSearch search = {root, NIL};
	List *usable = NIL;
	ListCell *cell;

	find_subplans(reinterpret_cast<Node *>(exprs), &search);
	foreach (cell, search.targets)
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));

		if (supplies(root, input, nullptr, target->values))
		{
			usable = lappend(usable, target);
		}
	}
	return usable;
}

void
decorate_input(PlannerInfo *root, const PathTarget *target, Path **input)
{
	List *targets = projection_targets(root, target->exprs, *input);

	*input = decorate(root, *input, nullptr, targets);
}

// Down to the projection, through what only passes rows on.
void
decorate_projections(PlannerInfo *root, Path *path)
{
	switch (nodeTag(path))
	{
		case T_ProjectionPath:
			decorate_input(root, path->pathtarget,
						   &reinterpret_cast<ProjectionPath *>(path)->subpath);
			break;
		case T_AggPath:
			decorate_input(root, path->pathtarget, &reinterpret_cast<AggPath *>(path)->subpath);
			decorate_projections(root, reinterpret_cast<AggPath *>(path)->subpath);
			break;
		case T_LimitPath:
			decorate_projections(root, reinterpret_cast<LimitPath *>(path)->subpath);
			break;
		case T_LockRowsPath:
			decorate_projections(root, reinterpret_cast<LockRowsPath *>(path)->subpath);
			break;
		case T_SortPath:
		case T_IncrementalSortPath:
			decorate_projections(root, reinterpret_cast<SortPath *>(path)->subpath);
			break;
		case T_ModifyTablePath:
			decorate_projections(root, reinterpret_cast<ModifyTablePath *>(path)->subpath);
			break;
		default:
			break;
	}
}

void
upper_paths_hook(PlannerInfo *root, UpperRelationKind stage, RelOptInfo *input_rel,
				 RelOptInfo *output_rel, void *extra)
{
	ListCell *cell;

	if (previous_upper_hook != nullptr)
	{
		previous_upper_hook(root, stage, input_rel, output_rel, extra);
	}
	if (enable_lookahead && stage == UPPERREL_FINAL && root->glob->subplans != NIL)
	{
		foreach (cell, output_rel->pathlist)
		{
			decorate_projections(root, static_cast<Path *>(lfirst(cell)));
		}
	}
}

}    // namespace

void
lookahead_subplans_init()
{
	previous_upper_hook = create_upper_paths_hook;
	create_upper_paths_hook = upper_paths_hook;
}

}    // namespace gql::pg
