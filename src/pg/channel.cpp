// Where do look-ups by key meet what was already asked for?

#include "pg/channel.hpp"

#include "pg/channel_batch.hpp"
#include "pg/errors.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// Channels of all statements in progress; few at a time. Each takes itself out when it goes.
Channel *channels = nullptr;

void
unlink_channel(void *arg)
{
	Channel **link = &channels;

	while (*link != arg)
	{
		link = &(*link)->next;
	}
	*link = (*link)->next;
}

ChannelBatch *
gathering_batch(Channel *channel)
{
	if (channel->gathering == nullptr)
	{
		MemoryContext context = AllocSetContextCreate(
			channel->fetch->context, "graphql_fdw look-up batch", ALLOCSET_START_SMALL_SIZES);
		auto *batch =
			static_cast<ChannelBatch *>(MemoryContextAllocZero(context, sizeof(ChannelBatch)));

		batch->context = context;
		batch->capacity = 8;
		batch->entries = static_cast<ChannelEntry **>(
			MemoryContextAlloc(context, sizeof(ChannelEntry *) * batch->capacity));
		batch->needed_until = channel_needed_never;
		channel->gathering = batch;
	}
	return channel->gathering;
}

void
add_to_batch(ChannelBatch *batch, ChannelEntry *entry)
{
	if (batch->count == batch->capacity)
	{
		batch->capacity *= 2;
		batch->entries = static_cast<ChannelEntry **>(
			repalloc(batch->entries, sizeof(ChannelEntry *) * batch->capacity));
	}
	batch->entries[batch->count++] = entry;
}

[[noreturn]] void
raise_duplicate(Channel *channel, ChannelEntry *entry)
{
	Fetch *fetch = channel->fetch;

	fetch_read(fetch, &entry->rows->row, entry->key.values, channel->values, channel->nulls);
	fetch_raise_duplicate(fetch, channel->values, channel->nulls);
}

HeapTuple
form_tuple(const Channel *channel, ChannelBatch *batch)
{
	MemoryContext before = MemoryContextSwitchTo(batch->context);
	HeapTuple tuple = heap_form_tuple(channel->fetch->desc, channel->values, channel->nulls);

	MemoryContextSwitchTo(before);
	return tuple;
}

}    // namespace

Channel *
channel_open(EState *estate, int id, Fetch *fetch)
{
	auto *channel = static_cast<Channel *>(MemoryContextAllocZero(fetch->context, sizeof(Channel)));
	auto *callback = static_cast<MemoryContextCallback *>(
		MemoryContextAllocZero(fetch->context, sizeof(MemoryContextCallback)));

	channel->estate = estate;
	channel->id = id;
	channel->fetch = fetch;
	channel->keys = key_table_make(sizeof(ChannelEntry), fetch->context);
	channel->values = static_cast<Datum *>(
		MemoryContextAlloc(fetch->context, sizeof(Datum) * Max(fetch->desc->natts, 1)));
	channel->nulls = static_cast<bool *>(
		MemoryContextAlloc(fetch->context, sizeof(bool) * Max(fetch->desc->natts, 1)));
	callback->func = unlink_channel;
	callback->arg = channel;
	channel->next = channels;
	channels = channel;
	MemoryContextRegisterResetCallback(fetch->context, callback);
	return channel;
}

Channel *
channel_find(EState *estate, int id)
{
	for (Channel *channel = channels; channel != nullptr; channel = channel->next)
	{
		if (channel->estate == estate && channel->id == id)
		{
			return channel;
		}
	}
	return nullptr;
}

Fetch *
channel_fetch(Channel *channel)
{
	return channel->fetch;
}

bool
channel_want(Channel *channel, Datum *key, int64 needed_until)
{
	Fetch *fetch = channel->fetch;
	bool found;

	if (!fetch_admits(fetch))
	{
		return false;
	}
	auto *entry =
		static_cast<ChannelEntry *>(key_table_enter(channel->keys, fetch->key_type, key, &found));

	if (!found)
	{
		// Nothing may fail between entering the key and giving it values of its own.
		entry->batch = nullptr;
		ChannelBatch *batch = gathering_batch(channel);

		entry->key.values = key_copy(fetch->key_type, key, batch->context);
		entry->batch = batch;
		entry->request = nullptr;
		entry->rows = entry->last = nullptr;
		entry->row_count = 0;
		entry->failed = false;
		batch->ahead = batch->ahead || needed_until != channel_needed_never;
		add_to_batch(batch, entry);
	}
	entry->batch->needed_until = Max(entry->batch->needed_until, needed_until);
	return !found;
}

void
channel_release(Channel *channel, int64 batch)
{
	channel->released = batch;
}

ChannelEntry *
channel_demand(Channel *channel, Datum *key)
{
	Fetch *fetch = channel->fetch;
	auto *entry = static_cast<ChannelEntry *>(key_table_find(channel->keys, fetch->key_type, key));

	if (entry == nullptr)
	{
		fetch->counters.missed++;
		channel_want(channel, key, channel_needed_never);
		entry = static_cast<ChannelEntry *>(key_table_find(channel->keys, fetch->key_type, key));
	}
	else if (entry->batch->ahead)
	{
		fetch->counters.prefetched++;
	}
	channel->current = entry->batch;
	if (entry->request == nullptr)
	{
		channel_send(channel);
	}
	if (!entry->request->absorbed)
	{
		absorb(channel, entry->batch, entry->request);
	}
	if (entry->request->failure != nullptr)
	{
		raise(*entry->request->failure);
	}
	if (fetch->unique && entry->row_count > 1)
	{
		raise_duplicate(channel, entry);
	}
	return entry;
}

ChannelEntry *
channel_peek(Channel *channel, Datum *key)
{
	auto *entry =
		static_cast<ChannelEntry *>(key_table_find(channel->keys, channel->fetch->key_type, key));

	if (entry == nullptr || entry->request == nullptr)
	{
		return nullptr;
	}
	if (!entry->request->absorbed)
	{
		absorb(channel, entry->batch, entry->request);
	}
	return entry->request->failure == nullptr ? entry : nullptr;
}

HeapTuple
channel_tuple(Channel *channel, ChannelEntry *entry, ChannelRow *row)
{
	if (row->tuple == nullptr)
	{
		Fetch *fetch = channel->fetch;

		fetch_read(fetch, &row->row, entry->key.values, channel->values, channel->nulls);
		if (!fetch_matches(fetch, entry->key.values, channel->values, channel->nulls))
		{
			return nullptr;
		}
		row->tuple = form_tuple(channel, entry->batch);
		entry->batch->memory += row->tuple->t_len;
		channel->memory += row->tuple->t_len;
	}
	return row->tuple;
}

HeapTuple
channel_failed_tuple(Channel *channel, ChannelEntry *entry)
{
	Fetch *fetch = channel->fetch;

	fetch_read_failed(fetch, entry->request->reply, entry->key.values, channel->values,
					  channel->nulls);
	return form_tuple(channel, entry->batch);
}

}    // namespace gql::pg
