// How does IMPORT FOREIGN SCHEMA make tables of an API?
//
// PostgreSQL expects CREATE FOREIGN TABLE statements back and runs them. That leaves no room for
// what belongs to a table: the enum types it needs before it, the comments that follow it. So all
// statements are run here, in the way PostgreSQL would run them (as subcommands of the IMPORT,
// which is what event triggers see), and an empty list goes back. The alternative, a hook, would be
// in the way of every utility command of every session.

#include "core/door/import.hpp"

#include "core/door/schema.hpp"

#include "pg/encoding.hpp"
#include "pg/handler.hpp"
#include "pg/import_report.hpp"
#include "pg/import_sql.hpp"
#include "pg/options.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"
#include "pg/remote_schema.hpp"

namespace gql::pg
{

namespace
{

// One IMPORT FOREIGN SCHEMA.
struct ImportRun
{
	ImportForeignSchemaStmt *statement;
	RemoteSchema *schema;
	Import *import;
};

// "query" without quotes is how SQL reads Query; no API has a type of that name.
std::string_view
object_type(const ImportForeignSchemaStmt *statement)
{
	return pg_strcasecmp(statement->remote_schema, "query") == 0
			   ? "Query"
			   : to_utf8(statement->remote_schema);
}

void
open_import(ImportRun *run, Oid server_id, MemoryContext context)
{
	ImportSettings settings;

	import_settings(run->statement->options, &settings);
	settings.object_type = object_type(run->statement);
	run->schema = remote_schema(server_id, context);
	run->import = own<import_close>(context, [&](Error &err)
									{ return import_open(run->schema, settings, err); });
}

// Runs statements as PostgreSQL runs those that an IMPORT gives it.
void
run_statements(const char *sql)
{
	ListCell *cell;

	if (sql == nullptr)
	{
		return;
	}
	foreach (cell, pg_parse_query(sql))
	{
		auto *parsed = static_cast<RawStmt *>(lfirst(cell));
		PlannedStmt *planned = makeNode(PlannedStmt);

		planned->commandType = CMD_UTILITY;
		planned->canSetTag = false;
		planned->utilityStmt = parsed->stmt;
		planned->stmt_location = parsed->stmt_location;
		planned->stmt_len = parsed->stmt_len;
		ProcessUtility(planned, sql, false, PROCESS_UTILITY_SUBCOMMAND, nullptr, nullptr,
					   None_Receiver, nullptr);
		CommandCounterIncrement();
	}
}

List *
option_list(const ImportedColumn &column)
{
	List *options = NIL;

	for (size_t i = 0; i < column.option_count; i++)
	{
		char *value = pstrdup(from_utf8(column.options[i].value));

		options = lappend(options, makeDefElem(pstrdup(from_utf8(column.options[i].name)),
											   reinterpret_cast<Node *>(makeString(value)), -1));
	}
	return options;
}

// For the options of columns, CREATE FOREIGN TABLE runs an ALTER per column, and each makes
// PostgreSQL read the table's description again and keep the one before until the transaction ends:
// 1,000 columns take a second and 100 MB. So they are put where the ALTERs put them, checked in the
// same way.
void
set_column_options(const ImportedTable *table, Oid relation_id)
{
	ForeignServer *server = GetForeignServer(GetForeignServerIdByRelId(relation_id));
	Oid validator = GetForeignDataWrapper(server->fdwid)->fdwvalidator;
	Relation attributes = ::table_open(AttributeRelationId, RowExclusiveLock);
	int place = Anum_pg_attribute_attfdwoptions;
	bool is_null = false;

	for (size_t i = 0; i < table->column_count; i++)
	{
		HeapTuple before = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relation_id),
										   Int16GetDatum(static_cast<int16>(i + 1)));
		Datum options = transformGenericOptions(AttributeRelationId, PointerGetDatum(nullptr),
												option_list(table->columns[i]), validator);

		if (DatumGetPointer(options) != nullptr)
		{
			HeapTuple after = heap_modify_tuple_by_cols(before, RelationGetDescr(attributes), 1,
														&place, &options, &is_null);

			CatalogTupleUpdate(attributes, &after->t_self, after);
		}
		ReleaseSysCache(before);
	}
	::table_close(attributes, RowExclusiveLock);
	CommandCounterIncrement();
}

// Has the enum type just these labels?
bool
has_labels(Oid type, const ImportedEnum *imported)
{
	CatCList *labels = SearchSysCacheList1(ENUMTYPOIDNAME, ObjectIdGetDatum(type));
	bool same = static_cast<size_t>(labels->n_members) == imported->value_count;

	ReleaseSysCacheList(labels);
	for (size_t i = 0; i < imported->value_count && same; i++)
	{
		same = SearchSysCacheExists2(ENUMTYPOIDNAME, ObjectIdGetDatum(type),
									 CStringGetDatum(from_utf8(imported->values[i])));
	}
	return same;
}

// Makes the enum type, unless another table or an earlier import has.
void
ensure_enum(ImportRun *run, size_t index)
{
	const ImportedEnum *imported = import_enum(run->import, index);
	const char *schema = run->statement->local_schema;
	const char *name = from_utf8(imported->name);

	Oid type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(name),
							   ObjectIdGetDatum(get_namespace_oid(schema, false)));

	if (!OidIsValid(type))
	{
		run_statements(create_enum_sql(imported, schema));
		run_statements(enum_comment_sql(imported, schema));
	}
	else if (get_typtype(type) != TYPTYPE_ENUM || !has_labels(type, imported))
	{
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("type \"%s\" already exists in schema \"%s\" and is not the enum type "
						"of the API",
						name, schema),
				 errhint("Import into another schema, or rename the type.")));
	}
}

void
tell_table(void *name)
{
	errcontext("importing foreign table \"%s\"", static_cast<const char *>(name));
}

void
import_one(ImportRun *run, const ImportedTable *table, char *name)
{
	const char *schema = run->statement->local_schema;
	ErrorContextCallback callback = {};

	callback.callback = tell_table;
	callback.arg = name;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	for (size_t i = 0; i < table->column_count; i++)
	{
		if (table->columns[i].type == SqlType::enumeration)
		{
			ensure_enum(run, table->columns[i].enumeration);
		}
	}
	run_statements(create_table_sql(run->import, table, schema, run->statement->server_name));
	set_column_options(table, get_relname_relid(name, get_namespace_oid(schema, false)));
	run_statements(table_comments_sql(table, schema));
	error_context_stack = callback.previous;
}

void
import_all(ImportRun *run)
{
	MemoryContext scratch =
		AllocSetContextCreate(CurrentMemoryContext, "graphql_fdw table", ALLOCSET_DEFAULT_SIZES);

	for (size_t i = 0; i < import_table_count(run->import); i++)
	{
		MemoryContext before = MemoryContextSwitchTo(scratch);
		const ImportedTable *table = import_table(run->import, i);
		char *name = from_utf8(table->name);

		CHECK_FOR_INTERRUPTS();
		if (IsImportableForeignTable(name, run->statement))
		{
			import_one(run, table, name);
		}
		MemoryContextSwitchTo(before);
		MemoryContextReset(scratch);
	}
	MemoryContextDelete(scratch);
}

}    // namespace

List *
graphqlImportForeignSchema(ImportForeignSchemaStmt *statement, Oid server_id)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "graphql_fdw import", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);
	ImportRun run = {};

	run.statement = statement;
	open_import(&run, server_id, context);
	check_limit_to(statement, run.import);
	import_all(&run);
	report_schema_warnings(statement, run.schema);
	report_skipped(statement, run.import);
	MemoryContextSwitchTo(before);
	MemoryContextDelete(context);
	return NIL;
}

}    // namespace gql::pg
