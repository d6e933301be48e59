// How does a backend wait for the network without becoming deaf?
#pragma once

#include "core/door/transport.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// Returns when `transfer` is done. Cancel, statement_timeout, termination and the postmaster's
// death take effect at once; all other transfers go forward meanwhile.
void wait_for(const Transfer *transfer);

}    // namespace gql::pg
