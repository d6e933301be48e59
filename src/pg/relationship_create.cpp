// How does graphql_create_relationship() make a function out of what it is told?

#include <cctype>
#include <cstring>

#include "pg/prelude.hpp"
#include "pg/relationship.hpp"
#include "pg/relationship_match.hpp"
#include "pg/relationship_target.hpp"
#include "pg/relationship_template.hpp"
#include "pg/relationship_value.hpp"

namespace gql::pg
{

namespace
{

// What the planner thinks of a to-many relationship that it cannot look into. PostgREST and
// pg_graphql take a function of one row for a to-one relationship.
constexpr int rows_of_many = 100;

struct Request
{
	Oid source_id;
	const char *name;
	Oid target_id;
	Jsonb *mapping;
	const char *cardinality;    // nullptr: what the target's keys say
	Jsonb *arguments;           // nullptr: none
};

void
check_kind(Relation relation)
{
	switch (relation->rd_rel->relkind)
	{
		case RELKIND_RELATION:
		case RELKIND_PARTITIONED_TABLE:
		case RELKIND_VIEW:
		case RELKIND_MATVIEW:
		case RELKIND_FOREIGN_TABLE:
			break;
		default:
			ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
							errmsg("\"%s\" cannot be an end of a relationship",
								   RelationGetRelationName(relation)),
							errdetail_relkind_not_supported(relation->rd_rel->relkind)));
	}
}

void
check_source_rights(Relation source)
{
	Oid schema = RelationGetNamespace(source);
	AclResult creates = schema_rights(schema, ACL_CREATE);

	if (!owns_relation(RelationGetRelid(source)))
	{
		aclcheck_error(ACLCHECK_NOT_OWNER, get_relkind_objtype(source->rd_rel->relkind),
					   RelationGetRelationName(source));
	}
	if (creates != ACLCHECK_OK)
	{
		aclcheck_error(creates, OBJECT_SCHEMA, get_namespace_name(schema));
	}
}

void
check_target_rights(Oid target_id)
{
	if (pg_class_aclcheck(target_id, GetUserId(), ACL_SELECT) != ACLCHECK_OK &&
		pg_attribute_aclcheck_all(target_id, GetUserId(), ACL_SELECT, ACLMASK_ALL) != ACLCHECK_OK)
	{
		aclcheck_error(ACLCHECK_NO_PRIV, get_relkind_objtype(get_rel_relkind(target_id)),
					   get_rel_name(target_id));
	}
}

// The name is part of SQL's and of the GraphQL that is made of it.
void
check_name(const char *name)
{
	bool valid =
		name[0] != '\0' && (isalpha(static_cast<unsigned char>(name[0])) || name[0] == '_');

	for (const char *at = name; *at != '\0'; at++)
	{
		valid = valid && (isalnum(static_cast<unsigned char>(*at)) || *at == '_') &&
				!IS_HIGHBIT_SET(*at);
	}
	if (!valid)
	{
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("invalid name for a relationship: \"%s\"", name),
				 errhint("Names are made of letters, digits and underscores, as in GraphQL.")));
	}
}

const char *
function_name(Relation source, const char *name)
{
	const char *joined = psprintf("%s_%s", RelationGetRelationName(source), name);

	if (strlen(joined) >= NAMEDATALEN)
	{
		ereport(ERROR, (errcode(ERRCODE_NAME_TOO_LONG),
						errmsg("name \"%s\" of the relationship's function is too long", joined),
						errdetail("At most %d bytes are possible.", NAMEDATALEN - 1)));
	}
	return joined;
}

Oid
find_function(Relation source, const char *name)
{
	Oid type = source->rd_rel->reltype;

	return GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(name),
						   PointerGetDatum(buildoidvector(&type, 1)),
						   ObjectIdGetDatum(RelationGetNamespace(source)));
}

void
check_new(Relation source, const char *name, const char *function)
{
	Oid known = find_relationship(RelationGetRelid(source), name);

	if (OidIsValid(known) || OidIsValid(find_function(source, function)))
	{
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_FUNCTION),
						OidIsValid(known)
							? errmsg("relationship \"%s\" of \"%s\" exists already", name,
									 RelationGetRelationName(source))
							: errmsg("function %s(%s) exists already", quote_identifier(function),
									 quote_identifier(RelationGetRelationName(source))),
						OidIsValid(known) ? errhint("graphql_drop_relationship() drops it.") : 0));
	}
}

void
add_condition(StringInfo conditions, const char *condition)
{
	appendStringInfo(conditions, "%s%s", conditions->len > 0 ? " AND " : "", condition);
}

[[noreturn]] void
raise_no_object(const char *argument)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("\"%s\" must be a JSON object", argument)));
	pg_unreachable();
}

// Calls `add` for each member.
template <typename Add>
void
each_member(Jsonb *object, const char *argument, Add add)
{
	JsonbIterator *iterator = JsonbIteratorInit(&object->root);
	JsonbValue value;
	JsonbIteratorToken token;
	const char *key = nullptr;

	if (!JB_ROOT_IS_OBJECT(object))
	{
		raise_no_object(argument);
	}
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
		{
			key = jsonb_text(&value);
		}
		else if (token == WJB_VALUE)
		{
			add(key, &value);
		}
	}
}

// What messages call it.
const char *
template_text(const JsonbValue *value)
{
	if (value->type == jbvString)
	{
		const char *text = jsonb_text(value);

		return text[0] == '$' ? text + 1 : text;
	}
	Jsonb *json = JsonbValueToJsonb(const_cast<JsonbValue *>(value));

	return JsonbToCString(nullptr, &json->root, VARSIZE(json));
}

void
add_mapping(StringInfo conditions, Relation source, Target *target, Jsonb *mapping)
{
	each_member(
		mapping, "mapping",
		[=](const char *key, const JsonbValue *value)
		{
			AttrNumber column = target_column(target, key);

			if (value->type != jbvString)
			{
				ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
								errmsg("\"mapping\" of \"%s\" must be a column of \"%s\" or an "
									   "expression, as a string",
									   key, RelationGetRelationName(source)),
								errhint("Constants go into \"arguments\".")));
			}
			const char *text = jsonb_text(value);

			add_condition(conditions,
						  target_condition(target, column, source_value(source, text), text));
		});
}

void
add_arguments(StringInfo conditions, Relation source, Target *target, Jsonb *arguments)
{
	each_member(
		arguments, "arguments",
		[=](const char *key, const JsonbValue *value)
		{
			AttrNumber column = target_column(target, key);
			Oid type = TupleDescAttr(RelationGetDescr(target->relation), column - 1)->atttypid;
			SourceValue from = source_template(source, value, type);

			add_condition(conditions, target_condition(target, column, from, template_text(value)));
		});
}

bool
is_to_one(const Target *target, const char *cardinality)
{
	Uniqueness unique = target_uniqueness(target);

	if (cardinality == nullptr)
	{
		return unique == Uniqueness::known;
	}
	if (strcmp(cardinality, "one") != 0 && strcmp(cardinality, "many") != 0)
	{
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("invalid cardinality: \"%s\"", cardinality),
						errhint("It is \"one\" or \"many\".")));
	}
	if (strcmp(cardinality, "many") == 0)
	{
		return false;
	}
	if (unique == Uniqueness::refuted || !bms_equal(target->matched, target->single))
	{
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cardinality \"one\" is not what the keys of \"%s\" say",
						RelationGetRelationName(target->relation)),
				 errdetail("Several of its rows may match what is mapped."),
				 target->options != nullptr
					 ? errhint("The option \"key\" declares a key of a foreign table.")
					 : errhint("Only a unique index on columns that are mapped makes it sure.")));
	}
	return true;
}

void
append_columns(StringInfo sql, Relation target)
{
	TupleDesc columns = RelationGetDescr(target);
	const char *separator = "";

	for (int i = 0; i < columns->natts; i++)
	{
		if (!TupleDescAttr(columns, i)->attisdropped)
		{
			appendStringInfo(sql, "%sa.%s", separator,
							 quote_identifier(NameStr(TupleDescAttr(columns, i)->attname)));
			separator = ", ";
		}
	}
}

// One shape for all who read it: PostgREST, PostGraphile, pg_graphql and Hasura take a
// set-returning function of one unnamed row; PostgreSQL inlines it only as STABLE SQL without
// STRICT and SET.
void
create_function(Relation source, const Target *target, const char *function, const char *name,
				const char *conditions, bool to_one)
{
	const char *signature = psprintf(
		"%s(%s)",
		quote_qualified_identifier(get_namespace_name(RelationGetNamespace(source)), function),
		relation_title(RelationGetRelid(source)));
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql,
					 "CREATE FUNCTION %s RETURNS SETOF %s LANGUAGE sql STABLE PARALLEL RESTRICTED "
					 "ROWS %d BEGIN ATOMIC SELECT ",
					 signature, relation_title(RelationGetRelid(target->relation)),
					 to_one ? 1 : rows_of_many);
	append_columns(&sql, target->relation);
	appendStringInfo(&sql, " FROM %s a WHERE %s%s; END",
					 relation_title(RelationGetRelid(target->relation)), conditions,
					 is_security_barrier(target->relation) ? " OFFSET 0" : "");
	SPI_connect();
	SPI_execute(sql.data, false, 0);
	SPI_execute(psprintf("COMMENT ON FUNCTION %s IS %s", signature,
						 quote_literal_cstr(relationship_comment(name))),
				false, 0);
	SPI_finish();
}

Oid
create_relationship(const Request *request)
{
	Relation source = relation_open(request->source_id, AccessShareLock);

	check_kind(source);
	check_source_rights(source);
	check_name(request->name);
	const char *function = function_name(source, request->name);

	check_new(source, request->name, function);
	check_target_rights(request->target_id);
	Target target = target_open(request->target_id);
	StringInfoData conditions;

	check_kind(target.relation);
	initStringInfo(&conditions);
	add_mapping(&conditions, source, &target, request->mapping);
	if (request->arguments != nullptr)
	{
		add_arguments(&conditions, source, &target, request->arguments);
	}
	if (conditions.len == 0)
	{
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("\"mapping\" is empty"),
						errhint("It maps columns of \"%s\" from columns of \"%s\": "
								"'{\"id\": \"account_id\"}'.",
								RelationGetRelationName(target.relation),
								RelationGetRelationName(source))));
	}
	target_check(&target);
	create_function(source, &target, function, request->name, conditions.data,
					is_to_one(&target, request->cardinality));
	Oid created = find_function(source, function);

	relation_close(target.relation, NoLock);
	relation_close(source, NoLock);
	return created;
}

void
require(FunctionCallInfo fcinfo, int index, const char *name)
{
	if (fcinfo->args[index].isnull)
	{
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("\"%s\" must not be null", name)));
	}
}

}    // namespace

}    // namespace gql::pg

extern "C"
{
	PGDLLEXPORT Datum graphql_create_relationship(PG_FUNCTION_ARGS);
	PG_FUNCTION_INFO_V1(graphql_create_relationship);
}

// graphql_create_relationship(source regclass, name text, target regclass, mapping jsonb,
// cardinality text, arguments jsonb) returns regprocedure
//
// The function <source>_<name>(source) in the source's schema, owned by the current user.
Datum
graphql_create_relationship(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"source", "name", "target", "mapping"};

	for (int i = 0; i < 4; i++)
	{
		gql::pg::require(fcinfo, i, names[i]);
	}
	gql::pg::Request request = {PG_GETARG_OID(0),
								text_to_cstring(PG_GETARG_TEXT_PP(1)),
								PG_GETARG_OID(2),
								PG_GETARG_JSONB_P(3),
								PG_ARGISNULL(4) ? nullptr : text_to_cstring(PG_GETARG_TEXT_PP(4)),
								PG_ARGISNULL(5) ? nullptr : PG_GETARG_JSONB_P(5)};

	PG_RETURN_OID(gql::pg::create_relationship(&request));
}
