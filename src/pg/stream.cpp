// How does a scan read the rows of one set of arguments, page after page?

#include "pg/stream.hpp"

#include "pg/errors.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

constexpr int rows_between_drives = 64;

void
start_transfer(Stream *stream, MemoryContext page)
{
	if (stream->rest != nullptr)
	{
		query_set_list_size(stream->fetch->query, stream->asked_size);
	}
	stream->transfer = fetch_start(stream->fetch, &stream->key, 1, stream->pager, page);
	transport_drive();
}

void
ask(Stream *stream)
{
	Fetch *fetch = stream->fetch;

	if (stream->rest != nullptr)
	{
		fetch_connect(fetch);
		stream->asked_size = static_cast<uint32>(
			limits_next(fetch_list_limits(fetch), static_cast<size_t>(fetch_list_size(fetch))));
		stream->refusals = 0;
	}
	stream->ahead =
		AllocSetContextCreate(stream->context, "graphql_fdw page", ALLOCSET_DEFAULT_SIZES);
	start_transfer(stream, stream->ahead);
}

// A page of objects with their lists may be too much for the API: then the same again, with fewer
// rows of each list. False when it failed for another reason.
bool
ask_less(Stream *stream, const Error *err)
{
	LimitsOf limits = fetch_list_limits(stream->fetch);

	if (!err->advice.fewer_keys || stream->asked_size == 1 || stream->refusals >= err->advice.tries)
	{
		if (stream->refusals > 0)
		{
			limits_forget(limits);    // size was not the reason
		}
		return false;
	}
	stream->refusals++;
	stream->asked_size =
		static_cast<uint32>(limits_refused(limits, stream->asked_size, err->advice));
	stream->fetch->counters->splits++;
	start_transfer(stream, stream->page);
	return true;
}

// Waits for the answer to what was asked; nullptr when it failed.
Reply *
receive(Stream *stream, Error *err)
{
	Fetch *fetch = stream->fetch;

	for (;;)
	{
		Reply *reply = fetch_finish(fetch, stream->transfer, 1, stream->pager,
									fetch_on_error(fetch), Lifetime::row, stream->page, err);

		if (stream->rest == nullptr || (reply == nullptr && !ask_less(stream, err)))
		{
			return reply;
		}
		if (reply != nullptr)
		{
			limits_worked(fetch_list_limits(fetch), stream->asked_size);
			stream->list_size = stream->asked_size;
			list_rest_turn(stream->rest);
			return reply;
		}
		*err = Error();
	}
}

bool
has_next_page(const Stream *stream)
{
	return stream->pager != nullptr && pager_request(stream->pager) != nullptr;
}

// Will the rows of the next page be wanted? Where the plan may stop early that shows when it goes
// on to a second page, or by what it is known to need; of a unique key when it has no row yet.
bool
reads_ahead(const Stream *stream)
{
	double wanted = stream->fetch->unique ? -1 : stream->fetch->wanted;

	return wanted == 0 || (wanted < 0 && stream->page_count > 1) ||
		   (wanted > 0 && static_cast<double>(pager_received(stream->pager)) < wanted);
}

// The page asked for takes the place of the one before; waits until it has come.
void
open_page(Stream *stream)
{
	Fetch *fetch = stream->fetch;
	Error err;

	if (stream->page != nullptr)
	{
		MemoryContextDelete(stream->page);
	}
	stream->page = stream->ahead;
	stream->ahead = nullptr;
	stream->reply = receive(stream, &err);

	bool keeps = stream->pager == nullptr || pager_keeps(stream->pager, 0);

	if (stream->reply == nullptr ||
		(stream->pager != nullptr && !pager_turn(stream->pager, stream->reply, err)))
	{
		raise(err);
	}
	stream->page_count += keeps ? 1 : 0;
	if (has_next_page(stream) && (!keeps || reads_ahead(stream)))
	{
		ask(stream);
	}
	stream->seen = fetch_watch_keys(fetch, stream->page);
	stream->reading = keeps;
	stream->ended = !keeps && stream->ahead == nullptr;
}

// Is it time for what is left of lists? Not while rows of a page are being read, until requests for
// it are full, or the scan has no more pages.
bool
has_rest(const Stream *stream)
{
	const ListRest *rest = stream->rest;

	return rest != nullptr && rest->count > 0 &&
		   (rest->reading || stream->ended || (!stream->reading && list_rest_is_full(rest)));
}

// Is this the row of the unique key that was asked for? Some fields find more than that.
bool
is_the_one(const Stream *stream, const TupleTableSlot *slot)
{
	const Fetch *fetch = stream->fetch;
	bool same = fetch->unique;

	for (int i = 0; i < fetch->bound_count && same; i++)
	{
		int at = fetch->options->attnums[fetch->bound[i]] - 1;

		same = !slot->tts_isnull[at] &&
			   key_column_equal(fetch->key_type, i, stream->key[i], slot->tts_values[at]);
	}
	return same;
}

// The next row of the page. False when there are no more.
bool
read_row(Stream *stream, TupleTableSlot *slot)
{
	Fetch *fetch = stream->fetch;
	Row row;

	while (fetch_next(fetch, stream->reply, &row))
	{
		bool goes_on = stream->rest != nullptr &&
					   list_rest_begins(stream->rest, stream->reply, &row, stream->list_size);
		// Of objects without rows so far the rest tells whether they have any.
		bool keeps = fetch_keeps(fetch, &row) && !(goes_on && row.rowless);

		if (!keeps && !goes_on)
		{
			continue;
		}
		fetch_read(fetch, &row, stream->key, slot->tts_values, slot->tts_isnull);
		fetch_watch_row(fetch, stream->seen, &row, slot->tts_values, slot->tts_isnull,
						stream->page);
		if (goes_on)
		{
			list_rest_add(stream->rest, stream->key, slot->tts_values, slot->tts_isnull);
		}
		if (!keeps)
		{
			continue;
		}
		stream->found = stream->found || is_the_one(stream, slot);
		if (++stream->row_count % rows_between_drives == 0 && stream->ahead != nullptr)
		{
			transport_drive();
		}
		return true;
	}
	for (size_t i = 0; i < reply_error_count(stream->reply); i++)
	{
		fetch_warn(fetch, stream->reply, i);
	}
	return false;
}

// Is the page that was read the last one?
bool
ends(const Stream *stream)
{
	return stream->found || (stream->ahead == nullptr && !has_next_page(stream));
}

// The row that stands for a scan that failed.
void
read_failure(Stream *stream, TupleTableSlot *slot)
{
	Error failure;

	reply_error(stream->reply, 0, failure);
	fetch_read_failed(stream->fetch, &failure, stream->key, slot->tts_values, slot->tts_isnull);
}

}    // namespace

void
stream_start(Stream *stream, Fetch *fetch, Datum *key, MemoryContext context, bool async)
{
	*stream = {};
	stream->fetch = fetch;
	stream->key = key;
	stream->context = context;
	stream->async = async;
	stream->pager = fetch_pager(fetch, 1, context);
	stream->rest = fetch->list_pages == nullptr ? nullptr : list_rest_open(fetch, context);
	ask(stream);
}

TupleTableSlot *
stream_next(Stream *stream, TupleTableSlot *slot)
{
	stream->waiting = false;
	while (!stream->ended || has_rest(stream))
	{
		if (has_rest(stream))
		{
			slot = list_rest_next(stream->rest, slot);
			if (!TupIsNull(slot))
			{
				return slot;
			}
			continue;
		}
		if (stream->reading && read_row(stream, slot))
		{
			return ExecStoreVirtualTuple(slot);
		}
		if (stream->reading && ends(stream))
		{
			stream->ended = true;
			if (stream->row_count == 0 && reply_slot_failed(stream->reply, 0))
			{
				read_failure(stream, slot);
				return ExecStoreVirtualTuple(slot);
			}
			continue;
		}
		stream->reading = false;
		if (stream->ahead == nullptr)
		{
			ask(stream);
		}
		if (has_rest(stream))
		{
			continue;
		}
		if (stream->async && !transfer_done(stream->transfer))
		{
			stream->waiting = true;
			break;
		}
		open_page(stream);
	}
	return slot;
}

}    // namespace gql::pg
