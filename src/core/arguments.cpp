// Which arguments does a query send, in which variables, and of which types?

#include "core/arguments.hpp"

#include <algorithm>
#include <optional>

#include "core/json_text.hpp"

namespace gql
{

namespace
{

using Kind = Template::Kind;

// A string that may stand for an enum's value: only the schema knows.
bool
may_be_enum(const Template &node)
{
	return node.kind == Kind::string && is_name(node.text) && node.text != "true" &&
		   node.text != "false" && node.text != "null";
}

// "[ID!]!" of "[ID!]", "ID!" of "ID".
std::string
non_null(const TypeRef &type)
{
	return type.text + '!';
}

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

// Whether anything of `node` is left when columns that are not bound are left out.
bool
ArgumentWriter::sends(const Template &node) const
{
	switch (node.kind)
	{
		case Kind::column:
			return bound_index(node.column) < bound_.size();
		case Kind::list:
			return node.items.empty() ||
				   std::any_of(node.items.begin(), node.items.end(),
							   [&](const Template &item) { return sends(item); });
		case Kind::object:
			return node.members.empty() || std::any_of(node.members.begin(), node.members.end(),
													   [&](const Template::Member &member)
													   { return sends(member.second); });
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
	return may_be_enum(node) ||
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
	return reader_.missing;
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

void
ArgumentWriter::write(size_t element, size_t slot, std::string &out)
{
	std::string members;

	write_members(plan_.arguments[element], element, nullptr, true, slot, members);
	if (!members.empty())
	{
		out.append("(").append(members).append(")");
	}
}

void
ArgumentWriter::write_members(const Template &object, size_t element, const TypeRef *type,
							  bool top_level, size_t slot, std::string &out)
{
	const char *separator = "";

	for (const Template::Member &member : object.members)
	{
		if (sends(member.second))
		{
			const TypeRef *inner = !wants_type(member.second) ? nullptr
								   : top_level                ? argument_type(element, member.first)
															  : member_type(type, member.first);

			out.append(separator).append(member.first).append(": ");
			write_node(member.second, inner, top_level ? member.first : std::string_view(), slot,
					   out);
			separator = ", ";
		}
	}
}

void
ArgumentWriter::write_node(const Template &node, const TypeRef *type, std::string_view name,
						   size_t slot, std::string &out)
{
	const char *separator = "";

	switch (node.kind)
	{
		case Kind::literal:
			out.append(node.text);
			break;
		case Kind::string:
			if (type != nullptr && type->is_enum && may_be_enum(node))
			{
				out.append(node.text);
			}
			else
			{
				append_quoted(out, node.text);
			}
			break;
		case Kind::column:
			write_column(node.column, type, false, name, slot, out);
			break;
		case Kind::list:
			if (node.takes_many())
			{
				write_column(node.items[0].column, type, true, name, slot, out);
				break;
			}
			out.push_back('[');
			for (const Template &item : node.items)
			{
				if (sends(item))
				{
					TypeRef element = type == nullptr ? TypeRef() : element_of(*type);

					out.append(separator);
					write_node(item, type == nullptr ? nullptr : &element, name, slot, out);
					separator = ", ";
				}
			}
			out.push_back(']');
			break;
		case Kind::object:
			out.append("{");
			write_members(node, 0, type, false, slot, out);
			out.append("}");
	}
}

// `takes_many`: the template has a list around the column.
void
ArgumentWriter::write_column(int index, const TypeRef *type, bool takes_many, std::string_view name,
							 size_t slot, std::string &out)
{
	const Column &column = table_.columns[index];
	bool from_schema = !column.type && type != nullptr;
	TypeRef value;
	size_t brackets = 0;

	if (from_schema)
	{
		value = takes_many ? element_of(*type) : *type;
	}
	else
	{
		static_cast<TypeText &>(value) = column.type ? *column.type
										 : column.default_type.empty()
											 ? parse_type("String")
											 : parse_type(column.default_type);
		// Whether the lists of a declared type count the list in the template is left open.
		if (value.list && takes_many && !(column.array && value.text.substr(0, 2) != "[["))
		{
			value = element_of(value);
		}
		if (column.array && !value.list)
		{
			value.text = '[' + value.text + "!]";
			value.list = true;
		}
	}
	// The argument takes a list and the column has one value: a list of one.
	while (value.list && !column.array)
	{
		value = element_of(value);
		brackets++;
	}

	bool many = takes_many && !per_key_;

	brackets += takes_many && per_key_ ? 1 : 0;
	out.append(brackets, '[');
	out.push_back('$');
	out.append(variable_name(
		use_variable(index, many ? '[' + non_null(value) + "]!" : non_null(value), many, name),
		slot));
	out.append(brackets, ']');
}

// The variable for a column at a place of this type, made on first use. Names are those of the
// arguments, or of the columns below the top level ("_eq" says little), told apart by numbers.
size_t
ArgumentWriter::use_variable(int column, std::string type, bool many, std::string_view name)
{
	Variable variable;
	size_t bound = bound_index(column);

	for (size_t i = 0; i < variables_.size(); i++)
	{
		if (variables_[i].bound == bound && variables_[i].type == type)
		{
			return i;
		}
	}

	std::string base(name);

	if (base.empty())
	{
		base = is_name(table_.columns[column].name) ? table_.columns[column].name : "value";
	}
	variable = {base, std::move(type), bound, many};
	for (int number = 2;
		 std::any_of(variables_.begin(), variables_.end(),
					 [&](const Variable &other) { return other.name == variable.name; });
		 number++)
	{
		variable.name = base + '_' + std::to_string(number);
	}
	variables_.push_back(std::move(variable));
	return variables_.size() - 1;
}

std::string
ArgumentWriter::variable_name(size_t index, size_t slot) const
{
	return per_key_ ? alias_variable(index, slot) : variables_[index].name;
}

std::string
alias_variable(size_t index, size_t slot)
{
	return 'k' + std::to_string(slot) + (index == 0 ? "" : '_' + std::to_string(index));
}

}    // namespace gql
