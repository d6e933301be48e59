// How do PostgreSQL values and GraphQL values turn into one another?
#pragma once

#include "core/door/reply.hpp"
#include "core/door/table.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// How values of one column (or array element, or attribute of a composite) are made.
struct Reader;

// Fills the parts of a ColumnSpec that follow from an SQL type: leaf, array, members, default_type.
// What it points to is palloc'd in the current context. Raises fdw_invalid_data_type (HV004) naming
// `column` for a type that cannot be read (a pseudo-type, for example).
void describe_type(const char *column, Oid type, ColumnSpec *spec);

// Looks up input functions once; palloc'd in the current context.
Reader *reader_make(Oid type, int32 typmod);

// Makes the Datum; palloc'd in the current context. Domains are checked, NULL included. Raises what
// the type's input function raises, 22P02 for a value of a kind the type does not take (an object
// for an int4, 1.5 for an int4), 2202E for ragged arrays, 22P05 for U+0000, 54000 for values above
// PostgreSQL's limits. The caller adds column, table and row to the context.
Datum read_value(Reader *reader, const Value &value, bool *isnull);

// An int2, int4 or int8 as what holds all of them.
inline int64
integer_value(Oid type, Datum value)
{
	return type == INT2OID   ? DatumGetInt16(value)
		   : type == INT4OID ? DatumGetInt32(value)
							 : DatumGetInt64(value);
}

// How values of one SQL type are sent.
struct Writer;

// `graphql_type`: the named GraphQL type when it is known ("ID", "String", "Int", ...), else "".
// It decides between 42 and "42". palloc'd in the current context.
Writer *writer_make(Oid type, std::string_view graphql_type);

// Appends the value as one complete JSON text in UTF-8: 42, "abc", true, [1,2], {...}. Raises 22003
// for values JSON cannot hold (NaN, infinite floats).
void write_value(Writer *writer, Datum value, StringInfo out);

}    // namespace gql::pg
