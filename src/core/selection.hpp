// Which fields are asked for so that the wanted columns can be read, and where does each column
// find its value?
//
// Column paths are merged into one tree. Its leaves are numbered in the order of a walk, so the
// leaves below a node are neighbours.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/table.hpp"

namespace gql
{

struct SelectionNode
{
	enum class Read
	{
		object,    // goes on into children
		scalar,
		json,
		composite,    // children are the members
	};

	std::string condition;    // type condition, "" none
	std::string field;
	std::string key;    // in the response: the field's name, or an alias
	std::string
		selection;    // of a json leaf: which fields of the object it wants, "" where it is none
	std::string arguments;    // "(columns: [price])", "" none
	Read read = Read::object;
	bool array = false;                // leaves: as in ColumnSpec
	const Column *column = nullptr;    // leaves: the first column that reads it, for messages
	std::vector<SelectionNode> children;
	size_t first_leaf = 0;
	size_t leaf_count = 0;    // 1 for leaves themselves
};

struct SelectedColumn
{
	const Column *column;
	std::vector<size_t> leaves;    // alternatives: the first that is not null
};

// What is read of the objects so many levels above the rows, and the columns that are.
struct Enclosing
{
	SelectionNode object;
	std::vector<SelectedColumn> columns;
	std::string text;    // "id owner { name }": stands beside the way to the rows; "" nothing
};

struct Selection
{
	SelectionNode row;
	std::vector<SelectedColumn> columns;    // in the order of QuerySpec::selected
	std::vector<Enclosing> enclosing;       // [0]: one level above the rows
	std::string text;                       // "{ id owner { name } }"; "" where rows are no objects
	bool self = false;                      // a column of path "." is wanted
	bool self_array = false;                // the table has one that is an array
};

// The rows come through `plan`. Where its field yields objects of other types, too, everything is
// asked for inside a type condition, so that those come back empty.
Selection make_selection(const RemoteTable &table, const std::vector<int> &selected,
						 const AccessPlan &plan);

}    // namespace gql
