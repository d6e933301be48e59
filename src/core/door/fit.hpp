// Which values does a foreign table need before its rows can be asked for, and of which types?
#pragma once

#include <cstddef>
#include <string_view>

#include "core/door/error.hpp"
#include "core/door/schema.hpp"
#include "core/door/table.hpp"

namespace gql
{

struct Fit;

// `schema` may be nullptr: then the options of the table alone say it. It is copied; the table must
// outlive the fit. Texts live as long as it.
Fit *fit_open(const RemoteTable *table, const RemoteSchema *schema, Error &err) noexcept;
void fit_close(Fit *fit) noexcept;

// The named GraphQL type that this column is sent as, "" when the column fills no argument or the
// type is not known.
std::string_view fit_argument_type(const Fit *fit, int column, Error &err) noexcept;

// Does any access send the column?
bool fit_sends(const Fit *fit, int column) noexcept;

// "" when the rows can be reached with values for these columns, else an argument that lacks one.
std::string_view fit_missing_argument(const Fit *fit, const int *columns, size_t count,
									  Error &err) noexcept;

}    // namespace gql
