// How does a scan run that has the API compute aggregates?
//
// What the API tells is held to what SQL knows: where nothing is counted there is no sum, and where
// something is there must be one.

#include "pg/aggregate_scan.hpp"

#include "core/door/aggregates.hpp"

#include "pg/errors.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"
#include "pg/scan.hpp"

namespace gql::pg
{

// One thing that the API tells, of all objects that tell it.
struct Told
{
	AggregateFunction function;
	int column;
	Oid type;    // of a minimum or maximum
	Oid collation;
	Reader *reader;    // nullptr: a number of rows or values
	FmgrInfo *compare;
	int64 count;
	Datum value;
	bool isnull;
};

struct AggregateScan
{
	Told *told;
	int told_count;
	List *made;    // as in scan_private_made
};

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

// "sum of column "price" of foreign table "orders""
const char *
told_name(const Fetch *fetch, const Told *told)
{
	const char *function = told->function == AggregateFunction::sum   ? "sum"
						   : told->function == AggregateFunction::min ? "minimum"
																	  : "maximum";

	return psprintf(
		"%s of column \"%s\" of foreign table \"%s\"", function,
		get_attname(fetch->options->relation_id, fetch->options->attnums[told->column], false),
		fetch->relation);
}

[[noreturn]] void
raise_untold(const Fetch *fetch, const Told *told, const char *detail)
{
	std::string_view field = query_field(fetch->query);

	ereport(ERROR, (errcode(ERRCODE_FDW_INCONSISTENT_DESCRIPTOR_INFORMATION),
					errmsg("field \"%.*s\" does not tell the %s", static_cast<int>(field.size()),
						   field.data(), told_name(fetch, told)),
					errdetail("%s", detail),
					errhint("Without the table's option aggregates, it is computed here.")));
}

// Raises where it is none.
int64
read_count(const Fetch *fetch, const Value *value)
{
	if (value->kind != Kind::number && value->kind != Kind::string)
	{
		raise_uncounted(fetch);
	}
	int64 count = 0;

	if (value->text.empty())
	{
		raise_uncounted(fetch);
	}
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

// Sums are numeric until the end; those of integers have no digits behind the point, also where an
// API writes some.
Datum
whole_sum(const Fetch *fetch, const Told *told, Datum sum)
{
	Datum whole = DirectFunctionCall2(numeric_trunc, sum, Int32GetDatum(0));

	if (!DatumGetBool(DirectFunctionCall2(numeric_eq, sum, whole)))
	{
		raise_untold(fetch, told, "The sum of whole numbers is a whole number.");
	}
	return whole;
}

void
add_value(Told *told, Datum value)
{
	if (told->isnull)
	{
		told->value = value;
		told->isnull = false;
	}
	else if (told->function == AggregateFunction::sum)
	{
		told->value = DirectFunctionCall2(numeric_add, told->value, value);
	}
	else
	{
		int32 order =
			DatumGetInt32(FunctionCall2Coll(told->compare, told->collation, value, told->value));

		if (told->function == AggregateFunction::min ? order < 0 : order > 0)
		{
			told->value = value;
		}
	}
}

struct Reading
{
	const Fetch *fetch;
	const Told *told;
};

void
add_reading_context(void *arg)
{
	auto *reading = static_cast<Reading *>(arg);

	errcontext("%s", told_name(reading->fetch, reading->told));
}

void
add_told(const Fetch *fetch, Told *told, const Value *value)
{
	bool isnull;

	if (told->reader == nullptr)
	{
		if (pg_add_s64_overflow(told->count, read_count(fetch, value), &told->count))
		{
			raise_uncounted(fetch);
		}
		return;
	}
	Reading reading = {fetch, told};
	ErrorContextCallback context = {error_context_stack, add_reading_context, &reading};

	error_context_stack = &context;
	Datum datum = read_value(told->reader, *value, &isnull);

	error_context_stack = context.previous;
	if (!isnull && told->function == AggregateFunction::sum && told->type != NUMERICOID)
	{
		datum = whole_sum(fetch, told, datum);
	}
	if (!isnull)
	{
		add_value(told, datum);
	}
}

void
ask(Fetch *fetch, AggregateScan *aggregates, Datum *key, MemoryContext context)
{
	Transfer *transfer = fetch_start(fetch, &key, 1, nullptr, context);
	Error err;
	// A number that could not be had is no number, whatever on_error says of rows.
	Reply *reply =
		fetch_finish(fetch, transfer, 1, nullptr, OnError::error, Lifetime::row, context, &err);
	Row row;

	if (reply == nullptr)
	{
		raise(err);
	}
	while (fetch_next(fetch, reply, &row))
	{
		for (int i = 0; i < aggregates->told_count; i++)
		{
			add_told(fetch, &aggregates->told[i], &row.values[i]);
		}
	}
	// Null in place of an object around the rows as well is no rows.
	if (reply_nulls(reply, 0) > 0 && !table_access(fetch->table, 0)->own)
	{
		raise_uncounted(fetch);
	}
}

// What a target of the plan is made of.
Datum
make_value(const Fetch *fetch, const AggregateScan *aggregates, int target, Oid type, bool *isnull)
{
	auto made = static_cast<Made>(list_nth_int(aggregates->made, 3 * target));
	const Told *told = &aggregates->told[list_nth_int(aggregates->made, 3 * target + 1)];
	int counted = list_nth_int(aggregates->made, 3 * target + 2);
	int64 count = counted < 0 ? -1 : aggregates->told[counted].count;

	*isnull = made != Made::count && (count == 0 || (count < 0 && told->isnull));
	if (*isnull)
	{
		return 0;
	}
	if (made == Made::count)
	{
		return Int64GetDatum(told->count);
	}
	if (told->isnull)
	{
		raise_untold(fetch, told, "It is null, and there are values.");
	}
	if (made == Made::average)
	{
		return DirectFunctionCall2(numeric_div, told->value,
								   NumericGetDatum(int64_to_numeric(count)));
	}
	return made == Made::sum && type == INT8OID ? DirectFunctionCall1(numeric_int8, told->value)
												: told->value;
}

}    // namespace

AggregateScan *
aggregate_scan_open(const ForeignScanState *node, const Fetch *fetch)
{
	auto *plan = castNode(ForeignScan, node->ss.ps.plan);
	const TableOptions *options = fetch->options;

	if (fetch->told_count == 0)
	{
		return nullptr;
	}
	auto *aggregates = static_cast<AggregateScan *>(palloc0(sizeof(AggregateScan)));

	aggregates->made = plan_list(plan, scan_private_made);
	aggregates->told_count = fetch->told_count;
	aggregates->told = static_cast<Told *>(palloc0(sizeof(Told) * fetch->told_count));
	for (int i = 0; i < fetch->told_count; i++)
	{
		Told *told = &aggregates->told[i];
		Aggregate wanted = plan_aggregate(plan, i);

		told->function = wanted.function;
		told->column = wanted.column;
		if (wanted.function < AggregateFunction::sum)
		{
			continue;
		}
		int32 typmod = options->typmods[wanted.column];

		told->type = getBaseTypeAndTypmod(options->types[wanted.column], &typmod);
		told->collation = options->collations[wanted.column];
		told->reader = told->function == AggregateFunction::sum ? reader_make(NUMERICOID, -1)
																: reader_make(told->type, typmod);
		told->compare = &lookup_type_cache(told->type, TYPECACHE_CMP_PROC_FINFO)->cmp_proc_finfo;
	}
	return aggregates;
}

TupleTableSlot *
next_aggregates(ForeignScanState *node, Scan *scan, TupleTableSlot *slot)
{
	AggregateScan *aggregates = scan->aggregates;

	if (scan->started)
	{
		return slot;
	}
	scan->started = true;
	MemoryContext before = MemoryContextSwitchTo(scan->round);

	for (int i = 0; i < aggregates->told_count; i++)
	{
		aggregates->told[i].count = 0;
		aggregates->told[i].isnull = true;
	}
	keys_start(scan->cursor, node->ss.ps.ps_ExprContext);
	fetch_forget_filter(scan->fetch);
	if (keys_next(scan->cursor, scan->key) && fetch_admits(scan->fetch))
	{
		ask(scan->fetch, aggregates, scan->key, scan->round);
	}
	for (int i = 0; i < slot->tts_tupleDescriptor->natts; i++)
	{
		slot->tts_values[i] =
			make_value(scan->fetch, aggregates, i,
					   TupleDescAttr(slot->tts_tupleDescriptor, i)->atttypid, &slot->tts_isnull[i]);
	}
	MemoryContextSwitchTo(before);
	return ExecStoreVirtualTuple(slot);
}

}    // namespace gql::pg
