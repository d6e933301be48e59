// How do the rows of a list of keys come, one after the other?

#include "pg/look_ups.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

const PageStart *
start_of(const LookUps *look_ups, int key)
{
	return look_ups->starts == nullptr ? nullptr : &look_ups->starts[key];
}

// Keeps as many requests of a key list in flight as the server option allows.
void
ask_ahead(LookUps *look_ups)
{
	Channel *channel = look_ups->channel;
	const ServerOptions *server = &channel_fetch(channel)->options->server;
	int64 window = static_cast<int64>(server->key_batch_size) * server->concurrency;
	int gathered = 0;

	if (look_ups->key_count <= 1)
	{
		return;
	}
	int batch = channel_batch_keys(channel);

	if (!look_ups->fed)
	{
		channel_release(channel, look_ups->passed + look_ups->next);
	}
	while (look_ups->asked < look_ups->key_count && look_ups->asked < look_ups->next + window)
	{
		channel_want(channel, look_ups->keys[look_ups->asked],
					 look_ups->fed ? channel_needed_never : look_ups->passed + look_ups->asked,
					 start_of(look_ups, look_ups->asked));
		look_ups->asked++;
		if (++gathered >= batch)
		{
			channel_send(channel);
			batch = channel_batch_keys(channel);
			gathered = 0;
		}
	}
	channel_send(channel);
}

// More rows than were thought to be enough are asked for only now.
bool
has_row(LookUps *look_ups)
{
	if (look_ups->entry == nullptr)
	{
		return false;
	}
	if (look_ups->row == nullptr && look_ups->last != nullptr &&
		channel_continue(look_ups->channel, look_ups->entry))
	{
		look_ups->row = look_ups->last->next;
	}
	return look_ups->row != nullptr;
}

void
next_key(LookUps *look_ups)
{
	const ServerOptions *server = &channel_fetch(look_ups->channel)->options->server;
	int key = look_ups->next;

	// A window's worth at a time, so that requests are full.
	if (key == look_ups->asked ||
		look_ups->asked - key <= server->key_batch_size * (server->concurrency - 1))
	{
		ask_ahead(look_ups);
	}
	look_ups->entry =
		channel_demand(look_ups->channel, look_ups->keys[key], start_of(look_ups, key));
	look_ups->row = look_ups->entry->rows;
	look_ups->last = nullptr;
	look_ups->failed_pending = look_ups->entry->failed;
	look_ups->next++;
}

// A list that was begun is gone on with among the rows of another object: nobody knows what would
// be missing.
void
check_rest(const LookUps *look_ups)
{
	if (look_ups->starts != nullptr)
	{
		const Fetch *fetch = channel_fetch(look_ups->channel);

		ereport(ERROR, (errcode(ERRCODE_FDW_UNABLE_TO_CREATE_REPLY),
						errmsg("a list of foreign table \"%s\" does not go on with its own rows",
							   fetch->relation)));
	}
}

}    // namespace

void
look_ups_start(LookUps *look_ups, Datum **keys, PageStart *starts, int key_count)
{
	look_ups->passed += look_ups->key_count;
	look_ups->keys = keys;
	look_ups->starts = starts;
	look_ups->key_count = key_count;
	look_ups->asked = look_ups->next = 0;
	look_ups->entry = nullptr;
}

TupleTableSlot *
look_ups_next(LookUps *look_ups, TupleTableSlot *slot)
{
	for (;;)
	{
		while (has_row(look_ups))
		{
			HeapTuple tuple = channel_tuple(look_ups->channel, look_ups->entry, look_ups->row);

			look_ups->last = look_ups->row;
			look_ups->row = look_ups->row->next;
			if (tuple != nullptr)
			{
				return ExecStoreHeapTuple(tuple, slot, false);
			}
			check_rest(look_ups);
		}
		if (look_ups->entry != nullptr && look_ups->failed_pending)
		{
			look_ups->failed_pending = false;
			return ExecStoreHeapTuple(channel_failed_tuple(look_ups->channel, look_ups->entry),
									  slot, false);
		}
		if (look_ups->next == look_ups->key_count)
		{
			return slot;
		}
		next_key(look_ups);
	}
}

}    // namespace gql::pg
