// Which access of a table can the conditions of a query fill, and what do they leave open?

#include "pg/keys.hpp"

#include <cfloat>

#include "pg/key_table.hpp"
#include "pg/plan_scan.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

bool
is_argument_only(const RelationPlan *plan, int column)
{
	return plan->options->spec.columns[column].path.empty();
}

// What the clauses say about one column.
struct ColumnCondition
{
	bool matched;
	KeyMatch match;
	RestrictInfo *clause;
};

// Which of two conditions on one column is sent? What a policy or a security barrier says comes
// before what the user says; then one value before a list, being the narrower condition.
bool
is_preferred(const ColumnCondition *current, const RestrictInfo *clause, const KeyMatch *match)
{
	if (!current->matched)
	{
		return true;
	}
	if (clause->security_level != current->clause->security_level)
	{
		return clause->security_level < current->clause->security_level;
	}
	return current->match.list && !match->list;
}

ColumnCondition
find_condition(PlannerInfo *root, RelOptInfo *rel, List *clauses, int column)
{
	ColumnCondition condition = {};
	ListCell *cell;

	foreach (cell, clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));
		KeyMatch match;

		if (match_key_clause(root, rel, clause, column, &match) &&
			is_preferred(&condition, clause, &match))
		{
			condition = {true, match, clause};
		}
	}
	return condition;
}

bool
access_names(const Access *access, int column)
{
	for (size_t i = 0; i < access->argument_count; i++)
	{
		if (access->arguments[i].column == column)
		{
			return true;
		}
	}
	return false;
}

// The first argument of the access that must have a value and gets none, or -1.
int
open_argument(const Access *access, const ColumnCondition *conditions)
{
	for (size_t i = 0; i < access->argument_count; i++)
	{
		const AccessArgument *argument = &access->arguments[i];

		if (!conditions[argument->column].matched && argument->need == Need::required)
		{
			return argument->column;
		}
	}
	return -1;
}

// A condition on an argument-only column must be sent, for it cannot be checked afterwards.
int
unsent_condition(const RelationPlan *plan, const Access *access, const ColumnCondition *conditions)
{
	for (size_t i = 0; i < plan->options->spec.column_count; i++)
	{
		int column = static_cast<int>(i);

		if (conditions[column].matched && is_argument_only(plan, column) &&
			!access_names(access, column))
		{
			return column;
		}
	}
	return -1;
}

bool
is_joined(PlannerInfo *root, RelOptInfo *rel, AttrNumber attnum)
{
	ListCell *cell;

	foreach (cell, rel->joininfo)
	{
		if (clause_mentions(rel, static_cast<RestrictInfo *>(lfirst(cell)), attnum))
		{
			return true;
		}
	}
	foreach (cell, root->eq_classes)
	{
		auto *ec = static_cast<EquivalenceClass *>(lfirst(cell));
		ListCell *member;

		foreach (member, members_for(ec, rel))
		{
			auto *em = static_cast<EquivalenceMember *>(lfirst(member));

			if (list_length(ec->ec_members) > 1 &&
				is_column(reinterpret_cast<Node *>(em->em_expr), rel, attnum))
			{
				return true;
			}
		}
	}
	return false;
}

// A join condition on an argument-only column that a scan does not fill would compare NULLs.
int
joined_argument(PlannerInfo *root, RelOptInfo *rel, const ColumnCondition *conditions)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);

	for (size_t i = 0; i < plan->options->spec.column_count; i++)
	{
		int column = static_cast<int>(i);

		if (is_argument_only(plan, column) && !conditions[i].matched &&
			is_joined(root, rel, plan->options->attnums[i]))
		{
			return column;
		}
	}
	return -1;
}

ColumnCondition *
find_conditions(PlannerInfo *root, RelOptInfo *rel, List *clauses)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	size_t count = plan->options->spec.column_count;
	auto *conditions =
		static_cast<ColumnCondition *>(palloc0(sizeof(ColumnCondition) * Max(count, 1)));

	for (size_t i = 0; i < count; i++)
	{
		conditions[i] = find_condition(root, rel, clauses, static_cast<int>(i));
	}
	return conditions;
}

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

// Does every scan that can run send a value for this column? Then it is not NULL, as IS NOT NULL
// asks.
bool
is_filled(PlannerInfo *root, RelOptInfo *rel, int column)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);

	return find_condition(root, rel, rel->baserestrictinfo, column).matched ||
		   is_joined(root, rel, plan->options->attnums[column]);
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

const char *
missing_argument(PlannerInfo *root, RelOptInfo *rel, size_t index)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	const Access *access = table_access(plan->table, index);
	ColumnCondition *conditions = find_conditions(root, rel, rel->baserestrictinfo);
	int column = open_argument(access, conditions);

	if (column < 0)
	{
		column = joined_argument(root, rel, conditions);
	}
	if (column < 0)
	{
		column = unsent_condition(plan, access, conditions);
	}
	return column < 0 ? nullptr : argument_name(plan->options, column);
}

void
check_argument_conditions(PlannerInfo *root, RelOptInfo *rel)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	List *clauses = list_concat_copy(rel->baserestrictinfo, rel->joininfo);

	for (size_t i = 0; i < plan->options->spec.column_count; i++)
	{
		ListCell *cell;
		AttrNumber attnum = plan->options->attnums[i];

		if (!is_argument_only(plan, static_cast<int>(i)))
		{
			continue;
		}
		foreach (cell, clauses)
		{
			auto *clause = static_cast<RestrictInfo *>(lfirst(cell));
			KeyMatch match;

			if (clause_mentions(rel, clause, attnum) &&
				!is_null_test(rel, clause, attnum, IS_NULL) &&
				!(is_null_test(rel, clause, attnum, IS_NOT_NULL) &&
				  is_filled(root, rel, static_cast<int>(i))) &&
				!match_key_clause(root, rel, clause, static_cast<int>(i), &match))
			{
				ereport(ERROR,
						(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						 errmsg("column \"%s\" is an argument and can only be compared with =, IN "
								"or IS NULL",
								get_attname(plan->options->relation_id, attnum, false))));
			}
		}
	}
}

}    // namespace gql::pg
