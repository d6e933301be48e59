// How does one foreign scan ask the API, page by page?

#include "pg/fetch.hpp"

#include "pg/encoding.hpp"
#include "pg/filter_judge.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"
#include "pg/remote_schema.hpp"
#include "pg/session.hpp"
#include "pg/wait.hpp"

namespace gql::pg
{

namespace
{

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

		fetch->counters->schema_requests++;
		wait_for(transfer);
		schema_learn(fetch->endpoint, transfer);
	}
}

// Is it a value that the API's filter cannot be told?
bool
is_unsaid(const Fetch *fetch, int column, Datum value)
{
	return column == fetch->filter_key_at &&
		   judge(fetch->filter_key, &value) == FilterTruth::unsaid;
}

// All values of all keys as JSON texts, row by row; "" for what the API's filter cannot be told.
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
		int column = i % fetch->bound_count;
		Datum value = keys[i / fetch->bound_count][column];

		if (!is_unsaid(fetch, column, value))
		{
			write_value(fetch->writers[column], value, &buffer);
		}
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

Query *
query_by_key(Fetch *fetch)
{
	if (fetch->query_by_key == nullptr)
	{
		MemoryContext before = MemoryContextSwitchTo(fetch->context);

		fetch->query_by_key = fetch_open_query(fetch, Method::alias);
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

// The query for the request that the pager is at.
Query *
query_for(Fetch *fetch, const Pager *pager)
{
	return fetch_method(fetch, pager) == fetch->method ? fetch->query : query_by_key(fetch);
}

// As what the API compares the keys that its filter takes.
void
learn_filter_key(Fetch *fetch)
{
	auto *node = static_cast<FilterNode *>(palloc0(sizeof(FilterNode)));
	auto *operand = static_cast<Operand *>(palloc0(sizeof(Operand)));
	int at = fetch->filter_key_at;
	std::string_view type = query_bound_type(fetch->query, at, fetch->endpoint);

	node->op = FilterOperator::in;
	node->column = fetch->bound[at];
	*operand = {node,
				fetch->column_types[at],
				std::string_view(pnstrdup(type.data(), type.size()), type.size()),
				fetch->query,
				fetch->endpoint,
				fetch->spec.filter_count};
	fetch->filter_key = operand;
}

// What the session says now holds for all that the scan asks.
void
take_identity(Fetch *fetch)
{
	if (fetch->scan != nullptr)
	{
		fetch_connect(fetch->scan);
		fetch->headers = fetch->scan->headers;
		fetch->endpoint = fetch->scan->endpoint;
		return;
	}
	SessionAccess access =
		session_access(fetch->options->server.server_id, fetch->user_id, fetch->context);

	fetch->headers = access.headers;
	fetch->endpoint = access.endpoint;
}

}    // namespace

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
								return pager_open(
									fetch->query, key_count, fetch_page_size(fetch, key_count),
									fetch->options->server.max_pages,
									static_cast<uint64_t>(Max(fetch->wanted, 0)), err);
							});
}

Pager *
fetch_pager_at(const Fetch *fetch, const PageStart *const *starts, int key_count,
			   MemoryContext owner)
{
	return own<pager_close>(owner,
							[&](Error &err) {
								return pager_open_at(fetch->query, starts, key_count,
													 fetch->options->server.max_pages, err);
							});
}

PageStart
copy_start(const PageStart *start, MemoryContext owner)
{
	PageStart copy = *start;
	size_t length = start->position.size();
	auto *position = static_cast<char *>(MemoryContextAlloc(owner, length + 1));

	memcpy(position, start->position.data(), length);
	copy.position = std::string_view(position, length);
	return copy;
}

int
fetch_list_size(const Fetch *fetch)
{
	int size = fetch->join->child->server.fetch_size;

	return fetch->list_pages->max > 0 ? static_cast<int>(Min(size, int64{fetch->list_pages->max}))
									  : size;
}

LimitsOf
fetch_list_limits(const Fetch *fetch)
{
	return {fetch->endpoint, fetch->query, static_cast<size_t>(fetch_list_size(fetch))};
}

void
fetch_connect(Fetch *fetch)
{
	if (fetch->endpoint != nullptr)
	{
		return;
	}
	MemoryContext before = MemoryContextSwitchTo(fetch->context);

	take_identity(fetch);
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
	if (fetch->filter_key_at >= 0)
	{
		learn_filter_key(fetch);
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
			MemoryContext owner, bool aliases)
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
		query_body(aliases ? query_by_key(fetch) : query_for(fetch, pager), values, key_count,
				   pager == nullptr ? nullptr : pager_request(pager), fetch->endpoint, err);

	if (err.code != Code::none)
	{
		raise(err);
	}
	Transfer *transfer = own<transfer_close>(
		owner, [&](Error &failure)
		{ return transfer_start(fetch->endpoint, fetch->headers, body, false, failure); });

	fetch->counters->requests++;
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

	fetch->counters->retries += stats.retries;
	fetch->counters->requests += stats.retries;
	fetch->counters->bytes += static_cast<int64>(stats.bytes);
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
fetch_keeps(const Fetch *fetch, const Row *row)
{
	return !row->rowless || (fetch->join != nullptr && fetch->join->terms.outer);
}

bool
fetch_next(Fetch *fetch, Reply *reply, Row *row)
{
	Error err;

	CHECK_FOR_INTERRUPTS();
	if (reply_next(reply, *row, err))
	{
		fetch->counters->rows += fetch_keeps(fetch, row) ? 1 : 0;
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
