// Which conditions of a scan does the API's filter take over?

#include "pg/filter_plan.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

bool
is_bound(const Binding *binding, const RestrictInfo *clause)
{
	for (int i = 0; i < binding->count; i++)
	{
		if (binding->clauses[i] == clause)
		{
			return true;
		}
	}
	return false;
}

}    // namespace

FilterPlan *
plan_filter(PlannerInfo *, RelOptInfo *, const Binding *binding, List *clauses)
{
	auto *filter = static_cast<FilterPlan *>(palloc0(sizeof(FilterPlan)));
	ListCell *cell;

	filter->close = true;
	foreach (cell, clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

		if (!is_bound(binding, clause))
		{
			filter->kept = lappend(filter->kept, clause);
			filter->reasons = lappend(filter->reasons, makeString(pstrdup("")));
		}
	}
	return filter;
}

}    // namespace gql::pg
