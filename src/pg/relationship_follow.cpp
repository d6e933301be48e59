// How do relationships keep up with the columns of their targets?
//
// The function of a relationship returns rows of its target, so it has to return the columns that
// the target has. Event triggers see to that: before a column is dropped or gets another type,
// functions that only return it let go of it (those that match by it are left to PostgreSQL, which
// refuses or cascades), and after any change of columns they return what there is.
//
// The bodies are changed as trees, without parsing: nothing of anybody's is run, and it does not
// matter who owns what. That the user may alter the target is enough.

#include <cstring>

#include "pg/prelude.hpp"
#include "pg/relationship.hpp"

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
	const bool barrier = RelationIsSecurityView(target);

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

void
rebuild(Oid function, Relation target, Bitmapset *hidden)
{
	HeapTuple tuple = SearchSysCacheCopy1(PROCOID, ObjectIdGetDatum(function));
	RelationshipBody body;

	if (HeapTupleIsValid(tuple) && read_body(tuple, &body))
	{
		Bitmapset *matched = columns_in(body.query->jointree->quals);
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

// `names` are the columns that are about to go.
void
follow_relation(Oid relation_id, List *names)
{
	ListCell *cell;

	foreach (cell, functions_about(relation_id))
	{
		Relationship relationship;

		if (!read_relationship(lfirst_oid(cell), &relationship) ||
			relationship.target != relation_id)
		{
			continue;
		}
		Relation target = relation_open(relation_id, AccessShareLock);
		Bitmapset *hidden = nullptr;
		ListCell *name;

		foreach (name, names)
		{
			AttrNumber column = get_attnum(relation_id, strVal(lfirst(name)));

			hidden = column > 0 ? bms_add_member(hidden, column) : hidden;
		}
		rebuild(relationship.function, target, hidden);
		relation_close(target, NoLock);
	}
}

// Columns that the statement drops or gives another type.
List *
columns_going(const AlterTableStmt *statement)
{
	List *names = NIL;
	ListCell *cell;

	foreach (cell, statement->cmds)
	{
		auto *command = lfirst_node(AlterTableCmd, cell);

		if (command->subtype == AT_DropColumn || command->subtype == AT_AlterColumnType)
		{
			names = lappend(names, makeString(command->name));
		}
	}
	return names;
}

void
follow_statement(Node *statement, bool before)
{
	RangeVar *relation = IsA(statement, AlterTableStmt)
							 ? reinterpret_cast<AlterTableStmt *>(statement)->relation
						 : IsA(statement, ViewStmt) ? reinterpret_cast<ViewStmt *>(statement)->view
													: nullptr;
	List *going = before && IsA(statement, AlterTableStmt)
					  ? columns_going(reinterpret_cast<AlterTableStmt *>(statement))
					  : NIL;
	Oid relation_id;
	ListCell *cell;

	if (relation == nullptr || (before && going == NIL))
	{
		return;
	}
	relation_id = RangeVarGetRelid(relation, NoLock, true);
	// Whoever does not own it is about to be told so.
	if (!OidIsValid(relation_id) || !owns_relation(relation_id))
	{
		return;
	}
	foreach (cell, find_all_inheritors(relation_id, NoLock, nullptr))
	{
		follow_relation(lfirst_oid(cell), going);
	}
}

}    // namespace

}    // namespace gql::pg

extern "C"
{
	PGDLLEXPORT Datum graphql_follow_columns(PG_FUNCTION_ARGS);
	PG_FUNCTION_INFO_V1(graphql_follow_columns);
}

// graphql_follow_columns() returns event_trigger
Datum
graphql_follow_columns(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
	{
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("graphql_follow_columns() can only be called as an event trigger")));
	}
	auto *trigger = reinterpret_cast<EventTriggerData *>(fcinfo->context);

	gql::pg::follow_statement(trigger->parsetree, strcmp(trigger->event, "ddl_command_start") == 0);
	PG_RETURN_VOID();
}
