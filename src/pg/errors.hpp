// How does an Error of the core become a PostgreSQL error?
#pragma once

#include "core/door/error.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// Raises `error` as it is: SQLSTATE, message, detail and hint. Texts are converted from UTF-8 to
// the database's encoding.
[[noreturn]] void raise(const Error &error);

// The same as a WARNING, for on_error 'warn'.
void warn(const Error &error);

}    // namespace gql::pg
