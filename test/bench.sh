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
psql -X -q --set ON_ERROR_STOP=1 --file test/bench.sql
