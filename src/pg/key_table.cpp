// How are keys, tuples of values of any hashable type, found again?

#include "pg/key_table.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

uint32
hash_key_values(const KeyType *type, const Datum *values)
{
	uint32 hash = 0;

	for (int i = 0; i < type->count; i++)
	{
		uint32 part =
			DatumGetUInt32(FunctionCall1Coll(&type->hash[i], type->collations[i], values[i]));

		hash = ((hash << 1) | (hash >> 31)) ^ part;
	}
	return hash;
}

uint32
hash_key(const void *key, Size)
{
	return static_cast<const KeyRef *>(key)->hash;
}

int
compare_keys(const void *left, const void *right, Size)
{
	auto *a = static_cast<const KeyRef *>(left);
	auto *b = static_cast<const KeyRef *>(right);

	if (a->hash != b->hash)
	{
		return 1;
	}
	for (int i = 0; i < a->type->count; i++)
	{
		if (!key_column_equal(a->type, i, a->values[i], b->values[i]))
		{
			return 1;
		}
	}
	return 0;
}

}    // namespace

// Left out are types whose equality is looser than the API's comparison can be trusted to be:
// citext and the like would miss rows that differ in spelling.
bool
is_key_type(Oid type)
{
	Oid element = get_element_type(type);

	if (OidIsValid(element))
	{
		return is_key_type(getBaseType(element));
	}
	switch (type)
	{
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case FLOAT4OID:
		case FLOAT8OID:
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		case UUIDOID:
		case DATEOID:
		case TIMEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
		case JSONBOID:
			return true;
		default:
			return type_is_enum(type);
	}
}

KeyType *
key_type_make(int count, const Oid *types, const Oid *collations)
{
	auto *type = static_cast<KeyType *>(palloc0(sizeof(KeyType)));

	type->count = count;
	type->hash = static_cast<FmgrInfo *>(palloc0(sizeof(FmgrInfo) * count));
	type->equal = static_cast<FmgrInfo *>(palloc0(sizeof(FmgrInfo) * count));
	type->collations = static_cast<Oid *>(palloc0(sizeof(Oid) * count));
	type->by_value = static_cast<bool *>(palloc0(sizeof(bool) * count));
	type->lengths = static_cast<int16 *>(palloc0(sizeof(int16) * count));
	for (int i = 0; i < count; i++)
	{
		TypeCacheEntry *entry = lookup_type_cache(
			getBaseType(types[i]), TYPECACHE_HASH_PROC_FINFO | TYPECACHE_EQ_OPR_FINFO);

		fmgr_info_copy(&type->hash[i], &entry->hash_proc_finfo, CurrentMemoryContext);
		fmgr_info_copy(&type->equal[i], &entry->eq_opr_finfo, CurrentMemoryContext);
		type->collations[i] = collations[i];
		type->by_value[i] = entry->typbyval;
		type->lengths[i] = entry->typlen;
	}
	return type;
}

KeyTable *
key_table_make(size_t entry_size, MemoryContext context)
{
	HASHCTL control = {};

	control.keysize = sizeof(KeyRef);
	control.entrysize = entry_size;
	control.hash = hash_key;
	control.match = compare_keys;
	control.hcxt = context;
	return hash_create("graphql_fdw keys", 256, &control,
					   HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
}

void *
key_table_find(KeyTable *table, const KeyType *type, Datum *values)
{
	KeyRef key = {type, values, hash_key_values(type, values)};

	return hash_search_with_hash_value(table, &key, key.hash, HASH_FIND, nullptr);
}

void *
key_table_enter(KeyTable *table, const KeyType *type, Datum *values, bool *found)
{
	KeyRef key = {type, values, hash_key_values(type, values)};

	return hash_search_with_hash_value(table, &key, key.hash, HASH_ENTER, found);
}

void
key_table_remove(KeyTable *table, KeyRef *entry)
{
	KeyRef key = *entry;

	hash_search_with_hash_value(table, &key, key.hash, HASH_REMOVE, nullptr);
}

Datum *
key_copy(const KeyType *type, const Datum *values, MemoryContext context)
{
	MemoryContext before = MemoryContextSwitchTo(context);
	auto *copy = static_cast<Datum *>(palloc(sizeof(Datum) * Max(type->count, 1)));

	for (int i = 0; i < type->count; i++)
	{
		copy[i] = datumCopy(values[i], type->by_value[i], type->lengths[i]);
	}
	MemoryContextSwitchTo(before);
	return copy;
}

bool
key_column_equal(const KeyType *type, int column, Datum left, Datum right)
{
	return DatumGetBool(
		FunctionCall2Coll(&type->equal[column], type->collations[column], left, right));
}

}    // namespace gql::pg
