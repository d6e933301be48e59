// Which conditions on the tables of a join does the API get to know?
//
// The join is planned as a scan of one table that has the columns of both: for that conditions are
// written anew, over the columns of that table.

#include "pg/join_bind.hpp"

#include "pg/filter_plan.hpp"
#include "pg/key_table.hpp"
#include "pg/keys.hpp"
#include "pg/plan_scan.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

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
make_relation(const JoinPair *pair, JoinedTable *table, List *clauses)
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

// Can lists be gone on with, where their first pages come with the objects of one set of arguments?
// They are looked up by the parent's key.
bool
can_go_on(const JoinedTable *table, const Binding *binding)
{
	if (table_access(table->table, static_cast<size_t>(binding->access))->lists == nullptr)
	{
		return true;
	}
	for (int i = 0; i < binding->count; i++)
	{
		if (binding->lists[i] || binding->method != Method::single)
		{
			return false;
		}
	}
	for (int i = 1; i < list_length(table->terms.keys); i += 2)
	{
		int column = table->first_parent + list_nth_int(table->terms.keys, i);

		if (!is_key_type(getBaseType(table->options->types[column])))
		{
			return false;
		}
	}
	return true;
}

}    // namespace

Binding *
bind_join(const JoinPair *pair, JoinedTable *table, List *clauses)
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
	if (binding == nullptr || !binds_constants(binding) ||
		!fills_arguments(table, binding, joined_columns(pair->parent, pair->child, seen)))
	{
		return nullptr;
	}
	binding->stops_early = pair->root->tuple_fraction > 0;
	binding->wanted = binding->stops_early ? -1 : 0;
	assign_channel(binding);
	if (!can_go_on(table, binding))
	{
		return nullptr;
	}
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

}    // namespace gql::pg
