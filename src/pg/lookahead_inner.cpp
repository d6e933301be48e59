// How are the rows of one look-ahead read by another, for many outer rows at once?
//
// In a subquery that is run for each outer row, a local table may bring the keys: look-ups for a
// few of its rows at a time are small requests, one outer row after the other. A look-ahead over
// the outer rows can run that table's scan for each of them beforehand, so that keys for many of
// them go into one request. The subquery's own look-ahead then only hands on its rows.

#include "pg/lookahead_state.hpp"
#include "pg/pass_through.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// An outer row that brings keys for more requests than this is left to the subquery's own
// look-ahead, whose memory is bounded.
constexpr int most_requests_per_row = 10;

// Of all statements in progress; few at a time. Each takes itself out when it goes.
LookaheadState *all_lookaheads = nullptr;

void
unlink_lookahead(void *arg)
{
	LookaheadState **link = &all_lookaheads;

	while (*link != arg)
	{
		link = &(*link)->next;
	}
	*link = (*link)->next;
}

List *
private_list(const LookaheadState *state, LookaheadPrivate which)
{
	return static_cast<List *>(
		list_nth(castNode(CustomScan, state->css.ss.ps.plan)->custom_private, which));
}

int
number(const LookaheadState *state)
{
	return intVal(list_nth(castNode(CustomScan, state->css.ss.ps.plan)->custom_private,
						   lookahead_private_number));
}

// Are the target's parameters, and those that stay as they are meanwhile, all that the rows of
// `inner` depend on?
bool
can_run(const LookaheadState *state, const TargetState *target, const LookaheadState *inner)
{
	const Bitmapset *needed = inner->child->plan->extParam;
	List *outside = private_list(state, lookahead_private_outside);
	bool depends = false;
	int param = -1;

	while ((param = bms_next_member(needed, param)) >= 0)
	{
		if (list_member_int(target->params, param))
		{
			depends = true;
		}
		else if (!list_member_int(outside, param))
		{
			return false;
		}
	}
	return depends && !state->in_step && !inner->in_step;
}

bool
asks_for(const LookaheadState *state, int channel)
{
	for (int i = 0; i < state->target_count; i++)
	{
		if (state->targets[i].channel_id == channel)
		{
			return true;
		}
	}
	return false;
}

// Are there other look-aheads for all that this one is for? Look-ups chained to others are asked
// for from outside, and inside once more.
bool
all_asked_elsewhere(const LookaheadState *state)
{
	int count = 0;

	for (int i = 0; i < state->target_count; i++)
	{
		const LookaheadState *other = all_lookaheads;

		while (other != nullptr &&
			   (other == state || other->css.ss.ps.state != state->css.ss.ps.state ||
				!asks_for(other, state->targets[i].channel_id)))
		{
			other = other->next;
		}
		count += other != nullptr ? 1 : 0;
	}
	return count == state->target_count;
}

int
most_keys(const LookaheadState *inner)
{
	int size = 1;

	for (int i = 0; i < inner->target_count; i++)
	{
		size = Max(size, inner->targets[i].size);
	}
	return size * most_requests_per_row;
}

// Leaves the inner look-ahead to itself.
void
release_inner(LookaheadState *state, TargetState *target)
{
	LookaheadState *inner = target->inner;

	for (int i = 0; i < inner->target_count; i++)
	{
		send_gathered(inner, &inner->targets[i]);
	}
	inner->filled = Max(inner->filled, state->filled);
	inner->driver = nullptr;
	target->inner = nullptr;
}

// Reads the inner rows for parameters that have been set. False when they are too many.
bool
feed_inner_rows(LookaheadState *inner, const Bitmapset *changed, TargetState *last, int64 batch,
				bool *full)
{
	ExprContext *econtext = inner->css.ss.ps.ps_ExprContext;
	int64 most = inner->keys + most_keys(inner);

	UpdateChangedParamSet(inner->child, const_cast<Bitmapset *>(changed));
	if (inner->child->chgParam == nullptr)
	{
		ExecReScan(inner->child);
	}
	while (last != nullptr || inner->keys < most)
	{
		CHECK_FOR_INTERRUPTS();
		TupleTableSlot *row = ExecProcNode(inner->child);

		if (TupIsNull(row))
		{
			return true;
		}
		econtext->ecxt_scantuple = hand_on_row(&inner->css.ss, row);
		if (last != nullptr)
		{
			follow_row(inner, last, batch);
		}
		else
		{
			*full = feed_row(inner, batch) || *full;
		}
		ResetExprContext(econtext);
	}
	return false;
}

}    // namespace

void
note_lookahead(LookaheadState *state)
{
	MemoryContext context = state->css.ss.ps.state->es_query_cxt;
	auto *callback = static_cast<MemoryContextCallback *>(
		MemoryContextAllocZero(context, sizeof(MemoryContextCallback)));

	callback->func = unlink_lookahead;
	callback->arg = state;
	state->next = all_lookaheads;
	all_lookaheads = state;
	MemoryContextRegisterResetCallback(context, callback);
}

LookaheadState *
find_inner(const LookaheadState *state, const TargetState *target)
{
	for (LookaheadState *inner = all_lookaheads; inner != nullptr; inner = inner->next)
	{
		if (target->params != NIL && inner->css.ss.ps.state == state->css.ss.ps.state &&
			number(inner) == target->channel_id && can_run(state, target, inner))
		{
			return inner;
		}
	}
	return nullptr;
}

bool
has_driver(const LookaheadState *state)
{
	for (const LookaheadState *other = all_lookaheads; other != nullptr; other = other->next)
	{
		for (int i = 0; i < other->target_count; i++)
		{
			const TargetState *target = &other->targets[i];

			if (target->params != NIL && find_inner(other, target) == state)
			{
				return !other->opened || target->inner == state;
			}
		}
	}
	return false;
}

bool
begins_anew(const LookaheadState *state)
{
	const Bitmapset *needed = state->child->plan->extParam;
	List *staying = private_list(state, lookahead_private_staying);
	List *types = state->css.ss.ps.state->es_plannedstmt->paramExecTypes;
	int param = -1;

	if (has_driver(state) || all_asked_elsewhere(state))
	{
		return false;
	}
	while ((param = bms_next_member(needed, param)) >= 0)
	{
		// Those without a type are no values: they stand for work tables and for rows checked
		// again.
		if (OidIsValid(list_nth_oid(types, param)) && !list_member_int(staying, param))
		{
			return true;
		}
	}
	return false;
}

void
open_inner(LookaheadState *state, TargetState *target)
{
	LookaheadState *inner = find_inner(state, target);

	if (inner == nullptr || inner->driver != nullptr)
	{
		return;
	}
	if (!inner->opened)
	{
		open_targets(inner);
	}
	inner->driver = state;
	target->inner = inner;
}

// Whoever reads the inner rows next sets the parameters anew.
bool
feed_inner(LookaheadState *state, TargetState *target, TargetState *last, int64 batch)
{
	LookaheadState *inner = target->inner;
	ExprContext *econtext = state->css.ss.ps.ps_ExprContext;
	ParamExecData *params = state->css.ss.ps.state->es_param_exec_vals;
	int64 keys_before = inner->keys;
	Bitmapset *changed = nullptr;
	bool full = false;
	bool isnull;
	ListCell *cell;

	if (!DatumGetBool(ExecEvalExprSwitchContext(static_cast<ExprState *>(linitial(target->states)),
												econtext, &isnull)) ||
		isnull)
	{
		return false;
	}
	foreach (cell, target->params)
	{
		ParamExecData *param = &params[lfirst_int(cell)];
		auto *value =
			static_cast<ExprState *>(list_nth(target->states, foreach_current_index(cell) + 1));

		param->execPlan = nullptr;
		param->value = ExecEvalExprSwitchContext(value, econtext, &param->isnull);
		changed = bms_add_member(changed, lfirst_int(cell));
	}
	inner->limit = state->limit;
	if (!feed_inner_rows(inner, changed, last, batch, &full))
	{
		release_inner(state, target);
	}
	bms_free(changed);
	state->keys += inner->keys - keys_before;
	inner->keys = keys_before;
	return full;
}

}    // namespace gql::pg
