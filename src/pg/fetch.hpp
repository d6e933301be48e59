// How does one foreign scan ask the API, and how do answers become rows?
//
// A Fetch holds all that stays the same during a scan: the query, how keys are written and rows are
// read, and the counters EXPLAIN shows. It is used by plain scans (scan.cpp) and by the cache of
// look-ups (channel.cpp).
#pragma once

#include "core/door/limits.hpp"
#include "core/door/pages.hpp"
#include "core/door/query.hpp"
#include "core/door/reply.hpp"
#include "core/door/transport.hpp"

#include "pg/filter_values.hpp"
#include "pg/join_relation.hpp"
#include "pg/key_table.hpp"
#include "pg/options.hpp"
#include "pg/prelude.hpp"
#include "pg/types.hpp"

namespace gql::pg
{

struct FetchCounters
{
	int64 requests;           // HTTP requests for rows, retries included
	int64 schema_requests;    // introspection, once per session and API
	int64 retries;
	int64 splits;        // requests that were too large, or hid one failing key among others
	int64 rows;          // received
	int64 bytes;         // received, decompressed
	int64 prefetched;    // look-ups answered by what a look-ahead had asked for
	int64 missed;        // look-ups that had to ask by themselves
};

// A key by which a table says that its rows can be told apart.
struct DeclaredKey
{
	const char *relation;    // name, for messages
	int *columns;
	int count;
	KeyType *type;    // nullptr: not all columns are read, so that nobody can have relied on it
};

// Keys seen in one answer: of its rows, and of the parents around them.
struct KeyWatch
{
	KeyTable *rows;
	KeyTable *parents;
};

struct Operand;

struct Fetch
{
	MemoryContext context;    // everything below lives here; deleting it ends all
	const char *relation;     // name, for messages
	TableOptions *options;
	RemoteTable *table;
	Query *query;
	Query *query_by_key;    // goes on with nested pages, and stands in for arrays; nullptr until it
							// is needed
	QuerySpec spec;         // of both, but for the method
	Method method;
	Oid user_id;
	Fetch *scan;           // whose identity it shares, as what goes on with its lists; else nullptr
	Endpoint *endpoint;    // nullptr until the first request
	RequestHeaders *headers;    // with what the session said at the first request, or nullptr
	TupleDesc desc;             // of the foreign table, or of the scan where it joins two
	JoinedTable *join;          // both of them, or nullptr

	int bound_count;    // columns whose values are sent: together they are a key
	int *bound;
	bool *lists;          // the value is an array of keys
	Oid *value_types;     // of what fills the column (of its elements, for arrays), domains undone
	Oid *column_types;    // of the columns, domains undone
	bool *int32;          // the argument is GraphQL's Int, whatever the column's type
	Writer **writers;
	KeyType *key_type;
	int list_at;          // which bound column goes into the list of a list request, or -1
	int filter_key_at;    // which of them is sent in the table's filter (Access::filter_key), or -1
	Operand *filter_key;    // how it is compared there, once that is known
	bool unique;            // the declared key is bound: at most one row per key
	bool strict;            // a failed look-up must not look like an absent one
	const char *missing;    // argument that nothing fills, or nullptr

	FilterRun *filter;

	int selected_count;    // columns asked for
	int *selected;
	Reader **readers;
	int list_selected;    // which of them is the list column, or -1
	bool key_above;       // it is read of objects around the rows
	DeclaredKey row_key;
	DeclaredKey parent_key;    // of a join

	int told_count;    // aggregates that the API tells instead of rows, or 0

	const Paging *pages;         // nullptr: one request yields all rows
	const Paging *list_pages;    // of lists that go on by themselves: Access::lists
	double wanted;               // rows of a key that are enough; 0: all, -1: some
	List *order;                 // as in scan_private_order

	FetchCounters *counters;    // of the scan
};

// Opens what the plan of a foreign scan describes, in a child of the statement's context. Sends
// nothing: EXPLAIN uses it too.
Fetch *fetch_open(ForeignScanState *node);

// Asks for what `fetch` leaves of the lists inside objects (Access::lists), by the objects' keys
// and what else the lists depend on. In a child of the current context; shares the counters.
Fetch *fetch_open_rest(Fetch *fetch);

// What it asks for, as a query that puts keys into requests in this way.
Query *fetch_open_query(Fetch *fetch, Method method);

// How the values of its bound columns are compared and written.
void fetch_describe_keys(Fetch *fetch);

inline bool
is_among(int column, const int *columns, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (columns[i] == column)
		{
			return true;
		}
	}
	return false;
}

// Can any row pass the filter? Looked at once: its values hold until fetch_forget_filter().
bool fetch_admits(Fetch *fetch);
void fetch_forget_filter(Fetch *fetch);

// Raises the error for a required argument that is left open.
[[noreturn]] void fetch_raise_missing(const Fetch *fetch, const char *argument);

// How many rows a page is asked for in a request for `key_count` keys.
int fetch_page_size(const Fetch *fetch, int key_count);

// How many rows of each list inside an object are to be asked for with it, unless the API has
// refused as many.
int fetch_list_size(const Fetch *fetch);
LimitsOf fetch_list_limits(const Fetch *fetch);

// Follows the pages of a request for `key_count` keys; nullptr where rows do not come in pages.
// Belongs to `owner`.
Pager *fetch_pager(const Fetch *fetch, int key_count, MemoryContext owner);

// The same for lists that were begun.
Pager *fetch_pager_at(const Fetch *fetch, const PageStart *const *starts, int key_count,
					  MemoryContext owner);

// Where a list goes on, for as long as `owner` lives.
PageStart copy_start(const PageStart *start, MemoryContext owner);

// For errors that a change of the API's schema may be behind: whom to ask. palloc'd.
const char *check_hint(const Fetch *fetch);

// How keys are put into the request that the pager is at.
Method fetch_method(const Fetch *fetch, const Pager *pager);

// Starts a request for these keys (one key of no columns: a scan), for the page that the pager of
// the request is at. `aliases`: in place of an array of requests. The transfer belongs to `owner`.
Transfer *fetch_start(Fetch *fetch, Datum *const *keys, int key_count, const Pager *pager,
					  MemoryContext owner, bool aliases = false);

// What the option on_error makes of errors beside data.
OnError fetch_on_error(const Fetch *fetch);

// Waits for the transfer and opens its answer, which belongs to `owner`. nullptr and err when it
// failed: the caller decides whether anybody needs to know.
Reply *fetch_finish(Fetch *fetch, Transfer *transfer, int key_count, const Pager *pager,
					OnError on_error, Lifetime lifetime, MemoryContext owner, Error *err);

// Does the row make one of the scan? Objects without rows do where an outer join keeps them.
bool fetch_keeps(const Fetch *fetch, const Row *row);

// Next row of an answer; raises when the answer turns out to be unusable.
bool fetch_next(Fetch *fetch, Reply *reply, Row *row);

// Reports an error that on_error lets pass as a warning, where it says so.
void fetch_warn(const Fetch *fetch, const Reply *reply, size_t error);

// What is known of how many keys the API takes at once. Needs the API's address: see
// fetch_connect().
LimitsOf fetch_limits(const Fetch *fetch);

// Gets ready to send: finds the endpoint, asks for argument types where they are not known yet.
void fetch_connect(Fetch *fetch);

// Fills one value per attribute: selected ones from the row, arguments from the key. Of parents
// without rows, those of the parent.
void fetch_read(Fetch *fetch, const Row *row, const Datum *key, Datum *values, bool *nulls);

// The value of the list column as it came back with a row of a list request.
Datum fetch_read_list_key(Fetch *fetch, const Row *row, bool *isnull);

// The row that stands for a failed look-up under on_error 'warn' and 'null': the key, all else
// NULL. Raises the API's error where such a row would be a lie.
void fetch_read_failed(Fetch *fetch, const Error *failure, const Datum *key, Datum *values,
					   bool *nulls);

// Names the key that an error is about, in front of its detail.
void fetch_name_key(const Fetch *fetch, const Datum *key, Error *err);

// Did the row come back for the key it was asked for? Checked for arrays of keys, which nothing
// else checks.
bool fetch_matches(const Fetch *fetch, const Datum *key, const Datum *values, const bool *nulls);

// Does an answer keep the promise of the tables' keys? Holds those seen in one answer; nullptr
// where there are none to look at.
KeyWatch *fetch_watch_keys(const Fetch *fetch, MemoryContext context);

// Notes the keys of a row, given as one value per attribute. Raises 21000 when one came before.
// `seen` may be nullptr.
void fetch_watch_row(const Fetch *fetch, KeyWatch *seen, const Row *row, const Datum *values,
					 const bool *nulls, MemoryContext context);

// Fills the values of the declared keys and of the bound columns alone. False when the row is not
// of the key that was asked for: APIs that ignore case find it by others, too.
bool fetch_read_keys(Fetch *fetch, const Row *row, const Datum *key, Datum *values, bool *nulls);

// Raises 21000. `values` and `nulls`: one per attribute, of a row with the key seen twice.
[[noreturn]] void fetch_raise_duplicate(const Fetch *fetch, const DeclaredKey *declared,
										const Datum *values, const bool *nulls);

}    // namespace gql::pg
