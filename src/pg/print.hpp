// How is an expression shown where PostgreSQL does not see where all its parameters come from?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// As deparse_expression() with this context; parameters print as their number.
char *print_expression(Node *expression, List *context, bool prefix);

// As EXPLAIN shows an expression of a plan of the statement. Parameters that joins and subqueries
// above it set print as what they stand for, all others as their number.
char *print_in_plan(Node *expression, Plan *plan, const PlannedStmt *statement, bool prefix,
					ExplainState *es);

}    // namespace gql::pg
