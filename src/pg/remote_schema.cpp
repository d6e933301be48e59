// How does a backend get to know the whole schema of an API?

#include "pg/remote_schema.hpp"

#include <sys/stat.h>

#include "pg/encoding.hpp"
#include "pg/errors.hpp"
#include "pg/option_table.hpp"
#include "pg/options.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"
#include "pg/session.hpp"
#include "pg/wait.hpp"

namespace gql::pg
{

namespace
{

// The largest schema seen is 5 MB.
constexpr int64 FILE_LIMIT = 64 * 1024 * 1024;

// The option is checked when it is set. The server may have got another owner since, or the owner
// may have lost the right.
void
check_owner(const ServerOptions *server)
{
	if (!may_read_server_files(server->owner_id))
	{
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("permission denied to use option \"schema_file\" of server \"%s\"",
							   server->name),
						errdetail("The owner of the server, \"%s\", lacks the privileges of "
								  "pg_read_server_files.",
								  GetUserNameFromId(server->owner_id, false))));
	}
}

[[noreturn]] void
raise_file_error(const char *action, const char *path)
{
	ereport(ERROR, (errcode_for_file_access(),
					errmsg("could not %s schema file \"%s\": %m", action, path)));
	pg_unreachable();
}

// The contents of a file. Only a regular one is opened: others may never end, or never begin.
std::string_view
read_file(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
	{
		raise_file_error("read", path);
	}
	if (!S_ISREG(status.st_mode))
	{
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
						errmsg("schema file \"%s\" is not a regular file", path)));
	}
	if (status.st_size > FILE_LIMIT)
	{
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("schema file \"%s\" is larger than 64 MB", path)));
	}
	FILE *file = AllocateFile(path, PG_BINARY_R);

	if (file == nullptr)
	{
		raise_file_error("open", path);
	}
	auto *text = static_cast<char *>(palloc(status.st_size + 1));
	size_t length = fread(text, 1, status.st_size, file);

	if (ferror(file))
	{
		raise_file_error("read", path);
	}
	FreeFile(file);
	return {text, length};
}

RemoteSchema *
schema_from_file(const ServerOptions *server, MemoryContext owner)
{
	check_owner(server);
	std::string_view text = read_file(server->schema_file);

	return own<schema_close>(owner, [&](Error &err)
							 { return schema_from_text(text, to_utf8(server->schema_file), err); });
}

Transfer *
ask(const SessionAccess *api, std::string_view body)
{
	Transfer *transfer = own<transfer_close>(
		CurrentMemoryContext,
		[&](Error &err) { return transfer_start(api->endpoint, api->headers, body, false, err); });

	wait_for(transfer);
	return transfer;
}

// Older servers do not understand the latest form of the question. nullptr and err when none is
// answered.
RemoteSchema *
introspect(const SessionAccess *api, MemoryContext owner, Error *err)
{
	for (size_t attempt = 0;; attempt++)
	{
		std::string_view body = introspection_body(attempt);

		if (body.empty())
		{
			return nullptr;
		}
		Transfer *transfer = ask(api, body);

		*err = Error();
		RemoteSchema *schema = try_own<schema_close>(
			owner, [&](Error &failure) { return schema_from_answer(transfer, failure); }, err);

		if (schema != nullptr || err->code != Code::request_refused)
		{
			return schema;
		}
	}
}

// The keys of a federated API's entities. Without them less can be looked up, so an API that
// refuses to tell is still of use; but what depends on luck must not decide what is imported.
void
ask_federation(const SessionAccess *api, RemoteSchema *schema)
{
	std::string_view body = schema_federation_body(schema);
	Error err;

	if (body.empty() || schema_add_federation(schema, ask(api, body), err))
	{
		return;
	}
	switch (err.code)
	{
		case Code::request_refused:
		case Code::remote_error:
		case Code::forbidden:
		case Code::shape_mismatch:
			warn(err);
			break;
		default:
			raise(err);
	}
}

}    // namespace

RemoteSchema *
remote_schema(Oid server_id, MemoryContext owner)
{
	Error err;
	RemoteSchema *schema = try_remote_schema(server_id, owner, &err);

	if (schema == nullptr)
	{
		raise(err);
	}
	return schema;
}

RemoteSchema *
try_remote_schema(Oid server_id, MemoryContext owner, Error *err)
{
	MemoryContext scratch =
		AllocSetContextCreate(CurrentMemoryContext, "graphql_fdw schema", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = MemoryContextSwitchTo(scratch);
	const ServerOptions *server = server_options(server_id);
	RemoteSchema *schema;

	if (server->schema_file != nullptr)
	{
		schema = schema_from_file(server, owner);
	}
	else
	{
		const SessionAccess api = session_access(server_id, GetUserId(), scratch);

		schema = introspect(&api, owner, err);
		if (schema != nullptr)
		{
			ask_federation(&api, schema);
		}
	}
	MemoryContextSwitchTo(before);
	MemoryContextDelete(scratch);
	return schema;
}

bool
use_schema_file(Oid server_id, Endpoint *endpoint)
{
	MemoryContext scratch =
		AllocSetContextCreate(CurrentMemoryContext, "graphql_fdw schema", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before = MemoryContextSwitchTo(scratch);
	const ServerOptions *server = server_options(server_id);
	const bool used = server->schema_file != nullptr;

	if (used)
	{
		Error err;

		endpoint_use_schema(endpoint, schema_from_file(server, scratch), err);
		if (err.code != Code::none)
		{
			raise(err);
		}
	}
	MemoryContextSwitchTo(before);
	MemoryContextDelete(scratch);
	return used;
}

}    // namespace gql::pg
