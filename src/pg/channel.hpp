// Where do look-ups by key meet what was already asked for?
//
// A channel is the statement's cache of one parameterised foreign scan: key -> rows, on their way
// or here. The look-ahead puts keys in early and sends them in batches; the scan demands one key at
// a time. Neither needs the other: a key nobody asked for in advance is simply asked for on demand,
// so results never depend on what was prefetched.
//
// Answers stay as the API sent them until a row is demanded, and a batch that failed raises only
// when one of its keys is demanded: a LIMIT may stop the statement before that. Requests that were
// too large, or failed because of one of their keys, are sent again in parts (channel_again.cpp).
//
// Memory is bounded by work_mem: the oldest batches that no buffered row needs are dropped, and
// asked for again should they be needed after all.
#pragma once

#include "pg/fetch.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// For channel_want(): nobody will come back for this key.
constexpr int64 channel_needed_never = -1;

struct Channel;
struct ChannelBatch;
struct ChannelRequest;

struct ChannelRow
{
	Row row;            // values live as long as the batch
	HeapTuple tuple;    // made when first demanded
	ChannelRow *next;
};

// One key.
struct ChannelEntry
{
	KeyRef key;                // first, as KeyTable wants it
	const PageStart *start;    // where its list goes on; nullptr: it is read from the beginning
	ChannelBatch *batch;
	ChannelRequest *request;    // nullptr until sent
	ChannelRow *rows;
	ChannelRow *last;
	ChannelRow *parent;    // of an outer join: to be returned when there are no rows
	int row_count;
	bool answered;    // by that request: the API has the key, whether or not it has rows for it
	bool failed;      // no answer for this key, see fetch_read_failed()
	size_t error;     // of its request's answer, about this key; or no_error
	bool lost;        // the answer was lost to another key
	int cut_at;    // rows of the last answer that it was missing from and that may be cut; 0: none
	bool in_doubt;    // missing from such an answer, and not asked for again yet
};

// Opens the channel of a foreign scan; it lives in the fetch's context.
Channel *channel_open(EState *estate, int id, Fetch *fetch);

// The channel a look-ahead feeds, or nullptr when that scan is not part of this execution.
Channel *channel_find(EState *estate, int id);

Fetch *channel_fetch(Channel *channel);

// Puts a key on the list of the batch being gathered unless its rows are here or on their way. True
// when it is new there. `needed_until`: the look-ahead's batch that will demand it or, for a scan's
// own list, the position of the key in it. `start`: where its list goes on, if it was begun.
bool channel_want(Channel *channel, Datum *key, int64 needed_until,
				  const PageStart *start = nullptr);

// Sends what is gathered.
void channel_send(Channel *channel);

// How many keys are best gathered before they are sent: as many as fill requests of the size that
// the API takes.
int channel_batch_keys(const Channel *channel);

// Batches (or keys of a scan's own list) before this one are done with: what only they needed may
// go.
void channel_release(Channel *channel, int64 batch);
int64 channel_released(const Channel *channel);

// The entry of a key with its rows received. Asks for it when nobody has. Raises what its request
// failed with. Valid until the next call on the channel.
ChannelEntry *channel_demand(Channel *channel, Datum *key, const PageStart *start = nullptr);

// The entry of a key that was asked for, with its rows received; nullptr where nobody has asked, or
// the request failed: that is not for a look-ahead to raise.
ChannelEntry *channel_peek(Channel *channel, Datum *key);

// Asks for the rows of the entry beyond those that were thought to be enough. False when there are
// none.
bool channel_continue(Channel *channel, ChannelEntry *entry);

// The tuple of one of its rows, nullptr when the row does not belong to the key after all. Lives as
// long as the entry.
HeapTuple channel_tuple(Channel *channel, ChannelEntry *entry, ChannelRow *row);

// The row that stands for an entry that failed under on_error 'warn' or 'null'.
HeapTuple channel_failed_tuple(Channel *channel, ChannelEntry *entry);

}    // namespace gql::pg
