// What does the session that asks tell the API about itself?
//
// Values are read when a scan first sends, never when it is planned: plans are kept and shared by
// identities. What was read holds for the rest of the scan, whatever SET says meanwhile.

#include "pg/session_headers.hpp"

#include <cstring>
#include <string_view>

#include "pg/encoding.hpp"
#include "pg/owned.hpp"

namespace gql::pg
{

namespace
{

// nullptr where it is not set.
const char *
setting_value(const char *name)
{
	if ((GetConfigOptionFlags(name, true) & GUC_SUPERUSER_ONLY) != 0)
	{
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("setting \"%s\" cannot be sent in headers", name),
						errdetail("Only superusers may read it.")));
	}
	return GetConfigOptionByName(name, nullptr, true);
}

// `user_id` is whose mapping is used. Names of roles and databases cannot be set by who asks.
const char *
variable_value(const char *name, Oid user_id)
{
	if (strcmp(name, "current_user") == 0)
	{
		return GetUserNameFromId(user_id, false);
	}
	if (strcmp(name, "session_user") == 0)
	{
		return GetUserNameFromId(GetSessionUserId(), false);
	}
	if (strcmp(name, "database") == 0)
	{
		return get_database_name(MyDatabaseId);
	}
	return setting_value(name);
}

// In a SQL_ASCII database bytes are handed on as they are: the core refuses those that are not
// UTF-8, and unlike a conversion it does not show them.
std::string_view
text_of(const char *value)
{
	if (value == nullptr)
	{
		return {};
	}
	return GetDatabaseEncoding() == PG_SQL_ASCII ? value : to_utf8(value);
}

}    // namespace

SessionValues *
session_values(const Endpoint *endpoint, Oid user_id)
{
	auto *values = static_cast<SessionValues *>(palloc0(sizeof(SessionValues)));

	values->count = endpoint_variable_count(endpoint);
	values->texts = static_cast<std::string_view *>(
		palloc(sizeof(std::string_view) * Max(values->count, size_t{1})));
	for (size_t i = 0; i < values->count; i++)
	{
		values->texts[i] =
			text_of(variable_value(from_utf8(endpoint_variable(endpoint, i)), user_id));
	}
	return values;
}

RequestHeaders *
session_headers(const Endpoint *endpoint, const SessionValues *values, MemoryContext owner)
{
	if (values->count == 0)
	{
		return nullptr;
	}
	return own<request_headers_close>(
		owner, [&](Error &err) { return request_headers_open(endpoint, values->texts, err); });
}

}    // namespace gql::pg
