// How do relationships keep up with the columns of their ends?
//
// The function of a relationship returns rows of its target, so it has to return the columns that
// the target has. Event triggers see to that: before a column is dropped or gets another type,
// functions that only return it let go of it (those that match by it are left to PostgreSQL, which
// refuses or cascades), and after any change of columns they return what there is.
//
// Of its source a function takes columns out of a row. Since the minor releases of November 2026
// PostgreSQL refuses to add a column with a default, or to change any column's type, while the body
// of a function holds the row type, for a row in there might be a constant made before. Here it is
// the parameter and nothing else; so for the length of such a statement the body names the columns
// by numbers. What it takes of them it depends on all the time.
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
	bool rewrites;    // rows may be written anew
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
		if (relationship.source == relation_id && (changes->rewrites || !changes->before))
		{
			rewrite_values(relationship.function, relation, changes->before);
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

// Relations that a statement about one of them changes.
List *
changed_relations(Oid relation_id, bool children, LOCKMODE lock)
{
	return children ? find_all_inheritors(relation_id, lock, nullptr) : list_make1_oid(relation_id);
}

Changes
changes_of(const AlterTableStmt *statement)
{
	Changes changes = {true, NIL, false};
	ListCell *cell;

	foreach (cell, statement->cmds)
	{
		auto *command = lfirst_node(AlterTableCmd, cell);

		if (command->subtype == AT_DropColumn || command->subtype == AT_AlterColumnType)
		{
			changes.going = lappend(changes.going, makeString(command->name));
		}
		changes.rewrites = changes.rewrites || command->subtype == AT_AddColumn ||
						   command->subtype == AT_AlterColumnType;
	}
	return changes;
}

void
follow_statement(Node *statement, bool before)
{
	RangeVar *relation = IsA(statement, AlterTableStmt)
							 ? reinterpret_cast<AlterTableStmt *>(statement)->relation
						 : IsA(statement, ViewStmt) ? reinterpret_cast<ViewStmt *>(statement)->view
													: nullptr;
	Changes changes = before && IsA(statement, AlterTableStmt)
						  ? changes_of(reinterpret_cast<AlterTableStmt *>(statement))
						  : Changes{false, NIL, false};
	Oid relation_id;
	ListCell *cell;

	if (relation == nullptr || (before && changes.going == NIL && !changes.rewrites))
	{
		return;
	}
	relation_id = RangeVarGetRelid(relation, NoLock, true);
	// Whoever does not own it is about to be told so.
	if (!OidIsValid(relation_id) || !owns_relation(relation_id))
	{
		return;
	}
	List *relations = changed_relations(relation_id, relation->inh, NoLock);

	if (!have_relationships(relations))
	{
		return;
	}
	// The statement is going to lock as strongly, and in this order.
	if (before)
	{
		LockRelationOid(relation_id, AccessExclusiveLock);
		relations = changed_relations(relation_id, relation->inh, AccessExclusiveLock);
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
