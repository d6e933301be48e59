// How are a table of objects and a table of the lists inside them asked for as one?
#pragma once

#include <cstddef>

#include "core/door/error.hpp"
#include "core/door/table.hpp"

namespace gql
{

// A column of the child that reads what a column of the parent reads, of the object around the row.
struct JoinKey
{
	int child;
	int parent;
};

struct JoinSpec
{
	const RemoteTable *parent = nullptr;
	const RemoteTable *child = nullptr;
	const JoinKey *keys = nullptr;    // all columns by which the parent's rows are told apart
	size_t key_count = 0;
	bool filters_parent = false;    // whose filter it has: the parent's, or the child's
};

// The table whose rows are the child's, each beside what the parent's columns read of the object
// around it: the child's columns, then the parent's. It has an access for each of the parent's
// through which the lists are reached; what it orders by is not known. nullptr without an error
// where the child's rows do not follow from the parent's alone.
RemoteTable *join_table_open(const JoinSpec &spec, Error &err) noexcept;

// How many levels above its row the column reads.
size_t table_levels(const RemoteTable *table, int column) noexcept;

// Do the lists so many levels below the objects come in pages, each of them?
bool table_pages_lists(const RemoteTable *table, size_t levels) noexcept;

}    // namespace gql
