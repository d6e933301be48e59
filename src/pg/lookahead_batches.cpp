// How are outer rows read ahead?
//
// Keys of chained targets come from rows that other targets' answers hold. A batch is followed, for
// one target after the other in the order of the chain, before its first row is handed on.

#include "pg/lookahead_state.hpp"

#include "core/door/transport.hpp"

#include "pg/pass_through.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

constexpr int growth = 4;
constexpr int rows_between_drives = 64;
constexpr Size least_batch_memory = 64 * 1024;    // an empty memory context takes 8 kB already

OuterBatch *
batch_at(LookaheadState *state, int position)
{
	return &state->ring[(state->head + position) % state->ring_size];
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

// Is a batch of so many keys as large as it is to get?
bool
is_full_size(const LookaheadState *state, int keys)
{
	for (int i = 0; i < state->target_count; i++)
	{
		const TargetState *target = &state->targets[i];

		if (target->inner != nullptr
				? is_full_size(target->inner, keys)
				: (target->channel != nullptr || is_call(target)) && keys >= target->size)
		{
			return true;
		}
	}
	return false;
}

// Reads outer rows until the batch is complete or they end.
void
fill_batch(LookaheadState *state, OuterBatch *batch)
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
		econtext->ecxt_scantuple = hand_on_row(&state->css.ss, row);
		full = feed_row(state, batch->number);
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
		state->limit = is_full_size(state, state->limit * growth) ? 0 : state->limit * growth;
	}
}

bool
is_sent(const TargetState *target, const OuterBatch *batch)
{
	return target->gathered == 0 || target->gathered_since > batch->number;
}

// Sends keys that do not fill a request and can wait for others no longer: rows that brought them
// are to be handed on next, or there are no others.
// `owner`: the look-ahead that the target is of.
void
send_due(LookaheadState *state, LookaheadState *owner, TargetState *target)
{
	if (state->count == 0)
	{
		return;
	}
	bool complete = state->ended && (target->source == nullptr ||
									 target->followed == batch_at(state, state->count - 1)->number);

	if (complete || !is_sent(target, batch_at(state, 0)))
	{
		send_gathered(owner, target);
	}
}

// The same for all targets of `owner` whose keys are made of rows: of its own, or of `owner`'s that
// they lead to.
void
send_all_due(LookaheadState *state, LookaheadState *owner)
{
	for (int i = 0; i < owner->target_count; i++)
	{
		TargetState *target = &owner->targets[i];

		if (target->inner != nullptr)
		{
			send_all_due(state, target->inner);
		}
		else if (is_fed_by_rows(target))
		{
			send_due(state, owner, target);
		}
	}
}

// What only batches before this one needed may go.
void
release_before(LookaheadState *state, int64 batch)
{
	for (int i = 0; i < state->target_count; i++)
	{
		if (state->targets[i].channel != nullptr)
		{
			channel_release(state->targets[i].channel, batch);
		}
		else if (state->targets[i].inner != nullptr)
		{
			release_before(state->targets[i].inner, batch);
		}
	}
	if (state->calls != nullptr)
	{
		calls_release(state->calls, batch);
	}
}

// Has the keys of a chained target looked up that the answers to the batch's look-ups lead to.
void
follow_batch(LookaheadState *state, TargetState *target, OuterBatch *batch)
{
	ExprContext *econtext = state->css.ss.ps.ps_ExprContext;

	for (int i = 0; i < batch->count; i++)
	{
		MemoryContext before = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);

		ExecStoreMinimalTuple(batch->rows[i], state->row, false);
		econtext->ecxt_scantuple = hand_on_row(&state->css.ss, state->row);
		follow_row(state, target, batch->number);
		MemoryContextSwitchTo(before);
		ResetExprContext(econtext);
	}
	target->followed = batch->number;
}

// Waits for the answers to the head's look-ups, to learn what is to be asked next. Batches behind
// it are followed as well when that is unlikely to mean a wait, so that requests are full: all but
// the newest.
void
follow(LookaheadState *state, TargetState *target)
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

// The same for all chained targets of `owner`, and of what it reads rows for.
void
follow_all(LookaheadState *state, LookaheadState *owner)
{
	for (int i = 0; i < owner->target_count; i++)
	{
		TargetState *target = &owner->targets[i];

		if (target->inner != nullptr)
		{
			follow_all(state, target->inner);
		}
		else if (target->channel != nullptr && target->source != nullptr)
		{
			follow(state, target);
			send_due(state, owner, target);
		}
	}
}

}    // namespace

// Keys that do not fill a request yet wait for more until the batch
// that brought them is to be handed on.
void
read_ahead(LookaheadState *state)
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
	send_all_due(state, state);
	follow_all(state, state);
}

void
finish_head(LookaheadState *state)
{
	OuterBatch *batch = &state->ring[state->head];

	release_before(state, batch->number + 1);
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

}    // namespace gql::pg
