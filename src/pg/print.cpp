// How is an expression shown where nobody says what is above it in the plan?
//
// The sources of a parameter are above the node that uses it, and EXPLAIN does not tell a foreign
// scan what these are. PostgreSQL has no way to print such a parameter (it asserts that there is
// none), but prints one of the client by its number.

#include "pg/print.hpp"

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

}    // namespace

char *
print_expression(Node *expression, List *context, bool prefix)
{
	return deparse_expression(parameters_from_client(expression, NIL), context, prefix, false);
}

}    // namespace gql::pg
