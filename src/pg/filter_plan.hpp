// Which conditions of a scan does the API's filter take over?
#pragma once

#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

// What becomes of the conditions of one binding, those that fill its arguments aside.
struct FilterPlan
{
	List *exact;          // of RestrictInfo: sent, and right without a second look
	List *rechecked;      // of RestrictInfo: sent, but the API may return other rows as well
	List *kept;           // of RestrictInfo: not sent
	List *reasons;        // of String, one for each of `kept`
	List *cut;            // of RestrictInfo: those of `rechecked` of which a part is not sent,
	List *parts;          // IntList: which (filter_parts.hpp), and
	List *cut_reasons;    // of String: why; a clause may come more than once
	bool close;           // what is rechecked removes few rows if any

	// What is sent, as the plan carries it. Flat: the operator, column, value and count of each
	// FilterNode (core/door/filter.hpp), parents before children.
	List *nodes;     // IntList
	List *values;    // of Expr: what columns are compared with
	List *sole;      // IntList: 1 for each value that nobody else compares
};

// Sorts the clauses: baserestrictinfo, and the join clauses that come with a path's parameters.
// The binding must have its channel already. `outer`: other tables whose rows may give values.
// palloc'd; never nullptr.
FilterPlan *plan_filter(PlannerInfo *root, RelOptInfo *rel, const Binding *binding, List *clauses,
						Relids outer = nullptr);

// Which part of the table's rows passes the filter.
double filter_selectivity(PlannerInfo *root, const RelOptInfo *rel, const FilterPlan *filter);

}    // namespace gql::pg
