// How are gathered keys sent, answers handed to their keys, and old ones dropped?

#include "pg/channel_batch.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

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
	request->pager = fetch_pager(channel->fetch, count, batch->context);
	request->transfer = fetch_start(channel->fetch, keys, count, request->pager, batch->context);
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
		size += batch->requests[i].memory;
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

// Drops the oldest batches that nobody needs any more until the others fit into work_mem.
void
evict(Channel *channel)
{
	Size limit = static_cast<Size>(work_mem) * 1024;
	ChannelBatch **link = &channel->batches;
	ChannelBatch *kept = nullptr;

	while (*link != nullptr && channel->memory > limit)
	{
		ChannelBatch *batch = *link;

		if (batch == channel->current || batch->needed_until >= channel->released)
		{
			kept = batch;
			link = &batch->next;
			continue;
		}
		channel->memory -= batch->memory;
		channel->newest = batch == channel->newest ? kept : channel->newest;
		*link = batch->next;
		forget_keys(channel, batch);
		MemoryContextDelete(batch->context);
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
	key[fetch->list_at] = fetch_read_list_key(fetch, row, &isnull);
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

// Which key a slot of the answer is about: a page may be asked for some of them only.
size_t
entry_index(const ChannelRequest *request, size_t slot)
{
	return request->pager == nullptr ? slot : pager_request(request->pager)->keys[slot];
}

// What distributing the rows of one answer needs beside them.
struct Distribution
{
	MemoryContext context;    // while the answer is read
	MemoryContext scratch;    // while a row is read
	Datum *key;
	KeyTable *seen;    // where more than the keys asked for must be unique
};

void
start_distribution(const Fetch *fetch, Distribution *work)
{
	work->context =
		AllocSetContextCreate(CurrentMemoryContext, "graphql_fdw answer", ALLOCSET_SMALL_SIZES);
	work->scratch =
		AllocSetContextCreate(work->context, "graphql_fdw answer row", ALLOCSET_SMALL_SIZES);
	work->key = static_cast<Datum *>(
		MemoryContextAlloc(work->context, sizeof(Datum) * Max(fetch->bound_count, 1)));
	work->seen = fetch->unique ? nullptr : fetch_watch_keys(fetch, work->context);
}

void
distribute_row(Channel *channel, ChannelBatch *batch, ChannelRequest *request, const Row *row,
			   Distribution *work)
{
	Fetch *fetch = channel->fetch;
	ChannelEntry *entry = fetch->method == Method::list
							  ? find_listed_entry(channel, request, row, work->key)
							  : request->entries[entry_index(request, row->slot)];

	if (entry == nullptr || (request->pager != nullptr && !pager_keeps(request->pager, row->slot)))
	{
		return;
	}
	add_row(batch, entry, row);
	if (work->seen != nullptr)
	{
		fetch_read_declared_key(fetch, row, entry->key.values, channel->values, channel->nulls);
		fetch_watch_row(fetch, work->seen, channel->values, channel->nulls, work->context);
	}
}

// Hands the rows of an answer to their keys.
void
distribute_rows(Channel *channel, ChannelBatch *batch, ChannelRequest *request, Reply *reply)
{
	Distribution work;
	Row row;

	start_distribution(channel->fetch, &work);
	while (fetch_next(channel->fetch, reply, &row))
	{
		MemoryContext before = MemoryContextSwitchTo(work.scratch);

		distribute_row(channel, batch, request, &row, &work);
		MemoryContextSwitchTo(before);
		MemoryContextReset(work.scratch);
	}
	MemoryContextDelete(work.context);
}

// Of the first page: behind it, failures are errors.
void
note_failures(const Fetch *fetch, ChannelRequest *request)
{
	for (int i = 0; i < request->count; i++)
	{
		int slot = fetch->method == Method::list ? 0 : i;

		request->entries[i]->failed =
			request->entries[i]->row_count == 0 && reply_slot_failed(request->reply, slot);
	}
}

// Has a list of unique keys brought a row for each of them? Then there are no more, whatever the
// API says of the next page.
bool
has_every_row(const Fetch *fetch, const ChannelRequest *request)
{
	if (!fetch->unique || fetch->method != Method::list)
	{
		return false;
	}
	for (int i = 0; i < request->count; i++)
	{
		if (request->entries[i]->row_count == 0)
		{
			return false;
		}
	}
	return true;
}

// Asks for the page that the pager is at. Its transfer lives in a context of its own.
MemoryContext
start_page(Channel *channel, ChannelBatch *batch, ChannelRequest *request)
{
	const PageRequest *page = pager_request(request->pager);
	MemoryContext context =
		AllocSetContextCreate(batch->context, "graphql_fdw look-up page", ALLOCSET_SMALL_SIZES);
	bool all = channel->fetch->method == Method::list;
	int count = all ? request->count : static_cast<int>(page->count);
	auto *keys = static_cast<Datum **>(MemoryContextAlloc(context, sizeof(Datum *) * count));

	for (int i = 0; i < count; i++)
	{
		keys[i] = request->entries[all ? i : page->keys[i]]->key.values;
	}
	request->transfer = fetch_start(channel->fetch, keys, count, request->pager, context);
	return context;
}

// Opens the answer that the request is waiting for. False when all has come, or has failed.
bool
absorb_page(Channel *channel, ChannelBatch *batch, ChannelRequest *request, Error *err)
{
	Fetch *fetch = channel->fetch;
	int count = request->pager == nullptr || fetch->method == Method::list
					? request->count
					: static_cast<int>(pager_request(request->pager)->count);
	Reply *reply =
		fetch_finish(fetch, request->transfer, count, Lifetime::reply, batch->context, err);

	if (reply == nullptr)
	{
		return false;
	}
	distribute_rows(channel, batch, request, reply);
	request->memory += reply_memory(reply);
	if (request->reply == nullptr)
	{
		request->reply = reply;
		note_failures(fetch, request);
	}
	return request->pager != nullptr && !has_every_row(fetch, request) &&
		   pager_turn(request->pager, reply, *err) && pager_request(request->pager) != nullptr;
}

// Counts the memory a batch has come to; tuples made of its rows later are counted one by one.
void
weigh(Channel *channel, ChannelBatch *batch)
{
	channel->memory -= batch->memory;
	batch->memory = batch_memory(batch);
	channel->memory += batch->memory;
}

}    // namespace

void
absorb(Channel *channel, ChannelBatch *batch, ChannelRequest *request)
{
	Error err;
	MemoryContext before = MemoryContextSwitchTo(batch->context);

	for (bool more = absorb_page(channel, batch, request, &err); more;)
	{
		MemoryContext page = start_page(channel, batch, request);

		more = absorb_page(channel, batch, request, &err);
		MemoryContextDelete(page);
	}
	if (err.code != Code::none)
	{
		request->failure = static_cast<Error *>(palloc(sizeof(Error)));
		*request->failure = err;
	}
	request->absorbed = true;
	MemoryContextSwitchTo(before);
	weigh(channel, batch);
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
	weigh(channel, batch);
	evict(channel);
}

}    // namespace gql::pg
