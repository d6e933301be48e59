// Would a row that could not be fetched count as absent?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// True under EXISTS, IN, NOT EXISTS, NOT IN and the joins PostgreSQL makes of them. There on_error
// may not let a failed look-up pass: "no such row" would be a lie. For use while paths and plans
// are made.
bool absence_decides(PlannerInfo *root, RelOptInfo *rel);

}    // namespace gql::pg
