// How does one foreign scan ask the API, and how do answers become rows?

#include "pg/fetch.hpp"

#include "core/door/count.hpp"

#include "pg/encoding.hpp"
#include "pg/owned.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"
#include "pg/remote_schema.hpp"
#include "pg/session.hpp"
#include "pg/wait.hpp"

namespace gql::pg
{

namespace
{

List *
plan_list(const ForeignScan *plan, ScanPrivate which)
{
	return static_cast<List *>(list_nth(plan->fdw_private, which));
}

int
plan_int(const ForeignScan *plan, ScanPrivate which)
{
	return intVal(list_nth(plan->fdw_private, which));
}

int *
to_array(List *list)
{
	auto *array = static_cast<int *>(palloc(sizeof(int) * Max(list_length(list), 1)));
	ListCell *cell;

	foreach (cell, list)
	{
		array[foreach_current_index(cell)] = lfirst_int(cell);
	}
	return array;
}

void
describe_relation(Fetch *fetch, Oid relation_id)
{
	Relation relation = ::table_open(relation_id, NoLock);

	fetch->relation = pstrdup(RelationGetRelationName(relation));
	fetch->desc = CreateTupleDescCopy(RelationGetDescr(relation));
	::table_close(relation, NoLock);
	fetch->options = table_options(relation_id);
	fetch->table = own<table_close>(fetch->context, [&](Error &err)
									{ return table_open(fetch->options->spec, err); });
}

// Keys are the same when their bytes are, whatever a column's collation takes for equal: that is
// how the API compares them.
Oid
exact_collation(Oid collation)
{
	return OidIsValid(collation) ? C_COLLATION_OID : InvalidOid;
}

void
describe_keys(Fetch *fetch, const ForeignScan *plan)
{
	TableOptions *options = fetch->options;
	List *bound = plan_list(plan, scan_private_bound);
	int count = list_length(bound);
	size_t size = Max(count, 1);
	auto *collations = static_cast<Oid *>(palloc(sizeof(Oid) * size));

	fetch->bound_count = count;
	fetch->bound = to_array(bound);
	fetch->lists = static_cast<bool *>(palloc0(sizeof(bool) * size));
	fetch->value_types = static_cast<Oid *>(palloc0(sizeof(Oid) * size));
	fetch->column_types = static_cast<Oid *>(palloc0(sizeof(Oid) * size));
	fetch->int32 = static_cast<bool *>(palloc0(sizeof(bool) * size));
	fetch->writers = static_cast<Writer **>(palloc0(sizeof(Writer *) * size));
	fetch->list_at = -1;
	for (int i = 0; i < count; i++)
	{
		int column = fetch->bound[i];
		Oid type = exprType(static_cast<Node *>(list_nth(plan->fdw_exprs, i)));

		fetch->lists[i] = list_nth_int(plan_list(plan, scan_private_lists), i) != 0;
		fetch->value_types[i] = getBaseType(fetch->lists[i] ? get_base_element_type(type) : type);
		fetch->column_types[i] = getBaseType(options->types[column]);
		fetch->int32[i] = options->spec.columns[column].type == "Int" ||
						  options->spec.columns[column].type == "Int!";
		collations[i] = exact_collation(options->collations[column]);
		if (fetch->method == Method::list &&
			table_access(fetch->table, plan_int(plan, scan_private_access))->list_column == column)
		{
			fetch->list_at = i;
		}
	}
	fetch->key_type = key_type_make(count, fetch->column_types, collations);
}

void
describe_columns(Fetch *fetch, const ForeignScan *plan)
{
	List *selected = plan_list(plan, scan_private_selected);

	fetch->selected_count = list_length(selected);
	fetch->selected = to_array(selected);
	fetch->list_selected = -1;
	fetch->readers =
		static_cast<Reader **>(palloc0(sizeof(Reader *) * Max(fetch->selected_count, 1)));
	for (int i = 0; i < fetch->selected_count; i++)
	{
		int column = fetch->selected[i];

		fetch->readers[i] =
			reader_make(fetch->options->types[column], fetch->options->typmods[column]);
		if (fetch->list_at >= 0 && fetch->bound[fetch->list_at] == column)
		{
			fetch->list_selected = i;
			fetch->key_above = reads_above(fetch->options->spec.columns[column]);
		}
	}
	if (fetch->list_at >= 0 && fetch->list_selected < 0)
	{
		elog(ERROR, "graphql_fdw: list column is not selected");
	}
}

bool
is_read(const Fetch *fetch, int column)
{
	for (int i = 0; i < fetch->selected_count; i++)
	{
		if (fetch->selected[i] == column)
		{
			return true;
		}
	}
	for (int i = 0; i < fetch->bound_count; i++)
	{
		if (fetch->bound[i] == column)
		{
			return true;
		}
	}
	return false;
}

// The planner can have relied on the declared key only where its columns are read.
KeyType *
checkable_key(const Fetch *fetch)
{
	const TableOptions *options = fetch->options;
	auto *types = static_cast<Oid *>(palloc(sizeof(Oid) * Max(options->key_count, 1)));
	auto *collations = static_cast<Oid *>(palloc(sizeof(Oid) * Max(options->key_count, 1)));

	for (int i = 0; i < options->key_count; i++)
	{
		types[i] = getBaseType(options->types[options->key[i]]);
		collations[i] = exact_collation(options->collations[options->key[i]]);
		if (!is_read(fetch, options->key[i]) || !is_key_type(types[i]))
		{
			return nullptr;
		}
	}
	return options->key_count == 0 ? nullptr : key_type_make(options->key_count, types, collations);
}

Query *
open_query(Fetch *fetch, Method method)
{
	QuerySpec spec = fetch->spec;

	spec.method = method;
	return own<query_close>(fetch->context,
							[&](Error &err) { return query_open(fetch->table, spec, err); });
}

// What the API is asked to order rows by.
void
describe_order(Fetch *fetch)
{
	auto *sent = static_cast<List *>(list_nth(fetch->order, order_private_sent));
	int count = list_length(sent) / 2;
	auto *keys = static_cast<OrderKey *>(palloc(sizeof(OrderKey) * Max(count, 1)));

	for (int i = 0; i < count; i++)
	{
		keys[i] = {list_nth_int(sent, 2 * i), list_nth_int(sent, 2 * i + 1) != 0};
	}
	fetch->spec.order = keys;
	fetch->spec.order_count = count;
	fetch->spec.loose_order = intVal(list_nth(fetch->order, order_private_loose)) != 0;
}

// Types of arguments that nobody declared are looked up in the server's schema_file or asked from
// the API, once per session.
void
learn_types(Fetch *fetch, Query *query)
{
	for (;;)
	{
		Error err;
		std::string_view question = query_schema_question(query, fetch->endpoint, err);

		if (err.code != Code::none)
		{
			raise(err);
		}
		if (question.empty() || use_schema_file(fetch->options->server.server_id, fetch->endpoint))
		{
			break;
		}
		Transfer *transfer = own<transfer_close>(
			fetch->context, [&](Error &failure)
			{ return transfer_start(fetch->endpoint, fetch->headers, question, false, failure); });

		fetch->counters.schema_requests++;
		wait_for(transfer);
		schema_learn(fetch->endpoint, transfer);
	}
}

// All values of all keys as JSON texts, row by row.
std::string_view *
write_keys(Fetch *fetch, Datum *const *keys, int key_count)
{
	int count = key_count * fetch->bound_count;
	auto *ends = static_cast<int *>(palloc(sizeof(int) * Max(count, 1)));
	auto *texts = static_cast<std::string_view *>(palloc(sizeof(std::string_view) * Max(count, 1)));
	StringInfoData buffer;

	initStringInfo(&buffer);
	for (int i = 0; i < count; i++)
	{
		write_value(fetch->writers[i % fetch->bound_count],
					keys[i / fetch->bound_count][i % fetch->bound_count], &buffer);
		ends[i] = buffer.len;
	}
	for (int i = 0; i < count; i++)
	{
		int start = i == 0 ? 0 : ends[i - 1];

		texts[i] = std::string_view(buffer.data + start, ends[i] - start);
	}
	return texts;
}

// Does each key of a list request have pages of its own?
bool
is_nested(const Fetch *fetch)
{
	return table_access(fetch->table, fetch->spec.access)->nested;
}

// What the API refused, or answered in another shape, may be what its schema has moved away from.
void
point_at_check(const Fetch *fetch, Error *err)
{
	if ((err->code == Code::request_refused || err->code == Code::shape_mismatch) &&
		err->hint[0] == '\0')
	{
		snprintf(err->hint, sizeof(err->hint), "%s", to_utf8(check_hint(fetch)));
	}
}

// The query for the request that the pager is at.
Query *
query_for(Fetch *fetch, const Pager *pager)
{
	if (fetch_method(fetch, pager) == fetch->method)
	{
		return fetch->query;
	}
	if (fetch->query_by_key == nullptr)
	{
		MemoryContext before = MemoryContextSwitchTo(fetch->context);

		fetch->query_by_key = open_query(fetch, Method::alias);
		learn_types(fetch, fetch->query_by_key);
		Error err;

		if (!query_take_filter(fetch->query_by_key, fetch->query, err))
		{
			raise(err);
		}
		MemoryContextSwitchTo(before);
	}
	return fetch->query_by_key;
}

}    // namespace

Fetch *
fetch_open(ForeignScanState *node)
{
	auto *plan = castNode(ForeignScan, node->ss.ps.plan);
	MemoryContext context = AllocSetContextCreate(node->ss.ps.state->es_query_cxt,
												  "graphql_fdw scan", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);
	auto *fetch = static_cast<Fetch *>(palloc0(sizeof(Fetch)));
	const char *missing = strVal(list_nth(plan->fdw_private, scan_private_missing));

	fetch->context = context;
	describe_relation(fetch, exec_rt_fetch(scanned_relation(plan), node->ss.ps.state)->relid);
	fetch->counts = plan->scan.scanrelid == 0;
	if (fetch->counts)
	{
		fetch->count_column = static_cast<int>(fetch->options->spec.column_count);
		fetch->table = own<table_close>(context, [&](Error &err)
										{ return count_table_open(fetch->table, err); });
	}
	fetch->method = static_cast<Method>(plan_int(plan, scan_private_method));
	fetch->user_id = scan_user(node);
	fetch->unique = plan_int(plan, scan_private_unique) != 0;
	fetch->strict = plan_int(plan, scan_private_strict) != 0;
	fetch->missing = missing[0] == '\0' ? nullptr : missing;
	describe_keys(fetch, plan);
	describe_columns(fetch, plan);
	fetch->declared_key = checkable_key(fetch);
	fetch->order = plan_list(plan, scan_private_order);

	fetch->spec.access = plan_int(plan, scan_private_access);
	fetch->spec.selected = fetch->counts ? &fetch->count_column : fetch->selected;
	fetch->spec.selected_count = fetch->counts ? 1 : fetch->selected_count;
	fetch->spec.bound = fetch->bound;
	fetch->spec.bound_count = fetch->bound_count;
	fetch->filter = filter_open(node, fetch->bound_count);
	fetch->spec.filter = fetch->filter->nodes;
	fetch->spec.filter_count = fetch->filter->count;
	describe_order(fetch);
	fetch->query = open_query(fetch, fetch->method);
	fetch->pages = query_pages(fetch->query);
	fetch->wanted = floatVal(list_nth(plan->fdw_private, scan_private_wanted));
	MemoryContextSwitchTo(before);
	return fetch;
}

bool
fetch_admits(Fetch *fetch)
{
	FilterRun *filter = fetch->filter;

	if (!filter->known)
	{
		MemoryContext scratch =
			AllocSetContextCreate(CurrentMemoryContext, "graphql_fdw filter", ALLOCSET_SMALL_SIZES);
		MemoryContext before = MemoryContextSwitchTo(scratch);

		filter->admits = filter_admits_any(filter, fetch->query);
		if (filter->admits)
		{
			fetch_connect(fetch);
			filter->admits = filter_tell(filter, fetch->query, fetch->endpoint, fetch->relation);
		}
		filter->known = true;
		MemoryContextSwitchTo(before);
		MemoryContextDelete(scratch);
	}
	return filter->admits;
}

void
fetch_forget_filter(Fetch *fetch)
{
	fetch->filter->known = fetch->filter->count == 0;
}

const char *
check_hint(const Fetch *fetch)
{
	return psprintf("graphql_check(%s) tells whether the API's schema has changed.",
					quote_literal_cstr(fetch->options->server.name));
}

void
fetch_raise_missing(const Fetch *fetch, const char *argument)
{
	ereport(ERROR, (errcode(ERRCODE_FDW_UNABLE_TO_CREATE_EXECUTION),
					errmsg("foreign table \"%s\" cannot be scanned without a value for argument "
						   "\"%s\"",
						   fetch->relation, argument),
					errhint("Compare the column of that argument with a value (=, IN), or join the "
							"table on it: JOIN, LEFT JOIN or LATERAL.")));
}

Method
fetch_method(const Fetch *fetch, const Pager *pager)
{
	return pager != nullptr && fetch->method == Method::list && pager_by_key(pager) ? Method::alias
																					: fetch->method;
}

// A list of unique keys has at most as many rows; a unique key has one, and a second tells that it
// is not unique.
int
fetch_page_size(const Fetch *fetch, int key_count)
{
	int size = fetch->options->server.fetch_size;

	if (fetch->unique && fetch->method == Method::list && !is_nested(fetch))
	{
		size = Max(size, key_count);
	}
	else if (fetch->unique)
	{
		size = Min(size, 2);
	}
	if (fetch->wanted > 0)
	{
		size = static_cast<int>(Min(size, fetch->wanted));
	}
	return fetch->pages->max > 0 ? static_cast<int>(Min(size, int64{fetch->pages->max})) : size;
}

Pager *
fetch_pager(const Fetch *fetch, int key_count, MemoryContext owner)
{
	if (fetch->pages == nullptr)
	{
		return nullptr;
	}
	return own<pager_close>(owner,
							[&](Error &err)
							{
								return pager_open(fetch->query, key_count,
												  fetch_page_size(fetch, key_count),
												  fetch->options->server.max_pages, err);
							});
}

void
fetch_connect(Fetch *fetch)
{
	if (fetch->endpoint != nullptr)
	{
		return;
	}
	MemoryContext before = MemoryContextSwitchTo(fetch->context);
	SessionAccess access =
		session_access(fetch->options->server.server_id, fetch->user_id, fetch->context);

	fetch->headers = access.headers;
	fetch->endpoint = access.endpoint;
	learn_types(fetch, fetch->query);
	std::string_view missing = query_missing_argument(fetch->query, fetch->endpoint);

	if (!missing.empty())
	{
		fetch_raise_missing(fetch, pnstrdup(missing.data(), missing.size()));
	}
	for (int i = 0; i < fetch->bound_count; i++)
	{
		fetch->writers[i] =
			writer_make(fetch->column_types[i], query_bound_type(fetch->query, i, fetch->endpoint));
	}
	MemoryContextSwitchTo(before);
}

LimitsOf
fetch_limits(const Fetch *fetch)
{
	return {fetch->endpoint, fetch->query,
			static_cast<size_t>(fetch->options->server.key_batch_size)};
}

Transfer *
fetch_start(Fetch *fetch, Datum *const *keys, int key_count, const Pager *pager,
			MemoryContext owner)
{
	fetch_connect(fetch);
	if (!fetch_admits(fetch))
	{
		elog(ERROR, "graphql_fdw: a request for rows that no filter lets pass");
	}
	MemoryContext scratch =
		AllocSetContextCreate(CurrentMemoryContext, "graphql_fdw request", ALLOCSET_SMALL_SIZES);
	MemoryContext before = MemoryContextSwitchTo(scratch);
	std::string_view *values = write_keys(fetch, keys, key_count);
	Error err;
	std::string_view body =
		query_body(query_for(fetch, pager), values, key_count,
				   pager == nullptr ? nullptr : pager_request(pager), fetch->endpoint, err);

	if (err.code != Code::none)
	{
		raise(err);
	}
	Transfer *transfer = own<transfer_close>(
		owner, [&](Error &failure)
		{ return transfer_start(fetch->endpoint, fetch->headers, body, false, failure); });

	fetch->counters.requests++;
	MemoryContextSwitchTo(before);
	MemoryContextDelete(scratch);
	return transfer;
}

OnError
fetch_on_error(const Fetch *fetch)
{
	return fetch->options->server.on_error == ErrorPolicy::error ? OnError::error : OnError::keep;
}

Reply *
fetch_finish(Fetch *fetch, Transfer *transfer, int key_count, const Pager *pager, OnError on_error,
			 Lifetime lifetime, MemoryContext owner, Error *err)
{
	wait_for(transfer);
	TransferStats stats = transfer_stats(transfer);

	fetch->counters.retries += stats.retries;
	fetch->counters.requests += stats.retries;
	fetch->counters.bytes += static_cast<int64>(stats.bytes);
	Reply *reply = try_own<reply_close>(
		owner,
		[&](Error &failure) {
			return reply_open(transfer, query_for(fetch, pager), key_count, on_error, lifetime,
							  failure);
		},
		err);

	if (reply == nullptr)
	{
		point_at_check(fetch, err);
	}
	return reply;
}

bool
fetch_next(Fetch *fetch, Reply *reply, Row *row)
{
	Error err;

	CHECK_FOR_INTERRUPTS();
	if (reply_next(reply, *row, err))
	{
		fetch->counters.rows += row->rowless ? 0 : 1;
		return true;
	}
	if (err.code != Code::none)
	{
		point_at_check(fetch, &err);
		raise(err);
	}
	return false;
}

void
fetch_warn(const Fetch *fetch, const Reply *reply, size_t error)
{
	Error warning;

	if (fetch->options->server.on_error == ErrorPolicy::warn)
	{
		reply_error(reply, error, warning);
		warn(warning);
	}
}

}    // namespace gql::pg
