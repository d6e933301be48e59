// Which server does an SQL function mean, and may it be used?

#include "pg/server.hpp"

#include <cstring>

namespace gql::pg
{

ForeignServer *
find_server(const char *name)
{
	ForeignServer *server = GetForeignServerByName(name, false);
	ForeignDataWrapper *wrapper = GetForeignDataWrapper(server->fdwid);

	const char *handler =
		OidIsValid(wrapper->fdwhandler) ? get_func_name(wrapper->fdwhandler) : nullptr;

	check_server_usage(server->serverid, name);
	if (handler == nullptr || strcmp(handler, "graphql_fdw_handler") != 0)
	{
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
						errmsg("foreign server \"%s\" is not a graphql_fdw server", name)));
	}
	return server;
}

}    // namespace gql::pg
