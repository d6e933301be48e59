// Which endpoint does this backend use for a server and a user, and how long does it live?
#pragma once

#include "core/door/transport.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// The endpoint for `server_id` as seen by `user_id`, kept for the session: connections are shared
// by nothing but equal (server, user mapping, user). Without a user mapping access is anonymous.
// Retained until `owner` goes: ALTER SERVER or ALTER USER MAPPING may replace it meanwhile.
Endpoint *session_endpoint(Oid server_id, Oid user_id, MemoryContext owner);

// Registers the invalidation callbacks. Called once from _PG_init.
void session_init();

}    // namespace gql::pg
