// May rows be read ahead of what is done with them?

#include "pg/lookahead_step.hpp"

#include "pg/calls.hpp"
#include "pg/prelude.hpp"
#include "pg/server.hpp"

namespace gql::pg
{

namespace
{

bool
is_risky(Oid function, void *)
{
	switch (function)
	{
		case F_CLOCK_TIMESTAMP:
		case F_GEN_RANDOM_UUID:
		case F_NEXTVAL:
		case F_RANDOM:
			return false;
		default:
			return func_volatile(function) == PROVOLATILE_VOLATILE;
	}
}

// A tree walker; `context` is a PlannerGlobal, for subqueries that are planned already.
bool
contains_risk(Node *node, void *context)
{
	if (node == nullptr)
	{
		return false;
	}
	if (IsA(node, Query))
	{
		return walk_query(reinterpret_cast<::Query *>(node), contains_risk, context);
	}
	if (IsA(node, SubPlan))
	{
		List *roots = static_cast<PlannerGlobal *>(context)->subroots;
		auto *root = static_cast<PlannerInfo *>(
			list_nth(roots, reinterpret_cast<SubPlan *>(node)->plan_id - 1));

		if (contains_risk(reinterpret_cast<Node *>(root->parse), context))
		{
			return true;
		}
	}
	return check_functions_in_node(node, is_risky, nullptr) ||
		   walk_expression(node, contains_risk, context);
}

bool
has_session_headers(const ForeignServer *server)
{
	ListCell *cell;

	foreach (cell, server->options)
	{
		if (strcmp(static_cast<DefElem *>(lfirst(cell))->defname, "session_headers") == 0)
		{
			return is_graphql_server(server);
		}
	}
	return false;
}

// Which server a call is for is not known before it is made.
bool
calls_queries(const PlannedStmt *statement)
{
	ListCell *cell;

	foreach (cell, statement->invalItems)
	{
		auto *item = static_cast<PlanInvalItem *>(lfirst(cell));

		if (item->cacheId == PROCOID && OidIsValid(query_function) &&
			item->hashValue == GetSysCacheHashValue1(PROCOID, ObjectIdGetDatum(query_function)))
		{
			return true;
		}
	}
	return false;
}

bool
any_server_has_session_headers()
{
	Relation servers = ::table_open(ForeignServerRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(servers, InvalidOid, false, nullptr, 0, nullptr);
	bool found = false;

	while (HeapTuple tuple = found ? nullptr : systable_getnext(scan))
	{
		found = has_session_headers(
			GetForeignServer(reinterpret_cast<Form_pg_foreign_server>(GETSTRUCT(tuple))->oid));
	}
	systable_endscan(scan);
	::table_close(servers, AccessShareLock);
	return found;
}

}    // namespace

bool
may_change_settings(PlannerInfo *root)
{
	while (root->parent_root != nullptr)
	{
		root = root->parent_root;
	}
	return contains_risk(reinterpret_cast<Node *>(root->parse), root->glob);
}

bool
may_say_who_asks(EState *estate)
{
	ListCell *cell;

	foreach (cell, estate->es_range_table)
	{
		auto *entry = static_cast<RangeTblEntry *>(lfirst(cell));

		if (entry->rtekind == RTE_RELATION && entry->relkind == RELKIND_FOREIGN_TABLE &&
			has_session_headers(GetForeignServer(GetForeignServerIdByRelId(entry->relid))))
		{
			return true;
		}
	}
	return calls_queries(estate->es_plannedstmt) && any_server_has_session_headers();
}

}    // namespace gql::pg
