// How is an expression shown where PostgreSQL does not see where all its parameters come from?
//
// The sources of a parameter are above the node that uses it, and EXPLAIN does not tell a foreign
// scan what these are. PostgreSQL has no way to print a parameter without its source (it asserts
// that there is none), but prints one of the client by its number.

#include "pg/print.hpp"

#include "pg/plan_tree.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// A tree mutator; `context` is the list of parameters that are set inside of the expression: those
// of sub-plans have a source that is in sight.
Node *
parameters_from_client(Node *node, void *context)
{
	auto *inner = static_cast<List *>(context);

	if (node == nullptr)
	{
		return nullptr;
	}
	if (IsA(node, Param) && !list_member_int(inner, castNode(Param, node)->paramid))
	{
		Param *param = copy_node(castNode(Param, node));

		param->paramkind = PARAM_EXTERN;
		return reinterpret_cast<Node *>(param);
	}
	if (IsA(node, SubPlan))
	{
		inner = list_concat_copy(inner, castNode(SubPlan, node)->paramIds);
	}
	return mutate_expression(node, parameters_from_client, inner);
}

// The parameters that are set for a plan by what is above it: those whose sources PostgreSQL finds.
List *
parameters_from_above(const Plan *plan, const List *above)
{
	const Plan *below = plan;
	List *params = NIL;
	ListCell *cell;

	foreach (cell, above)
	{
		auto *node = static_cast<Node *>(lfirst(cell));

		if (IsA(node, SubPlan))
		{
			params = list_concat_copy(params, castNode(SubPlan, node)->parParam);
			continue;
		}
		if (IsA(node, NestLoop) && innerPlan(node) == below)
		{
			ListCell *param;

			foreach (param, castNode(NestLoop, node)->nestParams)
			{
				params = lappend_int(params, static_cast<NestLoopParam *>(lfirst(param))->paramno);
			}
		}
		below = reinterpret_cast<Plan *>(node);
	}
	return params;
}

}    // namespace

char *
print_expression(Node *expression, List *context, bool prefix)
{
	return deparse_expression(parameters_from_client(expression, NIL), context, prefix, false);
}

char *
print_in_plan(Node *expression, Plan *plan, const PlannedStmt *statement, bool prefix,
			  ExplainState *es)
{
	List *above = plans_above(statement, plan);
	Node *printed = parameters_from_client(expression, parameters_from_above(plan, above));

	return deparse_expression(printed, set_deparse_context_plan(es->deparse_cxt, plan, above),
							  prefix, false);
}

}    // namespace gql::pg
