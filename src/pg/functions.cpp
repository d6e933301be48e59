// How do graphql_query(), graphql_execute() and graphql_fdw_version() work?

#include "core/door/query.hpp"
#include "core/door/reply.hpp"
#include "core/door/transport.hpp"

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

// One call of graphql_query() or graphql_execute().
struct DocumentCall
{
	ForeignServer *server;
	std::string_view document;     // UTF-8
	std::string_view operation;    // UTF-8, "" none
	Jsonb *variables;
};

std::string_view
to_utf8(const text *value)
{
	const char *data = VARDATA_ANY(value);
	int length = VARSIZE_ANY_EXHDR(value);
	const char *converted = pg_server_to_any(data, length, PG_UTF8);

	return {converted, converted == data ? length : strlen(converted)};
}

DocumentCall
read_call(FunctionCallInfo fcinfo)
{
	DocumentCall call = {};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
	{
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("%s must not be null", PG_ARGISNULL(0) ? "server" : "document")));
	}
	call.server = find_server(NameStr(*PG_GETARG_NAME(0)));
	call.document = to_utf8(PG_GETARG_TEXT_PP(1));
	call.variables = PG_ARGISNULL(2) ? nullptr : PG_GETARG_JSONB_P(2);
	call.operation = PG_ARGISNULL(3) ? std::string_view() : to_utf8(PG_GETARG_TEXT_PP(3));
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

	if (!document_kind(call->document, call->operation, kind, err))
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

void
append_json_string(StringInfo body, std::string_view text)
{
	escape_json(body, pnstrdup(text.data(), text.size()));
}

std::string_view
make_body(const DocumentCall *call)
{
	StringInfoData body;

	initStringInfo(&body);
	appendStringInfoString(&body, "{\"query\":");
	append_json_string(&body, call->document);
	if (call->variables != nullptr)
	{
		char *variables = JsonbToCString(nullptr, &call->variables->root, VARSIZE(call->variables));

		appendStringInfoString(&body, ",\"variables\":");
		appendStringInfoString(&body, pg_server_to_any(variables, strlen(variables), PG_UTF8));
	}
	if (!call->operation.empty())
	{
		appendStringInfoString(&body, ",\"operationName\":");
		append_json_string(&body, call->operation);
	}
	appendStringInfoChar(&body, '}');
	return {body.data, static_cast<size_t>(body.len)};
}

Datum
to_jsonb(std::string_view json)
{
	// jsonb_in() wants a terminated string; pg_any_to_server() may return its argument.
	char *text = pnstrdup(json.data(), json.size());

	return DirectFunctionCall1(jsonb_in,
							   CStringGetDatum(pg_any_to_server(text, json.size(), PG_UTF8)));
}

Datum
run_document(const DocumentCall *call, bool mutation)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "graphql_fdw document", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);
	ErrorPolicy policy = server_options(call->server->serverid)->on_error;
	SessionAccess access = session_access(call->server->serverid, GetUserId(), context);
	std::string_view body = make_body(call);

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
	if (!reply_data(transfer, policy == ErrorPolicy::error ? OnError::error : OnError::keep, data,
					first, err))
	{
		raise(err);
	}
	if (policy == ErrorPolicy::warn && first.code != Code::none)
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
	carried_out.arg = call->server->servername;
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

	if (gql::pg::read_kind(&call) == gql::OperationKind::mutation)
	{
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("graphql_query() does not run mutations"),
						errhint("Use graphql_execute().")));
	}
	PG_RETURN_DATUM(gql::pg::run_document(&call, false));
}

// Planner support of graphql_query(): planning must not send requests.
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

	PG_RETURN_DATUM(gql::pg::run_document(&call, mutation));
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
