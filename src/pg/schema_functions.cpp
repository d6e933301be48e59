// How do graphql_schema(), graphql_types() and graphql_fields() show what an API offers?

#include "core/door/schema.hpp"

#include "pg/encoding.hpp"
#include "pg/errors.hpp"
#include "pg/nearest_name.hpp"
#include "pg/prelude.hpp"
#include "pg/remote_schema.hpp"
#include "pg/server.hpp"

namespace gql::pg
{

namespace
{

// What a call in a statement leaves for the next one: graphql_fields() may be joined to
// graphql_types(), and the API is asked once. Only functions that return sets may: as these are run
// by a statement's executor, what they leave ends with the statement. PL/pgSQL keeps scalar calls
// for the whole transaction, in which session headers may become another identity's.
struct KnownSchema
{
	Oid server_id;
	Oid user_id;
	RemoteSchema *schema;
};

RemoteSchema *
schema_of_call(FunctionCallInfo fcinfo)
{
	const ForeignServer *server = find_server(NameStr(*PG_GETARG_NAME(0)));
	auto *known = static_cast<KnownSchema *>(fcinfo->flinfo->fn_extra);

	if (known == nullptr || known->server_id != server->serverid || known->user_id != GetUserId())
	{
		RemoteSchema *schema = remote_schema(server->serverid, fcinfo->flinfo->fn_mcxt);

		known = static_cast<KnownSchema *>(
			MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(KnownSchema)));
		*known = {server->serverid, GetUserId(), schema};
		fcinfo->flinfo->fn_extra = known;
	}
	return known->schema;
}

Datum
text_or_null(std::string_view text, bool *isnull)
{
	*isnull = text.empty();
	return *isnull ? Datum(0) : CStringGetTextDatum(from_utf8(text));
}

void
put_row(FunctionCallInfo fcinfo, const Datum *values, const bool *nulls)
{
	auto *result = reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo);

	tuplestore_putvalues(result->setResult, result->setDesc, const_cast<Datum *>(values),
						 const_cast<bool *>(nulls));
}

[[noreturn]] void
raise_no_type(const RemoteSchema *schema, const char *server, const char *name)
{
	NearestName nearest = nearest_name_to(name);

	for (size_t i = 0; i < schema_type_count(schema); i++)
	{
		nearest_name_offer(&nearest, from_utf8(schema_type(schema, i).name));
	}
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
					errmsg("the API of server \"%s\" has no type \"%s\"", server, name),
					nearest.match != nullptr
						? errhint("Perhaps you meant the type \"%s\".", nearest.match)
						: errhint("graphql_types() lists the types; their case matters.")));
	pg_unreachable();
}

}    // namespace

}    // namespace gql::pg

extern "C"
{
	PGDLLEXPORT Datum graphql_schema(PG_FUNCTION_ARGS);
	PGDLLEXPORT Datum graphql_types(PG_FUNCTION_ARGS);
	PGDLLEXPORT Datum graphql_fields(PG_FUNCTION_ARGS);
	PG_FUNCTION_INFO_V1(graphql_schema);
	PG_FUNCTION_INFO_V1(graphql_types);
	PG_FUNCTION_INFO_V1(graphql_fields);
}

// graphql_schema(server name) returns text: the API's schema as SDL.
Datum
graphql_schema(PG_FUNCTION_ARGS)
{
	const ForeignServer *server = gql::pg::find_server(NameStr(*PG_GETARG_NAME(0)));
	gql::RemoteSchema *schema = gql::pg::remote_schema(server->serverid, CurrentMemoryContext);
	gql::Error err;
	std::string_view sdl = gql::schema_sdl(schema, err);

	if (err.code != gql::Code::none)
	{
		gql::pg::raise(err);
	}
	PG_RETURN_TEXT_P(cstring_to_text(gql::pg::from_utf8(sdl)));
}

// graphql_types(server name) returns table(name text, kind text, fields int, description text)
Datum
graphql_types(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	gql::RemoteSchema *schema = gql::pg::schema_of_call(fcinfo);

	for (size_t i = 0; i < gql::schema_type_count(schema); i++)
	{
		gql::SchemaType type = gql::schema_type(schema, i);
		Datum values[4];
		bool nulls[4] = {};

		values[0] = CStringGetTextDatum(gql::pg::from_utf8(type.name));
		values[1] = CStringGetTextDatum(gql::pg::from_utf8(type.kind));
		values[2] = Int32GetDatum(static_cast<int32>(type.field_count));
		values[3] = gql::pg::text_or_null(type.description, &nulls[3]);
		gql::pg::put_row(fcinfo, values, nulls);
	}
	return Datum(0);
}

// graphql_fields(server name, type_name text) returns table(name text, type text, arguments text,
// description text, deprecation text): what the type is made of, which may be fields, input fields,
// enum values or possible types.
Datum
graphql_fields(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	gql::RemoteSchema *schema = gql::pg::schema_of_call(fcinfo);
	const char *name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	size_t type = 0;

	if (!gql::schema_find_type(schema, gql::pg::to_utf8(name), type))
	{
		gql::pg::raise_no_type(schema, NameStr(*PG_GETARG_NAME(0)), name);
	}
	const size_t count = gql::schema_type(schema, type).field_count;

	for (size_t i = 0; i < count; i++)
	{
		gql::Error err;
		gql::SchemaField field = gql::schema_field(schema, type, i, err);
		Datum values[5];
		bool nulls[5] = {};

		if (err.code != gql::Code::none)
		{
			gql::pg::raise(err);
		}
		values[0] = CStringGetTextDatum(gql::pg::from_utf8(field.name));
		values[1] = gql::pg::text_or_null(field.type, &nulls[1]);
		values[2] = gql::pg::text_or_null(field.arguments, &nulls[2]);
		values[3] = gql::pg::text_or_null(field.description, &nulls[3]);
		nulls[4] = !field.deprecated;
		values[4] = CStringGetTextDatum(gql::pg::from_utf8(field.deprecation));
		gql::pg::put_row(fcinfo, values, nulls);
	}
	return Datum(0);
}
