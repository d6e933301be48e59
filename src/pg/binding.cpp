// Which access of a table do the conditions of a query fill best?

#include "pg/key_conditions.hpp"

#include <cfloat>

#include "pg/plan_scan.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

bool
covers_key(const TableOptions *options, const Binding *binding)
{
	for (int i = 0; i < options->key_count; i++)
	{
		bool found = false;

		for (int j = 0; j < binding->count; j++)
		{
			found = found || binding->columns[j] == options->key[i];
		}
		if (!found)
		{
			return false;
		}
	}
	return options->key_count > 0;
}

// A list request finds its keys again by the value that comes back, so the column must come back.
bool
can_list(const RelationPlan *plan, const Access *access)
{
	return access->list_column >= 0 && !is_argument_only(plan, access->list_column);
}

// A list request holds keys that differ in nothing but the list's column.
bool
varies_beyond_list(const RelationPlan *plan, const Access *access, const Binding *binding)
{
	for (int i = 0; i < binding->count; i++)
	{
		if (binding->columns[i] != access->list_column &&
			(binding->lists[i] ||
			 !is_statement_constant(reinterpret_cast<Node *>(binding->values[i]))))
		{
			return true;
		}
	}
	return !can_list(plan, access);
}

Method
choose_method(const RelationPlan *plan, const Access *access, const Binding *binding)
{
	if (binding->count == 0)
	{
		return Method::single;
	}
	switch (plan->options->server.batch_mode)
	{
		case BatchMode::single:
			return Method::single;
		case BatchMode::alias:
			return Method::alias;
		case BatchMode::array:
			return Method::array;
		case BatchMode::automatic:
			return varies_beyond_list(plan, access, binding) ? Method::alias : Method::list;
		default:
			return can_list(plan, access) ? Method::list : Method::alias;
	}
}

Binding *
make_binding(const RelationPlan *plan, int index, const ColumnCondition *conditions)
{
	const Access *access = table_access(plan->table, index);
	const TableOptions *options = plan->options;
	auto *binding = static_cast<Binding *>(palloc0(sizeof(Binding)));
	size_t size = Max(access->argument_count, 1);

	binding->access = index;
	binding->columns = static_cast<int *>(palloc0(sizeof(int) * size));
	binding->values = static_cast<Expr **>(palloc0(sizeof(Expr *) * size));
	binding->lists = static_cast<bool *>(palloc0(sizeof(bool) * size));
	binding->clauses = static_cast<RestrictInfo **>(palloc0(sizeof(RestrictInfo *) * size));
	for (size_t i = 0; i < access->argument_count; i++)
	{
		int column = access->arguments[i].column;

		if (conditions[column].matched)
		{
			int at = binding->count++;

			binding->columns[at] = column;
			binding->values[at] = conditions[column].match.value;
			binding->lists[at] = conditions[column].match.list;
			binding->clauses[at] = conditions[column].clause;
		}
	}
	binding->method = choose_method(plan, access, binding);
	binding->unique = covers_key(options, binding);
	return binding;
}

// How well does the access suit the table's batch_mode? 0 is best; the worst are used only when
// nothing else fits. By itself a list of keys is better than a filter, which has to be evaluated
// and is paged as a rule, and both are better than a field per key.
int
rank(const RelationPlan *plan, const Access *access, const Binding *binding)
{
	switch (plan->options->server.batch_mode)
	{
		case BatchMode::list:
			return access->list == ListKind::argument ? 0 : can_list(plan, access) ? 1 : 2;
		case BatchMode::nodes:
			return access->list == ListKind::nodes ? 0 : 1;
		case BatchMode::entities:
			return access->list == ListKind::entities ? 0 : 1;
		case BatchMode::filter:
			return access->list == ListKind::filter ? 0 : 1;
		case BatchMode::alias:
		case BatchMode::array:
		case BatchMode::single:
			return access->list == ListKind::none ? 0 : 1;
		case BatchMode::automatic:
			break;
	}
	return binding->method != Method::list ? 2 : access->list == ListKind::filter ? 1 : 0;
}

// Do keys that go into the filter change while the statement runs? The filter takes others anyway.
bool
has_changing_keys(const RelationPlan *plan, const Binding *binding)
{
	int column = table_access(plan->table, binding->access)->filter_key;

	for (int i = 0; i < binding->count; i++)
	{
		if (binding->columns[i] == column)
		{
			return !is_statement_constant(reinterpret_cast<Node *>(binding->values[i]));
		}
	}
	return false;
}

// Is there anything to win by keys that go into the filter? What a look-up finds is few rows.
bool
leaves_room(const RelationPlan *plan, const Binding *binding)
{
	return binding == nullptr ||
		   (table_access(plan->table, binding->access)->own && binds_constants(binding));
}

// What the clauses make of an access, or nullptr when they do not fill it.
Binding *
bind_access(const RelationPlan *plan, const ColumnCondition *conditions, size_t index, bool ordered)
{
	const Access *access = table_access(plan->table, index);

	if ((ordered && !access->ordered) || open_argument(access, conditions) >= 0 ||
		unsent_condition(plan, access, conditions) >= 0)
	{
		return nullptr;
	}
	Binding *binding = make_binding(plan, static_cast<int>(index), conditions);

	return binding->count == 0 ? nullptr : binding;
}

// The best of the accesses that the table's options declare.
Binding *
bind_declared(const RelationPlan *plan, const ColumnCondition *conditions, bool ordered)
{
	Binding *best = nullptr;
	int best_rank = 0;

	for (size_t i = 0; i < table_access_count(plan->table); i++)
	{
		const Access *access = table_access(plan->table, i);
		Binding *binding =
			access->filter_key >= 0 ? nullptr : bind_access(plan, conditions, i, ordered);

		if (binding != nullptr && (best == nullptr || rank(plan, access, binding) < best_rank))
		{
			best = binding;
			best_rank = rank(plan, access, binding);
		}
	}
	return best;
}

// The best of those whose keys the filter takes: by a column that tells rows well apart.
Binding *
bind_filter_key(PlannerInfo *root, RelOptInfo *rel, const ColumnCondition *conditions, bool ordered)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	Binding *best = nullptr;
	double best_distinct = 0;

	for (size_t i = 0; i < table_access_count(plan->table); i++)
	{
		int column = table_access(plan->table, i)->filter_key;
		Binding *binding = column < 0 ? nullptr : bind_access(plan, conditions, i, ordered);

		if (binding == nullptr || !has_changing_keys(plan, binding))
		{
			continue;
		}
		bool analyzed;
		double distinct = binding->unique ? DBL_MAX : distinct_values(root, rel, column, &analyzed);

		if (distinct > best_distinct)
		{
			best = binding;
			best_distinct = distinct;
		}
	}
	return best;
}

}    // namespace

Binding *
bind_clauses(PlannerInfo *root, RelOptInfo *rel, List *clauses, bool ordered)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	ColumnCondition *conditions = find_conditions(root, rel, clauses);

	if (joined_argument(root, rel, conditions) >= 0)
	{
		return nullptr;
	}
	Binding *declared = bind_declared(plan, conditions, ordered);
	Binding *filtered =
		leaves_room(plan, declared) ? bind_filter_key(root, rel, conditions, ordered) : nullptr;

	return filtered == nullptr ? declared : filtered;
}

}    // namespace gql::pg
