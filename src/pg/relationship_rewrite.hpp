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

// What the body takes the row to be that the function is called with: one of its source, or RECORD.
void type_row(Oid function, Oid type);

}    // namespace gql::pg
