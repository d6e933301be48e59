// When does the API join two tables, as a list inside objects?
//
// Where rows of one table are lists inside the rows of the other (core/join.cpp), joined on what
// tells the other's apart, one scan reads both. It is planned as a scan of one table that has the
// columns of both; for that conditions are written anew, over the columns of that table.
//
// Joins whose keys come from rows of further tables are left to the look-ahead.

#include "pg/join_plan.hpp"

#include "pg/filter_plan.hpp"
#include "pg/handler.hpp"
#include "pg/join_relation.hpp"
#include "pg/keys.hpp"
#include "pg/plan_make.hpp"
#include "pg/plan_private.hpp"
#include "pg/plan_scan.hpp"
#include "pg/encoding.hpp"
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

// Two relations that may be parent and child.
struct Pair
{
	PlannerInfo *root;
	RelOptInfo *join;
	RelOptInfo *parent;
	RelOptInfo *child;
	const SpecialJoinInfo *outer;
	List *clauses;    // of the join
};

RelationPlan *
plan_of(const RelOptInfo *rel)
{
	return static_cast<RelationPlan *>(rel->fdw_private);
}

bool
is_plain_table(const PlannerInfo *root, RelOptInfo *rel)
{
	return rel->reloptkind == RELOPT_BASEREL && is_graphql_relation(rel) && !IS_DUMMY_REL(rel) &&
		   !root->simple_rte_array[rel->relid]->inh && bms_is_empty(rel->lateral_relids) &&
		   plan_of(rel)->options->server.on_error == ErrorPolicy::error;
}

// A placeholder inside the join would have to be computed before it is made.
bool
has_inner_placeholder(const PlannerInfo *root, const RelOptInfo *join)
{
	ListCell *cell;

	foreach (cell, root->placeholder_list)
	{
		auto *placeholder = static_cast<PlaceHolderInfo *>(lfirst(cell));

		if (bms_is_subset(placeholder->ph_eval_at, join->relids) &&
			bms_nonempty_difference(join->relids, placeholder->ph_eval_at))
		{
			return true;
		}
	}
	return false;
}

// Rows that have been locked or changed are looked at again one by one, which only scans of single
// tables can be.
bool
may_join(const PlannerInfo *root, RelOptInfo *join, RelOptInfo *outer, RelOptInfo *inner,
		 JoinType type)
{
	return (type == JOIN_INNER || type == JOIN_LEFT) && join->reloptkind == RELOPT_JOINREL &&
		   bms_is_empty(join->lateral_relids) && is_plain_table(root, outer) &&
		   is_plain_table(root, inner) && root->rowMarks == NIL &&
		   (root->parse->commandType == CMD_SELECT || root->parse->commandType == CMD_INSERT) &&
		   !has_inner_placeholder(root, join);
}

// Is the clause `parent = child` of two columns, by the equality that keys are unique by?
bool
equates(const Pair *pair, const RestrictInfo *clause, int child_column, int parent_column)
{
	const TableOptions *child = plan_of(pair->child)->options;
	const TableOptions *parent = plan_of(pair->parent)->options;
	auto *condition = reinterpret_cast<Node *>(clause->clause);
	Oid family =
		lookup_type_cache(getBaseType(child->types[child_column]), TYPECACHE_BTREE_OPFAMILY)
			->btree_opf;

	if (clause->pseudoconstant || !IsA(condition, OpExpr) ||
		list_length(reinterpret_cast<OpExpr *>(condition)->args) != 2 ||
		!list_member_oid(clause->mergeopfamilies, family))
	{
		return false;
	}
	auto *left = static_cast<Node *>(linitial(reinterpret_cast<OpExpr *>(condition)->args));
	auto *right = static_cast<Node *>(lsecond(reinterpret_cast<OpExpr *>(condition)->args));
	AttrNumber child_attnum = child->attnums[child_column];
	AttrNumber parent_attnum = parent->attnums[parent_column];

	return (is_column(left, pair->child, child_attnum) &&
			is_column(right, pair->parent, parent_attnum)) ||
		   (is_column(left, pair->parent, parent_attnum) &&
			is_column(right, pair->child, child_attnum));
}

// Does a condition of the parent compare its column with the same value as `clause` the child's?
bool
says_the_same(const Pair *pair, RestrictInfo *clause, int child_column, int parent_column)
{
	KeyMatch match;
	KeyMatch other;
	ListCell *cell;

	if (!match_key_clause(pair->root, pair->child, clause, child_column, &match) || match.list)
	{
		return false;
	}
	foreach (cell, pair->parent->baserestrictinfo)
	{
		if (match_key_clause(pair->root, pair->parent, static_cast<RestrictInfo *>(lfirst(cell)),
							 parent_column, &other) &&
			!other.list && equal(match.value, other.value))
		{
			return true;
		}
	}
	return false;
}

bool
are_joined(const Pair *pair, int child_column, int parent_column)
{
	ListCell *cell;

	foreach (cell, pair->clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

		if (equates(pair, clause, child_column, parent_column) &&
			(pair->outer == nullptr || !RINFO_IS_PUSHED_DOWN(clause, pair->join->relids)))
		{
			return true;
		}
	}
	foreach (cell, pair->child->baserestrictinfo)
	{
		if (says_the_same(pair, static_cast<RestrictInfo *>(lfirst(cell)), child_column,
						  parent_column))
		{
			return true;
		}
	}
	return false;
}

// Do both columns make the same value of what the API has?
bool
read_alike(const TableOptions *child, int child_column, const TableOptions *parent,
		   int parent_column)
{
	return reads_above(child->spec.columns[child_column]) &&
		   child->types[child_column] == parent->types[parent_column] &&
		   child->typmods[child_column] == parent->typmods[parent_column] &&
		   child->collations[child_column] == parent->collations[parent_column] &&
		   !is_rounded(parent, parent_column);
}

// For each column of the parent's key, one of the child's that reads it and is joined with it. NIL
// where one has none.
List *
find_keys(const Pair *pair)
{
	const TableOptions *child = plan_of(pair->child)->options;
	const TableOptions *parent = plan_of(pair->parent)->options;
	List *keys = NIL;

	for (int i = 0; i < parent->key_count; i++)
	{
		int found = -1;

		for (int j = 0; j < static_cast<int>(child->spec.column_count) && found < 0; j++)
		{
			if (read_alike(child, j, parent, parent->key[i]) && are_joined(pair, j, parent->key[i]))
			{
				found = j;
			}
		}
		if (found < 0)
		{
			return NIL;
		}
		keys = lappend_int(lappend_int(keys, found), parent->key[i]);
	}
	return keys;
}

// Is the condition of the join, or of the child before it, nothing but that of the keys?
bool
is_key_clause(const Pair *pair, RestrictInfo *clause, const List *keys)
{
	for (int i = 0; i < list_length(keys); i += 2)
	{
		int child_column = list_nth_int(keys, i);
		int parent_column = list_nth_int(keys, i + 1);

		if (equates(pair, clause, child_column, parent_column) ||
			says_the_same(pair, clause, child_column, parent_column))
		{
			return true;
		}
	}
	return false;
}

// A parent that has rows, none of which passes a condition of the join, is a row as well: nobody
// would notice. Neither would anybody when its list goes on.
bool
can_keep_parents(const Pair *pair, const List *keys)
{
	const RelationPlan *child = plan_of(pair->child);
	const TableOptions *parent = plan_of(pair->parent)->options;
	ListCell *cell;

	for (size_t i = 0; i < table_access_count(child->table); i++)
	{
		if (table_access(child->table, i)->pages != nullptr)
		{
			return false;
		}
	}
	for (int i = 0; i < parent->key_count; i++)
	{
		if (!parent->not_null[parent->key[i]])
		{
			return false;
		}
	}
	foreach (cell, pair->child->baserestrictinfo)
	{
		if (!is_key_clause(pair, static_cast<RestrictInfo *>(lfirst(cell)), keys))
		{
			return false;
		}
	}
	foreach (cell, pair->clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

		if (!RINFO_IS_PUSHED_DOWN(clause, pair->join->relids) && !is_key_clause(pair, clause, keys))
		{
			return false;
		}
	}
	return true;
}

int
security_order(const ListCell *left, const ListCell *right)
{
	return static_cast<int>(static_cast<RestrictInfo *>(lfirst(left))->security_level) -
		   static_cast<int>(static_cast<RestrictInfo *>(lfirst(right))->security_level);
}

// All that a row of the join must pass; of an outer one without what has decided about its rows
// already. Conditions of other users come first.
List *
row_clauses(const Pair *pair)
{
	List *clauses = list_copy(pair->parent->baserestrictinfo);
	ListCell *cell;

	if (pair->outer == nullptr)
	{
		clauses = list_concat(clauses, pair->child->baserestrictinfo);
	}
	foreach (cell, pair->clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

		if (pair->outer == nullptr || RINFO_IS_PUSHED_DOWN(clause, pair->join->relids))
		{
			clauses = lappend(clauses, clause);
		}
	}
	list_sort(clauses, security_order);
	return clauses;
}

// The column that a Var of one of both tables is, or -1: a whole row, a system column.
int
joined_column(const RelOptInfo *parent, const RelOptInfo *child, const Var *var)
{
	bool of_parent = var->varno == static_cast<int>(parent->relid);
	const TableOptions *options = plan_of(of_parent ? parent : child)->options;

	for (int i = 0; i < static_cast<int>(options->spec.column_count); i++)
	{
		if (options->attnums[i] == var->varattno)
		{
			return of_parent ? static_cast<int>(plan_of(child)->options->spec.column_count) + i : i;
		}
	}
	return -1;
}

// The columns in expressions over both tables, in ascending order.
List *
joined_columns(const RelOptInfo *parent, const RelOptInfo *child, List *exprs)
{
	List *columns = NIL;
	ListCell *cell;

	foreach (cell, pull_var_clause(reinterpret_cast<Node *>(exprs), PVC_RECURSE_PLACEHOLDERS))
	{
		auto *var = static_cast<Var *>(lfirst(cell));

		columns = list_append_unique_int(columns, joined_column(parent, child, var));
	}
	list_sort(columns, list_int_cmp);
	return columns;
}

// Can all columns that are asked for be read, and the conditions be checked for each of the join's
// rows, instead of for each of one table's?
bool
can_read(const Pair *pair, List *clauses)
{
	List *exprs =
		list_concat_copy(pair->join->reltarget->exprs, extract_actual_clauses(clauses, false));
	const RelationPlan *child = plan_of(pair->child);
	const RelationPlan *parent = plan_of(pair->parent);
	ListCell *cell;

	foreach (cell, clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));
		auto *condition = reinterpret_cast<Node *>(clause->clause);

		if (clause->pseudoconstant || contain_volatile_functions(condition) ||
			contain_subplans(condition))
		{
			return false;
		}
	}
	foreach (cell, joined_columns(pair->parent, pair->child, exprs))
	{
		int column = lfirst_int(cell);
		int first = static_cast<int>(child->options->spec.column_count);

		if (column < 0 ||
			(column >= first && parent->options->spec.columns[column - first].path == "."))
		{
			return false;
		}
	}
	return true;
}

// What the columns of both tables become.
struct Translation
{
	const RelOptInfo *parent;
	const RelOptInfo *child;
	const JoinedTable *table;
};

// The child's columns that read the parent's key are the parent's.
int
without_alias(const JoinedTable *table, int column)
{
	for (int i = 0; i < list_length(table->terms.keys); i += 2)
	{
		if (list_nth_int(table->terms.keys, i) == column)
		{
			return table->first_parent + list_nth_int(table->terms.keys, i + 1);
		}
	}
	return column;
}

Node *
translate(Node *node, void *context)
{
	auto *translation = static_cast<Translation *>(context);

	if (node == nullptr)
	{
		return nullptr;
	}
	if (IsA(node, Var))
	{
		Var *var = copy_node(reinterpret_cast<Var *>(node));

		if (var->varlevelsup == 0 && (var->varno == static_cast<int>(translation->parent->relid) ||
									  var->varno == static_cast<int>(translation->child->relid)))
		{
			int column = without_alias(translation->table,
									   joined_column(translation->parent, translation->child, var));

			var->varno = static_cast<int>(translation->child->relid);
			var->varattno = translation->table->options->attnums[column];
		}
		return reinterpret_cast<Node *>(var);
	}
	return mutate_expression(node, translate, context);
}

// Conditions on one table, as conditions on the joined one.
List *
translate_clauses(List *clauses, Translation *translation)
{
	List *translated = NIL;
	ListCell *cell;

	foreach (cell, clauses)
	{
		RestrictInfo *clause = makeNode(RestrictInfo);

		*clause = *static_cast<RestrictInfo *>(lfirst(cell));
		clause->clause = reinterpret_cast<Expr *>(
			translate(reinterpret_cast<Node *>(clause->clause), translation));
		clause->orclause = nullptr;
		translated = lappend(translated, clause);
	}
	return translated;
}

// The conditions that a list of translated ones were made from.
List *
restore_clauses(List *clauses, List *translated, List *originals)
{
	List *restored = NIL;
	ListCell *cell;
	ListCell *one;
	ListCell *other;

	foreach (cell, clauses)
	{
		forboth(one, translated, other, originals)
		{
			if (lfirst(one) == lfirst(cell))
			{
				restored = lappend(restored, lfirst(other));
			}
		}
	}
	return restored;
}

// The joined table as a relation of its own, to be planned like any.
RelOptInfo *
make_relation(const Pair *pair, JoinedTable *table, List *clauses)
{
	RelOptInfo *rel = makeNode(RelOptInfo);
	auto *plan = static_cast<RelationPlan *>(palloc0(sizeof(RelationPlan)));

	*rel = *pair->child;
	plan->options = table->options;
	plan->table = table->table;
	rel->fdw_private = plan;
	rel->baserestrictinfo = clauses;
	rel->baserestrict_min_security =
		Min(pair->parent->baserestrict_min_security, pair->child->baserestrict_min_security);
	rel->joininfo = NIL;
	return rel;
}

// The parent's own field or one that shows all its rows, where no condition finds them; nullptr
// where there is none.
Binding *
bind_scan(PlannerInfo *root, RelOptInfo *rel)
{
	const RemoteTable *table = plan_of(rel)->table;

	for (size_t i = table_access_count(table); i > 0; i--)
	{
		const Access *access = table_access(table, i - 1);

		if ((access->own || access->argument_count == 0) &&
			missing_argument(root, rel, i - 1) == nullptr)
		{
			auto *binding = static_cast<Binding *>(palloc0(sizeof(Binding)));

			binding->access = static_cast<int>(i - 1);
			binding->method = Method::single;
			return binding;
		}
	}
	return nullptr;
}

bool
is_constant(const Binding *binding)
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

// Does the scan send a value for each column that is nothing but an argument and that anybody looks
// at?
bool
fills_arguments(const JoinedTable *table, const Binding *binding, List *columns)
{
	ListCell *cell;

	foreach (cell, columns)
	{
		bool filled = !table->options->spec.columns[lfirst_int(cell)].path.empty();

		for (int i = 0; i < binding->count && !filled; i++)
		{
			filled = binding->columns[i] == lfirst_int(cell);
		}
		if (!filled)
		{
			return false;
		}
	}
	return true;
}

// Conditions that say what another one fills an argument with, as those on both columns of a key
// do, are not sent twice.
List *
without_repeated(const Binding *binding, List *clauses)
{
	List *left = NIL;
	ListCell *cell;

	foreach (cell, clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));
		bool repeated = false;

		for (int i = 0; i < binding->count; i++)
		{
			repeated = repeated || (binding->clauses[i] != clause &&
									equal(binding->clauses[i]->clause, clause->clause));
		}
		left = repeated ? left : lappend(left, clause);
	}
	return left;
}

// How the conditions on either table reach the API, or nullptr.
Binding *
bind_join(const Pair *pair, JoinedTable *table, List *clauses)
{
	Translation translation = {pair->parent, pair->child, table};
	List *originals = list_copy(pair->parent->baserestrictinfo);

	if (pair->outer == nullptr)
	{
		originals = list_concat(originals, pair->child->baserestrictinfo);
	}
	List *translated = translate_clauses(originals, &translation);
	RelOptInfo *rel = make_relation(pair, table, translated);
	Binding *binding = bind_clauses(pair->root, rel, translated);
	List *seen =
		list_concat_copy(pair->join->reltarget->exprs, extract_actual_clauses(clauses, false));

	if (binding == nullptr)
	{
		binding = bind_scan(pair->root, rel);
	}
	if (binding == nullptr || !is_constant(binding) ||
		!fills_arguments(table, binding, joined_columns(pair->parent, pair->child, seen)))
	{
		return nullptr;
	}
	binding->stops_early = pair->root->tuple_fraction > 0;
	binding->wanted = binding->stops_early ? -1 : 0;
	assign_channel(binding);
	binding->filter = plan_filter(pair->root, rel, binding, without_repeated(binding, translated));
	for (int i = 0; i < binding->count; i++)
	{
		binding->clauses[i] = static_cast<RestrictInfo *>(
			linitial(restore_clauses(list_make1(binding->clauses[i]), translated, originals)));
	}
	for (List **list :
		 {&binding->filter->exact, &binding->filter->rechecked, &binding->filter->kept})
	{
		*list = restore_clauses(*list, translated, originals);
	}
	return binding;
}

void
add_join_path(const Pair *pair, const RelationPlan *plan)
{
	const Binding *binding = plan->join->binding;
	const Access *access = table_access(plan->table, binding->access);
	double rows = pair->join->rows;
	double requests = ceil(count_keys(pair->root, binding) / keys_per_request(plan, binding));
	double objects = rows;    // in pages

	if (binding->count == 0)
	{
		Selectivity sent = clauselist_selectivity(
			pair->root, list_concat_copy(binding->filter->exact, binding->filter->rechecked), 0,
			JOIN_INNER, nullptr);

		rows = Max(rows, pair->child->tuples * sent);
		objects = pair->parent->tuples * sent;
	}
	Cost startup = request_cost(plan);
	Cost total = startup * requests * pages_of(plan, access, objects / requests) +
				 rows * plan->options->server.tuple_cost;

	add_path(pair->join, reinterpret_cast<Path *>(make_foreign_join_path(
							 pair->root, pair->join, startup, total, pair->clauses)));
}

void
consider(const Pair *pair)
{
	List *keys = find_keys(pair);
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
	return join->table->child->spec.pagination.empty() ? columns
													   : add_witness(columns, plan, join->binding);
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
	Pair pair = {
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
