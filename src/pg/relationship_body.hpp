// What does the body of a relationship's function say?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// The body of a relationship's function: SELECT a.c1, a.c2 FROM target a WHERE ...
struct RelationshipBody
{
	List *stored;    // what is in the catalog; holds `query`
	Query *query;
	RangeTblEntry *table;
};

// "a.id = ($1).account_id"
struct RelationshipCondition
{
	AttrNumber column;    // of the target
	Node *value;          // over the parameter
};

// False where the function's body is of another shape.
bool read_body(HeapTuple function, RelationshipBody *body);

// List of RelationshipCondition. False where something else is said than that columns equal values.
bool read_conditions(const RelationshipBody *body, List **conditions);

// Does it take the row it is called with for a RECORD? While its source changes it does.
bool takes_record(const RelationshipBody *body);

// The columns of the target that a row of the relationship consists of: those that are not dropped
// and not in `hidden`.
List *body_columns(Relation target, const Bitmapset *hidden);

// Does the body return these columns, in this order?
bool returns_columns(const RelationshipBody *body, List *columns);

}    // namespace gql::pg
