// How do the rows of an answer get to their keys?

#include "pg/channel_batch.hpp"

#include "pg/errors.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

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
	bool errors;       // some may be inside rows
	KeyWatch *seen;    // where more than the keys asked for must be unique
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

// Of a list request the rows tell whose page it is, where keys have pages of their own.
void
place_page(const ChannelRequest *request, uint32_t page, const ChannelEntry *entry)
{
	size_t key = 0;
	Error err;

	while (key < static_cast<size_t>(request->count) && request->entries[key] != entry)
	{
		key++;
	}
	if (!pager_place(request->pager, page,
					 key == static_cast<size_t>(request->count) ? pager_no_key : key, err))
	{
		raise(err);
	}
}

// A parent without rows in this answer: perhaps it has some on other pages.
void
note_parent(Channel *channel, ChannelBatch *batch, ChannelEntry *entry, const Row *row,
			const Distribution *work)
{
	Fetch *fetch = channel->fetch;

	if (entry->parent == nullptr)
	{
		entry->parent =
			static_cast<ChannelRow *>(MemoryContextAllocZero(batch->context, sizeof(ChannelRow)));
		entry->parent->row = *row;
	}
	if (work->seen != nullptr &&
		fetch_read_keys(fetch, row, entry->key.values, channel->values, channel->nulls))
	{
		fetch_watch_row(fetch, work->seen, row, channel->values, channel->nulls, work->context);
	}
}

// Once all pages have come: parents without rows, also on pages before, are rows themselves.
void
add_parents(const ChannelRequest *request)
{
	for (int i = 0; i < request->count; i++)
	{
		ChannelEntry *entry = request->entries[i];

		bool begun = entry->start != nullptr && entry->start->rows > 0;

		if (entry->parent != nullptr && entry->row_count == 0 && !begun)
		{
			entry->rows = entry->last = entry->parent;
			entry->row_count = 1;
		}
	}
}

void
distribute_row(Channel *channel, ChannelBatch *batch, ChannelRequest *request, Reply *reply,
			   const Row *row, Distribution *work)
{
	Fetch *fetch = channel->fetch;
	bool listed = fetch_method(fetch, request->pager) == Method::list;
	ChannelEntry *entry = listed ? find_listed_entry(channel, request, row, work->key)
								 : request->entries[entry_index(request, row->slot)];

	if (entry != nullptr)
	{
		entry->answered = true;
	}
	if (row->rowless)
	{
		if (entry != nullptr && fetch_keeps(fetch, row))
		{
			note_parent(channel, batch, entry, row, work);
		}
		return;
	}
	if (listed && request->pager != nullptr)
	{
		place_page(request, row->page, entry);
	}
	if (entry == nullptr || (request->pager != nullptr && !pager_keeps(request->pager, row->slot)))
	{
		return;
	}
	add_row(batch, entry, row);
	if (work->errors)
	{
		entry->error = Min(entry->error, reply_row_error(reply, *row));
	}
	if (work->seen != nullptr &&
		fetch_read_keys(fetch, row, entry->key.values, channel->values, channel->nulls))
	{
		fetch_watch_row(fetch, work->seen, row, channel->values, channel->nulls, work->context);
	}
}

// Hands the rows of an answer to their keys.
void
distribute_rows(Channel *channel, ChannelBatch *batch, ChannelRequest *request, Reply *reply)
{
	Distribution work;
	Row row;

	start_distribution(channel->fetch, &work);
	work.errors = fetch_method(channel->fetch, request->pager) == Method::list &&
				  reply_error_count(reply) > 0;
	while (fetch_next(channel->fetch, reply, &row))
	{
		MemoryContext before = MemoryContextSwitchTo(work.scratch);

		request->rows += !channel->fetch->key_above || row.first || row.rowless ? 1 : 0;
		distribute_row(channel, batch, request, reply, &row, &work);
		MemoryContextSwitchTo(before);
		MemoryContextReset(work.scratch);
	}
	MemoryContextDelete(work.context);
}

// Of the first page: behind it, failures are errors.
void
note_failures(const Fetch *fetch, ChannelRequest *request)
{
	const bool list = fetch->method == Method::list;
	const size_t other = reply_other_error(request->reply);

	for (int i = 0; i < request->count; i++)
	{
		ChannelEntry *entry = request->entries[i];
		size_t slot = list ? 0 : i;

		entry->failed = entry->row_count == 0 && reply_slot_failed(request->reply, slot);
		entry->lost = reply_lost_all(request->reply) && !entry->failed;
		if (entry->failed || !list)
		{
			entry->error = reply_slot_error(request->reply, slot);
		}
		entry->error = Min(entry->error, other);
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
void
start_page(Channel *channel, ChannelBatch *batch, ChannelRequest *request)
{
	const PageRequest *page = pager_request(request->pager);
	MemoryContext context =
		AllocSetContextCreate(batch->context, "graphql_fdw look-up page", ALLOCSET_SMALL_SIZES);
	bool all = fetch_method(channel->fetch, request->pager) == Method::list;
	int count = all ? request->count : static_cast<int>(page->count);
	auto *keys = static_cast<Datum **>(MemoryContextAlloc(context, sizeof(Datum *) * count));

	for (int i = 0; i < count; i++)
	{
		keys[i] = request->entries[all ? i : page->keys[i]]->key.values;
	}
	request->transfer =
		fetch_start(channel->fetch, keys, count, request->pager, context, request->aliases);
	request->page = context;
}

// Opens the answer that the request is waiting for. False when all has come, or has failed.
bool
absorb_page(Channel *channel, ChannelBatch *batch, ChannelRequest *request, Error *err)
{
	Fetch *fetch = channel->fetch;
	int count = request->pager == nullptr || fetch_method(fetch, request->pager) == Method::list
					? request->count
					: static_cast<int>(pager_request(request->pager)->count);
	OnError on_error = request->reply == nullptr ? OnError::by_key : fetch_on_error(fetch);
	Reply *reply = fetch_finish(fetch, request->transfer, count, request->pager, on_error,
								Lifetime::reply, batch->context, err);

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

// The same, and what the page's transfer held is given back.
void
take_page(Channel *channel, ChannelBatch *batch, ChannelRequest *request, Error *err)
{
	MemoryContext page = request->page;

	request->page = nullptr;
	request->more = absorb_page(channel, batch, request, err);
	if (page != nullptr)
	{
		MemoryContextDelete(page);
	}
}

// Takes in the page that is awaited and asks for the next one or, when that is not needed, sees to
// the keys that are left open.
void
advance(Channel *channel, ChannelBatch *batch, ChannelRequest *request)
{
	Error err;
	MemoryContext before = MemoryContextSwitchTo(batch->context);

	take_page(channel, batch, request, &err);
	if (request->more && !pager_has_enough(request->pager))
	{
		start_page(channel, batch, request);
	}
	else
	{
		add_parents(request);
		request->absorbed = true;
		ask_again(channel, batch, request, &err);
	}
	MemoryContextSwitchTo(before);
	weigh(channel, batch);
}

// While one request goes on page by page, so do those whose answers have come: their next pages are
// on their way together. Not where perhaps nobody wants their rows.
void
advance_others(Channel *channel)
{
	if (channel->fetch->wanted != 0)
	{
		return;
	}
	for (ChannelBatch *batch = channel->batches; batch != nullptr; batch = batch->next)
	{
		for (ChannelRequest *request = batch->requests; request != nullptr; request = request->next)
		{
			if (!request->absorbed && request->pager != nullptr && transfer_done(request->transfer))
			{
				advance(channel, batch, request);
			}
		}
	}
}

}    // namespace

void
absorb(Channel *channel, ChannelBatch *batch, ChannelRequest *request)
{
	while (!request->absorbed)
	{
		advance(channel, batch, request);
		if (!request->absorbed)
		{
			advance_others(channel);
		}
	}
}

bool
lacks_rows(Channel *channel, const ChannelEntry *entry)
{
	const ChannelRequest *request = entry->request;

	if (!request->more || fetch_method(channel->fetch, request->pager) == Method::list)
	{
		return request->more;
	}
	const PageRequest *page = pager_request(request->pager);

	for (size_t i = 0; i < page->count; i++)
	{
		if (request->entries[page->keys[i]] == entry)
		{
			return true;
		}
	}
	return false;
}

void
absorb_more(Channel *channel, ChannelBatch *batch, ChannelRequest *request)
{
	Error err;
	MemoryContext before = MemoryContextSwitchTo(batch->context);

	start_page(channel, batch, request);
	take_page(channel, batch, request, &err);
	if (err.code != Code::none)
	{
		request->failure = static_cast<Error *>(palloc(sizeof(Error)));
		*request->failure = err;
	}
	MemoryContextSwitchTo(before);
	weigh(channel, batch);
}

}    // namespace gql::pg
