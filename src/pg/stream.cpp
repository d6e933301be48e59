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
ask(Stream *stream)
{
	stream->ahead =
		AllocSetContextCreate(stream->context, "graphql_fdw page", ALLOCSET_DEFAULT_SIZES);
	stream->transfer = fetch_start(stream->fetch, &stream->key, 1, stream->pager, stream->ahead);
	transport_drive();
}

bool
has_next_page(const Stream *stream)
{
	return stream->pager != nullptr && pager_request(stream->pager) != nullptr;
}

// Will the rows of the next page be wanted? Where the plan may stop early that shows when it goes
// on to a second page, or by what it is known to need.
bool
reads_ahead(const Stream *stream)
{
	double wanted = stream->fetch->wanted;

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
	stream->reply = fetch_finish(fetch, stream->transfer, 1, stream->pager, fetch_on_error(fetch),
								 Lifetime::row, stream->page, &err);

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
	ask(stream);
}

TupleTableSlot *
stream_next(Stream *stream, TupleTableSlot *slot)
{
	Fetch *fetch = stream->fetch;
	Row row;

	stream->waiting = false;
	while (!stream->ended)
	{
		if (stream->reading && fetch_next(fetch, stream->reply, &row))
		{
			if (!fetch_keeps(fetch, &row))
			{
				continue;
			}
			fetch_read(fetch, &row, stream->key, slot->tts_values, slot->tts_isnull);
			fetch_watch_row(fetch, stream->seen, &row, slot->tts_values, slot->tts_isnull,
							stream->page);
			if (++stream->row_count % rows_between_drives == 0 && stream->ahead != nullptr)
			{
				transport_drive();
			}
			return ExecStoreVirtualTuple(slot);
		}
		for (size_t i = 0; stream->reading && i < reply_error_count(stream->reply); i++)
		{
			fetch_warn(fetch, stream->reply, i);
		}
		if (stream->reading && stream->ahead == nullptr && !has_next_page(stream))
		{
			stream->ended = true;
			if (stream->row_count == 0 && reply_slot_failed(stream->reply, 0))
			{
				Error failure;

				reply_error(stream->reply, 0, failure);
				fetch_read_failed(fetch, &failure, stream->key, slot->tts_values, slot->tts_isnull);
				return ExecStoreVirtualTuple(slot);
			}
			break;
		}
		stream->reading = false;
		if (stream->ahead == nullptr)
		{
			ask(stream);
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
