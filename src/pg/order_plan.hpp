// In which order, and how many of them, is an API asked for rows?
#pragma once

#include "core/door/order.hpp"

#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

// An order that the API and SQL agree on.
struct OrderPlan
{
	List *pathkeys;    // what rows come in
	OrderKey *keys;    // what is sent
	int count;
	int count_counted;    // the same for pages found by counting, with keys that leave no ties
	bool total;           // those leave none
	List *checked;        // of PathKey: of the first of `keys`, which rows are held to
	List *operators;      // OidList: that order by each of them
	bool loose;           // as bound: rows may change places between pages, of which one is enough
};

// Does an API order values of this type as SQL does?
bool is_ordered_alike(Oid type, Oid collation);

// The orders in which the planner can make use of a scan that needs no other relations: a list of
// lists of pathkeys.
List *useful_orders(PlannerInfo *root, RelOptInfo *rel);

// How the API is asked for rows in this order, or in what the order begins with; nullptr where it
// has no such order or SQL's is another.
OrderPlan *plan_order(RelOptInfo *rel, List *pathkeys);

// Sets in which order (nullptr: any) rows of the binding are asked for, and how many of each key
// are enough; the binding's method may change so that each key has pages of its own. False where
// its pages would not keep the order. The binding must have its channel already. `clauses`: what
// applies to the scan.
bool bind_pages(PlannerInfo *root, RelOptInfo *rel, Binding *binding, const OrderPlan *order,
				List *clauses);

// What the plan carries of an order, which may be nullptr: see scan_private_order.
List *order_to_nodes(const OrderPlan *order);

}    // namespace gql::pg
