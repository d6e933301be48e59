// How does a scan run that has the API count its rows?

#include "pg/count_scan.hpp"

#include "pg/errors.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

[[noreturn]] void
raise_uncounted(const Fetch *fetch)
{
	std::string_view field = query_field(fetch->query);

	ereport(ERROR, (errcode(ERRCODE_FDW_INCONSISTENT_DESCRIPTOR_INFORMATION),
					errmsg("field \"%.*s\" does not tell how many rows foreign table \"%s\" has",
						   static_cast<int>(field.size()), field.data(), fetch->relation),
					errhint("Without the table's option count, rows are counted here.")));
}

// The number of rows that an answer tells of; there are several answers where a list is on the way.
int64
read_count(const Fetch *fetch, const Value *value)
{
	if (value->kind != Kind::number && value->kind != Kind::string)
	{
		raise_uncounted(fetch);
	}
	int64 count = 0;

	for (char digit : value->text)
	{
		if (digit < '0' || digit > '9' || pg_mul_s64_overflow(count, 10, &count) ||
			pg_add_s64_overflow(count, digit - '0', &count))
		{
			raise_uncounted(fetch);
		}
	}
	return count;
}

int64
ask_for_count(Fetch *fetch, Datum *key, MemoryContext context)
{
	Transfer *transfer = fetch_start(fetch, &key, 1, nullptr, context);
	Error err;
	// A number that could not be had is no number, whatever on_error says of rows.
	Reply *reply =
		fetch_finish(fetch, transfer, 1, nullptr, OnError::error, Lifetime::row, context, &err);
	int64 total = 0;
	Row row;

	if (reply == nullptr)
	{
		raise(err);
	}
	while (fetch_next(fetch, reply, &row))
	{
		if (pg_add_s64_overflow(total, read_count(fetch, &row.values[0]), &total))
		{
			raise_uncounted(fetch);
		}
	}
	return total;
}

}    // namespace

TupleTableSlot *
next_count(ForeignScanState *node, Scan *scan, TupleTableSlot *slot)
{
	int64 count = 0;

	if (scan->started)
	{
		return slot;
	}
	scan->started = true;
	MemoryContext before = MemoryContextSwitchTo(scan->round);

	keys_start(scan->cursor, node->ss.ps.ps_ExprContext);
	fetch_forget_filter(scan->fetch);
	if (keys_next(scan->cursor, scan->key) && fetch_admits(scan->fetch))
	{
		count = ask_for_count(scan->fetch, scan->key, scan->round);
	}
	MemoryContextSwitchTo(before);
	for (int i = 0; i < slot->tts_tupleDescriptor->natts; i++)
	{
		slot->tts_values[i] = Int64GetDatum(count);
		slot->tts_isnull[i] = false;
	}
	return ExecStoreVirtualTuple(slot);
}

}    // namespace gql::pg
