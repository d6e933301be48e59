// Which endpoint does this backend use for a server and a user, and how long does it live?
#pragma once

#include "core/door/transport.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// The endpoint for `server_id` as seen by `user_id`, kept for the session: connections are shared
// by nothing but equal (server, user mapping, user). Without a user mapping access is anonymous.
// Retain it to keep it beyond the current call: ALTER SERVER or ALTER USER MAPPING replaces it.
Endpoint *session_endpoint(Oid server_id, Oid user_id);

// Registers the invalidation callbacks. Called once from _PG_init.
void session_init();

}    // namespace gql::pg
