// How does a PostgreSQL value become a JSON value for a GraphQL variable? Arrays and composites,
// down to their scalars.

#include "pg/types.hpp"

#include "pg/encoding.hpp"
#include "pg/scalar.hpp"

namespace gql::pg
{

struct Writer
{
	void (*write)(Writer *writer, Datum value, StringInfo out);
	ScalarWriter scalar;

	Writer *element;    // array
	int16 length;
	bool by_value;
	char align;

	TupleDesc tuple;        // composite
	Writer **attributes;    // nullptr where dropped
};

namespace
{

void
write_scalar(Writer *writer, Datum value, StringInfo out)
{
	writer->scalar.write(&writer->scalar, value, out);
}

struct Elements
{
	const int *dims;
	int ndim;
	Datum *values;
	bool *nulls;
	int next;
};

void
write_or_null(Writer *writer, Datum value, bool isnull, StringInfo out)
{
	if (isnull)
	{
		appendStringInfoString(out, "null");
	}
	else
	{
		write_value(writer, value, out);
	}
}

void
write_dimension(Writer *writer, Elements *elements, int depth, StringInfo out)
{
	appendStringInfoChar(out, '[');
	for (int i = 0; i < elements->dims[depth]; i++)
	{
		if (i > 0)
		{
			appendStringInfoChar(out, ',');
		}
		if (depth + 1 < elements->ndim)
		{
			write_dimension(writer, elements, depth + 1, out);
		}
		else
		{
			write_or_null(writer->element, elements->values[elements->next],
						  elements->nulls[elements->next], out);
			elements->next++;
		}
	}
	appendStringInfoChar(out, ']');
}

void
write_array(Writer *writer, Datum value, StringInfo out)
{
	ArrayType *array = DatumGetArrayTypeP(value);
	Elements elements = {};
	int count;

	if (ARR_NDIM(array) == 0)
	{
		appendStringInfoString(out, "[]");
		return;
	}
	deconstruct_array(array, ARR_ELEMTYPE(array), writer->length, writer->by_value, writer->align,
					  &elements.values, &elements.nulls, &count);
	elements.dims = ARR_DIMS(array);
	elements.ndim = ARR_NDIM(array);
	write_dimension(writer, &elements, 0, out);
}

void
write_composite(Writer *writer, Datum value, StringInfo out)
{
	const int natts = writer->tuple->natts;
	Datum *values = static_cast<Datum *>(palloc(sizeof(Datum) * natts));
	bool *nulls = static_cast<bool *>(palloc(sizeof(bool) * natts));
	HeapTupleData tuple = {};
	const char *separator = "";

	tuple.t_data = DatumGetHeapTupleHeader(value);
	tuple.t_len = HeapTupleHeaderGetDatumLength(tuple.t_data);
	heap_deform_tuple(&tuple, writer->tuple, values, nulls);
	appendStringInfoChar(out, '{');
	for (int i = 0; i < natts; i++)
	{
		if (writer->attributes[i] != nullptr)
		{
			appendStringInfoString(out, separator);
			escape_json(out, to_utf8(NameStr(TupleDescAttr(writer->tuple, i)->attname)));
			appendStringInfoChar(out, ':');
			write_or_null(writer->attributes[i], values[i], nulls[i], out);
			separator = ",";
		}
	}
	appendStringInfoChar(out, '}');
}

// The members' GraphQL types are not known: their SQL types decide alone.
void
prepare_composite(Writer *writer, Oid type)
{
	TupleDesc tuple = lookup_rowtype_tupdesc_copy(type, -1);

	writer->write = write_composite;
	writer->tuple = tuple;
	writer->attributes = static_cast<Writer **>(palloc0(sizeof(Writer *) * tuple->natts));
	for (int i = 0; i < tuple->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(tuple, i);

		if (!attribute->attisdropped)
		{
			writer->attributes[i] = writer_make(attribute->atttypid, {});
		}
	}
}

}    // namespace

Writer *
writer_make(Oid type, std::string_view graphql_type)
{
	Writer *writer = static_cast<Writer *>(palloc0(sizeof(Writer)));
	const Oid base = getBaseType(type);
	const Oid element = get_element_type(base);

	if (OidIsValid(element))
	{
		writer->write = write_array;
		writer->element = writer_make(element, graphql_type);
		get_typlenbyvalalign(element, &writer->length, &writer->by_value, &writer->align);
	}
	else if (get_typtype(base) == TYPTYPE_COMPOSITE)
	{
		prepare_composite(writer, base);
	}
	else
	{
		writer->write = write_scalar;
		scalar_writer_init(&writer->scalar, base, graphql_type);
	}
	return writer;
}

void
write_value(Writer *writer, Datum value, StringInfo out)
{
	writer->write(writer, value, out);
}

}    // namespace gql::pg
