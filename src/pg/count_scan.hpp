// How does a scan run that has the API count its rows?
#pragma once

#include "pg/prelude.hpp"
#include "pg/scan.hpp"

namespace gql::pg
{

// Stores the one row in `slot`, which is empty; leaves it so the second time.
TupleTableSlot *next_count(ForeignScanState *node, Scan *scan, TupleTableSlot *slot);

}    // namespace gql::pg
