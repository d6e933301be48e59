// What does a RemoteSchema hold? (Inside the core; the door is core/door/schema.hpp.)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/door/schema.hpp"
#include "core/schema.hpp"

namespace gql
{

struct Source;

struct RemoteSchema
{
	SchemaTypes types;
	std::vector<std::string> warnings;    // what was read tolerantly

	// For the door's listings.
	std::vector<const TypeInfo *> listed;    // all types, in alphabetical order
	std::string field_type;                  // texts of the field asked for last
	std::string field_arguments;
	std::string sdl;    // "" before it is asked for
};

// What schema_from_answer() and schema_add_federation() do with an answer.
void read_schema_answer(RemoteSchema &schema, const Source &source);
void read_federation_answer(RemoteSchema &schema, const Source &source);

}    // namespace gql
