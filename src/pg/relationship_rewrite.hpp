// How is the body of a relationship's function changed?
//
// As a tree, without parsing: nothing of anybody's is run, and it does not matter who owns what.
// The function stays locked until the transaction ends.
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// Lets the function return the columns that the target has, without those in `hidden` that it does
// not match by.
void return_columns(Oid function, Relation target, Bitmapset *hidden);

// Before a statement that PostgreSQL refuses where a body holds the source's row type, the body
// does without; after the statement it is as it was.
void rewrite_values(Oid function, Relation source, bool before);

}    // namespace gql::pg
