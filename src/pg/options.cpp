// How are options read out of the catalogs?

#include "pg/options.hpp"

#include <cstring>
#include <string_view>

#include "pg/encoding.hpp"
#include "pg/errors.hpp"
#include "pg/option_table.hpp"
#include "pg/policy.hpp"
#include "pg/relation.hpp"
#include "pg/trust.hpp"
#include "pg/types.hpp"

namespace gql::pg
{
namespace
{

// The options of one object, and how the getters below find their way in them.
struct Given
{
	List *options;
	unsigned object;
};

// What the object says, or nullptr.
const char *
given_value(const Given &given, const char *name)
{
	DefElem *option = given_option(given.options, name);

	return option == nullptr ? nullptr : defGetString(option);
}

const Option *
known_option(const Given &given, const char *name)
{
	const Option *option = find_option(name, given.object);

	if (option == nullptr)
	{
		elog(ERROR, "graphql_fdw has no option \"%s\" here", name);
	}
	return option;
}

const char *
value_or_initial(const Given &given, const char *name)
{
	const char *value = given_value(given, name);

	return value != nullptr ? value : known_option(given, name)->initial;
}

int
integer_value(const Given &given, const char *name)
{
	return integer_of(known_option(given, name), value_or_initial(given, name));
}

double
real_value(const Given &given, const char *name)
{
	return real_of(known_option(given, name), value_or_initial(given, name));
}

bool
boolean_value(const Given &given, const char *name)
{
	return boolean_of(known_option(given, name), value_or_initial(given, name));
}

// A text for the core: in UTF-8, empty where it is not given.
std::string_view
text_value(const Given &given, const char *name)
{
	const char *value = value_or_initial(given, name);

	return value != nullptr ? std::string_view(to_utf8(value)) : std::string_view();
}

// Options can be missing in spite of the validator: they may be older than it, or have been there
// before the object came to this wrapper.
std::string_view
required_value(const Given &given, const char *name, const char *kind, const char *object)
{
	if (given_value(given, name) == nullptr)
	{
		ereport(ERROR, (errcode(ERRCODE_FDW_DYNAMIC_PARAMETER_VALUE_NEEDED),
						errmsg("%s \"%s\" has no option \"%s\"", kind, object, name)));
	}
	return text_value(given, name);
}

ServerOptions
read_server(ForeignServer *server)
{
	const Given given = {server->options, ON_SERVER};
	ServerOptions options;

	options.server_id = server->serverid;
	options.name = server->servername;
	options.schema_file = given_value(given, "schema_file");
	options.startup_cost = real_value(given, "fdw_startup_cost");
	options.tuple_cost = real_value(given, "fdw_tuple_cost");
	options.owner_id = server->owner;
	options.concurrency = policy_concurrency(integer_value(given, "concurrency"));
	options.key_batch_size = integer_value(given, "key_batch_size");
	options.fetch_size = integer_value(given, "fetch_size");
	options.max_pages = integer_value(given, "max_pages");
	options.batch_mode = static_cast<BatchMode>(integer_value(given, "batch_mode"));
	options.on_error = static_cast<ErrorPolicy>(integer_value(given, "on_error"));
	options.async_capable = boolean_value(given, "async_capable");
	options.keep_connections = boolean_value(given, "keep_connections");
	return options;
}

// What a foreign table says differently from its server.
void
override_server(ServerOptions *server, const Given &table)
{
	if (given_value(table, "key_batch_size") != nullptr)
	{
		server->key_batch_size = integer_value(table, "key_batch_size");
	}
	if (given_value(table, "fetch_size") != nullptr)
	{
		server->fetch_size = integer_value(table, "fetch_size");
	}
	if (given_value(table, "batch_mode") != nullptr)
	{
		server->batch_mode = static_cast<BatchMode>(integer_value(table, "batch_mode"));
	}
	if (given_value(table, "on_error") != nullptr)
	{
		server->on_error = static_cast<ErrorPolicy>(integer_value(table, "on_error"));
	}
	if (given_value(table, "async_capable") != nullptr)
	{
		server->async_capable = boolean_value(table, "async_capable");
	}
}

Given
mapping_options(Oid mapping_id)
{
	HeapTuple tuple = SearchSysCache1(USERMAPPINGOID, ObjectIdGetDatum(mapping_id));
	Given given = {NIL, ON_MAPPING};
	Datum options;
	bool isnull;

	if (!HeapTupleIsValid(tuple))
	{
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("user mapping with OID %u does not exist", mapping_id)));
	}
	options = SysCacheGetAttr(USERMAPPINGOID, tuple, Anum_pg_user_mapping_umoptions, &isnull);
	if (!isnull)
	{
		given.options = untransformRelOptions(options);
	}
	ReleaseSysCache(tuple);
	return given;
}

// Virtual generated columns are computed by the planner out of the others, so they are never read.
// Stored ones are for the wrapper to return, like any column.
bool
is_read(Form_pg_attribute attribute)
{
	return attribute->attgenerated != ATTRIBUTE_GENERATED_VIRTUAL;
}

void
describe_column(Oid relation_id, Form_pg_attribute attribute, ColumnSpec *spec)
{
	const Given given = {GetForeignColumnOptions(relation_id, attribute->attnum), ON_COLUMN};
	const char *name = pstrdup(NameStr(attribute->attname));

	*spec = ColumnSpec();
	spec->name = to_utf8(name);
	if (given_value(given, "path") != nullptr)
	{
		spec->path = text_value(given, "path");
	}
	else if (is_read(attribute))
	{
		spec->path = spec->name;
	}
	spec->argument = text_value(given, "argument");
	spec->type = text_value(given, "type");
	describe_type(name, attribute->atttypid, spec);
}

void
describe_columns(TableOptions *options, TupleDesc tuple)
{
	ColumnSpec *columns = static_cast<ColumnSpec *>(palloc(sizeof(ColumnSpec) * tuple->natts));
	size_t count = 0;

	options->attnums = static_cast<AttrNumber *>(palloc(sizeof(AttrNumber) * tuple->natts));
	options->types = static_cast<Oid *>(palloc(sizeof(Oid) * tuple->natts));
	options->typmods = static_cast<int32 *>(palloc(sizeof(int32) * tuple->natts));
	options->collations = static_cast<Oid *>(palloc(sizeof(Oid) * tuple->natts));
	options->not_null = static_cast<bool *>(palloc(sizeof(bool) * tuple->natts));
	for (int i = 0; i < tuple->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(tuple, i);

		if (!attribute->attisdropped)
		{
			describe_column(options->relation_id, attribute, &columns[count]);
			options->attnums[count] = attribute->attnum;
			options->types[count] = attribute->atttypid;
			options->typmods[count] = attribute->atttypmod;
			options->collations[count] = attribute->attcollation;
			options->not_null[count] = attribute->attnotnull;
			columns[count].compares = compares_like_api(options, static_cast<int>(count));
			count++;
		}
	}
	options->spec.columns = columns;
	options->spec.column_count = count;
}

int
find_column(const TableSpec &spec, const char *name)
{
	const std::string_view wanted = to_utf8(name);

	for (size_t i = 0; i < spec.column_count; i++)
	{
		if (spec.columns[i].name == wanted)
		{
			return static_cast<int>(i);
		}
	}
	return -1;
}

bool
describe_key(TableOptions *options, const char *table, const char *key, Error *err)
{
	List *names = key_columns_of(key);
	ListCell *cell;

	options->key = static_cast<int *>(palloc(sizeof(int) * list_length(names)));
	foreach (cell, names)
	{
		const char *name = static_cast<char *>(lfirst(cell));
		const int column = find_column(options->spec, name);

		if (column < 0)
		{
			const std::string_view message = to_utf8(
				psprintf("column \"%s\" in option \"key\" of foreign table \"%s\" does not exist",
						 name, table));

			err->code = Code::invalid_option;
			strlcpy(err->message, message.data(), sizeof(err->message));
			return false;
		}
		options->key[options->key_count++] = column;
	}
	return true;
}

}    // namespace

DefElem *
given_option(List *options, const char *name)
{
	ListCell *cell;

	foreach (cell, options)
	{
		auto *option = static_cast<DefElem *>(lfirst(cell));

		if (strcmp(option->defname, name) == 0)
		{
			return option;
		}
	}
	return nullptr;
}

ServerOptions *
server_options(Oid server_id)
{
	ServerOptions *options = static_cast<ServerOptions *>(palloc(sizeof(ServerOptions)));

	*options = read_server(GetForeignServer(server_id));
	return options;
}

void
endpoint_settings(Oid server_id, Oid mapping_id, EndpointSettings *settings)
{
	ForeignServer *server = GetForeignServer(server_id);
	const Given given = {server->options, ON_SERVER};

	require_trusted_owner(server);
	require_tls_files(server);
	*settings = EndpointSettings();
	settings->server = to_utf8(server->servername);
	settings->url = required_value(given, "url", "server", server->servername);
	settings->public_headers = text_value(given, "headers");
	settings->session_headers = text_value(given, "session_headers");
	settings->ca_file = text_value(given, "ca_file");
	settings->client_cert = text_value(given, "client_cert");
	settings->client_key = text_value(given, "client_key");
	settings->proxy = text_value(given, "proxy");
	settings->tls_verify = boolean_value(given, "tls_verify");
	settings->http_version = text_value(given, "http_version");
	settings->compression = boolean_value(given, "compression");
	settings->connect_timeout_ms = integer_value(given, "connect_timeout");
	settings->request_timeout_ms = integer_value(given, "request_timeout");
	settings->max_response_bytes = integer_value(given, "max_response_bytes");
	settings->concurrency = integer_value(given, "concurrency");
	settings->max_retries = integer_value(given, "max_retries");
	settings->policy.inner_networks = superuser_arg(server->owner);
	policy_apply(settings);
	if (OidIsValid(mapping_id))
	{
		const Given secrets = mapping_options(mapping_id);

		settings->secret_headers = text_value(secrets, "headers");
		settings->bearer_token = text_value(secrets, "bearer_token");
		settings->user = text_value(secrets, "user");
		settings->password = text_value(secrets, "password");
	}
}

MappingFiles
mapping_files(Oid mapping_id)
{
	const Given given = mapping_options(mapping_id);

	return {given_value(given, "bearer_token_file"), given_value(given, "headers_file")};
}

void
import_settings(List *options, ImportSettings *settings)
{
	const Given given = {options, ON_IMPORT};

	check_options(options, ON_IMPORT);
	*settings = ImportSettings();
	settings->max_depth = integer_value(given, "import_max_depth");
	settings->children = boolean_value(given, "import_children");
	settings->enums = boolean_value(given, "import_enums");
	settings->deprecated = boolean_value(given, "import_deprecated");
	settings->not_null = boolean_value(given, "import_not_null");
	settings->snake_case = integer_value(given, "name_case") == 0;
	settings->prefix = text_value(given, "prefix");
}

TableOptions *
table_options(Oid relation_id)
{
	Error err;
	TableOptions *options = try_table_options(relation_id, &err);

	if (options == nullptr)
	{
		raise(err);
	}
	return options;
}

TableOptions *
try_table_options(Oid relation_id, Error *err)
{
	TableOptions *options = static_cast<TableOptions *>(palloc0(sizeof(TableOptions)));
	Relation relation = ::table_open(relation_id, AccessShareLock);
	const char *name = pstrdup(RelationGetRelationName(relation));
	ForeignTable *table;
	Given given;
	bool fits = true;

	if (relation->rd_rel->relkind != RELKIND_FOREIGN_TABLE)
	{
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
						errmsg("\"%s\" is not a foreign table", name)));
	}
	table = GetForeignTable(relation_id);
	given = {table->options, ON_TABLE};
	options->relation_id = relation_id;
	options->server = read_server(GetForeignServer(table->serverid));
	override_server(&options->server, given);
	options->spec.name = to_utf8(name);
	options->spec.field = required_value(given, "field", "foreign table", name);
	options->spec.arguments = text_value(given, "arguments");
	options->spec.lookups = text_value(given, "lookups");
	options->spec.pagination = text_value(given, "pagination");
	options->spec.filter = text_value(given, "filter");
	options->spec.count = text_value(given, "count");
	options->spec.aggregates = text_value(given, "aggregates");
	options->spec.order = text_value(given, "order");
	describe_columns(options, RelationGetDescr(relation));
	if (given_value(given, "key") != nullptr)
	{
		fits = describe_key(options, name, given_value(given, "key"), err);
	}
	::table_close(relation, NoLock);
	return fits ? options : nullptr;
}

}    // namespace gql::pg
