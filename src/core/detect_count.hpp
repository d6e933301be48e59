// Which number in an API counts the rows of a field?
#pragma once

#include <string>

#include "core/row_source.hpp"

namespace gql
{

// The path from the query root, "" when there is none. `selecting`: what selects the rows; a field
// beside it counts the same only where it takes all of these. It is said to take those of `sent`.
std::string detect_count(const SchemaTypes &schema, const RowSource &source,
						 const std::vector<const InputInfo *> &selecting,
						 const std::vector<std::string> &sent);

}    // namespace gql
