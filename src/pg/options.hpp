// What do the options of servers, mappings, tables and columns say once read?
//
// Which options there are is in option_table.hpp.
// Getters read the catalogs anew at each call; results are palloc'd in the current context.
#pragma once

#include "core/door/import.hpp"
#include "core/door/table.hpp"
#include "core/door/transport.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

enum class BatchMode
{
	automatic,
	list,
	nodes,
	entities,
	filter,
	alias,
	array,
	single,
};

enum class ErrorPolicy
{
	error,
	warn,
	null,
};

struct ServerOptions
{
	Oid server_id;
	Oid owner_id;
	const char *name;
	const char *schema_file;    // nullptr: the API is asked
	double startup_cost;        // planner cost of one request
	double tuple_cost;          // planner cost of one row
	int concurrency;
	int key_batch_size;
	int fetch_size;
	int max_pages;
	BatchMode batch_mode;
	ErrorPolicy on_error;
	bool async_capable;
	bool keep_connections;
};

// An option as it was given, nullptr where it was not.
DefElem *given_option(List *options, const char *name);

// The server's options alone, with defaults.
ServerOptions *server_options(Oid server_id);

// What endpoint_open() needs: server options within the policy and, when `mapping_id` is valid, the
// secrets of that user mapping. Raises when the server may not use its options, see trust.hpp.
void endpoint_settings(Oid server_id, Oid mapping_id, EndpointSettings *settings);

// Paths of the files that a user mapping keeps its secrets in; nullptr where it does not.
struct MappingFiles
{
	const char *bearer_token;
	const char *headers;
};
MappingFiles mapping_files(Oid mapping_id);

// The options of IMPORT FOREIGN SCHEMA, checked, with defaults. `object_type` is left to the
// caller.
void import_settings(List *given, ImportSettings *settings);

struct TableOptions
{
	Oid relation_id;
	ServerOptions server;    // overridden by the table's own where it has them
	TableSpec spec;          // live columns only
	AttrNumber *attnums;     // of spec.columns
	Oid *types;              // of spec.columns
	int32 *typmods;
	Oid *collations;
	bool *not_null;
	int *key;         // indexes into spec.columns of the declared key
	int key_count;    // 0: no key declared
};

// The whole description of a foreign table. Raises HV002 when a required option is missing and
// HV024 when `key` names a column that does not exist.
TableOptions *table_options(Oid relation_id);

// The same for one among many tables: nullptr and `err` where its options do not fit its columns.
TableOptions *try_table_options(Oid relation_id, Error *err);

}    // namespace gql::pg
