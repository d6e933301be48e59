// Which sums, minima and maxima of a field's rows does an API tell?
#pragma once

#include <string>
#include <vector>

#include "core/import_draft.hpp"

namespace gql
{

// The value of the option `aggregates`, "" when there are none. `count`: that of the option of this
// name, beside which they are looked for.
std::string detect_aggregates(const SchemaTypes &schema, const std::string &count,
							  const std::vector<ColumnDraft> &columns);

}    // namespace gql
