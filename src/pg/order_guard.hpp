// Do rows come in the order that the planner was promised?
#pragma once

#include "pg/options.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

struct OrderGuard;

// `order`: as in scan_private_order. nullptr where nothing was promised.
OrderGuard *order_guard_open(List *order, const TableOptions *options, const char *relation);

// Rows of another scan, or of another key, follow.
void order_guard_restart(OrderGuard *guard);

// Raises HV00M when the row belongs before the one that came last.
void order_guard_check(OrderGuard *guard, TupleTableSlot *slot);

}    // namespace gql::pg
