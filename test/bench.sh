#!/usr/bin/env bash
# What does batching save, what does a row cost, and what the import of a large API? Figures are ratios within
# one run where they can be.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/lib/cluster.sh"

playground_start
test/lib/setup.sh apis
for form in json graphql; do
	install -m 644 "test/apis/node_modules/@octokit/graphql-schema/schema.$form" "$scratch/github.$form"
done
export GITHUB_SCHEMA=$scratch/github

# An API that has its answers ready, and a file that the server can write.
ready_stop()
{
	kill "$ready_pid" 2>/dev/null
}
: >"$scratch/bench_api.log"
node test/bench_api.mjs 200000 "$scratch/bench.graphql" >"$scratch/bench_api.log" 2>&1 &
ready_pid=$!
at_exit=(ready_stop "${at_exit[@]}")
until read -r _ port < <(grep -m 1 '^listening ' "$scratch/bench_api.log"); do
	kill -0 "$ready_pid" 2>/dev/null || die "$(cat "$scratch/bench_api.log")"
	sleep 0.1
done
export BENCH_API=http://127.0.0.1:$port/graphql
export BENCH_SCHEMA=$scratch/bench.graphql
export BENCH_CSV=$scratch/server/rows.csv
psql -X -q --set ON_ERROR_STOP=1 --file test/bench.sql
