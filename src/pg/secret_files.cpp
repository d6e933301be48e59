// Which credentials of a user mapping are in files, and have those changed?

#include "pg/secret_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "core/door/transport.hpp"

#include "pg/options.hpp"
#include "pg/policy.hpp"

namespace gql::pg
{

namespace
{

constexpr off_t MOST_BYTES = 1024 * 1024;

struct SecretFile
{
	const char *server;
	const char *option;
	const char *path;    // as the option has it
	char resolved[PATH_MAX];
};

// The path is for the log alone: who uses a mapping need not know where its secrets are kept.
[[noreturn]] void
raise_inaccessible(const SecretFile *file)
{
	ereport(ERROR, (errcode_for_file_access(),
					errmsg("could not read the file of option \"%s\" of the user mapping for "
						   "server \"%s\"",
						   file->option, file->server),
					errdetail("%m."), errdetail_log("File \"%s\": %m.", file->path)));
	pg_unreachable();
}

[[noreturn]] void
raise_unusable(int sqlstate, const SecretFile *file, const char *problem)
{
	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("file of option \"%s\" of the user mapping for server \"%s\" cannot be "
					"used",
					file->option, file->server),
			 errdetail("%s", problem), errdetail_log("File \"%s\": %s", file->path, problem)));
	pg_unreachable();
}

// Only a superuser may name a file, but whoever owns the server says where its content is sent.
void
require_superuser_owner(const ForeignServer *server)
{
	if (!superuser_arg(server->owner))
	{
		ereport(
			ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("credentials in files cannot be used for server \"%s\"", server->servername),
			 errdetail("Its owner is not a superuser and could send them anywhere."),
			 errhint("Let a superuser own the server, or keep the credentials in the user "
					 "mapping.")));
	}
}

bool
lies_in(const char *resolved, const char *directory)
{
	const size_t length = strcmp(directory, "/") == 0 ? 0 : strlen(directory);

	return strncmp(resolved, directory, length) == 0 && resolved[length] == '/';
}

// Follows links, so that where the file lies is known, not what it is called.
void
resolve(SecretFile *file)
{
	const char *allowed = policy_secrets_directory();
	char directory[PATH_MAX];
	const char *path = file->path;

	if (allowed[0] == '\0')
	{
		if (!is_absolute_path(path))
		{
			raise_unusable(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE, file,
						   "A relative path needs graphql_fdw.secrets_directory.");
		}
	}
	else if (!is_absolute_path(path))
	{
		path = psprintf("%s/%s", allowed, path);
	}
	if (realpath(path, file->resolved) == nullptr)
	{
		raise_inaccessible(file);
	}
	if (allowed[0] != '\0' &&
		(realpath(allowed, directory) == nullptr || !lies_in(file->resolved, directory)))
	{
		raise_unusable(ERRCODE_INSUFFICIENT_PRIVILEGE, file,
					   "It lies outside graphql_fdw.secrets_directory.");
	}
}

FileVersion
version_of(const struct stat &status)
{
	FileVersion version = {};

	version.device = status.st_dev;
	version.number = status.st_ino;
	version.size = status.st_size;
	version.modified = status.st_mtim;
	version.changed = status.st_ctim;
	return version;
}

bool
same_time(const timespec &a, const timespec &b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool
same_version(const FileVersion &a, const FileVersion &b)
{
	return a.device == b.device && a.number == b.number && a.size == b.size &&
		   same_time(a.modified, b.modified) && same_time(a.changed, b.changed);
}

FileVersion
current_version(SecretFile *file)
{
	struct stat status;

	if (file->path == nullptr)
	{
		return {};
	}
	resolve(file);
	if (stat(file->resolved, &status) != 0)
	{
		raise_inaccessible(file);
	}
	return version_of(status);
}

// Without the newline editors put at the end. Something else than a regular file must not make the
// backend wait. PostgreSQL closes the descriptor when an error is raised.
std::string_view
read_file(SecretFile *file, FileVersion *version)
{
	struct stat status;
	size_t length = 0;

	resolve(file);
	const int descriptor = OpenTransientFile(file->resolved, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);

	if (descriptor < 0 || fstat(descriptor, &status) != 0)
	{
		raise_inaccessible(file);
	}
	if (!S_ISREG(status.st_mode))
	{
		raise_unusable(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE, file, "It is not a regular file.");
	}
	if (status.st_size > MOST_BYTES)
	{
		raise_unusable(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE, file, "It is larger than 1 MB.");
	}
	char *text = static_cast<char *>(palloc(status.st_size + 1));

	for (ssize_t got = 1; got > 0 && length < static_cast<size_t>(status.st_size); length += got)
	{
		got = read(descriptor, text + length, status.st_size - length);
		if (got < 0)
		{
			raise_inaccessible(file);
		}
	}
	CloseTransientFile(descriptor);
	while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
	{
		length--;
	}
	if (length == 0)
	{
		raise_unusable(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE, file, "It is empty.");
	}
	*version = version_of(status);
	return {text, length};
}

// What the core says about a text that cannot be sent, about the file instead.
void
require(bool usable, const SecretFile *file, const Error &err)
{
	if (!usable)
	{
		raise_unusable(
			ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE, file,
			psprintf("%s.%s%s", err.message, err.detail[0] != '\0' ? " " : "", err.detail));
	}
}

SecretFile
describe(const ForeignServer *server, const char *option, const char *path)
{
	SecretFile file;

	file.server = server->servername;
	file.option = option;
	file.path = path;
	return file;
}

}    // namespace

SecretFiles
secret_files_read(Oid server_id, Oid mapping_id, EndpointSettings *settings)
{
	const MappingFiles named = mapping_files(mapping_id);
	SecretFiles files = {};
	Error err;

	files.any = named.bearer_token != nullptr || named.headers != nullptr;
	if (!files.any)
	{
		return files;
	}
	const ForeignServer *server = GetForeignServer(server_id);

	require_superuser_owner(server);
	if (named.bearer_token != nullptr)
	{
		SecretFile file = describe(server, "bearer_token_file", named.bearer_token);

		settings->bearer_token = read_file(&file, &files.bearer_token);
		require(check_header_value("the token", settings->bearer_token, err), &file, err);
	}
	if (named.headers != nullptr)
	{
		SecretFile file = describe(server, "headers_file", named.headers);

		settings->secret_headers = read_file(&file, &files.headers);
		require(check_headers(settings->secret_headers, false, err), &file, err);
	}
	return files;
}

bool
secret_files_current(Oid server_id, Oid mapping_id, const SecretFiles *files)
{
	const MappingFiles named = mapping_files(mapping_id);
	const ForeignServer *server = GetForeignServer(server_id);
	SecretFile token = describe(server, "bearer_token_file", named.bearer_token);
	SecretFile headers = describe(server, "headers_file", named.headers);

	require_superuser_owner(server);
	return same_version(files->bearer_token, current_version(&token)) &&
		   same_version(files->headers, current_version(&headers));
}

}    // namespace gql::pg
