// Which server does an SQL function mean, and may it be used?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// By the name of a server, never by a URL: USAGE on the server is the right to use it. Raises 42704
// for an unknown one, 42501 without USAGE, 42809 for a server of another wrapper.
ForeignServer *find_server(const char *name);

// Does the server belong to this wrapper?
bool is_graphql_server(const ForeignServer *server);

}    // namespace gql::pg
