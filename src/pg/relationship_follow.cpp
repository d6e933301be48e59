// How do relationships keep up with the columns of their ends?
//
// The function of a relationship returns rows of its target, so it has to return the columns that
// the target has. Event triggers see to that: before a column is dropped or gets another type,
// functions that only return it let go of it (those that match by it are left to PostgreSQL, which
// refuses or cascades), and after any change of columns they return what there is.
//
// Of its source a function takes columns out of a row. The minor releases of November 2026 brought
// report_type_used_in_expr() (PostgreSQL's tablecmds.c): where the body of a function holds a row
// type, no column of the table can be added with a default or get another type, and no domain of
// its columns a constraint, because the body might hold a row made before, as a constant. Here it
// holds the row it is called with and nothing else; so for the length of such a statement the body
// takes that for a RECORD. The columns that it takes out of it, it depends on all the time.
//
// Who owns the functions does not matter: that the user may alter the relation is enough.

#include <cstring>

#include "pg/prelude.hpp"
#include "pg/relationship.hpp"
#include "pg/relationship_rewrite.hpp"

namespace gql::pg
{

namespace
{

// What a statement is about to do to the columns of a relation; nothing once it is done.
struct Changes
{
	bool before;
	List *going;      // names of columns that are dropped or get another type
	bool computes;    // values, which rows made before do not have
};

Bitmapset *
find_columns(Oid relation_id, List *names)
{
	Bitmapset *columns = nullptr;
	ListCell *cell;

	foreach (cell, names)
	{
		AttrNumber column = get_attnum(relation_id, strVal(lfirst(cell)));

		columns = column > 0 ? bms_add_member(columns, column) : columns;
	}
	return columns;
}

// Nothing is opened but the relation: statements on both ends of a relationship wait for one
// another at the function, and not in a circle.
void
follow_relation(Oid relation_id, const Changes *changes)
{
	Relation relation = relation_open(relation_id, AccessShareLock);
	ListCell *cell;

	foreach (cell, functions_about(relation_id))
	{
		Relationship relationship;

		if (!read_relationship(lfirst_oid(cell), &relationship))
		{
			continue;
		}
		if (relationship.source == relation_id && (changes->computes || !changes->before))
		{
			type_row(relationship.function,
					 changes->before ? RECORDOID : relation->rd_rel->reltype);
		}
		if (relationship.target == relation_id)
		{
			return_columns(relationship.function, relation,
						   find_columns(relation_id, changes->going));
		}
	}
	relation_close(relation, NoLock);
}

bool
have_relationships(List *relations)
{
	ListCell *relation;
	ListCell *function;

	foreach (relation, relations)
	{
		foreach (function, functions_about(lfirst_oid(relation)))
		{
			Relationship relationship;

			if (read_relationship(lfirst_oid(function), &relationship))
			{
				return true;
			}
		}
	}
	return false;
}

// The tables of a composite type, and those that inherit from them.
List *
typed_tables(Oid type, LOCKMODE lock)
{
	List *tables = NIL;
	ListCell *cell;

	foreach (cell, dependents(type, RelationRelationId))
	{
		HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(lfirst_oid(cell)));

		if (!HeapTupleIsValid(tuple))
		{
			continue;
		}
		if (reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->reloftype == type)
		{
			tables = list_concat_unique_oid(tables,
											find_all_inheritors(lfirst_oid(cell), lock, nullptr));
		}
		ReleaseSysCache(tuple);
	}
	return tables;
}

// The relations with columns of a domain, also of domains over it.
List *
relations_with_domain(Oid domain)
{
	List *relations = dependents(domain, RelationRelationId);
	ListCell *cell;

	foreach (cell, dependents(domain, TypeRelationId))
	{
		if (get_typtype(lfirst_oid(cell)) == TYPTYPE_DOMAIN)
		{
			relations = list_concat_unique_oid(relations, relations_with_domain(lfirst_oid(cell)));
		}
	}
	return relations;
}

// None where the user does not own it, as the statement is about to say. With a lock, what is
// returned is locked as the statement is going to.
List *
relations_named(const RangeVar *name, LOCKMODE lock)
{
	Oid relation_id = RangeVarGetRelid(name, NoLock, true);

	if (!OidIsValid(relation_id) || !owns_relation(relation_id))
	{
		return NIL;
	}
	if (lock != NoLock)
	{
		// While that is waited for, the name may become another relation's.
		relation_id = RangeVarGetRelidExtended(name, lock, RVR_MISSING_OK,
											   RangeVarCallbackOwnsRelation, nullptr);
	}
	if (!OidIsValid(relation_id))
	{
		return NIL;
	}
	if (get_rel_relkind(relation_id) == RELKIND_COMPOSITE_TYPE)
	{
		return typed_tables(get_rel_type_id(relation_id), lock);
	}
	return name->inh ? find_all_inheritors(relation_id, lock, nullptr)
					 : list_make1_oid(relation_id);
}

// What columns are changed of; relations with a domain are not locked, as their columns stay.
List *
changed_relations(Node *statement, LOCKMODE lock)
{
	if (IsA(statement, AlterTableStmt))
	{
		return relations_named(reinterpret_cast<AlterTableStmt *>(statement)->relation, lock);
	}
	if (IsA(statement, ViewStmt))
	{
		return relations_named(reinterpret_cast<ViewStmt *>(statement)->view, lock);
	}
	if (IsA(statement, AlterDomainStmt))
	{
		List *name = reinterpret_cast<AlterDomainStmt *>(statement)->typeName;
		Oid domain = LookupTypeNameOid(nullptr, makeTypeNameFromNameList(name), true);

		return OidIsValid(domain) && owns_type(domain) ? relations_with_domain(domain) : NIL;
	}
	return NIL;
}

Changes
changes_of(Node *statement)
{
	Changes changes = {true, NIL, IsA(statement, AlterDomainStmt)};
	ListCell *cell;

	if (!IsA(statement, AlterTableStmt))
	{
		return changes;
	}
	foreach (cell, reinterpret_cast<AlterTableStmt *>(statement)->cmds)
	{
		auto *command = lfirst_node(AlterTableCmd, cell);

		if (command->subtype == AT_DropColumn || command->subtype == AT_AlterColumnType)
		{
			changes.going = lappend(changes.going, makeString(command->name));
		}
		changes.computes = changes.computes || computes_column(command->subtype);
	}
	return changes;
}

void
follow_statement(Node *statement, bool before)
{
	Changes changes = before ? changes_of(statement) : Changes{false, NIL, false};
	List *relations;
	ListCell *cell;

	if (before && changes.going == NIL && !changes.computes)
	{
		return;
	}
	relations = changed_relations(statement, NoLock);
	if (!have_relationships(relations))
	{
		return;
	}
	if (before)
	{
		relations = changed_relations(statement, AccessExclusiveLock);
	}
	foreach (cell, relations)
	{
		follow_relation(lfirst_oid(cell), &changes);
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
