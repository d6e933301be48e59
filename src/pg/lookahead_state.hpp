// What does a look-ahead remember while it runs?
//
// Outer rows are gathered into batches. A batch is complete when the keys it brought fill a
// request, or when its rows have taken their share of work_mem; never after a count of rows, so
// that the number of requests does not depend on the order of the rows. Up to `concurrency` batches
// are on their way while the oldest is handed on. Where the plan may stop early, batches begin
// small and grow, one at a time.
#pragma once

#include "pg/calls.hpp"
#include "pg/channel.hpp"
#include "pg/key_cursor.hpp"
#include "pg/keys.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

struct OuterBatch
{
	MemoryContext context;
	MinimalTuple *rows;
	int count;
	int capacity;
	int next;    // to hand on
	int64 number;
};

struct LookaheadState;

struct TargetState
{
	int channel_id;    // < 0: a call of graphql_query()
	List *params;      // IntList; of another look-ahead
	int source_id;
	TargetState *source;      // whose rows make the keys; nullptr: the outer row does
	Channel *channel;         // nullptr: none, or its scan is not part of this execution
	LookaheadState *inner;    // nullptr: none, or it has to do by itself
	List *states;             // ExprState
	KeyCursor *cursor;
	Datum *key;
	int size;    // keys that fill a request
	int gathered;
	int64 gathered_since;     // batch that brought the first of them
	TupleTableSlot *found;    // a row it found, where others are chained to it
	int64 followed;           // batches up to this one have brought their keys, where chained
};

struct LookaheadState
{
	CustomScanState css;       // first
	LookaheadState *next;      // of all statements in progress
	LookaheadState *driver;    // reads this one's rows ahead for it, which only hands them on
	PlanState *child;
	TargetState *targets;
	int target_count;
	Calls *calls;           // of all targets that are calls; nullptr when there are none
	TupleTableSlot *row;    // a buffered row
	OuterBatch *ring;       // queue of batches
	int ring_size;
	int head;
	int count;
	int allowed;     // batches on their way at once
	int first;       // keys of the first batch; 0: full batches at once
	int limit;       // keys of the next batch
	bool in_step;    // with what is done with the rows: nothing is read ahead
	bool ended;
	bool opened;      // channels are known
	int64 filled;     // batches of rows so far
	int64 batches;    // those that brought keys
	int64 keys;
};

// Of lookahead_exec.cpp. Gets ready to read rows.
void open_targets(LookaheadState *state);

// Of lookahead_inner.cpp. Notes a look-ahead for others to find, until its statement ends.
void note_lookahead(LookaheadState *state);

// The look-ahead that the target stands for, where it is part of this execution and running it
// beforehand is possible. nullptr otherwise.
LookaheadState *find_inner(const LookaheadState *state, const TargetState *target);

// Does another look-ahead read this one's rows ahead?
bool has_driver(const LookaheadState *state);

// Does it begin new batches for each row of the query around it, with nothing asked for beforehand?
bool begins_anew(const LookaheadState *state);

// Takes over what the target stands for.
void open_inner(LookaheadState *state, TargetState *target);

// Has everything looked up that the inner look-ahead would look up for the row in the node's
// ExprContext; or, of what is chained there, the keys of `last`. True as for feed_row().
bool feed_inner(LookaheadState *state, TargetState *target, TargetState *last, int64 batch);

// Of lookahead_feed.cpp. Is the target a call? Do rows of the child make its keys?
bool is_call(const TargetState *target);
bool is_fed_by_rows(const TargetState *target);

// Has everything looked up and called that the row in the node's ExprContext brings for targets
// that are fed by rows. True when a request is full, or the batch as small as it is to be.
bool feed_row(LookaheadState *state, int64 batch);

// Has the keys of `last`, a chained target of the node or of one that it reads rows for, looked up
// that the row in the node's ExprContext leads to.
void follow_row(LookaheadState *state, TargetState *last, int64 batch);

// Sends what the target has gathered; calls go out together.
void send_gathered(LookaheadState *state, TargetState *target);

// Of lookahead_batches.cpp. Reads ahead as far as allowed.
void read_ahead(LookaheadState *state);

// The oldest batch has been handed on.
void finish_head(LookaheadState *state);

// Of lookahead_explain.cpp: an ExplainCustomScan.
void explain_lookahead(CustomScanState *node, List *ancestors, ExplainState *es);

}    // namespace gql::pg
