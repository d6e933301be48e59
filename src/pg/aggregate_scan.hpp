// How does a scan run that has the API compute aggregates?
#pragma once

#include "pg/fetch.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

struct Scan;

struct AggregateScan;

// What the plan asks the API for; nullptr where it wants rows. palloc'd in the current context.
AggregateScan *aggregate_scan_open(const ForeignScanState *node, const Fetch *fetch);

// Stores the one row in `slot`, which is empty; leaves it so the second time.
TupleTableSlot *next_aggregates(ForeignScanState *node, Scan *scan, TupleTableSlot *slot);

}    // namespace gql::pg
