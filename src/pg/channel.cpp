// Where do look-ups by key meet what was already asked for?

#include "pg/channel.hpp"

#include "pg/errors.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// One HTTP request and the keys it is about.
struct ChannelRequest
{
	Transfer *transfer;
	ChannelEntry **entries;
	int count;
	Reply *reply;    // once absorbed, unless it failed
	Error *failure;
	bool absorbed;
};

// Keys gathered and sent together; the unit of memory.
struct ChannelBatch
{
	ChannelBatch *next;    // sent after this one
	MemoryContext context;
	ChannelEntry **entries;
	int count;
	int capacity;
	ChannelRequest *requests;
	int request_count;
	int64 needed_until;
	bool ahead;    // gathered by a look-ahead
};

struct Channel
{
	Channel *next;    // in `channels`
	EState *estate;
	int id;
	Fetch *fetch;
	KeyTable *keys;           // of ChannelEntry
	ChannelBatch *batches;    // sent, oldest first
	ChannelBatch *newest;
	ChannelBatch *gathering;
	ChannelBatch *current;    // holds the entry last demanded
	int64 released;           // look-ahead batches before this one are done with
};

namespace
{

constexpr int64 needed_never = -1;

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
			channel->fetch->context, "graphql_fdw look-up batch", ALLOCSET_DEFAULT_SIZES);
		auto *batch =
			static_cast<ChannelBatch *>(MemoryContextAllocZero(context, sizeof(ChannelBatch)));

		batch->context = context;
		batch->capacity = 128;
		batch->entries = static_cast<ChannelEntry **>(
			MemoryContextAlloc(context, sizeof(ChannelEntry *) * batch->capacity));
		batch->needed_until = needed_never;
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

// Do both keys agree in everything but the value that goes into the list?
bool
share_request(const Fetch *fetch, const ChannelEntry *left, const ChannelEntry *right)
{
	for (int i = 0; i < fetch->bound_count; i++)
	{
		if (i != fetch->list_at &&
			!key_column_equal(fetch->key_type, i, left->key.values[i], right->key.values[i]))
		{
			return false;
		}
	}
	return true;
}

void
start_request(Channel *channel, ChannelBatch *batch, ChannelEntry **entries, int count)
{
	ChannelRequest *request = &batch->requests[batch->request_count];
	auto *keys = static_cast<Datum **>(palloc(sizeof(Datum *) * count));

	request->entries = entries;
	request->count = count;
	for (int i = 0; i < count; i++)
	{
		keys[i] = entries[i]->key.values;
	}
	request->transfer = fetch_start(channel->fetch, keys, count, batch->context);
	batch->request_count++;
	for (int i = 0; i < count; i++)
	{
		entries[i]->request = request;
	}
	pfree(keys);
}

int
keys_per_request(const Fetch *fetch)
{
	return fetch->method == Method::single ? 1 : fetch->options->server.key_batch_size;
}

// Brings entries that can share a request next to one another.
void
group_entries(const Fetch *fetch, ChannelBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		int next = i + 1;

		for (int j = next; j < batch->count; j++)
		{
			if (share_request(fetch, batch->entries[i], batch->entries[j]))
			{
				ChannelEntry *entry = batch->entries[j];

				batch->entries[j] = batch->entries[next];
				batch->entries[next++] = entry;
			}
		}
		i = next - 1;
	}
}

Size
batch_memory(const ChannelBatch *batch)
{
	Size size = MemoryContextMemAllocated(batch->context, true);

	for (int i = 0; i < batch->request_count; i++)
	{
		if (batch->requests[i].reply != nullptr)
		{
			size += reply_memory(batch->requests[i].reply);
		}
	}
	return size;
}

void
forget_keys(Channel *channel, ChannelBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		key_table_remove(channel->keys, &batch->entries[i]->key);
	}
}

void
evict(Channel *channel)
{
	Size limit = static_cast<Size>(work_mem) * 1024;
	Size used = 0;

	for (ChannelBatch *batch = channel->batches; batch != nullptr; batch = batch->next)
	{
		used += batch_memory(batch);
	}
	ChannelBatch **link = &channel->batches;

	channel->newest = nullptr;
	while (*link != nullptr)
	{
		ChannelBatch *batch = *link;

		if (used > limit && batch != channel->current && batch->needed_until < channel->released)
		{
			used -= batch_memory(batch);
			*link = batch->next;
			forget_keys(channel, batch);
			MemoryContextDelete(batch->context);
		}
		else
		{
			channel->newest = batch;
			link = &batch->next;
		}
	}
}

void
append_batch(Channel *channel, ChannelBatch *batch)
{
	if (channel->newest == nullptr)
	{
		channel->batches = batch;
	}
	else
	{
		channel->newest->next = batch;
	}
	channel->newest = batch;
}

// The key whose row came back in a list request; nullptr for rows nobody asked for.
ChannelEntry *
find_listed_entry(Channel *channel, ChannelRequest *request, const Row *row, Datum *key)
{
	Fetch *fetch = channel->fetch;
	bool isnull;

	memcpy(key, request->entries[0]->key.values, sizeof(Datum) * fetch->bound_count);
	key[fetch->list_at] = fetch_read_bound(fetch, row, fetch->list_at, &isnull);
	if (isnull)
	{
		return nullptr;
	}
	auto *entry = static_cast<ChannelEntry *>(key_table_find(channel->keys, fetch->key_type, key));

	return entry != nullptr && entry->request == request ? entry : nullptr;
}

void
add_row(ChannelBatch *batch, ChannelEntry *entry, const Row *row)
{
	auto *item =
		static_cast<ChannelRow *>(MemoryContextAllocZero(batch->context, sizeof(ChannelRow)));

	item->row = *row;
	if (entry->last == nullptr)
	{
		entry->rows = item;
	}
	else
	{
		entry->last->next = item;
	}
	entry->last = item;
	entry->row_count++;
}

// Hands the rows of an answer to their keys.
void
distribute_rows(Channel *channel, ChannelBatch *batch, ChannelRequest *request)
{
	Fetch *fetch = channel->fetch;
	MemoryContext scratch =
		AllocSetContextCreate(CurrentMemoryContext, "graphql_fdw keys", ALLOCSET_SMALL_SIZES);
	auto *key = static_cast<Datum *>(palloc(sizeof(Datum) * Max(fetch->bound_count, 1)));
	Row row;

	while (fetch_next(fetch, request->reply, &row))
	{
		ChannelEntry *entry;

		if (fetch->method == Method::list)
		{
			MemoryContext before = MemoryContextSwitchTo(scratch);

			entry = find_listed_entry(channel, request, &row, key);
			MemoryContextSwitchTo(before);
			MemoryContextReset(scratch);
		}
		else
		{
			entry = request->entries[row.slot];
		}
		if (entry != nullptr)
		{
			add_row(batch, entry, &row);
		}
	}
	for (int i = 0; i < request->count; i++)
	{
		int slot = fetch->method == Method::list ? 0 : i;

		request->entries[i]->failed =
			request->entries[i]->row_count == 0 && reply_slot_failed(request->reply, slot);
	}
	MemoryContextDelete(scratch);
	pfree(key);
}

void
absorb(Channel *channel, ChannelBatch *batch, ChannelRequest *request)
{
	Error err;
	MemoryContext before = MemoryContextSwitchTo(batch->context);

	request->reply = fetch_finish(channel->fetch, request->transfer, request->count,
								  Lifetime::reply, batch->context, &err);
	if (request->reply == nullptr)
	{
		request->failure = static_cast<Error *>(palloc(sizeof(Error)));
		*request->failure = err;
	}
	else
	{
		distribute_rows(channel, batch, request);
	}
	request->absorbed = true;
	MemoryContextSwitchTo(before);
}

[[noreturn]] void
raise_duplicate(Fetch *fetch, ChannelEntry *entry)
{
	auto *values = static_cast<Datum *>(palloc(sizeof(Datum) * fetch->desc->natts));
	auto *nulls = static_cast<bool *>(palloc(sizeof(bool) * fetch->desc->natts));

	fetch_read(fetch, &entry->rows->row, entry->key.values, values, nulls);
	fetch_raise_duplicate(fetch, values, nulls);
}

HeapTuple
form_tuple(const Fetch *fetch, ChannelBatch *batch, Datum *values, bool *nulls)
{
	MemoryContext before = MemoryContextSwitchTo(batch->context);
	HeapTuple tuple = heap_form_tuple(fetch->desc, values, nulls);

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
		batch->ahead = batch->ahead || needed_until != needed_never;
		add_to_batch(batch, entry);
	}
	entry->batch->needed_until = Max(entry->batch->needed_until, needed_until);
	return !found;
}

void
channel_send(Channel *channel)
{
	Fetch *fetch = channel->fetch;
	ChannelBatch *batch = channel->gathering;

	if (batch == nullptr)
	{
		return;
	}
	MemoryContext before = MemoryContextSwitchTo(batch->context);
	int most = keys_per_request(fetch);

	if (fetch->method == Method::list && fetch->bound_count > 1)
	{
		group_entries(fetch, batch);
	}
	channel->gathering = nullptr;
	append_batch(channel, batch);
	batch->requests = static_cast<ChannelRequest *>(palloc0(sizeof(ChannelRequest) * batch->count));
	for (int from = 0; from < batch->count;)
	{
		int to = from + 1;

		while (to < batch->count && to - from < most &&
			   (fetch->method != Method::list ||
				share_request(fetch, batch->entries[from], batch->entries[to])))
		{
			to++;
		}
		start_request(channel, batch, &batch->entries[from], to - from);
		from = to;
	}
	MemoryContextSwitchTo(before);
	transport_drive();
	evict(channel);
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
		channel_want(channel, key, needed_never);
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
		raise_duplicate(fetch, entry);
	}
	return entry;
}

HeapTuple
channel_tuple(Channel *channel, ChannelEntry *entry, ChannelRow *row)
{
	if (row->tuple == nullptr)
	{
		Fetch *fetch = channel->fetch;
		auto *values = static_cast<Datum *>(palloc(sizeof(Datum) * fetch->desc->natts));
		auto *nulls = static_cast<bool *>(palloc(sizeof(bool) * fetch->desc->natts));

		fetch_read(fetch, &row->row, entry->key.values, values, nulls);
		if (!fetch_matches(fetch, entry->key.values, values, nulls))
		{
			return nullptr;
		}
		row->tuple = form_tuple(fetch, entry->batch, values, nulls);
	}
	return row->tuple;
}

HeapTuple
channel_failed_tuple(Channel *channel, ChannelEntry *entry)
{
	Fetch *fetch = channel->fetch;
	auto *values = static_cast<Datum *>(palloc(sizeof(Datum) * fetch->desc->natts));
	auto *nulls = static_cast<bool *>(palloc(sizeof(bool) * fetch->desc->natts));

	fetch_read_failed(fetch, entry->request->reply, entry->key.values, values, nulls);
	return form_tuple(fetch, entry->batch, values, nulls);
}

}    // namespace gql::pg
