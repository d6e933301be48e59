// What do plan nodes have in common that hand on the rows of the node below them?

#include "pg/pass_through.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

CustomPath *
make_pass_through_path(Path *rows, const CustomPathMethods *methods, List *custom_private)
{
	CustomPath *path = makeNode(CustomPath);

	path->path = *rows;
	path->path.type = T_CustomPath;
	path->path.pathtype = T_CustomScan;
	path->path.parallel_aware = false;
	path->path.parallel_safe = false;
	path->path.parallel_workers = 0;
	path->flags = CUSTOMPATH_SUPPORT_PROJECTION;
	path->custom_paths = list_make1(rows);
	path->custom_private = custom_private;
	path->methods = methods;
	return path;
}

CustomScan *
make_pass_through_plan(const CustomPath *path, List *target_list, List *custom_plans,
					   const CustomScanMethods *methods)
{
	CustomScan *scan = makeNode(CustomScan);

	scan->scan.plan.targetlist = target_list;
	scan->flags = path->flags;
	scan->custom_plans = custom_plans;
	scan->custom_scan_tlist = copy_node(static_cast<Plan *>(linitial(custom_plans))->targetlist);
	scan->methods = methods;
	return scan;
}

// PostgreSQL 15 gives custom scans a slot for virtual tuples only.
TupleTableSlot *
hand_on_row(ScanState *node, TupleTableSlot *row)
{
	TupleTableSlot *slot = node->ss_ScanTupleSlot;
	int count = slot->tts_tupleDescriptor->natts;

	ExecClearTuple(slot);
	slot_getallattrs(row);
	memcpy(slot->tts_values, row->tts_values, sizeof(Datum) * count);
	memcpy(slot->tts_isnull, row->tts_isnull, sizeof(bool) * count);
	return ExecStoreVirtualTuple(slot);
}

void
rescan_child(PlanState *node, PlanState *child)
{
	if (node->chgParam != nullptr)
	{
		UpdateChangedParamSet(child, node->chgParam);
	}
	if (child->chgParam == nullptr)
	{
		ExecReScan(child);
	}
}

}    // namespace gql::pg
