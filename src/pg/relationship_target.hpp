// What does a relationship look for in its target, and does it fit?
#pragma once

#include "core/door/fit.hpp"

#include "pg/options.hpp"
#include "pg/prelude.hpp"

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

// The index into TableSpec::columns, -1 none.
int spec_column(const Target *target, AttrNumber attnum);

// The column of this name, else the one that fills this argument.
AttrNumber target_column(const Target *target, const char *name);

// Raises unless the rows can be asked for by what is matched.
void target_check(const Target *target);

// An argument of the table's field that has to be given and is not by the columns in `matched`, ""
// when there is none.
std::string_view missing_argument(const TableOptions *options, const Fit *fit,
								  const Bitmapset *matched, Error &err);

// By what is matched, is there at most one row?
enum class Uniqueness
{
	known,
	unknown,    // nothing is declared
	refuted,    // something else is declared
};
Uniqueness target_uniqueness(const Target *target);

}    // namespace gql::pg
