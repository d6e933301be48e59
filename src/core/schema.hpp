// What is known of an API's schema: types, fields, arguments?
//
// The same model holds the little that queries need to know (core/schema_learn.hpp) and whole
// schemas (core/remote_schema.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/path.hpp"

namespace gql
{

enum class TypeKind : uint8_t
{
	scalar,
	object,
	interface,
	union_type,
	enumeration,
	input_object,
};

struct TypeRef : TypeText
{
	TypeKind kind = TypeKind::scalar;    // of the named type

	bool is_composite() const;    // an object, an interface or a union
};

// The type of the elements of a list type.
TypeRef element_of(const TypeRef &type);

// "[ID!]!", as GraphQL writes it.
std::string type_text(const TypeRef &type);

struct InputInfo
{
	std::string name;
	TypeRef type;
	bool has_default = false;
	std::string default_value;    // as GraphQL text
	std::string description;
	bool deprecated = false;
	std::string deprecation;    // the reason
};

struct FieldInfo
{
	std::string name;
	TypeRef type;
	std::vector<InputInfo> arguments;
	std::string description;
	bool deprecated = false;
	std::string deprecation;
};

struct EnumValueInfo
{
	std::string name;
	std::string description;
	bool deprecated = false;
	std::string deprecation;
};

// Lists are in the order of declaration, unless said otherwise.
struct TypeInfo
{
	TypeKind kind = TypeKind::object;
	std::string name;
	std::string description;
	std::vector<FieldInfo> fields;          // objects, interfaces
	std::vector<InputInfo> inputs;          // input objects
	std::vector<EnumValueInfo> values;      // enums
	std::vector<std::string> interfaces;    // objects, interfaces: what they implement
	std::vector<std::string> possible;    // unions; interfaces, in alphabetical order: object types
	std::vector<std::string> keys;        // federation: @key(fields: "...")
	bool one_of = false;                  // input objects
	std::string specified_by;             // scalars: a URL
};

struct SchemaTypes
{
	std::string query_type;
	std::string mutation_type;        // "" none
	std::string subscription_type;    // "" none
	std::string description;
	std::map<std::string, TypeInfo, std::less<>> types;
};

// nullptr when there is none.
const FieldInfo *find_field(const TypeInfo &type, std::string_view name);
const InputInfo *find_input(const std::vector<InputInfo> &inputs, std::string_view name);

}    // namespace gql
