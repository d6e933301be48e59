// May a foreign server still do what a superuser once allowed it?
//
// Options reserved for superusers are checked when they are given. Since then the server may have
// got another owner, its owner may have lost the attribute, and files may have changed.
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// Raises 42501 when the server has an option that only a superuser may set and its owner is none.
void require_trusted_owner(ForeignServer *server);

// Raises unless the files that TLS needs can be read, and the client key by nobody else.
void require_tls_files(ForeignServer *server);

}    // namespace gql::pg
