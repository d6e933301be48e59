// How is a column of a relationship's target compared with a value?
#pragma once

#include "pg/prelude.hpp"
#include "pg/relationship_target.hpp"
#include "pg/relationship_value.hpp"

namespace gql::pg
{

// SQL for "the column equals the value", or any element of it; notes the column in the target.
// `from` is what messages call the value.
const char *target_condition(Target *target, AttrNumber column, SourceValue value,
							 const char *from);

}    // namespace gql::pg
