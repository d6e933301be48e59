// Which look-ups does a finished plan do?

#include "pg/lookahead_subplans.hpp"

#include "pg/handler.hpp"
#include "pg/keys.hpp"
#include "pg/plan_private.hpp"
#include "pg/plan_tree.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// The conditions of a scan that can be checked on any row it finds, the leaky ones only behind
// those they must not get ahead of.
List *
row_conditions(const ForeignScan *scan)
{
	List *conditions = NIL;
	bool all = true;
	ListCell *cell;

	foreach (cell, scan->scan.plan.qual)
	{
		auto *condition = static_cast<Node *>(lfirst(cell));

		if (contain_subplans(condition) || contain_volatile_functions(condition) ||
			has_exec_param(condition, nullptr) || (!all && contain_leaked_vars(condition)))
		{
			all = false;
			continue;
		}
		conditions = lappend(conditions, condition);
	}
	return conditions;
}

List *
find_scan_target(ForeignScan *scan)
{
	if (scan->scan.scanrelid == 0 ||
		GetFdwRoutineByServerId(scan->fs_server)->GetForeignPaths != graphqlGetForeignPaths)
	{
		return NIL;
	}
	int channel = plan_int(scan, scan_private_channel);

	if (channel == 0)
	{
		return NIL;
	}
	auto *target = static_cast<LookaheadTarget *>(palloc0(sizeof(LookaheadTarget)));

	target->channel = channel;
	target->relation = scan->scan.scanrelid;
	target->filters = row_conditions(scan);
	target->values =
		list_truncate(list_copy(scan->fdw_exprs), list_length(plan_list(scan, scan_private_bound)));
	target->keys_per_request = 1;
	return list_make1(target);
}

// What a nested loop hands to its inner side.
List *
nestloop_items(const NestLoop *join)
{
	List *items = NIL;
	ListCell *cell;

	foreach (cell, join->nestParams)
	{
		auto *parameter = static_cast<NestLoopParam *>(lfirst(cell));

		items = lappend(
			items, make_item(parameter->paramno, reinterpret_cast<Node *>(parameter->paramval)));
	}
	return items;
}

// What is run beforehand gets all that the row would hand to it.
void
add_parameters(LookaheadTarget *target, List *items)
{
	ListCell *cell;

	foreach (cell, items)
	{
		auto *item = static_cast<PlannerParamItem *>(lfirst(cell));

		target->values = lappend(target->values, copy_node(item->item));
		target->params = lappend_int(target->params, item->paramId);
	}
}

List *
find_inner_target(const CustomScan *scan)
{
	if (scan->methods != &lookahead_scan_methods)
	{
		return NIL;
	}
	int number = intVal(list_nth(scan->custom_private, lookahead_private_number));

	return number == 0 ? NIL : list_make1(make_inner_target(number));
}

}    // namespace

void
add_target(List **targets, LookaheadTarget *target)
{
	if (find_channel(*targets, target->channel) == nullptr)
	{
		*targets = lappend(*targets, target);
	}
}

void
restore_parameters(List *targets, List *items)
{
	ListCell *cell;

	foreach (cell, targets)
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));

		if (target->source == 0)
		{
			target->values = reinterpret_cast<List *>(
				restore_outer_columns(reinterpret_cast<Node *>(target->values), items));
		}
		if (target->inner)
		{
			add_parameters(target, items);
		}
	}
}

PlannerParamItem *
make_item(int id, Node *value)
{
	PlannerParamItem *item = makeNode(PlannerParamItem);

	item->paramId = id;
	item->item = value;
	return item;
}

List *
find_plan_targets(PlannerGlobal *glob, Plan *plan, List *initplans)
{
	List *targets =
		IsA(plan, ForeignScan)
			? find_scan_target(reinterpret_cast<ForeignScan *>(plan))
			: (IsA(plan, CustomScan) ? find_inner_target(reinterpret_cast<CustomScan *>(plan))
									 : NIL);
	List *visible = list_concat_copy(initplans, plan->initPlan);
	List *exprs = list_make2(plan->qual, plan->targetlist);
	ListCell *cell;

	foreach (cell, plan_children(plan))
	{
		auto *child = static_cast<Plan *>(lfirst(cell));
		List *below = find_plan_targets(glob, child, visible);
		ListCell *target;

		if (IsA(plan, SubqueryScan))
		{
			below = leave_level(below);
		}
		else if (IsA(plan, NestLoop) && child == plan->righttree)
		{
			restore_parameters(below, nestloop_items(reinterpret_cast<NestLoop *>(plan)));
		}
		foreach (target, below)
		{
			add_target(&targets, static_cast<LookaheadTarget *>(lfirst(target)));
		}
	}
	if (IsA(plan, FunctionScan))
	{
		exprs = lappend(exprs, reinterpret_cast<FunctionScan *>(plan)->functions);
	}
	foreach (cell, find_expression_targets(glob, visible, exprs))
	{
		add_target(&targets, static_cast<LookaheadTarget *>(lfirst(cell)));
	}
	// What a condition keeps from being run at all may not even bear its arguments being evaluated.
	return IsA(plan, Result) && reinterpret_cast<Result *>(plan)->resconstantqual != nullptr
			   ? drop_calls(targets)
			   : targets;
}

}    // namespace gql::pg
