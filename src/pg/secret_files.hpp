// Which credentials of a user mapping are in files, and have those changed?
#pragma once

#include <sys/types.h>

#include <ctime>

#include "core/door/transport.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// What tells one content of a file from the next; all zero for no file.
struct FileVersion
{
	dev_t device;
	ino_t number;
	off_t size;
	timespec modified;
	timespec changed;
};

// The files that an endpoint's secrets were read from.
struct SecretFiles
{
	FileVersion bearer_token;
	FileVersion headers;
	bool any;
};

// Reads the files that the user mapping names, if any, into `settings`. Raises 58P01 and other
// states of file access, HV024 for what cannot be sent, and 42501 where the file lies outside
// graphql_fdw.secrets_directory or the server's owner is not a superuser, who could send the secret
// to himself. Nothing that is raised holds a part of a file.
SecretFiles secret_files_read(Oid server_id, Oid mapping_id, EndpointSettings *settings);

// Would they be read as they were? Raises when they could not be read any more.
bool secret_files_current(Oid server_id, Oid mapping_id, const SecretFiles *files);

}    // namespace gql::pg
