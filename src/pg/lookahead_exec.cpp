// How does the look-ahead run?
//
// Outer rows are gathered into batches. A batch is complete when the keys it brought fill a
// request, or when its rows have taken their share of work_mem; never after a count of rows, so
// that the number of requests does not depend on the order of the rows. Up to `concurrency` batches
// are on their way while the oldest is handed on. Where the plan may stop early, batches begin
// small and grow, one at a time.

#include "pg/lookahead.hpp"

#include "pg/channel.hpp"
#include "pg/key_cursor.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

constexpr int growth = 4;
constexpr int rows_between_drives = 64;
constexpr Size least_batch_memory = 64 * 1024;    // an empty memory context takes 8 kB already

struct OuterBatch
{
	MemoryContext context;
	MinimalTuple *rows;
	int count;
	int capacity;
	int next;    // to hand on
	int64 number;
};

struct Target
{
	int channel_id;
	Channel *channel;    // nullptr: its scan is not part of this execution
	List *states;        // ExprState
	KeyCursor *cursor;
	Datum *key;
	int size;    // keys that fill a request
	int gathered;
	int64 gathered_since;    // batch that brought the first of them
};

struct Lookahead
{
	CustomScanState css;    // first
	PlanState *child;
	Target *targets;
	int target_count;
	TupleTableSlot *row;    // a buffered row
	OuterBatch *ring;       // queue of batches
	int ring_size;
	int head;
	int count;
	int allowed;    // batches on their way at once
	int first;      // keys of the first batch; 0: full batches at once
	int limit;      // keys of the next batch
	bool ended;
	bool opened;      // channels are known
	int64 filled;     // batches of rows so far
	int64 batches;    // those that brought keys
	int64 keys;
};

// PostgreSQL 15 gives custom scans a slot for virtual tuples only.
TupleTableSlot *
show_row(Lookahead *state, TupleTableSlot *source)
{
	TupleTableSlot *slot = state->css.ss.ss_ScanTupleSlot;
	int count = slot->tts_tupleDescriptor->natts;

	ExecClearTuple(slot);
	slot_getallattrs(source);
	memcpy(slot->tts_values, source->tts_values, sizeof(Datum) * count);
	memcpy(slot->tts_isnull, source->tts_isnull, sizeof(bool) * count);
	return ExecStoreVirtualTuple(slot);
}

void
restart(Lookahead *state)
{
	for (int i = 0; i < state->ring_size; i++)
	{
		OuterBatch *batch = &state->ring[i];

		MemoryContextReset(batch->context);
		batch->rows = nullptr;
		batch->count = batch->capacity = batch->next = 0;
	}
	for (int i = 0; i < state->target_count; i++)
	{
		state->targets[i].gathered = 0;
	}
	state->head = state->count = 0;
	state->ended = false;
	state->limit = state->first;
	state->allowed = state->first > 0 ? 1 : state->ring_size;
}

// All nodes have been begun by the time the first row is asked for, the look-ups among them.
void
open_targets(Lookahead *state)
{
	EState *estate = state->css.ss.ps.state;
	MemoryContext before = MemoryContextSwitchTo(estate->es_query_cxt);
	int concurrency = 1;

	for (int i = 0; i < state->target_count; i++)
	{
		Target *target = &state->targets[i];

		target->channel = channel_find(estate, target->channel_id);
		if (target->channel != nullptr)
		{
			Fetch *fetch = channel_fetch(target->channel);

			target->cursor = keys_make(fetch, target->states);
			target->size = channel_batch_keys(target->channel);
			concurrency = Max(concurrency, fetch->options->server.concurrency);
		}
	}
	state->ring_size = concurrency;
	state->ring = static_cast<OuterBatch *>(palloc0(sizeof(OuterBatch) * concurrency));
	for (int i = 0; i < concurrency; i++)
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

void
send(Target *target)
{
	if (target->gathered > 0)
	{
		channel_send(target->channel);
		target->gathered = 0;
		target->size = channel_batch_keys(target->channel);
	}
}

// Has the keys of one row looked up. True when a request is full, or the batch as small as it is to
// be.
bool
want_keys(Lookahead *state, Target *target, int64 batch)
{
	ExprContext *econtext = state->css.ss.ps.ps_ExprContext;
	MemoryContext before = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	bool full = false;

	keys_start(target->cursor, econtext);
	while (keys_next(target->cursor, target->key))
	{
		if (channel_want(target->channel, target->key, batch))
		{
			if (target->gathered++ == 0)
			{
				target->gathered_since = batch;
			}
			state->keys++;
		}
		if (target->gathered >= target->size)
		{
			send(target);
			full = true;
		}
	}
	MemoryContextSwitchTo(before);
	return full || (state->limit > 0 && target->gathered >= state->limit);
}

void
buffer_row(OuterBatch *batch, TupleTableSlot *slot)
{
	MemoryContext before = MemoryContextSwitchTo(batch->context);

	if (batch->rows == nullptr)
	{
		batch->capacity = 64;
		batch->rows = static_cast<MinimalTuple *>(palloc(sizeof(MinimalTuple) * batch->capacity));
	}
	else if (batch->count == batch->capacity)
	{
		batch->capacity *= 2;
		batch->rows = static_cast<MinimalTuple *>(
			repalloc_huge(batch->rows, sizeof(MinimalTuple) * batch->capacity));
	}
	batch->rows[batch->count++] = ExecCopySlotMinimalTuple(slot);
	MemoryContextSwitchTo(before);
}

// Reads outer rows until the batch is complete or they end.
void
fill_batch(Lookahead *state, OuterBatch *batch)
{
	ExprContext *econtext = state->css.ss.ps.ps_ExprContext;
	Size memory = Max(static_cast<Size>(work_mem) * 1024 / state->ring_size, least_batch_memory);
	int64 keys_before = state->keys;
	bool full = false;

	batch->number = state->filled++;
	while (!full && MemoryContextMemAllocated(batch->context, false) < memory)
	{
		TupleTableSlot *row = ExecProcNode(state->child);

		if (TupIsNull(row))
		{
			state->ended = true;
			break;
		}
		econtext->ecxt_scantuple = show_row(state, row);
		for (int i = 0; i < state->target_count; i++)
		{
			if (state->targets[i].channel != nullptr)
			{
				full = want_keys(state, &state->targets[i], batch->number) || full;
			}
		}
		ResetExprContext(econtext);
		buffer_row(batch, row);
		if (batch->count % rows_between_drives == 0)
		{
			transport_drive();
		}
	}
	if (state->keys > keys_before)
	{
		state->batches++;
	}
	if (state->limit > 0)
	{
		state->limit *= growth;
		for (int i = 0; i < state->target_count; i++)
		{
			if (state->targets[i].channel != nullptr && state->limit >= state->targets[i].size)
			{
				state->limit = 0;
			}
		}
	}
}

void
finish_head(Lookahead *state)
{
	OuterBatch *batch = &state->ring[state->head];

	for (int i = 0; i < state->target_count; i++)
	{
		if (state->targets[i].channel != nullptr)
		{
			channel_release(state->targets[i].channel, batch->number + 1);
		}
	}
	MemoryContextReset(batch->context);
	batch->rows = nullptr;
	batch->count = batch->next = 0;
	state->head = (state->head + 1) % state->ring_size;
	state->count--;
	if (state->limit == 0)
	{
		state->allowed = Min(state->ring_size, state->allowed + 1);
	}
}

// Reads ahead as far as allowed. Keys that do not fill a request yet wait for more until the batch
// that brought them is to be handed on.
void
read_ahead(Lookahead *state)
{
	while (!state->ended && state->count < state->allowed)
	{
		OuterBatch *batch = &state->ring[(state->head + state->count) % state->ring_size];

		fill_batch(state, batch);
		if (batch->count == 0)
		{
			break;
		}
		state->count++;
	}
	for (int i = 0; i < state->target_count; i++)
	{
		Target *target = &state->targets[i];

		if (state->ended || target->gathered_since <= state->ring[state->head].number)
		{
			send(target);
		}
	}
}

TupleTableSlot *
access_row(ScanState *node)
{
	auto *state = reinterpret_cast<Lookahead *>(node);

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
				return show_row(state, state->row);
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
	auto *state = reinterpret_cast<Lookahead *>(node);
	TupleTableSlot *row = ExecProcNode(state->child);

	if (TupIsNull(row))
	{
		return false;
	}
	show_row(state, row);
	return true;
}

void
begin(CustomScanState *node, EState *estate, int flags)
{
	auto *state = reinterpret_cast<Lookahead *>(node);
	auto *plan = castNode(CustomScan, node->ss.ps.plan);
	auto *channels =
		static_cast<List *>(list_nth(plan->custom_private, lookahead_private_channels));
	auto *counts = static_cast<List *>(list_nth(plan->custom_private, lookahead_private_counts));
	int next = 0;

	state->child = ExecInitNode(static_cast<Plan *>(linitial(plan->custom_plans)), estate, flags);
	node->custom_ps = list_make1(state->child);
	state->first = intVal(list_nth(plan->custom_private, lookahead_private_first));
	state->target_count = list_length(channels);
	state->targets = static_cast<Target *>(palloc0(sizeof(Target) * state->target_count));
	for (int i = 0; i < state->target_count; i++)
	{
		Target *target = &state->targets[i];
		int count = list_nth_int(counts, i);

		target->channel_id = list_nth_int(channels, i);
		target->key = static_cast<Datum *>(palloc0(sizeof(Datum) * count));
		for (int j = 0; j < count; j++)
		{
			auto *value = static_cast<Expr *>(list_nth(plan->custom_exprs, next++));

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
	auto *state = reinterpret_cast<Lookahead *>(node);

	if (state->row != nullptr)
	{
		ExecDropSingleTupleTableSlot(state->row);
	}
	ExecEndNode(state->child);
}

void
rescan(CustomScanState *node)
{
	auto *state = reinterpret_cast<Lookahead *>(node);

	if (state->opened)
	{
		restart(state);
	}
	if (node->ss.ps.chgParam != nullptr)
	{
		UpdateChangedParamSet(state->child, node->ss.ps.chgParam);
	}
	if (state->child->chgParam == nullptr)
	{
		ExecReScan(state->child);
	}
}

void
explain(CustomScanState *node, List *ancestors, ExplainState *es)
{
	auto *state = reinterpret_cast<Lookahead *>(node);
	auto *plan = castNode(CustomScan, node->ss.ps.plan);
	List *context = set_deparse_context_plan(es->deparse_cxt, node->ss.ps.plan, ancestors);
	List *keys = NIL;
	ListCell *cell;

	foreach (cell, plan->custom_exprs)
	{
		keys = lappend(keys, deparse_expression(static_cast<Node *>(lfirst(cell)), context,
												es->verbose || list_length(es->rtable) > 1, false));
	}
	ExplainPropertyList("Lookup Keys", keys, es);
	if (es->analyze)
	{
		ExplainPropertyInteger("Batches", nullptr, state->batches, es);
		ExplainPropertyInteger("Keys", nullptr, state->keys, es);
	}
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
												  explain};

Node *
create_state(CustomScan *)
{
	auto *state = static_cast<Lookahead *>(palloc0(sizeof(Lookahead)));

	NodeSetTag(state, T_CustomScanState);
	state->css.methods = &lookahead_exec_methods;
	return reinterpret_cast<Node *>(state);
}

}    // namespace

const CustomScanMethods lookahead_scan_methods = {"Remote Lookahead", create_state};

}    // namespace gql::pg
