// Which plans are below a plan?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// The plans that a plan reads: a list of Plan, for nodes of any kind that can be above a foreign
// scan.
List *plan_children(const Plan *plan);

}    // namespace gql::pg
