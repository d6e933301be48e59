// What do a table of objects and one of the lists inside them look like as one table?
#pragma once

#include "core/door/join.hpp"
#include "core/door/table.hpp"

#include "pg/options.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// Which columns of the child read the parent's key, and what becomes of it: as the plan carries it,
// see JoinPrivate.
struct JoinTerms
{
	List *keys;             // IntList: a column of the child and one of the parent, by turns
	bool outer;             // parents without rows are rows, too
	bool filters_parent;    // the filter is the parent's
};

// Columns are the child's, then the parent's; attributes are numbered in the same way.
struct JoinedTable
{
	const TableOptions *child;
	const TableOptions *parent;
	JoinTerms terms;
	TableOptions *options;    // of both
	RemoteTable *table;       // nullptr: the child's rows are not inside the parent's
	int first_parent;         // the first of the parent's columns
	int levels;               // how far the parent's objects are above the rows
	bool pages_rows;          // each list comes in pages: it is read by keys of its parent
};

// `keys` of the terms must not be empty. palloc'd; the table belongs to the current context.
JoinedTable *joined_table(const TableOptions *child, const RemoteTable *child_table,
						  const TableOptions *parent, const RemoteTable *parent_table,
						  const JoinTerms &terms);

}    // namespace gql::pg
