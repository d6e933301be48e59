// What is known of an API's schema: types, fields, arguments?

#include "core/schema.hpp"

#include <algorithm>

namespace gql
{

namespace
{

template <typename T>
const T *
find_named(const std::vector<T> &list, std::string_view name)
{
	auto found =
		std::find_if(list.begin(), list.end(), [&](const T &entry) { return entry.name == name; });

	return found == list.end() ? nullptr : &*found;
}

}    // namespace

bool
TypeRef::is_composite() const
{
	return kind == TypeKind::object || kind == TypeKind::interface || kind == TypeKind::union_type;
}

TypeRef
element_of(const TypeRef &type)
{
	TypeRef element = type;

	if (type.list)
	{
		static_cast<TypeText &>(element) =
			parse_type(std::string_view(type.text).substr(1, type.text.size() - 2));
	}
	return element;
}

std::string
type_text(const TypeRef &type)
{
	return type.required ? type.text + '!' : type.text;
}

const FieldInfo *
find_field(const TypeInfo &type, std::string_view name)
{
	return find_named(type.fields, name);
}

const InputInfo *
find_input(const std::vector<InputInfo> &inputs, std::string_view name)
{
	return find_named(inputs, name);
}

}    // namespace gql
