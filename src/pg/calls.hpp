// Where do calls of graphql_query() meet what was already asked for?
//
// A look-ahead puts calls in early and sends them in batches; the function looks here before it
// sends anything by itself. As with look-ups (channel.hpp), neither needs the other: results never
// depend on what was prefetched, answers raise only when they are demanded, and the oldest ones
// that no buffered row needs are dropped when work_mem is used up.
//
// The function does not know which statement it is called in, but its snapshot does: calls share
// answers where they share a snapshot, which is what STABLE means. A volatile function that queries
// on its own has a snapshot of its own.
#pragma once

#include "pg/document_call.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// Noted by graphql_query()'s planner support, without which there is no such call in a plan.
extern Oid query_function;

// The arguments of a call, in their order.
enum CallArgument
{
	call_server,
	call_document,
	call_variables,
	call_operation,
	call_arguments,
};

struct Calls;

struct CallCounters
{
	int64 requests;    // retries included
	int64 retries;
	int64 bytes;
	int64 prefetched;    // calls answered by what a look-ahead had asked for
	int64 missed;        // calls that had to ask by themselves
};

// What one look-ahead asks for; lives in the statement's context.
Calls *calls_open(EState *estate);

// Puts a call on the list of the batch being gathered, unless it is there already, or could not be
// sent: then the function will say why. True when it is new there. `needed_until`: the look-ahead's
// batch that will make the call.
bool calls_want(Calls *calls, const Datum *arguments, const bool *nulls, int64 needed_until);

// How many calls the server wanted last takes in one request.
int calls_per_request(const Calls *calls);

// Has what is gathered come to as much memory as there is to be?
bool calls_heavy(const Calls *calls);

// Sends what is gathered.
void calls_send(Calls *calls);

// Batches before this one are done with.
void calls_release(Calls *calls, int64 batch);

const CallCounters *calls_counters(const Calls *calls);

// The answer to a call of the present snapshot, in the current memory context. Raises what it
// failed with. False when nobody has asked; then `missed` counts what it costs, if not nullptr.
bool calls_answer(const DocumentCall *call, Datum *data, CallCounters **missed);

}    // namespace gql::pg
