// Which callbacks make up the foreign data wrapper, and which hooks does it set?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// relation.cpp: for joins of partitions, where a path's keys come from a partition of the table
// they were written for
List *graphqlReparameterizeForeignPathByChild(PlannerInfo *root, List *fdw_private,
											  RelOptInfo *child_rel);

// plan_scan.cpp
void graphqlGetForeignRelSize(PlannerInfo *root, RelOptInfo *rel, Oid relation_id);
void graphqlGetForeignPaths(PlannerInfo *root, RelOptInfo *rel, Oid relation_id);

// join_plan.cpp
void graphqlGetForeignJoinPaths(PlannerInfo *root, RelOptInfo *join, RelOptInfo *outer,
								RelOptInfo *inner, JoinType type, JoinPathExtraData *extra);

// aggregate_plan.cpp
void graphqlGetForeignUpperPaths(PlannerInfo *root, UpperRelationKind stage, RelOptInfo *input_rel,
								 RelOptInfo *output_rel, void *extra);

// plan_make.cpp
ForeignScan *graphqlGetForeignPlan(PlannerInfo *root, RelOptInfo *rel, Oid relation_id,
								   ForeignPath *path, List *target_list, List *clauses,
								   Plan *outer_plan);

// scan.cpp
void graphqlBeginForeignScan(ForeignScanState *node, int flags);
TupleTableSlot *graphqlIterateForeignScan(ForeignScanState *node);
void graphqlReScanForeignScan(ForeignScanState *node);
void graphqlEndForeignScan(ForeignScanState *node);

// async.cpp: scans under an Append
bool graphqlIsForeignPathAsyncCapable(ForeignPath *path);
void graphqlForeignAsyncRequest(AsyncRequest *request);
void graphqlForeignAsyncConfigureWait(AsyncRequest *request);
void graphqlForeignAsyncNotify(AsyncRequest *request);

// explain.cpp
void graphqlExplainForeignScan(ForeignScanState *node, ExplainState *es);

// analyze.cpp
bool graphqlAnalyzeForeignTable(Relation relation, AcquireSampleRowsFunc *acquire,
								BlockNumber *pages);

// import.cpp
List *graphqlImportForeignSchema(ImportForeignSchemaStmt *statement, Oid server_id);

// unique.cpp: declared keys, told to the planner
void unique_init();

// statistics.cpp: what ANALYZE cannot know
void statistics_init();

// lookahead_joins.cpp: nested loops become batches
void lookahead_joins_init();

// lookahead_rows.cpp: subqueries in SELECT lists and conditions become batches
void lookahead_rows_init();

// unbatched.cpp: functions that stay out of batches
void unbatched_init();

// Settings (module.cpp)
extern bool enable_lookahead;

}    // namespace gql::pg
