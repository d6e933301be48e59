// Which plans are below a plan, and which above?

#include "pg/plan_tree.hpp"

#include <initializer_list>

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

struct PlanSearch
{
	const PlannedStmt *statement;
	const Plan *wanted;
	List *above;    // the way up, once it is found
};

bool find_plan(PlanSearch *search, Plan *plan);

// A tree walker.
bool
find_in_subplans(Node *node, void *context)
{
	auto *search = static_cast<PlanSearch *>(context);

	if (node == nullptr)
	{
		return false;
	}
	if (IsA(node, SubPlan) &&
		find_plan(search, static_cast<Plan *>(list_nth(search->statement->subplans,
													   castNode(SubPlan, node)->plan_id - 1))))
	{
		search->above = lappend(search->above, node);
		return true;
	}
	return walk_expression(node, find_in_subplans, search);
}

bool
find_in_expressions(PlanSearch *search, Plan *plan)
{
	List *joined = IsA(plan, NestLoop) || IsA(plan, MergeJoin) || IsA(plan, HashJoin)
					   ? reinterpret_cast<Join *>(plan)->joinqual
					   : NIL;

	for (List *list : {plan->initPlan, plan->targetlist, plan->qual, joined})
	{
		if (find_in_subplans(reinterpret_cast<Node *>(list), search))
		{
			return true;
		}
	}
	return false;
}

bool
find_plan(PlanSearch *search, Plan *plan)
{
	ListCell *cell;
	bool found;

	if (plan == nullptr || plan == search->wanted)
	{
		return plan != nullptr;
	}
	found = find_in_expressions(search, plan);
	foreach (cell, plan_children(plan))
	{
		found = found || find_plan(search, static_cast<Plan *>(lfirst(cell)));
	}
	if (found)
	{
		search->above = lappend(search->above, plan);
	}
	return found;
}

// The parameters that subqueries of the plan set once and for all.
List *
parameters_set_once(const PlannedStmt *statement, const Plan *plan)
{
	List *params = NIL;
	ListCell *cell;

	foreach (cell, plan->initPlan)
	{
		auto *subplan = static_cast<SubPlan *>(lfirst(cell));
		auto *inner = static_cast<Plan *>(list_nth(statement->subplans, subplan->plan_id - 1));

		if (bms_is_empty(inner->extParam))
		{
			params = list_concat(params, subplan->setParam);
		}
	}
	return params;
}

// A tree walker; `context` is a list of the parameters that do not change.
bool
has_other_parameter(Node *node, void *context)
{
	if (node == nullptr)
	{
		return false;
	}
	if (IsA(node, Param) && reinterpret_cast<Param *>(node)->paramkind == PARAM_EXEC)
	{
		return !list_member_int(static_cast<List *>(context),
								reinterpret_cast<Param *>(node)->paramid);
	}
	return walk_expression(node, has_other_parameter, context);
}

}    // namespace

List *
plan_children(const Plan *plan)
{
	List *children = NIL;

	switch (nodeTag(plan))
	{
		case T_SubqueryScan:
			children = list_make1(reinterpret_cast<const SubqueryScan *>(plan)->subplan);
			break;
		case T_CustomScan:
			children = list_copy(reinterpret_cast<const CustomScan *>(plan)->custom_plans);
			break;
		case T_Append:
			children = list_copy(reinterpret_cast<const Append *>(plan)->appendplans);
			break;
		case T_MergeAppend:
			children = list_copy(reinterpret_cast<const MergeAppend *>(plan)->mergeplans);
			break;
		default:
			break;
	}
	if (plan->lefttree != nullptr)
	{
		children = lappend(children, plan->lefttree);
	}
	if (plan->righttree != nullptr)
	{
		children = lappend(children, plan->righttree);
	}
	return children;
}

List *
plans_above(const PlannedStmt *statement, const Plan *plan)
{
	PlanSearch search = {statement, plan, NIL};

	find_plan(&search, statement->planTree);
	return search.above;
}

bool
changes_in_statement(Node *expression, Plan *plan, const PlannedStmt *statement)
{
	List *params = parameters_set_once(statement, plan);
	ListCell *cell;

	foreach (cell, plans_above(statement, plan))
	{
		auto *above = static_cast<Node *>(lfirst(cell));

		if (!IsA(above, SubPlan))
		{
			params = list_concat(params,
								 parameters_set_once(statement, reinterpret_cast<Plan *>(above)));
		}
	}
	return has_other_parameter(expression, params);
}

}    // namespace gql::pg
