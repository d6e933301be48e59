// How does ANALYZE get a sample of a foreign table, and its number of rows?
//
// Through a cursor over the whole table: it reads what every scan reads, page after page, with the
// credentials of the table's owner. An API has no rows at random, so all of them come and a
// reservoir keeps the sample; the number of rows is exact.

#include "pg/handler.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

namespace
{

constexpr long rows_per_fetch = 100;

// The rows chosen so far, each with the same chance (algorithm Z, as ANALYZE of tables).
struct Reservoir
{
	HeapTuple *rows;
	int capacity;
	int count;
	double seen;
	double skip;    // rows to pass over before the next one is taken; < 0: not drawn yet
	ReservoirStateData state;
};

// Where a row of that turn goes, or -1.
int
reservoir_place(Reservoir *reservoir)
{
	if (reservoir->count < reservoir->capacity)
	{
		return reservoir->count++;
	}
	if (reservoir->skip < 0)
	{
		reservoir->skip =
			reservoir_get_next_S(&reservoir->state, reservoir->seen, reservoir->capacity);
	}
	reservoir->skip -= 1;
	return reservoir->skip >= 0
			   ? -1
			   : static_cast<int>(reservoir->capacity *
								  sampler_random_fract(&reservoir->state.randstate));
}

bool
is_sampled(Form_pg_attribute attribute)
{
	return !attribute->attisdropped && attribute->attgenerated != ATTRIBUTE_GENERATED_VIRTUAL;
}

const char *
make_query(Relation relation)
{
	TupleDesc desc = RelationGetDescr(relation);
	const char *separator = "";
	StringInfoData query;

	initStringInfo(&query);
	appendStringInfoString(&query, "SELECT ");
	for (int i = 0; i < desc->natts; i++)
	{
		if (is_sampled(TupleDescAttr(desc, i)))
		{
			appendStringInfo(&query, "%s%s", separator,
							 quote_identifier(NameStr(TupleDescAttr(desc, i)->attname)));
			separator = ", ";
		}
	}
	appendStringInfo(&query, " FROM ONLY %s",
					 quote_qualified_identifier(get_namespace_name(RelationGetNamespace(relation)),
												RelationGetRelationName(relation)));
	return query.data;
}

// A row of the query as one of the table.
HeapTuple
make_row(Relation relation, HeapTuple tuple, TupleDesc from, MemoryContext context)
{
	TupleDesc desc = RelationGetDescr(relation);
	auto *values = static_cast<Datum *>(palloc0(sizeof(Datum) * Max(desc->natts, 1)));
	auto *nulls = static_cast<bool *>(palloc0(sizeof(bool) * Max(desc->natts, 1)));
	int column = 0;

	for (int i = 0; i < desc->natts; i++)
	{
		nulls[i] = true;
		if (is_sampled(TupleDescAttr(desc, i)))
		{
			values[i] = SPI_getbinval(tuple, from, ++column, &nulls[i]);
		}
	}
	MemoryContext before = MemoryContextSwitchTo(context);
	HeapTuple row = heap_form_tuple(desc, values, nulls);

	MemoryContextSwitchTo(before);
	pfree(values);
	pfree(nulls);
	return row;
}

void
sample(Relation relation, Reservoir *reservoir, MemoryContext context)
{
	SPIPlanPtr plan = SPI_prepare(make_query(relation), 0, nullptr);
	Portal portal = SPI_cursor_open(nullptr, plan, nullptr, nullptr, true);

	for (;;)
	{
		SPI_cursor_fetch(portal, true, rows_per_fetch);
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			bool full = reservoir->count == reservoir->capacity;
			int place = reservoir_place(reservoir);

			reservoir->seen += 1;
			if (place < 0)
			{
				continue;
			}
			if (full)
			{
				heap_freetuple(reservoir->rows[place]);
				reservoir->skip = -1;
			}
			reservoir->rows[place] =
				make_row(relation, SPI_tuptable->vals[i], SPI_tuptable->tupdesc, context);
		}
		bool more = SPI_processed > 0;

		SPI_freetuptable(SPI_tuptable);
		if (!more)
		{
			break;
		}
		CHECK_FOR_INTERRUPTS();
	}
	SPI_cursor_close(portal);
}

int
acquire_rows(Relation relation, int level, HeapTuple *rows, int capacity, double *total,
			 double *dead)
{
	MemoryContext context = CurrentMemoryContext;
	Reservoir reservoir = {rows, capacity, 0, 0, -1, {}};

	reservoir_init_selection_state(&reservoir.state, capacity);
	SPI_connect();
	sample(relation, &reservoir, context);
	SPI_finish();
	*total = reservoir.seen;
	*dead = 0;
	ereport(level, (errmsg("\"%s\": table contains %.0f rows, %d rows in sample",
						   RelationGetRelationName(relation), reservoir.seen, reservoir.count)));
	return reservoir.count;
}

// The argument that a scan of the whole table would leave open, or nullptr.
const char *
open_argument(const TableOptions *options)
{
	RemoteTable *table = own<table_close>(CurrentMemoryContext, [&](Error &err)
										  { return table_open(options->spec, err); });
	const Access *access = table_access(table, table_access_count(table) - 1);

	for (size_t i = 0; i < access->argument_count; i++)
	{
		if (access->arguments[i].need == Need::required)
		{
			return argument_name(options, access->arguments[i].column);
		}
	}
	return nullptr;
}

}    // namespace

bool
graphqlAnalyzeForeignTable(Relation relation, AcquireSampleRowsFunc *acquire, BlockNumber *pages)
{
	const char *open = open_argument(table_options(RelationGetRelid(relation)));
	double width = get_relation_data_width(RelationGetRelid(relation), nullptr) +
				   MAXALIGN(SizeofHeapTupleHeader);

	if (open != nullptr)
	{
		ereport(WARNING,
				(errmsg("foreign table \"%s\" cannot be scanned without a value for argument "
						"\"%s\"",
						RelationGetRelationName(relation), open)));
		return false;
	}
	// Wanted before the rows are read: what the planner has believed so far. Decides how a sample
	// of a partitioned table is shared among its partitions, and nothing else.
	*pages = static_cast<BlockNumber>(
		Max(ceil(tuples_or_default(relation->rd_rel->reltuples) * width / BLCKSZ), 1));
	*acquire = acquire_rows;
	return true;
}

}    // namespace gql::pg
