// Which aggregates of a query can the API be asked for?
//
// Sums are asked for where they are exact, minima and maxima where everybody orders alike; an
// average is made here, of a sum and a number. APIs differ in what a sum of nothing is, so values
// are counted beside it.

#include "pg/aggregate_draft.hpp"

#include "pg/keys.hpp"
#include "pg/order_plan.hpp"
#include "pg/owned.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

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
is_never_null(const AggregateDraft *draft, Node *node)
{
	const TableOptions *options = draft->plan->options;

	if (IsA(node, Const))
	{
		return !reinterpret_cast<Const *>(node)->constisnull;
	}
	for (size_t i = 0; IsA(node, Var) && i < options->spec.column_count; i++)
	{
		if (is_column(node, draft->rel, options->attnums[i]))
		{
			return options->not_null[i];
		}
	}
	return false;
}

// The place of what the API tells among all that it is asked; -1 where it cannot tell it beside
// what it has been asked so far.
int
tell(AggregateDraft *draft, AggregateFunction function, int column)
{
	for (int i = 0; i < draft->told_count; i++)
	{
		if (draft->told[i].function == function && draft->told[i].column == column)
		{
			return i;
		}
	}
	draft->told[draft->told_count] = {function, column};
	return table_tells(draft->plan->table, draft->told, static_cast<size_t>(draft->told_count) + 1)
			   ? draft->told_count++
			   : -1;
}

bool
add_made(AggregateDraft *draft, Made made, int told, int counted)
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
tell_values(AggregateDraft *draft, int column)
{
	int told = tell(draft, AggregateFunction::count, column);

	return told < 0 && draft->plan->options->not_null[column]
			   ? tell(draft, AggregateFunction::rows, -1)
			   : told;
}

// The column that the aggregate is over; -1 for anything else, and where a field that failed would
// be NULL in rows.
int
column_of(const AggregateDraft *draft, const Aggref *aggregate)
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
add_count(AggregateDraft *draft, const Aggref *aggregate)
{
	int column = column_of(draft, aggregate);
	bool distinct = aggregate->aggdistinct != NIL;

	if (!distinct &&
		(aggregate->aggfnoid == F_COUNT_ ||
		 is_never_null(draft, reinterpret_cast<Node *>(
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
add_sum(AggregateDraft *draft, const Aggref *aggregate, Made made)
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
add_extreme(AggregateDraft *draft, const Aggref *aggregate)
{
	int column = column_of(draft, aggregate);
	Oid type = column < 0 ? InvalidOid : getBaseType(draft->plan->options->types[column]);

	if (column < 0 || !is_ordered_alike(type, draft->plan->options->collations[column]) ||
		aggregate->inputcollid != draft->plan->options->collations[column])
	{
		return false;
	}
	int strategy =
		get_op_opfamily_strategy(sort_operator(aggregate->aggfnoid),
								 lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY)->btree_opf);

	if (strategy == 0)
	{
		return false;
	}
	int told = tell(
		draft, strategy == BTLessStrategyNumber ? AggregateFunction::min : AggregateFunction::max,
		column);

	return told >= 0 && add_made(draft, Made::extreme, told, tell_values(draft, column));
}

bool
add_aggregate(AggregateDraft *draft, Node *node)
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

}    // namespace

AggregateDraft *
draft_aggregates(PlannerInfo *root, RelOptInfo *rel)
{
	const ::Query *parse = root->parse;
	auto *draft = static_cast<AggregateDraft *>(palloc0(sizeof(AggregateDraft)));
	ListCell *cell;

	if (parse->groupClause != NIL || parse->groupingSets != NIL || root->hasHavingQual)
	{
		return nullptr;
	}
	List *wanted =
		pull_var_clause(reinterpret_cast<Node *>(root->upper_targets[UPPERREL_GROUP_AGG]->exprs),
						PVC_INCLUDE_AGGREGATES | PVC_INCLUDE_PLACEHOLDERS);

	draft->rel = rel;
	draft->plan = static_cast<RelationPlan *>(rel->fdw_private);
	// What is told of each, and how many values that is about; and one more to try.
	draft->told =
		static_cast<Aggregate *>(palloc(sizeof(Aggregate) * (2 * list_length(wanted) + 1)));
	foreach (cell, wanted)
	{
		auto *node = static_cast<Node *>(lfirst(cell));

		if (list_member(draft->aggregates, node))
		{
			continue;
		}
		if (!add_aggregate(draft, node))
		{
			return nullptr;
		}
		draft->aggregates = lappend(draft->aggregates, node);
	}
	if (draft->aggregates == NIL)
	{
		return nullptr;
	}
	draft->table = own<table_close>(CurrentMemoryContext,
									[&](Error &err)
									{
										return aggregate_table_open(
											draft->plan->table, draft->told,
											static_cast<size_t>(draft->told_count), err);
									});
	return draft;
}

List *
told_to_nodes(const AggregateDraft *draft)
{
	List *nodes = NIL;

	for (int i = 0; i < draft->told_count; i++)
	{
		nodes = lappend_int(nodes, static_cast<int>(draft->told[i].function));
		nodes = lappend_int(nodes, draft->told[i].column);
	}
	return nodes;
}

}    // namespace gql::pg
