// Which functions are relationships, and what do they say?
//
// A relationship is its function: the body says what is matched, a line of the comment that it is
// one. Nothing else is stored.
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

struct Relationship
{
	Oid function;
	const char *name;
	Oid source;
	Oid target;
	bool to_one;

	// By examine_relationship():
	List *conditions;       // of RelationshipCondition (relationship_body.hpp)
	const char *problem;    // why it cannot be used, or is not batched; nullptr: it is
	const char *fix;        // statements that cure the problem, nullptr: none are known
	bool fails;             // with that problem, rather than being slow
};

// The comment that makes a function the relationship `name`. pg_graphql reads from it what to call
// its field.
const char *relationship_comment(const char *name);

// False where the function is no relationship. Locks nothing.
bool read_relationship(Oid function, Relationship *relationship);

// What the function does, and whether it still can. Opens the target.
void examine_relationship(Relationship *relationship);

// All relationships, examined, by source and name.
List *all_relationships();

// The function of the relationship `name` of a table, InvalidOid when there is none.
Oid find_relationship(Oid source, const char *name);

// What it maps, in the form that graphql_create_relationship() takes.
Jsonb *relationship_mapping(const Relationship *relationship);

// Objects in a catalog that depend on the type: functions that take or return it, relations whose
// columns or rows are of it.
List *dependents(Oid type, Oid catalog_id);

// Functions that take or return rows of the relation.
List *functions_about(Oid relation_id);

// Is this a view with security_barrier? Other relations keep other options where a view says so.
bool is_security_barrier(Relation relation);

// "shop.customers"
const char *relation_title(Oid relation_id);

// "shop.customers.account"
const char *relationship_title(const Relationship *relationship);

}    // namespace gql::pg
