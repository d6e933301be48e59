// How do the scans under one Append wait for the API at the same time?
//
// Each scan is asked for a row in turn and says that it has to wait when the page is not there yet;
// Append then waits for all of them at once. One transport moves all requests forward, so any scan
// may find that another one has finished its page: the one to whom that page belongs looks for it
// before it waits.

#include "pg/handler.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"
#include "pg/relation.hpp"
#include "pg/scan.hpp"

namespace gql::pg
{

namespace
{

Scan *
scan_of(const AsyncRequest *request)
{
	return static_cast<Scan *>(castNode(ForeignScanState, request->requestee)->fdw_state);
}

void
produce(AsyncRequest *request)
{
	TupleTableSlot *result = request->requestee->ExecProcNodeReal(request->requestee);

	if (TupIsNull(result) && scan_of(request)->stream.waiting)
	{
		ExecAsyncRequestPending(request);
	}
	else
	{
		ExecAsyncRequestDone(request, result);
	}
}

}    // namespace

// Look-ups have several requests in flight as it is. A plan that may stop early would ask for rows
// of tables it does not come to.
bool
graphqlIsForeignPathAsyncCapable(ForeignPath *path)
{
	Binding *binding = path_binding(&path->path);

	if (binding == nullptr || binding->channel > 0 || binding->missing != nullptr ||
		binding->stops_early)
	{
		return false;
	}
	for (int i = 0; i < binding->count; i++)
	{
		if (binding->lists[i])
		{
			return false;
		}
	}
	return static_cast<RelationPlan *>(path->path.parent->fdw_private)
		->options->server.async_capable;
}

void
graphqlForeignAsyncRequest(AsyncRequest *request)
{
	produce(request);
}

void
graphqlForeignAsyncConfigureWait(AsyncRequest *request)
{
	auto *append = castNode(AppendState, request->requestor);
	Scan *scan = scan_of(request);

	if (scan->watch == nullptr)
	{
		scan->watch =
			own<watch_close>(scan->fetch->context, [](Error &err) { return watch_open(err); });
	}
	if (transfer_done(scan->stream.transfer))
	{
		transport_wake();
	}
	AddWaitEventToSet(append->as_eventset, WL_SOCKET_READABLE, watch_fd(scan->watch), nullptr,
					  request);
}

void
graphqlForeignAsyncNotify(AsyncRequest *request)
{
	transport_drive();
	produce(request);
}

}    // namespace gql::pg
