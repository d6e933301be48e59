// What does graphql_fdw say about the options given in CREATE and ALTER?

#include "pg/option_table.hpp"

#include <cstring>

#include "pg/nearest_name.hpp"
#include "pg/options.hpp"

extern "C"
{
	PGDLLEXPORT Datum graphql_fdw_validator(PG_FUNCTION_ARGS);
	PGDLLEXPORT PG_FUNCTION_INFO_V1(graphql_fdw_validator);
}

namespace gql::pg
{
namespace
{

unsigned
object_of_catalog(Oid catalog)
{
	switch (catalog)
	{
		case ForeignServerRelationId:
			return ON_SERVER;
		case UserMappingRelationId:
			return ON_MAPPING;
		case ForeignTableRelationId:
			return ON_TABLE;
		case AttributeRelationId:
			return ON_COLUMN;
		default:
			return 0;
	}
}

// "the server or the foreign table"
const char *
objects_text(unsigned objects)
{
	static const char *const names[] = {"the server", "the user mapping", "the foreign table",
										"a column", "IMPORT FOREIGN SCHEMA"};
	StringInfoData list;

	initStringInfo(&list);
	for (unsigned i = 0; i < lengthof(names); i++)
	{
		if ((objects & (1U << i)) != 0)
		{
			appendStringInfo(&list, "%s%s", list.len > 0 ? " or " : "", names[i]);
		}
	}
	return list.data;
}

unsigned
objects_taking(const char *name)
{
	const OptionTable table = option_table();
	unsigned objects = 0;

	for (const Option *option = table.begin; option < table.end; option++)
	{
		objects |= strcmp(option->name, name) == 0 ? option->objects : 0;
	}
	return objects;
}

// The option of `object` that looks most like `name`, or nullptr.
const char *
nearest_option(const char *name, unsigned object)
{
	const OptionTable table = option_table();
	NearestName nearest = nearest_name_to(name);

	for (const Option *option = table.begin; option < table.end; option++)
	{
		if ((option->objects & object) != 0)
		{
			nearest_name_offer(&nearest, option->name);
		}
	}
	return nearest.match;
}

const char *
valid_options_text(unsigned object)
{
	const OptionTable table = option_table();
	StringInfoData list;

	initStringInfo(&list);
	for (const Option *option = table.begin; option < table.end; option++)
	{
		if ((option->objects & object) != 0)
		{
			appendStringInfo(&list, "%s%s", list.len > 0 ? ", " : "", option->name);
		}
	}
	return list.data;
}

[[noreturn]] void
refuse_unknown(const char *name, unsigned object)
{
	const char *nearest = nearest_option(name, object);
	const unsigned elsewhere = objects_taking(name);
	const char *hint;

	if (elsewhere != 0)
	{
		hint = psprintf("The option \"%s\" belongs to %s.", name, objects_text(elsewhere));
	}
	else if (nearest != nullptr)
	{
		hint = psprintf("Perhaps you meant the option \"%s\".", nearest);
	}
	else if (object == 0)
	{
		hint = "There are no valid options in this context.";
	}
	else
	{
		hint = psprintf("Valid options in this context are: %s.", valid_options_text(object));
	}
	ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_OPTION_NAME), errmsg("invalid option \"%s\"", name),
					errhint("%s", hint)));
	pg_unreachable();
}

void
check_value(const Option *option, DefElem *given)
{
	const char *value = defGetString(given);

	if (option->superuser_only && !superuser())
	{
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("permission denied to set option \"%s\"", option->name),
						errhint("Only a superuser may set this option.")));
	}
	if (option->server_file && !may_read_server_files(GetUserId()))
	{
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("permission denied to set option \"%s\"", option->name),
						errhint("Only a superuser or a role with the privileges of "
								"pg_read_server_files may set this option.")));
	}
	switch (option->syntax)
	{
		case Syntax::text:
			option->check(option->name, value);
			break;
		case Syntax::real:
			real_of(option, value);
			break;
		case Syntax::boolean:
			boolean_of(option, value);
			break;
		case Syntax::integer:
		case Syntax::milliseconds:
		case Syntax::bytes:
		case Syntax::choice:
			integer_of(option, value);
			break;
	}
}

bool
is_given(List *options, const char *name)
{
	return given_option(options, name) != nullptr;
}

// CREATE and ALTER see to it by themselves, IMPORT FOREIGN SCHEMA does not.
bool
is_given_twice(List *options, const DefElem *given)
{
	ListCell *cell;

	foreach (cell, options)
	{
		auto *other = static_cast<DefElem *>(lfirst(cell));

		if (other != given && strcmp(other->defname, given->defname) == 0)
		{
			return true;
		}
	}
	return false;
}

void
check_required(List *options, unsigned object)
{
	const OptionTable table = option_table();

	for (const Option *option = table.begin; option < table.end; option++)
	{
		if ((option->objects & object) != 0 && option->required && !is_given(options, option->name))
		{
			ereport(ERROR, (errcode(ERRCODE_FDW_DYNAMIC_PARAMETER_VALUE_NEEDED),
							errmsg("required option \"%s\" is missing", option->name)));
		}
	}
}

// One identity only: what the API would see must not depend on which of two headers it prefers.
void
check_credentials(List *options)
{
	static const char *const contradictions[][2] = {{"bearer_token", "user"},
													{"bearer_token", "bearer_token_file"},
													{"bearer_token_file", "user"},
													{"headers", "headers_file"}};

	for (const auto &[one, other] : contradictions)
	{
		if (is_given(options, one) && is_given(options, other))
		{
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
					 errmsg("options \"%s\" and \"%s\" cannot be used together", one, other)));
		}
	}
	if (is_given(options, "password") && !is_given(options, "user"))
	{
		ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
						errmsg("option \"password\" needs option \"user\"")));
	}
}

void
check_client_certificate(List *options)
{
	if (is_given(options, "client_cert") != is_given(options, "client_key"))
	{
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("options \"client_cert\" and \"client_key\" must be given together")));
	}
}

void
validate(List *options, Oid catalog)
{
	const unsigned object = object_of_catalog(catalog);

	check_options(options, object);
	check_required(options, object);
	if (object == ON_SERVER)
	{
		check_client_certificate(options);
	}
	if (object == ON_MAPPING)
	{
		check_credentials(options);
	}
}

}    // namespace

bool
may_read_server_files(Oid role)
{
	return has_privs_of_role(role, ROLE_PG_READ_SERVER_FILES);
}

void
check_options(List *options, unsigned object)
{
	ListCell *cell;

	foreach (cell, options)
	{
		DefElem *given = static_cast<DefElem *>(lfirst(cell));
		const Option *option = find_option(given->defname, object);

		if (option == nullptr)
		{
			refuse_unknown(given->defname, object);
		}
		if (is_given_twice(options, given))
		{
			ereport(ERROR, (errcode(ERRCODE_DUPLICATE_OBJECT),
							errmsg("option \"%s\" provided more than once", given->defname)));
		}
		check_value(option, given);
	}
}

}    // namespace gql::pg

// graphql_fdw_validator(options text[], catalog oid): called by CREATE and ALTER with all options
// the object is going to have.
Datum
graphql_fdw_validator(PG_FUNCTION_ARGS)
{
	gql::pg::validate(untransformRelOptions(PG_GETARG_DATUM(0)), PG_GETARG_OID(1));
	PG_RETURN_VOID();
}
