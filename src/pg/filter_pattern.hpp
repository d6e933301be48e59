// What does a pattern tell of the texts that are like it?
//
// Many APIs have no word for LIKE, but some for the beginning, the end or any part of a text.
#pragma once

#include "core/door/filter.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// What all of them begin with, end in or contain, or are; nullptr where that does not show.
Expr *part_of_pattern(Expr *pattern, FilterOperator *op);

}    // namespace gql::pg
