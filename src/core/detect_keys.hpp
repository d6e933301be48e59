// By which keys does a field find its rows?
#pragma once

#include "core/import_draft.hpp"

namespace gql
{

// Everything that is known of a field of the query root, or of a field below one.
FieldDraft detect_field(const SchemaTypes &schema, RowSource source);

// The fields of the query root that find objects of many types, as far as they find those of `row`:
// federation's `_entities` by the type's keys, Relay's `nodes` by its id.
std::vector<FieldDraft> detect_object_fields(const SchemaTypes &schema, const TypeInfo &row);

// The arguments that must be given, pages aside.
std::vector<const InputInfo *> required_arguments(const FieldDraft &field);

// distinct_on: [users_select_column!]: it leaves rows out, and is never needed.
bool only_removes_rows(const InputInfo &input);

// Arguments beside those that page, filter and order.
std::vector<const InputInfo *> selecting_arguments(const FieldDraft &field);

// Whether an access finds every object of the type by its key, with nothing else given.
bool finds_all(const FieldDraft &field, const KeyAccess &access);

}    // namespace gql
