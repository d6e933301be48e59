// Which aggregates of a query can the API be asked for?
#pragma once

#include "core/door/aggregates.hpp"

#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

// What the API tells instead of rows.
struct AggregateDraft
{
	RelOptInfo *rel;
	const RelationPlan *plan;
	List *aggregates;    // of Aggref: of the query, each once
	List *made;          // IntList: as in scan_private_made
	Aggregate *told;     // in one answer
	int told_count;
	RemoteTable *table;    // that tells them
};

// Fills what is asked of the API for the aggregates of a query over `rel` alone that wants nothing
// but these and what can be made of them; nullptr where there are none, or the API does not tell
// all of them.
AggregateDraft *draft_aggregates(PlannerInfo *root, RelOptInfo *rel);

// What is told, as in scan_private_told.
List *told_to_nodes(const AggregateDraft *draft);

}    // namespace gql::pg
