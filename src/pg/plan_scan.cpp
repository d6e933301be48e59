// Which ways to scan a foreign table does the planner get to choose from, and what do they cost?
//
// Three kinds of path. A scan whose arguments, if any, hold for the whole statement. A look-up
// parameterised by other relations, one per set of relations that can supply its keys; its cost is
// that of a request per key, and the look-ahead (lookahead_plan.cpp) takes off what batching saves.
// And where an argument would be left open, a path that is never worth it but keeps join search
// alive for plans that do not run it.

#include "pg/plan_scan.hpp"

#include "pg/filter_paths.hpp"
#include "pg/filter_plan.hpp"
#include "pg/handler.hpp"
#include "pg/keys.hpp"
#include "pg/order_plan.hpp"
#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

namespace
{

// Rows of a key about which ANALYZE has told nothing.
constexpr double default_rows_per_key = 10;
constexpr Cost unusable_cost = 1e20;    // also when multiplied by rows of disabled joins

int last_channel = 0;

// What having the rows ordered costs before the first one comes: less than doing it here, but more
// than the planner takes for nothing, so that it is asked for only where it is of use.
Cost
order_cost(const RelationPlan *plan, const OrderPlan *order, double rows)
{
	return order == nullptr ? 0 : request_cost(plan) * 0.02 + rows * cpu_operator_cost;
}

List *
order_pathkeys(const Binding *binding)
{
	return binding->order == nullptr ? NIL : binding->order->pathkeys;
}

// What looking all keys of the binding up once costs. With an order: when its pages keep it.
void
add_look_up_path(PlannerInfo *root, RelOptInfo *rel, Binding *binding, List *clauses, double rows,
				 Relids required_outer, const OrderPlan *order)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	const Access *access = table_access(plan->table, binding->access);
	double requests = ceil(count_keys(root, binding) / keys_per_request(plan, binding));
	double pages = pages_of(plan, access, rows / requests);
	Cost startup = request_cost(plan);
	Cost total = startup * requests * pages + rows * plan->options->server.tuple_cost;
	Cost ordering = order_cost(plan, order, rows);

	binding->stops_early = root->tuple_fraction > 0;
	assign_channel(binding);
	binding->filter = plan_filter(root, rel, binding, clauses);
	if (!bind_pages(root, rel, binding, order, clauses))
	{
		return;
	}
	add_path(rel, reinterpret_cast<Path *>(make_foreign_path(
					  root, rel, rows, false, startup + ordering, total + ordering,
					  order_pathkeys(binding), required_outer, remember_binding(rel, binding))));
}

// The table's own field or, where that needs a value that nothing gives, a look-up without
// arguments: one that shows all rows, in no order.
size_t
scan_access(PlannerInfo *root, RelOptInfo *rel, const OrderPlan *order)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	size_t own = table_access_count(plan->table) - 1;

	for (size_t i = 0; order == nullptr && i < own && missing_argument(root, rel, own) != nullptr;
		 i++)
	{
		if (table_access(plan->table, i)->argument_count == 0 &&
			missing_argument(root, rel, i) == nullptr)
		{
			return i;
		}
	}
	return own;
}

void
add_scan_path(PlannerInfo *root, RelOptInfo *rel, const OrderPlan *order)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	auto *binding = static_cast<Binding *>(palloc0(sizeof(Binding)));
	size_t index = scan_access(root, rel, order);
	const Access *access = table_access(plan->table, index);
	Cost startup = request_cost(plan);

	binding->access = static_cast<int>(index);
	binding->method = Method::single;
	binding->stops_early = root->tuple_fraction > 0;
	binding->missing = missing_argument(root, rel, index);
	binding->filter = plan_filter(root, rel, binding, rel->baserestrictinfo);

	double rows = clamp_row_est(rel->tuples * filter_selectivity(root, rel, binding->filter));
	Cost total = startup * pages_of(plan, access, rows) + rows * plan->options->server.tuple_cost;
	Cost ordering = order_cost(plan, order, rows);

	if (binding->missing != nullptr)
	{
		startup = total = unusable_cost;
	}
	else
	{
		// Whether an argument of unknown need may be left open is seen only when it is tried.
		for (size_t i = 0; i < access->argument_count; i++)
		{
			if (access->arguments[i].need == Need::unknown)
			{
				total = Max(total, unusable_cost / 10);
			}
		}
	}
	if (!bind_pages(root, rel, binding, order, rel->baserestrictinfo))
	{
		return;
	}
	add_path(rel, reinterpret_cast<Path *>(make_foreign_path(
					  root, rel, rel->rows, binding->missing != nullptr, startup + ordering,
					  total + ordering, order_pathkeys(binding), rel->lateral_relids,
					  remember_binding(rel, binding))));
}

// The join clauses that could fill one column.
List *
join_clauses_for(PlannerInfo *root, RelOptInfo *rel, int column)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	List *clauses = NIL;
	ListCell *cell;

	foreach (cell, rel->joininfo)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));
		KeyMatch match;

		if (join_clause_is_movable_to(clause, rel) &&
			match_key_clause(root, rel, clause, column, &match))
		{
			clauses = lappend(clauses, clause);
		}
	}
	if (rel->has_eclass_joins)
	{
		List *implied = generate_implied_equalities_for_column(
			root, rel, is_wanted_column, &plan->options->attnums[column], rel->lateral_referencers);

		foreach (cell, implied)
		{
			auto *clause = static_cast<RestrictInfo *>(lfirst(cell));
			KeyMatch match;

			if (match_key_clause(root, rel, clause, column, &match))
			{
				clauses = lappend(clauses, clause);
			}
		}
	}
	return clauses;
}

// Every set of outer relations from which some arguments can be filled.
List *
parameter_sets(PlannerInfo *root, RelOptInfo *rel)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	List *sets = list_make1(rel->lateral_relids);

	for (size_t i = 0; i < plan->options->spec.column_count; i++)
	{
		List *before = list_copy(sets);
		ListCell *cell;

		if (!is_argument(plan, static_cast<int>(i)))
		{
			continue;
		}
		foreach (cell, join_clauses_for(root, rel, static_cast<int>(i)))
		{
			Relids relids = static_cast<RestrictInfo *>(lfirst(cell))->clause_relids;
			ListCell *other;

			foreach (other, before)
			{
				Relids both = bms_union(static_cast<Relids>(lfirst(other)), relids);

				sets = add_relids(sets, bms_del_member(both, rel->relid));
			}
		}
	}
	return sets;
}

// Does the planner know of some bound column how often its values come?
bool
has_statistics(PlannerInfo *root, RelOptInfo *rel, const Binding *binding)
{
	bool known = false;

	for (int i = 0; i < binding->count && !known; i++)
	{
		distinct_values(root, rel, binding->columns[i], &known);
	}
	return known;
}

void
add_parameterised_paths(PlannerInfo *root, RelOptInfo *rel)
{
	ListCell *cell;

	foreach (cell, parameter_sets(root, rel))
	{
		auto required_outer = static_cast<Relids>(lfirst(cell));

		if (bms_is_empty(required_outer) || bms_equal(required_outer, rel->lateral_relids))
		{
			continue;
		}
		ParamPathInfo *info = get_baserel_parampathinfo(root, rel, required_outer);
		List *clauses = list_concat_copy(rel->baserestrictinfo, info->ppi_clauses);
		Binding *binding = bind_clauses(root, rel, clauses);

		if (binding != nullptr)
		{
			if (binding->unique)
			{
				info->ppi_rows = count_keys(root, binding);
			}
			else if (!has_statistics(root, rel, binding))
			{
				info->ppi_rows = Min(default_rows_per_key, rel->tuples) * count_keys(root, binding);
			}
			add_look_up_path(root, rel, binding, clauses, info->ppi_rows, required_outer, nullptr);
		}
	}
}

// What the table can be read by without other relations.
void
add_plain_path(PlannerInfo *root, RelOptInfo *rel, const OrderPlan *order)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	List *clauses = rel->baserestrictinfo;
	Binding *binding = bind_clauses(root, rel, clauses, order != nullptr);

	if (binding != nullptr)
	{
		add_look_up_path(root, rel, binding, clauses, rel->rows, rel->lateral_relids, order);
	}
	else if (order == nullptr ||
			 table_access(plan->table, table_access_count(plan->table) - 1)->ordered)
	{
		add_scan_path(root, rel, order);
	}
}

void
add_ordered_paths(PlannerInfo *root, RelOptInfo *rel)
{
	ListCell *cell;

	foreach (cell, useful_orders(root, rel))
	{
		OrderPlan *order = plan_order(rel, static_cast<List *>(lfirst(cell)));

		if (order != nullptr)
		{
			add_plain_path(root, rel, order);
		}
	}
}

}    // namespace

bool
is_wanted_column(PlannerInfo *, RelOptInfo *rel, EquivalenceClass *, EquivalenceMember *member,
				 void *arg)
{
	return is_column(reinterpret_cast<Node *>(member->em_expr), rel,
					 *static_cast<AttrNumber *>(arg));
}

List *
add_relids(List *sets, Relids relids)
{
	constexpr int limit = 64;    // a join search is exponential enough
	ListCell *cell;

	foreach (cell, sets)
	{
		if (bms_equal(static_cast<Relids>(lfirst(cell)), relids))
		{
			return sets;
		}
	}
	return list_length(sets) < limit ? lappend(sets, relids) : sets;
}

int
new_channel()
{
	return ++last_channel;
}

bool
binds_constants(const Binding *binding)
{
	for (int i = 0; i < binding->count; i++)
	{
		if (!is_statement_constant(reinterpret_cast<Node *>(binding->values[i])))
		{
			return false;
		}
	}
	return true;
}

void
assign_channel(Binding *binding)
{
	bool one_key = true;

	for (int i = 0; i < binding->count; i++)
	{
		one_key = one_key && !binding->lists[i];
	}
	if (!binds_constants(binding))
	{
		binding->channel = new_channel();
	}
	else if (one_key && answers_by_key(binding->method))
	{
		binding->method = Method::single;
	}
}

double
count_keys(PlannerInfo *root, const Binding *binding)
{
	double keys = 1;

	for (int i = 0; i < binding->count; i++)
	{
		if (binding->lists[i])
		{
			keys *= array_length_estimate(root, reinterpret_cast<Node *>(binding->values[i]));
		}
	}
	return Max(keys, 1);
}

double
distinct_values(PlannerInfo *root, RelOptInfo *rel, int column, bool *known)
{
	const TableOptions *options = static_cast<RelationPlan *>(rel->fdw_private)->options;
	Var *var = makeVar(rel->relid, options->attnums[column], options->types[column],
					   options->typmods[column], options->collations[column], 0);
	VariableStatData data;
	bool guessed;

	examine_variable(root, reinterpret_cast<Node *>(var), 0, &data);
	double distinct = get_variable_numdistinct(&data, &guessed);

	*known = HeapTupleIsValid(data.statsTuple);
	ReleaseVariableStats(data);
	return distinct;
}

double
pages_of(const RelationPlan *plan, const Access *access, double rows)
{
	double size = plan->options->server.fetch_size;

	if (access->pages == nullptr)
	{
		return 1;
	}
	size = access->pages->max > 0 ? Min(size, access->pages->max) : size;
	return Max(ceil(rows / size), 1);
}

void
graphqlGetForeignRelSize(PlannerInfo *root, RelOptInfo *rel, Oid relation_id)
{
	relation_plan(rel, relation_id)->analyzed = rel->tuples >= 0;
	check_argument_conditions(root, rel);
	rel->tuples = tuples_or_default(rel->tuples);
	set_baserel_size_estimates(root, rel);
	Binding *binding = bind_clauses(root, rel, rel->baserestrictinfo);

	if (binding != nullptr && binding->unique)
	{
		rel->rows = clamp_row_est(Min(rel->rows, count_keys(root, binding)));
	}
}

void
graphqlGetForeignPaths(PlannerInfo *root, RelOptInfo *rel, Oid)
{
	add_plain_path(root, rel, nullptr);
	add_ordered_paths(root, rel);
	add_parameterised_paths(root, rel);
	add_filtered_paths(root, rel);
}

}    // namespace gql::pg
