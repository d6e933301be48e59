// In which order, and how many of them, is an API asked for rows?
//
// An order is asked for only where it is SQL's: of types that everybody compares in the same way,
// of text in bytes where the column is declared so, and of columns that may be null where the
// option says where nulls go. Rows are held to it while they are read (order_guard.cpp).
//
// A LIMIT only ever decides how many rows a page is asked for. Going on is always possible, so it
// cannot make a result wrong.

#include "pg/order_plan.hpp"

#include "pg/filter_plan.hpp"
#include "pg/keys.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// A column of the table and the type as which it is ordered, which may be one that it only stands
// for.
struct OrderedColumn
{
	int column;    // -1: none
	Oid type;
};

OrderedColumn
ordered_column(RelOptInfo *rel, const PathKey *key)
{
	const TableOptions *options = static_cast<RelationPlan *>(rel->fdw_private)->options;
	ListCell *cell;

	if (!key->pk_eclass->ec_has_volatile)
	{
		foreach (cell, members_for(key->pk_eclass, rel))
		{
			auto *member = static_cast<EquivalenceMember *>(lfirst(cell));

			for (size_t i = 0; i < options->spec.column_count; i++)
			{
				if (is_column(reinterpret_cast<Node *>(member->em_expr), rel, options->attnums[i]))
				{
					return {static_cast<int>(i), member->em_datatype};
				}
			}
		}
	}
	return {-1, InvalidOid};
}

// Does a row of the table alone decide about the key? Where no two rows are equal in the keys
// before it, rows come in its order then, whatever it is.
bool
is_decided_by(RelOptInfo *rel, const PathKey *key)
{
	ListCell *cell;

	if (key->pk_eclass->ec_has_volatile)
	{
		return false;
	}
	foreach (cell, members_for(key->pk_eclass, rel))
	{
		auto *member = static_cast<EquivalenceMember *>(lfirst(cell));

		if (!bms_is_empty(member->em_relids) && bms_is_subset(member->em_relids, rel->relids))
		{
			return true;
		}
	}
	return false;
}

OrderKey
order_key(const RelationPlan *plan, const PathKey *key, int column)
{
	NullPlace nulls = key->pk_nulls_first ? NullPlace::first : NullPlace::last;

	return {column, is_descending(key),
			plan->options->not_null[column] ? NullPlace::unknown : nulls};
}

bool
can_order_by(const RelationPlan *plan, const PathKey *key, const OrderedColumn &ordered)
{
	const TableOptions *options = plan->options;
	const int column = ordered.column;
	const Oid type = column < 0 ? InvalidOid : getBaseType(options->types[column]);

	return column >= 0 && !options->spec.columns[column].path.empty() &&
		   table_orders(plan->table, order_key(plan, key, column)) &&
		   is_ordered_alike(type, options->collations[column]) &&
		   (ordered.type == type || (ordered.type == TEXTOID && type == VARCHAROID)) &&
		   key->pk_opfamily ==
			   lookup_type_cache(ordered.type, TYPECACHE_BTREE_OPFAMILY)->btree_opf &&
		   key->pk_eclass->ec_collation == options->collations[column];
}

bool
has_key(const OrderPlan *order, int count, int column)
{
	for (int i = 0; i < count; i++)
	{
		if (order->keys[i].column == column)
		{
			return true;
		}
	}
	return false;
}

// Are no two rows equal in these keys?
bool
is_total(const TableOptions *options, const OrderPlan *order, int count)
{
	for (int i = 0; i < options->key_count; i++)
	{
		if (!has_key(order, count, options->key[i]) || !options->not_null[options->key[i]])
		{
			return false;
		}
	}
	return options->key_count > 0;
}

// Columns of the declared key behind those that were asked for, in whatever order the API has.
void
break_ties(const RelationPlan *plan, OrderPlan *order)
{
	const TableOptions *options = plan->options;

	order->count_counted = order->count;
	for (int i = 0; i < options->key_count && table_order_takes_many(plan->table); i++)
	{
		const OrderKey key = {options->key[i], false};

		if (!has_key(order, order->count_counted, key.column) && table_orders(plan->table, key))
		{
			order->keys[order->count_counted++] = key;
		}
	}
	order->total = is_total(options, order, order->count_counted);
}

// Can rows be ordered by one more key? Among those that only rounding makes equal there is an order
// already.
bool
can_go_on(const RelationPlan *plan, const OrderPlan *order)
{
	return table_order_takes_many(plan->table) &&
		   !is_rounded(plan->options, order->keys[order->count - 1].column);
}

// Those in which a merge join could use the rows.
List *
join_orders(PlannerInfo *root, RelOptInfo *rel)
{
	List *classes = NIL;
	List *orders = NIL;
	ListCell *cell;

	foreach (cell, root->eq_classes)
	{
		auto *ec = static_cast<EquivalenceClass *>(lfirst(cell));

		if (!ec->ec_has_const && list_length(ec->ec_members) > 1 &&
			bms_is_subset(rel->relids, ec->ec_relids) && !bms_equal(rel->relids, ec->ec_relids))
		{
			classes = lappend(classes, ec);
		}
	}
	foreach (cell, rel->joininfo)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

		if (clause->mergeopfamilies != NIL)
		{
			update_mergeclause_eclasses(root, clause);
			classes = list_append_unique_ptr(
				classes, bms_is_subset(rel->relids, clause->left_relids) ? clause->left_ec
																		 : clause->right_ec);
		}
	}
	foreach (cell, classes)
	{
		orders = lappend(orders, list_make1(ascending_pathkey(
									 root, static_cast<EquivalenceClass *>(lfirst(cell)))));
	}
	return orders;
}

// A condition that no row fails: IS NOT NULL on a column that is not null.
bool
removes_nothing(RelOptInfo *rel, RestrictInfo *clause)
{
	const TableOptions *options = static_cast<RelationPlan *>(rel->fdw_private)->options;

	for (size_t i = 0; i < options->spec.column_count; i++)
	{
		if (options->not_null[i] && is_null_test(rel, clause, options->attnums[i], IS_NOT_NULL))
		{
			return true;
		}
	}
	return false;
}

// Are all conditions sent, so that few of the rows that come fail them?
bool
sends_all(RelOptInfo *rel, const Binding *binding, List *clauses)
{
	const FilterPlan *filter = binding->filter;
	ListCell *cell;

	foreach (cell, clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));
		bool sent = bound_by(binding, clause) >= 0 ||
					(filter->close && (list_member_ptr(filter->exact, clause) ||
									   list_member_ptr(filter->rechecked, clause)));

		if (!sent && !removes_nothing(rel, clause))
		{
			return false;
		}
	}
	return true;
}

// May rows that come fail a condition that was sent? The API may compare text in a way of its own.
bool
may_drop_rows(const RelationPlan *plan, const Binding *binding)
{
	for (int i = 0; i < binding->count; i++)
	{
		if (OidIsValid(plan->options->collations[binding->columns[i]]))
		{
			return true;
		}
	}
	return binding->filter->rechecked != NIL;
}

// Does every key of the binding have pages of its own?
bool
has_own_pages(const RelationPlan *plan, const Binding *binding)
{
	const Access *access = table_access(plan->table, binding->access);

	return access->pages != nullptr && (binding->method != Method::list || access->nested);
}

// Rows of a list of keys come key by key, in no order.
bool
has_lists(const Binding *binding)
{
	for (int i = 0; i < binding->count; i++)
	{
		if (binding->lists[i])
		{
			return true;
		}
	}
	return false;
}

// How many rows of each key are enough: 0 all of them, -1 some. A LIMIT tells where nothing else
// stands between.
double
rows_wanted(PlannerInfo *root, RelOptInfo *rel, const Binding *binding, List *clauses)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	List *pathkeys = binding->order == nullptr ? NIL : binding->order->pathkeys;
	bool one_key = !has_lists(binding) && (binding->channel == 0 || has_own_pages(plan, binding));

	if (one_key && root->limit_tuples > 0 && root->parse->limitOption != LIMIT_OPTION_WITH_TIES &&
		bms_equal(root->all_baserels, rel->relids) &&
		pathkeys_contained_in(root->sort_pathkeys, pathkeys) && sends_all(rel, binding, clauses))
	{
		return root->limit_tuples;
	}
	return root->tuple_fraction > 0 ? -1 : 0;
}

int
page_size(const RelationPlan *plan, const Paging *pages)
{
	int size = plan->options->server.fetch_size;

	return pages->max > 0 ? Min(size, static_cast<int>(pages->max)) : size;
}

void
bind_order(const RelationPlan *plan, Binding *binding, const OrderPlan *order)
{
	const Access *access = table_access(plan->table, binding->access);
	auto *bound = static_cast<OrderPlan *>(palloc(sizeof(OrderPlan)));

	*bound = *order;
	if (access->pages != nullptr && access->pages->counted)
	{
		bound->count = order->count_counted;
		bound->loose = !order->total;
	}
	binding->order = bound;
}

// How many rows of each key are enough. Where keys share pages, they get pages of their own if that
// saves rows.
void
bind_limit(PlannerInfo *root, RelOptInfo *rel, Binding *binding, List *clauses)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	const Access *access = table_access(plan->table, binding->access);

	if (binding->channel > 0 && access->pages != nullptr && binding->method == Method::list &&
		plan->options->server.batch_mode == BatchMode::automatic && !access->nested)
	{
		binding->method = Method::alias;
		binding->wanted = rows_wanted(root, rel, binding, clauses);
		if (binding->wanted > 0 && binding->wanted < rel->rows)
		{
			return;
		}
		binding->method = Method::list;
	}
	binding->wanted = rows_wanted(root, rel, binding, clauses);
}

}    // namespace

bool
is_ordered_alike(Oid type, Oid collation)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
		case BOOLOID:
		case DATEOID:
		case TIMEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return true;
		case TEXTOID:
		case VARCHAROID:
			return collation == C_COLLATION_OID || collation == POSIX_COLLATION_OID;
		default:
			return false;
	}
}

List *
useful_orders(PlannerInfo *root, RelOptInfo *rel)
{
	List *orders = NIL;

	if (root->query_pathkeys != NIL)
	{
		orders = list_make1(root->query_pathkeys);
	}
	return list_concat(orders, join_orders(root, rel));
}

OrderPlan *
plan_order(RelOptInfo *rel, List *pathkeys)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	auto *order = static_cast<OrderPlan *>(palloc0(sizeof(OrderPlan)));
	ListCell *cell;

	// A field that fails reads NULL under other policies, wherever its row stands.
	if (plan->options->server.on_error != ErrorPolicy::error)
	{
		return nullptr;
	}
	order->keys = static_cast<OrderKey *>(
		palloc(sizeof(OrderKey) * (list_length(pathkeys) + plan->options->key_count)));
	foreach (cell, pathkeys)
	{
		auto *key = static_cast<PathKey *>(lfirst(cell));
		bool unique = is_total(plan->options, order, order->count);
		OrderedColumn ordered = ordered_column(rel, key);

		if (unique ? !is_decided_by(rel, key)
				   : !can_order_by(plan, key, ordered) ||
						 (order->count > 0 && !can_go_on(plan, order)))
		{
			break;
		}
		if (!unique)
		{
			order->keys[order->count++] = order_key(plan, key, ordered.column);
			order->checked = lappend(order->checked, key);
			order->operators = lappend_oid(order->operators, ordering_operator(key, ordered.type));
		}
		order->pathkeys = lappend(order->pathkeys, key);
	}
	if (order->count == 0)
	{
		return nullptr;
	}
	break_ties(plan, order);
	return order;
}

bool
bind_pages(PlannerInfo *root, RelOptInfo *rel, Binding *binding, const OrderPlan *order,
		   List *clauses)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);

	if (order != nullptr)
	{
		if (has_lists(binding))
		{
			return false;
		}
		bind_order(plan, binding, order);
	}
	bind_limit(root, rel, binding, clauses);
	return order == nullptr || !binding->order->loose ||
		   (binding->wanted > 0 && !may_drop_rows(plan, binding) &&
			binding->wanted <= page_size(plan, table_access(plan->table, binding->access)->pages));
}

List *
order_to_nodes(const OrderPlan *order)
{
	List *sent = NIL;
	List *nulls_first = NIL;
	ListCell *cell;

	if (order == nullptr)
	{
		return list_make4(NIL, NIL, NIL, makeInteger(0));
	}
	for (int i = 0; i < order->count; i++)
	{
		sent = lappend_int(sent, order->keys[i].column);
		sent = lappend_int(sent, order->keys[i].descending ? 1 : 0);
		sent = lappend_int(sent, static_cast<int>(order->keys[i].nulls));
	}
	foreach (cell, order->checked)
	{
		nulls_first =
			lappend_int(nulls_first, static_cast<PathKey *>(lfirst(cell))->pk_nulls_first ? 1 : 0);
	}
	return list_make4(sent, order->operators, nulls_first, makeInteger(order->loose ? 1 : 0));
}

}    // namespace gql::pg
