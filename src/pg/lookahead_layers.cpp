// Which look-aheads do rows need whose expressions run subqueries or call graphql_query()?

#include "pg/lookahead_layers.hpp"

#include "pg/lookahead.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// Rows that all make the same call need it once.
bool
is_constant_call(const LookaheadTarget *target, const Path *input)
{
	return target->channel < 0 && input->pathtype != T_Result &&
		   !contain_var_clause(reinterpret_cast<Node *>(target->values));
}

int
count_target_waits(List *targets, const LookaheadTarget *target)
{
	return target->source == 0 ? count_waits(target->values)
							   : count_target_waits(targets, find_channel(targets, target->source));
}

// Takes out the targets whose keys take the fewest subqueries to compute.
List *
take_first_layer(List **targets)
{
	List *all = *targets;
	List *layer = NIL;
	int fewest = PG_INT32_MAX;
	ListCell *cell;

	foreach (cell, all)
	{
		fewest = Min(fewest, count_target_waits(all, static_cast<LookaheadTarget *>(lfirst(cell))));
	}
	*targets = NIL;
	foreach (cell, all)
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));
		List **list = count_target_waits(all, target) == fewest ? &layer : targets;

		*list = lappend(*list, target);
	}
	return layer;
}

}    // namespace

List *
expression_targets(PlannerInfo *root, List *exprs, Path *input)
{
	List *usable = NIL;
	List *chained = NIL;
	ListCell *cell;

	foreach (cell, find_subplan_targets(root, exprs))
	{
		auto *target = static_cast<LookaheadTarget *>(lfirst(cell));

		if (target->source != 0)
		{
			chained = lappend(chained, target);
		}
		else if (is_row_computation(target->values) &&
				 (supplies(root, input, nullptr, target->values) ||
				  is_constant_call(target, input)))
		{
			usable = lappend(usable, target);
		}
	}
	return chain_targets(usable, chained);
}

Path *
add_layers(PlannerInfo *root, Path *path, List *targets, bool apart, Expr *clause)
{
	while (targets != NIL)
	{
		List *layer = take_first_layer(&targets);
		auto *first = static_cast<LookaheadTarget *>(linitial(layer));

		path = !apart && count_waits(first->values) == 0
				   ? decorate(root, path, nullptr, layer)
				   : make_lookahead(root, path, layer, targets == NIL ? clause : nullptr);
	}
	return path;
}

bool
runs_something(Node *expr)
{
	return contain_subplans(expr) || has_calls(list_make1(expr));
}

PathTarget *
plain_target(PlannerInfo *root, List *exprs, int flags)
{
	PathTarget *plain = create_empty_pathtarget();
	ListCell *cell;

	foreach (cell, exprs)
	{
		auto *expr = static_cast<Node *>(lfirst(cell));

		if (runs_something(expr))
		{
			add_new_columns_to_pathtarget(plain, pull_var_clause(expr, flags));
		}
		else
		{
			add_new_column_to_pathtarget(plain, reinterpret_cast<Expr *>(expr));
		}
	}
	return set_pathtarget_cost_width(root, plain);
}

}    // namespace gql::pg
