// What does the server's configuration allow, whatever the options of foreign servers say?

#include "pg/policy.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace gql::pg
{
namespace
{

// The widest that the server options allow: see option_table.cpp.
constexpr int MOST_RESPONSE_BYTES = 1024 * 1024 * 1024;
constexpr int MOST_REQUEST_TIMEOUT = 24 * 60 * 60 * 1000;
constexpr int MOST_CONCURRENCY = 64;

char *allowed_hosts = nullptr;
char *allowed_networks = nullptr;
bool allow_http = false;
char *secrets_directory = nullptr;
int max_response_bytes = MOST_RESPONSE_BYTES;
int max_request_timeout = MOST_REQUEST_TIMEOUT;
int max_concurrency = MOST_CONCURRENCY;

uint32 generation = 0;

// While a setting is being defined, PostgreSQL would put the default, which is open, in the place
// of a value it cannot use. Then it is taken as it is, and opening an endpoint refuses it.
bool defining = false;

// Until the library is loaded anybody may give its settings values, and in that session these take
// the place of the configuration's. PostgreSQL then refuses them, but the configuration's are gone.
const char *overridden = nullptr;

void
note_overridden(const char *name)
{
	if (setting_source(name) > PGC_S_ARGV)
	{
		overridden = name;
	}
}

void
require_configuration()
{
	if (overridden != nullptr)
	{
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("parameter \"%s\" can only be set in the server's configuration",
							   overridden),
						errdetail("This session got it from its client, its role or its database."),
						errhint("Take it out of there and connect again.")));
	}
}

// A list that the core knows how to read.
template <bool (*Check)(std::string_view, Error &) noexcept>
bool
check_list(char **value, void **, GucSource)
{
	Error err;

	if (*value == nullptr || defining || Check(*value, err))
	{
		return true;
	}
	GUC_check_errdetail("%s", err.detail[0] != '\0' ? err.detail : err.message);
	return false;
}

bool
check_directory(char **value, void **, GucSource)
{
	if (*value == nullptr || **value == '\0' || is_absolute_path(*value))
	{
		return true;
	}
	GUC_check_errdetail("It must be an absolute path.");
	return false;
}

// A reload sets every value anew; only a change is one.
template <char **Variable>
void
assign_text(const char *value, void *)
{
	const char *before = *Variable != nullptr ? *Variable : "";

	generation += strcmp(before, value != nullptr ? value : "") != 0 ? 1 : 0;
}

template <auto *Variable>
void
assign_value(std::remove_pointer_t<decltype(Variable)> value, void *)
{
	generation += *Variable != value ? 1 : 0;
}

void
define_text(const char *name, const char *description, char **variable, int flags,
			GucStringCheckHook check, GucStringAssignHook assign)
{
	note_overridden(name);
	DefineCustomStringVariable(name, description, nullptr, variable, "", PGC_SIGHUP, flags, check,
							   assign, nullptr);
}

template <int *Ceiling>
void
define_ceiling(const char *name, const char *description, int most, int flags)
{
	note_overridden(name);
	DefineCustomIntVariable(name, description, nullptr, Ceiling, most, 1, most, PGC_SIGHUP, flags,
							nullptr, assign_value<Ceiling>, nullptr);
}

std::string_view
text_of(const char *value)
{
	return value != nullptr ? value : "";
}

}    // namespace

void
policy_init()
{
	defining = true;
	define_text("graphql_fdw.allowed_hosts",
				"Hosts that requests may go to: names, addresses and *.example.com, with or "
				"without a port; any host when it is empty.",
				&allowed_hosts, GUC_LIST_INPUT, check_list<check_allowed_hosts>,
				assign_text<&allowed_hosts>);
	define_text("graphql_fdw.allowed_networks",
				"Loopback and private networks that servers reach though no superuser owns them.",
				&allowed_networks, GUC_LIST_INPUT, check_list<check_allowed_networks>,
				assign_text<&allowed_networks>);
	DefineCustomBoolVariable(
		"graphql_fdw.allow_http", "Allows URLs with http to lead beyond loopback addresses.",
		nullptr, &allow_http, false, PGC_SIGHUP, 0, nullptr, assign_value<&allow_http>, nullptr);
	define_text("graphql_fdw.secrets_directory",
				"The directory that files with credentials must lie in.", &secrets_directory,
				GUC_SUPERUSER_ONLY, check_directory, nullptr);
	define_ceiling<&max_response_bytes>("graphql_fdw.max_response_bytes",
										"The ceiling of the server option max_response_bytes.",
										MOST_RESPONSE_BYTES, GUC_UNIT_BYTE);
	define_ceiling<&max_request_timeout>("graphql_fdw.max_request_timeout",
										 "The ceiling of the server option request_timeout.",
										 MOST_REQUEST_TIMEOUT, GUC_UNIT_MS);
	define_ceiling<&max_concurrency>("graphql_fdw.max_concurrency",
									 "The ceiling of the server option concurrency.",
									 MOST_CONCURRENCY, 0);
	defining = false;
}

uint32
policy_generation()
{
	return generation;
}

const char *
policy_secrets_directory()
{
	require_configuration();
	return secrets_directory != nullptr ? secrets_directory : "";
}

int
policy_concurrency(int wanted)
{
	return std::min(wanted, max_concurrency);
}

void
policy_apply(EndpointSettings *settings)
{
	require_configuration();

	const auto bytes = static_cast<uint64_t>(max_response_bytes);
	const auto timeout = static_cast<uint32_t>(max_request_timeout);

	settings->max_response_bytes = std::min(settings->max_response_bytes, bytes);
	settings->request_timeout_ms = std::min(settings->request_timeout_ms, timeout);
	settings->concurrency =
		static_cast<uint32_t>(policy_concurrency(static_cast<int>(settings->concurrency)));
	settings->policy.allowed_hosts = text_of(allowed_hosts);
	settings->policy.allowed_networks = text_of(allowed_networks);
	settings->policy.allow_http = allow_http;
}

}    // namespace gql::pg
