// What would the API filter by, were it asked to compare one column with one value?
#pragma once

#include "core/door/filter.hpp"

#include "pg/filter_clause.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// How values of a type are compared by an API, next to how PostgreSQL does it.
enum class Family
{
	integer,
	numeric,
	float8,
	boolean,
	uuid,
	enumeration,
	text,           // the API may ignore case
	date,           // checked again: what a day is depends on a time zone
	timestamptz,    // the API may cut to milliseconds
	other,
};

// A column as the conditions on it see it.
struct Compared
{
	int column;    // index into TableSpec::columns
	Oid type;      // domains undone
	Family family;
	bool not_null;
	bool rounded;
	const char *name;
};

// Is the expression one of the table's columns, read from its rows?
bool find_column(const FilterDraft *draft, Node *node, Compared *compared);

// False, with the reason why a condition is kept from the API.
bool keep(FilterDraft *draft, const char *reason);
bool keep_unspelled(FilterDraft *draft, const Compared *compared, FilterOperator op);

// Does the API have a word for the operator on that column?
bool spells(const FilterDraft *draft, const Compared *compared, FilterOperator op);

// The index of the new node.
int add_node(FilterDraft *draft, FilterOperator op, int column, int value, int count);

// A column is compared with a value of this type, or with the elements of an array of it.
bool draft_comparison(FilterDraft *draft, const Compared *compared, FilterOperator op, Oid type,
					  Expr *value, Oid collation);

// A text is compared with a pattern.
bool draft_pattern(FilterDraft *draft, const Compared *compared, FilterOperator op, Expr *pattern,
				   Oid collation);

}    // namespace gql::pg
