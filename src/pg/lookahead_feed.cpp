// Which look-ups and calls does a row bring, and when are they sent?
//
// Keys of chained targets come from rows that other targets' answers hold.

#include "pg/lookahead_state.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// Calls go out together.
void
send_calls(LookaheadState *state)
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
count_gathered(LookaheadState *state, TargetState *target, int64 batch)
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
want_call(LookaheadState *state, TargetState *target, int64 batch)
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
send_full_calls(LookaheadState *state)
{
	bool small = false;

	for (int i = 0; i < state->target_count; i++)
	{
		TargetState *target = &state->targets[i];

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
want_keys(LookaheadState *state, TargetState *target, int64 batch)
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
			send_gathered(state, target);
			full = true;
		}
	}
	MemoryContextSwitchTo(before);
	return full || (state->limit > 0 && target->gathered >= state->limit);
}

// The target on the way from the one whose keys the outer row makes to `last` that follows
// `target`.
TargetState *
next_in_chain(const TargetState *target, TargetState *last)
{
	while (last->source != target)
	{
		last = last->source;
	}
	return last;
}

// By way of the rows that `target` finds for the row, and of those that these lead to.
void
follow_chain(LookaheadState *state, TargetState *target, TargetState *last, int64 batch)
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
				follow_chain(state, next_in_chain(target, last), last, batch);
			}
		}
	}
	econtext->ecxt_innertuple = outside;
}

}    // namespace

bool
is_call(const TargetState *target)
{
	return target->channel_id < 0;
}

bool
is_fed_by_rows(const TargetState *target)
{
	return is_call(target) || (target->channel != nullptr && target->source == nullptr);
}

void
send_gathered(LookaheadState *state, TargetState *target)
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

bool
feed_row(LookaheadState *state, int64 batch)
{
	bool full = false;

	for (int i = 0; i < state->target_count; i++)
	{
		TargetState *target = &state->targets[i];

		if (is_call(target))
		{
			want_call(state, target, batch);
		}
		else if (target->inner != nullptr)
		{
			full = feed_inner(state, target, nullptr, batch) || full;
		}
		else if (is_fed_by_rows(target))
		{
			full = want_keys(state, target, batch) || full;
		}
	}
	return (state->calls != nullptr && send_full_calls(state)) || full;
}

void
follow_row(LookaheadState *state, TargetState *last, int64 batch)
{
	TargetState *first = last;

	if (last >= state->targets && last < state->targets + state->target_count)
	{
		while (first->source != nullptr)
		{
			first = first->source;
		}
		follow_chain(state, first, last, batch);
		return;
	}
	for (int i = 0; i < state->target_count; i++)
	{
		if (state->targets[i].inner != nullptr)
		{
			feed_inner(state, &state->targets[i], last, batch);
		}
	}
}

}    // namespace gql::pg
