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
#include "pg/import_sql.hpp"
#include "pg/nearest_name.hpp"
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
	const char **names;    // of the tables, in the database's encoding
	bool *wanted;          // by LIMIT TO or EXCEPT
	bool *enums_made;
};

// A list for a DETAIL, cut when it gets long.
struct Listed
{
	StringInfoData text;
	const char *separator;
	size_t count;
	size_t limit;
};

Listed
list_begin(const char *separator, size_t limit)
{
	Listed list = {};

	initStringInfo(&list.text);
	list.separator = separator;
	list.limit = limit;
	return list;
}

void
list_add(Listed *list, const char *item)
{
	if (list->count < list->limit)
	{
		appendStringInfo(&list->text, "%s%s", list->count == 0 ? "" : list->separator, item);
	}
	list->count++;
}

const char *
list_end(Listed *list)
{
	if (list->count > list->limit)
	{
		appendStringInfo(&list->text, "%sand %zu more", list->separator, list->count - list->limit);
	}
	return list->text.data;
}

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

void
choose_tables(ImportRun *run)
{
	const size_t count = import_table_count(run->import);

	run->names = static_cast<const char **>(palloc(sizeof(char *) * Max(count, 1)));
	run->wanted = static_cast<bool *>(palloc(sizeof(bool) * Max(count, 1)));
	run->enums_made =
		static_cast<bool *>(palloc0(sizeof(bool) * Max(import_enum_count(run->import), 1)));
	for (size_t i = 0; i < count; i++)
	{
		run->names[i] = from_utf8(import_table(run->import, i)->name);
		run->wanted[i] = IsImportableForeignTable(run->names[i], run->statement);
	}
}

[[noreturn]] void
raise_no_table(const ImportRun *run, const char *name)
{
	NearestName nearest = nearest_name_to(name);
	Listed tables = list_begin(", ", 20);

	for (size_t i = 0; i < import_table_count(run->import); i++)
	{
		nearest_name_offer(&nearest, run->names[i]);
		list_add(&tables, run->names[i]);
	}
	ereport(
		ERROR,
		(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
		 errmsg("server \"%s\" has no table \"%s\" to import", run->statement->server_name, name),
		 errdetail("The tables are: %s.", list_end(&tables)),
		 nearest.match != nullptr ? errhint("Perhaps you meant the table \"%s\".", nearest.match)
								  : 0));
	pg_unreachable();
}

// PostgreSQL passes over names in LIMIT TO that match nothing; whoever writes one wants the table.
void
check_limit(const ImportRun *run)
{
	ListCell *cell;

	if (run->statement->list_type != FDW_IMPORT_SCHEMA_LIMIT_TO)
	{
		return;
	}
	foreach (cell, run->statement->table_list)
	{
		const char *name = static_cast<RangeVar *>(lfirst(cell))->relname;
		bool found = false;

		for (size_t i = 0; i < import_table_count(run->import) && !found; i++)
		{
			found = strcmp(run->names[i], name) == 0;
		}
		if (!found)
		{
			raise_no_table(run, name);
		}
	}
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

// Makes the enum type, unless an earlier import has.
void
ensure_enum(ImportRun *run, size_t index)
{
	const ImportedEnum *imported = import_enum(run->import, index);
	const char *schema = run->statement->local_schema;
	const char *name = from_utf8(imported->name);

	if (run->enums_made[index])
	{
		return;
	}
	run->enums_made[index] = true;
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
import_one(ImportRun *run, size_t index)
{
	const ImportedTable *table = import_table(run->import, index);
	const char *schema = run->statement->local_schema;
	ErrorContextCallback callback = {};

	callback.callback = tell_table;
	callback.arg = const_cast<char *>(run->names[index]);
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
		CHECK_FOR_INTERRUPTS();
		if (run->wanted[i])
		{
			MemoryContext before = MemoryContextSwitchTo(scratch);

			import_one(run, i);
			MemoryContextSwitchTo(before);
			MemoryContextReset(scratch);
		}
	}
	MemoryContextDelete(scratch);
}

// What an API's schema says in spite of GraphQL's rules.
void
report_warnings(const ImportRun *run)
{
	Listed warnings = list_begin("\n", 20);

	for (size_t i = 0; i < schema_warning_count(run->schema); i++)
	{
		list_add(&warnings, from_utf8(schema_warning(run->schema, i)));
	}
	if (warnings.count > 0)
	{
		ereport(WARNING, (errmsg("the schema of server \"%s\" contradicts itself",
								 run->statement->server_name),
						  errdetail("%s", list_end(&warnings))));
	}
}

// Would what was left out have been part of what was asked for?
bool
was_wanted(const ImportRun *run, const ImportSkip *skip)
{
	if (skip->table.empty())
	{
		return run->statement->list_type != FDW_IMPORT_SCHEMA_LIMIT_TO;
	}
	return IsImportableForeignTable(from_utf8(skip->table), run->statement);
}

// By reason, so that fields with the same one stand together.
int
compare_skips(const void *left, const void *right)
{
	const auto *a = *static_cast<const ImportSkip *const *>(left);
	const auto *b = *static_cast<const ImportSkip *const *>(right);

	return a->reason != b->reason ? a->reason.compare(b->reason) : a->what.compare(b->what);
}

// What was left out of what was asked for, sorted; the same field may be left out of many tables.
const ImportSkip **
wanted_skips(const ImportRun *run, size_t *count)
{
	const size_t all = import_skip_count(run->import);
	auto **skips = static_cast<const ImportSkip **>(palloc(sizeof(ImportSkip *) * Max(all, 1)));
	size_t kept = 0;

	*count = 0;
	for (size_t i = 0; i < all; i++)
	{
		skips[kept] = import_skip(run->import, i);
		kept += was_wanted(run, skips[kept]) ? 1 : 0;
	}
	qsort(skips, kept, sizeof(ImportSkip *), compare_skips);
	for (size_t i = 0; i < kept; i++)
	{
		if (i == 0 || compare_skips(&skips[*count - 1], &skips[i]) != 0)
		{
			skips[(*count)++] = skips[i];
		}
	}
	return skips;
}

void
report_skipped(const ImportRun *run)
{
	size_t count = 0;
	const ImportSkip **skips = wanted_skips(run, &count);
	Listed reasons = list_begin("\n", 20);

	for (size_t i = 0; i < count;)
	{
		Listed fields = list_begin(", ", 8);
		std::string_view reason = skips[i]->reason;

		for (; i < count && skips[i]->reason == reason; i++)
		{
			list_add(&fields, from_utf8(skips[i]->what));
		}
		list_add(&reasons, psprintf("%s: %s", list_end(&fields), from_utf8(reason)));
	}
	if (count > 0)
	{
		ereport(NOTICE,
				(errmsg_plural("%zu field of server \"%s\" was not imported",
							   "%zu fields of server \"%s\" were not imported", count, count,
							   run->statement->server_name),
				 errdetail("%s", list_end(&reasons)),
				 errhint("Options of IMPORT FOREIGN SCHEMA import more, and CREATE FOREIGN TABLE "
						 "reaches the rest.")));
	}
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
	choose_tables(&run);
	check_limit(&run);
	import_all(&run);
	report_warnings(&run);
	report_skipped(&run);
	MemoryContextSwitchTo(before);
	MemoryContextDelete(context);
	return NIL;
}

}    // namespace gql::pg
