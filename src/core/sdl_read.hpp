// What does a text in the schema definition language (SDL) define?
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/schema.hpp"

namespace gql
{

// What the text says, with its extensions merged in, before complete_schema(). Throws SyntaxError.
SchemaTypes read_sdl(std::string_view text, std::vector<std::string> &warnings);

}    // namespace gql
