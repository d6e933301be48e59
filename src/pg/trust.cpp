// May a foreign server still do what a superuser once allowed it?

#include "pg/trust.hpp"

#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

#include "pg/option_table.hpp"

namespace gql::pg
{
namespace
{

[[noreturn]] void
refuse_owner(ForeignServer *server, const char *option)
{
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("option \"%s\" of GraphQL server \"%s\" needs an owner who is a superuser",
					option, server->servername),
			 errdetail("The server's owner \"%s\" is not a superuser.",
					   GetUserNameFromId(server->owner, true)),
			 errhint("Drop the option, or give the server to a superuser.")));
	pg_unreachable();
}

// As libpq has it: the owner's alone, or of root and for a group to read.
bool
is_private(const struct stat *file)
{
	return file->st_uid == 0 && geteuid() != 0
			   ? (file->st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) == 0
			   : (file->st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

void
require_file(ForeignServer *server, const DefElem *option)
{
	const char *path = defGetString(const_cast<DefElem *>(option));
	struct stat file;

	if (stat(path, &file) != 0 || access(path, R_OK) != 0)
	{
		ereport(ERROR, (errcode_for_file_access(),
						errmsg("could not read file \"%s\" of option \"%s\" of GraphQL server "
							   "\"%s\": %m",
							   path, option->defname, server->servername)));
	}
	if (!S_ISREG(file.st_mode))
	{
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
						errmsg("\"%s\" of option \"%s\" of GraphQL server \"%s\" is not a regular "
							   "file",
							   path, option->defname, server->servername)));
	}
	if (strcmp(option->defname, "client_key") == 0 && !is_private(&file))
	{
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("file \"%s\" of option \"%s\" of GraphQL server \"%s\" is open to "
							   "others",
							   path, option->defname, server->servername),
						errhint("Permissions must be u=rw (0600) or less, or u=rw,g=r (0640) or "
								"less if root owns it.")));
	}
}

}    // namespace

void
require_trusted_owner(ForeignServer *server)
{
	ListCell *cell;

	if (superuser_arg(server->owner))
	{
		return;
	}
	foreach (cell, server->options)
	{
		const DefElem *given = static_cast<DefElem *>(lfirst(cell));
		const Option *option = find_option(given->defname, ON_SERVER);

		if (option != nullptr && option->superuser_only)
		{
			refuse_owner(server, option->name);
		}
	}
}

void
require_tls_files(ForeignServer *server)
{
	ListCell *cell;

	foreach (cell, server->options)
	{
		const DefElem *given = static_cast<DefElem *>(lfirst(cell));

		if (strcmp(given->defname, "ca_file") == 0 || strcmp(given->defname, "client_cert") == 0 ||
			strcmp(given->defname, "client_key") == 0)
		{
			require_file(server, given);
		}
	}
}

}    // namespace gql::pg
