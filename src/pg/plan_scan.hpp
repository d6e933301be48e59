// How is a way to scan made ready for the executor, and what does it cost?
#pragma once

#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

// A number for a channel, or for what is looked ahead for as if it were one.
int new_channel();

// Do the values of the binding hold for the whole statement?
bool binds_constants(const Binding *binding);

// Keys that change while the statement runs need a channel; a single key that does not is an
// ordinary scan with arguments.
void assign_channel(Binding *binding);

// How many keys the values of the binding are thought to be.
double count_keys(PlannerInfo *root, const Binding *binding);

// How many values the column is thought to have. `known`: ANALYZE has told something of it.
double distinct_values(PlannerInfo *root, RelOptInfo *rel, int column, bool *known);

// For generate_implied_equalities_for_column(): is the member the column whose attribute number
// `arg` points to?
bool is_wanted_column(PlannerInfo *root, RelOptInfo *rel, EquivalenceClass *ec,
					  EquivalenceMember *member, void *arg);

// Adds a set of relations to others, unless it is there, or there are very many.
List *add_relids(List *sets, Relids relids);

// How many requests it takes until so many rows have come through one field.
double pages_of(const RelationPlan *plan, const Access *access, double rows);

}    // namespace gql::pg
