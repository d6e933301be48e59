// Which endpoint does this backend use for a server and a user, and how long does it live?
#pragma once

#include "core/door/session_headers.hpp"
#include "core/door/transport.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// Who is asked, and with which headers.
struct SessionAccess
{
	Endpoint *endpoint;
	RequestHeaders *headers;    // nullptr: the endpoint's own
};

// The way to `server_id` for `user_id`, kept for the session: connections, and what was learnt
// through them, are shared by nothing but equal (server, user mapping, user) with equal values in
// session_headers. Without a user mapping access is anonymous. The values are read now.
// Retained until `owner` goes: ALTER SERVER, ALTER USER MAPPING or another identity may replace it
// meanwhile.
SessionAccess session_access(Oid server_id, Oid user_id, MemoryContext owner);

// Registers the invalidation callbacks. Called once from _PG_init.
void session_init();

}    // namespace gql::pg
