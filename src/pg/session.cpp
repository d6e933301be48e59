// How are endpoints kept between statements, and when are they dropped?
//
// One hash table per backend, filled on first use. Changes of the server or the mapping arrive as
// invalidations, which only mark an entry stale; it is replaced when it is next asked for, so a
// statement in progress keeps what it began with (it holds a reference of its own). A changed
// policy and an owner who became a superuser, or is one no longer, do the same. Files have no
// invalidations: they are looked at each time.

#include "pg/session.hpp"

#include <cstdlib>
#include <cstring>

#include "pg/errors.hpp"
#include "pg/options.hpp"
#include "pg/owned.hpp"
#include "pg/policy.hpp"
#include "pg/prelude.hpp"
#include "pg/secret_files.hpp"
#include "pg/session_headers.hpp"

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
	Endpoint *endpoint;    // nullptr: not open
	int descriptors;       // reserved for its connections
	uint32 server_hash;
	uint32 mapping_hash;
	uint32 policy_generation;
	Oid owner_id;    // of the server
	bool owner_is_superuser;
	SecretFiles files;    // that its secrets were read from
	char *identity;       // what session_headers said when it was opened; malloc'd
	size_t identity_size;
	bool keep;    // beyond the transaction
	bool stale;
};

HTAB *endpoints = nullptr;

void
release_descriptors(EndpointEntry *entry)
{
	for (; entry->descriptors > 0; entry->descriptors--)
	{
		ReleaseExternalFD();
	}
}

void
close_endpoint(EndpointEntry *entry)
{
	if (entry->endpoint != nullptr)
	{
		endpoint_release(entry->endpoint);
		entry->endpoint = nullptr;
	}
	free(entry->identity);
	entry->identity = nullptr;
	entry->identity_size = 0;
	release_descriptors(entry);
}

bool
is_outdated(const EndpointEntry *entry)
{
	return entry->stale || entry->policy_generation != policy_generation() ||
		   entry->owner_is_superuser != superuser_arg(entry->owner_id);
}

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

// Sockets count against what the backend may open, as postgres_fdw's do.
void
reserve_descriptors(EndpointEntry *entry, int count, const char *server)
{
	for (entry->descriptors = 0; entry->descriptors < count; entry->descriptors++)
	{
		if (!AcquireExternalFD())
		{
			release_descriptors(entry);
			ereport(ERROR,
					(errcode(ERRCODE_SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION),
					 errmsg("could not connect to GraphQL server \"%s\"", server),
					 errdetail("There are too many open files in this session."),
					 errhint("Raise max_files_per_process or lower the server's concurrency.")));
		}
	}
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

	if (endpoints == nullptr ||
		(event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE))
	{
		return;
	}
	hash_seq_init(&scan, endpoints);
	while (auto *entry = static_cast<EndpointEntry *>(hash_seq_search(&scan)))
	{
		if (!entry->keep || entry->stale)
		{
			close_endpoint(entry);
		}
	}
}

void
open_endpoint(EndpointEntry *entry)
{
	Oid server_id = entry->key.server_id;
	const ServerOptions *server = server_options(server_id);
	EndpointSettings settings;
	Error err;

	entry->stale = false;
	entry->server_hash = GetSysCacheHashValue1(FOREIGNSERVEROID, ObjectIdGetDatum(server_id));
	entry->mapping_hash =
		GetSysCacheHashValue1(USERMAPPINGOID, ObjectIdGetDatum(entry->key.mapping_id));
	entry->keep = server->keep_connections;
	entry->policy_generation = policy_generation();
	entry->owner_id = server->owner_id;
	entry->owner_is_superuser = superuser_arg(server->owner_id);
	endpoint_settings(server_id, entry->key.mapping_id, &settings);
	entry->files = {};
	if (OidIsValid(entry->key.mapping_id))
	{
		entry->files = secret_files_read(server_id, entry->key.mapping_id, &settings);
	}
	reserve_descriptors(entry, server->concurrency, server->name);
	entry->endpoint = endpoint_open(settings, err);
	if (entry->endpoint == nullptr)
	{
		close_endpoint(entry);
		raise(err);
	}
}

// The entry with an endpoint that holds to what the catalogs, the policy and the files say now.
EndpointEntry *
current_entry(Oid server_id, Oid user_id)
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
		entry->identity = nullptr;
		entry->identity_size = 0;
		entry->descriptors = 0;
		entry->stale = false;
	}
	const bool rotated = entry->endpoint != nullptr && entry->files.any &&
						 !secret_files_current(server_id, key.mapping_id, &entry->files);

	if (entry->endpoint != nullptr && (is_outdated(entry) || rotated))
	{
		close_endpoint(entry);
	}
	if (entry->endpoint == nullptr)
	{
		open_endpoint(entry);
	}
	return entry;
}

// Texts with their lengths in front, so that no two lists of values look alike.
StringInfo
identity_of(const SessionValues *values)
{
	StringInfo identity = makeStringInfo();

	for (size_t i = 0; i < values->count; i++)
	{
		appendStringInfo(identity, "%zu ", values->texts[i].size());
		appendBinaryStringInfo(identity, values->texts[i].data(),
							   static_cast<int>(values->texts[i].size()));
	}
	return identity;
}

// An endpoint serves one identity; another gets a new one, with connections of its own.
void
dedicate(EndpointEntry *entry, const SessionValues *values)
{
	StringInfo identity = identity_of(values);
	auto size = static_cast<size_t>(identity->len);

	if (entry->identity != nullptr &&
		(entry->identity_size != size || memcmp(entry->identity, identity->data, size) != 0))
	{
		close_endpoint(entry);
		open_endpoint(entry);
	}
	if (entry->identity == nullptr)
	{
		entry->identity = static_cast<char *>(malloc(Max(size, size_t{1})));
		if (entry->identity == nullptr)
		{
			ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
		}
		memcpy(entry->identity, identity->data, size);
		entry->identity_size = size;
	}
}

}    // namespace

SessionAccess
session_access(Oid server_id, Oid user_id, MemoryContext owner)
{
	EndpointEntry *entry = current_entry(server_id, user_id);
	SessionValues *values = session_values(entry->endpoint, user_id);
	SessionAccess access;

	dedicate(entry, values);
	access.endpoint =
		own<endpoint_release>(owner, [&](Error &) { return endpoint_retain(entry->endpoint); });
	access.headers = session_headers(access.endpoint, values, owner);
	return access;
}

void
session_init()
{
	CacheRegisterSyscacheCallback(FOREIGNSERVEROID, mark_stale, Datum(0));
	CacheRegisterSyscacheCallback(USERMAPPINGOID, mark_stale, Datum(0));
	RegisterXactCallback(drop_unkept, nullptr);
}

}    // namespace gql::pg
