// How does a row of an answer become values of the table's columns?

#include "pg/fetch.hpp"

#include "pg/encoding.hpp"
#include "pg/errors.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// What is being read, for the CONTEXT line of errors.
struct ReadPosition
{
	const Fetch *fetch;
	const Row *row;
	int column;
};

// In the database's encoding; ColumnSpec::name is in UTF-8.
const char *
column_name(const Fetch *fetch, int column)
{
	return NameStr(TupleDescAttr(fetch->desc, fetch->options->attnums[column] - 1)->attname);
}

const char *
relation_name(const Fetch *fetch, int column)
{
	return fetch->join != nullptr && column >= fetch->join->first_parent
			   ? fetch->parent_key.relation
			   : fetch->relation;
}

// Is there nothing to be read, because the parent has no row?
bool
is_missing(const Fetch *fetch, const Row *row, int column)
{
	return row->rowless && fetch->join != nullptr && column < fetch->join->first_parent;
}

void
add_read_context(void *arg)
{
	auto *position = static_cast<ReadPosition *>(arg);
	char path[256];

	row_path(position->fetch->query, *position->row, path, sizeof(path));
	errcontext("column \"%s\" of foreign table \"%s\", at %s",
			   column_name(position->fetch, position->column),
			   relation_name(position->fetch, position->column), path);
	if (ERRCODE_TO_CATEGORY(geterrcode()) == ERRCODE_DATA_EXCEPTION)
	{
		errhint("%s", check_hint(position->fetch));
	}
}

// Names the column being read in the CONTEXT of errors, until left.
struct ReadScope
{
	ReadPosition position;
	ErrorContextCallback context;
};

void
enter(ReadScope *scope)
{
	scope->context.callback = add_read_context;
	scope->context.arg = &scope->position;
	scope->context.previous = error_context_stack;
	error_context_stack = &scope->context;
}

void
leave(const ReadScope *scope)
{
	error_context_stack = scope->context.previous;
}

void
read_key(const Fetch *fetch, const Datum *key, Datum *values, bool *nulls)
{
	memset(nulls, true, sizeof(bool) * fetch->desc->natts);
	for (int i = 0; i < fetch->bound_count; i++)
	{
		int at = fetch->options->attnums[fetch->bound[i]] - 1;

		values[at] = key[i];
		nulls[at] = false;
	}
}

// Is the value of a bound column the one that was asked for?
bool
is_asked_for(const Fetch *fetch, int index, const Datum *key, const Datum *values,
			 const bool *nulls)
{
	int at = fetch->options->attnums[fetch->bound[index]] - 1;

	return !nulls[at] && key_column_equal(fetch->key_type, index, key[index], values[at]);
}

void
watch(const Fetch *fetch, const DeclaredKey *declared, KeyTable *seen, const Datum *values,
	  const bool *nulls, MemoryContext context)
{
	Datum key[INDEX_MAX_KEYS];
	bool found;

	for (int i = 0; i < declared->count; i++)
	{
		int at = fetch->options->attnums[declared->columns[i]] - 1;

		if (nulls[at])
		{
			return;
		}
		key[i] = values[at];
	}
	auto *entry = static_cast<KeyRef *>(key_table_enter(seen, declared->type, key, &found));

	if (found)
	{
		fetch_raise_duplicate(fetch, declared, values, nulls);
	}
	entry->values = key_copy(declared->type, key, context);
}

}    // namespace

void
fetch_read(Fetch *fetch, const Row *row, const Datum *key, Datum *values, bool *nulls)
{
	ReadScope scope = {{fetch, row, 0}, {}};

	enter(&scope);
	read_key(fetch, key, values, nulls);
	for (int i = 0; i < fetch->selected_count; i++)
	{
		if (!is_missing(fetch, row, fetch->selected[i]))
		{
			int at = fetch->options->attnums[fetch->selected[i]] - 1;

			scope.position.column = fetch->selected[i];
			values[at] = read_value(fetch->readers[i], row->values[i], &nulls[at]);
		}
	}
	leave(&scope);
}

bool
fetch_read_keys(Fetch *fetch, const Row *row, const Datum *key, Datum *values, bool *nulls)
{
	ReadScope scope = {{fetch, row, 0}, {}};
	bool asked_for = true;

	enter(&scope);
	read_key(fetch, key, values, nulls);
	for (int i = 0; i < fetch->selected_count; i++)
	{
		int column = fetch->selected[i];

		if ((is_among(column, fetch->row_key.columns, fetch->row_key.count) ||
			 is_among(column, fetch->parent_key.columns, fetch->parent_key.count) ||
			 is_among(column, fetch->bound, fetch->bound_count)) &&
			!is_missing(fetch, row, column))
		{
			int at = fetch->options->attnums[column] - 1;

			scope.position.column = column;
			values[at] = read_value(fetch->readers[i], row->values[i], &nulls[at]);
		}
	}
	leave(&scope);
	for (int i = 0; i < fetch->bound_count; i++)
	{
		asked_for = asked_for && is_asked_for(fetch, i, key, values, nulls);
	}
	return asked_for;
}

KeyWatch *
fetch_watch_keys(const Fetch *fetch, MemoryContext context)
{
	if (fetch->row_key.type == nullptr && fetch->parent_key.type == nullptr)
	{
		return nullptr;
	}
	auto *seen = static_cast<KeyWatch *>(MemoryContextAllocZero(context, sizeof(KeyWatch)));

	seen->rows = fetch->row_key.type == nullptr ? nullptr : key_table_make(sizeof(KeyRef), context);
	seen->parents =
		fetch->parent_key.type == nullptr ? nullptr : key_table_make(sizeof(KeyRef), context);
	return seen;
}

void
fetch_watch_row(const Fetch *fetch, KeyWatch *seen, const Row *row, const Datum *values,
				const bool *nulls, MemoryContext context)
{
	if (seen != nullptr && seen->rows != nullptr && !row->rowless)
	{
		watch(fetch, &fetch->row_key, seen->rows, values, nulls, context);
	}
	if (seen != nullptr && seen->parents != nullptr && (row->first || row->rowless))
	{
		watch(fetch, &fetch->parent_key, seen->parents, values, nulls, context);
	}
}

Datum
fetch_read_list_key(Fetch *fetch, const Row *row, bool *isnull)
{
	int at = fetch->list_selected;
	ReadScope scope = {{fetch, row, fetch->selected[at]}, {}};

	enter(&scope);
	Datum value = read_value(fetch->readers[at], row->values[at], isnull);

	leave(&scope);
	return value;
}

void
fetch_read_failed(Fetch *fetch, const Error *failure, const Datum *key, Datum *values, bool *nulls)
{
	if (!fetch->unique || fetch->strict)
	{
		raise(*failure);
	}
	read_key(fetch, key, values, nulls);
}

void
fetch_name_key(const Fetch *fetch, const Datum *key, Error *err)
{
	constexpr int shown = 100;
	char detail[sizeof(err->detail)];
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < fetch->bound_count; i++)
	{
		Oid output;
		bool is_varlena;

		getTypeOutputInfo(fetch->column_types[i], &output, &is_varlena);
		char *value = OidOutputFunctionCall(output, key[i]);
		int length = static_cast<int>(strlen(value));
		int kept = pg_mbcliplen(value, length, shown);

		appendStringInfo(&text, "%s%s = %.*s%s", i == 0 ? "" : ", ",
						 column_name(fetch, fetch->bound[i]), kept, value,
						 kept < length ? "..." : "");
	}
	strlcpy(detail, err->detail, sizeof(detail));
	snprintf(err->detail, sizeof(err->detail), "The key is %s. %s", to_utf8(text.data), detail);
}

bool
fetch_matches(const Fetch *fetch, const Datum *key, const Datum *values, const bool *nulls)
{
	for (int i = 0; i < fetch->bound_count; i++)
	{
		if (fetch->lists[i] && !is_asked_for(fetch, i, key, values, nulls))
		{
			return false;
		}
	}
	return true;
}

void
fetch_raise_duplicate(const Fetch *fetch, const DeclaredKey *declared, const Datum *values,
					  const bool *nulls)
{
	StringInfoData names;
	StringInfoData texts;

	initStringInfo(&names);
	initStringInfo(&texts);
	for (int i = 0; i < declared->count; i++)
	{
		int column = declared->columns[i];
		int at = fetch->options->attnums[column] - 1;
		const char *separator = i == 0 ? "" : ", ";
		Oid output;
		bool is_varlena;

		getTypeOutputInfo(fetch->options->types[column], &output, &is_varlena);
		appendStringInfo(&names, "%s%s", separator, column_name(fetch, column));
		appendStringInfo(&texts, "%s%s", separator,
						 nulls[at] ? "null" : OidOutputFunctionCall(output, values[at]));
	}
	ereport(ERROR,
			(errcode(ERRCODE_CARDINALITY_VIOLATION),
			 errmsg("more than one row for key (%s)=(%s) of foreign table \"%s\"", names.data,
					texts.data, declared->relation),
			 errhint("The table's option key promises one row per key: correct it with ALTER "
					 "FOREIGN TABLE.")));
}

}    // namespace gql::pg
