// How do column paths become a selection set, and how is it printed?

#include "core/selection.hpp"

#include <algorithm>

namespace gql
{

namespace
{

using Read = SelectionNode::Read;

Read
read_of(Leaf leaf)
{
	return leaf == Leaf::scalar ? Read::scalar : leaf == Leaf::json ? Read::json : Read::composite;
}

SelectionNode &
add_child(std::vector<SelectionNode> &children, const PathStep &step, Read read)
{
	SelectionNode node;
	auto taken = [&](const std::string &key)
	{
		return std::any_of(children.begin(), children.end(),
						   [&](const SelectionNode &child) { return child.key == key; });
	};

	node.condition = step.condition;
	node.field = node.key = step.field;
	for (int number = 2; taken(node.key); number++)
	{
		node.key = step.field + '_' + std::to_string(number);
	}
	node.selection = step.selection;
	node.arguments = step.arguments;
	node.read = read;
	children.push_back(std::move(node));
	return children.back();
}

void
add_members(SelectionNode &node, const std::vector<Column> &members)
{
	for (const Column &member : members)
	{
		SelectionNode &child =
			add_child(node.children, PathStep{"", member.name, "", ""}, read_of(member.leaf));

		child.array = member.array;
		child.column = node.column;
		add_members(child, member.members);
	}
}

// Adds what `path` needs below `node`, sharing nodes that are read in the same way.
void
add_path(SelectionNode &node, const ColumnPath &path, size_t step, const Column &column)
{
	Read read = step + 1 < path.size() ? Read::object : read_of(column.leaf);

	for (SelectionNode &child : node.children)
	{
		if (child.condition == path[step].condition && child.field == path[step].field &&
			child.read == read && read != Read::composite &&
			child.selection == path[step].selection && child.arguments == path[step].arguments &&
			(read == Read::object || child.array == column.array))
		{
			if (read == Read::object)
			{
				add_path(child, path, step + 1, column);
			}
			return;
		}
	}

	SelectionNode &child = add_child(node.children, path[step], read);

	if (read == Read::object)
	{
		add_path(child, path, step + 1, column);
		return;
	}
	child.column = &column;
	child.array = column.array;
	add_members(child, column.members);
}

void
number_leaves(SelectionNode &node, size_t &next)
{
	node.first_leaf = next;
	if (node.read != Read::object)
	{
		next++;
	}
	else
	{
		for (SelectionNode &child : node.children)
		{
			number_leaves(child, next);
		}
	}
	node.leaf_count = next - node.first_leaf;
}

// The leaf that add_path() made or found for the column.
size_t
find_leaf(const SelectionNode &node, const ColumnPath &path, size_t step, const Column &column)
{
	bool last = step + 1 == path.size();

	for (const SelectionNode &child : node.children)
	{
		if (child.condition != path[step].condition || child.field != path[step].field ||
			child.selection != path[step].selection || child.arguments != path[step].arguments)
		{
			continue;
		}
		if (!last && child.read == Read::object)
		{
			return find_leaf(child, path, step + 1, column);
		}
		if (last && child.read == read_of(column.leaf) && child.array == column.array &&
			(child.read != Read::composite || child.column == &column))
		{
			return child.first_leaf;
		}
	}
	return 0;
}

void print_children(const SelectionNode &node, std::string &out);

void
print_node(const SelectionNode &node, std::string &out)
{
	if (node.key != node.field)
	{
		out.append(node.key).append(": ");
	}
	out.append(node.field).append(node.arguments).append(" ");
	if (!node.selection.empty())
	{
		out.append(node.selection).append(" ");
	}
	if (!node.children.empty())
	{
		print_children(node, out);
	}
}

// "{ id ... on Message { text } } ": fields without a condition first, then type by type.
void
print_children(const SelectionNode &node, std::string &out)
{
	std::vector<std::string> conditions = {""};

	for (const SelectionNode &child : node.children)
	{
		if (std::find(conditions.begin(), conditions.end(), child.condition) == conditions.end())
		{
			conditions.push_back(child.condition);
		}
	}
	out.append("{ ");
	for (const std::string &condition : conditions)
	{
		if (!condition.empty())
		{
			out.append("... on ").append(condition).append(" { ");
		}
		for (const SelectionNode &child : node.children)
		{
			if (child.condition == condition)
			{
				print_node(child, out);
			}
		}
		out.append(condition.empty() ? "" : "} ");
	}
	out.append("} ");
}

void
add_column(SelectionNode &object, const Column &column)
{
	for (const ColumnPath &path : column.paths)
	{
		add_path(object, path, 0, column);
	}
}

SelectedColumn
find_leaves(const SelectionNode &object, const Column &column)
{
	SelectedColumn reading = {&column, {}};

	for (const ColumnPath &path : column.paths)
	{
		reading.leaves.push_back(find_leaf(object, path, 0, column));
	}
	return reading;
}

// A field that is asked for anyway in the objects around the rows: no other may take its key.
void
reserve(SelectionNode &object, const std::string &field)
{
	SelectionNode &child = add_child(object.children, PathStep{"", field, "", ""}, Read::object);

	child.field.clear();
}

Enclosing
make_enclosing(const RemoteTable &table, const std::vector<int> &selected, const AccessPlan &plan,
			   size_t levels)
{
	Enclosing enclosing;
	std::vector<SelectionNode> &children = enclosing.object.children;
	size_t element = plan.field.size() - levels;
	size_t leaves = 0;

	reserve(enclosing.object, plan.field[element]);
	if (plan.pages && element == plan.paged + 1)
	{
		for (const std::vector<std::string> *path : {&plan.pages->next, &plan.pages->more})
		{
			if (!path->empty())
			{
				reserve(enclosing.object, path->front());
			}
		}
	}

	auto reserved = static_cast<std::ptrdiff_t>(children.size());

	for (int index : selected)
	{
		if (table.columns[index].levels == levels)
		{
			add_column(enclosing.object, table.columns[index]);
		}
	}
	children.erase(children.begin(), children.begin() + reserved);
	number_leaves(enclosing.object, leaves);
	for (int index : selected)
	{
		if (table.columns[index].levels == levels)
		{
			enclosing.columns.push_back(find_leaves(enclosing.object, table.columns[index]));
		}
	}
	if (!children.empty())
	{
		constexpr size_t brace = 2;    // with the blank behind it, or before

		print_children(enclosing.object, enclosing.text);
		enclosing.text = enclosing.text.substr(brace, enclosing.text.size() - 2 * brace - 1);
	}
	return enclosing;
}

}    // namespace

Selection
make_selection(const RemoteTable &table, const std::vector<int> &selected, const AccessPlan &plan)
{
	const std::string &condition = plan.condition;
	Selection selection;
	size_t levels = 0;
	bool rows_are_objects = false;
	bool table_has_self = false;
	bool whole_row = false;
	size_t leaves = 0;

	for (const Column &column : table.columns)
	{
		rows_are_objects = rows_are_objects || (!column.paths.empty() && column.levels == 0);
		table_has_self = table_has_self || column.self;
		selection.self_array = selection.self_array || (column.self && column.array);
	}
	for (int index : selected)
	{
		const Column &column = table.columns[index];

		if (column.levels == 0)
		{
			add_column(selection.row, column);
		}
		levels = std::max(levels, column.levels);
		selection.self = selection.self || column.self;
		whole_row = whole_row || (column.self && column.leaf == Leaf::json);
	}
	// The whole row as JSON, where rows are objects: all that the table knows of them.
	for (size_t i = 0; whole_row && i < table.columns.size(); i++)
	{
		if (table.columns[i].levels == 0)
		{
			add_column(selection.row, table.columns[i]);
		}
	}

	number_leaves(selection.row, leaves);
	for (int index : selected)
	{
		const Column &column = table.columns[index];

		selection.columns.push_back(column.levels == 0 ? find_leaves(selection.row, column)
													   : SelectedColumn{&column, {}});
	}
	for (size_t level = 1; level <= levels; level++)
	{
		selection.enclosing.push_back(make_enclosing(table, selected, plan, level));
	}

	if (!selection.row.children.empty())
	{
		print_children(selection.row, selection.text);
		selection.text.pop_back();
	}
	else if (!condition.empty() || (!selection.self && (rows_are_objects || !table_has_self)))
	{
		selection.text = "{ __typename }";    // rows are counted, nothing of them is wanted
	}
	if (!condition.empty())
	{
		selection.text = "{ ... on " + condition + ' ' + selection.text + " }";
	}
	return selection;
}

}    // namespace gql
