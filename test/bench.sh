#!/usr/bin/env bash
# What does batching save, and what does a row cost? Figures are ratios within one run.
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/lib/cluster.sh"

playground_start
psql -X -q --set ON_ERROR_STOP=1 --file test/bench.sql
