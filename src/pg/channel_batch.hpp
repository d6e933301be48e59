// What is a channel made of? (Shared by channel.cpp and channel_batch.cpp.)
#pragma once

#include "pg/channel.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// One HTTP request and the keys it is about.
struct ChannelRequest
{
	Transfer *transfer;
	Pager *pager;    // nullptr: the answer has all rows
	ChannelEntry **entries;
	int count;
	Reply *reply;    // once absorbed, unless it failed; of several pages the first
	Size memory;     // of all pages
	Error *failure;
	bool absorbed;
};

// Keys gathered and sent together; the unit of memory.
struct ChannelBatch
{
	ChannelBatch *next;    // sent after this one
	MemoryContext context;
	ChannelEntry **entries;
	int count;
	int capacity;
	ChannelRequest *requests;
	int request_count;
	int64 needed_until;
	Size memory;    // as counted in Channel::memory
	bool ahead;     // gathered before any key of it was demanded
};

struct Channel
{
	Channel *next;    // in `channels`
	EState *estate;
	int id;
	Fetch *fetch;
	KeyTable *keys;           // of ChannelEntry
	ChannelBatch *batches;    // sent, oldest first
	ChannelBatch *newest;
	ChannelBatch *gathering;
	ChannelBatch *current;    // holds the entry last demanded
	Size memory;              // of the batches, as far as counted
	Datum *values;            // scratch: one row of the table
	bool *nulls;
	int64 released;    // look-ahead batches before this one are done with
};

// Waits for the request's answer, and for all pages that follow it, and hands its rows to their
// keys. What it failed with is kept for whoever demands one of its keys.
void absorb(Channel *channel, ChannelBatch *batch, ChannelRequest *request);

}    // namespace gql::pg
