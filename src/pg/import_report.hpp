// What does an import tell whoever runs it?
#pragma once

#include "core/door/import.hpp"
#include "core/door/schema.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// Raises HV00R for a name in LIMIT TO that is no table's. PostgreSQL passes over those; whoever
// writes one wants the table.
void check_limit_to(const ImportForeignSchemaStmt *statement, const Import *import);

// One WARNING for what the schema says in spite of GraphQL's rules.
void report_schema_warnings(const ImportForeignSchemaStmt *statement, const RemoteSchema *schema);

// One NOTICE for what was asked for and is not in the tables.
void report_skipped(ImportForeignSchemaStmt *statement, const Import *import);

}    // namespace gql::pg
