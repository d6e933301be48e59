// How are keys gathered, sent together, and dropped when nobody needs them any more?

#include "pg/channel_batch.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

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

	for (const ChannelRequest *request = batch->requests; request != nullptr;
		 request = request->next)
	{
		size += request->memory;
	}
	return size;
}

void
forget_keys(Channel *channel, ChannelBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		if (batch->entries[i] != nullptr)
		{
			key_table_remove(channel->keys, &batch->entries[i]->key);
		}
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

// Of keys whose lists go on, one that goes on with them.
Pager *
make_pager(const Fetch *fetch, const ChannelBatch *batch, ChannelEntry **entries, int count)
{
	if (entries[0]->start == nullptr)
	{
		return fetch_pager(fetch, count, batch->context);
	}
	auto *starts = static_cast<const PageStart **>(palloc(sizeof(PageStart *) * count));

	for (int i = 0; i < count; i++)
	{
		starts[i] = entries[i]->start;
	}
	return fetch_pager_at(fetch, starts, count, batch->context);
}

}    // namespace

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
gather_key(Channel *channel, ChannelEntry *entry, const Datum *key)
{
	ChannelBatch *batch = gathering_batch(channel);

	entry->key.values = key_copy(channel->fetch->key_type, key, batch->context);
	entry->batch = batch;
	add_to_batch(batch, entry);
}

ChannelRequest *
start_request(Channel *channel, ChannelBatch *batch, ChannelEntry **entries, int count,
			  bool aliases)
{
	const Fetch *fetch = channel->fetch;
	auto *request = static_cast<ChannelRequest *>(palloc0(sizeof(ChannelRequest)));
	auto *keys = static_cast<Datum **>(palloc(sizeof(Datum *) * count));

	request->entries = entries;
	request->count = count;
	for (int i = 0; i < count; i++)
	{
		keys[i] = entries[i]->key.values;
	}
	request->aliases =
		aliases || (fetch->method == Method::array && !limits_take_arrays(fetch_limits(fetch)));
	request->pager = make_pager(fetch, batch, entries, count);
	request->transfer =
		fetch_start(channel->fetch, keys, count, request->pager, batch->context, request->aliases);
	request->next = batch->requests;
	batch->requests = request;
	for (int i = 0; i < count; i++)
	{
		entries[i]->request = request;
		entries[i]->answered = false;
	}
	pfree(keys);
	return request;
}

void
weigh(Channel *channel, ChannelBatch *batch)
{
	channel->memory -= batch->memory;
	batch->memory = batch_memory(batch);
	channel->memory += batch->memory;
}

int
channel_batch_keys(const Channel *channel)
{
	const Fetch *fetch = channel->fetch;
	int most = fetch->options->server.key_batch_size;

	if (fetch->endpoint == nullptr || fetch->method == Method::single)
	{
		return most;
	}
	return most - most % static_cast<int>(limits_room(fetch_limits(fetch)));
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
	fetch_connect(fetch);

	MemoryContext before = MemoryContextSwitchTo(batch->context);

	if (fetch->method == Method::list && fetch->bound_count > 1)
	{
		group_entries(fetch, batch);
	}
	channel->gathering = nullptr;
	append_batch(channel, batch);
	for (int from = 0; from < batch->count;)
	{
		int most = fetch->method == Method::single
					   ? 1
					   : static_cast<int>(limits_next(fetch_limits(fetch), batch->count - from));
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
