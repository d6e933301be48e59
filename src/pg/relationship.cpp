// Which functions are relationships, and what do they say?

#include "pg/relationship.hpp"

#include <cstring>

#include "pg/prelude.hpp"
#include "pg/relationship_body.hpp"
#include "pg/relationship_value.hpp"

namespace gql::pg
{

namespace
{

// PostGraphile takes a line that begins with "@" for a tag that is not for people.
constexpr char mark[] = "@graphql_fdw relationship ";

// The name after the mark, nullptr without one.
const char *
name_in_comment(const char *comment)
{
	const char *at = comment == nullptr ? nullptr : strstr(comment, mark);

	if (at == nullptr || (at != comment && at[-1] != '\n'))
	{
		return nullptr;
	}
	at += strlen(mark);
	return pnstrdup(at, strcspn(at, " \n"));
}

// What keeps PostgreSQL from looking into it, as ALTER FUNCTION says it.
const char *
blocking_property(HeapTuple function)
{
	auto form = reinterpret_cast<Form_pg_proc>(GETSTRUCT(function));

	return form->provolatile == PROVOLATILE_VOLATILE                    ? "VOLATILE"
		   : form->proisstrict                                          ? "STRICT"
		   : form->prosecdef                                            ? "SECURITY DEFINER"
		   : !heap_attisnull(function, Anum_pg_proc_proconfig, nullptr) ? "SET"
																		: nullptr;
}

// Any ALTER TABLE makes the functions follow, this one changes nothing else.
const char *
reminder(Oid relation_id)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation_id));

	if (!HeapTupleIsValid(tuple))
	{
		return nullptr;
	}
	Oid owner = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relowner;

	ReleaseSysCache(tuple);
	return psprintf("ALTER TABLE %s OWNER TO %s;", relation_title(relation_id),
					quote_identifier(GetUserNameFromId(owner, false)));
}

void
find_problem(HeapTuple function, Relation target, Relationship *relationship)
{
	const char *property = blocking_property(function);
	RelationshipBody body;

	if (!read_body(function, &body) || !read_conditions(&body, &relationship->conditions))
	{
		relationship->problem = "is not what its function does any more";
		return;
	}
	if (!returns_columns(&body, body_columns(target, nullptr)))
	{
		relationship->problem = psprintf("does not return the columns that \"%s\" has now",
										 RelationGetRelationName(target));
		relationship->fix = reminder(relationship->target);
		relationship->fails = true;
	}
	else if (takes_record(&body))
	{
		relationship->problem = psprintf("was left in the midst of a change of \"%s\"",
										 get_rel_name(relationship->source));
		relationship->fix = reminder(relationship->source);
		relationship->fails = true;
	}
	else if (property != nullptr)
	{
		relationship->problem = psprintf("is not batched: its function is %s", property);
		relationship->fix =
			psprintf("ALTER FUNCTION %s STABLE CALLED ON NULL INPUT SECURITY INVOKER RESET ALL;",
					 format_procedure_qualified(relationship->function));
	}
}

int
compare_relationships(const ListCell *a, const ListCell *b)
{
	return strcmp(relationship_title(static_cast<Relationship *>(lfirst(a))),
				  relationship_title(static_cast<Relationship *>(lfirst(b))));
}

}    // namespace

const char *
relationship_comment(const char *name)
{
	return psprintf("%s%s @graphql({\"name\": \"%s\"})", mark, name, name);
}

bool
is_security_barrier(Relation relation)
{
	return relation->rd_rel->relkind == RELKIND_VIEW && RelationIsSecurityView(relation);
}

const char *
relation_title(Oid relation_id)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation_id)),
									  get_rel_name(relation_id));
}

const char *
relationship_title(const Relationship *relationship)
{
	return psprintf("%s.%s", relation_title(relationship->source),
					quote_identifier(relationship->name));
}

bool
read_relationship(Oid function, Relationship *relationship)
{
	const char *name = name_in_comment(GetComment(function, ProcedureRelationId, 0));
	HeapTuple tuple =
		name == nullptr ? nullptr : SearchSysCache1(PROCOID, ObjectIdGetDatum(function));

	if (!HeapTupleIsValid(tuple))
	{
		return false;
	}
	auto form = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple));

	*relationship = {};
	relationship->function = function;
	relationship->name = name;
	relationship->source =
		form->pronargs == 1 ? get_typ_typrelid(form->proargtypes.values[0]) : InvalidOid;
	relationship->target = form->proretset ? get_typ_typrelid(form->prorettype) : InvalidOid;
	relationship->to_one = form->prorows == 1;
	ReleaseSysCache(tuple);
	return OidIsValid(relationship->source) && OidIsValid(relationship->target);
}

void
examine_relationship(Relationship *relationship)
{
	HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(relationship->function));
	Relation target = try_relation_open(relationship->target, AccessShareLock);

	if (HeapTupleIsValid(tuple) && target != nullptr)
	{
		find_problem(tuple, target, relationship);
	}
	if (HeapTupleIsValid(tuple))
	{
		ReleaseSysCache(tuple);
	}
	if (target != nullptr)
	{
		relation_close(target, AccessShareLock);
	}
}

List *
all_relationships()
{
	Relation catalog = ::table_open(DescriptionRelationId, AccessShareLock);
	ScanKeyData key;
	List *found = NIL;

	ScanKeyInit(&key, Anum_pg_description_classoid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(ProcedureRelationId));
	SysScanDesc scan = systable_beginscan(catalog, InvalidOid, false, nullptr, 1, &key);

	while (HeapTuple tuple = systable_getnext(scan))
	{
		Oid function = reinterpret_cast<Form_pg_description>(GETSTRUCT(tuple))->objoid;
		bool isnull;
		Datum comment = heap_getattr(tuple, Anum_pg_description_description,
									 RelationGetDescr(catalog), &isnull);
		auto *relationship = static_cast<Relationship *>(palloc(sizeof(Relationship)));

		if (name_in_comment(TextDatumGetCString(comment)) != nullptr &&
			read_relationship(function, relationship))
		{
			examine_relationship(relationship);
			found = lappend(found, relationship);
		}
	}
	systable_endscan(scan);
	::table_close(catalog, AccessShareLock);
	list_sort(found, compare_relationships);
	return found;
}

Oid
find_relationship(Oid source, const char *name)
{
	ListCell *cell;

	foreach (cell, functions_about(source))
	{
		Relationship relationship;

		if (read_relationship(lfirst_oid(cell), &relationship) && relationship.source == source &&
			strcmp(relationship.name, name) == 0)
		{
			return relationship.function;
		}
	}
	return InvalidOid;
}

List *
dependents(Oid type, Oid catalog_id)
{
	Relation catalog = ::table_open(DependRelationId, AccessShareLock);
	ScanKeyData keys[2];
	List *found = NIL;

	ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(TypeRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(type));
	SysScanDesc scan = systable_beginscan(catalog, DependReferenceIndexId, true, nullptr, 2, keys);

	while (HeapTuple tuple = systable_getnext(scan))
	{
		auto depend = reinterpret_cast<Form_pg_depend>(GETSTRUCT(tuple));

		if (depend->classid == catalog_id)
		{
			found = list_append_unique_oid(found, depend->objid);
		}
	}
	systable_endscan(scan);
	::table_close(catalog, AccessShareLock);
	return found;
}

List *
functions_about(Oid relation_id)
{
	return dependents(get_rel_type_id(relation_id), ProcedureRelationId);
}

Jsonb *
relationship_mapping(const Relationship *relationship)
{
	JsonbParseState *state = nullptr;
	ListCell *cell;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, nullptr);
	foreach (cell, relationship->conditions)
	{
		auto *condition = static_cast<RelationshipCondition *>(lfirst(cell));
		char *column = get_attname(relationship->target, condition->column, false);
		char *value = pstrdup(without_parameter(condition->value, relationship->source));
		JsonbValue text = {};

		text.type = jbvString;
		text.val.string.val = column;
		text.val.string.len = static_cast<int>(strlen(column));
		pushJsonbValue(&state, WJB_KEY, &text);
		text.val.string.val = value;
		text.val.string.len = static_cast<int>(strlen(value));
		pushJsonbValue(&state, WJB_VALUE, &text);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, nullptr));
}

}    // namespace gql::pg
