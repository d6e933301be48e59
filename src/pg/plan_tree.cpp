// Which plans are below a plan?

#include "pg/plan_tree.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

List *
plan_children(const Plan *plan)
{
	List *children = NIL;

	switch (nodeTag(plan))
	{
		case T_SubqueryScan:
			children = list_make1(reinterpret_cast<const SubqueryScan *>(plan)->subplan);
			break;
		case T_CustomScan:
			children = list_copy(reinterpret_cast<const CustomScan *>(plan)->custom_plans);
			break;
		case T_Append:
			children = list_copy(reinterpret_cast<const Append *>(plan)->appendplans);
			break;
		case T_MergeAppend:
			children = list_copy(reinterpret_cast<const MergeAppend *>(plan)->mergeplans);
			break;
		default:
			break;
	}
	if (plan->lefttree != nullptr)
	{
		children = lappend(children, plan->lefttree);
	}
	if (plan->righttree != nullptr)
	{
		children = lappend(children, plan->righttree);
	}
	return children;
}

}    // namespace gql::pg
