// How is a schema written in the schema definition language (SDL)?
#pragma once

#include <string>
#include <vector>

#include "core/schema.hpp"

namespace gql
{

// "(id: ID!, first: Int = 10)", or "" when there are none.
std::string arguments_text(const std::vector<InputInfo> &arguments);

// The whole schema, types in alphabetical order.
std::string write_sdl(const SchemaTypes &schema);

}    // namespace gql
