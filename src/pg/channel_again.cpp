// Which keys does an answer leave open, and how are they asked for again?
//
// - A request that was too large, or too much for a server on the way, is sent again in parts. How
//   large they may be is learnt, for this statement and for later ones.
// - An array of requests that the API did not take as such is sent again as aliases.
// - An answer that was lost to one failing key, of which nothing is left but the error, is asked
//   for again without that key.
// - Where a list fails as a whole, halves of it tell which key is the one.
// - Keys missing from an answer that may have been cut are asked for once more: when some of them
//   come, the API ends its lists without a word, and is asked for fewer keys from then on.
//
// Every part is smaller than what it is made from, and after a number of failures no more are
// made: an API that is down gets a few requests more, not a storm.

#include "pg/channel_batch.hpp"
#include "pg/prelude.hpp"
#include "pg/wait.hpp"

namespace gql::pg
{

namespace
{

// Nobody ends lists after fewer rows without a word.
constexpr int least_cap = 10;
// Losses of one request's answer to failing keys until it is sent in halves.
constexpr int patience = 3;

// How many requests for several keys may fail in a batch until failures are final.
int
most_refusals(const ChannelBatch *batch)
{
	constexpr int per_level = 8;
	int levels = 1;

	for (int keys = batch->count; keys > 1; keys /= 2)
	{
		levels++;
	}
	return per_level * levels;
}

bool
may_split(const ChannelBatch *batch, const ChannelRequest *request)
{
	return request->count > 1 && batch->refusals < most_refusals(batch);
}

// Sends requests for some of a request's keys, of at most `size` keys each.
void
send_parts(Channel *channel, ChannelBatch *batch, const ChannelRequest *request,
		   ChannelEntry **entries, int count, int size)
{
	for (int from = 0; from < count; from += size)
	{
		ChannelRequest *part = start_request(channel, batch, &entries[from],
											 Min(size, count - from), request->aliases);

		part->splits = request->splits;
		part->losses = request->losses;
	}
	batch->refusals++;
	channel->fetch->counters->splits++;
	transport_drive();
}

void
forget_rows(const ChannelRequest *request)
{
	for (int i = 0; i < request->count; i++)
	{
		ChannelEntry *entry = request->entries[i];

		entry->rows = entry->last = entry->parent = nullptr;
		entry->row_count = 0;
		entry->failed = entry->lost = false;
		entry->error = no_error;
	}
}

// The keys of a request that a test holds for.
ChannelEntry **
pick(const ChannelRequest *request, bool (*test)(const ChannelEntry *), int *count)
{
	auto **picked = static_cast<ChannelEntry **>(palloc(sizeof(ChannelEntry *) * request->count));

	*count = 0;
	for (int i = 0; i < request->count; i++)
	{
		if (test(request->entries[i]))
		{
			picked[(*count)++] = request->entries[i];
		}
	}
	return picked;
}

// The whole request failed.
void
split_refused(Channel *channel, ChannelBatch *batch, ChannelRequest *request, const Error *err)
{
	LimitsOf limits = fetch_limits(channel->fetch);

	if (err->advice.no_arrays && !request->aliases)
	{
		forget_rows(request);
		start_request(channel, batch, request->entries, request->count, true);
		transport_drive();
		return;
	}
	if (err->advice.fewer_keys && request->splits < err->advice.tries && may_split(batch, request))
	{
		auto size = static_cast<int>(limits_refused(limits, request->count, err->advice));

		forget_rows(request);
		request->splits++;
		send_parts(channel, batch, request, request->entries, request->count, size);
		return;
	}
	if (err->advice.fewer_keys && request->splits > 0)
	{
		limits_forget(limits);    // size was not the reason
	}
	request->failure = static_cast<Error *>(palloc(sizeof(Error)));
	*request->failure = *err;
}

// The answer was lost to keys that failed: what is left of the request is sent again.
void
resend_lost(Channel *channel, ChannelBatch *batch, ChannelRequest *request)
{
	int count;
	ChannelEntry **lost = pick(
		request, [](const ChannelEntry *entry) { return entry->lost; }, &count);

	if (count == 0)
	{
		return;
	}
	int size = count;

	if (++request->losses >= patience)
	{
		request->losses = 0;
		size = static_cast<int>(
			limits_refused(fetch_limits(channel->fetch), request->count, Advice()));
	}
	for (int i = 0; i < count; i++)
	{
		lost[i]->lost = false;
		lost[i]->error = no_error;
	}
	send_parts(channel, batch, request, lost, count, size);
}

// Is the error that a key failed with one that fewer keys may not meet?
bool
is_about_size(const ChannelRequest *request, const ChannelEntry *entry)
{
	Error err;

	reply_error(request->reply, entry->error, err);
	return err.advice.fewer_keys;
}

// Keys that failed together, in a list or by a limit, are asked for in parts.
void
split_failed(Channel *channel, ChannelBatch *batch, ChannelRequest *request)
{
	int count;
	ChannelEntry **failed = pick(
		request, [](const ChannelEntry *entry) { return entry->failed; }, &count);

	if (count == 0 || !may_split(batch, request))
	{
		return;
	}
	bool about_size = is_about_size(request, failed[0]);

	// Aliases fail one by one, and a list with one key left knows which it is.
	if (!about_size && (channel->fetch->method != Method::list || count == 1))
	{
		return;
	}
	int size = (count + 1) / 2;

	if (about_size)
	{
		request->splits++;
		size = static_cast<int>(
			limits_refused(fetch_limits(channel->fetch), request->count, Advice()));
	}
	for (int i = 0; i < count; i++)
	{
		failed[i]->failed = false;
		failed[i]->error = no_error;
	}
	send_parts(channel, batch, request, failed, count, size);
}

// Does what is missing from an answer not exist, or was the answer cut?
void
doubt_missing(Channel *channel, ChannelRequest *request)
{
	LimitsOf limits = fetch_limits(channel->fetch);
	bool came = false;
	bool missing = false;

	for (int i = 0; i < request->count; i++)
	{
		ChannelEntry *entry = request->entries[i];

		missing = missing || !entry->answered;
		if (entry->cut_at > 0 && entry->answered)
		{
			came = true;
			limits_note_cap(limits, entry->cut_at);
		}
	}
	bool again = request->entries[0]->cut_at > 0;

	if (!missing || (again && !came))
	{
		// All it was asked for, or none of what another answer had left out: both are complete.
		for (int i = 0; i < request->count && again; i++)
		{
			limits_note_complete(limits, request->entries[i]->cut_at);
		}
		limits_note_complete(limits, request->rows);
		return;
	}
	if (request->rows < Max(static_cast<int64>(limits_complete(limits)), least_cap) ||
		request->rows + static_cast<int64>(reply_nulls(request->reply, 0)) >= request->count)
	{
		return;
	}
	for (int i = 0; i < request->count; i++)
	{
		ChannelEntry *entry = request->entries[i];

		entry->in_doubt = !entry->answered;
		entry->cut_at = static_cast<int>(request->rows);
	}
}

// Errors that are final.
void
warn_of_errors(const Channel *channel, const ChannelRequest *request)
{
	const Fetch *fetch = channel->fetch;

	for (size_t i = 0; i < reply_error_count(request->reply); i++)
	{
		size_t slot;
		bool at_rows = reply_error_at_rows(request->reply, i, &slot);
		bool open = false;

		for (int j = 0; j < request->count && at_rows; j++)
		{
			bool concerned = fetch->method == Method::list || static_cast<size_t>(j) == slot;

			open = open || (concerned && request->entries[j]->request != request);
		}
		if (!open)
		{
			fetch_warn(fetch, request->reply, i);
		}
	}
}

// Asks once more for all keys in doubt. What is on its way may bring more of them, so it is waited
// for: they are few requests then.
void
ask_for_missing(Channel *channel)
{
	ChannelBatch *gathering = channel->gathering;

	for (ChannelBatch *batch = channel->batches; batch != nullptr; batch = batch->next)
	{
		for (int i = 0; i < batch->count; i++)
		{
			while (batch->entries[i] != nullptr && !batch->entries[i]->request->absorbed)
			{
				absorb(channel, batch, batch->entries[i]->request);
			}
		}
	}
	channel->gathering = nullptr;
	for (ChannelBatch *batch = channel->batches; batch != nullptr; batch = batch->next)
	{
		for (int i = 0; i < batch->count; i++)
		{
			ChannelEntry *entry = batch->entries[i];

			if (entry == nullptr || !entry->in_doubt)
			{
				continue;
			}
			ChannelBatch *next = gathering_batch(channel);

			gather_key(channel, entry, entry->key.values);
			next->needed_until = Max(next->needed_until, batch->needed_until);
			next->ahead = batch->ahead;
			batch->entries[i] = nullptr;
			entry->in_doubt = false;
			entry->request = nullptr;
		}
	}
	channel->current = channel->gathering;
	channel_send(channel);
	channel->gathering = gathering;
}

}    // namespace

void
ask_again(Channel *channel, ChannelBatch *batch, ChannelRequest *request, const Error *err)
{
	const Fetch *fetch = channel->fetch;

	if (err->code != Code::none)
	{
		split_refused(channel, batch, request, err);
		return;
	}
	if (fetch->method == Method::array && request->aliases)
	{
		limits_note_no_arrays(fetch_limits(fetch));
	}
	resend_lost(channel, batch, request);
	split_failed(channel, batch, request);
	warn_of_errors(channel, request);
	if (reply_error_count(request->reply) > 0)
	{
		return;
	}
	if (fetch->method != Method::single)
	{
		limits_worked(fetch_limits(fetch), request->count);
	}
	if (fetch->method == Method::list &&
		(fetch->key_above || (fetch->unique && request->pager == nullptr)))
	{
		doubt_missing(channel, request);
	}
}

void
settle(Channel *channel, ChannelEntry *entry)
{
	for (;;)
	{
		while (!entry->request->absorbed)
		{
			absorb(channel, entry->batch, entry->request);
		}
		if (!entry->in_doubt)
		{
			return;
		}
		ask_for_missing(channel);
	}
}

}    // namespace gql::pg
