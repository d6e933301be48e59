// What does a JSON value of a relationship's arguments stand for?

#include "pg/relationship_template.hpp"

#include <cstring>

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

// The column that a string names, nullptr when it is a constant.
const char *
named_column(const JsonbValue *value)
{
	if (value->type != jbvString || value->val.string.len < 1 || value->val.string.val[0] != '$' ||
		(value->val.string.len > 1 && value->val.string.val[1] == '$'))
	{
		return nullptr;
	}
	return jsonb_text(value) + 1;
}

SourceValue
require_column(Relation source, const char *name)
{
	SourceValue value;

	if (!find_source_column(source, name, &value))
	{
		raise_no_column(source, name);
	}
	return value;
}

// "$$" undone.
const char *
constant_text(const JsonbValue *value)
{
	char *text = jsonb_text(value);

	return strncmp(text, "$$", 2) == 0 ? text + 1 : text;
}

// JSON as an SQL expression of type jsonb, and the columns it is made of.
struct JsonBuilder
{
	Relation source;
	List *columns;    // SQL of each
};

void append_json(JsonBuilder *builder, JsonbContainer *container, StringInfo out);

void
append_member(JsonBuilder *builder, const JsonbValue *value, StringInfo out)
{
	const char *column = named_column(value);

	if (column != nullptr)
	{
		SourceValue found = require_column(builder->source, column);

		builder->columns = list_append_unique(builder->columns, makeString(pstrdup(found.sql)));
		appendStringInfoString(out, found.sql);
	}
	else if (value->type == jbvBinary)
	{
		append_json(builder, value->val.binary.data, out);
	}
	else if (value->type == jbvString)
	{
		appendStringInfo(out, "%s::pg_catalog.text", quote_literal_cstr(constant_text(value)));
	}
	else
	{
		Jsonb *scalar = JsonbValueToJsonb(const_cast<JsonbValue *>(value));

		appendStringInfo(
			out, "%s::pg_catalog.jsonb",
			quote_literal_cstr(JsonbToCString(nullptr, &scalar->root, VARSIZE(scalar))));
	}
}

void
append_json(JsonBuilder *builder, JsonbContainer *container, StringInfo out)
{
	JsonbIterator *iterator = JsonbIteratorInit(container);
	JsonbValue value;
	JsonbIteratorToken token = JsonbIteratorNext(&iterator, &value, true);
	bool object = token == WJB_BEGIN_OBJECT;
	bool first = true;

	check_stack_depth();
	appendStringInfo(out, "pg_catalog.jsonb_build_%s(", object ? "object" : "array");
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			appendStringInfo(out, "%s%s::pg_catalog.text, ", first ? "" : ", ",
							 quote_literal_cstr(jsonb_text(&value)));
			first = false;
		}
		else if (token == WJB_VALUE || token == WJB_ELEM)
		{
			appendStringInfoString(out, object || first ? "" : ", ");
			append_member(builder, &value, out);
			first = false;
		}
	}
	appendStringInfoChar(out, ')');
}

// A template with a NULL in it asks nothing, as a NULL key does.
SourceValue
json_value(Relation source, const JsonbValue *value)
{
	JsonBuilder builder = {source, NIL};
	StringInfoData sql;
	StringInfoData guarded;
	ListCell *cell;

	initStringInfo(&sql);
	append_member(&builder, value, &sql);
	if (value->type != jbvBinary)
	{
		return {psprintf("pg_catalog.to_jsonb(%s)", sql.data), JSONBOID};
	}
	if (builder.columns == NIL)
	{
		return {sql.data, JSONBOID};
	}
	initStringInfo(&guarded);
	foreach (cell, builder.columns)
	{
		appendStringInfo(&guarded, "%s%s IS NOT NULL", guarded.len > 0 ? " AND " : "CASE WHEN ",
						 strVal(lfirst(cell)));
	}
	appendStringInfo(&guarded, " THEN %s END", sql.data);
	return {psprintf("(%s)", guarded.data), JSONBOID};
}

// One element after the other, for a column of another type than JSON.
SourceValue
list_value(Relation source, JsonbContainer *list, Oid type)
{
	Oid element = get_element_type(getBaseType(type));
	const char *name = format_type_be_qualified(OidIsValid(element) ? element : type);
	JsonbIterator *iterator = JsonbIteratorInit(list);
	StringInfoData sql;
	JsonbValue value;
	JsonbIteratorToken token = JsonbIteratorNext(&iterator, &value, true);

	initStringInfo(&sql);
	appendStringInfoString(&sql, "ARRAY[");
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token != WJB_ELEM)
		{
			continue;
		}
		appendStringInfo(&sql, "%s%s", sql.data[sql.len - 1] == '[' ? "" : ", ",
						 source_template(source, &value, OidIsValid(element) ? element : type).sql);
	}
	appendStringInfo(&sql, "]::%s[]", name);
	return {sql.data, get_array_type(OidIsValid(element) ? element : type)};
}

// Raises what the type says against it.
void
check_constant(const char *text, Oid type)
{
	Oid input;
	Oid parameter;

	getTypeInputInfo(type, &input, &parameter);
	OidInputFunctionCall(input, pstrdup(text), parameter, -1);
}

bool
is_list(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data) &&
		   !JsonContainerIsScalar(value->val.binary.data);
}

}    // namespace

char *
jsonb_text(const JsonbValue *value)
{
	return pnstrdup(value->val.string.val, value->val.string.len);
}

SourceValue
source_template(Relation source, const JsonbValue *value, Oid type)
{
	const char *column = named_column(value);
	Oid base = getBaseType(type);

	if (column != nullptr)
	{
		return require_column(source, column);
	}
	if (value->type == jbvNull)
	{
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("\"arguments\" must not contain null here"),
						errhint("Leave out what is not to be sent.")));
	}
	if (base == JSONBOID)
	{
		return json_value(source, value);
	}
	if (is_list(value))
	{
		return list_value(source, value->val.binary.data, type);
	}
	if (value->type == jbvBinary)
	{
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("an object in \"arguments\" is for a column of type jsonb, not %s",
							   format_type_be(type))));
	}
	const char *text = value->type == jbvString ? constant_text(value)
					   : value->type == jbvBool
						   ? (value->val.boolean ? "true" : "false")
						   : DatumGetCString(DirectFunctionCall1(
								 numeric_out, NumericGetDatum(value->val.numeric)));

	check_constant(text, type);
	return {psprintf("%s::%s", quote_literal_cstr(text), format_type_be_qualified(type)), type};
}

}    // namespace gql::pg
