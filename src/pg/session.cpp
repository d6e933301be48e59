// How are endpoints kept between statements, and when are they dropped?
//
// One hash table per backend, filled on first use. Changes of the server or the mapping arrive as
// invalidations, which only mark an entry stale; it is replaced when it is next asked for, so a
// statement in progress keeps what it began with (it holds a reference of its own).

#include "pg/session.hpp"

#include "pg/errors.hpp"
#include "pg/options.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

struct EndpointKey
{
	Oid server_id;
	Oid mapping_id;
	Oid user_id;
};

struct EndpointEntry
{
	EndpointKey key;
	Endpoint *endpoint;    // nullptr: opening failed
	uint32 server_hash;
	uint32 mapping_hash;
	bool keep;    // beyond the transaction
	bool stale;
};

HTAB *endpoints = nullptr;

// GetUserMapping() raises when there is none; public APIs need none.
Oid
find_user_mapping(Oid server_id, Oid user_id)
{
	Oid mapping_id = GetSysCacheOid2(USERMAPPINGUSERSERVER, Anum_pg_user_mapping_oid,
									 ObjectIdGetDatum(user_id), ObjectIdGetDatum(server_id));

	if (!OidIsValid(mapping_id))
	{
		mapping_id = GetSysCacheOid2(USERMAPPINGUSERSERVER, Anum_pg_user_mapping_oid,
									 ObjectIdGetDatum(InvalidOid), ObjectIdGetDatum(server_id));
	}
	return mapping_id;
}

void
create_endpoint_table()
{
	HASHCTL control = {};

	control.keysize = sizeof(EndpointKey);
	control.entrysize = sizeof(EndpointEntry);
	endpoints = hash_create("graphql_fdw endpoints", 8, &control, HASH_ELEM | HASH_BLOBS);
}

void
mark_stale(Datum, int cache_id, uint32 hash)
{
	HASH_SEQ_STATUS scan;

	if (endpoints == nullptr)
	{
		return;
	}
	hash_seq_init(&scan, endpoints);
	while (auto *entry = static_cast<EndpointEntry *>(hash_seq_search(&scan)))
	{
		uint32 own = cache_id == FOREIGNSERVEROID ? entry->server_hash : entry->mapping_hash;

		if (hash == 0 || own == hash)
		{
			entry->stale = true;
		}
	}
}

void
drop_unkept(XactEvent event, void *)
{
	HASH_SEQ_STATUS scan;

	if (endpoints == nullptr || (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT))
	{
		return;
	}
	hash_seq_init(&scan, endpoints);
	while (auto *entry = static_cast<EndpointEntry *>(hash_seq_search(&scan)))
	{
		if ((!entry->keep || entry->stale) && entry->endpoint != nullptr)
		{
			endpoint_release(entry->endpoint);
			entry->endpoint = nullptr;
		}
	}
}

}    // namespace

Endpoint *
session_endpoint(Oid server_id, Oid user_id)
{
	EndpointKey key = {server_id, find_user_mapping(server_id, user_id), user_id};
	bool found;

	if (endpoints == nullptr)
	{
		create_endpoint_table();
	}
	auto *entry = static_cast<EndpointEntry *>(hash_search(endpoints, &key, HASH_ENTER, &found));
	if (!found)
	{
		entry->endpoint = nullptr;
		entry->stale = false;
	}
	if (entry->stale && entry->endpoint != nullptr)
	{
		endpoint_release(entry->endpoint);
		entry->endpoint = nullptr;
	}
	if (entry->endpoint == nullptr)
	{
		EndpointSettings settings;
		Error err;

		entry->stale = false;
		entry->server_hash = GetSysCacheHashValue1(FOREIGNSERVEROID, ObjectIdGetDatum(server_id));
		entry->mapping_hash =
			GetSysCacheHashValue1(USERMAPPINGOID, ObjectIdGetDatum(key.mapping_id));
		entry->keep = server_options(server_id)->keep_connections;
		endpoint_settings(server_id, key.mapping_id, &settings);
		entry->endpoint = endpoint_open(settings, err);
		if (entry->endpoint == nullptr)
		{
			raise(err);
		}
	}
	return entry->endpoint;
}

void
session_init()
{
	CacheRegisterSyscacheCallback(FOREIGNSERVEROID, mark_stale, Datum(0));
	CacheRegisterSyscacheCallback(USERMAPPINGOID, mark_stale, Datum(0));
	RegisterXactCallback(drop_unkept, nullptr);
}

}    // namespace gql::pg
