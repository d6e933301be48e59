// How does the look-ahead run?
//
// Outer rows are gathered into batches. A batch is complete when the keys it brought fill a
// request, or when its rows have taken their share of work_mem; never after a count of rows, so
// that the number of requests does not depend on the order of the rows. Up to `concurrency` batches
// are on their way while the oldest is handed on. Where the plan may stop early, batches begin
// small and grow, one at a time.
//
// Keys of chained targets come from rows that other targets' answers hold. A batch is followed, for
// one target after the other in the order of the chain, before its first row is handed on.

#include "pg/lookahead.hpp"

#include "pg/calls.hpp"
#include "pg/channel.hpp"
#include "pg/key_cursor.hpp"
#include "pg/keys.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"
#include "pg/print.hpp"

namespace gql::pg
{

namespace
{

constexpr int growth = 4;
constexpr int rows_between_drives = 64;
constexpr int batches_of_calls = 4;    // read ahead; the server is known when it is called
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
	int channel_id;    // < 0: a call of graphql_query()
	int source_id;
	Target *source;      // whose rows make the keys; nullptr: the outer row does
	Channel *channel;    // nullptr: a call, or its scan is not part of this execution
	List *states;        // ExprState
	KeyCursor *cursor;
	Datum *key;
	int size;    // keys that fill a request
	int gathered;
	int64 gathered_since;     // batch that brought the first of them
	TupleTableSlot *found;    // a row it found, where others are chained to it
	int64 followed;           // batches up to this one have brought their keys, where chained
};

struct Lookahead
{
	CustomScanState css;    // first
	PlanState *child;
	Target *targets;
	int target_count;
	Calls *calls;           // of all targets that are calls; nullptr when there are none
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

bool
is_call(const Target *target)
{
	return target->channel_id < 0;
}

// Do rows of the child make its keys?
bool
is_fed_by_rows(const Target *target)
{
	return is_call(target) || (target->channel != nullptr && target->source == nullptr);
}

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
		state->targets[i].followed = state->filled - 1;
	}
	state->head = state->count = 0;
	state->ended = false;
	state->limit = state->first;
	state->allowed = state->first > 0 ? 1 : state->ring_size;
}

// A chained target comes behind its source.
void
open_source(Lookahead *state, Target *target)
{
	for (Target *source = state->targets; source < target; source++)
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

// All nodes have been begun by the time the first row is asked for, the look-ups among them.
void
open_targets(Lookahead *state)
{
	EState *estate = state->css.ss.ps.state;
	MemoryContext before = MemoryContextSwitchTo(estate->es_query_cxt);
	int concurrency = 1;
	int stages = 1;

	for (int i = 0; i < state->target_count; i++)
	{
		Target *target = &state->targets[i];

		if (is_call(target))
		{
			state->calls = state->calls != nullptr ? state->calls : calls_open(estate);
			target->size = calls_per_request(state->calls);
			concurrency = Max(concurrency, batches_of_calls);
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

// Calls go out together.
void
send_calls(Lookahead *state)
{
	calls_send(state->calls);
	for (int i = 0; i < state->target_count; i++)
	{
		if (is_call(&state->targets[i]))
		{
			state->targets[i].gathered = 0;
		}
	}
}

void
send(Lookahead *state, Target *target)
{
	if (target->gathered > 0 && is_call(target))
	{
		send_calls(state);
	}
	else if (target->gathered > 0)
	{
		channel_send(target->channel);
		target->gathered = 0;
		target->size = channel_batch_keys(target->channel);
	}
}

void
count_gathered(Lookahead *state, Target *target, int64 batch)
{
	if (target->gathered++ == 0)
	{
		target->gathered_since = batch;
	}
	state->keys++;
}

// Has the call of the row in `econtext` made. Behind a server that is NULL no argument is
// evaluated.
void
want_call(Lookahead *state, Target *target, int64 batch)
{
	ExprContext *econtext = state->css.ss.ps.ps_ExprContext;
	MemoryContext before = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	Datum arguments[call_arguments];
	bool nulls[call_arguments];
	int count = 0;
	ListCell *cell;

	foreach (cell, target->states)
	{
		arguments[count] =
			ExecEvalExpr(static_cast<ExprState *>(lfirst(cell)), econtext, &nulls[count]);
		if (nulls[call_server])
		{
			break;
		}
		count++;
	}
	if (count == call_arguments && calls_want(state->calls, arguments, nulls, batch))
	{
		count_gathered(state, target, batch);
	}
	target->size = calls_per_request(state->calls);
	MemoryContextSwitchTo(before);
}

// Sends what fills a request, once all calls of a row are in. True as for want_keys().
bool
send_full_calls(Lookahead *state)
{
	bool small = false;

	for (int i = 0; i < state->target_count; i++)
	{
		Target *target = &state->targets[i];

		if (is_call(target) && (target->gathered >= target->size || calls_heavy(state->calls)))
		{
			send_calls(state);
			return true;
		}
		small = small || (is_call(target) && state->limit > 0 && target->gathered >= state->limit);
	}
	return small;
}

// Has the keys looked up that the row in `econtext` makes. True when a request is full, or the
// batch as small as it is to be.
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
			count_gathered(state, target, batch);
		}
		if (target->gathered >= target->size)
		{
			send(state, target);
			full = true;
		}
	}
	MemoryContextSwitchTo(before);
	return full || (state->limit > 0 && target->gathered >= state->limit);
}

// The target on the way from the one whose keys the outer row makes to `last` that follows
// `target`.
Target *
next_in_chain(const Target *target, Target *last)
{
	while (last->source != target)
	{
		last = last->source;
	}
	return last;
}

// Has the keys of `last` looked up that the row in `econtext` leads to: by way of the rows that
// `target` finds for it, and of those that these lead to.
void
follow_row(Lookahead *state, Target *target, Target *last, int64 batch)
{
	ExprContext *econtext = state->css.ss.ps.ps_ExprContext;
	TupleTableSlot *outside = econtext->ecxt_innertuple;

	if (target == last)
	{
		want_keys(state, target, batch);
		return;
	}
	keys_start(target->cursor, econtext);
	while (keys_next(target->cursor, target->key))
	{
		ChannelEntry *entry = channel_peek(target->channel, target->key);

		for (ChannelRow *row = entry == nullptr ? nullptr : entry->rows; row != nullptr;
			 row = row->next)
		{
			HeapTuple tuple = channel_tuple(target->channel, entry, row);

			if (tuple != nullptr)
			{
				ExecStoreHeapTuple(tuple, target->found, false);
				econtext->ecxt_innertuple = target->found;
				follow_row(state, next_in_chain(target, last), last, batch);
			}
		}
	}
	econtext->ecxt_innertuple = outside;
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
			if (is_call(&state->targets[i]))
			{
				want_call(state, &state->targets[i], batch->number);
			}
			else if (is_fed_by_rows(&state->targets[i]))
			{
				full = want_keys(state, &state->targets[i], batch->number) || full;
			}
		}
		full = (state->calls != nullptr && send_full_calls(state)) || full;
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
			if ((state->targets[i].channel != nullptr || is_call(&state->targets[i])) &&
				state->limit >= state->targets[i].size)
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
	if (state->calls != nullptr)
	{
		calls_release(state->calls, batch->number + 1);
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

bool
is_sent(const Target *target, const OuterBatch *batch)
{
	return target->gathered == 0 || target->gathered_since > batch->number;
}

OuterBatch *
batch_at(Lookahead *state, int position)
{
	return &state->ring[(state->head + position) % state->ring_size];
}

// Sends keys that do not fill a request and can wait for others no longer: rows that brought them
// are to be handed on next, or there are no others.
void
send_due(Lookahead *state, Target *target)
{
	if (state->count == 0)
	{
		return;
	}
	bool complete = state->ended && (target->source == nullptr ||
									 target->followed == batch_at(state, state->count - 1)->number);

	if (complete || !is_sent(target, batch_at(state, 0)))
	{
		send(state, target);
	}
}

// Has the keys of a chained target looked up that the answers to the batch's look-ups lead to.
void
follow_batch(Lookahead *state, Target *target, OuterBatch *batch)
{
	ExprContext *econtext = state->css.ss.ps.ps_ExprContext;
	Target *first = target;

	while (first->source != nullptr)
	{
		first = first->source;
	}
	for (int i = 0; i < batch->count; i++)
	{
		MemoryContext before = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);

		ExecStoreMinimalTuple(batch->rows[i], state->row, false);
		econtext->ecxt_scantuple = show_row(state, state->row);
		follow_row(state, first, target, batch->number);
		MemoryContextSwitchTo(before);
		ResetExprContext(econtext);
	}
	target->followed = batch->number;
}

// Waits for the answers to the head's look-ups, to learn what is to be asked next. Batches behind
// it are followed as well when that is unlikely to mean a wait, so that requests are full: all but
// the newest.
void
follow(Lookahead *state, Target *target)
{
	for (int i = 0; i < state->count; i++)
	{
		OuterBatch *batch = batch_at(state, i);

		if (i > 0 && (!is_sent(target->source, batch) || (i == state->count - 1 && !state->ended)))
		{
			break;
		}
		if (target->followed < batch->number)
		{
			follow_batch(state, target, batch);
		}
	}
}

// Reads ahead as far as allowed. Keys that do not fill a request yet wait for more until the batch
// that brought them is to be handed on.
void
read_ahead(Lookahead *state)
{
	while (!state->ended && state->count < state->allowed)
	{
		OuterBatch *batch = batch_at(state, state->count);

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

		if (is_fed_by_rows(target))
		{
			send_due(state, target);
		}
	}
	for (int i = 0; i < state->target_count; i++)
	{
		Target *target = &state->targets[i];

		if (target->channel != nullptr && target->source != nullptr)
		{
			follow(state, target);
			send_due(state, target);
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
	auto *sources = static_cast<List *>(list_nth(plan->custom_private, lookahead_private_sources));
	auto *chained = static_cast<List *>(
		copy_node(static_cast<List *>(list_nth(plan->custom_private, lookahead_private_chained))));
	int next = 0;
	int next_chained = 0;

	ChangeVarNodes(reinterpret_cast<Node *>(chained), 1, INNER_VAR, 0);

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
		target->source_id = list_nth_int(sources, i);
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
	auto *state = reinterpret_cast<Lookahead *>(node);

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

// The keys of chained targets, in the words of the table whose rows make them.
List *
deparse_chained(CustomScanState *node)
{
	auto *state = reinterpret_cast<Lookahead *>(node);
	auto *plan = castNode(CustomScan, node->ss.ps.plan);
	auto *chained = static_cast<List *>(list_nth(plan->custom_private, lookahead_private_chained));
	auto *counts = static_cast<List *>(list_nth(plan->custom_private, lookahead_private_counts));
	List *keys = NIL;
	int next = 0;

	for (int i = 0; i < state->target_count; i++)
	{
		const Target *target = &state->targets[i];
		Channel *source =
			target->source_id == 0 ? nullptr : channel_find(node->ss.ps.state, target->source_id);

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

// Calls are made by no plan node that could show what they cost.
void
explain_calls(const Lookahead *state, ExplainState *es)
{
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
		auto *expr = static_cast<Node *>(lfirst(cell));

		if (!is_constant(expr))
		{
			keys = lappend(keys,
						   deparse_expression(expr, context,
											  es->verbose || list_length(es->rtable) > 1, false));
		}
	}
	keys = list_concat(keys, deparse_chained(node));
	if (keys != NIL)
	{
		ExplainPropertyList("Lookup Keys", keys, es);
	}
	if (es->analyze)
	{
		ExplainPropertyInteger("Batches", nullptr, state->batches, es);
		ExplainPropertyInteger("Keys", nullptr, state->keys, es);
		explain_calls(state, es);
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
