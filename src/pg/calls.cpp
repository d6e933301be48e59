// Where do calls of graphql_query() meet what was already asked for?

#include "pg/calls.hpp"

#include "core/door/query.hpp"

#include "pg/calls_batch.hpp"
#include "pg/errors.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"
#include "pg/server.hpp"

namespace gql::pg
{

Oid query_function = InvalidOid;

namespace
{

constexpr int usual_calls = 100;    // in one request, until a server is known

// Of all statements in progress; few at a time. Each takes itself out when it goes.
Calls *all_calls = nullptr;

void
unlink_calls(void *arg)
{
	Calls **link = &all_calls;

	while (*link != arg)
	{
		link = &(*link)->next;
	}
	*link = (*link)->next;
}

// The server, when a call by the current user would get as far as sending a request to it.
Oid
usable_server(const char *name)
{
	ForeignServer *server = GetForeignServerByName(name, true);

	return server != nullptr && server_usage(server->serverid) == ACLCHECK_OK &&
				   is_graphql_server(server)
			   ? server->serverid
			   : InvalidOid;
}

const text *
empty_text()
{
	return cstring_to_text("");
}

void
document_key(const DocumentCall *call, Datum *key)
{
	key[0] = ObjectIdGetDatum(call->server_id);
	key[1] = ObjectIdGetDatum(GetUserId());
	key[2] = PointerGetDatum(call->document);
	key[3] = PointerGetDatum(call->operation != nullptr ? call->operation : empty_text());
}

void
entry_key(const CallDocument *document, Jsonb *variables, Datum *key)
{
	key[0] = PointerGetDatum(document);
	key[1] = variables != nullptr ? JsonbPGetDatum(variables)
								  : DirectFunctionCall1(jsonb_in, CStringGetDatum("{}"));
}

void
open_document(Calls *calls, CallDocument *document)
{
	OperationKind kind = OperationKind::query;
	std::string_view text = text_to_utf8(document->call.document);
	std::string_view operation = text_to_utf8(document->call.operation);
	Error err;

	document->sendable = document_kind(text, operation, kind, err) && kind == OperationKind::query;
	if (document->sendable)
	{
		document->server = server_options(document->call.server_id);
		document->merge = try_own<merge_close>(
			calls->context, [&](Error &failure) { return merge_open(text, operation, failure); },
			&err);
		document->most = document->merge == nullptr ? 1 : document->server->key_batch_size;
	}
}

CallDocument *
enter_document(Calls *calls, const DocumentCall *call)
{
	Datum key[4];
	bool found;

	document_key(call, key);
	auto *document =
		static_cast<CallDocument *>(key_table_find(calls->documents, calls->document_type, key));

	if (document != nullptr)
	{
		return document;
	}
	MemoryContext before = MemoryContextSwitchTo(calls->context);
	Datum *copy = key_copy(calls->document_type, key, calls->context);

	document = static_cast<CallDocument *>(
		key_table_enter(calls->documents, calls->document_type, copy, &found));
	document->call = *call;
	document->call.document = reinterpret_cast<const text *>(DatumGetPointer(copy[2]));
	document->call.operation = reinterpret_cast<const text *>(DatumGetPointer(copy[3]));
	document->call.variables = nullptr;
	document->user_id = GetUserId();
	document->sendable = false;
	document->server = nullptr;
	document->access = {};
	document->said = nullptr;
	document->merge = nullptr;
	document->most = 1;
	open_document(calls, document);
	MemoryContextSwitchTo(before);
	return document;
}

CallBatch *
gathering_batch(Calls *calls)
{
	if (calls->gathering == nullptr)
	{
		MemoryContext context = AllocSetContextCreate(calls->context, "graphql_fdw call batch",
													  ALLOCSET_START_SMALL_SIZES);
		auto *batch = static_cast<CallBatch *>(MemoryContextAllocZero(context, sizeof(CallBatch)));

		batch->context = context;
		batch->capacity = 8;
		batch->entries = static_cast<CallEntry **>(
			MemoryContextAlloc(context, sizeof(CallEntry *) * batch->capacity));
		calls->gathering = batch;
	}
	return calls->gathering;
}

void
add_to_batch(CallBatch *batch, CallEntry *entry)
{
	if (batch->count == batch->capacity)
	{
		batch->capacity *= 2;
		batch->entries = static_cast<CallEntry **>(
			repalloc(batch->entries, sizeof(CallEntry *) * batch->capacity));
	}
	batch->entries[batch->count++] = entry;
}

bool
is_present(const Calls *calls)
{
	return ActiveSnapshotSet() && calls->snapshot == GetActiveSnapshot();
}

CallEntry *
find_entry(Calls *calls, const CallDocument *document, Jsonb *variables)
{
	Datum key[2];

	entry_key(document, variables, key);
	return static_cast<CallEntry *>(key_table_find(calls->entries, calls->entry_type, key));
}

CallDocument *
find_document(Calls *calls, const DocumentCall *call)
{
	Datum key[4];

	document_key(call, key);
	return static_cast<CallDocument *>(key_table_find(calls->documents, calls->document_type, key));
}

Size
memory_limit()
{
	return static_cast<Size>(work_mem) * 1024;
}

// Would the API be told the same about the session that it was told when it was asked?
bool
says_the_same(const CallDocument *document)
{
	const SessionValues *values = session_values(document->access.endpoint, document->user_id);

	for (size_t i = 0; i < values->count; i++)
	{
		if (values->texts[i] != document->said->texts[i])
		{
			return false;
		}
	}
	return true;
}

// Another look-ahead of the statement has asked already, and need not drop what came.
bool
asked_elsewhere(const Calls *calls, const DocumentCall *call)
{
	for (Calls *other = all_calls; other != nullptr; other = other->next)
	{
		if (other != calls && is_present(other) && other->memory < memory_limit())
		{
			CallDocument *document = find_document(other, call);

			if (document != nullptr && find_entry(other, document, call->variables) != nullptr)
			{
				return true;
			}
		}
	}
	return false;
}

Datum
entry_value(Calls *calls, CallEntry *entry)
{
	if (entry->value == Datum(0))
	{
		Datum value = to_jsonb({entry->data, entry->data_size});
		MemoryContext before = MemoryContextSwitchTo(entry->batch->context);

		entry->value = datumCopy(value, false, -1);
		MemoryContextSwitchTo(before);
		entry->batch->memory += VARSIZE_ANY(DatumGetPointer(entry->value));
		calls->memory += VARSIZE_ANY(DatumGetPointer(entry->value));
		return value;
	}
	return datumCopy(entry->value, false, -1);
}

Datum
read_answer(Calls *calls, CallEntry *entry)
{
	ErrorPolicy policy = entry->document->server->on_error;

	if (entry->request->failure != nullptr)
	{
		raise(*entry->request->failure);
	}
	if (entry->first != nullptr && policy == ErrorPolicy::error)
	{
		raise(*entry->first);
	}
	if (entry->first != nullptr && policy == ErrorPolicy::warn)
	{
		warn(*entry->first);
	}
	return entry_value(calls, entry);
}

}    // namespace

Calls *
calls_open(EState *estate)
{
	const Oid document_types[] = {OIDOID, OIDOID, TEXTOID, TEXTOID};
	const Oid document_collations[] = {InvalidOid, InvalidOid, C_COLLATION_OID, C_COLLATION_OID};
	const Oid entry_types[] = {INT8OID, BYTEAOID};    // variables are equal when their bytes are
	const Oid entry_collations[] = {InvalidOid, InvalidOid};
	MemoryContext context =
		AllocSetContextCreate(estate->es_query_cxt, "graphql_fdw calls", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);
	auto *calls = static_cast<Calls *>(palloc0(sizeof(Calls)));
	auto *callback = static_cast<MemoryContextCallback *>(palloc0(sizeof(MemoryContextCallback)));

	calls->context = context;
	calls->snapshot = estate->es_snapshot;
	calls->document_type = key_type_make(4, document_types, document_collations);
	calls->documents = key_table_make(sizeof(CallDocument), context);
	calls->entry_type = key_type_make(2, entry_types, entry_collations);
	calls->entries = key_table_make(sizeof(CallEntry), context);
	callback->func = unlink_calls;
	callback->arg = calls;
	calls->next = all_calls;
	all_calls = calls;
	MemoryContextRegisterResetCallback(context, callback);
	MemoryContextSwitchTo(before);
	return calls;
}

bool
calls_want(Calls *calls, const Datum *arguments, const bool *nulls, int64 needed_until)
{
	DocumentCall call = {};
	bool found;

	if (nulls[call_server] || nulls[call_document])
	{
		return false;
	}
	call.server_id = usable_server(NameStr(*DatumGetName(arguments[call_server])));
	if (!OidIsValid(call.server_id))
	{
		return false;
	}
	call.document = DatumGetTextPP(arguments[call_document]);
	call.variables = nulls[call_variables] ? nullptr : DatumGetJsonbP(arguments[call_variables]);
	call.operation = nulls[call_operation] ? nullptr : DatumGetTextPP(arguments[call_operation]);
	if (call.variables != nullptr && !JB_ROOT_IS_OBJECT(call.variables))
	{
		return false;
	}

	CallDocument *document = enter_document(calls, &call);
	Datum key[2];

	if (!document->sendable || asked_elsewhere(calls, &call))
	{
		return false;
	}
	calls->wanted = document;
	entry_key(document, call.variables, key);
	auto *entry =
		static_cast<CallEntry *>(key_table_enter(calls->entries, calls->entry_type, key, &found));

	if (!found)
	{
		// Nothing may fail between entering the key and giving it values of its own.
		entry->batch = nullptr;
		CallBatch *batch = gathering_batch(calls);

		entry->key.values = key_copy(calls->entry_type, key, batch->context);
		entry->document = document;
		entry->variables = DatumGetJsonbP(entry->key.values[1]);
		entry->batch = batch;
		entry->request = nullptr;
		entry->data = nullptr;
		entry->data_size = 0;
		entry->first = nullptr;
		entry->value = Datum(0);
		entry->alone = false;
		add_to_batch(batch, entry);
	}
	entry->batch->needed_until = Max(entry->batch->needed_until, needed_until);
	return !found;
}

int
calls_per_request(const Calls *calls)
{
	return calls->wanted == nullptr ? usual_calls : calls->wanted->server->key_batch_size;
}

bool
calls_heavy(const Calls *calls)
{
	return calls->gathering != nullptr &&
		   MemoryContextMemAllocated(calls->gathering->context, false) > memory_limit();
}

void
calls_send(Calls *calls)
{
	CallBatch *batch = calls->gathering;

	if (batch != nullptr)
	{
		calls->gathering = nullptr;
		send_calls(calls, batch);
	}
}

void
calls_release(Calls *calls, int64 batch)
{
	calls->released = batch;
}

const CallCounters *
calls_counters(const Calls *calls)
{
	return &calls->counters;
}

bool
calls_answer(const DocumentCall *call, Datum *data, CallCounters **missed)
{
	*missed = nullptr;
	for (Calls *calls = all_calls; calls != nullptr; calls = calls->next)
	{
		CallDocument *document = is_present(calls) ? find_document(calls, call) : nullptr;

		if (document == nullptr)
		{
			continue;
		}
		CallEntry *entry = find_entry(calls, document, call->variables);

		if (entry != nullptr && !entry->alone)
		{
			calls->current = entry->batch;
			if (entry->request == nullptr)
			{
				calls_send(calls);
			}
			absorb_call(calls, entry);
		}
		if (entry != nullptr && !entry->alone && says_the_same(document))
		{
			calls->counters.prefetched++;
			*data = read_answer(calls, entry);
			return true;
		}
		*missed = &calls->counters;
	}
	if (*missed != nullptr)
	{
		(*missed)->missed++;
	}
	return false;
}

}    // namespace gql::pg
