// What does a chosen path become: which columns are asked for, which conditions are checked again,
// and what does the executor get to know?

#include "pg/plan_make.hpp"

#include "pg/absence.hpp"
#include "pg/aggregate_plan.hpp"
#include "pg/filter_plan.hpp"
#include "pg/handler.hpp"
#include "pg/join_plan.hpp"
#include "pg/order_plan.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

namespace
{

List *
columns_to_list(const Bitmapset *attributes, const TableOptions *options)
{
	List *columns = NIL;

	for (size_t i = 0; i < options->spec.column_count; i++)
	{
		bool whole_row = bms_is_member(-FirstLowInvalidHeapAttributeNumber, attributes);

		if (!options->spec.columns[i].path.empty() &&
			(whole_row ||
			 bms_is_member(options->attnums[i] - FirstLowInvalidHeapAttributeNumber, attributes)))
		{
			columns = lappend_int(columns, static_cast<int>(i));
		}
	}
	return columns;
}

// Lists are matched exactly, by key, while the answer is read; everything else is checked again.
bool
is_exact(const Binding *binding, const RestrictInfo *clause)
{
	int bound = bound_by(binding, clause);

	return bound >= 0 ? binding->lists[bound] : list_member(binding->filter->exact, clause);
}

// Does the column read of each row something that is there? Keys are, whether or not they are
// declared NOT NULL.
bool
is_witness(const TableOptions *options, int column)
{
	bool key = false;

	for (int i = 0; i < options->key_count; i++)
	{
		key = key || options->key[i] == column;
	}
	return !options->spec.columns[column].path.empty() &&
		   !reads_above(options->spec.columns[column]) && (key || options->not_null[column]);
}

// Places in a list from which one was taken.
List *
places_without(List *places, int place)
{
	List *left = NIL;
	ListCell *cell;

	foreach (cell, places)
	{
		if (lfirst_int(cell) != place)
		{
			left = lappend_int(left, lfirst_int(cell) - (lfirst_int(cell) > place ? 1 : 0));
		}
	}
	return left;
}

// What is not sent of a clause, which is about to get this place among those that are checked.
void
note_unsent(Quals *quals, const List *clauses, const List *parts, const List *reasons,
			const RestrictInfo *clause)
{
	for (int i = 0; i < list_length(clauses); i++)
	{
		if (equal(list_nth(clauses, i), clause))
		{
			quals->unsent = lappend_int(quals->unsent, list_length(quals->kept));
			quals->unsent = lappend_int(quals->unsent, parts == NIL ? 0 : list_nth_int(parts, i));
			quals->reasons = lappend(quals->reasons, list_nth(reasons, i));
		}
	}
}

}    // namespace

Quals
sort_clauses(const Binding *binding, List *clauses)
{
	const FilterPlan *filter = binding->filter;
	Quals quals = {};
	ListCell *cell;

	foreach (cell, clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

		if (clause->pseudoconstant)
		{
			continue;
		}
		if (is_exact(binding, clause))
		{
			quals.exact = lappend(quals.exact, clause->clause);
			continue;
		}
		if (bound_by(binding, clause) >= 0 || list_member(filter->rechecked, clause))
		{
			quals.rechecked = lappend_int(quals.rechecked, list_length(quals.kept));
		}
		note_unsent(&quals, filter->kept, NIL, filter->reasons, clause);
		note_unsent(&quals, filter->cut, filter->parts, filter->cut_reasons, clause);
		quals.kept = lappend(quals.kept, clause->clause);
	}
	return quals;
}

List *
add_witness(List *columns, const RelationPlan *plan, const Binding *binding)
{
	const Access *access = table_access(plan->table, binding->access);
	const Paging *pages = access->lists == nullptr ? access->pages : access->lists;
	int witness = -1;
	ListCell *cell;

	if (columns == NIL || pages == nullptr || pages->style != "relay")
	{
		return columns;
	}
	for (int i = static_cast<int>(plan->options->spec.column_count) - 1; i >= 0; i--)
	{
		witness = is_witness(plan->options, i) ? i : witness;
	}
	foreach (cell, columns)
	{
		if (is_witness(plan->options, lfirst_int(cell)))
		{
			return columns;
		}
	}
	return witness < 0 ? columns : lappend_int(columns, witness);
}

List *
add_key_columns(List *columns, const RelationPlan *plan, const Binding *binding)
{
	for (int i = 0; i < binding->count; i++)
	{
		int column = binding->columns[i];

		if (!plan->options->spec.columns[column].path.empty() &&
			(binding->lists[i] ||
			 (binding->method == Method::list &&
			  table_access(plan->table, binding->access)->list_column == column)))
		{
			columns = list_append_unique_int(columns, column);
		}
	}
	list_sort(columns, list_int_cmp);
	return columns;
}

List *
sent_values(const Binding *binding)
{
	List *values = NIL;

	for (int i = 0; i < binding->count; i++)
	{
		values = lappend(values, copy_node(binding->values[i]));
	}
	return list_concat(values, copy_node(binding->filter->values));
}

List *
make_scan_private(const Binding *binding, List *selected, bool strict, double wanted)
{
	List *bound = NIL;
	List *lists = NIL;

	for (int i = 0; i < binding->count; i++)
	{
		bound = lappend_int(bound, binding->columns[i]);
		lists = lappend_int(lists, binding->lists[i] ? 1 : 0);
	}
	List *fdw_private = list_make5(makeInteger(binding->channel), makeInteger(binding->access),
								   makeInteger(static_cast<int>(binding->method)), bound, lists);

	fdw_private = lappend(fdw_private, selected);
	fdw_private = lappend(fdw_private, makeInteger(binding->unique ? 1 : 0));
	fdw_private = lappend(fdw_private, makeInteger(strict ? 1 : 0));
	fdw_private = lappend(fdw_private,
						  makeString(pstrdup(binding->missing == nullptr ? "" : binding->missing)));
	fdw_private = lappend(fdw_private, makeFloat(psprintf("%.0f", wanted)));
	return list_concat(fdw_private, list_make3(order_to_nodes(binding->order),
											   binding->filter->nodes, binding->filter->sole));
}

ForeignScan *
graphqlGetForeignPlan(PlannerInfo *root, RelOptInfo *rel, Oid, ForeignPath *path, List *target_list,
					  List *clauses, Plan *outer_plan)
{
	if (IS_UPPER_REL(rel))
	{
		return make_aggregate_plan(root, path, target_list);
	}

	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);

	if (plan->join != nullptr)
	{
		return make_join_plan(rel, target_list);
	}
	Binding *binding = path_binding(reinterpret_cast<Path *>(path));
	Bitmapset *attributes = nullptr;
	Quals quals = sort_clauses(binding, clauses);

	pull_varattnos(reinterpret_cast<Node *>(rel->reltarget->exprs), rel->relid, &attributes);
	pull_varattnos(reinterpret_cast<Node *>(quals.kept), rel->relid, &attributes);
	// Whether the API can be told a value shows only when the statement runs.
	pull_varattnos(reinterpret_cast<Node *>(quals.exact), rel->relid, &attributes);

	List *columns = add_key_columns(columns_to_list(attributes, plan->options), plan, binding);
	List *fdw_private = make_scan_private(binding, add_witness(columns, plan, binding),
										  absence_decides(root, rel), binding->wanted);

	fdw_private =
		list_concat(fdw_private, list_make3(quals.rechecked, quals.unsent, quals.reasons));
	return make_foreignscan(target_list, quals.kept, rel->relid, sent_values(binding), fdw_private,
							NIL, quals.exact, outer_plan);
}

void
forget_qual(Plan *plan, int place)
{
	auto *scan = reinterpret_cast<ForeignScan *>(plan);

	if (!IsA(plan, ForeignScan) || scan->scan.scanrelid == 0 ||
		GetFdwRoutineByServerId(scan->fs_server)->GetForeignPlan != graphqlGetForeignPlan)
	{
		return;
	}
	ListCell *rechecked = list_nth_cell(scan->fdw_private, scan_private_rechecked);
	ListCell *kept = list_nth_cell(scan->fdw_private, scan_private_kept);
	ListCell *reasons = list_nth_cell(scan->fdw_private, scan_private_reasons);
	auto *unsent = static_cast<List *>(lfirst(kept));
	List *left = NIL;
	List *why = NIL;
	ListCell *reason;

	foreach (reason, static_cast<List *>(lfirst(reasons)))
	{
		int i = foreach_current_index(reason);
		int of = list_nth_int(unsent, 2 * i);

		if (of != place)
		{
			left = lappend_int(left, of - (of > place ? 1 : 0));
			left = lappend_int(left, list_nth_int(unsent, 2 * i + 1));
			why = lappend(why, lfirst(reason));
		}
	}
	lfirst(reasons) = why;
	lfirst(kept) = left;
	lfirst(rechecked) = places_without(static_cast<List *>(lfirst(rechecked)), place);
}

}    // namespace gql::pg
