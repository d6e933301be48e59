// Which calls of graphql_query() does an expression make, and when can they be made ahead?

#include "pg/lookahead.hpp"

#include <functional>
#include <string_view>

#include "pg/calls.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

constexpr int calls_per_request_estimate = 100;

// A tree walker; `context` is not used.
bool
contains_call(Node *node, void *context)
{
	return node != nullptr && (is_call(node) || walk_expression(node, contains_call, context));
}

// Numbers of calls are below those of scans, and the same whenever a call is met.
int
call_channel(const FuncExpr *call)
{
	char *text = nodeToString(call->args);
	size_t hash = std::hash<std::string_view>()(text);

	pfree(text);
	return -1 - static_cast<int>(hash % PG_INT32_MAX);
}

}    // namespace

bool
is_call(const Node *node)
{
	return IsA(node, FuncExpr) && OidIsValid(query_function) &&
		   reinterpret_cast<const FuncExpr *>(node)->funcid == query_function;
}

bool
has_calls(List *exprs)
{
	return OidIsValid(query_function) && contains_call(reinterpret_cast<Node *>(exprs), nullptr);
}

LookaheadTarget *
find_call_target(const FuncExpr *call)
{
	auto *arguments = reinterpret_cast<Node *>(call->args);

	if (contain_volatile_functions(arguments) || expression_returns_set(arguments) ||
		contain_subplans(arguments) || has_calls(call->args))
	{
		return nullptr;
	}
	auto *target = static_cast<LookaheadTarget *>(palloc0(sizeof(LookaheadTarget)));
	QualCost cost;

	cost_qual_eval_node(&cost, reinterpret_cast<Node *>(copy_node(call)), nullptr);
	target->channel = call_channel(call);
	target->values = list_copy(call->args);
	target->request_cost = cost.per_tuple;
	target->keys_per_request = calls_per_request_estimate;
	return target;
}

List *
drop_calls(List *targets)
{
	List *others = NIL;
	ListCell *cell;

	foreach (cell, targets)
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));

		if (target->channel > 0 && !target->inner)
		{
			others = lappend(others, target);
		}
	}
	return others;
}

}    // namespace gql::pg
