// What does an API answer that is asked for its schema?
//
// Members may be missing and may come in any order.

#include "core/introspection.hpp"

#include <algorithm>

#include "core/json_walk.hpp"
#include "core/literal.hpp"
#include "core/schema_build.hpp"

namespace gql
{

namespace
{

using simdjson::ondemand::json_type;

// Each becomes a part of the model: memory for a hostile text ends there. The largest schemas known
// have a tenth of it.
constexpr size_t object_limit = 500000;

std::string
read_text(JsonValue &value)
{
	if (json_take(value.type()) != json_type::string)
	{
		throw JsonError("a string is missing");
	}
	return without_nul(json_string(json_token(value)));
}

bool
read_flag(JsonValue &value)
{
	return json_token(value) == "true";
}

// False for the kinds that wrap a type.
bool
read_kind(const std::string &name, TypeKind &kind)
{
	static constexpr std::pair<std::string_view, TypeKind> kinds[] = {
		{"SCALAR", TypeKind::scalar},       {"OBJECT", TypeKind::object},
		{"INTERFACE", TypeKind::interface}, {"UNION", TypeKind::union_type},
		{"ENUM", TypeKind::enumeration},    {"INPUT_OBJECT", TypeKind::input_object}};
	auto found = std::find_if(std::begin(kinds), std::end(kinds),
							  [&](const auto &known) { return known.first == name; });

	if (found == std::end(kinds))
	{
		return false;
	}
	kind = found->second;
	return true;
}

// {kind, name, ofType}: "[ID!]!" and so on.
TypeRef
read_reference(JsonValue &value)
{
	TypeRef type;
	std::string kind;
	std::string name;

	each_member(value,
				[&](std::string_view member, JsonValue &inner)
				{
					if (member == "kind")
					{
						kind = read_text(inner);
					}
					else if (member == "name")
					{
						name = read_text(inner);
					}
					else if (member == "ofType")
					{
						type = read_reference(inner);
					}
				});
	if (kind == "NON_NULL" || kind == "LIST")
	{
		if (type.name.empty())
		{
			throw JsonError("a type is nested too deeply");
		}
		if (kind == "LIST")
		{
			type.text = '[' + type_text(type) + ']';
			type.list = true;
		}
		type.required = kind == "NON_NULL";
		return type;
	}
	type = {};
	if (name.empty() || !read_kind(kind, type.kind))
	{
		throw JsonError(name.empty() ? "a type has no name" : "a type is of an unknown kind");
	}
	type.name = type.text = name;
	return type;
}

// What most parts of a schema have; true when `member` is one of these.
template <typename T>
bool
read_common(T &part, std::string_view member, JsonValue &value)
{
	if (member == "name")
	{
		part.name = read_text(value);
	}
	else if (member == "description")
	{
		part.description = read_text(value);
	}
	else
	{
		return false;
	}
	return true;
}

template <typename T>
void
read_deprecation(T &part, std::string_view member, JsonValue &value)
{
	if (member == "isDeprecated")
	{
		part.deprecated = read_flag(value);
	}
	else if (member == "deprecationReason")
	{
		part.deprecation = read_text(value);
	}
}

template <typename T, typename F>
void
read_list(std::vector<T> &list, JsonValue &value, F read)
{
	list.clear();
	each_element(value, [&](JsonValue &element) { list.push_back(read(element)); });
}

template <typename T>
void
check_name(const T &part)
{
	if (part.name.empty())
	{
		throw JsonError("a name is missing");
	}
}

template <typename T>
void
check_type(const T &part)
{
	if (part.type.name.empty())
	{
		throw JsonError("a type is missing");
	}
}

InputInfo
read_input(JsonValue &value)
{
	InputInfo input;

	each_member(value,
				[&](std::string_view member, JsonValue &inner)
				{
					if (member == "type")
					{
						input.type = read_reference(inner);
					}
					else if (member == "defaultValue")
					{
						input.has_default = true;
						input.default_value = canonical_value(read_text(inner));
					}
					else if (!read_common(input, member, inner))
					{
						read_deprecation(input, member, inner);
					}
				});
	check_name(input);
	check_type(input);
	return input;
}

FieldInfo
read_field(JsonValue &value)
{
	FieldInfo field;

	each_member(value,
				[&](std::string_view member, JsonValue &inner)
				{
					if (member == "type")
					{
						field.type = read_reference(inner);
					}
					else if (member == "args")
					{
						read_list(field.arguments, inner, read_input);
					}
					else if (!read_common(field, member, inner))
					{
						read_deprecation(field, member, inner);
					}
				});
	check_name(field);
	check_type(field);
	return field;
}

EnumValueInfo
read_enum_value(JsonValue &value)
{
	EnumValueInfo info;

	each_member(value,
				[&](std::string_view member, JsonValue &inner)
				{
					if (!read_common(info, member, inner))
					{
						read_deprecation(info, member, inner);
					}
				});
	check_name(info);
	return info;
}

std::string
read_type_name(JsonValue &value)
{
	return read_reference(value).name;
}

// The root of an operation: {"name": "Query"}.
std::string
read_root(JsonValue &value)
{
	std::string name;

	each_member(value,
				[&](std::string_view member, JsonValue &inner)
				{
					if (member == "name")
					{
						name = read_text(inner);
					}
				});
	return name;
}

void
read_type_member(TypeInfo &type, std::string_view member, JsonValue &value)
{
	if (member == "kind")
	{
		if (!read_kind(read_text(value), type.kind))
		{
			throw JsonError("a type is of an unknown kind");
		}
	}
	else if (member == "fields")
	{
		read_list(type.fields, value, read_field);
	}
	else if (member == "inputFields")
	{
		read_list(type.inputs, value, read_input);
	}
	else if (member == "enumValues")
	{
		read_list(type.values, value, read_enum_value);
	}
	else if (member == "interfaces")
	{
		read_list(type.interfaces, value, read_type_name);
	}
	else if (member == "possibleTypes")
	{
		read_list(type.possible, value, read_type_name);
	}
	else if (member == "isOneOf")
	{
		type.one_of = read_flag(value);
	}
	else if (member == "specifiedByURL")
	{
		type.specified_by = read_text(value);
	}
	else
	{
		read_common(type, member, value);
	}
}

void
read_types(SchemaTypes &schema, JsonValue &value, std::vector<std::string> &warnings)
{
	each_element(value,
				 [&](JsonValue &element)
				 {
					 TypeInfo type = read_introspected_type(element);

					 if (!is_introspection_type(type.name))
					 {
						 add_type(schema, std::move(type), warnings);
					 }
				 });
}

void
read_schema_member(SchemaTypes &schema, std::string_view member, JsonValue &value,
				   std::vector<std::string> &warnings)
{
	if (member == "description")
	{
		schema.description = read_text(value);
	}
	else if (member == "queryType")
	{
		schema.query_type = read_root(value);
	}
	else if (member == "mutationType")
	{
		schema.mutation_type = read_root(value);
	}
	else if (member == "subscriptionType")
	{
		schema.subscription_type = read_root(value);
	}
	else if (member == "types")
	{
		read_types(schema, value, warnings);
	}
}

}    // namespace

TypeInfo
read_introspected_type(JsonValue &value)
{
	TypeInfo type;

	each_member(value, [&](std::string_view member, JsonValue &inner)
				{ read_type_member(type, member, inner); });
	if (type.name.empty())
	{
		throw JsonError("a type has no name");
	}
	return type;
}

bool
read_introspection(std::string_view json, SchemaTypes &schema, std::vector<std::string> &warnings)
{
	JsonText text;
	bool found = false;
	auto read_member = [&](std::string_view member, JsonValue &value)
	{
		if (member == "__schema" && !found)
		{
			found = true;
			each_member(value, [&](std::string_view part, JsonValue &inner)
						{ read_schema_member(schema, part, inner, warnings); });
		}
	};

	if (static_cast<size_t>(std::count(json.begin(), json.end(), '{')) > object_limit)
	{
		throw JsonError("it is too large");
	}
	text.open_copy(json);
	each_field(text.root(),
			   [&](std::string_view member, JsonValue &value)
			   {
				   if (member == "data")
				   {
					   each_member(value, read_member);
				   }
				   read_member(member, value);
			   });
	return found;
}

}    // namespace gql
