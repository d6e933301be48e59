// What does the plan of a foreign scan carry from the planner to the executor?
//
// ForeignScan::fdw_private is a list of copyable nodes in this order; fdw_exprs holds the values
// that fill the bound columns. Nothing secret: EXPLAIN and debug_print_plan show plans.
#pragma once

#include "core/door/aggregates.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

enum ScanPrivate
{
	scan_private_channel,      // Integer: 0 when keys do not change while the statement runs
	scan_private_access,       // Integer
	scan_private_method,       // Integer: gql::Method
	scan_private_bound,        // IntList: columns bound, in the order of fdw_exprs' first
	scan_private_lists,        // IntList: 1 where the value is an array of keys
	scan_private_selected,     // IntList: columns asked for
	scan_private_unique,       // Integer: 1 when the declared key is bound
	scan_private_strict,       // Integer: 1 when "absent" must not stand for "failed"
	scan_private_missing,      // String: argument that nothing fills, "" for none
	scan_private_wanted,       // Float: rows that are enough, 0 all, -1 some, nobody knows how many
	scan_private_order,        // List in the order of OrderPrivate
	scan_private_filter,       // IntList: operator, column, value and count of each FilterNode; the
							   // values follow those of the bound columns in fdw_exprs
	scan_private_sole,         // IntList: 1 for each value of the filter that nobody else compares
	scan_private_rechecked,    // IntList: which of the plan's quals are sent, too
	scan_private_kept,         // IntList: which of them it does not say, each with the part of it
							   // that is meant (filter_parts.hpp), and
	scan_private_reasons,      // List of String: why
	// Where the API computes aggregates:
	scan_private_conditions,    // String: "" none
	scan_private_told,          // IntList: function and column of each Aggregate that it tells
	scan_private_made,          // IntList: for each target of the scan how it is made (Made), of
								// which, and which counts its values, -1 none

	scan_private_joined = scan_private_conditions,    // List in the order of JoinPrivate, where the
													  // rows of two tables come as one
};

// Columns of the scan's rows are the child's, then the parent's.
enum JoinPrivate
{
	join_private_keys,              // IntList: of the child and of the parent, by turns
	join_private_outer,             // Integer: 1 when parents without rows are rows, too
	join_private_filters_parent,    // Integer: 1 when the filter is the parent's
};

enum OrderPrivate
{
	order_private_sent,           // IntList: column, 1 for descending, place of nulls, and so on
	order_private_operators,      // OidList: by which the first columns sent are ordered
	order_private_nulls_first,    // IntList: 1 or 0 for each of them
	order_private_loose,          // Integer: 1 when rows may change places between pages
};

// How an aggregate is made of what the API tells.
enum class Made : int
{
	count,
	sum,
	average,    // of a sum and a number
	extreme,
};

inline List *
plan_list(const ForeignScan *plan, ScanPrivate which)
{
	return static_cast<List *>(list_nth(plan->fdw_private, which));
}

inline int
plan_int(const ForeignScan *plan, ScanPrivate which)
{
	return intVal(list_nth(plan->fdw_private, which));
}

inline Aggregate
plan_aggregate(const ForeignScan *plan, int index)
{
	List *told = plan_list(plan, scan_private_told);

	return {static_cast<AggregateFunction>(list_nth_int(told, 2 * index)),
			list_nth_int(told, 2 * index + 1)};
}

struct Binding;

// `selected`: columns asked for; `strict`, `wanted` as above.
List *make_scan_private(const Binding *binding, List *selected, bool strict, double wanted);

// Must be told when a qual of a scan, if it is one of ours, has been moved to another node.
void forget_qual(Plan *plan, int place);

// CustomScan::custom_private of the look-ahead. The key expressions of its targets, one target
// after the other, are in custom_exprs or, of chained ones, in custom_private: those are not over
// the rows of the child.
enum LookaheadPrivate
{
	lookahead_private_channels,    // IntList: channel of each target
	lookahead_private_counts,      // IntList: expressions of each target
	lookahead_private_first,       // Integer: keys of the first batch, 0: full batches at once
	lookahead_private_sources,     // IntList: channel whose rows make the keys; 0: the child's do
	lookahead_private_chained,     // List: key expressions over rows of the source, as relation 1
	lookahead_private_settings,    // Integer: 1 when the statement may change settings
	lookahead_private_number,      // Integer: its number as a target of others; 0: none
	lookahead_private_params,      // List of IntList: LookaheadTarget::params of each target
	lookahead_private_outside,     // IntList: parameters that are set outside the query it is in
	lookahead_private_staying,     // IntList: parameters that do not change from row to row
};

}    // namespace gql::pg
