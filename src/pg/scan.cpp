// How does a foreign scan run?
//
// Two ways. Where the arguments hold for the whole statement, answers are read row by row as the
// executor pulls, page after page. Where they come from other tables, or are lists of keys, rows
// come out of a channel.

#include "pg/scan.hpp"

#include "pg/handler.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

bool
has_list(const Fetch *fetch)
{
	for (int i = 0; i < fetch->bound_count; i++)
	{
		if (fetch->lists[i])
		{
			return true;
		}
	}
	return false;
}

// Pages of one set of arguments.
void
start_stream(ForeignScanState *node, Scan *scan)
{
	keys_start(scan->cursor, node->ss.ps.ps_ExprContext);
	scan->stream = {};
	scan->stream.ended = true;
	fetch_forget_filter(scan->fetch);
	if (keys_next(scan->cursor, scan->key) && fetch_admits(scan->fetch))
	{
		stream_start(&scan->stream, scan->fetch, scan->key, scan->round, node->ss.ps.async_capable);
	}
}

// All distinct keys of this round's lists.
Datum **
collect_keys(Scan *scan, int *count)
{
	Fetch *fetch = scan->fetch;
	KeyTable *distinct = key_table_make(sizeof(KeyRef), scan->round);
	int capacity = 64;
	auto **keys = static_cast<Datum **>(palloc(sizeof(Datum *) * capacity));

	*count = 0;
	while (keys_next(scan->cursor, scan->key))
	{
		bool found;
		auto *entry =
			static_cast<KeyRef *>(key_table_enter(distinct, fetch->key_type, scan->key, &found));

		if (found)
		{
			continue;
		}
		entry->values = key_copy(fetch->key_type, scan->key, scan->round);
		if (*count == capacity)
		{
			capacity *= 2;
			keys = static_cast<Datum **>(repalloc_huge(keys, sizeof(Datum *) * capacity));
		}
		keys[(*count)++] = entry->values;
	}
	return keys;
}

void
start_look_ups(ForeignScanState *node, Scan *scan)
{
	Datum **keys = &scan->key;
	int count;

	keys_start(scan->cursor, node->ss.ps.ps_ExprContext);
	if (scan->has_list)
	{
		keys = collect_keys(scan, &count);
	}
	else
	{
		count = keys_next(scan->cursor, scan->key) ? 1 : 0;
	}
	look_ups_start(&scan->look_ups, keys, nullptr, fetch_admits(scan->fetch) ? count : 0);
}

// Conditions that the plan took for the API's alone.
bool
passes_filter(ForeignScanState *node, TupleTableSlot *slot)
{
	ExprContext *econtext = node->ss.ps.ps_ExprContext;

	econtext->ecxt_scantuple = slot;
	return ExecQual(node->fdw_recheck_quals, econtext);
}

}    // namespace

void
graphqlBeginForeignScan(ForeignScanState *node, int)
{
	auto *plan = castNode(ForeignScan, node->ss.ps.plan);
	auto *scan = static_cast<Scan *>(palloc0(sizeof(Scan)));
	int channel = plan_int(plan, scan_private_channel);

	scan->fetch = fetch_open(node);
	List *keys = list_truncate(list_copy(plan->fdw_exprs), scan->fetch->bound_count);

	scan->cursor = keys_make(scan->fetch, ExecInitExprList(keys, &node->ss.ps));
	scan->key = static_cast<Datum *>(palloc0(sizeof(Datum) * Max(scan->fetch->bound_count, 1)));
	scan->has_list = has_list(scan->fetch);
	scan->round = AllocSetContextCreate(scan->fetch->context, "graphql_fdw scan round",
										ALLOCSET_DEFAULT_SIZES);
	scan->look_ups.fed = channel > 0;
	// Whether a parent has rows shows when its last page has come.
	const JoinedTable *join = scan->fetch->join;
	bool waits = join != nullptr && join->terms.outer && join->pages_rows &&
				 scan->fetch->list_pages == nullptr;

	if (channel > 0 || scan->has_list || waits)
	{
		scan->look_ups.channel = channel_open(node->ss.ps.state, channel, scan->fetch);
	}
	MemoryContext before = MemoryContextSwitchTo(scan->fetch->context);

	scan->guard = order_guard_open(scan->fetch->order, scan->fetch->options, scan->fetch->relation);
	scan->aggregates = aggregate_scan_open(node, scan->fetch);
	MemoryContextSwitchTo(before);
	node->fdw_state = scan;
}

TupleTableSlot *
graphqlIterateForeignScan(ForeignScanState *node)
{
	auto *scan = static_cast<Scan *>(node->fdw_state);
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	ExecClearTuple(slot);
	if (scan->aggregates != nullptr)
	{
		return next_aggregates(node, scan, slot);
	}
	if (!scan->started)
	{
		if (scan->fetch->missing != nullptr)
		{
			fetch_raise_missing(scan->fetch, scan->fetch->missing);
		}
		MemoryContext before = MemoryContextSwitchTo(scan->round);

		if (scan->look_ups.channel != nullptr)
		{
			start_look_ups(node, scan);
		}
		else
		{
			start_stream(node, scan);
		}
		MemoryContextSwitchTo(before);
		scan->started = true;
		order_guard_restart(scan->guard);
	}
	for (;;)
	{
		slot = scan->look_ups.channel != nullptr ? look_ups_next(&scan->look_ups, slot)
												 : stream_next(&scan->stream, slot);
		if (scan->guard != nullptr && !TupIsNull(slot))
		{
			order_guard_check(scan->guard, slot);
		}
		if (TupIsNull(slot) || !scan->fetch->filter->recheck || passes_filter(node, slot))
		{
			return slot;
		}
		ExecClearTuple(slot);
		ResetExprContext(node->ss.ps.ps_ExprContext);
	}
}

void
graphqlReScanForeignScan(ForeignScanState *node)
{
	auto *scan = static_cast<Scan *>(node->fdw_state);

	MemoryContextReset(scan->round);    // also what is still on its way
	scan->started = false;
}

void
graphqlEndForeignScan(ForeignScanState *node)
{
	auto *scan = static_cast<Scan *>(node->fdw_state);

	if (scan != nullptr)
	{
		MemoryContextDelete(scan->fetch->context);
		node->fdw_state = nullptr;
	}
}

}    // namespace gql::pg
