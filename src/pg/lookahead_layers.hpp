// Which look-aheads do rows need whose expressions run subqueries or call graphql_query()?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// The look-ups that evaluating the expressions over rows of `input` does.
List *expression_targets(PlannerInfo *root, List *exprs, Path *input);

// The path with a look-ahead for each layer of the targets: whether a subquery is run at all may be
// said by another one, whose look-ups have to be on their way by then. `apart`: not in look-aheads
// that are there already, which may check something first. The last look-ahead checks `clause`, if
// there is one.
Path *add_layers(PlannerInfo *root, Path *path, List *targets, bool apart, Expr *clause);

// Does evaluating the expression run subqueries, or make calls?
bool runs_something(Node *expr);

// What rows have to hold for the expressions to be computed from them: of those that run something
// their columns (and placeholders, as `flags` of pull_var_clause() say), the others themselves.
PathTarget *plain_target(PlannerInfo *root, List *exprs, int flags);

}    // namespace gql::pg
