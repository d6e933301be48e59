// Which functions read an API once per row, where no look-ahead can see into them?
//
// A function that PostgreSQL does not take apart, or that is called in a SELECT list, runs
// statements of its own: their look-ups stay single, and EXPLAIN does not show them. A node that
// only hands on the rows the function is called for says so.

#include "pg/unbatched.hpp"

#include "pg/handler.hpp"
#include "pg/pass_through.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

Plan *plan_note(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *target_list,
				List *clauses, List *custom_plans);

Node *create_note(CustomScan *scan);

const CustomPathMethods note_path_methods = {"Remote Functions", plan_note, nullptr};
const CustomScanMethods note_scan_methods = {"Remote Functions", create_note};

bool
is_note(const Path *path)
{
	return IsA(path, CustomPath) &&
		   reinterpret_cast<const CustomPath *>(path)->methods == &note_path_methods;
}

bool
is_graphql_table(Oid relation)
{
	return get_rel_relkind(relation) == RELKIND_FOREIGN_TABLE &&
		   GetFdwRoutineByRelId(relation)->GetForeignPaths == graphqlGetForeignPaths;
}

// Does the function's body name a foreign table of ours? Known of bodies that PostgreSQL keeps
// parsed.
bool
names_table(Oid function)
{
	Relation depend = table_open(DependRelationId, AccessShareLock);
	ScanKeyData keys[2];
	bool found = false;

	ScanKeyInit(&keys[0], Anum_pg_depend_classid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(ProcedureRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_objid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(function));
	SysScanDesc scan = systable_beginscan(depend, DependDependerIndexId, true, nullptr, 2, keys);

	while (HeapTuple tuple = systable_getnext(scan))
	{
		auto *entry = reinterpret_cast<Form_pg_depend>(GETSTRUCT(tuple));

		if (entry->refclassid == RelationRelationId && is_graphql_table(entry->refobjid))
		{
			found = true;
			break;
		}
	}
	systable_endscan(scan);
	table_close(depend, AccessShareLock);
	return found;
}

// A body that is text, as PL/pgSQL's is, gives itself away by the rows it returns.
bool
reads_api(Oid function)
{
	Oid returned = get_typ_typrelid(get_func_rettype(function));

	return (OidIsValid(returned) && is_graphql_table(returned)) || names_table(function);
}

struct FunctionSearch
{
	List *computed;    // expressions that the rows hold already
	List *functions;
};

// Collects the functions of an expression that read an API. A tree walker; `context` is a
// FunctionSearch.
bool
find_functions(Node *node, void *context)
{
	auto *search = static_cast<FunctionSearch *>(context);

	if (node == nullptr || list_member(search->computed, node))
	{
		return false;
	}
	if (IsA(node, FuncExpr))
	{
		Oid function = reinterpret_cast<FuncExpr *>(node)->funcid;

		if (function >= FirstNormalObjectId && !list_member_oid(search->functions, function) &&
			reads_api(function))
		{
			search->functions = lappend_oid(search->functions, function);
		}
	}
	return walk_expression(node, find_functions, context);
}

char *
name_functions(const List *functions)
{
	StringInfoData text;
	ListCell *cell;

	initStringInfo(&text);
	foreach (cell, functions)
	{
		appendStringInfo(&text, "%s%s()", text.len > 0 ? ", " : "",
						 quote_identifier(get_func_name(lfirst_oid(cell))));
	}
	return text.data;
}

Plan *
plan_note(PlannerInfo *, RelOptInfo *, CustomPath *path, List *target_list, List *,
		  List *custom_plans)
{
	CustomScan *scan = make_pass_through_plan(path, target_list, custom_plans, &note_scan_methods);

	scan->custom_private = path->custom_private;
	return &scan->scan.plan;
}

TupleTableSlot *
next_row(ScanState *node)
{
	auto *state = reinterpret_cast<CustomScanState *>(node);
	TupleTableSlot *row = ExecProcNode(static_cast<PlanState *>(linitial(state->custom_ps)));

	return TupIsNull(row) ? ExecClearTuple(node->ss_ScanTupleSlot) : hand_on_row(node, row);
}

bool
recheck_row(ScanState *node, TupleTableSlot *)
{
	return !TupIsNull(next_row(node));
}

void
begin(CustomScanState *node, EState *estate, int flags)
{
	auto *plan = castNode(CustomScan, node->ss.ps.plan);

	node->custom_ps =
		list_make1(ExecInitNode(static_cast<Plan *>(linitial(plan->custom_plans)), estate, flags));
}

TupleTableSlot *
execute(CustomScanState *node)
{
	return ExecScan(&node->ss, next_row, recheck_row);
}

void
end(CustomScanState *node)
{
	ExecEndNode(static_cast<PlanState *>(linitial(node->custom_ps)));
}

void
rescan(CustomScanState *node)
{
	rescan_child(&node->ss.ps, static_cast<PlanState *>(linitial(node->custom_ps)));
}

void
explain(CustomScanState *node, List *, ExplainState *es)
{
	auto *functions =
		static_cast<List *>(linitial(castNode(CustomScan, node->ss.ps.plan)->custom_private));

	ExplainPropertyText("Not Batched", psprintf("%s runs row by row", name_functions(functions)),
						es);
}

const CustomExecMethods note_exec_methods = {"Remote Functions",
											 begin,
											 execute,
											 end,
											 rescan,
											 nullptr,
											 nullptr,
											 nullptr,
											 nullptr,
											 nullptr,
											 nullptr,
											 nullptr,
											 explain};

Node *
create_note(CustomScan *)
{
	CustomScanState *state = makeNode(CustomScanState);

	state->methods = &note_exec_methods;
	return reinterpret_cast<Node *>(state);
}

}    // namespace

Path *
note_unbatched(Path *rows, List *exprs)
{
	FunctionSearch search = {rows->pathtarget->exprs, NIL};

	find_functions(reinterpret_cast<Node *>(exprs), &search);
	if (search.functions == NIL || rows->param_info != nullptr || is_note(rows))
	{
		return rows;
	}
	return &make_pass_through_path(rows, &note_path_methods, list_make1(search.functions))->path;
}

void
unbatched_init()
{
	RegisterCustomScanMethods(&note_scan_methods);
}

}    // namespace gql::pg
