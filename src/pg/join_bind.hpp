// Which conditions on the tables of a join does the API get to know?
#pragma once

#include "pg/join_pair.hpp"
#include "pg/join_relation.hpp"
#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

// How the conditions on either table reach the API, or nullptr where it needs values that nothing
// gives, or that change while the statement runs. `clauses`: all that a row must pass.
Binding *bind_join(const JoinPair *pair, JoinedTable *table, List *clauses);

}    // namespace gql::pg
