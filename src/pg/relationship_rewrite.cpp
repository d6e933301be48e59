// How is the body of a relationship's function changed?

#include "pg/relationship_rewrite.hpp"

#include "pg/prelude.hpp"
#include "pg/relationship.hpp"
#include "pg/relationship_body.hpp"

namespace gql::pg
{

namespace
{

Bitmapset *
columns_in(Node *node)
{
	Bitmapset *offset = nullptr;
	Bitmapset *columns = nullptr;
	int member = -1;

	pull_varattnos(node, 1, &offset);
	while ((member = bms_next_member(offset, member)) >= 0)
	{
		columns = bms_add_member(columns, member + FirstLowInvalidHeapAttributeNumber);
	}
	return columns;
}

bool
add_field(Node *node, void *context)
{
	auto **columns = static_cast<Bitmapset **>(context);

	if (node != nullptr && IsA(node, FieldSelect) &&
		IsA(reinterpret_cast<FieldSelect *>(node)->arg, Param))
	{
		*columns = bms_add_member(*columns, reinterpret_cast<FieldSelect *>(node)->fieldnum);
		return false;
	}
	return node != nullptr && walk_expression(node, add_field, context);
}

// The columns of the target that the function matches by, also those it takes out of its row where
// that is a row of the target, too.
Bitmapset *
matched_columns(HeapTuple function, const RelationshipBody *body, Relation target)
{
	auto form = reinterpret_cast<Form_pg_proc>(GETSTRUCT(function));
	Node *quals = body->query->jointree->quals;
	Bitmapset *columns = columns_in(quals);

	if (form->proargtypes.values[0] == target->rd_rel->reltype)
	{
		add_field(quals, &columns);
	}
	return columns;
}

// What the function depends on of the target are the columns in its body.
void
replace_dependencies(Oid function, Oid target, const Bitmapset *columns)
{
	Relation catalog = ::table_open(DependRelationId, RowExclusiveLock);
	ScanKeyData keys[2];
	const ObjectAddress depender = {ProcedureRelationId, function, 0};
	int column = -1;

	ScanKeyInit(&keys[0], Anum_pg_depend_classid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(ProcedureRelationId));
	ScanKeyInit(&keys[1], Anum_pg_depend_objid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(function));
	SysScanDesc scan = systable_beginscan(catalog, DependDependerIndexId, true, nullptr, 2, keys);

	while (HeapTuple tuple = systable_getnext(scan))
	{
		auto depend = reinterpret_cast<Form_pg_depend>(GETSTRUCT(tuple));

		if (depend->refclassid == RelationRelationId && depend->refobjid == target &&
			depend->refobjsubid > 0)
		{
			CatalogTupleDelete(catalog, &tuple->t_self);
		}
	}
	systable_endscan(scan);
	::table_close(catalog, RowExclusiveLock);
	while ((column = bms_next_member(columns, column)) >= 0)
	{
		const ObjectAddress referenced = {RelationRelationId, target, column};

		recordDependencyOn(&depender, &referenced, DEPENDENCY_NORMAL);
	}
}

void
store_body(HeapTuple function, const RelationshipBody *body)
{
	Relation catalog = ::table_open(ProcedureRelationId, RowExclusiveLock);
	Datum values[Natts_pg_proc] = {};
	bool nulls[Natts_pg_proc] = {};
	bool replaced[Natts_pg_proc] = {};

	values[Anum_pg_proc_prosqlbody - 1] = CStringGetTextDatum(nodeToString(body->stored));
	replaced[Anum_pg_proc_prosqlbody - 1] = true;
	HeapTuple changed =
		heap_modify_tuple(function, RelationGetDescr(catalog), values, nulls, replaced);

	CatalogTupleUpdate(catalog, &changed->t_self, changed);
	::table_close(catalog, RowExclusiveLock);
}

// The table as the parser would describe it now.
void
describe_table(const RelationshipBody *body, Relation target, const Bitmapset *columns)
{
	TupleDesc attributes = RelationGetDescr(target);
	List *names = NIL;
	Bitmapset *selected = nullptr;
	int column = -1;

	for (int i = 0; i < attributes->natts; i++)
	{
		const FormData_pg_attribute *attribute = TupleDescAttr(attributes, i);

		names = lappend(
			names, makeString(pstrdup(attribute->attisdropped ? "" : NameStr(attribute->attname))));
	}
	body->table->eref->colnames = names;
	while ((column = bms_next_member(columns, column)) >= 0)
	{
		selected = bms_add_member(selected, column - FirstLowInvalidHeapAttributeNumber);
	}
	set_selected_columns(body->query, body->table, selected);
}

void
set_columns(const RelationshipBody *body, List *columns, Relation target)
{
	List *list = NIL;
	ListCell *cell;

	foreach (cell, columns)
	{
		auto *column = static_cast<Var *>(lfirst(cell));
		TargetEntry *entry = makeTargetEntry(
			reinterpret_cast<Expr *>(column), static_cast<AttrNumber>(list_length(list) + 1),
			get_attname(RelationGetRelid(target), column->varattno, false), false);

		entry->resorigtbl = RelationGetRelid(target);
		entry->resorigcol = column->varattno;
		list = lappend(list, entry);
	}
	body->query->targetList = list;
}

// OFFSET 0 lets the key into a view that is a security barrier.
bool
set_barrier(Query *query, Relation target)
{
	const bool barrier = is_security_barrier(target);

	if (barrier == (query->limitOffset != nullptr))
	{
		return false;
	}
	query->limitOffset =
		barrier ? reinterpret_cast<Node *>(makeConst(INT8OID, -1, InvalidOid, sizeof(int64),
													 Int64GetDatum(0), false, FLOAT8PASSBYVAL))
				: nullptr;
	return true;
}

// `context` is the type.
Node *
type_parameters(Node *node, void *context)
{
	if (node != nullptr && IsA(node, Param))
	{
		Param *parameter = copy_node(reinterpret_cast<Param *>(node));

		parameter->paramtype = *static_cast<Oid *>(context);
		return reinterpret_cast<Node *>(parameter);
	}
	return node == nullptr ? nullptr : mutate_expression(node, type_parameters, context);
}

// The function as the last statement that changed one of its ends has left it.
HeapTuple
lock_function(Oid function)
{
	LockDatabaseObject(ProcedureRelationId, function, 0, AccessExclusiveLock);
	return SearchSysCacheCopy1(PROCOID, ObjectIdGetDatum(function));
}

}    // namespace

void
type_row(Oid function, Oid type)
{
	HeapTuple tuple = lock_function(function);
	RelationshipBody body;

	if (HeapTupleIsValid(tuple) && read_body(tuple, &body))
	{
		Node *quals = body.query->jointree->quals;

		body.query->jointree->quals = type_parameters(quals, &type);
		if (!equal(quals, body.query->jointree->quals))
		{
			store_body(tuple, &body);
			CommandCounterIncrement();
		}
	}
}

void
return_columns(Oid function, Relation target, Bitmapset *hidden)
{
	HeapTuple tuple = lock_function(function);
	RelationshipBody body;

	if (HeapTupleIsValid(tuple) && read_body(tuple, &body))
	{
		Bitmapset *matched = matched_columns(tuple, &body, target);
		List *columns = body_columns(target, bms_difference(hidden, matched));
		const bool changed = set_barrier(body.query, target);

		if (changed || !returns_columns(&body, columns))
		{
			Bitmapset *used = bms_union(matched, columns_in(reinterpret_cast<Node *>(columns)));

			set_columns(&body, columns, target);
			describe_table(&body, target, used);
			store_body(tuple, &body);
			replace_dependencies(function, RelationGetRelid(target), used);
			CommandCounterIncrement();
		}
	}
}

}    // namespace gql::pg
