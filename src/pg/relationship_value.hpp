// Which SQL says what a relationship takes from a row of its source?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// SQL over $1, a row of the source.
struct SourceValue
{
	const char *sql;
	Oid type;    // unknown: a literal that takes any type
};

// The column of this name; false when there is none.
bool find_source_column(Relation source, const char *name, SourceValue *value);

// A column's name, or else one expression over the source's columns.
SourceValue source_value(Relation source, const char *text);

// The same as what is stored, for people: the source's columns by their names.
const char *without_parameter(Node *expression, Oid source);

[[noreturn]] void raise_no_column(Relation relation, const char *name);

}    // namespace gql::pg
