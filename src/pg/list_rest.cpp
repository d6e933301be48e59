// How are lists gone on with that began inside the objects of a join's scan?

#include "pg/list_rest.hpp"

#include "pg/errors.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// The value that a column of a look-up has, from the row or else from what the scan sends. False
// when it is null.
bool
find_value(const ListRest *rest, int column, const Datum *key, const Datum *values,
		   const bool *nulls, Datum *value)
{
	const Fetch *scan = rest->scan;
	int at = scan->options->attnums[column] - 1;

	for (int i = 0; i < scan->bound_count; i++)
	{
		if (scan->bound[i] == column)
		{
			*value = key[i];
			return true;
		}
	}
	*value = values[at];
	return !nulls[at];
}

void
make_room(ListRest *rest)
{
	if (rest->count < rest->capacity)
	{
		return;
	}
	rest->capacity = Max(2 * rest->capacity, 64);
	auto **keys =
		static_cast<Datum **>(MemoryContextAlloc(rest->gathered, sizeof(Datum *) * rest->capacity));
	auto *starts = static_cast<PageStart *>(
		MemoryContextAlloc(rest->gathered, sizeof(PageStart) * rest->capacity));

	if (rest->count > 0)
	{
		memcpy(keys, rest->keys, sizeof(Datum *) * rest->count);
		memcpy(starts, rest->starts, sizeof(PageStart) * rest->count);
	}
	rest->keys = keys;
	rest->starts = starts;
}

}    // namespace

ListRest *
list_rest_open(Fetch *scan, MemoryContext context)
{
	MemoryContext before = MemoryContextSwitchTo(context);
	auto *rest = static_cast<ListRest *>(palloc0(sizeof(ListRest)));
	Fetch *fetch = fetch_open_rest(scan);
	Error err;

	if (!query_take_filter(fetch->query, scan->query, err))
	{
		raise(err);
	}
	rest->scan = scan;
	rest->look_ups.channel = channel_open(nullptr, 0, fetch);
	rest->gathered =
		AllocSetContextCreate(context, "graphql_fdw unfinished lists", ALLOCSET_DEFAULT_SIZES);
	rest->list = no_page;
	MemoryContextSwitchTo(before);
	return rest;
}

void
list_rest_turn(ListRest *rest)
{
	rest->list = no_page;
}

bool
list_rest_begins(ListRest *rest, const Reply *reply, const Row *row, uint32 size)
{
	const Fetch *fetch = channel_fetch(rest->look_ups.channel);
	Error err;

	if (row->page == no_page || row->page == rest->list)
	{
		return false;
	}
	rest->list = row->page;
	bool goes_on = list_goes_on(fetch->query, reply, row->page, size,
								fetch->options->server.max_pages, rest->start, err);

	if (err.code != Code::none)
	{
		raise(err);
	}
	return goes_on;
}

void
list_rest_add(ListRest *rest, const Datum *key, const Datum *values, const bool *nulls)
{
	const Fetch *fetch = channel_fetch(rest->look_ups.channel);
	auto *own = static_cast<Datum *>(
		MemoryContextAlloc(rest->gathered, sizeof(Datum) * fetch->bound_count));

	for (int i = 0; i < fetch->bound_count; i++)
	{
		// Nothing is equal to a key that is null.
		if (!find_value(rest, fetch->bound[i], key, values, nulls, &own[i]))
		{
			return;
		}
	}
	make_room(rest);
	rest->keys[rest->count] = key_copy(fetch->key_type, own, rest->gathered);
	rest->starts[rest->count] = copy_start(&rest->start, rest->gathered);
	rest->count++;
}

bool
list_rest_is_full(const ListRest *rest)
{
	const ServerOptions *server = &channel_fetch(rest->look_ups.channel)->options->server;

	return rest->count >= static_cast<int64>(server->key_batch_size) * server->concurrency;
}

TupleTableSlot *
list_rest_next(ListRest *rest, TupleTableSlot *slot)
{
	if (!rest->reading)
	{
		look_ups_start(&rest->look_ups, rest->keys, rest->starts, rest->count);
		rest->reading = true;
	}
	slot = look_ups_next(&rest->look_ups, slot);
	if (TupIsNull(slot))
	{
		rest->reading = false;
		rest->count = rest->capacity = 0;
		MemoryContextReset(rest->gathered);
	}
	return slot;
}

}    // namespace gql::pg
