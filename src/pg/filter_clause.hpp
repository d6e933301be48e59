// What would the API filter by, were it asked to check one condition?
#pragma once

#include "core/door/filter.hpp"

#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

// Conditions as far as they are to be sent: see FilterNode.
struct FilterDraft
{
	PlannerInfo *root;
	RelOptInfo *rel;
	const RelationPlan *plan;
	bool per_scan;    // values may change between two scans of one statement
	Relids outer;     // other tables whose rows may give values

	// May a comparison be joined by "is not null", so that rows without a value stay away?
	bool says_not_null;

	FilterNode *nodes;
	int count;
	int capacity;
	List *values;    // of Expr
	List *sole;      // IntList: 1 where nobody else checks what is compared with the value

	// Of the last clause.
	bool recheck;          // the API may return other rows as well
	bool partial;          // it will: some of the clause is not sent
	const char *reason;    // why it cannot be sent
	int part;              // the one that is looked at, see filter_parts.hpp
	List *cut;             // IntList: parts that are not sent though the clause is, and
	List *cut_reasons;     // List of String: why
};

// Appends the condition; false, with a reason and nothing appended, when it cannot be sent so that
// every row for which it is true comes back.
bool draft_clause(FilterDraft *draft, Node *clause);

// Takes back what was appended since there were so many nodes and values.
void draft_cut(FilterDraft *draft, int nodes, int values);

}    // namespace gql::pg
