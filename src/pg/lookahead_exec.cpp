// How does the look-ahead run?
//
// As any node: it is opened when the first row is asked for, hands on the rows of the oldest batch,
// and starts anew when it is scanned again.

#include "pg/lookahead.hpp"

#include "pg/lookahead_state.hpp"
#include "pg/lookahead_step.hpp"
#include "pg/pass_through.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

constexpr int batches_of_calls = 4;    // read ahead; the server is known when it is called

// `batch`: those up to this one are done with.
void
forget_gathered(LookaheadState *state, int64 batch)
{
	for (int i = 0; i < state->target_count; i++)
	{
		TargetState *target = &state->targets[i];

		target->gathered = 0;
		target->followed = batch;
		if (target->inner != nullptr)
		{
			forget_gathered(target->inner, batch);
		}
	}
}

void
restart(LookaheadState *state)
{
	for (int i = 0; i < state->ring_size; i++)
	{
		OuterBatch *batch = &state->ring[i];

		MemoryContextReset(batch->context);
		batch->rows = nullptr;
		batch->count = batch->capacity = batch->next = 0;
	}
	forget_gathered(state, state->filled - 1);
	state->head = state->count = 0;
	state->ended = false;
	state->limit = state->first;
	state->allowed = state->first > 0 ? 1 : state->ring_size;
}

// A chained target comes behind its source.
void
open_source(LookaheadState *state, TargetState *target)
{
	for (TargetState *source = state->targets; source < target; source++)
	{
		if (source->channel_id == target->source_id && source->channel != nullptr)
		{
			target->source = source;
		}
	}
	if (target->source == nullptr)
	{
		target->channel = nullptr;
	}
	else if (target->source->found == nullptr)
	{
		target->source->found = MakeSingleTupleTableSlot(
			channel_fetch(target->source->channel)->desc, &TTSOpsHeapTuple);
	}
}

}    // namespace

// All nodes have been begun by the time the first row is asked for, the look-ups among them.
void
open_targets(LookaheadState *state)
{
	EState *estate = state->css.ss.ps.state;
	MemoryContext before = MemoryContextSwitchTo(estate->es_query_cxt);
	int concurrency = 1;
	int stages = 1;

	for (int i = 0; i < state->target_count; i++)
	{
		TargetState *target = &state->targets[i];

		if (is_call(target))
		{
			state->calls = state->calls != nullptr ? state->calls : calls_open(estate);
			target->size = calls_per_request(state->calls);
			concurrency = Max(concurrency, batches_of_calls);
			continue;
		}
		if (target->params != NIL)
		{
			open_inner(state, target);
			concurrency = Max(concurrency, target->inner != nullptr ? target->inner->ring_size : 1);
			continue;
		}
		target->channel = channel_find(estate, target->channel_id);
		if (target->channel != nullptr && target->source_id != 0)
		{
			open_source(state, target);
		}
		if (target->channel != nullptr)
		{
			Fetch *fetch = channel_fetch(target->channel);

			target->cursor = keys_make(fetch, target->states);
			target->size = channel_batch_keys(target->channel);
			state->filled = Max(state->filled, channel_released(target->channel));
			concurrency = Max(concurrency, fetch->options->server.concurrency);
			stages += target->source != nullptr ? 1 : 0;
		}
	}
	// Rows that few others are chained to are read further ahead, so that the requests for those
	// are full as well.
	state->ring_size = concurrency * stages;
	state->ring = static_cast<OuterBatch *>(palloc0(sizeof(OuterBatch) * state->ring_size));
	for (int i = 0; i < state->ring_size; i++)
	{
		state->ring[i].context = AllocSetContextCreate(
			estate->es_query_cxt, "graphql_fdw look-ahead batch", ALLOCSET_DEFAULT_SIZES);
	}
	state->row = MakeSingleTupleTableSlot(state->css.ss.ss_ScanTupleSlot->tts_tupleDescriptor,
										  &TTSOpsMinimalTuple);
	MemoryContextSwitchTo(before);
	state->opened = true;
	restart(state);
}

namespace
{

TupleTableSlot *
access_row(ScanState *node)
{
	auto *state = reinterpret_cast<LookaheadState *>(node);

	if (state->in_step || state->driver != nullptr)
	{
		TupleTableSlot *row = ExecProcNode(state->child);

		return TupIsNull(row) ? ExecClearTuple(node->ss_ScanTupleSlot) : hand_on_row(node, row);
	}
	if (!state->opened)
	{
		open_targets(state);
	}
	for (;;)
	{
		if (state->count > 0)
		{
			OuterBatch *batch = &state->ring[state->head];

			if (batch->next < batch->count)
			{
				ExecStoreMinimalTuple(batch->rows[batch->next++], state->row, false);
				return hand_on_row(&state->css.ss, state->row);
			}
			finish_head(state);
		}
		read_ahead(state);
		if (state->count == 0)
		{
			return ExecClearTuple(node->ss_ScanTupleSlot);
		}
	}
}

// EvalPlanQual asks for the one row of its test again: nothing to look ahead for.
bool
recheck_row(ScanState *node, TupleTableSlot *)
{
	auto *state = reinterpret_cast<LookaheadState *>(node);
	TupleTableSlot *row = ExecProcNode(state->child);

	if (TupIsNull(row))
	{
		return false;
	}
	hand_on_row(node, row);
	return true;
}

void
begin(CustomScanState *node, EState *estate, int flags)
{
	auto *state = reinterpret_cast<LookaheadState *>(node);
	auto *plan = castNode(CustomScan, node->ss.ps.plan);
	auto *channels =
		static_cast<List *>(list_nth(plan->custom_private, lookahead_private_channels));
	auto *counts = static_cast<List *>(list_nth(plan->custom_private, lookahead_private_counts));
	auto *params = static_cast<List *>(list_nth(plan->custom_private, lookahead_private_params));
	auto *sources = static_cast<List *>(list_nth(plan->custom_private, lookahead_private_sources));
	auto *chained = static_cast<List *>(
		copy_node(static_cast<List *>(list_nth(plan->custom_private, lookahead_private_chained))));
	int next = 0;
	int next_chained = 0;

	ChangeVarNodes(reinterpret_cast<Node *>(chained), 1, INNER_VAR, 0);

	state->child = ExecInitNode(static_cast<Plan *>(linitial(plan->custom_plans)), estate, flags);
	node->custom_ps = list_make1(state->child);
	note_lookahead(state);
	state->first = intVal(list_nth(plan->custom_private, lookahead_private_first));
	state->in_step = intVal(list_nth(plan->custom_private, lookahead_private_settings)) != 0 &&
					 may_say_who_asks(estate);
	state->target_count = list_length(channels);
	state->targets = static_cast<TargetState *>(palloc0(sizeof(TargetState) * state->target_count));
	for (int i = 0; i < state->target_count; i++)
	{
		TargetState *target = &state->targets[i];
		int count = list_nth_int(counts, i);

		target->channel_id = list_nth_int(channels, i);
		target->source_id = list_nth_int(sources, i);
		target->params = static_cast<List *>(list_nth(params, i));
		target->key = static_cast<Datum *>(palloc0(sizeof(Datum) * count));
		for (int j = 0; j < count; j++)
		{
			auto *value =
				static_cast<Expr *>(target->source_id == 0 ? list_nth(plan->custom_exprs, next++)
														   : list_nth(chained, next_chained++));

			target->states = lappend(target->states, ExecInitExpr(value, &node->ss.ps));
		}
	}
}

TupleTableSlot *
execute(CustomScanState *node)
{
	return ExecScan(&node->ss, access_row, recheck_row);
}

void
end(CustomScanState *node)
{
	auto *state = reinterpret_cast<LookaheadState *>(node);

	if (state->row != nullptr)
	{
		ExecDropSingleTupleTableSlot(state->row);
	}
	for (int i = 0; i < state->target_count; i++)
	{
		if (state->targets[i].found != nullptr)
		{
			ExecDropSingleTupleTableSlot(state->targets[i].found);
		}
	}
	ExecEndNode(state->child);
}

void
rescan(CustomScanState *node)
{
	auto *state = reinterpret_cast<LookaheadState *>(node);

	if (state->opened && state->driver == nullptr)
	{
		restart(state);
	}
	rescan_child(&node->ss.ps, state->child);
}

const CustomExecMethods lookahead_exec_methods = {"Remote Lookahead",
												  begin,
												  execute,
												  end,
												  rescan,
												  nullptr,
												  nullptr,
												  nullptr,
												  nullptr,
												  nullptr,
												  nullptr,
												  nullptr,
												  explain_lookahead};

Node *
create_state(CustomScan *)
{
	auto *state = static_cast<LookaheadState *>(palloc0(sizeof(LookaheadState)));

	NodeSetTag(state, T_CustomScanState);
	state->css.methods = &lookahead_exec_methods;
	return reinterpret_cast<Node *>(state);
}

}    // namespace

const CustomScanMethods lookahead_scan_methods = {"Remote Lookahead", create_state};

}    // namespace gql::pg
