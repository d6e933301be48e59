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

// The failure of a key's look-up, naming the key where it is known to be the one.
void
describe_failure(const Channel *channel, const ChannelEntry *entry, Error *err)
{
	const ChannelRequest *request = entry->request;

	if (request->failure != nullptr)
	{
		*err = *request->failure;
	}
	else
	{
		reply_error(request->reply, entry->error, *err);
	}
	if (request->count == 1 ||
		(request->reply != nullptr && answers_by_key(channel->fetch->method)))
	{
		fetch_name_key(channel->fetch, entry->key.values, err);
	}
}

// Under on_error 'error', whatever the API reported about the key.
void
raise_failure(const Channel *channel, const ChannelEntry *entry)
{
	const ErrorPolicy policy = channel->fetch->options->server.on_error;

	if (entry->request->failure != nullptr ||
		(policy == ErrorPolicy::error && entry->error != no_error))
	{
		Error err;

		describe_failure(channel, entry, &err);
		raise(err);
	}
}

// Of several rows for a key that promises one, is more than one of that very key?
void
check_unique(Channel *channel, const ChannelEntry *entry)
{
	Fetch *fetch = channel->fetch;
	int count = 0;

	for (const ChannelRow *row = entry->rows; row != nullptr; row = row->next)
	{
		if (fetch_read_keys(fetch, &row->row, entry->key.values, channel->values, channel->nulls) &&
			++count > 1)
		{
			fetch_raise_duplicate(fetch, &fetch->row_key, channel->values, channel->nulls);
		}
	}
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
channel_want(Channel *channel, Datum *key, int64 needed_until, const PageStart *start)
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
		entry->start = nullptr;
		ChannelBatch *batch = gathering_batch(channel);

		gather_key(channel, entry, key);
		if (start != nullptr)
		{
			auto *own =
				static_cast<PageStart *>(MemoryContextAlloc(batch->context, sizeof(PageStart)));

			*own = copy_start(start, batch->context);
			entry->start = own;
		}
		entry->request = nullptr;
		entry->rows = entry->last = entry->parent = nullptr;
		entry->row_count = 0;
		entry->failed = entry->lost = entry->in_doubt = false;
		entry->error = no_error;
		entry->cut_at = 0;
		batch->ahead = batch->ahead || needed_until != channel_needed_never;
	}
	entry->batch->needed_until = Max(entry->batch->needed_until, needed_until);
	return !found;
}

void
channel_release(Channel *channel, int64 batch)
{
	channel->released = batch;
}

int64
channel_released(const Channel *channel)
{
	return channel->released;
}

ChannelEntry *
channel_demand(Channel *channel, Datum *key, const PageStart *start)
{
	Fetch *fetch = channel->fetch;
	auto *entry = static_cast<ChannelEntry *>(key_table_find(channel->keys, fetch->key_type, key));

	if (entry == nullptr)
	{
		fetch->counters->missed++;
		channel_want(channel, key, channel_needed_never, start);
		entry = static_cast<ChannelEntry *>(key_table_find(channel->keys, fetch->key_type, key));
	}
	else if (entry->batch->ahead)
	{
		fetch->counters->prefetched++;
	}
	channel->current = entry->batch;
	if (entry->request == nullptr)
	{
		channel_send(channel);
	}
	settle(channel, entry);
	raise_failure(channel, entry);
	if (fetch->unique && entry->row_count > 1)
	{
		check_unique(channel, entry);
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

bool
channel_continue(Channel *channel, ChannelEntry *entry)
{
	int before = entry->row_count;

	while (entry->row_count == before && lacks_rows(channel, entry))
	{
		absorb_more(channel, entry->batch, entry->request);
		if (entry->request->failure != nullptr)
		{
			raise(*entry->request->failure);
		}
	}
	return entry->row_count > before;
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

	Error failure;

	describe_failure(channel, entry, &failure);
	fetch_read_failed(fetch, &failure, entry->key.values, channel->values, channel->nulls);
	return form_tuple(channel, entry->batch);
}

}    // namespace gql::pg
