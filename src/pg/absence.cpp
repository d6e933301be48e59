// Would a row that could not be fetched count as absent?

#include "pg/absence.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

bool
holds_relation(Node *node, int relid)
{
	ListCell *cell;

	if (node == nullptr)
	{
		return false;
	}
	if (IsA(node, RangeTblRef))
	{
		return reinterpret_cast<RangeTblRef *>(node)->rtindex == relid;
	}
	if (IsA(node, JoinExpr))
	{
		auto *join = reinterpret_cast<JoinExpr *>(node);

		return holds_relation(join->larg, relid) || holds_relation(join->rarg, relid);
	}
	foreach (cell, castNode(FromExpr, node)->fromlist)
	{
		if (holds_relation(static_cast<Node *>(lfirst(cell)), relid))
		{
			return true;
		}
	}
	return false;
}

// Is the relation on the side of a SEMI or ANTI join that is only looked for? The join tree tells
// also where the planner has since made an inner join of it.
bool
is_only_looked_for(Node *node, int relid)
{
	ListCell *cell;

	if (node == nullptr || IsA(node, RangeTblRef))
	{
		return false;
	}
	if (IsA(node, JoinExpr))
	{
		auto *join = reinterpret_cast<JoinExpr *>(node);

		return ((join->jointype == JOIN_SEMI || join->jointype == JOIN_ANTI) &&
				holds_relation(join->rarg, relid)) ||
			   is_only_looked_for(join->larg, relid) || is_only_looked_for(join->rarg, relid);
	}
	foreach (cell, castNode(FromExpr, node)->fromlist)
	{
		if (is_only_looked_for(static_cast<Node *>(lfirst(cell)), relid))
		{
			return true;
		}
	}
	return false;
}

// EXISTS, IN and NOT IN that did not become joins: their queries are planned before the relations
// of the query around them are known, and for a fraction of their rows.
bool
is_membership_query(const PlannerInfo *root)
{
	return root->parent_root != nullptr && root->parent_root->simple_rel_array == nullptr &&
		   root->tuple_fraction > 0 && root->parse->limitCount == nullptr;
}

}    // namespace

bool
absence_decides(PlannerInfo *root, RelOptInfo *rel)
{
	Relids relids = rel->top_parent_relids != nullptr ? rel->top_parent_relids : rel->relids;
	int relid = -1;

	while ((relid = bms_next_member(relids, relid)) >= 0)
	{
		if (is_only_looked_for(reinterpret_cast<Node *>(root->parse->jointree), relid))
		{
			return true;
		}
	}
	return is_membership_query(root);
}

}    // namespace gql::pg
