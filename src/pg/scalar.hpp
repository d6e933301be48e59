// How are single values, neither arrays nor composites nor domains, read and written?
//
// The inner half of types.hpp: types_read.cpp and types_write.cpp take arrays, composites and
// domains apart until only scalars are left.
#pragma once

#include "core/door/reply.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

struct ScalarReader
{
	Datum (*read)(ScalarReader *reader, const Value &value);
	Oid type;
	int32 typmod;
	FmgrInfo input;
	Oid input_param;
};

void scalar_reader_init(ScalarReader *reader, Oid type, int32 typmod);

// json and jsonb take any JSON value as it is.
bool is_json(Oid type);

// Raises 22P02: a value of this kind is not for this type.
[[noreturn]] void refuse_kind(Oid type, Kind kind);

// The text in the database's encoding, palloc'd. Raises what cannot be told in it.
char *server_cstring(const Value &value);

// Makes the value by the type's input function.
Datum read_by_input(ScalarReader *reader, const Value &value);

// Dates and times come as strings: a number could be seconds, milliseconds or 20240131.
Datum read_date(ScalarReader *reader, const Value &value);
Datum read_time(ScalarReader *reader, const Value &value);
Datum read_timestamp(ScalarReader *reader, const Value &value);

// What the GraphQL type wants numbers to look like.
enum class NumberStyle : uint8_t
{
	token,     // 42
	string,    // "42": ID, String
	exact,     // 42 while every JSON parser keeps all its digits, else "42": BigInt and the like
};

NumberStyle number_style(std::string_view graphql_type);

struct ScalarWriter
{
	void (*write)(ScalarWriter *writer, Datum value, StringInfo out);
	Oid type;
	NumberStyle style;
	bool number_expected;    // Int, Float: a text may hold one
	FmgrInfo output;
};

void scalar_writer_init(ScalarWriter *writer, Oid type, std::string_view graphql_type);

}    // namespace gql::pg
