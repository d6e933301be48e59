// What asks for the rest of lists whose first pages came with their objects?

#include "pg/fetch.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// The objects' key and, of what the scan sends, what the lists depend on. Rows must come back with
// the key.
void
bind_rest(Fetch *rest, const Fetch *scan)
{
	const Access *access = table_access(rest->table, rest->spec.access);

	rest->bound_count = 0;
	rest->bound = static_cast<int *>(palloc(sizeof(int) * access->argument_count));
	rest->lists = static_cast<bool *>(palloc(sizeof(bool) * access->argument_count));
	for (size_t i = 0; i < access->argument_count; i++)
	{
		int column = access->arguments[i].column;
		bool key = is_among(column, scan->parent_key.columns, scan->parent_key.count);

		if (key || is_among(column, scan->bound, scan->bound_count))
		{
			rest->lists[rest->bound_count] = key;
			rest->bound[rest->bound_count++] = column;
		}
	}
	fetch_describe_keys(rest);
	rest->spec.bound = rest->bound;
	rest->spec.bound_count = rest->bound_count;
}

Method
rest_method(const Fetch *scan)
{
	switch (scan->options->server.batch_mode)
	{
		case BatchMode::single:
			return Method::single;
		case BatchMode::array:
			return Method::array;
		default:
			return Method::alias;
	}
}

}    // namespace

Fetch *
fetch_open_rest(Fetch *scan)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "graphql_fdw rest of lists",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);
	auto *rest = static_cast<Fetch *>(palloc(sizeof(Fetch)));

	*rest = *scan;
	rest->context = context;
	rest->options = static_cast<TableOptions *>(palloc(sizeof(TableOptions)));
	*rest->options = *scan->options;
	rest->options->server = scan->join->child->server;
	rest->query_by_key = nullptr;
	rest->scan = scan;
	rest->endpoint = nullptr;
	rest->list_pages = nullptr;
	rest->order = NIL;
	rest->wanted = 0;
	rest->method = rest_method(scan);
	rest->spec.access = table_access(scan->table, scan->spec.access)->rest;
	rest->spec.order_count = 0;
	rest->filter = static_cast<FilterRun *>(palloc0(sizeof(FilterRun)));
	rest->filter->known = rest->filter->admits = true;
	if (scan->join->terms.filters_parent)
	{
		rest->spec.filter_count = 0;
	}
	bind_rest(rest, scan);
	rest->query = fetch_open_query(rest, rest->method);
	rest->pages = query_pages(rest->query);
	MemoryContextSwitchTo(before);
	return rest;
}

}    // namespace gql::pg
