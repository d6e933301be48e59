// What does EXPLAIN say of a look-ahead?

#include "pg/lookahead_state.hpp"

#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"
#include "pg/print.hpp"

namespace gql::pg
{

namespace
{

// The keys of chained targets, in the words of the table whose rows make them.
List *
deparse_chained(const LookaheadState *state)
{
	auto *plan = castNode(CustomScan, state->css.ss.ps.plan);
	auto *chained = static_cast<List *>(list_nth(plan->custom_private, lookahead_private_chained));
	auto *counts = static_cast<List *>(list_nth(plan->custom_private, lookahead_private_counts));
	List *keys = NIL;
	int next = 0;

	for (int i = 0; i < state->target_count; i++)
	{
		const TargetState *target = &state->targets[i];
		Channel *source = target->source_id == 0
							  ? nullptr
							  : channel_find(state->css.ss.ps.state, target->source_id);

		for (int j = 0; target->source_id != 0 && j < list_nth_int(counts, i); j++)
		{
			auto *value = static_cast<Node *>(list_nth(chained, next++));

			if (source != nullptr)
			{
				const Fetch *fetch = channel_fetch(source);
				List *context =
					deparse_context_for(fetch->relation, get_typ_typrelid(fetch->desc->tdtypeid));

				keys = lappend(keys, print_expression(value, context, true));
			}
		}
	}
	return keys;
}

// Arguments of calls that are the same for all rows are no keys, nor are they behind a guard.
bool
is_constant(Node *expr)
{
	while (IsA(expr, CaseExpr) && list_length(reinterpret_cast<CaseExpr *>(expr)->args) == 1)
	{
		auto *when = static_cast<CaseWhen *>(linitial(reinterpret_cast<CaseExpr *>(expr)->args));

		expr = reinterpret_cast<Node *>(when->result);
	}
	return !contain_var_clause(expr) && !has_exec_param(expr, nullptr);
}

// Those of chained targets come last; those of an inner look-ahead are in its own words.
List *
deparse_keys(const LookaheadState *state, List *ancestors, ExplainState *es)
{
	auto *plan = castNode(CustomScan, state->css.ss.ps.plan);
	List *keys = NIL;
	int next = 0;

	for (int i = 0; i < state->target_count; i++)
	{
		const TargetState *target = &state->targets[i];
		int count = target->source_id == 0 ? list_length(target->states) : 0;

		if (target->params != NIL)
		{
			const LookaheadState *inner = find_inner(state, target);

			keys = inner == nullptr || !has_driver(inner)
					   ? keys
					   : list_concat(keys, deparse_keys(inner, NIL, es));
			next += count;
			continue;
		}
		// There is only one context, and an inner look-ahead has set it to its own plan.
		List *context = set_deparse_context_plan(es->deparse_cxt, state->css.ss.ps.plan, ancestors);

		for (int j = 0; j < count; j++)
		{
			auto *expr = static_cast<Node *>(list_nth(plan->custom_exprs, next++));

			if (!is_constant(expr))
			{
				keys = lappend(keys, deparse_expression(expr, context,
														es->verbose || list_length(es->rtable) > 1,
														false));
			}
		}
	}
	return list_concat(keys, deparse_chained(state));
}

// Calls are made by no plan node that could show what they cost.
void
explain_counters(const LookaheadState *state, ExplainState *es)
{
	if (state->driver == nullptr)
	{
		ExplainPropertyInteger("Batches", nullptr, state->batches, es);
		ExplainPropertyInteger("Keys", nullptr, state->keys, es);
	}
	if (state->calls != nullptr)
	{
		const CallCounters *counters = calls_counters(state->calls);

		ExplainPropertyInteger("Calls Prefetched", nullptr, counters->prefetched, es);
		ExplainPropertyInteger("Calls Missed", nullptr, counters->missed, es);
		ExplainPropertyInteger("HTTP Requests", nullptr, counters->requests, es);
		ExplainPropertyInteger("Bytes Received", nullptr, counters->bytes, es);
		ExplainPropertyInteger("Retries", nullptr, counters->retries, es);
	}
}

}    // namespace

void
explain_lookahead(CustomScanState *node, List *ancestors, ExplainState *es)
{
	auto *state = reinterpret_cast<LookaheadState *>(node);
	List *keys = deparse_keys(state, ancestors, es);

	if (keys != NIL)
	{
		ExplainPropertyList("Lookup Keys", keys, es);
	}
	if (state->in_step)
	{
		ExplainPropertyText("Not Batched", "volatile functions may change what session_headers say",
							es);
	}
	else if (begins_anew(state))
	{
		ExplainPropertyText("Not Batched", "across the rows of the query around it", es);
	}
	if (es->analyze && !state->in_step)
	{
		explain_counters(state, es);
	}
}

}    // namespace gql::pg
