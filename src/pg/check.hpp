// What do the columns of a foreign table hold, as the checks of the core want to know it?
#pragma once

#include "core/door/check.hpp"

#include "pg/options.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// Beside options->spec.columns.
const CheckColumn *describe_columns(const TableOptions *options);

}    // namespace gql::pg
