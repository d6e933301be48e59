// What is the state of a foreign scan while it runs?
#pragma once

#include "pg/aggregate_scan.hpp"
#include "pg/channel.hpp"
#include "pg/fetch.hpp"
#include "pg/key_cursor.hpp"
#include "pg/order_guard.hpp"
#include "pg/prelude.hpp"
#include "pg/stream.hpp"

namespace gql::pg
{

// ForeignScanState::fdw_state.
struct Scan
{
	Fetch *fetch;
	Channel *channel;    // look-ups by key; nullptr: rows are read as they come
	bool fed;            // by a look-ahead, which then says how long keys are needed
	KeyCursor *cursor;
	Datum *key;             // the one being looked at
	bool has_list;          // some value is an array of keys
	MemoryContext round;    // everything until the next rescan
	bool started;
	OrderGuard *guard;            // nullptr: rows come in no order
	AggregateScan *aggregates;    // nullptr: the API is asked for rows

	Stream stream;    // without a channel
	Watch *watch;     // for async.cpp; nullptr: it has not waited yet

	// With a channel.
	Datum **keys;    // distinct, in the order given
	int key_count;
	int asked;    // how many the channel has been told of
	int next;     // which is demanded next
	ChannelEntry *entry;
	ChannelRow *row;        // the next to be returned
	ChannelRow *last;       // the one before
	bool failed_pending;    // the entry's stand-in for a failed look-up is still to be returned
};

}    // namespace gql::pg
