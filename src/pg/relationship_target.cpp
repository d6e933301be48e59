// What does a relationship look for in its target, and does it fit?

#include "core/door/check.hpp"

#include "pg/relationship_target.hpp"

#include <cstring>

#include "pg/check.hpp"
#include "pg/encoding.hpp"
#include "pg/errors.hpp"
#include "pg/nearest_name.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"
#include "pg/remote_schema.hpp"
#include "pg/server.hpp"

namespace gql::pg
{

namespace
{

bool
is_api_table(Relation relation)
{
	return relation->rd_rel->relkind == RELKIND_FOREIGN_TABLE &&
		   is_graphql_server(
			   GetForeignServer(GetForeignServerIdByRelId(RelationGetRelid(relation))));
}

void
read_api_table(Target *target)
{
	Oid relation_id = RelationGetRelid(target->relation);
	Error err;

	target->options = table_options(relation_id);
	target->table = own<table_close>(CurrentMemoryContext, [=](Error &failure)
									 { return table_open(target->options->spec, failure); });
	target->schema =
		try_remote_schema(target->options->server.server_id, CurrentMemoryContext, &err);
	if (target->schema == nullptr)
	{
		ereport(NOTICE,
				(errmsg("types of arguments of \"%s\" are not checked",
						RelationGetRelationName(target->relation)),
				 errdetail("%s", from_utf8(err.message)),
				 errhint("The server's option schema_file can name a file with the schema.")));
	}
	target->fit = own<fit_close>(CurrentMemoryContext, [=](Error &failure)
								 { return fit_open(target->table, target->schema, failure); });
}

// The index into TableSpec::columns, -1 none.
int
spec_column(const Target *target, AttrNumber attnum)
{
	for (size_t i = 0; target->options != nullptr && i < target->options->spec.column_count; i++)
	{
		if (target->options->attnums[i] == attnum)
		{
			return static_cast<int>(i);
		}
	}
	return -1;
}

const char *
column_name(const Target *target, AttrNumber attnum)
{
	return NameStr(TupleDescAttr(RelationGetDescr(target->relation), attnum - 1)->attname);
}

[[noreturn]] void
raise_no_target(const Target *target, const char *name)
{
	NearestName nearest = nearest_name_to(name);
	StringInfoData arguments;

	if (target->options == nullptr)
	{
		raise_no_column(target->relation, name);
	}
	initStringInfo(&arguments);
	for (size_t i = 0; i < target->options->spec.column_count; i++)
	{
		const ColumnSpec *column = &target->options->spec.columns[i];

		nearest_name_offer(&nearest, from_utf8(column->name));
		nearest_name_offer(&nearest, from_utf8(column->argument));
		if (fit_sends(target->fit, static_cast<int>(i)))
		{
			appendStringInfo(&arguments, "%s\"%s\"", arguments.len > 0 ? ", " : "",
							 from_utf8(column->name));
		}
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("foreign table \"%s\" has no column and no argument \"%s\"",
					RelationGetRelationName(target->relation), name),
			 nearest.match != nullptr ? errhint("Perhaps you meant \"%s\".", nearest.match)
			 : arguments.len > 0      ? errhint("Columns that fill arguments: %s.", arguments.data)
									  : 0));
	pg_unreachable();
}

bool
is_string(Oid type)
{
	return type == TEXTOID || type == VARCHAROID;
}

bool
is_integer(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID;
}

// What is compared without a change of type, also by a look-up.
bool
agree(Oid column, Oid value)
{
	return column == value || (is_string(column) && is_string(value)) ||
		   (is_integer(column) && is_integer(value));
}

// GraphQL's own conversions, as far as they cannot fail or mean something else: an ID is a string,
// an enum's value is its name.
bool
converts(const Target *target, AttrNumber attnum, Oid column, Oid value)
{
	int index = spec_column(target, attnum);
	Error err;

	if (type_is_enum(column))
	{
		return is_string(value);
	}
	if (index < 0 || !is_string(column) || !fit_sends(target->fit, index))
	{
		return false;
	}
	std::string_view type = fit_argument_type(target->fit, index, err);

	if (type_is_enum(value))
	{
		return true;
	}
	return (is_integer(value) || value == UUIDOID) && (type == "ID" || type.empty());
}

// The schema of the type's own "=", nullptr when it has none. An operator that happens to come
// first in somebody's search_path is not asked.
const char *
equality_schema(Oid type)
{
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR);
	HeapTuple tuple = OidIsValid(entry->eq_opr)
						  ? SearchSysCache1(OPEROID, ObjectIdGetDatum(entry->eq_opr))
						  : nullptr;
	const char *schema = nullptr;

	if (HeapTupleIsValid(tuple))
	{
		schema =
			get_namespace_name(reinterpret_cast<Form_pg_operator>(GETSTRUCT(tuple))->oprnamespace);
		ReleaseSysCache(tuple);
	}
	return schema;
}

bool
has_equality(const char *schema, Oid column, Oid value)
{
	Operator found =
		oper(nullptr, list_make2(makeString(pstrdup(schema)), makeString(pstrdup("="))), column,
			 value, true, -1);

	if (found == nullptr)
	{
		return false;
	}
	ReleaseSysCache(found);
	return true;
}

enum class Change
{
	none,
	cast,
	impossible,
};

Change
needed_change(const Target *target, AttrNumber attnum, const char *equality, Oid column_type,
			  Oid value_type)
{
	Oid column = getBaseType(column_type);
	Oid value = getBaseType(value_type);

	if (equality == nullptr)
	{
		return Change::impossible;
	}
	if (agree(column, value))
	{
		return Change::none;
	}
	if (value == UNKNOWNOID || can_coerce_type(1, &value, &column, COERCION_IMPLICIT) ||
		converts(target, attnum, column, value))
	{
		return Change::cast;
	}
	return spec_column(target, attnum) < 0 && has_equality(equality, column, value)
			   ? Change::none
			   : Change::impossible;
}

// What makes a column's type of the value, nullptr when nothing simple does.
const char *
converting_expression(Oid column, Oid value, const char *from)
{
	Oid function;

	if (get_element_type(getBaseType(column)) == getBaseType(value))
	{
		return psprintf("ARRAY[%s]", from);
	}
	return find_coercion_pathway(getBaseType(column), getBaseType(value), COERCION_EXPLICIT,
								 &function) == COERCION_PATH_NONE
			   ? nullptr
			   : psprintf("(%s)::%s", from, format_type_be(column));
}

[[noreturn]] void
raise_mismatch(const Target *target, AttrNumber attnum, Oid column, Oid value, const char *from)
{
	const char *expression = converting_expression(column, value, from);

	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"%s\" of \"%s\" cannot be matched with \"%s\"",
					column_name(target, attnum), RelationGetRelationName(target->relation), from),
			 errdetail("One is of type %s, the other of type %s.", format_type_be(column),
					   format_type_be(value)),
			 expression != nullptr
				 ? errhint("An expression can convert the value, as in \"%s\".", expression)
				 : 0));
	pg_unreachable();
}

// A finding that concerns the way to the rows rather than what is read of them.
bool
concerns(const Target *target, const Finding *finding)
{
	if (finding->column < 0)
	{
		return finding->severity == Severity::error;
	}
	return finding->severity != Severity::notice &&
		   bms_is_member(target->options->attnums[finding->column], target->matched) &&
		   fit_sends(target->fit, finding->column);
}

void
check_schema(const Target *target)
{
	const CheckColumn *columns = describe_columns(target->options);
	Check *check = own<check_close>(
		CurrentMemoryContext, [=](Error &err)
		{ return check_open(target->schema, target->options->spec, columns, err); });

	for (size_t i = 0; i < check_finding_count(check); i++)
	{
		const Finding *finding = check_finding(check, i);

		if (concerns(target, finding))
		{
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INCONSISTENT_DESCRIPTOR_INFORMATION),
					 errmsg("foreign table \"%s\" does not fit its API: %s",
							RelationGetRelationName(target->relation), from_utf8(finding->message)),
					 errhint("graphql_check() shows what repairs it.")));
		}
	}
}

void
check_arguments(const Target *target)
{
	size_t count = target->options->spec.column_count;
	int *columns = static_cast<int *>(palloc(sizeof(int) * Max(count, size_t{1})));
	size_t matched = 0;
	Error err;

	for (size_t i = 0; i < count; i++)
	{
		if (bms_is_member(target->options->attnums[i], target->matched))
		{
			columns[matched++] = static_cast<int>(i);
		}
	}
	std::string_view missing = fit_missing_argument(target->fit, columns, matched, err);

	if (err.code != Code::none)
	{
		raise(err);
	}
	if (!missing.empty())
	{
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("argument \"%s\" of \"%s\" is required", from_utf8(missing),
							   RelationGetRelationName(target->relation)),
						errhint("Give it a value in \"mapping\" or \"arguments\".")));
	}
}

bool
covers(const Target *target, HeapTuple tuple)
{
	auto index = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));

	if (!index->indisunique || !index->indisvalid ||
		!heap_attisnull(tuple, Anum_pg_index_indpred, nullptr))
	{
		return false;
	}
	for (int i = 0; i < index->indnkeyatts; i++)
	{
		if (!bms_is_member(index->indkey.values[i], target->single))
		{
			return false;
		}
	}
	return true;
}

bool
covers_declared_key(const Target *target)
{
	for (int i = 0; i < target->options->key_count; i++)
	{
		if (!bms_is_member(target->options->attnums[target->options->key[i]], target->single))
		{
			return false;
		}
	}
	return true;
}

}    // namespace

Target
target_open(Oid relation_id)
{
	Target target = {};

	target.relation = relation_open(relation_id, AccessShareLock);
	if (is_api_table(target.relation))
	{
		read_api_table(&target);
	}
	return target;
}

AttrNumber
target_column(const Target *target, const char *name)
{
	AttrNumber attnum = get_attnum(RelationGetRelid(target->relation), name);

	if (attnum > 0)
	{
		return attnum;
	}
	for (size_t i = 0; target->options != nullptr && i < target->options->spec.column_count; i++)
	{
		if (strcmp(from_utf8(target->options->spec.columns[i].argument), name) == 0)
		{
			return target->options->attnums[i];
		}
	}
	raise_no_target(target, name);
}

const char *
target_condition(Target *target, AttrNumber column, SourceValue value, const char *from)
{
	Oid type = TupleDescAttr(RelationGetDescr(target->relation), column - 1)->atttypid;
	Oid element = get_element_type(getBaseType(value.type));
	bool any = OidIsValid(element) && !OidIsValid(get_element_type(getBaseType(type)));
	const char *name = quote_identifier(column_name(target, column));
	const char *equality = equality_schema(getBaseType(type));
	const char *cast = "";

	if (bms_is_member(column, target->matched))
	{
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_COLUMN),
				 errmsg("column \"%s\" of \"%s\" is given more than one value",
						column_name(target, column), RelationGetRelationName(target->relation))));
	}
	target->matched = bms_add_member(target->matched, column);
	if (!any)
	{
		target->single = bms_add_member(target->single, column);
	}
	switch (needed_change(target, column, equality, type, any ? element : value.type))
	{
		case Change::none:
			break;
		case Change::cast:
			cast = psprintf("::%s%s", format_type_be_qualified(type), any ? "[]" : "");
			break;
		case Change::impossible:
			raise_mismatch(target, column, type, value.type, from);
	}
	return psprintf(any ? "a.%s OPERATOR(%s.=) ANY (%s%s)" : "a.%s OPERATOR(%s.=) %s%s", name,
					quote_identifier(equality), value.sql, cast);
}

void
target_check(const Target *target)
{
	if (target->options == nullptr)
	{
		return;
	}
	check_arguments(target);
	if (target->schema != nullptr)
	{
		check_schema(target);
	}
}

Uniqueness
target_uniqueness(const Target *target)
{
	List *indexes = NIL;
	ListCell *cell;
	bool declared = false;

	if (target->options != nullptr)
	{
		return target->options->key_count == 0 ? Uniqueness::unknown
			   : covers_declared_key(target)   ? Uniqueness::known
											   : Uniqueness::refuted;
	}
	if (target->relation->rd_rel->relhasindex)
	{
		indexes = RelationGetIndexList(target->relation);
	}
	foreach (cell, indexes)
	{
		HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(lfirst_oid(cell)));
		bool unique = HeapTupleIsValid(tuple) && covers(target, tuple);

		if (HeapTupleIsValid(tuple))
		{
			declared = declared || reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple))->indisunique;
			ReleaseSysCache(tuple);
		}
		if (unique)
		{
			return Uniqueness::known;
		}
	}
	return declared ? Uniqueness::refuted : Uniqueness::unknown;
}

}    // namespace gql::pg
