// When are two tables parent and child, joined so that the API can do it?

#include "pg/join_pair.hpp"

#include "pg/keys.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

bool
is_plain_table(const PlannerInfo *root, RelOptInfo *rel)
{
	return is_scanned_alone(root, rel) &&
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

// Are values equal only when they are the same?
bool
tells_apart(Oid collation)
{
	return !OidIsValid(collation) || get_collation_isdeterministic(collation);
}

// Is the clause `parent = child` of two columns, by the equality that keys are unique by?
bool
equates(const JoinPair *pair, const RestrictInfo *clause, int child_column, int parent_column)
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
	auto *op = reinterpret_cast<OpExpr *>(condition);
	auto *left = static_cast<Node *>(linitial(op->args));
	auto *right = static_cast<Node *>(lsecond(op->args));
	AttrNumber child_attnum = child->attnums[child_column];
	AttrNumber parent_attnum = parent->attnums[parent_column];

	return tells_apart(op->inputcollid) && ((is_column(left, pair->child, child_attnum) &&
											 is_column(right, pair->parent, parent_attnum)) ||
											(is_column(left, pair->parent, parent_attnum) &&
											 is_column(right, pair->child, child_attnum)));
}

// Does a condition of the parent compare its column with the same value as `clause` the child's?
bool
says_the_same(const JoinPair *pair, RestrictInfo *clause, int child_column, int parent_column)
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
are_joined(const JoinPair *pair, int child_column, int parent_column)
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
		   tells_apart(child->collations[child_column]) && !is_rounded(parent, parent_column);
}

// Since 16 PostgreSQL leaves that in the place of a condition of an outer join that it has replaced
// by one with a constant.
bool
is_true(const RestrictInfo *clause)
{
	auto *constant = reinterpret_cast<const Const *>(clause->clause);

	return IsA(constant, Const) && !constant->constisnull && DatumGetBool(constant->constvalue);
}

// Is the condition of the join, or of the child before it, nothing but that of the keys?
bool
is_key_clause(const JoinPair *pair, RestrictInfo *clause, const List *keys)
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

int
security_order(const ListCell *left, const ListCell *right)
{
	return static_cast<int>(static_cast<RestrictInfo *>(lfirst(left))->security_level) -
		   static_cast<int>(static_cast<RestrictInfo *>(lfirst(right))->security_level);
}

}    // namespace

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

List *
find_join_keys(const JoinPair *pair)
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

bool
can_keep_parents(const JoinPair *pair, const List *keys)
{
	const TableOptions *parent = plan_of(pair->parent)->options;
	ListCell *cell;

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

		if (!RINFO_IS_PUSHED_DOWN(clause, pair->join->relids) && !is_true(clause) &&
			!is_key_clause(pair, clause, keys))
		{
			return false;
		}
	}
	return true;
}

List *
row_clauses(const JoinPair *pair)
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

bool
can_read(const JoinPair *pair, List *clauses)
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

}    // namespace gql::pg
