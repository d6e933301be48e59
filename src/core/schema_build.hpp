// What makes a whole schema of what was read: are its parts unique, known, and where they belong?
//
// Readers of introspection and of SDL both end here, so that the same schema gives the same model.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/schema.hpp"

namespace gql
{

// Why a text holds no schema that can be used.
class SchemaError : public std::runtime_error
{
public:
	using std::runtime_error::runtime_error;
};

// The reason of a deprecation that gives none.
constexpr const char *default_deprecation = "No longer supported";

// The scalars that every schema has.
bool is_built_in(std::string_view name);
// The types of introspection itself, which are the same everywhere.
bool is_introspection_type(std::string_view name);

// Adds a type; where there is one of that name the first stays, and `warnings` says so.
void add_type(SchemaTypes &schema, TypeInfo type, std::vector<std::string> &warnings);

// Adds what is built in, finds what types refer to, drops what is defined twice. Throws
// SchemaError.
void complete_schema(SchemaTypes &schema, std::vector<std::string> &warnings);

}    // namespace gql
