// Which SQL statements make what is imported?
//
// Names and texts come from the API: every one is quoted.
#pragma once

#include "core/door/import.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// CREATE FOREIGN TABLE. Types of enum columns are those of `schema`.
const char *create_table_sql(const Import *import, const ImportedTable *table, const char *schema,
							 const char *server);

// CREATE TYPE ... AS ENUM
const char *create_enum_sql(const ImportedEnum *type, const char *schema);

// COMMENT ON FOREIGN TABLE and COMMENT ON COLUMN for what has a description; nullptr where nothing
// has.
const char *table_comments_sql(const ImportedTable *table, const char *schema);
const char *enum_comment_sql(const ImportedEnum *type, const char *schema);

}    // namespace gql::pg
