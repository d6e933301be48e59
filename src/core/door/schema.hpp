// What does an API's schema say: types, fields, arguments, as the API or a file describes them?
//
// A RemoteSchema is a whole schema, read from an introspection answer, from a file that holds one,
// or from SDL. It is plain memory of its own and lives until schema_close().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/door/error.hpp"
#include "core/door/transport.hpp"

namespace gql
{

struct RemoteSchema;

// Bodies of introspection requests to try one after the other: the literal standard query first,
// then variants for older servers. "" when `attempt` is past the last.
std::string_view introspection_body(size_t attempt) noexcept;

// Takes the answer out of a finished transfer. nullptr and err when it is not usable. err.code is
// request_refused where the next variant may be understood, schema_unavailable (HV00Q)
// with a hint that names schema_file where the API says that introspection is switched off.
RemoteSchema *schema_from_answer(Transfer *transfer, Error &err) noexcept;

// Introspection JSON (with or without "data" around it) or SDL, told apart by the first character.
// `source` names it in messages: a file.
RemoteSchema *schema_from_text(std::string_view text, std::string_view source, Error &err) noexcept;

void schema_close(RemoteSchema *schema) noexcept;

// What was read tolerantly: "type EnterpriseOwnerInfo defines field x twice; the first one is
// used".
size_t schema_warning_count(const RemoteSchema *schema) noexcept;
std::string_view schema_warning(const RemoteSchema *schema, size_t index) noexcept;

// Federation: introspection does not show @key. The body of the request for `_service { sdl }`, ""
// when the schema is not a subgraph's; and what to do with the answer: false and err leave the
// schema as it was.
std::string_view schema_federation_body(const RemoteSchema *schema) noexcept;
bool schema_add_federation(RemoteSchema *schema, Transfer *transfer, Error &err) noexcept;

// The schema as SDL, types in alphabetical order. Valid until schema_close().
std::string_view schema_sdl(RemoteSchema *schema, Error &err) noexcept;

// For graphql_types() and graphql_fields(); in alphabetical order of types, fields as declared.
struct SchemaType
{
	std::string_view name;
	std::string_view kind;    // "OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT", "SCALAR"
	std::string_view description;
	size_t
		field_count;    // fields, input fields, enum values or possible types: what it is made of
};
struct SchemaField
{
	std::string_view name;
	std::string_view type;         // "[Account!]!"; "" for enum values and possible types
	std::string_view arguments;    // "(id: ID!, first: Int = 10)", "" none
	std::string_view description;
	std::string_view deprecation;    // reason, "" when it is not deprecated
	bool deprecated;
};
size_t schema_type_count(const RemoteSchema *schema) noexcept;
// Valid until the next call.
SchemaType schema_type(const RemoteSchema *schema, size_t index) noexcept;
bool schema_find_type(const RemoteSchema *schema, std::string_view name, size_t &index) noexcept;
SchemaField schema_field(RemoteSchema *schema, size_t type, size_t index, Error &err) noexcept;

// From now on the endpoint takes the types of arguments from this schema (copied) and asks the API
// nothing: how `schema_file` serves queries.
void endpoint_use_schema(Endpoint *endpoint, const RemoteSchema *schema, Error &err) noexcept;

}    // namespace gql
