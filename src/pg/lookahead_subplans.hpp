// Which look-ups does a finished plan do, and which do the expressions in it?
//
// A plan holds expressions, and these hold SubPlans, which are plans again: lookahead_subplans.cpp
// searches the ones, lookahead_subtrees.cpp the others.
#pragma once

#include "pg/lookahead.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// The targets of a plan, in terms of the query level it belongs to. `initplans`: SubPlans that its
// expressions refer to by a parameter.
List *find_plan_targets(PlannerGlobal *glob, Plan *plan, List *initplans);

// The targets of expressions in a plan.
List *find_expression_targets(PlannerGlobal *glob, List *initplans, List *exprs);

// Appends the target, where the list has none of that channel.
void add_target(List **targets, LookaheadTarget *target);

// Does running the query change anything, or give another result each time?
bool is_volatile_query(::Query *query, PlannerGlobal *glob);

// Puts back what parameters stand for, in targets whose keys a row outside makes. `items`: a list
// of PlannerParamItem.
void restore_parameters(List *targets, List *items);
PlannerParamItem *make_item(int id, Node *value);

}    // namespace gql::pg
