// How does a GraphQL value become a PostgreSQL value? Arrays, composites and domains, down to their
// scalars.

#include "pg/types.hpp"

#include "pg/encoding.hpp"
#include "pg/scalar.hpp"

namespace gql::pg
{

struct Reader
{
	Datum (*read)(Reader *reader, const Value &value, bool *isnull);
	Oid type;
	ScalarReader scalar;

	Reader *inner;    // array: of its elements; domain: of its base type
	int16 length;     // array: of its elements
	bool by_value;
	char align;

	TupleDesc tuple;        // composite
	Reader **attributes;    // nullptr where dropped
	int attribute_count;    // without dropped ones

	void *domain;    // what domain_check() keeps
	MemoryContext context;
};

namespace
{

// int2vector and oidvector are arrays with rules of their own; their input functions know them.
Oid
element_type(Oid type)
{
	return type == INT2VECTOROID || type == OIDVECTOROID ? InvalidOid : get_element_type(type);
}

const char *
default_graphql_type(Oid type)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return "Int";
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
			return "Float";
		case BOOLOID:
			return "Boolean";
		default:
			return "String";
	}
}

[[noreturn]] void
refuse_column(const char *column, Oid type, const char *reason)
{
	ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_DATA_TYPE),
					errmsg("column \"%s\" cannot be of type %s", column, format_type_be(type)),
					errdetail("%s", reason)));
	pg_unreachable();
}

void
describe_members(const char *column, Oid type, ColumnSpec *spec)
{
	TupleDesc tuple = lookup_rowtype_tupdesc_copy(type, -1);
	ColumnSpec *members = static_cast<ColumnSpec *>(palloc(sizeof(ColumnSpec) * tuple->natts));

	spec->member_count = 0;
	for (int i = 0; i < tuple->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(tuple, i);

		if (!attribute->attisdropped)
		{
			ColumnSpec *member = &members[spec->member_count++];
			const char *name = NameStr(attribute->attname);

			*member = ColumnSpec();
			member->name = to_utf8(name);
			describe_type(name, attribute->atttypid, member);
		}
	}
	if (spec->member_count == 0)
	{
		refuse_column(column, type, "The type has no attributes.");
	}
	spec->members = members;
}

Datum
read_scalar(Reader *reader, const Value &value, bool *isnull)
{
	*isnull = value.kind == Kind::null;
	return *isnull ? 0 : reader->scalar.read(&reader->scalar, value);
}

[[noreturn]] void
refuse_ragged(const Reader *reader)
{
	ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
					errmsg("nested lists of different lengths cannot be read as type %s",
						   format_type_be(reader->type))));
	pg_unreachable();
}

struct ArrayShape
{
	int ndim;
	int dims[MAXDIM];
};

// The first element of each level tells the shape that all others must have.
ArrayShape
shape_of_list(const Value &list)
{
	ArrayShape shape = {};

	for (const Value *value = &list; value->kind == Kind::list; value = value->items)
	{
		if (shape.ndim == MAXDIM)
		{
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("lists nested more than %d deep cannot be read as an array", MAXDIM)));
		}
		shape.dims[shape.ndim++] = static_cast<int>(value->count);
		if (value->count == 0)
		{
			break;
		}
	}
	return shape;
}

void
check_shape(const Reader *reader, const Value &value, const ArrayShape &shape, int depth)
{
	if (depth == shape.ndim)
	{
		if (value.kind == Kind::list)
		{
			refuse_ragged(reader);
		}
		return;
	}
	if (value.kind != Kind::list || value.count != static_cast<uint32_t>(shape.dims[depth]))
	{
		refuse_ragged(reader);
	}
	for (uint32_t i = 0; i < value.count; i++)
	{
		check_shape(reader, value.items[i], shape, depth + 1);
	}
}

struct Elements
{
	Datum *values;
	bool *nulls;
	int count;
};

void
read_elements(Reader *reader, const Value &value, Elements *elements)
{
	if (value.kind == Kind::list)
	{
		for (uint32_t i = 0; i < value.count; i++)
		{
			read_elements(reader, value.items[i], elements);
		}
		return;
	}
	elements->values[elements->count] =
		read_value(reader->inner, value, &elements->nulls[elements->count]);
	elements->count++;
}

Datum
read_array(Reader *reader, const Value &value, bool *isnull)
{
	ArrayShape shape;
	Elements elements = {};
	int lower_bounds[MAXDIM];
	int total;

	*isnull = value.kind == Kind::null;
	if (*isnull)
	{
		return 0;
	}
	if (value.kind != Kind::list)
	{
		refuse_kind(reader->type, value.kind);
	}
	shape = shape_of_list(value);
	check_shape(reader, value, shape, 0);
	total = ArrayGetNItems(shape.ndim, shape.dims);
	if (total == 0)
	{
		return PointerGetDatum(construct_empty_array(reader->inner->type));
	}
	elements.values = static_cast<Datum *>(palloc(sizeof(Datum) * total));
	elements.nulls = static_cast<bool *>(palloc(sizeof(bool) * total));
	read_elements(reader, value, &elements);
	for (int i = 0; i < shape.ndim; i++)
	{
		lower_bounds[i] = 1;
	}
	return PointerGetDatum(construct_md_array(elements.values, elements.nulls, shape.ndim,
											  shape.dims, lower_bounds, reader->inner->type,
											  reader->length, reader->by_value, reader->align));
}

Datum
read_composite(Reader *reader, const Value &value, bool *isnull)
{
	const int natts = reader->tuple->natts;
	const Value *item = value.items;
	Datum *values;
	bool *nulls;

	*isnull = value.kind == Kind::null;
	if (*isnull)
	{
		return 0;
	}
	if (value.kind != Kind::object)
	{
		refuse_kind(reader->type, value.kind);
	}
	if (value.count != static_cast<uint32_t>(reader->attribute_count))
	{
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INCONSISTENT_DESCRIPTOR_INFORMATION),
				 errmsg("type %s has changed while it was in use", format_type_be(reader->type))));
	}
	values = static_cast<Datum *>(palloc0(sizeof(Datum) * natts));
	nulls = static_cast<bool *>(palloc(sizeof(bool) * natts));
	for (int i = 0; i < natts; i++)
	{
		nulls[i] = true;
		if (reader->attributes[i] != nullptr)
		{
			values[i] = read_value(reader->attributes[i], *item++, &nulls[i]);
		}
	}
	return HeapTupleGetDatum(heap_form_tuple(reader->tuple, values, nulls));
}

// A domain may refuse NULL, and a value of its base type.
Datum
read_domain(Reader *reader, const Value &value, bool *isnull)
{
	const Datum datum = read_value(reader->inner, value, isnull);

	domain_check(datum, *isnull, reader->type, &reader->domain, reader->context);
	return datum;
}

void
prepare_composite(Reader *reader, Oid type)
{
	TupleDesc tuple = lookup_rowtype_tupdesc_copy(type, -1);

	reader->read = read_composite;
	reader->tuple = tuple;
	reader->attributes = static_cast<Reader **>(palloc0(sizeof(Reader *) * tuple->natts));
	for (int i = 0; i < tuple->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(tuple, i);

		if (!attribute->attisdropped)
		{
			reader->attributes[i] = reader_make(attribute->atttypid, attribute->atttypmod);
			reader->attribute_count++;
		}
	}
}

}    // namespace

void
describe_type(const char *column, Oid type, ColumnSpec *spec)
{
	Oid base = getBaseType(type);

	spec->array = OidIsValid(element_type(base));
	if (spec->array)
	{
		base = getBaseType(element_type(base));
		if (OidIsValid(element_type(base)))
		{
			refuse_column(column, type, "Its elements are arrays themselves.");
		}
	}
	if (get_typtype(base) == TYPTYPE_PSEUDO)
	{
		refuse_column(column, type, "Values of a pseudo-type cannot be read.");
	}
	spec->default_type = default_graphql_type(base);
	spec->leaf = is_json(base) ? Leaf::json : Leaf::scalar;
	if (get_typtype(base) == TYPTYPE_COMPOSITE)
	{
		spec->leaf = Leaf::composite;
		describe_members(column, base, spec);
	}
}

Reader *
reader_make(Oid type, int32 typmod)
{
	Reader *reader = static_cast<Reader *>(palloc0(sizeof(Reader)));
	int32 base_typmod = typmod;
	const Oid base = getBaseTypeAndTypmod(type, &base_typmod);

	reader->type = type;
	reader->context = CurrentMemoryContext;
	if (base != type)
	{
		reader->read = read_domain;
		reader->inner = reader_make(base, base_typmod);
	}
	else if (OidIsValid(element_type(type)))
	{
		reader->read = read_array;
		reader->inner = reader_make(element_type(type), typmod);
		get_typlenbyvalalign(reader->inner->type, &reader->length, &reader->by_value,
							 &reader->align);
	}
	else if (get_typtype(type) == TYPTYPE_COMPOSITE)
	{
		prepare_composite(reader, type);
	}
	else
	{
		reader->read = read_scalar;
		scalar_reader_init(&reader->scalar, type, typmod);
	}
	return reader;
}

Datum
read_value(Reader *reader, const Value &value, bool *isnull)
{
	return reader->read(reader, value, isnull);
}

}    // namespace gql::pg
