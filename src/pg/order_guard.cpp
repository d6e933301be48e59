// Do rows come in the order that the planner was promised?
//
// Merge joins and grouping make wrong results of rows that do not, without a word. What an API
// calls its order is only as good as its database's collation and its idea of null.

#include "pg/order_guard.hpp"

#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// One column rows are ordered by.
struct GuardedColumn
{
	SortSupportData sort;
	int16 length;
	bool by_value;
	Datum value;    // of the row that came last
	bool isnull;
};

struct OrderGuard
{
	MemoryContext context;
	const char *relation;
	int count;
	GuardedColumn *columns;
	bool started;
};

namespace
{

void
keep(OrderGuard *guard, GuardedColumn *column, Datum value, bool isnull)
{
	if (guard->started && !column->isnull && !column->by_value)
	{
		pfree(DatumGetPointer(column->value));
	}
	column->isnull = isnull;
	if (!isnull)
	{
		MemoryContext before = MemoryContextSwitchTo(guard->context);

		column->value = datumCopy(value, column->by_value, column->length);
		MemoryContextSwitchTo(before);
	}
}

}    // namespace

OrderGuard *
order_guard_open(List *order, const TableOptions *options, const char *relation)
{
	auto *sent = static_cast<List *>(list_nth(order, order_private_sent));
	auto *operators = static_cast<List *>(list_nth(order, order_private_operators));
	auto *nulls_first = static_cast<List *>(list_nth(order, order_private_nulls_first));

	if (operators == NIL)
	{
		return nullptr;
	}
	auto *guard = static_cast<OrderGuard *>(palloc0(sizeof(OrderGuard)));

	guard->context = CurrentMemoryContext;
	guard->relation = relation;
	guard->count = list_length(operators);
	guard->columns = static_cast<GuardedColumn *>(palloc0(sizeof(GuardedColumn) * guard->count));
	for (int i = 0; i < guard->count; i++)
	{
		GuardedColumn *column = &guard->columns[i];
		int index = list_nth_int(sent, 3 * i);

		column->sort.ssup_cxt = guard->context;
		column->sort.ssup_collation = options->collations[index];
		column->sort.ssup_nulls_first = list_nth_int(nulls_first, i) != 0;
		column->sort.ssup_attno = options->attnums[index];
		PrepareSortSupportFromOrderingOp(list_nth_oid(operators, i), &column->sort);
		get_typlenbyval(options->types[index], &column->length, &column->by_value);
	}
	return guard;
}

void
order_guard_restart(OrderGuard *guard)
{
	if (guard != nullptr)
	{
		for (int i = 0; i < guard->count; i++)
		{
			keep(guard, &guard->columns[i], 0, true);
		}
		guard->started = false;
	}
}

void
order_guard_check(OrderGuard *guard, TupleTableSlot *slot)
{
	int order = 0;

	for (int i = 0; i < guard->count; i++)
	{
		GuardedColumn *column = &guard->columns[i];
		bool isnull;
		Datum value = slot_getattr(slot, column->sort.ssup_attno, &isnull);

		if (guard->started && order == 0)
		{
			order =
				ApplySortComparator(column->value, column->isnull, value, isnull, &column->sort);
		}
		if (order > 0)
		{
			const char *name = NameStr(
				TupleDescAttr(slot->tts_tupleDescriptor, column->sort.ssup_attno - 1)->attname);

			ereport(ERROR,
					(errcode(ERRCODE_FDW_UNABLE_TO_CREATE_REPLY),
					 errmsg("rows of foreign table \"%s\" do not come in the order asked for",
							guard->relation),
					 errdetail("The API orders by \"%s\" in another way than PostgreSQL.", name),
					 errhint("Take column \"%s\" out of the table's option order.", name)));
		}
		keep(guard, column, value, isnull);
	}
	guard->started = true;
}

}    // namespace gql::pg
