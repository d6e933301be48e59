// Which keys do the values of the bound expressions stand for?
#pragma once

#include "pg/fetch.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// Walks over the keys of one outer row (or of one scan): one key, or with arrays the cross product
// of their elements. NULLs, and what the column's type or the API's cannot hold, match nothing.
struct KeyCursor
{
	Fetch *fetch;
	List *states;      // ExprState, one per bound column
	Datum *single;     // the value of each column that is no array
	Datum **values;    // per column: where its values are
	int *counts;
	int *positions;
	bool done;
};

// `states` belong to the plan node that walks. palloc'd in the current context.
KeyCursor *keys_make(Fetch *fetch, List *states);

// Evaluates the expressions, in the current context, and starts over. Where only the API's schema
// tells which keys it can hold, it is asked.
void keys_start(KeyCursor *cursor, ExprContext *econtext);

// The next key, one value per bound column; by-reference values stay where keys_start() left them.
bool keys_next(KeyCursor *cursor, Datum *key);

}    // namespace gql::pg
