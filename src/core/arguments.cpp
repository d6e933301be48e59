// Which arguments does a query send, which does it leave open, and which types must be known?

#include "core/arguments.hpp"

#include <algorithm>

#include "core/filter.hpp"

namespace gql
{

namespace
{

using Kind = Template::Kind;

// The name of the argument that holds `column`, somewhere inside.
std::string_view
holder_of(const Template &node, int column, std::string_view name)
{
	if (node.kind == Kind::column && node.column == column)
	{
		return name;
	}
	for (const Template &item : node.items)
	{
		std::string_view found = holder_of(item, column, name);

		if (!found.empty())
		{
			return found;
		}
	}
	for (const Template::Member &member : node.members)
	{
		std::string_view found = holder_of(member.second, column, member.first);

		if (!found.empty())
		{
			return found;
		}
	}
	return {};
}

}    // namespace

size_t
ArgumentWriter::bound_index(int column) const
{
	return static_cast<size_t>(std::find(bound_.begin(), bound_.end(), column) - bound_.begin());
}

// Whether anything of `node` is left when columns that are not bound are left out, and a filter
// that says nothing: some APIs refuse empty objects.
bool
ArgumentWriter::sends(const Template &node) const
{
	switch (node.kind)
	{
		case Kind::column:
			return bound_index(node.column) < bound_.size();
		case Kind::list:
			return node.takes_many()
					   ? sends(*node.find_column())
					   : node.items.empty() ||
							 std::any_of(node.items.begin(), node.items.end(),
										 [&](const Template &item) { return sends(item); });
		case Kind::object:
			return node.members.empty() || std::any_of(node.members.begin(), node.members.end(),
													   [&](const Template::Member &member)
													   { return sends(member.second); });
		case Kind::filter:
			return !node.required || !unsaid_;
		default:
			return true;
	}
}

bool
ArgumentWriter::wants_type(const Template &node) const
{
	if (node.kind == Kind::column)
	{
		return sends(node) && !table_.columns[node.column].type;
	}
	if (node.takes_many() && node.items[0].is_representation())
	{
		return false;
	}
	return node.may_be_enum() || node.is_page() ||
		   std::any_of(node.items.begin(), node.items.end(),
					   [&](const Template &item) { return wants_type(item); }) ||
		   std::any_of(node.members.begin(), node.members.end(),
					   [&](const Template::Member &member) { return wants_type(member.second); });
}

const TypeRef *
ArgumentWriter::argument_type(size_t element, std::string_view name)
{
	const FieldInfo *field = reader_.field(plan_.field, element);
	const InputInfo *input = field == nullptr ? nullptr : find_input(field->arguments, name);

	return input == nullptr ? nullptr : &input->type;
}

const TypeRef *
ArgumentWriter::member_type(const TypeRef *object, std::string_view name)
{
	const InputInfo *input = object == nullptr ? nullptr : reader_.input(*object, name);

	return input == nullptr ? nullptr : &input->type;
}

// Looks up whatever write() will look up below `node`.
void
ArgumentWriter::find_types(const Template &node, const TypeRef *type)
{
	for (const Template &item : node.items)
	{
		find_types(item, type);
	}
	for (const Template::Member &member : node.members)
	{
		if (type != nullptr && wants_type(member.second))
		{
			find_types(member.second, member_type(type, member.first));
		}
	}
}

std::set<std::string>
ArgumentWriter::missing_types(bool required)
{
	reader_.missing.clear();
	for (size_t i = 0; i < plan_.arguments.size(); i++)
	{
		for (const Template::Member &member : plan_.arguments[i].members)
		{
			if (wants_type(member.second))
			{
				find_types(member.second, argument_type(i, member.first));
			}
		}
		if (required)
		{
			reader_.field(plan_.field, i);
		}
	}
	for (size_t i = 0; i < filter_.size(); i++)
	{
		const TypeInfo *values;

		operand_type(i, values);
	}
	return reader_.missing;
}

// Of the place that takes the whole condition.
const TypeRef *
ArgumentWriter::filter_type()
{
	const Filter &filter = *table_.filter;

	if (!filter.type.empty())
	{
		static_cast<TypeText &>(declared_filter_) = parse_type(filter.type);
		declared_filter_.kind = TypeKind::input_object;
		return &declared_filter_;
	}
	ArgumentPath argument = parse_argument(filter.argument);
	const TypeRef *type = nullptr;
	size_t element;

	if (find_filter_element(table_, plan_, argument, element))
	{
		type = argument_type(element, argument.names[0]);
	}
	for (size_t i = 1; type != nullptr && i < argument.names.size(); i++)
	{
		type = member_type(type, argument.names[i]);
	}
	return type;
}

const TypeRef *
ArgumentWriter::operand_type(size_t index, const TypeInfo *&values)
{
	const FilterNode &node = filter_[index];
	const TypeRef *type = nullptr;

	values = nullptr;
	if (node.column < 0)
	{
		return nullptr;
	}
	std::string member = filter_member(table_, node);

	if (table_.filter->style == FilterStyle::arguments)
	{
		size_t element;

		if (find_filter_element(table_, plan_, parse_argument(member), element))
		{
			type = argument_type(element, member);
		}
	}
	else
	{
		type = member_type(filter_type(), member);
	}
	if (table_.filter->style == FilterStyle::nested)
	{
		type = member_type(type, *filter_operator(table_, node.column, node.op));
	}
	if (type != nullptr && type->kind == TypeKind::enumeration)
	{
		values = reader_.type(type->name);
	}
	return type;
}

std::string_view
ArgumentWriter::missing_member(const Template &object, const std::vector<InputInfo> &inputs)
{
	for (const InputInfo &input : inputs)
	{
		const Template *node = nullptr;

		for (const Template::Member &member : object.members)
		{
			node = member.first == input.name ? &member.second : node;
		}

		bool sent = node != nullptr && sends(*node);

		if (!sent && input.type.required && !input.has_default)
		{
			return input.name;
		}
		if (sent && node->kind == Kind::object)
		{
			const TypeInfo *type = reader_.type(input.type.name);
			std::string_view missing =
				type == nullptr ? std::string_view() : missing_member(*node, type->inputs);

			if (!missing.empty())
			{
				return missing;
			}
		}
	}
	return {};
}

std::string_view
ArgumentWriter::missing_argument()
{
	for (const AccessArgument &argument : plan_.columns)
	{
		const Column &column = table_.columns[argument.column];

		if (argument.need != Need::required || bound_index(argument.column) < bound_.size())
		{
			continue;
		}
		if (plan_.door.own && column.argument)
		{
			return column.argument_text;
		}
		for (const Template &arguments : plan_.arguments)
		{
			std::string_view name = holder_of(arguments, argument.column, {});

			if (!name.empty())
			{
				return name;
			}
		}
	}
	for (size_t i = 0; i < plan_.arguments.size(); i++)
	{
		const FieldInfo *field = reader_.field(plan_.field, i);
		std::string_view missing = field == nullptr
									   ? std::string_view()
									   : missing_member(plan_.arguments[i], field->arguments);

		if (!missing.empty())
		{
			return missing;
		}
	}
	return {};
}

bool
ArgumentWriter::find_column(const Template &node, const TypeRef *type, int column,
							std::string_view &found)
{
	if (node.kind == Kind::column && node.column == column)
	{
		found = type == nullptr ? std::string_view() : type->name;
		return true;
	}
	for (const Template &item : node.items)
	{
		if (find_column(item, type, column, found))
		{
			return true;
		}
	}
	for (const Template::Member &member : node.members)
	{
		if (find_column(member.second, member_type(type, member.first), column, found))
		{
			return true;
		}
	}
	return false;
}

std::string_view
ArgumentWriter::column_type(int column)
{
	std::string_view found;

	if (table_.columns[column].type)
	{
		return table_.columns[column].type->name;
	}
	for (size_t i = 0; i < plan_.arguments.size(); i++)
	{
		for (const Template::Member &member : plan_.arguments[i].members)
		{
			if (find_column(member.second, argument_type(i, member.first), column, found))
			{
				return found;
			}
		}
	}
	return found;
}

}    // namespace gql
