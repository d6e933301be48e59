// How does an Error of the core become a PostgreSQL error?

#include "pg/errors.hpp"

#include <cstring>

namespace gql::pg
{
namespace
{

// Makes a UTF-8 text fit for errmsg() in place. Nothing here may raise: an encoding conversion that
// failed would hide the error being reported. So what the database's encoding may not hold becomes
// '?', one for each character, and control characters, which could drive a terminal, blanks.
void
make_presentable(char *text)
{
	const bool keep_utf8 = GetDatabaseEncoding() == PG_UTF8 &&
						   pg_verify_mbstr(PG_UTF8, text, static_cast<int>(strlen(text)), true);
	char *to = text;

	for (const char *from = text; *from != '\0'; from++)
	{
		const auto byte = static_cast<unsigned char>(*from);

		if (byte < 0x80 || keep_utf8)
		{
			const bool control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F;

			*to++ = control ? ' ' : *from;
		}
		else if ((byte & 0xC0) != 0x80)
		{
			*to++ = '?';
		}
	}
	*to = '\0';
}

// The caller keeps the copy on its stack: it takes no memory, which may be what is missing.
Error
presentable(const Error &error)
{
	Error copy = error;

	make_presentable(copy.message);
	make_presentable(copy.detail);
	make_presentable(copy.hint);
	return copy;
}

int
sqlstate(Code code)
{
	switch (code)
	{
		case Code::out_of_memory:
			return ERRCODE_OUT_OF_MEMORY;
		case Code::invalid_option:
			return ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE;
		case Code::invalid_argument:
			return ERRCODE_INVALID_PARAMETER_VALUE;
		case Code::unsupported:
			return ERRCODE_FEATURE_NOT_SUPPORTED;
		case Code::unreachable:
			return ERRCODE_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION;
		case Code::endpoint_refused:
			return ERRCODE_SQLSERVER_REJECTED_ESTABLISHMENT_OF_SQLCONNECTION;
		case Code::connection_lost:
			return ERRCODE_CONNECTION_FAILURE;
		case Code::outcome_unknown:
			return ERRCODE_TRANSACTION_RESOLUTION_UNKNOWN;
		case Code::protocol_violation:
			return ERRCODE_PROTOCOL_VIOLATION;
		case Code::unauthenticated:
			return ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION;
		case Code::forbidden:
			return ERRCODE_INSUFFICIENT_PRIVILEGE;
		case Code::request_refused:
			return ERRCODE_FDW_UNABLE_TO_CREATE_EXECUTION;
		case Code::remote_error:
			return ERRCODE_FDW_ERROR;
		case Code::reply_incomplete:
			return ERRCODE_FDW_UNABLE_TO_CREATE_REPLY;
		case Code::schema_unavailable:
			return ERRCODE_FDW_SCHEMA_NOT_FOUND;
		case Code::object_missing:
			return ERRCODE_FDW_TABLE_NOT_FOUND;
		case Code::shape_mismatch:
			return ERRCODE_FDW_INCONSISTENT_DESCRIPTOR_INFORMATION;
		case Code::rate_limited:
			return ERRCODE_CONFIGURATION_LIMIT_EXCEEDED;
		case Code::limit_exceeded:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		case Code::too_deep:
			return ERRCODE_STATEMENT_TOO_COMPLEX;
		case Code::none:
		case Code::internal:
			break;
	}
	return ERRCODE_INTERNAL_ERROR;
}

void
report(int level, const Error &error)
{
	const Error shown = presentable(error);

	ereport(level, (errcode(sqlstate(shown.code)), errmsg("%s", shown.message),
					shown.detail[0] != '\0' ? errdetail("%s", shown.detail) : 0,
					shown.hint[0] != '\0' ? errhint("%s", shown.hint) : 0));
}

}    // namespace

void
raise(const Error &error)
{
	report(ERROR, error);
	pg_unreachable();
}

void
warn(const Error &error)
{
	report(WARNING, error);
}

}    // namespace gql::pg
