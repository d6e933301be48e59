// How are keys, tuples of values of any hashable type, found again?
//
// A thin layer over dynahash: keys are compared by the equality and hash functions of their types,
// never by their bytes or their text.
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// How to compare the columns of a key. palloc'd once, shared by the tables that use it.
struct KeyType
{
	int count;
	FmgrInfo *hash;
	FmgrInfo *equal;
	Oid *collations;
	bool *by_value;
	int16 *lengths;
};

// The first member of every entry of a KeyTable. `values` never holds NULLs.
struct KeyRef
{
	const KeyType *type;
	Datum *values;
	uint32 hash;
};

using KeyTable = HTAB;

// Can values of this type be keys, that is, compared exactly as the API compares them?
bool is_key_type(Oid type);

KeyType *key_type_make(int count, const Oid *types, const Oid *collations);

// `entry_size`: size of the caller's entry, which begins with a KeyRef.
KeyTable *key_table_make(size_t entry_size, MemoryContext context);

// The entry for these values, or nullptr.
void *key_table_find(KeyTable *table, const KeyType *type, Datum *values);

// The entry for these values. A new one (found is false) refers to `values` as they are: the caller
// replaces them by a copy that lives as long as the entry.
void *key_table_enter(KeyTable *table, const KeyType *type, Datum *values, bool *found);

void key_table_remove(KeyTable *table, KeyRef *entry);

// Copies values into `context`.
Datum *key_copy(const KeyType *type, const Datum *values, MemoryContext context);

bool key_column_equal(const KeyType *type, int column, Datum left, Datum right);

}    // namespace gql::pg
