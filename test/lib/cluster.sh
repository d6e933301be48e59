# How do tests get a PostgreSQL, and the API it talks to, that are theirs alone and go away with them?
# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# setup.sh puts a newer Node here where the machine's is too old.
if [ -x test/server/node_modules/node/bin/node ]; then
	PATH=$root/test/server/node_modules/node/bin:$PATH
fi

# Starts the tests' API and says where it listens: GRAPHQL_FDW_API over HTTP, GRAPHQL_FDW_TLS over TLS
# with the certificate GRAPHQL_FDW_CA, GRAPHQL_FDW_RAW for the server that breaks HTTP itself. Its schema
# is in files in GRAPHQL_FDW_SCHEMAS.
api_start()
{
	local ca port raw tls

	: >"$scratch/api.log"
	node test/server/main.mjs --tls-port 0 >"$scratch/api.log" 2>&1 &
	api_pid=$!
	at_exit=(api_stop "${at_exit[@]}")
	for _ in {1..1200}; do
		if read -r _ port _ raw _ tls _ ca < <(grep -m 1 '^listening ' "$scratch/api.log"); then
			install -m 644 "$ca" "$scratch/ca.pem"
			export GRAPHQL_FDW_API=http://127.0.0.1:$port/graphql
			export GRAPHQL_FDW_RAW=http://127.0.0.1:$raw
			export GRAPHQL_FDW_TLS=https://127.0.0.1:$tls/graphql
			export GRAPHQL_FDW_CA=$scratch/ca.pem
			export GRAPHQL_FDW_SCHEMAS=$scratch/schemas
			node test/server/schema_files.mjs "$GRAPHQL_FDW_SCHEMAS"
			return
		fi
		kill -0 "$api_pid" 2>/dev/null || break
		sleep 0.1
	done
	cat "$scratch/api.log" >&2
	die 'the test API does not start'
}

api_stop()
{
	kill "$api_pid" 2>/dev/null
	wait "$api_pid" 2>/dev/null
}

apis_pid=

# Starts the APIs that other people's servers make, one of them over a database of its own: GRAPHQL_FDW_APIS
# is a JSON object, name -> URL. Wants a cluster.
apis_start()
{
	test/lib/setup.sh apis
	createdb postgraphile
	PGOPTIONS="-c client_min_messages=warning" psql -X -q -v ON_ERROR_STOP=1 -d postgraphile \
		-f test/apis/postgraphile/store.sql
	: >"$scratch/apis.log"
	node test/apis/main.mjs postgraphile >"$scratch/apis.log" 2>&1 &
	apis_pid=$!
	at_exit=(apis_stop "${at_exit[@]}")
	for _ in {1..1200}; do
		if read -r _ GRAPHQL_FDW_APIS < <(grep -m 1 '^listening ' "$scratch/apis.log"); then
			export GRAPHQL_FDW_APIS
			return
		fi
		kill -0 "$apis_pid" 2>/dev/null || break
		sleep 0.1
	done
	cat "$scratch/apis.log" >&2
	die 'the APIs of other servers do not start'
}

apis_stop()
{
	if [ -n "$apis_pid" ]; then
		kill "$apis_pid" 2>/dev/null
		wait "$apis_pid" 2>/dev/null || true
		apis_pid=
	fi
}

# A server refuses to run as root: root runs it as somebody else.
as_server()
(
	cd "$scratch" || exit
	if [ "$(id -u)" = 0 ]; then
		exec runuser -u "$server_user" -- "$@"
	fi
	exec "$@"
)

# install_extension <library>: into $scratch, laid out like the installation, which is never written to.
# (A server that is somebody else's may be unable to read the folder of the sources.)
install_extension()
{
	local lib share

	lib=$scratch/install$("$PG_CONFIG" --pkglibdir)
	share=$scratch/install$("$PG_CONFIG" --sharedir)/extension
	mkdir -p "$lib" "$share"
	install -m 755 "$1" "$lib/graphql_fdw.so"
	install -m 644 graphql_fdw.control graphql_fdw--*.sql "$share"
}

# The settings with which a server loads the extension from there.
extension_settings()
{
	local install=$scratch/install known

	known=$(as_server postgres --describe-config | cut -f 1)
	echo "dynamic_library_path = '$install$("$PG_CONFIG" --pkglibdir):\$libdir'"
	if grep -qx extension_control_path <<<"$known"; then
		echo "extension_control_path = '$install$("$PG_CONFIG" --sharedir):\$system'"
	elif grep -qx extension_destdir <<<"$known"; then
		echo "extension_destdir = '$install'"
	else
		die 'this PostgreSQL cannot load an extension that is not installed: 18 can, and so can those' \
			'of Debian'
	fi
}

# cluster_start <library> [NAME=value...]: a server that only a socket in $scratch leads to, with the
# extension from <library>; the values are in its environment.
cluster_start()
{
	local data=$scratch/server/data library=$1 settings

	[ -e "$library" ] || die "there is no $library"
	shift
	PATH=$("$PG_CONFIG" --bindir):$PATH
	unset PGOPTIONS PGSERVICE PGSSLMODE PGPASSFILE PGHOSTADDR PGCLIENTENCODING
	export PGHOST=$scratch/server PGPORT=5432 PGUSER=postgres PGDATABASE=regression
	export SERVER_LOG=$scratch/server/log

	server_user=$(id -un)
	mkdir "$scratch/server"
	if [ "$(id -u)" = 0 ]; then
		server_user=$(id -un postgres 2>/dev/null || echo nobody)
		chown "$server_user" "$scratch/server"
	fi
	as_server initdb -D "$data" -U "$PGUSER" -A trust -E UTF8 --no-locale --no-sync \
		>"$scratch/initdb.log" 2>&1 || die "$(cat "$scratch/initdb.log")"
	install_extension "$library"
	settings=$(extension_settings)
	cat >>"$data/postgresql.conf" <<-CONF
		listen_addresses = ''
		unix_socket_directories = '$PGHOST'
		unix_socket_permissions = 0700
		fsync = off
		autovacuum = off
		max_prepared_transactions = 2
		$settings
	CONF
	at_exit=(cluster_stop "${at_exit[@]}")
	as_server env "$@" pg_ctl start -s -w -D "$data" -l "$SERVER_LOG" >"$scratch/pg_ctl.log" 2>&1 ||
		die "$(cat "$scratch/pg_ctl.log" "$SERVER_LOG")"
}

cluster_stop()
{
	if [ -e "$scratch/server/data/postmaster.pid" ]; then
		as_server pg_ctl stop -s -m immediate -D "$scratch/server/data"
	fi
	rm -rf "$scratch/server" "$scratch/install"
}

# database_create: $PGDATABASE, with the tables that hold what the API holds, and functions to compare with them.
database_create()
{
	createdb "$PGDATABASE"
	node test/server/export.mjs "$scratch/local"
	PGOPTIONS='-c client_min_messages=warning' psql -X -q -v ON_ERROR_STOP=1 \
		-f "$scratch/local/tables.sql" -f test/lib/compare.sql
}

# For a script that shows something: library, API, server and tables, all there until it ends.
playground_start()
{
	test/lib/setup.sh
	make_scratch
	say 'building graphql_fdw, starting a GraphQL API and a PostgreSQL that are gone afterwards'
	build gcc g++ ''
	api_start
	cluster_start build/gcc/graphql_fdw.so
	database_create
}
