// Which look-ups do subqueries inside expressions do, and which calls are made there?
//
// A correlated subquery in a SELECT list or a condition becomes a SubPlan that is run once per row.
// By the time the paths of the query around it are made its SubPlans are finished plans. What they
// look up by keys of the row they are run for can be asked for ahead; so can what subqueries inside
// them look up by keys of those keys' rows.

#include "pg/lookahead_subplans.hpp"

#include "pg/keys.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// What is being searched for SubPlans.
struct SubPlanSearch
{
	PlannerGlobal *glob;
	List *initplans;    // SubPlans that expressions refer to by a parameter
	List *targets;
	List *guards;    // conditions without which what is searched now is not evaluated
	bool hidden;     // behind a condition that cannot be evaluated ahead
};

bool find_subplans(Node *node, void *context);

// What the SubPlan's parameters stand for in the query that runs it.
List *
parameter_items(const SubPlan *subplan)
{
	List *items = NIL;
	ListCell *id;
	ListCell *value;

	forboth(id, subplan->parParam, value, subplan->args)
	{
		items = lappend(items, make_item(lfirst_int(id), static_cast<Node *>(lfirst(value))));
	}
	return items;
}

// A row whose subquery would not be run has NULL for a key, which is never sent: evaluating the key
// could fail, and the API is to be told no more than it would be without the look-ahead.
void
add_subplan_targets(SubPlanSearch *search, const SubPlan *subplan)
{
	ListCell *cell;

	if (search->hidden)
	{
		return;
	}
	auto *plan = static_cast<Plan *>(list_nth(search->glob->subplans, subplan->plan_id - 1));
	List *targets = leave_level(find_plan_targets(search->glob, plan, search->initplans));

	restore_parameters(targets, parameter_items(subplan));
	foreach (cell, targets)
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));
		ListCell *guard;

		foreach (guard, search->guards)
		{
			if (target->source == 0)
			{
				guard_values(target->values, static_cast<Expr *>(lfirst(guard)));
			}
		}
		add_target(&search->targets, target);
	}
}

void
add_call_target(SubPlanSearch *search, const Node *node)
{
	LookaheadTarget *target = search->hidden || !is_call(node)
								  ? nullptr
								  : find_call_target(reinterpret_cast<const FuncExpr *>(node));
	ListCell *guard;

	if (target == nullptr)
	{
		return;
	}
	foreach (guard, search->guards)
	{
		guard_values(target->values, static_cast<Expr *>(lfirst(guard)));
	}
	search->targets = lappend(search->targets, target);
}

// A subquery that needs nothing of the rows around it is run once, for a parameter.
void
add_initplan_targets(SubPlanSearch *search, const Param *param)
{
	ListCell *cell;

	foreach (cell, search->initplans)
	{
		auto *subplan = static_cast<SubPlan *>(lfirst(cell));

		if (param->paramkind == PARAM_EXEC && list_member_int(subplan->setParam, param->paramid))
		{
			add_subplan_targets(search, subplan);
		}
	}
}

// Does what the expression runs change anything, or give another result each time? A tree walker;
// `context` is a PlannerGlobal.
bool
contains_volatile_subplan(Node *node, void *context)
{
	if (node == nullptr)
	{
		return false;
	}
	if (IsA(node, SubPlan))
	{
		auto *glob = static_cast<PlannerGlobal *>(context);
		auto *root = static_cast<PlannerInfo *>(
			list_nth(glob->subroots, reinterpret_cast<SubPlan *>(node)->plan_id - 1));

		if (is_volatile_query(root->parse, glob))
		{
			return true;
		}
	}
	if (IsA(node, Query))
	{
		auto *query = reinterpret_cast<::Query *>(node);

		return query->rowMarks != NIL || walk_query(query, contains_volatile_subplan, context);
	}
	return walk_expression(node, contains_volatile_subplan, context);
}

// In what is evaluated only where `guard` is true.
void
find_guarded(SubPlanSearch *search, Node *node, Node *guard)
{
	SubPlanSearch outside = *search;

	if (contain_volatile_functions(guard) || contains_volatile_subplan(guard, search->glob))
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
		case T_Param:
			add_initplan_targets(search, reinterpret_cast<Param *>(node));
			break;
		case T_FuncExpr:
			add_call_target(search, node);
			break;
		default:
			break;
	}
	return walk_expression(node, find_subplans, context);
}

}    // namespace

bool
is_volatile_query(::Query *query, PlannerGlobal *glob)
{
	auto *node = reinterpret_cast<Node *>(query);

	return contain_volatile_functions(node) || contains_volatile_subplan(node, glob);
}

List *
find_expression_targets(PlannerGlobal *glob, List *initplans, List *exprs)
{
	SubPlanSearch search = {glob, initplans, NIL, NIL, false};

	find_subplans(reinterpret_cast<Node *>(exprs), &search);
	return search.targets;
}

List *
find_subplan_targets(PlannerInfo *root, List *exprs)
{
	return root->glob->subplans != NIL || has_calls(exprs)
			   ? find_expression_targets(root->glob, root->init_plans, exprs)
			   : NIL;
}

}    // namespace gql::pg
