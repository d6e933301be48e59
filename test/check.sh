#!/usr/bin/env bash
# Does everything work? Ends with a line `N passed, N failed`.
#
# check.sh                          everything below but installcheck
# check.sh lint                     the rules a machine can check, and whether their checks can fail
# check.sh unit [filter]            the core without a server, under the sanitizers
# check.sh regress [script...]      sql/ against expected/, with the library of g++ and that of clang++
# check.sh system [file...]         test/system/: what psql cannot show
# check.sh installcheck [script...] sql/ on the server that PGHOST and PGPORT lead to
# shellcheck source-path=SCRIPTDIR disable=SC2119,SC2120
source "$(dirname "${BASH_SOURCE[0]}")/lib/cluster.sh"
shopt -s nullglob

passed=0
failed=0
finished=0

summary()
{
	[ "$finished" = 1 ] || failed=$((failed + 1))
	printf '%d passed, %d failed\n' "$passed" "$failed"
}

# count <file> <pattern of a passed test> <pattern of a failed one>
count()
{
	passed=$((passed + $(grep -cE "$2" "$1" || true)))
	failed=$((failed + $(grep -cE "$3" "$1" || true)))
}

fail()
{
	printf 'not ok - %s\n' "$*"
	failed=$((failed + 1))
}

stage_lint()
{
	say 'rules (builds with g++ and clang++)'
	test/lint.sh 2>&1 | tee "$scratch/lint" || true
	count "$scratch/lint" '^ok ' '^not ok '
	say 'rules that are broken on purpose'
	test/lint_test.sh 2>&1 | tee "$scratch/lint" || true
	count "$scratch/lint" '^ok ' '^not ok '
}

stage_unit()
{
	local failures result=$scratch/unit.xml tests

	say 'core (address and undefined behaviour sanitizers)'
	if ! make -s -k -j "$(nproc)" -f test/unit.mk; then
		fail 'the tests of the core do not build'
		return
	fi
	build/unit/core_test --gtest_brief=1 --gtest_filter="${1:-*}" --gtest_output="xml:$result" || true
	if ! read -r tests failures < <(sed -n 's/^<testsuites tests="\([0-9]*\)" failures="\([0-9]*\)".*/\1 \2/p' \
		"$result" 2>/dev/null); then
		fail 'the tests of the core did not come to their end'
		return
	fi
	passed=$((passed + tests - failures))
	failed=$((failed + failures))
}

# regress <name of the run> [script...]: scripts of sql/ in $PGDATABASE, which has the extension. What they
# print is left in build/regress/<name of the run>/results.
regress()
{
	local expected=(expected/*.out) file out=build/regress/$1 result=$scratch/regress scripts

	scripts=("${@:2}")
	[ "${#scripts[@]}" -gt 0 ] || scripts=(sql/*.sql)
	scripts=("${scripts[@]#sql/}")
	scripts=("${scripts[@]%.sql}")
	for file in "${expected[@]##*/}"; do
		file=${file%.out}
		[ -e "sql/${file%_1}.sql" ] || fail "expected/$file.out has no script"
	done

	# pg_regress gives up on a script without an expected file; here it fails, as if nothing was expected.
	rm -rf "$out"
	mkdir -p "$out/expected"
	ln -s "$root/sql" "$out/sql"
	for file in "${scripts[@]}"; do
		: >"$out/expected/$file.out"
	done
	[ "${#expected[@]}" -eq 0 ] || cp -t "$out/expected" "${expected[@]}"
	psql -X -q -c 'CREATE EXTENSION graphql_fdw'
	"$(dirname "$("$PG_CONFIG" --pgxs)")/../test/regress/pg_regress" --use-existing \
		--dbname="$PGDATABASE" --inputdir="$out" --outputdir="$out" \
		--bindir="$("$PG_CONFIG" --bindir)" "${scripts[@]}" 2>&1 | tee "$result" ||
		cat "$out/regression.diffs" || true
	count "$result" '^(test .* \.\.\. ok |ok [0-9]+ )' '^(test .* \.\.\. FAILED|not ok [0-9]+ )'
}

stage_regress()
{
	local compiler

	for compiler in gcc clang; do
		say "SQL, library of $compiler"
		cluster_start "build/$compiler/graphql_fdw.so"
		database_create
		regress "$compiler" "$@"
		if grep -E 'PANIC|TRAP:|terminated by signal' "$SERVER_LOG"; then
			fail 'the server crashed'
		fi
		cluster_stop
	done
}

# tap_total <word>: that many tests, in the words of the last lines of Node's test runner
tap_total()
{
	sed -n "s/^# $1 \([0-9]*\)$/\1/p" "$scratch/system.tap" | grep . || echo 0
}

stage_system()
{
	say 'system'
	[ "$#" -gt 0 ] || set -- test/system/*.test.mjs
	cc -shared -fPIC -o "$scratch/resolver.so" test/system/resolver.c -ldl
	cluster_start build/gcc/graphql_fdw.so LD_PRELOAD="$scratch/resolver.so"
	database_create
	psql -X -q -c 'CREATE EXTENSION graphql_fdw'
	if grep -q "'\.\./apis/" "$@"; then
		apis_start
	fi
	node --test --test-concurrency=1 \
		--test-reporter=spec --test-reporter-destination=stdout \
		--test-reporter=tap --test-reporter-destination="$scratch/system.tap" "$@" || true
	apis_stop
	cluster_stop
	passed=$((passed + $(tap_total pass)))
	failed=$((failed + $(tap_total fail) + $(tap_total cancelled)))
	[ "$(tap_total tests)" -gt 0 ] || fail 'the system tests did not come to their end'
}

# The extension has to be installed there.
stage_installcheck()
{
	export PGDATABASE=graphql_fdw_regression
	dropdb --if-exists "$PGDATABASE"
	database_create
	regress installed "$@"
	dropdb "$PGDATABASE"
}

builds()
{
	say 'builds with g++ and clang++'
	build gcc g++ -Werror
	build clang clang++ '-Werror -Wglobal-constructors -Wexit-time-destructors'
}

test/lib/setup.sh
make_scratch
at_exit=(summary)
api_start
case ${1:-all} in
	all)
		stage_lint
		stage_unit
		stage_regress
		stage_system
		;;
	lint | unit | installcheck)
		"stage_$1" "${@:2}"
		;;
	regress | system)
		builds
		"stage_$1" "${@:2}"
		;;
	*)
		die "usage: $0 [lint | unit | regress | system | installcheck [...]]"
		;;
esac
finished=1
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
