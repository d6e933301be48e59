# What do the scripts of test/ share? Where things are, how a build is made, how nothing is left behind.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit

# A make that is started from a recipe of another must not inherit its job server.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
# The server is somebody else's when root runs the tests, and reads what is put down for it.
umask 022
export PG_CONFIG=${PG_CONFIG:-pg_config}

say()
{
	printf '== %s\n' "$*"
}

die()
{
	printf '%s\n' "$*" >&2
	exit 1
}

# build <directory under build/> <compiler> <flags> [target]. A build that fails leaves no library of an
# earlier one to be taken for its own.
build()
{
	local target=${4:-all}

	if ! make -s --no-print-directory -k -j "$(nproc)" BUILD="build/$1" CXX="$2" EXTRA_CXXFLAGS="$3" \
		"$target"; then
		rm -f "build/$1/graphql_fdw.so"
		return 1
	fi
}

# Makes $scratch, a directory for everything that lives as long as the script; others may read it. The
# functions named in $at_exit are called before it goes.
scratch=
at_exit=()

make_scratch()
{
	trap leave EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	scratch=$(mktemp -d "${TMPDIR:-/tmp}/graphql_fdw.XXXXXX")
	chmod 755 "$scratch"
}

leave()
{
	local status=$? stop

	trap '' HUP INT TERM
	for stop in "${at_exit[@]}"; do
		"$stop" || true
	done
	rm -rf "$scratch"
	exit "$status"
}
