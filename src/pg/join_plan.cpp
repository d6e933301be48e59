// When does the API join two tables, as a list inside objects?
//
// Where rows of one table are lists inside the rows of the other (core/join.cpp), joined on what
// tells the other's apart, one scan reads both. Joins whose keys come from rows of further tables
// are left to the look-ahead.

#include "pg/join_plan.hpp"

#include "pg/encoding.hpp"
#include "pg/filter_plan.hpp"
#include "pg/handler.hpp"
#include "pg/join_bind.hpp"
#include "pg/join_pair.hpp"
#include "pg/join_relation.hpp"
#include "pg/plan_make.hpp"
#include "pg/plan_private.hpp"
#include "pg/plan_scan.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// RelationPlan::join of a join's relation.
struct JoinPlan
{
	RelOptInfo *parent;
	RelOptInfo *child;
	const SpecialJoinInfo *outer;    // nullptr: an inner join
	JoinedTable *table;
	Binding *binding;
	List *clauses;    // of RestrictInfo: all that a row must pass
};

namespace
{

bool
binds_key(const JoinPlan *join)
{
	for (int i = 1; i < list_length(join->table->terms.keys); i += 2)
	{
		int column = join->table->first_parent + list_nth_int(join->table->terms.keys, i);
		bool bound = false;

		for (int j = 0; j < join->binding->count; j++)
		{
			bound = bound || join->binding->columns[j] == column;
		}
		if (!bound)
		{
			return false;
		}
	}
	return true;
}

// How many rows so many keys have: where they are those of parents, as many as a look-up of each
// would find.
double
rows_of_keys(const JoinPair *pair, const JoinPlan *join, double keys)
{
	ListCell *cell;

	foreach (cell, binds_key(join) ? pair->child->ppilist : NIL)
	{
		auto *look_up = static_cast<ParamPathInfo *>(lfirst(cell));

		if (bms_equal(look_up->ppi_req_outer, pair->parent->relids))
		{
			return keys * look_up->ppi_rows;
		}
	}
	return pair->join->rows;
}

// Requests for what is left of lists whose first pages came with so many parents. Lists in pages
// that are counted tell that they are over by an empty one.
double
requests_for_rest(const JoinPair *pair, const Access *access, double parents, double rows)
{
	const ServerOptions *server = &plan_of(pair->child)->options->server;
	double size = server->fetch_size;

	size = access->lists->max > 0 ? Min(size, access->lists->max) : size;
	double pages = ceil(rows / parents / size) - (access->lists->counted ? 0 : 1);

	return ceil(parents / server->key_batch_size) * Max(pages, 0);
}

// What reading all parents, or those that the filter finds, costs in requests.
double
requests_for_scan(const JoinPair *pair, const RelationPlan *plan, const Access *access, double sent,
				  double rows)
{
	double parents = Max(pair->parent->tuples * sent, 1);

	if (access->lists == nullptr)
	{
		return pages_of(plan, access, parents);
	}
	return pages_of(plan_of(pair->parent), access, parents) +
		   requests_for_rest(pair, access, parents, rows);
}

void
add_join_path(const JoinPair *pair, const RelationPlan *plan)
{
	const Binding *binding = plan->join->binding;
	const Access *access = table_access(plan->table, binding->access);
	double rows;
	double requests;

	if (binding->count == 0 || access->lists != nullptr)
	{
		Selectivity sent = clauselist_selectivity(
			pair->root, list_concat_copy(binding->filter->exact, binding->filter->rechecked), 0,
			JOIN_INNER, nullptr);

		rows = Max(pair->join->rows, pair->child->tuples * sent);
		requests = requests_for_scan(pair, plan, access, sent, rows);
	}
	else
	{
		double keys = count_keys(pair->root, binding);

		rows = rows_of_keys(pair, plan->join, keys);
		requests = ceil(keys / keys_per_request(plan, binding));
		requests *= pages_of(plan, access, access->nested ? rows / keys : rows / requests);
	}
	Cost startup = request_cost(plan);
	Cost total = startup * requests + rows * plan->options->server.tuple_cost;

	add_path(pair->join, reinterpret_cast<Path *>(make_foreign_join_path(
							 pair->root, pair->join, startup, total, pair->clauses)));
}

void
consider(const JoinPair *pair)
{
	List *keys = find_join_keys(pair);
	List *clauses = row_clauses(pair);
	const RelationPlan *child = plan_of(pair->child);
	const RelationPlan *parent = plan_of(pair->parent);
	JoinTerms terms = {keys, pair->outer != nullptr,
					   pair->outer != nullptr || !table_filters(child->table) ||
						   (table_filters(parent->table) && pair->parent->baserestrictinfo != NIL)};

	if (keys == NIL || !can_read(pair, clauses) ||
		(pair->outer != nullptr && !can_keep_parents(pair, keys)))
	{
		return;
	}
	JoinedTable *table =
		joined_table(child->options, child->table, parent->options, parent->table, terms);
	Binding *binding = table->table == nullptr ? nullptr : bind_join(pair, table, clauses);

	if (binding == nullptr)
	{
		return;
	}
	auto *plan = static_cast<RelationPlan *>(palloc0(sizeof(RelationPlan)));

	plan->options = table->options;
	plan->table = table->table;
	plan->join = static_cast<JoinPlan *>(palloc(sizeof(JoinPlan)));
	*plan->join = {pair->parent, pair->child, pair->outer, table, binding, clauses};
	pair->join->fdw_private = plan;
	add_join_path(pair, plan);
}

// The columns of the scan's rows: those of both tables.
List *
scan_target_list(const JoinPlan *join)
{
	const TableOptions *options = join->table->options;
	List *targets = NIL;

	for (int i = 0; i < static_cast<int>(options->spec.column_count); i++)
	{
		bool of_parent = i >= join->table->first_parent;
		const TableOptions *side = of_parent ? join->table->parent : join->table->child;
		Var *var = makeVar(static_cast<int>((of_parent ? join->parent : join->child)->relid),
						   side->attnums[of_parent ? i - join->table->first_parent : i],
						   options->types[i], options->typmods[i], options->collations[i], 0);

		if (join->outer != nullptr && !of_parent)
		{
			set_nulled_by(var, join->outer);
		}
		targets = lappend(
			targets, makeTargetEntry(reinterpret_cast<Expr *>(var), static_cast<AttrNumber>(i + 1),
									 from_utf8(options->spec.columns[i].name), false));
	}
	return targets;
}

// The columns asked for: also the parent's key, which is looked at whether it comes once.
List *
selected_columns(const RelOptInfo *rel, const RelationPlan *plan, const Quals *quals)
{
	const JoinPlan *join = plan->join;
	List *exprs =
		list_concat_copy(rel->reltarget->exprs, list_concat_copy(quals->kept, quals->exact));
	List *columns = NIL;
	ListCell *cell;

	foreach (cell, joined_columns(join->parent, join->child, exprs))
	{
		if (!plan->options->spec.columns[lfirst_int(cell)].path.empty())
		{
			columns = lappend_int(columns, lfirst_int(cell));
		}
	}
	for (int i = 1; i < list_length(join->table->terms.keys); i += 2)
	{
		columns = list_append_unique_int(columns, join->table->first_parent +
													  list_nth_int(join->table->terms.keys, i));
	}
	columns = add_key_columns(columns, plan, join->binding);
	// Pages of parents hold them by their keys.
	return join->table->pages_rows ? add_witness(columns, plan, join->binding) : columns;
}

}    // namespace

void
graphqlGetForeignJoinPaths(PlannerInfo *root, RelOptInfo *join, RelOptInfo *outer,
						   RelOptInfo *inner, JoinType type, JoinPathExtraData *extra)
{
	if (join->fdw_private != nullptr || !may_join(root, join, outer, inner, type))
	{
		return;
	}
	JoinPair pair = {
		root, join, outer, inner, type == JOIN_LEFT ? extra->sjinfo : nullptr, extra->restrictlist};

	consider(&pair);
	if (join->fdw_private == nullptr && type == JOIN_INNER)
	{
		pair.parent = inner;
		pair.child = outer;
		consider(&pair);
	}
}

ForeignScan *
make_join_plan(RelOptInfo *rel, List *target_list)
{
	const RelationPlan *plan = plan_of(rel);
	const JoinPlan *join = plan->join;
	const JoinTerms *terms = &join->table->terms;
	Quals quals = sort_clauses(join->binding, join->clauses);
	List *fdw_private = make_scan_private(join->binding, selected_columns(rel, plan, &quals), true,
										  join->binding->wanted);
	List *joined = list_make3(terms->keys, makeInteger(terms->outer ? 1 : 0),
							  makeInteger(terms->filters_parent ? 1 : 0));

	fdw_private =
		list_concat(fdw_private, list_make4(quals.rechecked, quals.unsent, quals.reasons, joined));
	return make_foreignscan(target_list, quals.kept, 0, sent_values(join->binding), fdw_private,
							scan_target_list(join), quals.exact, nullptr);
}

}    // namespace gql::pg
