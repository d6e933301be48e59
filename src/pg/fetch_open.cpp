// What does a foreign scan ask for, by what its plan says?

#include "pg/fetch.hpp"

#include "core/door/aggregates.hpp"

#include "pg/encoding.hpp"
#include "pg/owned.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

int *
to_array(List *list)
{
	auto *array = static_cast<int *>(palloc(sizeof(int) * Max(list_length(list), 1)));
	ListCell *cell;

	foreach (cell, list)
	{
		array[foreach_current_index(cell)] = lfirst_int(cell);
	}
	return array;
}

void
describe_relation(Fetch *fetch, Oid relation_id)
{
	Relation relation = ::table_open(relation_id, NoLock);

	fetch->relation = pstrdup(RelationGetRelationName(relation));
	fetch->desc = CreateTupleDescCopy(RelationGetDescr(relation));
	::table_close(relation, NoLock);
	fetch->options = table_options(relation_id);
	fetch->table = own<table_close>(fetch->context, [&](Error &err)
									{ return table_open(fetch->options->spec, err); });
}

// What the API tells instead of rows stands in columns of its own, behind the table's.
void
describe_aggregates(Fetch *fetch, const ForeignScan *plan)
{
	int count = list_length(plan_list(plan, scan_private_told)) / 2;
	auto *told = static_cast<Aggregate *>(palloc(sizeof(Aggregate) * count));
	auto *columns = static_cast<int *>(palloc(sizeof(int) * count));

	for (int i = 0; i < count; i++)
	{
		told[i] = plan_aggregate(plan, i);
		columns[i] = static_cast<int>(fetch->options->spec.column_count) + i;
	}
	fetch->table = own<table_close>(
		fetch->context, [&](Error &err)
		{ return aggregate_table_open(fetch->table, told, static_cast<size_t>(count), err); });
	fetch->told_count = count;
	fetch->spec.selected = columns;
	fetch->spec.selected_count = static_cast<size_t>(count);
}

RemoteTable *
open_side(const TableOptions *options)
{
	return own<table_close>(CurrentMemoryContext,
							[&](Error &err) { return table_open(options->spec, err); });
}

// The table that a column of the scan's rows comes from.
const TableOptions *
options_of(const ForeignScanState *node, int column)
{
	auto *plan = castNode(ForeignScan, node->ss.ps.plan);
	auto *target = static_cast<TargetEntry *>(list_nth(plan->fdw_scan_tlist, column));

	return table_options(
		exec_rt_fetch(castNode(Var, target->expr)->varno, node->ss.ps.state)->relid);
}

void
describe_join(Fetch *fetch, ForeignScanState *node)
{
	auto *plan = castNode(ForeignScan, node->ss.ps.plan);
	List *joined = plan_list(plan, scan_private_joined);
	JoinTerms terms = {static_cast<List *>(list_nth(joined, join_private_keys)),
					   intVal(list_nth(joined, join_private_outer)) != 0,
					   intVal(list_nth(joined, join_private_filters_parent)) != 0};
	const TableOptions *child = options_of(node, 0);
	const TableOptions *parent = options_of(node, static_cast<int>(child->spec.column_count));

	fetch->join = joined_table(child, open_side(child), parent, open_side(parent), terms);
	if (fetch->join->table == nullptr)
	{
		elog(ERROR, "graphql_fdw: foreign tables of a join no longer fit together");
	}
	fetch->relation = from_utf8(child->spec.name);
	fetch->desc = CreateTupleDescCopy(node->ss.ss_ScanTupleSlot->tts_tupleDescriptor);
	fetch->options = fetch->join->options;
	fetch->table = fetch->join->table;
	fetch->list_pages = table_access(fetch->table, plan_int(plan, scan_private_access))->lists;
	if (fetch->list_pages != nullptr)
	{
		fetch->options->server = parent->server;    // pages are those of parents
	}
	fetch->spec.parents = static_cast<size_t>(fetch->join->levels);
}

// Keys are the same when their bytes are, whatever a column's collation takes for equal: that is
// how the API compares them.
Oid
exact_collation(Oid collation)
{
	return OidIsValid(collation) ? C_COLLATION_OID : InvalidOid;
}

void
describe_keys(Fetch *fetch, const ForeignScan *plan)
{
	const Access *access = table_access(fetch->table, plan_int(plan, scan_private_access));
	List *bound = plan_list(plan, scan_private_bound);
	int count = list_length(bound);
	size_t size = Max(count, 1);

	fetch->bound_count = count;
	fetch->bound = to_array(bound);
	fetch->lists = static_cast<bool *>(palloc0(sizeof(bool) * size));
	fetch->value_types = static_cast<Oid *>(palloc0(sizeof(Oid) * size));
	fetch->list_at = fetch->filter_key_at = -1;
	for (int i = 0; i < count; i++)
	{
		Oid type = exprType(static_cast<Node *>(list_nth(plan->fdw_exprs, i)));

		fetch->lists[i] = list_nth_int(plan_list(plan, scan_private_lists), i) != 0;
		fetch->value_types[i] = getBaseType(fetch->lists[i] ? get_base_element_type(type) : type);
		if (fetch->method == Method::list && access->list_column == fetch->bound[i])
		{
			fetch->list_at = i;
		}
		if (access->filter_key == fetch->bound[i])
		{
			fetch->filter_key_at = i;
		}
	}
	fetch_describe_keys(fetch);
}

void
describe_columns(Fetch *fetch, const ForeignScan *plan)
{
	List *selected = plan_list(plan, scan_private_selected);

	fetch->selected_count = list_length(selected);
	fetch->selected = to_array(selected);
	fetch->list_selected = -1;
	fetch->readers =
		static_cast<Reader **>(palloc0(sizeof(Reader *) * Max(fetch->selected_count, 1)));
	for (int i = 0; i < fetch->selected_count; i++)
	{
		int column = fetch->selected[i];

		fetch->readers[i] =
			reader_make(fetch->options->types[column], fetch->options->typmods[column]);
		if (fetch->list_at >= 0 && fetch->bound[fetch->list_at] == column)
		{
			fetch->list_selected = i;
			fetch->key_above = reads_above(fetch->options->spec.columns[column]);
		}
	}
	if (fetch->list_at >= 0 && fetch->list_selected < 0)
	{
		elog(ERROR, "graphql_fdw: list column is not selected");
	}
}

bool
is_read(const Fetch *fetch, int column)
{
	return is_among(column, fetch->selected, fetch->selected_count) ||
		   is_among(column, fetch->bound, fetch->bound_count);
}

// The planner can have relied on a declared key only where its columns are read.
KeyType *
checkable_key(const Fetch *fetch, const DeclaredKey *declared)
{
	const TableOptions *options = fetch->options;
	auto *types = static_cast<Oid *>(palloc(sizeof(Oid) * Max(declared->count, 1)));
	auto *collations = static_cast<Oid *>(palloc(sizeof(Oid) * Max(declared->count, 1)));

	for (int i = 0; i < declared->count; i++)
	{
		int column = declared->columns[i];

		types[i] = getBaseType(options->types[column]);
		collations[i] = exact_collation(options->collations[column]);
		if (!is_read(fetch, column) || !is_key_type(types[i]))
		{
			return nullptr;
		}
	}
	return declared->count == 0 ? nullptr : key_type_make(declared->count, types, collations);
}

void
declare_keys(Fetch *fetch)
{
	fetch->row_key.relation = fetch->relation;
	fetch->row_key.columns = fetch->options->key;
	fetch->row_key.count = fetch->options->key_count;
	fetch->row_key.type = checkable_key(fetch, &fetch->row_key);
	if (fetch->join != nullptr)
	{
		const TableOptions *parent = fetch->join->parent;

		fetch->parent_key.relation = from_utf8(parent->spec.name);
		fetch->parent_key.columns =
			static_cast<int *>(palloc(sizeof(int) * Max(parent->key_count, 1)));
		fetch->parent_key.count = parent->key_count;
		for (int i = 0; i < parent->key_count; i++)
		{
			fetch->parent_key.columns[i] = fetch->join->first_parent + parent->key[i];
		}
		fetch->parent_key.type = checkable_key(fetch, &fetch->parent_key);
	}
}

// What the API is asked to order rows by.
void
describe_order(Fetch *fetch)
{
	auto *sent = static_cast<List *>(list_nth(fetch->order, order_private_sent));
	int count = list_length(sent) / 3;
	auto *keys = static_cast<OrderKey *>(palloc(sizeof(OrderKey) * Max(count, 1)));

	for (int i = 0; i < count; i++)
	{
		keys[i] = {list_nth_int(sent, 3 * i), list_nth_int(sent, 3 * i + 1) != 0,
				   static_cast<NullPlace>(list_nth_int(sent, 3 * i + 2))};
	}
	fetch->spec.order = keys;
	fetch->spec.order_count = count;
	fetch->spec.loose_order = intVal(list_nth(fetch->order, order_private_loose)) != 0;
}

}    // namespace

void
fetch_describe_keys(Fetch *fetch)
{
	const TableOptions *options = fetch->options;
	size_t size = Max(fetch->bound_count, 1);
	auto *collations = static_cast<Oid *>(palloc(sizeof(Oid) * size));

	fetch->column_types = static_cast<Oid *>(palloc0(sizeof(Oid) * size));
	fetch->int32 = static_cast<bool *>(palloc0(sizeof(bool) * size));
	fetch->writers = static_cast<Writer **>(palloc0(sizeof(Writer *) * size));
	for (int i = 0; i < fetch->bound_count; i++)
	{
		int column = fetch->bound[i];

		fetch->column_types[i] = getBaseType(options->types[column]);
		fetch->int32[i] = options->spec.columns[column].type == "Int" ||
						  options->spec.columns[column].type == "Int!";
		collations[i] = exact_collation(options->collations[column]);
	}
	fetch->key_type = key_type_make(fetch->bound_count, fetch->column_types, collations);
}

Fetch *
fetch_open(ForeignScanState *node)
{
	auto *plan = castNode(ForeignScan, node->ss.ps.plan);
	MemoryContext context = AllocSetContextCreate(node->ss.ps.state->es_query_cxt,
												  "graphql_fdw scan", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);
	auto *fetch = static_cast<Fetch *>(palloc0(sizeof(Fetch)));
	const char *missing = strVal(list_nth(plan->fdw_private, scan_private_missing));

	fetch->context = context;
	fetch->counters = static_cast<FetchCounters *>(palloc0(sizeof(FetchCounters)));
	if (is_join_scan(plan))
	{
		describe_join(fetch, node);
	}
	else
	{
		describe_relation(fetch, exec_rt_fetch(scanned_relation(plan), node->ss.ps.state)->relid);
	}
	if (plan->scan.scanrelid == 0 && fetch->join == nullptr)
	{
		describe_aggregates(fetch, plan);
	}
	fetch->method = static_cast<Method>(plan_int(plan, scan_private_method));
	fetch->user_id = scan_user(node);
	fetch->unique = plan_int(plan, scan_private_unique) != 0;
	fetch->strict = plan_int(plan, scan_private_strict) != 0;
	fetch->missing = missing[0] == '\0' ? nullptr : missing;
	describe_keys(fetch, plan);
	describe_columns(fetch, plan);
	declare_keys(fetch);
	fetch->order = plan_list(plan, scan_private_order);

	fetch->spec.access = plan_int(plan, scan_private_access);
	if (fetch->told_count == 0)
	{
		fetch->spec.selected = fetch->selected;
		fetch->spec.selected_count = fetch->selected_count;
	}
	fetch->spec.bound = fetch->bound;
	fetch->spec.bound_count = fetch->bound_count;
	fetch->filter = filter_open(node, fetch->options, fetch->bound_count);
	fetch->spec.filter = fetch->filter->nodes;
	fetch->spec.filter_count = fetch->filter->count;
	describe_order(fetch);
	fetch->query = fetch_open_query(fetch, fetch->method);
	fetch->pages = query_pages(fetch->query);
	fetch->wanted = floatVal(list_nth(plan->fdw_private, scan_private_wanted));
	MemoryContextSwitchTo(before);
	return fetch;
}

Query *
fetch_open_query(Fetch *fetch, Method method)
{
	QuerySpec spec = fetch->spec;

	spec.method = method;
	return own<query_close>(fetch->context,
							[&](Error &err) { return query_open(fetch->table, spec, err); });
}

}    // namespace gql::pg
