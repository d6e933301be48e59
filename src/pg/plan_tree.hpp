// Which plans are below a plan, and which above?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// The plans that a plan reads: a list of Plan, for nodes of any kind that can be above a foreign
// scan.
List *plan_children(const Plan *plan);

// What is above a plan of the statement, nearest first, as ruleutils.c wants it: each Plan, and
// between them the SubPlan whose plan it is in.
List *plans_above(const PlannedStmt *statement, const Plan *plan);

// Can the value of an expression of this plan change while the statement runs? Results of
// subqueries that depend on nothing do not.
bool changes_in_statement(Node *expression, Plan *plan, const PlannedStmt *statement);

}    // namespace gql::pg
