// How are gathered calls sent, answers handed to them, and old ones dropped?

#include "pg/calls_batch.hpp"

#include "core/door/reply.hpp"

#include "pg/owned.hpp"
#include "pg/prelude.hpp"
#include "pg/wait.hpp"

namespace gql::pg
{

namespace
{

// Calls that the API blames one by one are taken out so often; then requests are halved.
constexpr int most_repeats = 3;

Error *
keep_error(const CallBatch *batch, const Error &err)
{
	auto *kept = static_cast<Error *>(MemoryContextAlloc(batch->context, sizeof(Error)));

	*kept = err;
	return kept;
}

void
keep_data(CallEntry *entry, std::string_view data)
{
	auto *copy =
		static_cast<char *>(MemoryContextAllocHuge(entry->batch->context, Max(data.size(), 1)));

	memcpy(copy, data.data(), data.size());
	entry->data = copy;
	entry->data_size = data.size();
}

// In the current memory context; "" and err when the calls cannot be written as one request.
std::string_view
request_body(const CallRequest *request, Error *err)
{
	CallDocument *document = request->entries[0]->document;

	if (request->count == 1)
	{
		DocumentCall call = document->call;

		call.variables = request->entries[0]->variables;
		return document_body(&call);
	}
	auto *variables = static_cast<std::string_view *>(
		palloc(sizeof(std::string_view) * static_cast<size_t>(request->count)));

	for (int i = 0; i < request->count; i++)
	{
		variables[i] = variables_to_utf8(request->entries[i]->variables);
	}
	return merge_body(document->merge, variables, static_cast<size_t>(request->count), *err);
}

void
start_request(CallBatch *batch, CallEntry **entries, int count, int repeats)
{
	CallDocument *document = entries[0]->document;
	auto *request =
		static_cast<CallRequest *>(MemoryContextAllocZero(batch->context, sizeof(CallRequest)));
	Error err;

	request->context =
		AllocSetContextCreate(batch->context, "graphql_fdw call request", ALLOCSET_SMALL_SIZES);
	request->entries = entries;
	request->count = count;
	request->repeats = repeats;
	MemoryContext before = MemoryContextSwitchTo(request->context);
	std::string_view body = request_body(request, &err);

	if (err.code == Code::none)
	{
		request->transfer = try_own<transfer_close>(
			request->context,
			[&](Error &failure)
			{
				return transfer_start(document->access.endpoint, document->access.headers, body,
									  false, failure);
			},
			&err);
	}
	MemoryContextSwitchTo(before);
	if (request->transfer == nullptr)
	{
		request->failure = keep_error(batch, err);
		request->absorbed = true;
	}
	for (int i = 0; i < count; i++)
	{
		entries[i]->request = request;
	}
}

// Brings the calls of one document next to one another.
void
group_entries(CallBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		int next = i + 1;

		for (int j = next; j < batch->count; j++)
		{
			CallEntry *entry = batch->entries[j];

			if (entry->document == batch->entries[i]->document)
			{
				batch->entries[j] = batch->entries[next];
				batch->entries[next++] = entry;
			}
		}
		i = next - 1;
	}
}

// Counts the memory a batch has come to.
void
weigh(Calls *calls, CallBatch *batch)
{
	calls->memory -= batch->memory;
	batch->memory = MemoryContextMemAllocated(batch->context, true);
	calls->memory += batch->memory;
}

// Drops the oldest batches that nobody needs any more until the others fit into work_mem.
void
evict(Calls *calls)
{
	Size limit = static_cast<Size>(work_mem) * 1024;
	CallBatch **link = &calls->batches;
	CallBatch *kept = nullptr;

	while (*link != nullptr && calls->memory > limit)
	{
		CallBatch *batch = *link;

		if (batch == calls->current || batch->needed_until >= calls->released)
		{
			kept = batch;
			link = &batch->next;
			continue;
		}
		calls->memory -= batch->memory;
		calls->newest = batch == calls->newest ? kept : calls->newest;
		*link = batch->next;
		for (int i = 0; i < batch->count; i++)
		{
			key_table_remove(calls->entries, &batch->entries[i]->key);
		}
		MemoryContextDelete(batch->context);
	}
}

void
append_batch(Calls *calls, CallBatch *batch)
{
	if (calls->newest == nullptr)
	{
		calls->batches = batch;
	}
	else
	{
		calls->newest->next = batch;
	}
	calls->newest = batch;
}

void
count_transfer(Calls *calls, const Transfer *transfer)
{
	TransferStats stats = transfer_stats(transfer);

	calls->counters.requests += stats.requests;
	calls->counters.retries += stats.retries;
	calls->counters.bytes += static_cast<int64>(stats.bytes);
}

void
read_single(CallRequest *request)
{
	CallEntry *entry = request->entries[0];
	bool strict = entry->document->server->on_error == ErrorPolicy::error;
	std::string_view data;
	Error first;
	Error err;

	if (!reply_data(request->transfer, strict ? OnError::error : OnError::keep, data, first, err))
	{
		request->failure = keep_error(entry->batch, err);
		return;
	}
	keep_data(entry, data);
	if (first.code != Code::none)
	{
		entry->first = keep_error(entry->batch, first);
	}
}

// The request was too much, or some calls spoilt it for the others: those are left to requests of
// their own, the others are sent again, in halves where nobody is to blame.
void
send_again(CallRequest *request, int blamed)
{
	CallBatch *batch = request->entries[0]->batch;
	CallDocument *document = request->entries[0]->document;
	int rest = request->count - blamed;

	if (rest == 0)
	{
		return;
	}
	if (blamed > 0 && request->repeats < most_repeats)
	{
		start_request(batch, request->entries, rest, request->repeats + 1);
		return;
	}
	int half = (rest + 1) / 2;

	document->most = Min(document->most, Max(half, 1));
	start_request(batch, request->entries, half, 0);
	if (rest > half)
	{
		start_request(batch, &request->entries[half], rest - half, 0);
	}
}

// Moves the calls that must be asked for alone to the end. Returns their number.
int
set_apart(CallRequest *request, const MergedReply *reply)
{
	auto *last = static_cast<CallEntry **>(
		MemoryContextAlloc(request->context, sizeof(CallEntry *) * request->count));
	int kept = 0;
	int blamed = 0;

	for (int i = 0; i < request->count; i++)
	{
		CallEntry *entry = request->entries[i];
		std::string_view data;
		Error first;

		entry->alone = !merged_call(reply, static_cast<size_t>(i), data, first);
		if (entry->alone)
		{
			last[blamed++] = entry;
		}
		else
		{
			request->entries[kept++] = entry;
		}
	}
	memcpy(&request->entries[kept], last, sizeof(CallEntry *) * blamed);
	return blamed;
}

void
read_merged(CallRequest *request)
{
	CallBatch *batch = request->entries[0]->batch;
	bool smaller = false;
	auto *reply = own<merged_close>(
		request->context, [&](Error &failure)
		{ return merged_open(request->transfer, static_cast<size_t>(request->count), failure); });
	const Error &failure = merged_failure(reply, smaller);

	if (failure.code != Code::none && !smaller)
	{
		request->failure = keep_error(batch, failure);
		return;
	}
	if (failure.code != Code::none)
	{
		send_again(request, set_apart(request, reply));
		return;
	}
	for (int i = 0; i < request->count; i++)
	{
		CallEntry *entry = request->entries[i];
		std::string_view data;
		Error first;

		entry->alone = !merged_call(reply, static_cast<size_t>(i), data, first);
		keep_data(entry, data);
		if (first.code != Code::none)
		{
			entry->first = keep_error(batch, first);
		}
	}
}

void
absorb_request(Calls *calls, CallRequest *request)
{
	CallBatch *batch = request->entries[0]->batch;

	wait_for(request->transfer);
	count_transfer(calls, request->transfer);
	if (request->count == 1)
	{
		read_single(request);
	}
	else
	{
		read_merged(request);
	}
	request->absorbed = true;
	MemoryContextDelete(request->context);
	weigh(calls, batch);
}

void
take_access(const Calls *calls, CallDocument *document)
{
	MemoryContext before = MemoryContextSwitchTo(calls->context);

	document->access = session_access(document->call.server_id, document->user_id, calls->context);
	document->said = session_values(document->access.endpoint, document->user_id);
	MemoryContextSwitchTo(before);
}

}    // namespace

void
send_calls(Calls *calls, CallBatch *batch)
{
	append_batch(calls, batch);
	group_entries(batch);
	for (int from = 0; from < batch->count;)
	{
		CallDocument *document = batch->entries[from]->document;
		int to = from + 1;

		if (document->access.endpoint == nullptr)
		{
			take_access(calls, document);
		}
		while (to < batch->count && to - from < document->most &&
			   batch->entries[to]->document == document)
		{
			to++;
		}
		start_request(batch, &batch->entries[from], to - from, 0);
		from = to;
	}
	transport_drive();
	weigh(calls, batch);
	evict(calls);
}

void
absorb_call(Calls *calls, CallEntry *entry)
{
	while (!entry->alone && !entry->request->absorbed)
	{
		absorb_request(calls, entry->request);
	}
}

}    // namespace gql::pg
