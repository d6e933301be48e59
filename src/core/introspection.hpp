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

// Reads the result of introspection out of an object that holds `__schema`, or `data` with that
// inside, before complete_schema(). False when it holds neither. Throws JsonError.
bool read_introspection(std::string_view json, SchemaTypes &schema,
						std::vector<std::string> &warnings);

}    // namespace gql
