// What happens when the library is loaded, and which SQL-callable entry points does it have?

#include "pg/handler.hpp"
#include "pg/policy.hpp"
#include "pg/mutations.hpp"
#include "pg/prelude.hpp"
#include "pg/session.hpp"

namespace gql::pg
{

bool enable_lookahead = true;

}    // namespace gql::pg

extern "C"
{
	PG_MODULE_MAGIC;

	PGDLLEXPORT void _PG_init(void);
	PGDLLEXPORT Datum graphql_fdw_handler(PG_FUNCTION_ARGS);
	PG_FUNCTION_INFO_V1(graphql_fdw_handler);
}

// Runs in the backend that first uses the extension, or in the postmaster with
// shared_preload_libraries: nothing here may touch the network, libcurl or threads.
void
_PG_init(void)
{
	DefineCustomBoolVariable(
		"graphql_fdw.enable_lookahead",
		"Look keys of nested loops up in batches, ahead of the rows that need them.",
		"Off, each look-up is a request of its own: for comparison and diagnosis.",
		&gql::pg::enable_lookahead, true, PGC_USERSET, 0, nullptr, nullptr, nullptr);
	gql::pg::policy_init();
	MarkGUCPrefixReserved("graphql_fdw");
	gql::pg::session_init();
	gql::pg::mutations_init();
	gql::pg::unique_init();
	gql::pg::statistics_init();
	gql::pg::lookahead_joins_init();
	gql::pg::lookahead_rows_init();
	gql::pg::unbatched_init();
}

Datum
graphql_fdw_handler(PG_FUNCTION_ARGS)
{
	FdwRoutine *routine = makeNode(FdwRoutine);

	(void)fcinfo;
	routine->GetForeignRelSize = gql::pg::graphqlGetForeignRelSize;
	routine->GetForeignPaths = gql::pg::graphqlGetForeignPaths;
	routine->GetForeignJoinPaths = gql::pg::graphqlGetForeignJoinPaths;
	routine->GetForeignUpperPaths = gql::pg::graphqlGetForeignUpperPaths;
	routine->GetForeignPlan = gql::pg::graphqlGetForeignPlan;
	routine->BeginForeignScan = gql::pg::graphqlBeginForeignScan;
	routine->IterateForeignScan = gql::pg::graphqlIterateForeignScan;
	routine->ReScanForeignScan = gql::pg::graphqlReScanForeignScan;
	routine->EndForeignScan = gql::pg::graphqlEndForeignScan;
	routine->ReparameterizeForeignPathByChild = gql::pg::graphqlReparameterizeForeignPathByChild;
	routine->IsForeignPathAsyncCapable = gql::pg::graphqlIsForeignPathAsyncCapable;
	routine->ForeignAsyncRequest = gql::pg::graphqlForeignAsyncRequest;
	routine->ForeignAsyncConfigureWait = gql::pg::graphqlForeignAsyncConfigureWait;
	routine->ForeignAsyncNotify = gql::pg::graphqlForeignAsyncNotify;
	routine->ExplainForeignScan = gql::pg::graphqlExplainForeignScan;
	routine->AnalyzeForeignTable = gql::pg::graphqlAnalyzeForeignTable;
	routine->ImportForeignSchema = gql::pg::graphqlImportForeignSchema;
	PG_RETURN_POINTER(routine);
}
