// How are lists gone on with that began inside the objects of a join's scan?
//
// The first page of each list comes with its object. What is left is looked up by the objects'
// keys, many at a time, in between the scan's own pages.
#pragma once

#include "pg/fetch.hpp"
#include "pg/look_ups.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

struct ListRest
{
	const Fetch *scan;
	LookUps look_ups;
	bool reading;    // rows of the lists gathered last are being returned

	MemoryContext gathered;    // what follows
	Datum **keys;
	PageStart *starts;
	int count;
	int capacity;

	uint32 list;        // the one that rows come of (Row::page), or no_page
	PageStart start;    // where it goes on, if it does
};

// Lives in `context`, like its requests.
ListRest *list_rest_open(Fetch *scan, MemoryContext context);

// The next rows are of another answer.
void list_rest_turn(ListRest *rest);

// Does the row begin a list that goes on? `size`: rows that were asked for of each list.
bool list_rest_begins(ListRest *rest, const Reply *reply, const Row *row, uint32 size);

// Gathers the list that has just begun. `key`: what the scan sends; `values`: of the row.
void list_rest_add(ListRest *rest, const Datum *key, const Datum *values, const bool *nulls);

// Are so many lists gathered that they make full requests?
bool list_rest_is_full(const ListRest *rest);

// Stores the next row of the lists gathered in `slot`, which is empty; leaves it so when all their
// rows are returned.
TupleTableSlot *list_rest_next(ListRest *rest, TupleTableSlot *slot);

}    // namespace gql::pg
