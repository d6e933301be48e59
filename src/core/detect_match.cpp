// Which argument and which field of a row are the same thing?

#include "core/detect_match.hpp"

#include "core/import_names.hpp"

namespace gql
{

bool
is_row_leaf(const FieldInfo &field)
{
	return is_leaf(field.type) && !needs_arguments(field);
}

const FieldInfo *
matching_field(const TypeInfo &row, const std::vector<InputInfo> &arguments,
			   std::string_view argument)
{
	std::vector<std::string> words = words_of(argument);
	std::vector<std::string> id_words = words_of(row.name);
	auto usable = [](const FieldInfo *field)
	{ return field != nullptr && is_row_leaf(*field) ? field : nullptr; };

	if (const FieldInfo *same = find_field(row, argument))
	{
		return usable(same);
	}
	for (const FieldInfo &field : row.fields)
	{
		if (words_of(field.name) == words && find_input(arguments, field.name) == nullptr)
		{
			return usable(&field);
		}
	}
	id_words.push_back("id");
	return words == id_words && find_input(arguments, "id") == nullptr
			   ? usable(find_field(row, "id"))
			   : nullptr;
}

bool
are_comparable(const TypeRef &field, const TypeRef &argument)
{
	auto is_id = [](const TypeRef &type) { return type.name == "ID"; };
	auto fits_id = [](const TypeRef &type)
	{ return type.name == "ID" || type.name == "Int" || type.name == "String"; };

	if (!is_leaf(field) || !is_leaf(argument))
	{
		return false;
	}
	return field.name == argument.name || (is_id(field) && fits_id(argument)) ||
		   (is_id(argument) && fits_id(field));
}

std::vector<KeyList>
detect_key_arguments(const RowSource &source)
{
	std::vector<KeyList> lists;
	const TypeInfo *row = source.shape.row_type;

	if (row == nullptr || !source.shape.many)
	{
		return lists;
	}
	for (const InputInfo &input : source.last().arguments)
	{
		std::vector<std::string> words = words_of(input.name);

		if (list_depth(input.type) != 1 || input.type.is_composite() ||
			input.type.kind == TypeKind::input_object)
		{
			continue;
		}
		for (const FieldInfo &field : row->fields)
		{
			std::vector<std::string> one = words_of(field.name);
			std::vector<std::string> of_type = words_of(row->name);

			if (field.name == "id")
			{
				of_type.push_back("id");
			}
			if (is_row_leaf(field) && are_comparable(field.type, element_of(input.type)) &&
				(is_plural(words, one) || (field.name == "id" && is_plural(words, of_type))))
			{
				lists.push_back({field.name, {input.name}, element_of(input.type)});
				break;
			}
		}
	}
	return lists;
}

}    // namespace gql
