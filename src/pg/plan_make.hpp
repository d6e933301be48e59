// What do plans of scans and of joins have in common?
#pragma once

#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

// The conditions of a plan, and what EXPLAIN says of them.
struct Quals
{
	List *kept;    // checked by the executor
	List *exact;
	List *rechecked;    // IntList: indexes into `kept`
	List *unsent;       // IntList: likewise, each followed by a part of the condition, and
	List *reasons;      // List of String: why that is not sent
};

// `clauses`: of RestrictInfo.
Quals sort_clauses(const Binding *binding, List *clauses);

// Some servers answer null for a row of a connection of which no wanted field holds a value: so
// that it is not taken for no row, a column that always holds one is asked for as well.
List *add_witness(List *columns, const RelationPlan *plan, const Binding *binding);

// The columns that a request must bring back because keys are found again by them.
List *add_key_columns(List *columns, const RelationPlan *plan, const Binding *binding);

// What fills the arguments, then what the filter compares with.
List *sent_values(const Binding *binding);

}    // namespace gql::pg
