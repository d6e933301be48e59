// How does a scan read the rows of one set of arguments, page after page?
#pragma once

#include "pg/fetch.hpp"
#include "pg/list_rest.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// Holds one page of rows at a time. The next page is asked for as soon as this one tells where it
// begins, so that it is on its way while rows are handed on; never more than one.
struct Stream
{
	Fetch *fetch;
	Datum *key;
	MemoryContext context;    // everything below
	Pager *pager;             // nullptr: one request yields all rows

	bool async;      // never waits
	bool waiting;    // stream_next() would have had to, for `transfer`

	MemoryContext page;    // the page being read
	bool reading;          // rows of it may be left
	Reply *reply;
	KeyWatch *seen;    // declared keys of its rows, see fetch_watch_row()

	MemoryContext ahead;    // the page asked for; nullptr: none
	Transfer *transfer;

	ListRest *rest;       // of a join whose lists go on by themselves; else nullptr
	uint32 list_size;     // rows of each list that the page being read was asked for
	uint32 asked_size;    // and the page asked for
	int refusals;         // of that request, because lists were too large

	int64 row_count;
	int64 page_count;    // with rows of the result
	bool found;          // the row of a unique key
	bool ended;
};

// Asks for the rows of `key`, one value per bound column. Both live as long as `context`.
void stream_start(Stream *stream, Fetch *fetch, Datum *key, MemoryContext context, bool async);

// Stores the next row in `slot`, which is empty; leaves it so at the end, and when an `async`
// stream is `waiting`.
TupleTableSlot *stream_next(Stream *stream, TupleTableSlot *slot);

}    // namespace gql::pg
