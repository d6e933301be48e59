// How does one way to reach the rows of a table get its arguments?

#include "core/access_builder.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

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
AccessBuilder::shares_pages(const std::vector<std::string> &field, const Pagination &pages) const
{
	ArgumentPath position = parse_argument(pages.position);
	size_t paged = argument_element(field, position);

	return plan_.field.size() > paged &&
		   std::equal(field.begin(), field.begin() + static_cast<long>(paged) + 1,
					  plan_.field.begin()) &&
		   argument_element(plan_.field, position) == paged;
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
	ArgumentPath argument = parse_argument(spelling);
	Template *at = &plan_.arguments[argument_element(plan_.field, argument)];

	for (size_t i = argument.names.size(); i > 1; i--)
	{
		Template outer;

		outer.members.emplace_back(argument.names[i - 1], std::move(node));
		node = std::move(outer);
	}
	merge(*at, argument.names[0], std::move(node), spelling);
}

void
AccessBuilder::merge(Template &object, const std::string &name, Template node,
					 std::string_view spelling)
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
												" of foreign table " + in_quotes(table_.name) +
												" is given twice");
	}
	for (Template::Member &member : node.members)
	{
		merge(*present, member.first, std::move(member.second), spelling);
	}
}

}    // namespace gql
