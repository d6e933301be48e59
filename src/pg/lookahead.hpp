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
	int keys_per_request;
};

// The look-ups `inner` does whose keys come from the rows of `outer`: a list of LookaheadTarget.
List *usable_targets(Path *inner, Path *outer);

// Does the path's row hold everything the values are made of, and at least one column?
bool supplies(const Path *path, List *values);

// Values as the row of that path spells its columns: what a plan node above it can refer to. A tree
// mutator; `context` is the PathTarget.
Node *spell_as_supplied(Node *node, void *context);

extern const CustomScanMethods lookahead_scan_methods;

}    // namespace gql::pg
