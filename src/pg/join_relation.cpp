// What do a table of objects and one of the lists inside them look like as one table?

#include "pg/join_relation.hpp"

#include "pg/errors.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

RemoteTable *
open_table(const RemoteTable *child, const RemoteTable *parent, const JoinTerms &terms)
{
	JoinSpec spec;
	int count = list_length(terms.keys) / 2;
	auto *keys = static_cast<JoinKey *>(palloc(sizeof(JoinKey) * count));
	Error err;

	for (int i = 0; i < count; i++)
	{
		keys[i] = {list_nth_int(terms.keys, 2 * i), list_nth_int(terms.keys, 2 * i + 1)};
	}
	spec.parent = parent;
	spec.child = child;
	spec.keys = keys;
	spec.key_count = count;
	spec.filters_parent = terms.filters_parent;
	RemoteTable *table = try_own<table_close>(
		CurrentMemoryContext, [&](Error &failure) { return join_table_open(spec, failure); }, &err);

	if (err.code != Code::none)
	{
		raise(err);
	}
	return table;
}

// A column of the parent, read of the object around the row.
ColumnSpec
raise_column(const ColumnSpec *column, int levels)
{
	ColumnSpec raised = *column;
	StringInfoData path;

	if (column->path.empty())
	{
		return raised;
	}
	initStringInfo(&path);
	for (int i = 0; i < levels; i++)
	{
		appendStringInfoString(&path, "..");
	}
	appendBinaryStringInfo(&path, column->path.data(), static_cast<int>(column->path.size()));
	raised.path = std::string_view(path.data, path.len);
	return raised;
}

void
append_columns(TableOptions *both, const TableOptions *side, int levels)
{
	auto *columns = const_cast<ColumnSpec *>(both->spec.columns);

	for (size_t i = 0; i < side->spec.column_count; i++)
	{
		size_t at = both->spec.column_count++;

		columns[at] = raise_column(&side->spec.columns[i], levels);
		both->attnums[at] = static_cast<AttrNumber>(at + 1);
		both->types[at] = side->types[i];
		both->typmods[at] = side->typmods[i];
		both->collations[at] = side->collations[i];
		both->not_null[at] = side->not_null[i];
	}
}

// Settings of the server are those of the table whose rows come in pages; the key is the child's.
TableOptions *
join_options(const TableOptions *child, const TableOptions *parent, int levels)
{
	size_t count = child->spec.column_count + parent->spec.column_count;
	auto *both = static_cast<TableOptions *>(palloc(sizeof(TableOptions)));

	*both = *child;
	both->server = child->spec.pagination.empty() ? parent->server : child->server;
	both->spec.columns = static_cast<ColumnSpec *>(palloc(sizeof(ColumnSpec) * count));
	both->spec.column_count = 0;
	both->attnums = static_cast<AttrNumber *>(palloc(sizeof(AttrNumber) * count));
	both->types = static_cast<Oid *>(palloc(sizeof(Oid) * count));
	both->typmods = static_cast<int32 *>(palloc(sizeof(int32) * count));
	both->collations = static_cast<Oid *>(palloc(sizeof(Oid) * count));
	both->not_null = static_cast<bool *>(palloc(sizeof(bool) * count));
	append_columns(both, child, 0);
	append_columns(both, parent, levels);
	return both;
}

}    // namespace

JoinedTable *
joined_table(const TableOptions *child, const RemoteTable *child_table, const TableOptions *parent,
			 const RemoteTable *parent_table, const JoinTerms &terms)
{
	auto *joined = static_cast<JoinedTable *>(palloc0(sizeof(JoinedTable)));

	joined->child = child;
	joined->parent = parent;
	joined->terms = terms;
	joined->levels = static_cast<int>(table_levels(child_table, linitial_int(terms.keys)));
	joined->pages_rows = table_pages_lists(child_table, static_cast<size_t>(joined->levels));
	joined->first_parent = static_cast<int>(child->spec.column_count);
	joined->options = join_options(child, parent, joined->levels);
	joined->table = open_table(child_table, parent_table, terms);
	return joined;
}

}    // namespace gql::pg
