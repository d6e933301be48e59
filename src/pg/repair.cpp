// Which statements repair what graphql_check() found?

#include "pg/repair.hpp"

#include <cstring>

#include "pg/encoding.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

struct Statements
{
	StringInfoData clauses;    // of ALTER FOREIGN TABLE
	StringInfoData others;
};

void
add_clause(Statements *statements, const char *clause)
{
	appendStringInfo(&statements->clauses, "%s%s", statements->clauses.len > 0 ? ", " : "", clause);
}

const char *
column_name(const TableOptions *options, int column)
{
	return quote_identifier(get_attname(options->relation_id, options->attnums[column], false));
}

// "OPTIONS (SET path 'x')"
const char *
set_option(List *present, std::string_view option, std::string_view value)
{
	const char *name = from_utf8(option);

	return psprintf("OPTIONS (%s %s %s)", given_option(present, name) != nullptr ? "SET" : "ADD",
					quote_identifier(name), quote_literal_cstr(from_utf8(value)));
}

// For values of a GraphQL type.
const char *
sql_type(std::string_view type)
{
	bool list = !type.empty() && type.front() == '[';
	std::string_view name = list ? type.substr(1) : type;
	const char *sql;

	name = name.substr(0, name.find_first_of("]!"));
	sql = name == "Int"       ? "integer"
		  : name == "Float"   ? "double precision"
		  : name == "Boolean" ? "boolean"
							  : "text";
	return list ? psprintf("%s[]", sql) : sql;
}

// Views, functions, indexes and the like hold a column to its type.
bool
has_dependents(Oid relation_id, AttrNumber attnum)
{
	Relation catalog = ::table_open(DependRelationId, AccessShareLock);
	ScanKeyData keys[3];
	SysScanDesc scan;
	bool found;

	ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(RelationRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relation_id));
	ScanKeyInit(&keys[2], Anum_pg_depend_refobjsubid, BTEqualStrategyNumber, F_INT4EQ,
				Int32GetDatum(attnum));
	scan = systable_beginscan(catalog, DependReferenceIndexId, true, nullptr, 3, keys);
	found = HeapTupleIsValid(systable_getnext(scan));
	systable_endscan(scan);
	::table_close(catalog, AccessShareLock);
	return found;
}

// A function that returns rows of the table breaks when the table gets another column or type.
bool
has_row_type_dependents(Oid relation_id)
{
	Relation catalog = ::table_open(DependRelationId, AccessShareLock);
	ScanKeyData keys[2];
	SysScanDesc scan;
	bool found = false;

	ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(TypeRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(get_rel_type_id(relation_id)));
	scan = systable_beginscan(catalog, DependReferenceIndexId, true, nullptr, 2, keys);
	while (HeapTuple tuple = systable_getnext(scan))
	{
		found = found ||
				reinterpret_cast<Form_pg_depend>(GETSTRUCT(tuple))->deptype == DEPENDENCY_NORMAL;
	}
	systable_endscan(scan);
	::table_close(catalog, AccessShareLock);
	return found;
}

bool
may_change_type(const TableOptions *options, int column)
{
	return !has_dependents(options->relation_id, options->attnums[column]) &&
		   !has_row_type_dependents(options->relation_id);
}

// Whoever runs the repairs may do more than the table's owner, who must not get another's type
// changed by declaring a column of it.
bool
may_change_labels(Oid relation_id, Oid type)
{
	HeapTuple relation = SearchSysCache1(RELOID, ObjectIdGetDatum(relation_id));
	HeapTuple enumeration = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	const bool known = HeapTupleIsValid(relation) && HeapTupleIsValid(enumeration);
	const bool may = known && has_privs_of_role(
								  reinterpret_cast<Form_pg_class>(GETSTRUCT(relation))->relowner,
								  reinterpret_cast<Form_pg_type>(GETSTRUCT(enumeration))->typowner);

	if (HeapTupleIsValid(relation))
	{
		ReleaseSysCache(relation);
	}
	if (HeapTupleIsValid(enumeration))
	{
		ReleaseSysCache(enumeration);
	}
	return may;
}

// A name for a column of the argument that the table does not have yet.
const char *
free_name(Oid relation_id, std::string_view wanted)
{
	const char *base = from_utf8(wanted);
	const char *name = base;

	for (int i = 1; get_attnum(relation_id, name) != InvalidAttrNumber; i++)
	{
		name = psprintf("%s_%d", base, i);
	}
	return quote_identifier(name);
}

void
add_step(Statements *statements, const TableOptions *options, const Repair *step)
{
	Oid relation_id = options->relation_id;
	const char *column = step->column < 0 ? nullptr : column_name(options, step->column);
	List *column_options =
		step->column < 0 ? NIL
						 : GetForeignColumnOptions(relation_id, options->attnums[step->column]);

	switch (step->kind)
	{
		case Repair::Kind::set_table_option:
			add_clause(statements, set_option(GetForeignTable(relation_id)->options, step->option,
											  step->value));
			break;
		case Repair::Kind::drop_table_option:
			add_clause(statements,
					   psprintf("OPTIONS (DROP %s)", quote_identifier(from_utf8(step->option))));
			break;
		case Repair::Kind::set_column_option:
			add_clause(statements, psprintf("ALTER COLUMN %s %s", column,
											set_option(column_options, step->option, step->value)));
			break;
		case Repair::Kind::drop_column_option:
			add_clause(statements, psprintf("ALTER COLUMN %s OPTIONS (DROP %s)", column,
											quote_identifier(from_utf8(step->option))));
			break;
		case Repair::Kind::drop_not_null:
			add_clause(statements, psprintf("ALTER COLUMN %s DROP NOT NULL", column));
			break;
		case Repair::Kind::change_type:
			if (may_change_type(options, step->column))
			{
				resetStringInfo(&statements->clauses);
				add_clause(statements,
						   psprintf("ALTER COLUMN %s TYPE %s", column, sql_type(step->type)));
			}
			break;
		case Repair::Kind::add_label:
		{
			Oid type = getBaseType(options->types[step->column]);
			Oid element = get_element_type(type);
			Oid labelled = OidIsValid(element) ? getBaseType(element) : type;

			if (may_change_labels(relation_id, labelled))
			{
				appendStringInfo(&statements->others, "ALTER TYPE %s ADD VALUE IF NOT EXISTS %s;",
								 format_type_be_qualified(labelled),
								 quote_literal_cstr(from_utf8(step->value)));
			}
			break;
		}
		case Repair::Kind::add_column:
			add_clause(statements,
					   psprintf("ADD COLUMN %s %s OPTIONS (argument %s, path '', type %s)",
								free_name(relation_id, step->value), sql_type(step->type),
								quote_literal_cstr(from_utf8(step->option)),
								quote_literal_cstr(from_utf8(step->type))));
			break;
	}
}

}    // namespace

const char *
repair_statements(const TableOptions *options, const Finding *finding)
{
	Statements statements;

	initStringInfo(&statements.clauses);
	initStringInfo(&statements.others);
	for (size_t i = 0; i < finding->repair_count; i++)
	{
		add_step(&statements, options, &finding->repairs[i]);
	}
	if (statements.clauses.len > 0)
	{
		appendStringInfo(
			&statements.others, "ALTER FOREIGN TABLE %s %s;",
			quote_qualified_identifier(get_namespace_name(get_rel_namespace(options->relation_id)),
									   get_rel_name(options->relation_id)),
			statements.clauses.data);
	}
	return statements.others.len > 0 ? statements.others.data : nullptr;
}

}    // namespace gql::pg
