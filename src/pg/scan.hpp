// What is the state of a foreign scan while it runs?
#pragma once

#include "pg/aggregate_scan.hpp"
#include "pg/fetch.hpp"
#include "pg/key_cursor.hpp"
#include "pg/look_ups.hpp"
#include "pg/order_guard.hpp"
#include "pg/prelude.hpp"
#include "pg/stream.hpp"

namespace gql::pg
{

// ForeignScanState::fdw_state.
struct Scan
{
	Fetch *fetch;
	KeyCursor *cursor;
	Datum *key;             // the one being looked at
	bool has_list;          // some value is an array of keys
	MemoryContext round;    // everything until the next rescan
	bool started;
	OrderGuard *guard;            // nullptr: rows come in no order
	AggregateScan *aggregates;    // nullptr: the API is asked for rows

	LookUps look_ups;    // by key; without a channel rows are read as they come:
	Stream stream;
	Watch *watch;    // for async.cpp; nullptr: it has not waited yet
};

}    // namespace gql::pg
