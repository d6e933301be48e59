// What are gathered calls made of? (Shared by calls.cpp and calls_batch.cpp.)
#pragma once

#include "core/door/merge.hpp"
#include "core/door/transport.hpp"

#include "pg/calls.hpp"
#include "pg/key_table.hpp"
#include "pg/options.hpp"
#include "pg/prelude.hpp"
#include "pg/session.hpp"
#include "pg/session_headers.hpp"

namespace gql::pg
{

struct CallBatch;

// What calls that can be merged have in common.
struct CallDocument
{
	KeyRef key;    // first; server, user, document and operation
	DocumentCall call;
	Oid user_id;
	bool sendable;    // a query, to a server that may be used
	ServerOptions *server;
	SessionAccess access;    // endpoint nullptr until the first request
	SessionValues *said;     // by the session, when access was taken
	Merge *merge;            // nullptr: calls are sent one by one
	int most;                // calls in one request
};

struct CallRequest;

// One call.
struct CallEntry
{
	KeyRef key;    // first; document and variables
	CallDocument *document;
	Jsonb *variables;    // in the key
	CallBatch *batch;
	CallRequest *request;    // nullptr until sent
	const char *data;        // JSON as it was sent, UTF-8
	size_t data_size;
	Error *first;    // of the errors beside it, or nullptr
	Datum value;     // jsonb, made when first demanded; 0 until then
	bool alone;      // only a request of its own can tell
};

struct CallRequest
{
	MemoryContext context;    // until absorbed
	Transfer *transfer;
	CallEntry **entries;
	int count;
	int repeats;    // how often single calls have been taken out of it
	Error *failure;
	bool absorbed;
};

// Calls gathered and sent together; the unit of memory.
struct CallBatch
{
	CallBatch *next;    // sent after this one
	MemoryContext context;
	CallEntry **entries;
	int count;
	int capacity;
	int64 needed_until;
	Size memory;    // as counted in Calls::memory
};

struct Calls
{
	Calls *next;    // of all statements in progress
	MemoryContext context;
	Snapshot snapshot;
	KeyType *document_type;
	KeyTable *documents;    // of CallDocument
	KeyType *entry_type;
	KeyTable *entries;     // of CallEntry
	CallBatch *batches;    // sent, oldest first
	CallBatch *newest;
	CallBatch *gathering;
	CallBatch *current;      // holds the entry last demanded
	CallDocument *wanted;    // last
	Size memory;
	int64 released;
	CallCounters counters;
};

// Sends the entries of a batch, those with one document together.
void send_calls(Calls *calls, CallBatch *batch);

// Waits until the entry's request is answered; what was too much for one request is sent again in
// smaller ones.
void absorb_call(Calls *calls, CallEntry *entry);

}    // namespace gql::pg
