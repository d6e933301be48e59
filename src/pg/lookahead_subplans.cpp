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
	target->values = list_truncate(
		list_copy(scan->fdw_exprs),
		list_length(static_cast<List *>(list_nth(scan->fdw_private, scan_private_bound))));
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
	List *guards;    // conditions without which what is searched now is not evaluated
	bool hidden;     // behind a condition that cannot be evaluated ahead
};

// A row whose subquery would not be run has NULL for a key, which is never sent: evaluating the key
// could fail, and the API is to be told no more than it would be without the look-ahead.
Node *
guard_values(List *values, List *guards)
{
	ListCell *cell;
	ListCell *guard;

	foreach (cell, values)
	{
		auto *value = static_cast<Node *>(lfirst(cell));

		foreach (guard, guards)
		{
			CaseExpr *guarded = makeNode(CaseExpr);
			CaseWhen *when = makeNode(CaseWhen);

			when->expr = static_cast<Expr *>(lfirst(guard));
			when->result = reinterpret_cast<Expr *>(value);
			when->location = -1;
			guarded->casetype = exprType(value);
			guarded->casecollid = exprCollation(value);
			guarded->args = list_make1(when);
			guarded->defresult =
				reinterpret_cast<Expr *>(makeNullConst(exprType(value), -1, exprCollation(value)));
			guarded->location = -1;
			value = reinterpret_cast<Node *>(guarded);
		}
		lfirst(cell) = value;
	}
	return reinterpret_cast<Node *>(values);
}

// Keys made of rows or parameters inside the subquery are none of ours.
void
add_subplan_targets(SubPlanSearch *search, const SubPlan *subplan)
{
	auto *plan = static_cast<Plan *>(list_nth(search->root->glob->subplans, subplan->plan_id - 1));
	List *items = parameter_items(subplan);
	ListCell *cell;

	if (search->hidden)
	{
		return;
	}
	foreach (cell, find_plan_targets(plan))
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));
		auto *values = reinterpret_cast<Node *>(target->values);

		if (contain_var_clause(values))
		{
			continue;
		}
		values = restore_outer_columns(values, items);
		values = guard_values(reinterpret_cast<List *>(values), search->guards);
		if (has_exec_param(values, nullptr) || contain_agg_clause(values) ||
			contain_window_function(values))
		{
			continue;
		}
		target->values = reinterpret_cast<List *>(values);
		search->targets = lappend(search->targets, target);
	}
}

bool find_subplans(Node *node, void *context);

// In what is evaluated only where `guard` is true.
void
find_guarded(SubPlanSearch *search, Node *node, Node *guard)
{
	SubPlanSearch outside = *search;

	if (contain_subplans(guard) || contain_volatile_functions(guard))
	{
		search->hidden = true;
	}
	search->guards = lappend(list_copy(search->guards), guard);
	find_subplans(node, search);
	search->guards = outside.guards;
	search->hidden = outside.hidden;
}

// Is it the branch behind the first `count` conditions that is taken, or (`taken`) the last of
// those?
Node *
is_branch(const CaseExpr *choice, int count, bool taken)
{
	CaseExpr *guard = copy_node(choice);
	ListCell *cell;

	if (taken && count == 1 && choice->arg == nullptr)
	{
		return reinterpret_cast<Node *>(static_cast<CaseWhen *>(linitial(guard->args))->expr);
	}
	guard->casetype = BOOLOID;
	guard->casecollid = InvalidOid;
	guard->args = list_truncate(guard->args, count);
	guard->defresult = reinterpret_cast<Expr *>(makeBoolConst(!taken, false));
	foreach (cell, guard->args)
	{
		bool last = foreach_current_index(cell) == count - 1;

		static_cast<CaseWhen *>(lfirst(cell))->result =
			reinterpret_cast<Expr *>(makeBoolConst(taken && last, false));
	}
	return reinterpret_cast<Node *>(guard);
}

void
find_in_case(SubPlanSearch *search, CaseExpr *choice)
{
	int count = 0;
	ListCell *cell;

	find_subplans(reinterpret_cast<Node *>(choice->arg), search);
	foreach (cell, choice->args)
	{
		auto *when = static_cast<CaseWhen *>(lfirst(cell));
		auto *condition = reinterpret_cast<Node *>(when->expr);

		if (count == 0)
		{
			find_subplans(condition, search);
		}
		else
		{
			find_guarded(search, condition, is_branch(choice, count, false));
		}
		count++;
		find_guarded(search, reinterpret_cast<Node *>(when->result),
					 is_branch(choice, count, true));
	}
	find_guarded(search, reinterpret_cast<Node *>(choice->defresult),
				 is_branch(choice, count, false));
}

// Does this argument, which is not the last, leave the value of the whole open?
Expr *
leaves_open(Node *whole, Expr *argument)
{
	if (IsA(whole, CoalesceExpr))
	{
		NullTest *test = makeNode(NullTest);

		test->arg = argument;
		test->nulltesttype = IS_NULL;
		test->location = -1;
		return reinterpret_cast<Expr *>(test);
	}
	BooleanTest *test = makeNode(BooleanTest);

	test->arg = argument;
	test->booltesttype =
		reinterpret_cast<BoolExpr *>(whole)->boolop == AND_EXPR ? IS_NOT_FALSE : IS_NOT_TRUE;
	test->location = -1;
	return reinterpret_cast<Expr *>(test);
}

// COALESCE, AND and OR stop at the argument that decides.
void
find_in_arguments(SubPlanSearch *search, Node *whole, List *arguments)
{
	List *open = NIL;
	ListCell *cell;

	foreach (cell, arguments)
	{
		auto *argument = static_cast<Node *>(lfirst(cell));

		if (open == NIL)
		{
			find_subplans(argument, search);
		}
		else
		{
			find_guarded(search, argument,
						 reinterpret_cast<Node *>(make_ands_explicit(list_copy(open))));
		}
		open = lappend(open, leaves_open(whole, reinterpret_cast<Expr *>(argument)));
	}
}

// Whatever is around it, an aggregate is computed, over the rows its FILTER lets through.
void
find_in_aggregate(SubPlanSearch *search, Aggref *aggregate)
{
	SubPlanSearch outside = *search;
	auto *filter = reinterpret_cast<Node *>(aggregate->aggfilter);

	search->guards = NIL;
	search->hidden = false;
	find_subplans(reinterpret_cast<Node *>(aggregate->aggdirectargs), search);
	find_subplans(filter, search);
	if (filter == nullptr)
	{
		find_subplans(reinterpret_cast<Node *>(aggregate->args), search);
	}
	else
	{
		find_guarded(search, reinterpret_cast<Node *>(aggregate->args), filter);
	}
	search->guards = outside.guards;
	search->hidden = outside.hidden;
}

bool
find_subplans(Node *node, void *context)
{
	auto *search = static_cast<SubPlanSearch *>(context);

	if (node == nullptr)
	{
		return false;
	}
	switch (nodeTag(node))
	{
		case T_CaseExpr:
			find_in_case(search, reinterpret_cast<CaseExpr *>(node));
			return false;
		case T_CoalesceExpr:
			find_in_arguments(search, node, reinterpret_cast<CoalesceExpr *>(node)->args);
			return false;
		case T_BoolExpr:
			find_in_arguments(search, node, reinterpret_cast<BoolExpr *>(node)->args);
			return false;
		case T_Aggref:
			find_in_aggregate(search, reinterpret_cast<Aggref *>(node));
			return false;
		case T_SubPlan:
			add_subplan_targets(search, reinterpret_cast<SubPlan *>(node));
			break;
		default:
			break;
	}
	return walk_expression(node, find_subplans, context);
}

// The look-ups that evaluating the expressions over rows of `input` does.
List *
projection_targets(PlannerInfo *root, List *exprs, Path *input)
{
	SubPlanSearch search = {root, NIL, NIL, false};
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
