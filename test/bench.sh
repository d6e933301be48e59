#!/usr/bin/env bash
# What does batching save, and what does a row cost? Figures are ratios within one run.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/lib/cluster.sh"

test/lib/setup.sh
make_scratch
say 'building graphql_fdw, starting a GraphQL API and a PostgreSQL that are gone afterwards'
build gcc g++ ''
api_start
cluster_start build/gcc/graphql_fdw.so
database_create
psql -X -q --set ON_ERROR_STOP=1 --file test/bench.sql
