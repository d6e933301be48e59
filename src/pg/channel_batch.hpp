// What is a channel made of? (Shared by the files named channel*.cpp.)
#pragma once

#include "pg/channel.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// One HTTP request and the keys it is about. Those that it leaves open are asked for again by
// others.
struct ChannelRequest
{
	ChannelRequest *next;    // of the batch
	Transfer *transfer;
	MemoryContext page;    // of the transfer, where it is for a page behind the first
	Pager *pager;          // nullptr: the answer has all rows
	ChannelEntry **entries;
	int count;
	Reply *reply;    // once absorbed, unless it failed; of several pages the first
	int64 rows;    // received, of all pages; where keys are read above rows, objects that hold some
	Size memory;    // of all pages
	Error *failure;
	int splits;      // requests before it that were too large, one made from the other
	int losses;      // requests before it whose answers were lost to other keys
	bool aliases;    // sent in place of an array of requests
	bool absorbed;
	bool more;    // than what was absorbed
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
	int refusals;    // requests for several keys that failed
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

// The batch that is being gathered, made when there is none.
ChannelBatch *gathering_batch(Channel *channel);

// Puts a copy of the key, and with it the entry, into the batch that is being gathered.
void gather_key(Channel *channel, ChannelEntry *entry, const Datum *key);

// Sends one request, with no history, for keys of the batch. In the batch's context.
ChannelRequest *start_request(Channel *channel, ChannelBatch *batch, ChannelEntry **entries,
							  int count, bool aliases = false);

// Counts the memory a batch has come to; tuples made of its rows later are counted one by one.
void weigh(Channel *channel, ChannelBatch *batch);

// Waits for the request's answer, and for the pages that follow it until each key has all its rows,
// or as many as are enough, and hands them to their keys. What it failed with is kept for whoever
// demands one of its keys; keys it leaves open are asked for again.
void absorb(Channel *channel, ChannelBatch *batch, ChannelRequest *request);

// Sees to the keys that an absorbed request leaves open. `err`: what it failed with, if it did.
void ask_again(Channel *channel, ChannelBatch *batch, ChannelRequest *request, const Error *err);

// Brings the look-up of a key to its end: afterwards its rows are here, or its failure.
void settle(Channel *channel, ChannelEntry *entry);

// May the API have rows of the entry beyond those absorbed?
bool lacks_rows(Channel *channel, const ChannelEntry *entry);

// Does the same for one page more.
void absorb_more(Channel *channel, ChannelBatch *batch, ChannelRequest *request);

}    // namespace gql::pg
