// How does one way to reach the rows of a table get its arguments?

#include "core/access_builder.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

void
merge(Template &object, const std::string &name, Template node, std::string_view spelling,
	  const std::string &table)
{
	Template *present = object.find(name);

	if (present == nullptr)
	{
		object.members.emplace_back(name, std::move(node));
		return;
	}
	if (present->kind != Template::Kind::object || node.kind != Template::Kind::object)
	{
		throw Failure(Code::invalid_option, "argument " + in_quotes(spelling) +
												" of foreign table " + in_quotes(table) +
												" is given twice");
	}
	for (Template::Member &member : node.members)
	{
		merge(*present, member.first, std::move(member.second), spelling, table);
	}
}

// Whether a list of keys is somewhere in the arguments.
bool
holds_list(const Template &node)
{
	return node.takes_many() || std::any_of(node.items.begin(), node.items.end(), holds_list) ||
		   std::any_of(node.members.begin(), node.members.end(),
					   [](const Template::Member &member) { return holds_list(member.second); });
}

}    // namespace

void
place_argument(AccessPlan &plan, std::string_view spelling, Template value,
			   const std::string &table)
{
	ArgumentPath argument = parse_argument(spelling);
	Template &at = plan.arguments[argument_element(plan.field, argument)];

	for (size_t i = argument.names.size(); i > 1; i--)
	{
		Template outer;

		outer.members.emplace_back(argument.names[i - 1], std::move(value));
		value = std::move(outer);
	}
	merge(at, argument.names[0], std::move(value), spelling, table);
}

AccessBuilder::AccessBuilder(const RemoteTable &table, std::string_view field,
							 std::string_view option)
	: table_(table), option_(option)
{
	plan_.field = parse_field(field);
	plan_.text = field;
	plan_.arguments.resize(plan_.field.size());
}

void
AccessBuilder::add_template(Template arguments)
{
	for (Template::Member &member : arguments.members)
	{
		resolve(member.second);
		note_columns(member.second, false);
		place(member.first, std::move(member.second));
	}
}

void
AccessBuilder::set_condition(std::string type)
{
	plan_.condition = std::move(type);
}

void
AccessBuilder::add_columns()
{
	for (size_t i = 0; i < table_.columns.size(); i++)
	{
		const Column &column = table_.columns[i];
		Template node;

		if (column.argument)
		{
			node.kind = Template::Kind::column;
			node.text = column.name;
			node.column = static_cast<int>(i);
			note(node.column,
				 !column.type            ? Need::unknown
				 : column.type->required ? Need::required
										 : Need::optional,
				 false);
			place(column.argument_text, std::move(node));
		}
	}
}

bool
AccessBuilder::shares(const std::vector<std::string> &field, std::string_view spelling) const
{
	ArgumentPath argument = parse_argument(spelling);
	size_t element = argument_element(field, argument);
	size_t behind = field.size() - element;

	if (plan_.field.size() > element &&
		std::equal(field.begin(), field.begin() + static_cast<long>(element) + 1,
				   plan_.field.begin()))
	{
		return argument_element(plan_.field, argument) == element;
	}
	return element > 0 && plan_.field.size() > behind &&
		   std::equal(field.rbegin(), field.rbegin() + static_cast<long>(behind),
					  plan_.field.rbegin()) &&
		   argument_element(plan_.field, argument) == plan_.field.size() - behind;
}

// Whether the argument is there for whoever wants to give it.
bool
AccessBuilder::takes(std::string_view spelling)
{
	ArgumentPath argument = parse_argument(spelling);
	Template &given = plan_.arguments[argument_element(plan_.field, argument)];

	return given.find(argument.names[0]) == nullptr;
}

void
AccessBuilder::add_order(const std::vector<std::string> &field, const Order &order)
{
	plan_.ordered = shares(field, order.argument) && takes(order.argument) &&
					(order.style != OrderStyle::arguments ||
					 (shares(field, order.direction) && takes(order.direction)));
}

void
AccessBuilder::add_pages(Pagination pages, std::string_view option)
{
	std::string_view before = std::exchange(option_, option);
	Template node;

	plan_.paged = argument_element(plan_.field, parse_argument(pages.position));
	if (!pages.size.empty())
	{
		if (argument_element(plan_.field, parse_argument(pages.size)) != plan_.paged)
		{
			refuse("has pages whose size and position are arguments of different fields");
		}
		node.kind = Template::Kind::page_size;
		place(pages.size, node);
	}
	node.kind = Template::Kind::page_position;
	place(pages.position, std::move(node));
	check_beside_rows(pages.next);
	check_beside_rows(pages.more);
	plan_.page_info = page_info_text(pages);
	plan_.pages = std::move(pages);
	option_ = before;
}

AccessPlan
AccessBuilder::finish()
{
	size_t lists = static_cast<size_t>(std::count_if(plan_.columns.begin(), plan_.columns.end(),
													 [](const AccessArgument &argument)
													 { return argument.list; }));

	if (lists > 1)
	{
		refuse("puts several columns into lists: one request can take many values of one "
			   "column only");
	}
	plan_.door.list = lists == 0 ? ListKind::none : list_kind();
	for (size_t i = 0; plan_.pages && i < plan_.paged; i++)
	{
		plan_.nested = plan_.nested || holds_list(plan_.arguments[i]);
	}
	return std::move(plan_);
}

ListKind
AccessBuilder::list_kind() const
{
	for (const Template &arguments : plan_.arguments)
	{
		for (const Template::Member &member : arguments.members)
		{
			if (member.second.takes_many() && member.second.items[0].is_representation())
			{
				return ListKind::entities;
			}
			if (member.second.takes_many())
			{
				return plan_.field[0] == "nodes" && !plan_.condition.empty() ? ListKind::nodes
																			 : ListKind::argument;
			}
		}
	}
	return ListKind::filter;
}

void
AccessBuilder::refuse(const std::string &problem, const char *hint) const
{
	throw Failure(Code::invalid_option,
				  "option " + in_quotes(option_) + " of foreign table " + in_quotes(table_.name) +
					  ' ' + problem,
				  {}, hint);
}

// What is said of a page is read while rows are looked for, not inside them.
void
AccessBuilder::check_beside_rows(const std::vector<std::string> &path) const
{
	auto rows = plan_.field.begin() + static_cast<long>(plan_.paged) + 1;
	auto length = static_cast<size_t>(plan_.field.end() - rows);

	if (!path.empty() && path.size() >= length && std::equal(rows, plan_.field.end(), path.begin()))
	{
		refuse("reads " + in_quotes(path.back()) + " of pages inside the rows of field " +
				   in_quotes(plan_.text) + ": it must stand beside them",
			   "Where another element of the field is paged, name it: "
			   "repositories(after).");
	}
}

// Finds the columns that `node` names.
void
AccessBuilder::resolve(Template &node) const
{
	if (node.kind == Template::Kind::column)
	{
		for (size_t i = 0; i < table_.columns.size(); i++)
		{
			node.column = table_.columns[i].name == node.text ? static_cast<int>(i) : node.column;
		}
		if (node.column < 0)
		{
			refuse("names column " + in_quotes(node.text) + ", which does not exist");
		}
	}
	for (Template &item : node.items)
	{
		resolve(item);
	}
	for (Template::Member &member : node.members)
	{
		resolve(member.second);
	}
}

void
AccessBuilder::note_columns(const Template &node, bool in_list)
{
	if (node.kind == Template::Kind::column)
	{
		note(node.column, Need::required, in_list);
	}
	in_list = in_list || node.takes_many();
	for (const Template &item : node.items)
	{
		note_columns(item, in_list);
	}
	for (const Template::Member &member : node.members)
	{
		note_columns(member.second, in_list);
	}
}

void
AccessBuilder::note(int column, Need need, bool list)
{
	for (AccessArgument &known : plan_.columns)
	{
		if (known.column == column)
		{
			if (known.list || list)
			{
				refuse("uses column " + in_quotes(table_.columns[column].name) +
					   " in a list and in another place");
			}
			known.need = known.need == Need::required ? known.need : need;
			return;
		}
	}
	plan_.columns.push_back({column, need, list});
}

void
AccessBuilder::place(std::string_view spelling, Template node)
{
	place_argument(plan_, spelling, std::move(node), table_.name);
}

}    // namespace gql
