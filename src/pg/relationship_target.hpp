// What does a relationship look for in its target, and does it fit?
#pragma once

#include "core/door/fit.hpp"

#include "pg/options.hpp"
#include "pg/prelude.hpp"
#include "pg/relationship_value.hpp"

namespace gql::pg
{

struct Target
{
	Relation relation;
	TableOptions *options;    // nullptr, as are the following: not a table of an API
	const RemoteTable *table;
	const RemoteSchema *schema;    // nullptr: cannot be had
	const Fit *fit;
	Bitmapset *matched;    // attribute numbers
	Bitmapset *single;     // those that are equal to one value, not to any of several
};

// Opens the relation. For a table of an API asks for the API's schema; what that takes lives as
// long as the current context. A NOTICE tells where the schema cannot be had.
Target target_open(Oid relation_id);

// The column of this name, else the one that fills this argument.
AttrNumber target_column(const Target *target, const char *name);

// SQL for "the column equals the value", or any element of it; notes the column in the target.
// `from` is what messages call the value.
const char *target_condition(Target *target, AttrNumber column, SourceValue value,
							 const char *from);

// Raises unless the rows can be asked for by what is matched.
void target_check(const Target *target);

// By what is matched, is there at most one row?
enum class Uniqueness
{
	known,
	unknown,    // nothing is declared
	refuted,    // something else is declared
};
Uniqueness target_uniqueness(const Target *target);

}    // namespace gql::pg
