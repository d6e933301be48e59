// Which scans send the values that rows of other tables have, in the filter rather than as keys?
//
// A join on columns that no look-up takes keys of: each row of the other tables is a request, so
// that such a scan pays where they are few and it would read far more. How much it would read has
// to be known for that.

#include "pg/filter_paths.hpp"

#include "pg/filter_plan.hpp"
#include "pg/keys.hpp"
#include "pg/plan_scan.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// Sets of other tables that some condition compares this one with.
List *
compared_tables(PlannerInfo *root, RelOptInfo *rel)
{
	const TableOptions *options = static_cast<RelationPlan *>(rel->fdw_private)->options;
	List *clauses = NIL;
	List *sets = NIL;
	ListCell *cell;

	foreach (cell, rel->joininfo)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

		clauses = join_clause_is_movable_to(clause, rel) ? lappend(clauses, clause) : clauses;
	}
	for (size_t i = 0; i < options->spec.column_count && rel->has_eclass_joins; i++)
	{
		clauses = list_concat(clauses, generate_implied_equalities_for_column(
										   root, rel, is_wanted_column, &options->attnums[i],
										   rel->lateral_referencers));
	}
	foreach (cell, clauses)
	{
		Relids relids = bms_copy(static_cast<RestrictInfo *>(lfirst(cell))->clause_relids);

		sets = add_relids(sets, bms_del_member(bms_union(relids, rel->lateral_relids), rel->relid));
	}
	return sets;
}

bool
sends_any(const FilterPlan *filter, List *clauses)
{
	ListCell *cell;

	foreach (cell, clauses)
	{
		if (list_member_ptr(filter->exact, lfirst(cell)) ||
			list_member_ptr(filter->rechecked, lfirst(cell)))
		{
			return true;
		}
	}
	return false;
}

}    // namespace

void
add_filtered_paths(PlannerInfo *root, RelOptInfo *rel)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	size_t own = table_access_count(plan->table) - 1;
	ListCell *cell;

	if (!plan->analyzed || !table_filters(plan->table) ||
		missing_argument(root, rel, own) != nullptr)
	{
		return;
	}
	foreach (cell, compared_tables(root, rel))
	{
		auto required_outer = static_cast<Relids>(lfirst(cell));
		ParamPathInfo *info = get_baserel_parampathinfo(root, rel, required_outer);

		if (info == nullptr ||
			bind_clauses(root, rel, list_concat_copy(rel->baserestrictinfo, info->ppi_clauses)))
		{
			continue;
		}
		auto *binding = static_cast<Binding *>(palloc0(sizeof(Binding)));

		binding->access = static_cast<int>(own);
		binding->method = Method::single;
		binding->stops_early = root->tuple_fraction > 0;
		binding->wanted = binding->stops_early ? -1 : 0;
		binding->filter =
			plan_filter(root, rel, binding,
						list_concat_copy(rel->baserestrictinfo, info->ppi_clauses), required_outer);
		if (!sends_any(binding->filter, info->ppi_clauses))
		{
			continue;
		}
		double rows = clamp_row_est(rel->tuples * filter_selectivity(root, rel, binding->filter));
		Cost startup = request_cost(plan);
		Cost total = startup * pages_of(plan, table_access(plan->table, own), rows) +
					 rows * plan->options->server.tuple_cost;

		add_path(rel, reinterpret_cast<Path *>(
						  make_foreign_path(root, rel, info->ppi_rows, false, startup, total, NIL,
											required_outer, remember_binding(rel, binding))));
	}
}

}    // namespace gql::pg
