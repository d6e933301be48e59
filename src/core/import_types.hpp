// Which SQL type holds a GraphQL scalar?
#pragma once

#include <string_view>

#include "core/door/import.hpp"

namespace gql
{

// By name, since schemas say no more about their own scalars. text where the name tells nothing.
SqlType sql_type_of(std::string_view scalar);

}    // namespace gql
