// Which conditions of a scan does the API's filter take over?

#include "pg/filter_plan.hpp"

#include "pg/filter_clause.hpp"
#include "pg/keys.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// Why no condition at all can be sent; nullptr when some may be.
const char *
closed_to_filters(const RelationPlan *plan, const Binding *binding)
{
	if (!table_filters(plan->table))
	{
		return "the foreign table has no option \"filter\"";
	}
	if (!access_filters(plan->table, binding->access))
	{
		std::string_view field = table_access(plan->table, binding->access)->field;

		return psprintf("field \"%s\" takes no filter besides its arguments",
						pnstrdup(field.data(), field.size()));
	}
	return nullptr;
}

bool
fits(const FilterDraft *draft, const Binding *binding)
{
	return filter_fits(draft->plan->table, binding->access, draft->nodes, draft->count);
}

// Appends the clause unless it cannot be said together with those before it.
bool
add_clause(FilterDraft *draft, const Binding *binding, RestrictInfo *clause)
{
	auto *condition = reinterpret_cast<Node *>(clause->clause);
	int nodes = draft->count;
	int values = list_length(draft->values);

	if (!is_safe_to_send(draft->rel, clause))
	{
		draft->reason = "it could leak what a security policy hides";
		return false;
	}
	for (bool says_not_null : {true, false})
	{
		draft->says_not_null = says_not_null;
		if (!draft_clause(draft, condition))
		{
			return false;
		}
		if (fits(draft, binding))
		{
			return true;
		}
		draft_cut(draft, nodes, values);
	}
	draft->reason = "the API has no way to say it together with the others";
	return false;
}

List *
nodes_to_list(const FilterDraft *draft)
{
	List *list = NIL;

	for (int i = 0; i < draft->count; i++)
	{
		const FilterNode *node = &draft->nodes[i];

		list = lappend_int(list, static_cast<int>(node->op));
		list = lappend_int(list, node->column);
		list = lappend_int(list, node->value);
		list = lappend_int(list, node->count);
	}
	return list;
}

FilterDraft
start_draft(PlannerInfo *root, RelOptInfo *rel, const Binding *binding, Relids outer)
{
	constexpr int first_capacity = 16;
	FilterDraft draft = {};

	draft.root = root;
	draft.rel = rel;
	draft.plan = static_cast<RelationPlan *>(rel->fdw_private);
	draft.outer = outer;
	draft.per_scan = binding->channel == 0;
	for (int i = 0; i < binding->count; i++)
	{
		draft.per_scan = draft.per_scan && !binding->lists[i];
	}
	draft.capacity = first_capacity;
	draft.nodes = static_cast<FilterNode *>(palloc(sizeof(FilterNode) * first_capacity));
	return draft;
}

}    // namespace

FilterPlan *
plan_filter(PlannerInfo *root, RelOptInfo *rel, const Binding *binding, List *clauses, Relids outer)
{
	auto *filter = static_cast<FilterPlan *>(palloc0(sizeof(FilterPlan)));
	FilterDraft draft = start_draft(root, rel, binding, outer);
	const char *closed = closed_to_filters(draft.plan, binding);
	ListCell *cell;

	filter->close = true;
	foreach (cell, clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

		if (clause->pseudoconstant || bound_by(binding, clause) >= 0)
		{
			continue;
		}
		if (closed != nullptr || !add_clause(&draft, binding, clause))
		{
			filter->kept = lappend(filter->kept, clause);
			filter->reasons = lappend(
				filter->reasons, makeString(pstrdup(closed != nullptr ? closed : draft.reason)));
		}
		else if (draft.recheck)
		{
			filter->rechecked = lappend(filter->rechecked, clause);
			filter->close = filter->close && !draft.partial;
			for (int i = 0; i < list_length(draft.cut); i++)
			{
				filter->cut = lappend(filter->cut, clause);
			}
			filter->parts = list_concat(filter->parts, draft.cut);
			filter->cut_reasons = list_concat(filter->cut_reasons, draft.cut_reasons);
		}
		else
		{
			filter->exact = lappend(filter->exact, clause);
		}
	}
	filter->nodes = nodes_to_list(&draft);
	filter->values = draft.values;
	filter->sole = draft.sole;
	return filter;
}

double
filter_selectivity(PlannerInfo *root, const RelOptInfo *rel, const FilterPlan *filter)
{
	return clauselist_selectivity(root, list_concat_copy(filter->exact, filter->rechecked),
								  static_cast<int>(rel->relid), JOIN_INNER, nullptr);
}

}    // namespace gql::pg
