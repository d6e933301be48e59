// What is read of an object that becomes one column?
#pragma once

#include <string>

#include "core/import_draft.hpp"

namespace gql
{

// The fields between braces: "id name ... on Account {plan}". Those of scalars that need no
// arguments, or those of the objects in there where there are none; "" when there is nothing.
std::string object_selection(const ImportRules &rules, const TypeInfo &type);

// Whether the field is a list that comes in parts, or may.
bool is_paged(const SchemaTypes &schema, const TypeInfo &type, const FieldInfo &field);

}    // namespace gql
