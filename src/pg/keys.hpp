// Which conditions of a query fill an argument of the API?
#pragma once

#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

// A condition `column = value` or `column = ANY (values)`.
struct KeyMatch
{
	Expr *value;    // free of the table's own columns
	bool list;
};

// Does the clause compare this column of `rel` with a value by the equality of the column's type,
// in a way the API's comparison agrees with? `column` is an index into TableSpec::columns.
bool match_key_clause(PlannerInfo *root, RelOptInfo *rel, RestrictInfo *clause, int column,
					  KeyMatch *match);

// Conditions of other users (security barriers) come first; ours may be sent before them only when
// it cannot leak.
bool is_safe_to_send(const RelOptInfo *rel, const RestrictInfo *clause);

// Is this expression the column itself, but for a relabelling of its type?
bool is_column(Node *node, RelOptInfo *rel, AttrNumber attnum);

// Is the column anywhere in the clause?
bool clause_mentions(RelOptInfo *rel, RestrictInfo *clause, AttrNumber attnum);

// Is the clause `column IS NULL`, or IS NOT NULL?
bool is_null_test(RelOptInfo *rel, RestrictInfo *clause, AttrNumber attnum, NullTestType kind);

// Does the expression hold a parameter that the executor sets while it runs? A tree walker;
// `context` is not used.
bool has_exec_param(Node *node, void *context);

// Is the value the same for the whole statement? Parameters of the statement are, those of the
// executor are not.
bool is_statement_constant(Node *value);

// The best access that the clauses can fill, or nullptr. `clauses` are what applies to a scan:
// baserestrictinfo, and the join clauses that come with its parameters. `ordered`: of those that
// take the table's orders.
Binding *bind_clauses(PlannerInfo *root, RelOptInfo *rel, List *clauses, bool ordered = false);

// The name of a column without whose value the table cannot be scanned through an access, or
// nullptr when it can.
const char *missing_argument(PlannerInfo *root, RelOptInfo *rel, size_t access);

// Raises 0A000 when a condition on an argument-only column is neither =, IN nor IS NULL.
void check_argument_conditions(PlannerInfo *root, RelOptInfo *rel);

}    // namespace gql::pg
