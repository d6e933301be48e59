// What does the session that asks tell the API about itself?
#pragma once

#include "core/door/session_headers.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// The headers of requests that one scan or function call makes for `user_id`, with the values
// variables have now. Belong to `owner`; nullptr where the server has no session_headers. Raises
// 22023 when a required value is missing or cannot be sent, 42501 for settings that only superusers
// may read.
RequestHeaders *session_headers(const Endpoint *endpoint, Oid user_id, MemoryContext owner);

}    // namespace gql::pg
