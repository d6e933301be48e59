// Which statements repair what graphql_check() found?
#pragma once

#include "core/door/check.hpp"

#include "pg/options.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// The statements, palloc'd, or nullptr where there is nothing to be done by statements.
const char *repair_statements(const TableOptions *options, const Finding *finding);

}    // namespace gql::pg
