// How is a column of a relationship's target compared with a value?

#include "core/door/fit.hpp"

#include "pg/relationship_match.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

const char *
column_name(const Target *target, AttrNumber attnum)
{
	return NameStr(TupleDescAttr(RelationGetDescr(target->relation), attnum - 1)->attname);
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

}    // namespace

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

}    // namespace gql::pg
