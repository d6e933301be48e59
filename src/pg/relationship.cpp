// Which functions are relationships, and what do they say?

#include "pg/relationship.hpp"

#include <cstring>

#include "pg/prelude.hpp"

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

const char *
relationship_name(Oid function)
{
	return name_in_comment(GetComment(function, ProcedureRelationId, 0));
}

}    // namespace

const char *
relationship_comment(const char *name)
{
	return psprintf("%s%s @graphql({\"name\": \"%s\"})", mark, name, name);
}

Oid
find_relationship(Oid source, const char *name)
{
	Oid type = get_rel_type_id(source);
	Relation catalog = ::table_open(DependRelationId, AccessShareLock);
	ScanKeyData keys[2];
	Oid found = InvalidOid;

	ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(TypeRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(type));
	SysScanDesc scan = systable_beginscan(catalog, DependReferenceIndexId, true, nullptr, 2, keys);

	while (HeapTuple tuple = systable_getnext(scan))
	{
		auto depend = reinterpret_cast<Form_pg_depend>(GETSTRUCT(tuple));
		const char *known =
			depend->classid == ProcedureRelationId ? relationship_name(depend->objid) : nullptr;

		if (known != nullptr && strcmp(known, name) == 0)
		{
			found = depend->objid;
		}
	}
	systable_endscan(scan);
	::table_close(catalog, AccessShareLock);
	return found;
}

}    // namespace gql::pg
