// Which server does an SQL function mean, and may it be used?

#include "pg/server.hpp"

#include <cstring>

namespace gql::pg
{

bool
is_graphql_server(const ForeignServer *server)
{
	ForeignDataWrapper *wrapper = GetForeignDataWrapper(server->fdwid);
	const char *handler =
		OidIsValid(wrapper->fdwhandler) ? get_func_name(wrapper->fdwhandler) : nullptr;

	return handler != nullptr && strcmp(handler, "graphql_fdw_handler") == 0;
}

ForeignServer *
find_server(const char *name)
{
	ForeignServer *server = GetForeignServerByName(name, false);

	check_server_usage(server->serverid, name);
	if (!is_graphql_server(server))
	{
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
						errmsg("foreign server \"%s\" is not a graphql_fdw server", name)));
	}
	return server;
}

}    // namespace gql::pg
