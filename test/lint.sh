#!/usr/bin/env bash
# Which rules of the sources can a machine check, and are they kept?
#
# lint.sh [check...]   one line per check, `ok - ...` or `not ok - ...` and what was found
# shellcheck source-path=SCRIPTDIR disable=SC2317
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

shopt -s nullglob
core=(src/core/*.[ch]pp)
door=(src/core/door/*.hpp)
prelude=src/pg/prelude.hpp
pg=()
for file in src/pg/*.[ch]pp; do
	[ "$file" = "$prelude" ] || pg+=("$file")
done
tests=(test/core/*.[ch]pp test/system/*.c)

# Each check prints what it finds. A rule is kept when there is nothing to print.

# A destructor that is live across a call into PostgreSQL is skipped by an error's longjmp, and a catch
# or a throw there ends the server. Either leaves a reference to the unwinder in the object.
check_unwinder_O0()
{
	build_of gcc-O0 g++ '-O0 -Wno-cpp' pg-objects
	unwinder_references build/gcc-O0/pg
}

check_unwinder_O2()
{
	build_of gcc g++ -Werror pg-objects
	unwinder_references build/gcc/pg
}

unwinder_references()
{
	local object objects=("$1"/*.o)
	local references='_Unwind_Resume|__cxa_(throw|rethrow|begin_catch|allocate_exception)'

	for object in "${objects[@]}"; do
		nm -u "$object" | grep -oE "$references" | sed "s|^|$object: |" || true
	done
	[ "${#objects[@]}" -ge "$(grep -c '\.cpp$' <(printf '%s\n' "${pg[@]}"))" ] ||
		echo "not every source of src/pg has an object in $1"
}

# Two rooms, one door: what each side may include.
check_walls()
{
	local posix='<(sys/[a-z]+|fcntl|poll|pthread|signal|unistd)\.h>'

	includes_but '<[a-z_]+>|"core/door/[a-z_]+\.hpp"' "${door[@]}"
	includes_but '<[^>]+>|"core/(door/)?[a-z_]+\.hpp"' "${core[@]}"
	includes_of '<(postgres|libpq|pg_)[^>]*>' "${core[@]}"
	includes_but "<[a-z_]+>|$posix|\"(core/door|pg)/[a-z_]+\.hpp\"" "${pg[@]}"
	includes_of '["<](core|simdjson|curl)[^">]*[">]' "$prelude"
	grep -nHw PG_VERSION_NUM "${core[@]}" "${door[@]}" "${pg[@]}" || true
}

# The includes of files that match a pattern, or do not: includes_of <pattern> <file...>
includes_of()
{
	grep -nHE "^[[:space:]]*#[[:space:]]*include[[:space:]]*($1)" "${@:2}" || true
}

includes_but()
{
	local pattern=$1

	shift
	grep -nHE '^[[:space:]]*#[[:space:]]*include' "$@" |
		grep -vE "#[[:space:]]*include[[:space:]]*($pattern)" || true
}

# What the objects mean to export, what the list says and what the library shows are one and the same.
check_exports()
{
	local list meant shown

	build_of gcc g++ -Werror
	list=$(grep -v '^#' src/exports.txt | LC_ALL=C sort)
	shown=$(nm -D --defined-only build/gcc/graphql_fdw.so | awk '{ print $3 }' | LC_ALL=C sort)
	meant=$(readelf -sW build/gcc/*/*.o |
		awk '$5 == "GLOBAL" && $6 == "DEFAULT" && $7 != "UND" { print $8 }' | LC_ALL=C sort)
	differences 'src/exports.txt' "$list" 'the objects' "$meant"
	differences 'src/exports.txt' "$list" 'graphql_fdw.so' "$shown"
	nm -D -u -C build/gcc/graphql_fdw.so | grep gql:: | sed 's/^ *U/nobody defines/' || true
}

differences()
{
	LC_ALL=C comm -23 <(echo "$2") <(echo "$4") | sed "/./s|$|: in $1, not in $3|"
	LC_ALL=C comm -13 <(echo "$2") <(echo "$4") | sed "/./s|$|: in $3, not in $1|"
}

# Constructors of global objects would run when the server loads the library, destructors after it has
# ended.
check_statics()
{
	clang_build | grep -E 'Wglobal-constructors|Wexit-time-destructors' || true
}

check_warnings_gcc()
{
	build_of gcc g++ -Werror
}

check_warnings_clang()
{
	local log statics='Wglobal-constructors|Wexit-time-destructors'

	log=$(clang_build)
	if grep -E ' error: ' <<<"$log" | grep -qvE "$statics" || ! grep -qE "$statics" <<<"$log"; then
		printf '%s' "$log"
	fi
}

clang_build()
{
	build_of clang clang++ '-Werror -Wglobal-constructors -Wexit-time-destructors'
}

# Prints a build's words only when it fails.
build_of()
{
	local log

	log=$(build "$@" 2>&1) || printf '%s\n' "$log"
}

check_format()
{
	if ! clang-format --version | grep -q 'version 14\.'; then
		echo "# clang-format is not version 14: not checked" >&3
		return
	fi
	clang-format --dry-run -Werror "${core[@]}" "${door[@]}" "$prelude" "${pg[@]}" "${tests[@]}" 2>&1 |
		sed -n 's/^\([^ ]*\):[0-9]*:[0-9]*: error: .*/make format changes \1/p' | sort -u
}

# The words that must not stand in src/pg, comments and strings aside.
check_words()
{
	local file

	for file in "$prelude" "${pg[@]}"; do
		g++ -fpreprocessed -dD -E -P "$file" 2>/dev/null |
			sed -E 's/"([^"\\]|\\.)*"/""/g' |
			grep -owE 'try|catch|throw|PG_(TRY|CATCH|FINALLY|END_TRY)' | sed "s|^|$file: |" || true
	done
}

# The sources say nothing of the machine they were written on, nor of ports that are others next time.
check_text()
{
	local registries='registry\.[a-z]+\.[a-z]+|(deb|security|snapshot)\.debian\.[a-z]+|"resolved": *"http'
	local mirrors='https?://[^ "/]*(artifactory|nexus|registry|mirror)'

	search_text -E "/[r]oot/|/[h]ome/[a-z]|/[U]sers/[a-z]|$registries|$mirrors"
	search_text -F "$root/"
	search_text -E '(localhost|127\.0\.0\.1):(3[2-9]|[45][0-9]|60)[0-9]{3}'
}

search_text()
{
	git grep --no-index --exclude-standard -nI "$1" -e "$2" -- . || true
}

# The version is written in the control file; everything else repeats it.
check_version()
{
	local version

	version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" graphql_fdw.control)
	[ -e "graphql_fdw--$version.sql" ] || echo "there is no graphql_fdw--$version.sql"
	[ "$(grep -c "\"version\": \"$version\"" META.json)" = 2 ] || echo "META.json is not of $version"
	grep -q "^## $version" CHANGELOG.md || echo "CHANGELOG.md does not know $version"
}

declare -A names=(
	[unwinder_O0]='src/pg has no destructor, catch or throw (g++ -O0)'
	[unwinder_O2]='src/pg has no destructor, catch or throw (g++ -O2)'
	[words]='src/pg does not say try, catch, throw or PG_TRY'
	[walls]='src/core knows no PostgreSQL, src/pg only the door headers'
	[warnings_gcc]='g++ has no warnings'
	[warnings_clang]='clang++ has no warnings'
	[statics]='no global constructors or destructors'
	[exports]='the library shows what src/exports.txt lists'
	[format]='clang-format has nothing to change'
	[text]='no paths or ports of a machine, no hosts of package registries'
	[version]='one version everywhere'
)

checks=("$@")
if [ "${#checks[@]}" -eq 0 ]; then
	checks=(words walls text version format warnings_gcc warnings_clang statics unwinder_O0 unwinder_O2
		exports)
fi

failed=0
exec 3>&1
for check in "${checks[@]}"; do
	if found=$("check_$check" 2>&1) && [ -z "$found" ]; then
		echo "ok - ${names[$check]}"
	else
		echo "not ok - ${names[$check]}"
		printf '%s\n' "$found" | head -n 60 | sed 's/^/    /'
		failed=1
	fi
done
exit "$failed"
