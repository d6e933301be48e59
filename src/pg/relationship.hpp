// Which functions are relationships, and what do they say?
//
// A relationship is its function: its body says what is matched, a line of its comment that it is
// one. Nothing else is stored.
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// The comment that makes a function the relationship `name`. pg_graphql reads from it what to call
// its field.
const char *relationship_comment(const char *name);

// The function of the relationship `name` of a table, InvalidOid when there is none.
Oid find_relationship(Oid source, const char *name);

}    // namespace gql::pg
