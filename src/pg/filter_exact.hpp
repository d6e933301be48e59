// Will values arrive at the API as they are?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// Will every value that the expression can have, or every element of every array, arrive at the API
// as it is? Types that hold more than GraphQL's own numbers do so value by value.
bool arrives_whole(Oid type, Expr *value);

}    // namespace gql::pg
