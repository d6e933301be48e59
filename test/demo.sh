#!/usr/bin/env bash
# What does graphql_fdw look like in use? Runs test/demo.sql against the tests' API on a cluster that is
# there for the demo alone.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/lib/cluster.sh"

playground_start
psql -X --echo-queries --set ON_ERROR_STOP=1 --pset pager=off --file test/demo.sql
