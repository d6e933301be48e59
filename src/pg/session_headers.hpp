// What does the session that asks tell the API about itself?
#pragma once

#include <string_view>

#include "core/door/session_headers.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// What the variables of a server's session_headers stand for now, in the order of
// endpoint_variable(). In UTF-8; empty where one is not set.
struct SessionValues
{
	size_t count;
	std::string_view *texts;
};

// Reads them for requests made for `user_id`; palloc'd. Raises 42501 for settings that only
// superusers may read.
SessionValues *session_values(const Endpoint *endpoint, Oid user_id);

// The headers that they make. Belong to `owner`; nullptr where the server has no session_headers.
// Raises 22023 when a required value is missing or one cannot be sent.
RequestHeaders *session_headers(const Endpoint *endpoint, const SessionValues *values,
								MemoryContext owner);

}    // namespace gql::pg
