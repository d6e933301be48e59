// When does the API compute aggregates, instead of sending rows for them?
//
// Where nothing but aggregates is asked for, the options `count` and `aggregates` say where the API
// tells all of them, and every condition is the API's alone: what would be checked again here
// cannot be when no row comes. Sums are asked for where they are exact, minima and maxima where
// everybody orders alike; an average is made here, of a sum and a number.

#include "pg/aggregate_plan.hpp"

#include "core/door/aggregates.hpp"
#include "core/door/filter.hpp"

#include "pg/filter_plan.hpp"
#include "pg/handler.hpp"
#include "pg/keys.hpp"
#include "pg/order_plan.hpp"
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

Oid
sort_operator(Oid aggregate)
{
	HeapTuple tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggregate));
	Oid found = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		found = reinterpret_cast<Form_pg_aggregate>(GETSTRUCT(tuple))->aggsortop;
		ReleaseSysCache(tuple);
	}
	return found;
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

// What is asked of the API for the aggregates of a query, while it is being found.
struct Draft
{
	const PlannerInfo *root;
	RelOptInfo *rel;
	const RelationPlan *plan;
	Aggregate *told;    // in one answer
	int told_count;
	RemoteTable *table;    // that tells them
	List *made;            // IntList: as in scan_private_made
};

// The place of what the API tells among all that it is asked; -1 where it cannot tell it beside
// what it has been asked so far.
int
tell(Draft *draft, AggregateFunction function, int column)
{
	Error err;

	for (int i = 0; i < draft->told_count; i++)
	{
		if (draft->told[i].function == function && draft->told[i].column == column)
		{
			return i;
		}
	}
	draft->told[draft->told_count] = {function, column};

	RemoteTable *table = try_own<table_close>(
		CurrentMemoryContext,
		[&](Error &failure)
		{
			return aggregate_table_open(draft->plan->table, draft->told,
										static_cast<size_t>(draft->told_count) + 1, failure);
		},
		&err);

	if (err.code != Code::none)
	{
		raise(err);
	}
	if (table == nullptr)
	{
		return -1;
	}
	draft->table = table;
	return draft->told_count++;
}

bool
add_made(Draft *draft, Made made, int told, int counted)
{
	if (told >= 0)
	{
		draft->made = lappend_int(draft->made, static_cast<int>(made));
		draft->made = lappend_int(draft->made, told);
		draft->made = lappend_int(draft->made, counted);
	}
	return told >= 0;
}

// How many values the column has that are not null, -1 where the API does not tell.
int
tell_values(Draft *draft, int column)
{
	int told = tell(draft, AggregateFunction::count, column);

	return told < 0 && draft->plan->options->not_null[column]
			   ? tell(draft, AggregateFunction::rows, -1)
			   : told;
}

// The column that the aggregate is over; -1 for anything else, and where a field that failed would
// be NULL in rows.
int
column_of(const Draft *draft, const Aggref *aggregate)
{
	const TableOptions *options = draft->plan->options;

	if (list_length(aggregate->args) != 1 || options->server.on_error != ErrorPolicy::error)
	{
		return -1;
	}
	auto *argument =
		reinterpret_cast<Node *>(static_cast<TargetEntry *>(linitial(aggregate->args))->expr);

	for (size_t i = 0; i < options->spec.column_count; i++)
	{
		if (is_column(argument, draft->rel, options->attnums[i]))
		{
			return options->spec.columns[i].path.empty() ? -1 : static_cast<int>(i);
		}
	}
	return -1;
}

// Everybody takes the same values of these types for equal.
bool
is_told_apart_alike(Oid type)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case BOOLOID:
		case DATEOID:
		case UUIDOID:
			return true;
		default:
			return false;
	}
}

bool
add_count(Draft *draft, const Aggref *aggregate)
{
	int column = column_of(draft, aggregate);
	bool distinct = aggregate->aggdistinct != NIL;

	if (!distinct &&
		(aggregate->aggfnoid == F_COUNT_ ||
		 is_never_null(draft->root,
					   reinterpret_cast<Node *>(
						   static_cast<TargetEntry *>(linitial(aggregate->args))->expr))))
	{
		return add_made(draft, Made::count, tell(draft, AggregateFunction::rows, -1), -1);
	}
	if (column < 0 ||
		(distinct && (!is_told_apart_alike(getBaseType(draft->plan->options->types[column])) ||
					  is_rounded(draft->plan->options, column))))
	{
		return false;
	}
	return add_made(
		draft, Made::count,
		tell(draft, distinct ? AggregateFunction::distinct : AggregateFunction::count, column), -1);
}

// APIs answer null or 0 where there is nothing to add up, so values are counted, too.
bool
add_sum(Draft *draft, const Aggref *aggregate, Made made)
{
	int column = column_of(draft, aggregate);

	if (column < 0 || is_rounded(draft->plan->options, column))
	{
		return false;
	}
	int told = tell(draft, AggregateFunction::sum, column);
	int counted = told < 0 ? -1 : tell_values(draft, column);

	return counted >= 0 && add_made(draft, made, told, counted);
}

// Rounding keeps the order, so it does not matter here.
bool
add_extreme(Draft *draft, const Aggref *aggregate)
{
	int column = column_of(draft, aggregate);
	Oid type = column < 0 ? InvalidOid : getBaseType(draft->plan->options->types[column]);
	Oid family;
	Oid input;
	int16 strategy;

	if (column < 0 || !is_ordered_alike(type, draft->plan->options->collations[column]) ||
		aggregate->inputcollid != draft->plan->options->collations[column] ||
		!get_ordering_op_properties(sort_operator(aggregate->aggfnoid), &family, &input,
									&strategy) ||
		family != lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY)->btree_opf)
	{
		return false;
	}
	int told = tell(
		draft, strategy == BTLessStrategyNumber ? AggregateFunction::min : AggregateFunction::max,
		column);

	return told >= 0 && add_made(draft, Made::extreme, told, tell_values(draft, column));
}

bool
add_aggregate(Draft *draft, Node *node)
{
	if (!IsA(node, Aggref))
	{
		return false;
	}
	auto *aggregate = reinterpret_cast<Aggref *>(node);

	if (aggregate->agglevelsup > 0 || aggregate->aggfilter != nullptr ||
		aggregate->aggorder != NIL || aggregate->aggsplit != AGGSPLIT_SIMPLE)
	{
		return false;
	}
	if (aggregate->aggfnoid == F_COUNT_ || aggregate->aggfnoid == F_COUNT_ANY)
	{
		return add_count(draft, aggregate);
	}
	if (aggregate->aggdistinct != NIL)
	{
		return false;
	}
	switch (aggregate->aggfnoid)
	{
		case F_SUM_INT2:
		case F_SUM_INT4:
		case F_SUM_INT8:
		case F_SUM_NUMERIC:
			return add_sum(draft, aggregate, Made::sum);
		case F_AVG_INT2:
		case F_AVG_INT4:
		case F_AVG_INT8:
		case F_AVG_NUMERIC:
			return add_sum(draft, aggregate, Made::average);
		default:
			return add_extreme(draft, aggregate);
	}
}

// The aggregates of a query that asks for nothing but these and what can be made of them, where the
// API tells all of them; else NIL.
List *
find_aggregates(Draft *draft)
{
	const ::Query *parse = draft->root->parse;
	List *aggregates = NIL;
	ListCell *cell;

	if (parse->groupClause != NIL || parse->groupingSets != NIL || draft->root->hasHavingQual)
	{
		return NIL;
	}
	List *wanted = pull_var_clause(
		reinterpret_cast<Node *>(draft->root->upper_targets[UPPERREL_GROUP_AGG]->exprs),
		PVC_INCLUDE_AGGREGATES | PVC_INCLUDE_PLACEHOLDERS);

	// What is told of each, and how many values that is about.
	draft->told =
		static_cast<Aggregate *>(palloc(sizeof(Aggregate) * (2 * list_length(wanted) + 1)));
	foreach (cell, wanted)
	{
		auto *node = static_cast<Node *>(lfirst(cell));

		if (list_member(aggregates, node))
		{
			continue;
		}
		if (!add_aggregate(draft, node))
		{
			return NIL;
		}
		aggregates = lappend(aggregates, node);
	}
	return aggregates;
}

List *
told_to_nodes(const Draft *draft)
{
	List *nodes = NIL;

	for (int i = 0; i < draft->told_count; i++)
	{
		nodes = lappend_int(nodes, static_cast<int>(draft->told[i].function));
		nodes = lappend_int(nodes, draft->told[i].column);
	}
	return nodes;
}

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
	if (binding->filter->nodes != NIL && !access_filters(telling, 0))
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
	Draft draft = {root, input_rel, plan, nullptr, 0, nullptr, NIL};
	List *aggregates = find_aggregates(&draft);
	Binding *binding = aggregates == NIL ? nullptr : bind_aggregates(root, input_rel, draft.table);

	if (binding != nullptr)
	{
		Cost cost = request_cost(plan);

		add_path(output_rel, reinterpret_cast<Path *>(make_foreign_upper_path(
								 root, output_rel, root->upper_targets[UPPERREL_GROUP_AGG], cost,
								 cost + plan->options->server.tuple_cost,
								 list_make4(aggregates, remember_binding(input_rel, binding),
											told_to_nodes(&draft), draft.made))));
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
