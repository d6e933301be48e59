// What do the planner's and the executor's half of the look-ahead share?
//
// A look-ahead sits on the outer side of a core nested loop. It reads outer rows ahead, has the
// keys they carry looked up in batches, and hands the rows on unchanged and in order. It is a hint:
// any plan without it returns the same rows, with more requests.
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// A parameterised foreign scan somewhere below the inner side, and what makes its keys: the outer
// row or, where look-ups are chained, the rows that another target's look-up finds. Or a call of
// graphql_query(), and its arguments. Or another look-ahead in a subquery, and what its rows depend
// on: running it for the outer row beforehand tells what it would look up.
struct LookaheadTarget
{
	int channel;       // < 0: a call
	bool inner;        // a look-ahead, of that number
	List *params;      // IntList: parameters that all but the first of the values are for, where
					   // it is one; the first one says whether it is run at all
	List *values;      // of Expr over the outer row, or over the source's table as relation 1
	int source;        // channel of the target whose rows make the keys; 0: the outer row does
	Index relation;    // what scans it, in the query level that is being searched; 0 in others
	List *filters;     // of Expr over that relation: rows they rule out make no keys
	Cost request_cost;
	Cost rows_cost;       // of what comes back for one key
	double inner_rows;    // of a look-ahead, for one outer row
	int keys_per_request;
};

// The look-ups `inner` does, and those of subqueries in the join's conditions (of RestrictInfo),
// whose keys come from the rows of `outer`, or from rows that those find: a list of
// LookaheadTarget, sources first. `parameters`: relations whose columns the join gets as parameters
// from joins above it.
List *usable_targets(PlannerInfo *root, Path *inner, Path *outer, Relids parameters,
					 List *conditions);

// `found`, and those of `others` whose keys are made of rows that one of `found` finds, made to say
// so. All are of one query level.
List *chain_targets(List *found, List *others);

// The targets of a query level that are left when it is seen from outside: those that need nothing
// of it, and those chained to them.
List *leave_level(List *targets);

// The target of that channel, or nullptr.
LookaheadTarget *find_channel(List *targets, int channel);

// Values that are NULL, and so no keys, unless the condition holds. Changes the list.
void guard_values(List *values, Expr *condition);

// The look-ups of subqueries (SubPlans), and the calls of graphql_query(), that evaluating the
// expressions does, as far as their keys are made of what the expressions are made of.
List *find_subplan_targets(PlannerInfo *root, List *exprs);

// Is it a call of graphql_query()? Are there any in the expressions?
bool is_call(const Node *node);
bool has_calls(List *exprs);

// The call as a target; nullptr when its arguments should not be evaluated ahead: they change, or
// are calls themselves, which would be made one by one.
LookaheadTarget *find_call_target(const FuncExpr *call);

// The targets that neither are calls nor may hold any.
List *drop_calls(List *targets);

// How many subqueries and calls have to be run to compute the values? Those are looked ahead for
// below.
int count_waits(List *values);

// Can the values be computed from a row, and parameters that the row's plan gets, alone?
bool is_row_expression(List *values);

// The same, where subqueries and calls may have to be run.
bool is_row_computation(List *values);

// Does the path's row hold everything the values are made of, and at least one column?
// The rest may be parameters.
bool supplies(PlannerInfo *root, const Path *path, Relids parameters, List *values);

// A subquery sees columns of the outer query as parameters; this puts the columns back. A tree
// mutator; `context` is a List of PlannerParamItem.
Node *restore_outer_columns(Node *node, void *context);

// The look-ahead as a target, seen from the query around it; nullptr where it is of no use there.
// `path`: any path.
LookaheadTarget *find_inner_lookahead(const Path *path);

// What is asked of such a target once its number is known.
LookaheadTarget *make_inner_target(int number);

// The outer path with look-aheads for the targets, in it or above it. `parameters` as above.
Path *decorate(PlannerInfo *root, Path *outer, Relids parameters, List *targets);

// A look-ahead over rows that then have to pass `clause`, if there is one, which the outer path's
// plan would check without it.
Path *make_lookahead(PlannerInfo *root, Path *outer, List *targets, Expr *clause);

// What a look-ahead's expressions can refer to.
struct LookaheadSupply
{
	PlannerInfo *root;
	const PathTarget *target;    // the row of its child
};

// Values as that row spells its columns, and with parameters of the nested loops above. A tree
// mutator; `context` is a LookaheadSupply. For use while a plan is made.
Node *spell_as_supplied(Node *node, void *context);

extern const CustomScanMethods lookahead_scan_methods;

}    // namespace gql::pg
