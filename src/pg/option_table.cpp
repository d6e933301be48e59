// Which options exist, where may they be given, and how is a value read?

#include "pg/option_table.hpp"

#include <cmath>
#include <cstring>
#include <string_view>

#include "core/door/session_headers.hpp"
#include "core/door/table.hpp"
#include "core/door/transport.hpp"

#include "pg/encoding.hpp"
#include "pg/errors.hpp"

namespace gql::pg
{
namespace
{

constexpr int DAY_IN_MS = 24 * 60 * 60 * 1000;
constexpr int GIGABYTE = 1024 * 1024 * 1024;

[[noreturn]] void
refuse(const char *name, const char *value, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
			 errmsg("invalid value for option \"%s\": \"%s\"", name, value), errhint("%s", hint)));
	pg_unreachable();
}

// Checks of the core, which knows URLs, headers, paths and GraphQL names.
template <bool (*Check)(std::string_view, Error &) noexcept>
void
core_check(const char *, const char *value)
{
	Error err;

	if (!Check(to_utf8(value), err))
	{
		raise(err);
	}
}

void
check_public_headers(const char *, const char *value)
{
	Error err;

	if (!check_headers(to_utf8(value), true, err))
	{
		raise(err);
	}
}

void
check_secret_headers(const char *, const char *value)
{
	Error err;

	if (!check_headers(to_utf8(value), false, err))
	{
		raise(err);
	}
}

void
check_secret(const char *name, const char *value)
{
	Error err;

	if (!check_header_value(name, to_utf8(value), err))
	{
		raise(err);
	}
}

void
check_bearer_token(const char *name, const char *value)
{
	if (value[0] == '\0')
	{
		ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
						errmsg("option \"%s\" must not be empty", name)));
	}
	check_secret(name, value);
}

// HTTP Basic puts a colon between user and password, so a user cannot hold one.
void
check_user(const char *name, const char *value)
{
	if (value[0] == '\0' || strchr(value, ':') != nullptr)
	{
		ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
						errmsg("option \"%s\" must not be empty or contain a colon", name)));
	}
	check_secret(name, value);
}

void
check_absolute_path(const char *name, const char *value)
{
	if (!is_absolute_path(value))
	{
		refuse(name, value, "Give an absolute path.");
	}
}

// Whether there is such a file shows when it is read: it need not be there yet.
void
check_path_given(const char *name, const char *value)
{
	if (value[0] == '\0')
	{
		refuse(name, value, "Give the path of a file.");
	}
}

void
check_key(const char *, const char *value)
{
	key_columns_of(value);
}

// What comes before the names of tables must leave room for them.
void
check_prefix(const char *name, const char *value)
{
	if (strlen(value) >= NAMEDATALEN / 2)
	{
		refuse(name, value, psprintf("Give a prefix of less than %d bytes.", NAMEDATALEN / 2));
	}
}

// In the order of BatchMode and ErrorPolicy.
constexpr const char *BATCH_MODES[] = {"auto",  "list",  "nodes",  "entities", "filter",
									   "alias", "array", "single", nullptr};
constexpr const char *ERROR_POLICIES[] = {"error", "warn", "null", nullptr};
constexpr const char *NAME_CASES[] = {"snake", "keep", nullptr};
constexpr const char *HTTP_VERSIONS[] = {"auto", "1.1", "2", nullptr};

constexpr Option
text(const char *name, unsigned objects, void (*check)(const char *, const char *))
{
	return {name, objects, Syntax::text, nullptr, 0, 0, nullptr, check, false, false, false};
}

constexpr Option
required(Option option)
{
	option.required = true;
	return option;
}

constexpr Option
superuser_only(Option option)
{
	option.superuser_only = true;
	return option;
}

constexpr Option
server_file(Option option)
{
	option.server_file = true;
	return option;
}

constexpr Option
number(Syntax syntax, const char *name, unsigned objects, const char *initial, int min, int max)
{
	return {name, objects, syntax, initial, min, max, nullptr, nullptr, false, false, false};
}

constexpr Option
real(const char *name, const char *initial)
{
	return {name, ON_SERVER, Syntax::real, initial, 0, 0, nullptr, nullptr, false, false, false};
}

constexpr Option
boolean(const char *name, unsigned objects, const char *initial)
{
	return {name, objects, Syntax::boolean, initial, 0, 0, nullptr, nullptr, false, false, false};
}

constexpr Option
choice(const char *name, unsigned objects, const char *const *choices)
{
	return {name, objects, Syntax::choice, choices[0], 0, 0, choices, nullptr, false, false, false};
}

constexpr Option OPTIONS[] = {
	required(text("url", ON_SERVER, core_check<check_url>)),
	text("headers", ON_SERVER, check_public_headers),
	text("session_headers", ON_SERVER, core_check<check_session_headers>),
	number(Syntax::milliseconds, "connect_timeout", ON_SERVER, "5s", 1, DAY_IN_MS),
	number(Syntax::milliseconds, "request_timeout", ON_SERVER, "30s", 1, DAY_IN_MS),
	number(Syntax::integer, "key_batch_size", ON_SERVER | ON_TABLE, "100", 1, 100000),
	choice("batch_mode", ON_SERVER | ON_TABLE, BATCH_MODES),
	number(Syntax::integer, "fetch_size", ON_SERVER | ON_TABLE, "100", 1, 1000000),
	number(Syntax::integer, "max_pages", ON_SERVER, "100000", 1, INT_MAX),
	number(Syntax::integer, "concurrency", ON_SERVER, "4", 1, 64),
	number(Syntax::bytes, "max_response_bytes", ON_SERVER, "64MB", 1, GIGABYTE),
	number(Syntax::integer, "max_retries", ON_SERVER, "2", 0, 10),
	choice("http_version", ON_SERVER, HTTP_VERSIONS),
	boolean("compression", ON_SERVER, "on"),
	choice("on_error", ON_SERVER | ON_TABLE, ERROR_POLICIES),
	superuser_only(text("ca_file", ON_SERVER, check_absolute_path)),
	superuser_only(text("client_cert", ON_SERVER, check_absolute_path)),
	superuser_only(text("client_key", ON_SERVER, check_absolute_path)),
	superuser_only(boolean("tls_verify", ON_SERVER, "on")),
	superuser_only(text("proxy", ON_SERVER, core_check<check_proxy>)),
	server_file(text("schema_file", ON_SERVER, check_absolute_path)),
	real("fdw_startup_cost", "1000"),
	real("fdw_tuple_cost", "0.2"),
	boolean("async_capable", ON_SERVER | ON_TABLE, "on"),
	boolean("keep_connections", ON_SERVER, "on"),

	text("bearer_token", ON_MAPPING, check_bearer_token),
	superuser_only(text("bearer_token_file", ON_MAPPING, check_path_given)),
	text("user", ON_MAPPING, check_user),
	text("password", ON_MAPPING, check_secret),
	text("headers", ON_MAPPING, check_secret_headers),
	superuser_only(text("headers_file", ON_MAPPING, check_path_given)),

	required(text("field", ON_TABLE, core_check<check_field>)),
	text("arguments", ON_TABLE, core_check<check_arguments>),
	text("key", ON_TABLE, check_key),
	text("lookups", ON_TABLE, core_check<check_lookups>),
	text("pagination", ON_TABLE, core_check<check_pagination>),
	text("filter", ON_TABLE, core_check<check_filter>),
	text("order", ON_TABLE, core_check<check_order>),
	text("count", ON_TABLE, core_check<check_count>),
	text("aggregates", ON_TABLE, core_check<check_aggregates>),

	text("path", ON_COLUMN, core_check<check_path>),
	text("argument", ON_COLUMN, core_check<check_argument>),
	text("type", ON_COLUMN, core_check<check_type>),

	number(Syntax::integer, "import_max_depth", ON_IMPORT, "1", 0, 10),
	boolean("import_children", ON_IMPORT, "off"),
	boolean("import_enums", ON_IMPORT, "off"),
	boolean("import_deprecated", ON_IMPORT, "off"),
	boolean("import_not_null", ON_IMPORT, "on"),
	choice("name_case", ON_IMPORT, NAME_CASES),
	text("prefix", ON_IMPORT, check_prefix),
};

char *
choices_text(const Option *option)
{
	StringInfoData list;

	initStringInfo(&list);
	for (const char *const *value = option->choices; *value != nullptr; value++)
	{
		appendStringInfo(&list, "%s\"%s\"", list.len > 0 ? ", " : "", *value);
	}
	return list.data;
}

}    // namespace

OptionTable
option_table()
{
	return {OPTIONS, OPTIONS + lengthof(OPTIONS)};
}

const Option *
find_option(const char *name, unsigned objects)
{
	for (const Option &option : OPTIONS)
	{
		if ((option.objects & objects) != 0 && strcmp(option.name, name) == 0)
		{
			return &option;
		}
	}
	return nullptr;
}

int
integer_of(const Option *option, const char *value)
{
	int flags = 0;
	int result = 0;

	switch (option->syntax)
	{
		case Syntax::choice:
			for (; option->choices[result] != nullptr; result++)
			{
				if (strcmp(option->choices[result], value) == 0)
				{
					return result;
				}
			}
			refuse(option->name, value, psprintf("Valid values are %s.", choices_text(option)));
		case Syntax::milliseconds:
			flags = GUC_UNIT_MS;
			break;
		case Syntax::bytes:
			flags = GUC_UNIT_BYTE;
			break;
		default:
			break;
	}
	if (!parse_int(value, &result, flags, nullptr) || result < option->min || result > option->max)
	{
		const char *hint;

		if (option->syntax == Syntax::milliseconds)
		{
			hint = "Give a time between 1ms and 1d, with a unit or in milliseconds.";
		}
		else if (option->syntax == Syntax::bytes)
		{
			hint = "Give a size between 1B and 1GB, with a unit or in bytes.";
		}
		else
		{
			hint = psprintf("Give a whole number between %d and %d.", option->min, option->max);
		}
		refuse(option->name, value, hint);
	}
	return result;
}

double
real_of(const Option *option, const char *value)
{
	double result;

	if (!parse_real(value, &result, 0, nullptr) || result < 0 || std::isinf(result))
	{
		refuse(option->name, value, "Give a number that is zero or more.");
	}
	return result;
}

bool
boolean_of(const Option *option, const char *value)
{
	bool result;

	if (!parse_bool(value, &result))
	{
		refuse(option->name, value, "Valid values are \"on\" and \"off\".");
	}
	return result;
}

List *
key_columns_of(const char *value)
{
	List *names;

	if (!SplitIdentifierString(pstrdup(value), ',', &names) || names == NIL)
	{
		refuse("key", value, "Give column names separated by commas.");
	}
	for (int i = 1; i < list_length(names); i++)
	{
		for (int j = 0; j < i; j++)
		{
			if (strcmp(static_cast<char *>(list_nth(names, i)),
					   static_cast<char *>(list_nth(names, j))) == 0)
			{
				refuse("key", value, "Name each column once.");
			}
		}
	}
	return names;
}

}    // namespace gql::pg
