// Which PostgreSQL headers does src/pg use, and what differs between PostgreSQL 15 and 18?
//
// The only file with extern "C" around PostgreSQL's headers and with version checks. Include it
// after C++ and door headers: PostgreSQL's macros would otherwise rewrite names inside those.
#pragma once

extern "C"
{
#include "postgres.h"

#include "access/htup_details.h"
#include "access/reloptions.h"
#include "access/sysattr.h"
#include "access/relation.h"
#include "access/stratnum.h"
#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/dependency.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_am.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_description.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "catalog/pg_user_mapping.h"
#include "commands/comment.h"
#include "commands/dbcommands.h"
#include "commands/defrem.h"
#include "commands/event_trigger.h"
#include "commands/explain.h"
#include "commands/tablecmds.h"
#include "common/int.h"
#include "common/shortest_dec.h"
#include "executor/execAsync.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "foreign/fdwapi.h"
#include "foreign/foreign.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/extensible.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/appendinfo.h"
#include "optimizer/clauses.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/paramassign.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/plancat.h"
#include "optimizer/planmain.h"
#include "optimizer/planner.h"
#include "optimizer/restrictinfo.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parse_node.h"
#include "parser/parse_oper.h"
#include "parser/parse_relation.h"
#include "parser/parse_type.h"
#include "optimizer/tlist.h"
#include "parser/parser.h"
#include "parser/parsetree.h"
#include "pgstat.h"
#include "rewrite/rewriteManip.h"
#include "storage/fd.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/formatting.h"
#include "utils/guc.h"
#include "utils/guc_tables.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/regproc.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/sampling.h"
#include "utils/selfuncs.h"
#include "utils/snapmgr.h"
#include "utils/sortsupport.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"
#include "utils/varlena.h"

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#include "storage/waiteventset.h"
#endif
}

#if PG_VERSION_NUM < 170000
#define INTERVAL_NOT_FINITE(interval) false
#else
#define F_RANDOM F_RANDOM_
#endif
#if PG_VERSION_NUM < 180000
#define ATTRIBUTE_GENERATED_VIRTUAL 'v'
#else
#define POSIX_COLLATION_OID 951
#endif

namespace gql::pg
{

// What pg_stat_activity shows while a backend waits for an API.
inline uint32
wait_event_remote_reply()
{
#if PG_VERSION_NUM >= 170000
	static uint32 event = 0;

	if (event == 0)
	{
		event = WaitEventExtensionNew("GraphqlFdwReply");
	}
	return event;
#else
	return PG_WAIT_EXTENSION;
#endif
}

// Where the value comes from that RESET would give the setting; PGC_S_DEFAULT when nobody knows it.
inline GucSource
setting_source(const char *name)
{
#if PG_VERSION_NUM >= 160000
	const config_generic *setting = ::find_option(name, false, true, 0);

	return setting != nullptr ? setting->reset_source : PGC_S_DEFAULT;
#else
	config_generic **settings = get_guc_variables();

	for (int i = 0; i < GetNumConfigOptions(); i++)
	{
		if (pg_strcasecmp(settings[i]->name, name) == 0)
		{
			return settings[i]->reset_source;
		}
	}
	return PGC_S_DEFAULT;
#endif
}

// A foreign scan path of ours: no outer path.
inline ForeignPath *
make_foreign_path(PlannerInfo *root, RelOptInfo *rel, double rows, bool avoid, Cost startup,
				  Cost total, List *pathkeys, Relids required_outer, List *fdw_private)
{
#if PG_VERSION_NUM >= 180000
	return create_foreignscan_path(root, rel, nullptr, rows, avoid ? 1000 : 0, startup, total,
								   pathkeys, required_outer, nullptr, NIL, fdw_private);
#elif PG_VERSION_NUM >= 170000
	(void)avoid;
	return create_foreignscan_path(root, rel, nullptr, rows, startup, total, pathkeys,
								   required_outer, nullptr, NIL, fdw_private);
#else
	(void)avoid;
	return create_foreignscan_path(root, rel, nullptr, rows, startup, total, pathkeys,
								   required_outer, nullptr, fdw_private);
#endif
}

// A path that returns one row of aggregates.
inline ForeignPath *
make_foreign_upper_path(PlannerInfo *root, RelOptInfo *rel, PathTarget *target, Cost startup,
						Cost total, List *fdw_private)
{
#if PG_VERSION_NUM >= 180000
	return create_foreign_upper_path(root, rel, target, 1, 0, startup, total, NIL, nullptr, NIL,
									 fdw_private);
#elif PG_VERSION_NUM >= 170000
	return create_foreign_upper_path(root, rel, target, 1, startup, total, NIL, nullptr, NIL,
									 fdw_private);
#else
	return create_foreign_upper_path(root, rel, target, 1, startup, total, NIL, nullptr,
									 fdw_private);
#endif
}

// A path that returns the rows of a join. `clauses`: those of the join.
inline ForeignPath *
make_foreign_join_path(PlannerInfo *root, RelOptInfo *rel, Cost startup, Cost total, List *clauses)
{
#if PG_VERSION_NUM >= 180000
	return create_foreign_join_path(root, rel, nullptr, rel->rows, 0, startup, total, NIL, nullptr,
									nullptr, clauses, NIL);
#elif PG_VERSION_NUM >= 170000
	return create_foreign_join_path(root, rel, nullptr, rel->rows, startup, total, NIL, nullptr,
									nullptr, clauses, NIL);
#else
	(void)clauses;
	return create_foreign_join_path(root, rel, nullptr, rel->rows, startup, total, NIL, nullptr,
									nullptr, NIL);
#endif
}

// A column of the side of an outer join that may have no row, as it is named above the join.
inline void
set_nulled_by(Var *var, const SpecialJoinInfo *join)
{
#if PG_VERSION_NUM >= 160000
	var->varnullingrels = bms_make_singleton(static_cast<int>(join->ojrelid));
#else
	(void)var;
	(void)join;
#endif
}

inline bool
is_descending(const PathKey *key)
{
#if PG_VERSION_NUM >= 180000
	return key->pk_cmptype == COMPARE_GT;
#else
	return key->pk_strategy == BTGreaterStrategyNumber;
#endif
}

// The order of an equivalence class as merge joins like it.
inline PathKey *
ascending_pathkey(PlannerInfo *root, EquivalenceClass *ec)
{
#if PG_VERSION_NUM >= 180000
	return make_canonical_pathkey(root, ec, linitial_oid(ec->ec_opfamilies), COMPARE_LT, false);
#else
	return make_canonical_pathkey(root, ec, linitial_oid(ec->ec_opfamilies), BTLessStrategyNumber,
								  false);
#endif
}

// The operator by which values of the type are ordered.
inline Oid
ordering_operator(const PathKey *key, Oid type)
{
	return get_opfamily_member(key->pk_opfamily, type, type,
							   is_descending(key) ? BTGreaterStrategyNumber : BTLessStrategyNumber);
}

// The family of an operator that orders values of a type, InvalidOid where it does not.
inline Oid
ordering_family(Oid operator_id, bool *descending)
{
	Oid family;
	Oid type;
#if PG_VERSION_NUM >= 180000
	CompareType direction;
	const CompareType greater = COMPARE_GT;
#else
	int16 direction;
	const int16 greater = BTGreaterStrategyNumber;
#endif

	if (!get_ordering_op_properties(operator_id, &family, &type, &direction))
	{
		return InvalidOid;
	}
	*descending = direction == greater;
	return family;
}

inline double
array_length_estimate(PlannerInfo *root, Node *array)
{
#if PG_VERSION_NUM >= 170000
	return estimate_array_length(root, array);
#else
	(void)root;
	return estimate_array_length(array);
#endif
}

// copyObject() without typeof, which C++ lacks.
template <typename T>
inline T *
copy_node(const T *node)
{
	return static_cast<T *>(copyObjectImpl(node));
}

// PostgreSQL 15 declares walkers without parameters.
template <typename Walker>
inline bool
walk_expression(Node *node, Walker walker, void *context)
{
#if PG_VERSION_NUM >= 160000
	return expression_tree_walker(node, walker, context);
#else
	return expression_tree_walker(
		node, reinterpret_cast<bool (*)()>(reinterpret_cast<void (*)()>(walker)), context);
#endif
}

template <typename Walker>
inline bool
walk_query(::Query *query, Walker walker, void *context)
{
#if PG_VERSION_NUM >= 160000
	return query_tree_walker(query, walker, context, 0);
#else
	return query_tree_walker(
		query, reinterpret_cast<bool (*)()>(reinterpret_cast<void (*)()>(walker)), context, 0);
#endif
}

template <typename Mutator>
inline Node *
mutate_expression(Node *node, Mutator mutator, void *context)
{
#if PG_VERSION_NUM >= 160000
	return expression_tree_mutator(node, mutator, context);
#else
	return expression_tree_mutator(
		node, reinterpret_cast<Node *(*)()>(reinterpret_cast<void (*)()>(mutator)), context);
#endif
}

// The tables whose rows a scan returns, joins or counts.
inline const Bitmapset *
scanned_relations(const ForeignScan *plan)
{
#if PG_VERSION_NUM >= 160000
	return plan->fs_base_relids;
#else
	return plan->fs_relids;
#endif
}

// The one, or of a join any: all are read by the same user.
inline Index
scanned_relation(const ForeignScan *plan)
{
	return plan->scan.scanrelid > 0
			   ? plan->scan.scanrelid
			   : static_cast<Index>(bms_next_member(scanned_relations(plan), -1));
}

// Do the rows of a scan come from several tables?
inline bool
is_join_scan(const ForeignScan *plan)
{
	return bms_membership(scanned_relations(plan)) == BMS_MULTIPLE;
}

// Whose rights and user mapping a scan runs with: the view's owner, or the current user.
inline Oid
scan_user(ForeignScanState *node)
{
#if PG_VERSION_NUM >= 160000
	Oid user = castNode(ForeignScan, node->ss.ps.plan)->checkAsUser;
#else
	Oid user =
		exec_rt_fetch(scanned_relation(castNode(ForeignScan, node->ss.ps.plan)), node->ss.ps.state)
			->checkAsUser;
#endif
	return OidIsValid(user) ? user : GetUserId();
}

inline bool
owns_relation(Oid relation_id)
{
#if PG_VERSION_NUM >= 160000
	return object_ownercheck(RelationRelationId, relation_id, GetUserId());
#else
	return pg_class_ownercheck(relation_id, GetUserId());
#endif
}

inline bool
owns_type(Oid type_id)
{
#if PG_VERSION_NUM >= 160000
	return object_ownercheck(TypeRelationId, type_id, GetUserId());
#else
	return pg_type_ownercheck(type_id, GetUserId());
#endif
}

inline AclResult
schema_rights(Oid schema_id, AclMode mode)
{
#if PG_VERSION_NUM >= 160000
	return object_aclcheck(NamespaceRelationId, schema_id, GetUserId(), mode);
#else
	return pg_namespace_aclcheck(schema_id, GetUserId(), mode);
#endif
}

inline AclResult
server_usage(Oid server_id)
{
#if PG_VERSION_NUM >= 160000
	return object_aclcheck(ForeignServerRelationId, server_id, GetUserId(), ACL_USAGE);
#else
	return pg_foreign_server_aclcheck(server_id, GetUserId(), ACL_USAGE);
#endif
}

// Which columns of its only table does a query need the right to select? Numbers are offset as in
// the catalogs' sets of columns.
inline void
set_selected_columns(::Query *query, RangeTblEntry *table, Bitmapset *columns)
{
#if PG_VERSION_NUM >= 160000
	getRTEPermissionInfo(query->rteperminfos, table)->selectedCols = columns;
#else
	(void)query;
	table->selectedCols = columns;
#endif
}

// Raises 42501 unless the current user may use the server.
inline void
check_server_usage(Oid server_id, const char *name)
{
	AclResult result = server_usage(server_id);

	if (result != ACLCHECK_OK)
	{
		aclcheck_error(result, OBJECT_FOREIGN_SERVER, name);
	}
}

// The paths a set operation reads.
inline List *
setop_inputs(SetOpPath *path)
{
#if PG_VERSION_NUM >= 180000
	return list_make2(path->leftpath, path->rightpath);
#else
	return list_make1(path->subpath);
#endif
}

// Must this nested loop not be formed because a parameter would be a PlaceHolderVar of a lower
// join?
inline bool
parameter_is_dangerous(PlannerInfo *root, Relids outer_relids, Relids inner_required)
{
#if PG_VERSION_NUM >= 180000
	(void)root;
	(void)outer_relids;
	(void)inner_required;
	return false;
#else
	return have_dangerous_phv(root, outer_relids, inner_required);
#endif
}

// Does the path need rows of the very outer join it is to become an input of? Only since 16 can an
// outer join be what a path depends on.
inline bool
depends_on_join(const Path *path, const SpecialJoinInfo *join)
{
#if PG_VERSION_NUM >= 160000
	return join->ojrelid != 0 &&
		   bms_is_member(static_cast<int>(join->ojrelid), PATH_REQ_OUTER(path));
#else
	(void)path;
	(void)join;
	return false;
#endif
}

// The members of an equivalence class, those of an inheritance child included; since 18 the class
// keeps them apart.
inline List *
members_for(EquivalenceClass *ec, const RelOptInfo *rel)
{
#if PG_VERSION_NUM >= 180000
	EquivalenceMemberIterator iterator;
	List *members = NIL;

	setup_eclass_member_iterator(&iterator, ec, rel->relids);
	while (EquivalenceMember *member = eclass_member_iterator_next(&iterator))
	{
		members = lappend(members, member);
	}
	return members;
#else
	(void)rel;
	return ec->ec_members;
#endif
}

// Does the command of an ALTER TABLE compute the values of a column?
inline bool
computes_column(AlterTableType command)
{
#if PG_VERSION_NUM >= 170000
	if (command == AT_SetExpression)
	{
		return true;
	}
#endif
	return command == AT_AddColumn || command == AT_AlterColumnType;
}

// What an expression over a partitioned table says for one of its partitions.
inline Node *
translate_to_child(PlannerInfo *root, Node *node, RelOptInfo *child)
{
#if PG_VERSION_NUM >= 160000
	return adjust_appendrel_attrs_multilevel(root, node, child, child->top_parent);
#else
	return adjust_appendrel_attrs_multilevel(root, node, child->relids, child->top_parent_relids);
#endif
}

}    // namespace gql::pg
