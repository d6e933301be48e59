// How does a backend get to know the whole schema of an API?
#pragma once

#include "core/door/schema.hpp"
#include "core/door/transport.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// The schema of a server: from the file named by its option schema_file, else by introspection with
// the current user's mapping. It lives as long as `owner`.
RemoteSchema *remote_schema(Oid server_id, MemoryContext owner);
// The same, but nullptr and err when the API does not tell.
RemoteSchema *try_remote_schema(Oid server_id, MemoryContext owner, Error *err);

// Where the server has a schema_file: gives the endpoint the types in it, so that the API is asked
// for none. False where it has none.
bool use_schema_file(Oid server_id, Endpoint *endpoint);

}    // namespace gql::pg
