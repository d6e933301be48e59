// Which headers do a session's requests carry, and where do their values come from?
//
// The server option session_headers maps headers to templates such as "Bearer ${app.jwt}". The core
// knows their syntax; the PostgreSQL side knows the values, and looks them up when a scan or a
// function call runs:
//
//     for (i < endpoint_variable_count(e)) { values[i] = value of endpoint_variable(e, i); }
//     request_headers_open(e, values, err)
#pragma once

#include <cstddef>
#include <string_view>

#include "core/door/error.hpp"

namespace gql
{

struct Endpoint;
struct RequestHeaders;

// What the templates of an endpoint are made of, each once: "current_user", "session_user",
// "database", or the name of a setting, which has a dot in it.
size_t endpoint_variable_count(const Endpoint *endpoint) noexcept;
const char *endpoint_variable(const Endpoint *endpoint, size_t index) noexcept;

// All headers of requests made with these values (UTF-8, copied), one for each variable; an empty
// value is an unset one. Headers that need an unset variable are left out. nullptr and err
// (invalid_argument, limit_exceeded) when a value is required or cannot be sent; err never holds a
// value.
RequestHeaders *request_headers_open(const Endpoint *endpoint, const std::string_view *values,
									 Error &err) noexcept;
// Transfers that were started with them go on.
void request_headers_close(RequestHeaders *headers) noexcept;

// Checks an option value at DDL time: false and err (invalid_option) when unusable.
bool check_session_headers(std::string_view json, Error &err) noexcept;

}    // namespace gql
