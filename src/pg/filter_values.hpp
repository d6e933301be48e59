// What are the conditions of a filter compared with while a scan runs?
#pragma once

#include "core/door/filter.hpp"
#include "core/door/query.hpp"

#include "pg/options.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

struct FilterRun
{
	FilterNode *nodes;
	int count;

	// One per value.
	int value_count;
	ExprState **states;
	int *node_of;
	bool *lists;         // the value is an array
	Oid *value_types;    // of its elements, domains undone
	Oid *types;          // as which it is compared
	bool *sole;          // nobody else makes this comparison

	ExprContext *econtext;
	bool known;     // the query has been told
	bool admits;    // some row may pass
	bool can_recheck;
	bool recheck;    // the plan's fdw_recheck_quals are to be checked, since not all could be said
};

// Of the plan of a foreign scan; palloc'd in the current context.
FilterRun *filter_open(ForeignScanState *node, const TableOptions *options, int bound_count);

// Evaluates the values and tells what they say without asking the API anything. False when no row
// can pass.
bool filter_admits_any(FilterRun *filter, Query *query);

// Evaluates the values and tells the query. False when no row can pass.
bool filter_tell(FilterRun *filter, Query *query, const Endpoint *endpoint, const char *relation);

}    // namespace gql::pg
