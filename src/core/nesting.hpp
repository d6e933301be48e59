// Are the rows of one table lists inside the rows of another?
#pragma once

#include <cstddef>

#include "core/door/join.hpp"

namespace gql
{

// How far above the child's rows the objects are that are the parent's rows; 0 where none are.
size_t nesting_levels(const JoinSpec &spec);

}    // namespace gql
