// What do the planner's and the executor's half of the look-ahead share?
//
// A look-ahead sits on the outer side of a core nested loop. It reads outer rows ahead, has the
// keys they carry looked up in batches, and hands the rows on unchanged and in order. It is a hint:
// any plan without it returns the same rows, with more requests.
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// A parameterised foreign scan somewhere below the inner side, and the expressions over the outer
// row that make its keys.
struct LookaheadTarget
{
	int channel;
	List *values;    // of Expr
	Cost request_cost;
	Cost rows_cost;    // of what comes back for one key
	int keys_per_request;
};

// The look-ups `inner` does whose keys come from the rows of `outer`: a list of LookaheadTarget.
// `parameters`: relations whose columns the join gets as parameters from joins above it.
List *usable_targets(PlannerInfo *root, Path *inner, Path *outer, Relids parameters);

// Does the path's row hold everything the values are made of, and at least one column?
// The rest may be parameters.
bool supplies(PlannerInfo *root, const Path *path, Relids parameters, List *values);

// A subquery sees columns of the outer query as parameters; this puts the columns back. A tree
// mutator; `context` is a List of PlannerParamItem.
Node *restore_outer_columns(Node *node, void *context);

// The outer path with look-aheads for the targets, in it or above it. `parameters` as above.
Path *decorate(PlannerInfo *root, Path *outer, Relids parameters, List *targets);

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
