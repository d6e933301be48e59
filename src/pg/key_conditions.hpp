// What do the conditions of a query say about the columns that fill arguments?
#pragma once

#include "pg/keys.hpp"
#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

// What the clauses say about one column.
struct ColumnCondition
{
	bool matched;
	KeyMatch match;
	RestrictInfo *clause;
};

// Is the column nothing but an argument, which rows do not show?
bool is_argument_only(const RelationPlan *plan, int column);

// Column by column, in the order of TableSpec::columns.
ColumnCondition *find_conditions(PlannerInfo *root, RelOptInfo *rel, List *clauses);

// The first argument of the access that must have a value and gets none, or -1.
int open_argument(const Access *access, const ColumnCondition *conditions);

// A column that is only an argument and is compared, but that the access does not send, or -1: what
// is not sent cannot be checked afterwards.
int unsent_condition(const RelationPlan *plan, const Access *access,
					 const ColumnCondition *conditions);

// A column that is only an argument and is joined, but compared with nothing yet, or -1: a scan
// that does not fill it would compare NULLs.
int joined_argument(PlannerInfo *root, RelOptInfo *rel, const ColumnCondition *conditions);

}    // namespace gql::pg
