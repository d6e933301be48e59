// What does the door tell of a schema: its types, their fields, its text?

#include <algorithm>

#include "core/error.hpp"
#include "core/remote_schema.hpp"
#include "core/sdl_write.hpp"

namespace gql
{

namespace
{

std::string_view
kind_name(TypeKind kind)
{
	switch (kind)
	{
		case TypeKind::object:
			return "OBJECT";
		case TypeKind::interface:
			return "INTERFACE";
		case TypeKind::union_type:
			return "UNION";
		case TypeKind::enumeration:
			return "ENUM";
		case TypeKind::input_object:
			return "INPUT_OBJECT";
		case TypeKind::scalar:
			break;
	}
	return "SCALAR";
}

// Unions consist of types; interfaces have fields of their own.
size_t
part_count(const TypeInfo &type)
{
	return type.fields.size() + type.inputs.size() + type.values.size() +
		   (type.kind == TypeKind::union_type ? type.possible.size() : 0);
}

template <typename T>
SchemaField
describe(const T &part)
{
	SchemaField field = {};

	field.name = part.name;
	field.description = part.description;
	field.deprecated = part.deprecated;
	field.deprecation = part.deprecation;
	return field;
}

SchemaField
describe_part(RemoteSchema &schema, const TypeInfo &type, size_t index)
{
	SchemaField field = {};

	schema.field_type.clear();
	schema.field_arguments.clear();
	switch (type.kind)
	{
		case TypeKind::object:
		case TypeKind::interface:
			field = describe(type.fields.at(index));
			schema.field_type = type_text(type.fields[index].type);
			schema.field_arguments = arguments_text(type.fields[index].arguments);
			break;
		case TypeKind::input_object:
			field = describe(type.inputs.at(index));
			schema.field_type = type_text(type.inputs[index].type);
			break;
		case TypeKind::enumeration:
			return describe(type.values.at(index));
		case TypeKind::union_type:
			field.name = type.possible.at(index);
			break;
		case TypeKind::scalar:
			break;
	}
	field.type = schema.field_type;
	field.arguments = schema.field_arguments;
	return field;
}

}    // namespace

size_t
schema_warning_count(const RemoteSchema *schema) noexcept
{
	return schema->warnings.size();
}

std::string_view
schema_warning(const RemoteSchema *schema, size_t index) noexcept
{
	return schema->warnings[index];
}

std::string_view
schema_sdl(RemoteSchema *schema, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   if (schema->sdl.empty())
					   {
						   schema->sdl = write_sdl(schema->types);
					   }
					   return std::string_view(schema->sdl);
				   });
}

size_t
schema_type_count(const RemoteSchema *schema) noexcept
{
	return schema->listed.size();
}

SchemaType
schema_type(const RemoteSchema *schema, size_t index) noexcept
{
	const TypeInfo &type = *schema->listed[index];

	return {type.name, kind_name(type.kind), type.description, part_count(type)};
}

bool
schema_find_type(const RemoteSchema *schema, std::string_view name, size_t &index) noexcept
{
	const std::vector<const TypeInfo *> &listed = schema->listed;
	auto found = std::lower_bound(listed.begin(), listed.end(), name,
								  [](const TypeInfo *type, std::string_view wanted)
								  { return type->name < wanted; });

	index = static_cast<size_t>(found - listed.begin());
	return found != listed.end() && (*found)->name == name;
}

SchemaField
schema_field(RemoteSchema *schema, size_t type, size_t index, Error &err) noexcept
{
	return guarded(err, [&] { return describe_part(*schema, *schema->listed[type], index); });
}

}    // namespace gql
