// What of ANALYZE's findings must the planner not be told?
//
// Columns that are only arguments read NULL in the scan that ANALYZE makes, and what is sent
// wherever they are compared: that they were all NULL says nothing.

#include "pg/handler.hpp"
#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

namespace
{

get_relation_stats_hook_type previous_relation_stats_hook = nullptr;

bool
is_argument_only(const TableOptions *options, AttrNumber attnum)
{
	for (size_t i = 0; i < options->spec.column_count; i++)
	{
		if (options->attnums[i] == attnum)
		{
			return options->spec.columns[i].path.empty();
		}
	}
	return false;
}

// True: there are no statistics but those put into `data`.
bool
relation_stats_hook(PlannerInfo *root, RangeTblEntry *rte, AttrNumber attnum,
					VariableStatData *data)
{
	RelOptInfo *rel = data->rel;

	if (previous_relation_stats_hook != nullptr &&
		previous_relation_stats_hook(root, rte, attnum, data))
	{
		return true;
	}
	return rel != nullptr && IS_SIMPLE_REL(rel) && is_graphql_relation(rel) && !rte->inh &&
		   is_argument_only(relation_plan(rel, rte->relid)->options, attnum);
}

}    // namespace

void
statistics_init()
{
	previous_relation_stats_hook = get_relation_stats_hook;
	get_relation_stats_hook = relation_stats_hook;
}

}    // namespace gql::pg
