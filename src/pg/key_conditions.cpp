// What do the conditions of a query say about the columns that fill arguments, and what do they
// leave open?

#include "pg/key_conditions.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

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

bool
is_argument_only(const RelationPlan *plan, int column)
{
	return plan->options->spec.columns[column].path.empty();
}

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
