// Which functions read an API once per row, where no look-ahead can see into them?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// The path of rows that the expressions are evaluated over, with a node that says in EXPLAIN which
// functions among them read an API row by row; as it was where there are none.
Path *note_unbatched(Path *rows, List *exprs);

}    // namespace gql::pg
