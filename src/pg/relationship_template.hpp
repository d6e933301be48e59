// What does a JSON value of a relationship's arguments stand for?
#pragma once

#include "pg/prelude.hpp"
#include "pg/relationship_value.hpp"

namespace gql::pg
{

// A string that begins with "$" names a column,
// "$$" is a dollar sign, everything else is a constant. `type` is that of the column it is for:
// lists and objects are JSON for json types, lists else have one element after the other.
SourceValue source_template(Relation source, const JsonbValue *value, Oid type);

// Of a string.
char *jsonb_text(const JsonbValue *value);

}    // namespace gql::pg
