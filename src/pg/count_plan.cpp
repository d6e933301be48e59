// When does the API count the rows, instead of sending them to be counted here?
//
// Where nothing but the number of rows is asked for, the option `count` says where the API tells
// it, and every condition is the API's alone: what would be checked again here cannot be when no
// row comes.

#include "pg/count_plan.hpp"

#include "core/door/count.hpp"
#include "core/door/filter.hpp"

#include "pg/filter_plan.hpp"
#include "pg/handler.hpp"
#include "pg/keys.hpp"
#include "pg/owned.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"
#include "pg/print.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

namespace
{

bool
is_not_null_column(Oid relation_id, AttrNumber attnum)
{
	HeapTuple tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relation_id), Int16GetDatum(attnum));
	bool not_null = HeapTupleIsValid(tuple) &&
					reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple))->attnotnull;

	if (HeapTupleIsValid(tuple))
	{
		ReleaseSysCache(tuple);
	}
	return not_null;
}

bool
is_never_null(const PlannerInfo *root, Node *node)
{
	if (IsA(node, Const))
	{
		return !reinterpret_cast<Const *>(node)->constisnull;
	}
	if (!IsA(node, Var) || reinterpret_cast<Var *>(node)->varlevelsup > 0)
	{
		return false;
	}
	auto *var = reinterpret_cast<Var *>(node);

	return var->varattno > 0 &&
		   is_not_null_column(root->simple_rte_array[var->varno]->relid, var->varattno);
}

// count(*), or count() of what no row lacks.
bool
counts_rows(const PlannerInfo *root, Node *node)
{
	if (!IsA(node, Aggref))
	{
		return false;
	}
	auto *aggregate = reinterpret_cast<Aggref *>(node);

	if (aggregate->agglevelsup > 0 || aggregate->aggfilter != nullptr ||
		aggregate->aggdistinct != NIL || aggregate->aggsplit != AGGSPLIT_SIMPLE)
	{
		return false;
	}
	return aggregate->aggfnoid == F_COUNT_ ||
		   (aggregate->aggfnoid == F_COUNT_ANY &&
			is_never_null(root, reinterpret_cast<Node *>(
									static_cast<TargetEntry *>(linitial(aggregate->args))->expr)));
}

// The aggregates of a query that asks for numbers of rows and what can be made of them; NIL where
// it asks for something else.
List *
row_counts(PlannerInfo *root)
{
	const ::Query *parse = root->parse;
	List *counts = NIL;
	ListCell *cell;

	if (parse->groupClause != NIL || parse->groupingSets != NIL || root->hasHavingQual)
	{
		return NIL;
	}
	List *wanted =
		pull_var_clause(reinterpret_cast<Node *>(root->upper_targets[UPPERREL_GROUP_AGG]->exprs),
						PVC_INCLUDE_AGGREGATES | PVC_INCLUDE_PLACEHOLDERS);

	foreach (cell, wanted)
	{
		auto *node = static_cast<Node *>(lfirst(cell));

		if (!counts_rows(root, node))
		{
			return NIL;
		}
		counts = list_append_unique(counts, node);
	}
	return counts;
}

// Is the condition that binds this column right without a second look, and sent to what counts?
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

// How the conditions of the scan reach what counts, or nullptr.
Binding *
bind_count(PlannerInfo *root, RelOptInfo *rel, const RemoteTable *counting)
{
	const Access *access = table_access(counting, 0);
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	Binding *binding = bind_clauses(root, rel, rel->baserestrictinfo);
	ListCell *cell;

	if (binding == nullptr)
	{
		binding = static_cast<Binding *>(palloc0(sizeof(Binding)));
		binding->missing = missing_argument(root, rel, table_access_count(plan->table) - 1);
	}
	else if (!table_access(plan->table, binding->access)->own)
	{
		return nullptr;
	}
	binding->filter = plan_filter(root, rel, binding, rel->baserestrictinfo);
	if (binding->filter->nodes != NIL && !access_filters(counting, 0))
	{
		return nullptr;
	}
	foreach (cell, rel->baserestrictinfo)
	{
		bool sent = list_member_ptr(binding->filter->exact, lfirst(cell));

		for (int i = 0; i < binding->count; i++)
		{
			sent = sent || (binding->clauses[i] == lfirst(cell) &&
							is_sent_exactly(plan, access, binding, i));
		}
		if (!sent)
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

// Is this one foreign table of ours and nothing else? Not a table whose children's rows are to be
// counted as well, nor one that conditions show to be empty, which has not been planned.
bool
is_scanned_alone(PlannerInfo *root, RelOptInfo *rel)
{
	return rel->reloptkind == RELOPT_BASEREL && is_graphql_relation(rel) && !IS_DUMMY_REL(rel) &&
		   !root->simple_rte_array[rel->relid]->inh && bms_is_empty(rel->lateral_relids);
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
	auto *plan = static_cast<RelationPlan *>(input_rel->fdw_private);
	Error err;
	RemoteTable *counting = try_own<table_close>(
		CurrentMemoryContext,
		[&](Error &failure) { return count_table_open(plan->table, failure); }, &err);

	if (err.code != Code::none)
	{
		raise(err);
	}
	List *counts = counting == nullptr ? NIL : row_counts(root);
	Binding *binding = counts == NIL ? nullptr : bind_count(root, input_rel, counting);

	if (binding != nullptr)
	{
		Cost cost = request_cost(plan);

		add_path(output_rel, reinterpret_cast<Path *>(make_foreign_upper_path(
								 root, output_rel, root->upper_targets[UPPERREL_GROUP_AGG], cost,
								 cost + plan->options->server.tuple_cost,
								 list_make2(counts, remember_binding(input_rel, binding)))));
	}
}

ForeignScan *
make_count_plan(PlannerInfo *root, ForeignPath *path, List *target_list)
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
	List *fdw_private = list_concat(
		make_scan_private(binding, NIL, true, 0),
		list_make4(NIL, NIL, NIL, describe_conditions(rel, plan->options->relation_id)));

	return make_foreignscan(target_list, NIL, 0, values, fdw_private, scan_target_list, NIL,
							nullptr);
}

}    // namespace gql::pg
