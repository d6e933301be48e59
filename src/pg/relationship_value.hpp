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

// A column's name, or else one expression over the source's columns.
SourceValue source_value(Relation source, const char *text);

// What a JSON value of `arguments` stands for: a string that begins with "$" names a column,
// "$$" is a dollar sign, everything else is a constant. `type` is that of the column it is for:
// lists and objects are JSON for json types, lists else have one element after the other.
SourceValue source_template(Relation source, const JsonbValue *value, Oid type);

// The same as what is stored, for people: the source's columns by their names.
const char *without_parameter(Node *expression, Oid source);

[[noreturn]] void raise_no_column(Relation relation, const char *name);

}    // namespace gql::pg
