// What does a RemoteSchema hold? (Inside the core; the door is core/door/schema.hpp.)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/door/schema.hpp"
#include "core/schema.hpp"

namespace gql
{

struct RemoteSchema
{
	SchemaTypes types;
	std::vector<std::string> warnings;    // what was read tolerantly
};

}    // namespace gql
