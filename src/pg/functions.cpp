// How do graphql_query(), graphql_execute() and graphql_fdw_version() work?

#include "core/door/query.hpp"
#include "core/door/reply.hpp"
#include "core/door/transport.hpp"

#include "pg/calls.hpp"
#include "pg/document_call.hpp"
#include "pg/errors.hpp"
#include "pg/mutations.hpp"
#include "pg/options.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"
#include "pg/server.hpp"
#include "pg/session.hpp"
#include "pg/wait.hpp"

namespace gql::pg
{

namespace
{

DocumentCall
read_call(FunctionCallInfo fcinfo)
{
	DocumentCall call = {};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
	{
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("%s must not be null", PG_ARGISNULL(0) ? "server" : "document")));
	}
	call.server_id = find_server(NameStr(*PG_GETARG_NAME(0)))->serverid;
	call.document = PG_GETARG_TEXT_PP(1);
	call.variables = PG_ARGISNULL(2) ? nullptr : PG_GETARG_JSONB_P(2);
	call.operation = PG_ARGISNULL(3) ? nullptr : PG_GETARG_TEXT_PP(3);
	if (call.variables != nullptr && !JB_ROOT_IS_OBJECT(call.variables))
	{
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("variables must be a JSON object")));
	}
	return call;
}

OperationKind
read_kind(const DocumentCall *call)
{
	OperationKind kind = OperationKind::query;
	Error err;

	if (!document_kind(text_to_utf8(call->document), text_to_utf8(call->operation), kind, err))
	{
		raise(err);
	}
	if (kind == OperationKind::subscription)
	{
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("GraphQL subscriptions are not supported")));
	}
	return kind;
}

// `counters`: where the cost is counted, or nullptr.
Datum
run_document(const DocumentCall *call, bool mutation, CallCounters *counters)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "graphql_fdw document", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);
	const ServerOptions *server = server_options(call->server_id);
	SessionAccess access = session_access(call->server_id, GetUserId(), context);
	std::string_view body = document_body(call);

	if (mutation)
	{
		note_mutation();
	}
	Transfer *transfer = own<transfer_close>(
		context, [&](Error &failure)
		{ return transfer_start(access.endpoint, access.headers, body, mutation, failure); });
	std::string_view data;
	Error first;
	Error err;

	wait_for(transfer);
	if (counters != nullptr)
	{
		TransferStats stats = transfer_stats(transfer);

		counters->requests += stats.requests;
		counters->retries += stats.retries;
		counters->bytes += static_cast<int64>(stats.bytes);
	}
	if (!reply_data(transfer,
					server->on_error == ErrorPolicy::error ? OnError::error : OnError::keep, data,
					first, err))
	{
		raise(err);
	}
	if (server->on_error == ErrorPolicy::warn && first.code != Code::none)
	{
		warn(first);
	}
	MemoryContextSwitchTo(before);
	ErrorContextCallback carried_out = {};

	carried_out.callback = [](void *name)
	{
		errcontext("answer of GraphQL server \"%s\" to a mutation that was carried out",
				   static_cast<const char *>(name));
	};
	carried_out.arg = const_cast<char *>(server->name);
	carried_out.previous = error_context_stack;
	if (mutation)
	{
		error_context_stack = &carried_out;
	}
	Datum result = to_jsonb(data);

	error_context_stack = carried_out.previous;
	MemoryContextDelete(context);
	return result;
}

}    // namespace

}    // namespace gql::pg

extern "C"
{
	PGDLLEXPORT Datum graphql_query(PG_FUNCTION_ARGS);
	PGDLLEXPORT Datum graphql_query_support(PG_FUNCTION_ARGS);
	PGDLLEXPORT Datum graphql_execute(PG_FUNCTION_ARGS);
	PGDLLEXPORT Datum graphql_fdw_version(PG_FUNCTION_ARGS);
	PG_FUNCTION_INFO_V1(graphql_query);
	PG_FUNCTION_INFO_V1(graphql_query_support);
	PG_FUNCTION_INFO_V1(graphql_execute);
	PG_FUNCTION_INFO_V1(graphql_fdw_version);
}

// graphql_query(server name, document text, variables jsonb, operation text) returns jsonb
//
// The `data` of the answer. Errors beside data follow the server's on_error. Raises 0A000 for a
// mutation: this function is STABLE and may be called any number of times.
Datum
graphql_query(PG_FUNCTION_ARGS)
{
	gql::pg::DocumentCall call = gql::pg::read_call(fcinfo);
	gql::pg::CallCounters *missed;
	Datum data;

	if (gql::pg::calls_answer(&call, &data, &missed))
	{
		PG_RETURN_DATUM(data);
	}
	if (gql::pg::read_kind(&call) == gql::OperationKind::mutation)
	{
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("graphql_query() does not run mutations"),
						errhint("Use graphql_execute().")));
	}
	PG_RETURN_DATUM(gql::pg::run_document(&call, false, missed));
}

// Planner support of graphql_query(): planning must not send requests, and has to know the function
// when it meets its calls.
//
// When estimating, the planner evaluates stable functions of constants. It does so only while all
// arguments are constants, and XMLSERIALIZE(CONTENT ... AS text) is an expression that it never
// folds and that hands its argument through as it is. So the document is wrapped in one.
Datum
graphql_query_support(PG_FUNCTION_ARGS)
{
	auto *request = reinterpret_cast<Node *>(PG_GETARG_POINTER(0));

	if (!IsA(request, SupportRequestSimplify))
	{
		PG_RETURN_POINTER(nullptr);
	}
	FuncExpr *call = reinterpret_cast<SupportRequestSimplify *>(request)->fcall;

	gql::pg::query_function = call->funcid;
	auto *document = static_cast<Expr *>(lsecond(call->args));

	if (!IsA(document, Const))
	{
		PG_RETURN_POINTER(nullptr);
	}
	XmlExpr *wrapper = makeNode(XmlExpr);

	wrapper->op = IS_XMLSERIALIZE;
	wrapper->args = list_make1(gql::pg::copy_node(document));
	wrapper->xmloption = XMLOPTION_CONTENT;
	wrapper->type = TEXTOID;
	wrapper->typmod = -1;
	wrapper->location = -1;
	call = gql::pg::copy_node(call);
	lsecond(call->args) = wrapper;
	PG_RETURN_POINTER(call);
}

// graphql_execute(server name, document text, variables jsonb, operation text) returns jsonb
//
// The `data` of the answer. A mutation is sent at most once and cannot be rolled back. Raises 25006
// in a read-only transaction, 08007 when the connection was lost and the outcome is unknown.
Datum
graphql_execute(PG_FUNCTION_ARGS)
{
	gql::pg::DocumentCall call = gql::pg::read_call(fcinfo);

	PreventCommandIfReadOnly("graphql_execute()");
	PreventCommandIfParallelMode("graphql_execute()");
	bool mutation = gql::pg::read_kind(&call) == gql::OperationKind::mutation;

	PG_RETURN_DATUM(gql::pg::run_document(&call, mutation, nullptr));
}

// graphql_fdw_version() returns text: the extension's version and its libraries'.
Datum
graphql_fdw_version(PG_FUNCTION_ARGS)
{
	std::string_view libraries = gql::transport_version();

	(void)fcinfo;
	PG_RETURN_TEXT_P(cstring_to_text(psprintf(
		"%s (%.*s)", GRAPHQL_FDW_VERSION, static_cast<int>(libraries.size()), libraries.data())));
}
