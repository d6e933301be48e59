// How does the planner learn that a foreign table's declared key is unique?
//
// As a hypothetical unique index: joins on the key are estimated right and marked inner_unique, and
// a LEFT JOIN whose columns nobody uses is removed, requests and all. The promise must hold among
// all rows the table can show; answers that break it raise 21000 (fetch_raise_duplicate).

#include "pg/handler.hpp"
#include "pg/key_table.hpp"
#include "pg/prelude.hpp"
#include "pg/relation.hpp"

namespace gql::pg
{

namespace
{

get_relation_info_hook_type previous_relation_info_hook = nullptr;

IndexOptInfo *
make_key_index(RelOptInfo *rel, const TableOptions *options)
{
	int count = options->key_count;
	IndexOptInfo *index = makeNode(IndexOptInfo);

	index->rel = rel;
	index->ncolumns = index->nkeycolumns = count;
	index->indexkeys = static_cast<int *>(palloc0(sizeof(int) * count));
	index->indexcollations = static_cast<Oid *>(palloc0(sizeof(Oid) * count));
	index->opfamily = static_cast<Oid *>(palloc0(sizeof(Oid) * count));
	index->opcintype = static_cast<Oid *>(palloc0(sizeof(Oid) * count));
	index->canreturn = static_cast<bool *>(palloc0(sizeof(bool) * count));
	for (int i = 0; i < count; i++)
	{
		int column = options->key[i];
		Oid type = options->types[column];
		Oid opclass = GetDefaultOpClass(getBaseType(type), BTREE_AM_OID);

		// A collation that takes different keys for equal would make unique keys look repeated.
		if (!OidIsValid(opclass) || (OidIsValid(options->collations[column]) &&
									 !get_collation_isdeterministic(options->collations[column])))
		{
			return nullptr;
		}
		index->indexkeys[i] = options->attnums[column];
		index->indexcollations[i] = options->collations[column];
		index->opfamily[i] = get_opclass_family(opclass);
		index->opcintype[i] = get_opclass_input_type(opclass);

		Var *var = makeVar(rel->relid, options->attnums[column], type, options->typmods[column],
						   options->collations[column], 0);

		index->indextlist =
			lappend(index->indextlist,
					makeTargetEntry(reinterpret_cast<Expr *>(var), i + 1, nullptr, false));
	}
	index->relam = BTREE_AM_OID;
	index->unique = index->immediate = index->hypothetical = true;
	index->tuples = rel->tuples;
	return index;
}

void
relation_info_hook(PlannerInfo *root, Oid relation_id, bool inherits, RelOptInfo *rel)
{
	if (previous_relation_info_hook != nullptr)
	{
		previous_relation_info_hook(root, relation_id, inherits, rel);
	}
	// The key of an inheritance parent says nothing about the rows of its children.
	if (inherits || !is_graphql_relation(rel))
	{
		return;
	}
	const TableOptions *options = relation_plan(rel, relation_id)->options;
	IndexOptInfo *index = options->key_count > 0 ? make_key_index(rel, options) : nullptr;

	if (index != nullptr)
	{
		rel->indexlist = lappend(rel->indexlist, index);
	}
}

}    // namespace

void
unique_init()
{
	previous_relation_info_hook = get_relation_info_hook;
	get_relation_info_hook = relation_info_hook;
}

}    // namespace gql::pg
