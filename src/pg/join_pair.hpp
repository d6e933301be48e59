// When are two tables parent and child, joined so that the API can do it?
#pragma once

#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

// Two relations that may be parent and child.
struct JoinPair
{
	PlannerInfo *root;
	RelOptInfo *join;
	RelOptInfo *parent;
	RelOptInfo *child;
	const SpecialJoinInfo *outer;
	List *clauses;    // of the join
};

inline RelationPlan *
plan_of(const RelOptInfo *rel)
{
	return static_cast<RelationPlan *>(rel->fdw_private);
}

// Rows that have been locked or changed are looked at again one by one, which only scans of single
// tables can be.
bool may_join(const PlannerInfo *root, RelOptInfo *join, RelOptInfo *outer, RelOptInfo *inner,
			  JoinType type);

// For each column of the parent's key, one of the child's that reads it and is joined with it. NIL
// where one has none.
List *find_join_keys(const JoinPair *pair);

// Are the keys all that an outer join is on? A parent that has rows, none of which passes another
// condition, would be a row as well.
bool can_keep_parents(const JoinPair *pair, const List *keys);

// All that a row of the join must pass; of an outer one without what has decided about its rows
// already. Conditions of other users come first.
List *row_clauses(const JoinPair *pair);

// Can all columns that are asked for be read, and the conditions be checked for each of the join's
// rows, instead of for each of one table's?
bool can_read(const JoinPair *pair, List *clauses);

// The column that a Var of one of both tables is, or -1: a whole row, a system column.
int joined_column(const RelOptInfo *parent, const RelOptInfo *child, const Var *var);

// The columns in expressions over both tables, in ascending order.
List *joined_columns(const RelOptInfo *parent, const RelOptInfo *child, List *exprs);

}    // namespace gql::pg
