// What is one call of graphql_query() or graphql_execute(), and what is sent for it?
#pragma once

#include <string_view>

#include "pg/prelude.hpp"

namespace gql::pg
{

struct DocumentCall
{
	Oid server_id;
	const text *document;
	const text *operation;    // nullptr: none
	Jsonb *variables;         // nullptr: none
};

// In UTF-8; "" for nullptr.
std::string_view text_to_utf8(const text *value);
std::string_view variables_to_utf8(Jsonb *variables);

// The request body, palloc'd.
std::string_view document_body(const DocumentCall *call);

// JSON of an answer as jsonb. Raises what jsonb does not hold.
Datum to_jsonb(std::string_view json);

}    // namespace gql::pg
