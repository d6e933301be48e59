// How is an API asked for its schema, and what does it answer?
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json_read.hpp"
#include "core/schema.hpp"

namespace gql
{

// The requests that ask for a whole schema, first to be tried first.
const std::vector<std::string> &introspection_bodies();

// A __Type with as many of its members as there are. Throws JsonError.
TypeInfo read_introspected_type(JsonValue &value);

// The value of `__schema`, before complete_schema(). Throws JsonError or SchemaError.
SchemaTypes read_introspection(JsonValue &value, std::vector<std::string> &warnings);

}    // namespace gql
