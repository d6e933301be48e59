// How does graphql_check() hold foreign tables against the schemas of their APIs?

#include "core/door/check.hpp"

#include "pg/check.hpp"

#include "pg/encoding.hpp"
#include "pg/errors.hpp"
#include "pg/options.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"
#include "pg/remote_schema.hpp"
#include "pg/relationship_check.hpp"
#include "pg/repair.hpp"
#include "pg/server.hpp"

namespace gql::pg
{

namespace
{

// Where findings go: the rows of the function's result.
struct Report
{
	ReturnSetInfo *result;
	const char *server;
};

const char *
severity_text(Severity severity)
{
	switch (severity)
	{
		case Severity::error:
			return "error";
		case Severity::warning:
			return "warning";
		case Severity::notice:
			return "notice";
	}
	return "";
}

void
add_row(Report *report, const char *object, Severity severity, const char *message, const char *fix)
{
	Datum values[5];
	bool nulls[5] = {};
	NameData server;

	namestrcpy(&server, report->server);
	values[0] = NameGetDatum(&server);
	values[1] = CStringGetTextDatum(object);
	values[2] = CStringGetTextDatum(severity_text(severity));
	values[3] = CStringGetTextDatum(message);
	nulls[4] = fix == nullptr;
	values[4] = nulls[4] ? Datum(0) : CStringGetTextDatum(fix);
	tuplestore_putvalues(report->result->setResult, report->result->setDesc, values, nulls);
}

ColumnKind
kind_of_type(Oid type)
{
	if (type_is_enum(type))
	{
		return ColumnKind::enumeration;
	}
	switch (type)
	{
		case BOOLOID:
			return ColumnKind::boolean;
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return ColumnKind::integer;
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
			return ColumnKind::fractional;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		case NAMEOID:
			return ColumnKind::text;
		default:
			return ColumnKind::other;
	}
}

// Domains undone, elements of arrays.
Oid
element_base_type(Oid type)
{
	Oid base = getBaseType(type);
	Oid element = get_element_type(base);

	return OidIsValid(element) ? getBaseType(element) : base;
}

void
read_labels(Oid type, CheckColumn *column)
{
	CatCList *list = SearchSysCacheList1(ENUMTYPOIDNAME, ObjectIdGetDatum(type));
	auto *labels =
		static_cast<std::string_view *>(palloc(sizeof(std::string_view) * Max(list->n_members, 1)));

	for (int i = 0; i < list->n_members; i++)
	{
		auto entry = reinterpret_cast<Form_pg_enum>(GETSTRUCT(&list->members[i]->tuple));

		labels[i] = to_utf8(pstrdup(NameStr(entry->enumlabel)));
	}
	column->labels = labels;
	column->label_count = static_cast<size_t>(list->n_members);
	ReleaseCatCacheList(list);
}

}    // namespace

const CheckColumn *
describe_columns(const TableOptions *options)
{
	size_t count = options->spec.column_count;
	auto *columns =
		static_cast<CheckColumn *>(palloc0(sizeof(CheckColumn) * Max(count, size_t{1})));
	Relation relation = ::table_open(options->relation_id, AccessShareLock);

	for (size_t i = 0; i < count; i++)
	{
		Oid type = element_base_type(options->types[i]);

		columns[i].kind = kind_of_type(type);
		columns[i].not_null =
			TupleDescAttr(RelationGetDescr(relation), options->attnums[i] - 1)->attnotnull;
		if (columns[i].kind == ColumnKind::enumeration)
		{
			read_labels(type, &columns[i]);
		}
	}
	::table_close(relation, AccessShareLock);
	return columns;
}

namespace
{

const char *
problem_text(const Error *err)
{
	const char *message = from_utf8(err->message);

	return err->detail[0] == '\0' ? message : psprintf("%s: %s", message, from_utf8(err->detail));
}

void
check_table(Report *report, const RemoteSchema *schema, Oid relation_id, MemoryContext context)
{
	const char *name = relation_title(relation_id);
	Error err;
	const TableOptions *options = try_table_options(relation_id, &err);
	const CheckColumn *columns = options == nullptr ? nullptr : describe_columns(options);
	Check *check = options == nullptr
					   ? nullptr
					   : try_own<check_close>(
							 context,
							 [&](Error &failure)
							 { return check_open(schema, options->spec, columns, failure); },
							 &err);

	// A table whose options make no sense must not keep the others from being checked.
	if (check == nullptr)
	{
		add_row(report, psprintf("foreign table %s", name), Severity::error, problem_text(&err),
				nullptr);
		return;
	}
	for (size_t i = 0; i < check_finding_count(check); i++)
	{
		const Finding *finding = check_finding(check, i);
		const char *object = psprintf("foreign table %s", name);

		if (finding->column >= 0)
		{
			object = psprintf("column %s.%s", name,
							  quote_identifier(get_attname(
								  relation_id, options->attnums[finding->column], false)));
		}
		add_row(report, object, finding->severity, from_utf8(finding->message),
				repair_statements(options, finding));
	}
}

// Those that begin or end at a table of the server. What one sends is for the target's API to take.
void
check_relationships(Report *report, const RemoteSchema *schema, Oid server_id)
{
	ListCell *cell;

	foreach (cell, all_relationships())
	{
		auto *relationship = static_cast<Relationship *>(lfirst(cell));
		const bool ends_here = is_table_of(relationship->target, server_id);

		if (!ends_here && !is_table_of(relationship->source, server_id))
		{
			continue;
		}
		RelationshipFinding finding =
			check_relationship(relationship, ends_here ? schema : nullptr);

		if (finding.message != nullptr)
		{
			add_row(report, psprintf("relationship %s", relationship_title(relationship)),
					finding.fails ? Severity::error : Severity::warning, finding.message,
					finding.fix);
		}
	}
}

int
compare_names(const ListCell *a, const ListCell *b)
{
	return strcmp(relation_title(lfirst_oid(a)), relation_title(lfirst_oid(b)));
}

// The foreign tables of a server, by name.
List *
tables_of(Oid server_id)
{
	Relation catalog = ::table_open(ForeignTableRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(catalog, InvalidOid, false, nullptr, 0, nullptr);
	List *tables = NIL;

	while (HeapTuple tuple = systable_getnext(scan))
	{
		auto table = reinterpret_cast<Form_pg_foreign_table>(GETSTRUCT(tuple));

		if (table->ftserver == server_id)
		{
			tables = lappend_oid(tables, table->ftrelid);
		}
	}
	systable_endscan(scan);
	::table_close(catalog, AccessShareLock);
	list_sort(tables, compare_names);
	return tables;
}

void
check_server(ReturnSetInfo *result, const ForeignServer *server)
{
	Report report = {result, server->servername};
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "graphql_fdw check", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);
	Error err;
	const RemoteSchema *schema = try_remote_schema(server->serverid, context, &err);
	List *tables = schema == nullptr ? NIL : tables_of(server->serverid);
	ListCell *cell;

	if (schema == nullptr)
	{
		add_row(&report, psprintf("server %s", quote_identifier(server->servername)),
				Severity::error, problem_text(&err), nullptr);
	}
	foreach (cell, tables)
	{
		CHECK_FOR_INTERRUPTS();
		check_table(&report, schema, lfirst_oid(cell), context);
	}
	if (schema != nullptr)
	{
		check_relationships(&report, schema, server->serverid);
	}
	MemoryContextSwitchTo(before);
	MemoryContextDelete(context);
}

// The servers of this wrapper that the user may use, by name.
List *
usable_servers()
{
	Relation catalog = ::table_open(ForeignServerRelationId, AccessShareLock);
	SysScanDesc scan =
		systable_beginscan(catalog, ForeignServerNameIndexId, true, nullptr, 0, nullptr);
	List *servers = NIL;

	while (HeapTuple tuple = systable_getnext(scan))
	{
		auto form = reinterpret_cast<Form_pg_foreign_server>(GETSTRUCT(tuple));
		ForeignServer *server = GetForeignServer(form->oid);

		if (is_graphql_server(server) && server_usage(server->serverid) == ACLCHECK_OK)
		{
			servers = lappend(servers, server);
		}
	}
	systable_endscan(scan);
	::table_close(catalog, AccessShareLock);
	return servers;
}

}    // namespace

}    // namespace gql::pg

extern "C"
{
	PGDLLEXPORT Datum graphql_check(PG_FUNCTION_ARGS);
	PG_FUNCTION_INFO_V1(graphql_check);
}

// graphql_check(server name) returns table (server name, object text, severity text, message text,
// fix text)
//
// One row for everything about the server's foreign tables that does not fit the API's schema as it
// is now; one that says so when the schema cannot be read. NULL: every server that the user may
// use. `fix` holds the statements that repair it and leave the table's columns in place, NULL where
// only a person can know. Severity: error (statements that touch it fail), warning, notice.
Datum
graphql_check(PG_FUNCTION_ARGS)
{
	ListCell *cell;
	List *servers;

	InitMaterializedSRF(fcinfo, 0);
	servers = PG_ARGISNULL(0) ? gql::pg::usable_servers()
							  : list_make1(gql::pg::find_server(NameStr(*PG_GETARG_NAME(0))));
	foreach (cell, servers)
	{
		gql::pg::check_server(reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo),
							  static_cast<ForeignServer *>(lfirst(cell)));
	}
	return Datum(0);
}
