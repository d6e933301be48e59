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

struct Selection
{
	SelectionNode row;
	std::vector<SelectedColumn> columns;    // in the order of QuerySpec::selected
	std::string text;                       // "{ id owner { name } }"; "" where rows are no objects
	bool self = false;                      // a column of path "." is wanted
	bool self_array = false;                // the table has one that is an array
};

// `condition`: the type that rows are of where the field yields objects of others, too; "" none.
// Everything is then asked for inside it, so that objects of other types come back empty.
Selection make_selection(const RemoteTable &table, const std::vector<int> &selected,
						 const std::string &condition = {});

}    // namespace gql
