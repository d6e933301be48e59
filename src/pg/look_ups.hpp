// How do the rows of a list of keys come, one after the other?
#pragma once

#include "pg/channel.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

struct LookUps
{
	Channel *channel;
	bool fed;             // by a look-ahead, which then says how long keys are needed
	Datum **keys;         // distinct, in the order given
	PageStart *starts;    // of each key: where its list goes on; nullptr: they begin
	int key_count;
	int asked;       // how many the channel has been told of
	int next;        // which is demanded next
	int64 passed;    // keys of lists before this one
	ChannelEntry *entry;
	ChannelRow *row;        // the next to be returned
	ChannelRow *last;       // the one before
	bool failed_pending;    // the entry's stand-in for a failed look-up is still to be returned
};

// Takes the place of the list before. Keys live until the last row is returned.
void look_ups_start(LookUps *look_ups, Datum **keys, PageStart *starts, int key_count);

// Stores the next row in `slot`, which is empty; leaves it so at the end.
TupleTableSlot *look_ups_next(LookUps *look_ups, TupleTableSlot *slot);

}    // namespace gql::pg
