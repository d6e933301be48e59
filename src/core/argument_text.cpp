// How are arguments written, and into which variables do values go?

#include "core/arguments.hpp"

#include <algorithm>

#include "core/filter.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

using Kind = Template::Kind;

// "[ID!]!" of "[ID!]", "ID!" of "ID".
std::string
non_null(const TypeRef &type)
{
	return type.text + '!';
}

}    // namespace

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
			if (type != nullptr && type->kind == TypeKind::enumeration && node.may_be_enum())
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
			if (node.takes_many() && node.items[0].is_representation())
			{
				write_representation(node.items[0], name, slot, out);
				break;
			}
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
			break;
		case Kind::page_size:
		case Kind::page_position:
		case Kind::list_size:
			write_page(node, type, name, slot, out);
			break;
		case Kind::filter:
			write_filter_value(node, name, slot, out);
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
	Variable variable;

	brackets += takes_many && per_key_ ? 1 : 0;
	variable.name = !name.empty()          ? std::string(name)
					: is_name(column.name) ? column.name
										   : "value";
	variable.type = many ? '[' + non_null(value) + "]!" : non_null(value);
	variable.value = many ? Variable::Value::keys : Variable::Value::key;
	variable.bound = bound_index(index);
	out.append(brackets, '[');
	out.push_back('$');
	out.append(variable_name(use_variable(std::move(variable)), slot));
	out.append(brackets, ']');
}

// The list around an object that a federation finds by key.
void
ArgumentWriter::write_representation(const Template &node, std::string_view name, size_t slot,
									 std::string &out)
{
	Variable variable;

	variable.name = name.empty() ? "representations" : std::string(name);
	variable.type = per_key_ ? "_Any!" : "[_Any!]!";
	variable.value = per_key_ ? Variable::Value::key : Variable::Value::keys;
	variable.bound = bound_index(node.find_column()->column);
	variable.representation = &node;
	out.append(per_key_ ? "[$" : "$");
	out.append(variable_name(use_variable(std::move(variable)), slot));
	out.append(per_key_ ? "]" : "");
}

// A cursor may be absent, so that the document is the same for the first page as for the others.
void
ArgumentWriter::write_page(const Template &node, const TypeRef *type, std::string_view name,
						   size_t slot, std::string &out)
{
	const Pagination &pages = node.kind == Kind::list_size ? plan_.lists->pages : *plan_.pages;
	bool size = node.kind != Kind::page_position;
	bool cursor = !size && (pages.style == PageStyle::relay || pages.style == PageStyle::token);
	std::string spelled = size ? pages.size : pages.position;
	Variable variable;

	variable.name = !name.empty() ? std::string(name) : parse_argument(spelled).names.back();
	variable.type = type != nullptr ? type->text : cursor ? "String" : "Int";
	variable.type.append(cursor ? "" : "!");
	variable.value = node.kind == Kind::list_size ? Variable::Value::list_size
					 : size                       ? Variable::Value::size
												  : Variable::Value::position;
	out.push_back('$');
	out.append(variable_name(use_variable(std::move(variable)), slot));
}

// What the values decide by themselves is not sent, so the variable may be left out where the place
// lets it. A comparison that is an argument by itself is typed like its column where nobody knows
// better.
void
ArgumentWriter::write_filter_value(const Template &node, std::string_view name, size_t slot,
								   std::string &out)
{
	const TypeInfo *values;
	const TypeRef *type = node.column < 0 ? filter_type() : operand_type(node.column, values);
	Variable variable;

	variable.name = name.empty() ? "filter" : std::string(name);
	variable.value = Variable::Value::filter;
	variable.node = node.column;
	variable.bound = plan_.filter_key < 0 ? 0 : bound_index(plan_.filter_key);
	if (type != nullptr)
	{
		variable.type = type->text + (type->required || node.required ? "!" : "");
	}
	else if (node.column >= 0)
	{
		const FilterNode &compared = filter_[node.column];
		std::string element = table_.columns[compared.column].default_type;

		variable.type = compared.value < 0 ? "Boolean"
						: compared.op == FilterOperator::in || compared.op == FilterOperator::not_in
							? '[' + element + "!]"
							: element;
	}
	out.push_back('$');
	out.append(variable_name(use_variable(std::move(variable)), slot));
}

// The variable with this value and type, made on first use. Names are those of the arguments, or of
// the columns below the top level ("_eq" says little), told apart by numbers.
size_t
ArgumentWriter::use_variable(Variable variable)
{
	std::string base = variable.name;

	for (size_t i = 0; i < variables_.size(); i++)
	{
		if (variables_[i].value == variable.value && variables_[i].bound == variable.bound &&
			variables_[i].type == variable.type && variables_[i].node == variable.node &&
			variables_[i].representation == variable.representation)
		{
			return i;
		}
	}
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

// Pages of one size are the rule. Numbered ones may go on in sizes that differ from key to key.
bool
ArgumentWriter::is_per_slot(const Variable &variable) const
{
	return per_key_ && (variable.value != Variable::Value::filter || plan_.filter_key >= 0) &&
		   (variable.value != Variable::Value::size || plan_.pages->style == PageStyle::page);
}

// "k0" and, where keys have several variables, "k0_1" for those of one key.
std::string
ArgumentWriter::variable_name(size_t index, size_t slot) const
{
	if (is_per_slot(variables_[index]))
	{
		return 'k' + std::to_string(slot) + (index == 0 ? "" : '_' + std::to_string(index));
	}
	if (per_key_ && variables_[index].value == Variable::Value::filter)
	{
		return "filter" +
			   (variables_[index].node < 0 ? "" : std::to_string(variables_[index].node));
	}
	return per_key_ ? "size" : variables_[index].name;
}

}    // namespace gql
