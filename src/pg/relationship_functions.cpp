// How are relationships dropped and listed?

#include <cstring>

#include "pg/nearest_name.hpp"
#include "pg/prelude.hpp"
#include "pg/relationship.hpp"

namespace gql::pg
{

namespace
{

[[noreturn]] void
raise_no_relationship(Oid source, const char *name)
{
	NearestName nearest = nearest_name_to(name);
	ListCell *cell;

	foreach (cell, functions_about(source))
	{
		Relationship relationship;

		if (read_relationship(lfirst_oid(cell), &relationship) && relationship.source == source)
		{
			nearest_name_offer(&nearest, relationship.name);
		}
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("relationship \"%s\" of \"%s\" does not exist", name, get_rel_name(source)),
			 nearest.match != nullptr ? errhint("Perhaps you meant \"%s\".", nearest.match) : 0));
	pg_unreachable();
}

// DROP FUNCTION knows who may, and what depends on it.
void
drop_relationship(Oid source, const char *name)
{
	Oid function = find_relationship(source, name);

	if (!OidIsValid(function))
	{
		raise_no_relationship(source, name);
	}
	SPI_connect();
	SPI_execute(psprintf("DROP FUNCTION %s", format_procedure_qualified(function)), false, 0);
	SPI_finish();
}

void
put_relationship(ReturnSetInfo *result, const Relationship *relationship)
{
	Datum values[7];
	bool nulls[7] = {};

	values[0] = ObjectIdGetDatum(relationship->source);
	values[1] = CStringGetTextDatum(relationship->name);
	values[2] = ObjectIdGetDatum(relationship->target);
	values[3] = ObjectIdGetDatum(relationship->function);
	nulls[4] = relationship->conditions == NIL;
	values[4] = nulls[4] ? Datum(0) : JsonbPGetDatum(relationship_mapping(relationship));
	values[5] = CStringGetTextDatum(relationship->to_one ? "one" : "many");
	nulls[6] = relationship->problem == nullptr;
	values[6] = nulls[6] ? Datum(0) : CStringGetTextDatum(relationship->problem);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

}    // namespace

}    // namespace gql::pg

extern "C"
{
	PGDLLEXPORT Datum graphql_drop_relationship(PG_FUNCTION_ARGS);
	PGDLLEXPORT Datum graphql_list_relationships(PG_FUNCTION_ARGS);
	PG_FUNCTION_INFO_V1(graphql_drop_relationship);
	PG_FUNCTION_INFO_V1(graphql_list_relationships);
}

// graphql_drop_relationship(source regclass, name text) returns void
Datum
graphql_drop_relationship(PG_FUNCTION_ARGS)
{
	gql::pg::drop_relationship(PG_GETARG_OID(0), text_to_cstring(PG_GETARG_TEXT_PP(1)));
	PG_RETURN_VOID();
}

// graphql_list_relationships() returns table (source regclass, name text, target regclass, function
// regprocedure, mapping jsonb, cardinality text, problem text): what the view
// graphql_relationships shows.
Datum
graphql_list_relationships(PG_FUNCTION_ARGS)
{
	ListCell *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach (cell, gql::pg::all_relationships())
	{
		gql::pg::put_relationship(reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo),
								  static_cast<gql::pg::Relationship *>(lfirst(cell)));
	}
	return Datum(0);
}
