// Which keys do the values of the bound expressions stand for?

#include "pg/key_cursor.hpp"

#include "pg/filter_judge.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

bool
is_integer(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID;
}

// One integer type as another; false when it does not fit.
bool
convert_integer(int64 number, Oid to, Datum *value)
{
	switch (to)
	{
		case INT2OID:
			*value = Int16GetDatum(static_cast<int16>(number));
			return number >= PG_INT16_MIN && number <= PG_INT16_MAX;
		case INT4OID:
			*value = Int32GetDatum(static_cast<int32>(number));
			return number >= PG_INT32_MIN && number <= PG_INT32_MAX;
		default:
			*value = Int64GetDatum(number);
			return true;
	}
}

bool
is_finite(Oid type, Datum value)
{
	switch (type)
	{
		case FLOAT4OID:
			return isfinite(DatumGetFloat4(value));
		case FLOAT8OID:
			return isfinite(DatumGetFloat8(value));
		case NUMERICOID:
			return !numeric_is_nan(DatumGetNumeric(value)) &&
				   !numeric_is_inf(DatumGetNumeric(value));
		default:
			return true;
	}
}

// May rows have the key, as the API's filter sees it? Where it cannot be told of a value, they may.
bool
is_compared(Fetch *fetch, Datum *value)
{
	fetch_connect(fetch);
	FilterTruth truth = judge(fetch->filter_key, value);

	if (truth == FilterTruth::unsaid && differs_in_type(fetch->filter_key))
	{
		raise_unsaid(fetch->filter_key, fetch->relation);
	}
	return truth != FilterTruth::never;
}

// Makes a value one of the column's type. False when neither the column nor the API can hold it:
// such a key matches nothing.
bool
convert_key(Fetch *fetch, int column, Datum *value)
{
	Oid from = fetch->value_types[column];
	Oid to = fetch->column_types[column];

	if (is_integer(from))
	{
		int64 number = integer_value(from, *value);
		bool fits = !fetch->int32[column] || (number >= PG_INT32_MIN && number <= PG_INT32_MAX);

		if (!fits || (from != to && !convert_integer(number, to, value)))
		{
			return false;
		}
	}
	else if (!is_finite(from, *value))
	{
		return false;
	}
	return column != fetch->filter_key_at || is_compared(fetch, value);
}

// The elements of an array that can match anything.
void
start_list(KeyCursor *cursor, int column, Datum array)
{
	Oid type = cursor->fetch->value_types[column];
	int16 length;
	bool by_value;
	char align;
	bool *nulls;
	int count;
	int kept = 0;

	get_typlenbyvalalign(type, &length, &by_value, &align);
	deconstruct_array(DatumGetArrayTypeP(array), type, length, by_value, align,
					  &cursor->values[column], &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		Datum value = cursor->values[column][i];

		if (!nulls[i] && convert_key(cursor->fetch, column, &value))
		{
			cursor->values[column][kept++] = value;
		}
	}
	cursor->counts[column] = kept;
}

}    // namespace

KeyCursor *
keys_make(Fetch *fetch, List *states)
{
	auto *cursor = static_cast<KeyCursor *>(palloc0(sizeof(KeyCursor)));
	size_t size = Max(fetch->bound_count, 1);

	cursor->fetch = fetch;
	cursor->states = states;
	cursor->single = static_cast<Datum *>(palloc0(sizeof(Datum) * size));
	cursor->values = static_cast<Datum **>(palloc0(sizeof(Datum *) * size));
	cursor->counts = static_cast<int *>(palloc0(sizeof(int) * size));
	cursor->positions = static_cast<int *>(palloc0(sizeof(int) * size));
	return cursor;
}

void
keys_start(KeyCursor *cursor, ExprContext *econtext)
{
	ListCell *cell;

	cursor->done = false;
	foreach (cell, cursor->states)
	{
		int i = foreach_current_index(cell);
		bool isnull;
		Datum value = ExecEvalExpr(static_cast<ExprState *>(lfirst(cell)), econtext, &isnull);

		cursor->positions[i] = 0;
		cursor->counts[i] = 0;
		if (!isnull && cursor->fetch->lists[i])
		{
			start_list(cursor, i, value);
		}
		else if (!isnull && convert_key(cursor->fetch, i, &value))
		{
			cursor->single[i] = value;
			cursor->values[i] = &cursor->single[i];
			cursor->counts[i] = 1;
		}
		cursor->done = cursor->done || cursor->counts[i] == 0;
	}
}

bool
keys_next(KeyCursor *cursor, Datum *key)
{
	if (cursor->done)
	{
		return false;
	}
	for (int i = 0; i < cursor->fetch->bound_count; i++)
	{
		key[i] = cursor->values[i][cursor->positions[i]];
	}
	for (int i = cursor->fetch->bound_count - 1;; i--)
	{
		if (i < 0)
		{
			cursor->done = true;
			break;
		}
		if (++cursor->positions[i] < cursor->counts[i])
		{
			break;
		}
		cursor->positions[i] = 0;
	}
	return true;
}

}    // namespace gql::pg
