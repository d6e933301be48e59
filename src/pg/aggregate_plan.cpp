// When does the API compute aggregates, instead of sending rows for them?
//
// Where nothing but aggregates is asked for, the options `count` and `aggregates` say where the API
// tells all of them, and every condition is the API's alone: what would be checked again here
// cannot be when no row comes.

#include "pg/aggregate_plan.hpp"

#include "core/door/filter.hpp"

#include "pg/aggregate_draft.hpp"
#include "pg/filter_plan.hpp"
#include "pg/handler.hpp"
#include "pg/keys.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"
#include "pg/print.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

namespace
{

// Is the condition that binds this column right without a second look, and sent to what tells the
// aggregates?
bool
is_sent_exactly(const RelationPlan *plan, const Access *access, const Binding *binding, int at)
{
	if (binding->lists[at] || !plan->options->spec.columns[binding->columns[at]].path.empty() ||
		!is_statement_constant(reinterpret_cast<Node *>(binding->values[at])))
	{
		return false;
	}
	for (size_t i = 0; i < access->argument_count; i++)
	{
		if (access->arguments[i].column == binding->columns[at])
		{
			return true;
		}
	}
	return false;
}

// How the conditions of the scan reach what tells the aggregates, or nullptr.
Binding *
bind_aggregates(PlannerInfo *root, RelOptInfo *rel, const RemoteTable *telling)
{
	const Access *access = table_access(telling, 0);
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	size_t own = table_access_count(plan->table) - 1;
	Binding *binding = bind_clauses(root, rel, rel->baserestrictinfo);
	ListCell *cell;

	if (binding == nullptr)
	{
		binding = static_cast<Binding *>(palloc0(sizeof(Binding)));
		binding->access = static_cast<int>(own);
		binding->missing = missing_argument(root, rel, own);
	}
	else if (!table_access(plan->table, binding->access)->own)
	{
		return nullptr;
	}
	binding->filter = plan_filter(root, rel, binding, rel->baserestrictinfo);
	if (binding->filter->nodes != NIL && !access_filters(telling, 0))
	{
		return nullptr;
	}
	foreach (cell, rel->baserestrictinfo)
	{
		int bound = bound_by(binding, static_cast<RestrictInfo *>(lfirst(cell)));

		if (bound >= 0 ? !is_sent_exactly(plan, access, binding, bound)
					   : !list_member_ptr(binding->filter->exact, lfirst(cell)))
		{
			return nullptr;
		}
	}
	return binding->missing == nullptr ? binding : nullptr;
}

// The conditions as EXPLAIN shows them: the plan has no columns of the table that they could be
// written with later.
String *
describe_conditions(const RelOptInfo *rel, Oid relation_id)
{
	List *conditions = copy_node(extract_actual_clauses(rel->baserestrictinfo, false));

	if (conditions == NIL)
	{
		return makeString(pstrdup(""));
	}
	ChangeVarNodes(reinterpret_cast<Node *>(conditions), static_cast<int>(rel->relid), 1, 0);
	return makeString(print_expression(reinterpret_cast<Node *>(make_ands_explicit(conditions)),
									   deparse_context_for(get_rel_name(relation_id), relation_id),
									   false));
}

}    // namespace

void
graphqlGetForeignUpperPaths(PlannerInfo *root, UpperRelationKind stage, RelOptInfo *input_rel,
							RelOptInfo *output_rel, void *)
{
	if (stage != UPPERREL_GROUP_AGG || !is_scanned_alone(root, input_rel))
	{
		return;
	}
	AggregateDraft *draft = draft_aggregates(root, input_rel);
	Binding *binding = draft == nullptr ? nullptr : bind_aggregates(root, input_rel, draft->table);

	if (binding != nullptr)
	{
		Cost cost = request_cost(draft->plan);

		add_path(output_rel, reinterpret_cast<Path *>(make_foreign_upper_path(
								 root, output_rel, root->upper_targets[UPPERREL_GROUP_AGG], cost,
								 cost + draft->plan->options->server.tuple_cost,
								 list_make4(draft->aggregates, remember_binding(input_rel, binding),
											told_to_nodes(draft), draft->made))));
	}
}

ForeignScan *
make_aggregate_plan(PlannerInfo *root, ForeignPath *path, List *target_list)
{
	List *scan_target_list = NIL;
	List *remembered = static_cast<List *>(lsecond(path->fdw_private));
	RelOptInfo *rel = find_base_rel(root, intVal(linitial(remembered)));
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	auto *binding = static_cast<Binding *>(list_nth(plan->bindings, intVal(lsecond(remembered))));
	List *values = NIL;
	ListCell *cell;

	foreach (cell, static_cast<List *>(linitial(path->fdw_private)))
	{
		scan_target_list = lappend(
			scan_target_list, makeTargetEntry(copy_node(static_cast<Expr *>(lfirst(cell))),
											  list_length(scan_target_list) + 1, nullptr, false));
	}
	for (int i = 0; i < binding->count; i++)
	{
		values = lappend(values, copy_node(binding->values[i]));
	}
	binding->access = 0;
	binding->method = Method::single;
	values = list_concat(values, copy_node(binding->filter->values));
	List *fdw_private =
		list_concat(make_scan_private(binding, NIL, true, 0), list_make3(NIL, NIL, NIL));

	fdw_private =
		list_concat(fdw_private, list_make3(describe_conditions(rel, plan->options->relation_id),
											lthird(path->fdw_private), lfourth(path->fdw_private)));

	return make_foreignscan(target_list, NIL, 0, values, fdw_private, scan_target_list, NIL,
							nullptr);
}

}    // namespace gql::pg
