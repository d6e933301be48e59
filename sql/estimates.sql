-- What the planner knows of foreign tables, and which plan it takes for it.
CREATE SCHEMA estimates;
SET search_path = estimates;
\getenv api GRAPHQL_FDW_API
CREATE SERVER estimates FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');

CREATE FOREIGN TABLE "order" (id text NOT NULL, account_id int OPTIONS (path 'accountId') NOT NULL, sku text, quantity int)
    SERVER estimates OPTIONS (field 'ordersFeed.items', fetch_size '500', key 'id',
    pagination '{"style": "token", "size": "limit", "cursor": "cursor", "next": "cursor"}',
    lookups '[{"field": "ordersFeed.items", "arguments": {"accountIds": ["$account_id"]}}]');
CREATE TABLE few AS SELECT n AS account_id FROM generate_series(1, 40) n;
CREATE TABLE many AS SELECT n AS account_id FROM generate_series(1, 2000) n;
ANALYZE few, many;

-- Nothing is known: batches of look-ups for many keys, too.
EXPLAIN (COSTS OFF) SELECT * FROM few JOIN "order" USING (account_id);
EXPLAIN (COSTS OFF) SELECT * FROM many JOIN "order" USING (account_id);

-- ANALYZE reads all pages once, and counts exactly.
\set VERBOSITY terse
ANALYZE VERBOSE "order";
\set VERBOSITY default
SELECT reltuples, relpages > 0 AS has_pages FROM pg_class WHERE oid = '"order"'::regclass;
SELECT attname, null_frac > 0 AS has_nulls, n_distinct BETWEEN 400 AND 600 OR n_distinct < 0 AS varies, n_distinct = -1 AS "unique"
    FROM pg_stats WHERE schemaname = 'estimates' AND tablename = 'order' ORDER BY attname;
-- Ten pages: fewer requests than batches of 2000 keys, more than one of 40.
EXPLAIN (COSTS OFF) SELECT * FROM few JOIN "order" USING (account_id);
EXPLAIN (COSTS OFF) SELECT * FROM many JOIN "order" USING (account_id);
SELECT local.counter('SELECT * FROM few JOIN "order" USING (account_id)', 'HTTP Requests') AS few,
    local.counter('SELECT * FROM many JOIN "order" USING (account_id)', 'HTTP Requests') AS many;
-- Pages as small as the API allows are more requests.
ALTER FOREIGN TABLE "order" OPTIONS (SET pagination
    '{"style": "token", "size": "limit", "cursor": "cursor", "next": "cursor", "max": 100}');
EXPLAIN (COSTS OFF) SELECT * FROM many JOIN "order" USING (account_id);
ALTER FOREIGN TABLE "order" OPTIONS (SET pagination '{"style": "token", "size": "limit", "cursor": "cursor", "next": "cursor"}');

-- Keys that come again are neither asked for nor received again.
CREATE TABLE often AS SELECT n % 800 AS account_id FROM generate_series(1, 8000) n;
ANALYZE often;
EXPLAIN (COSTS OFF) SELECT * FROM often JOIN "order" USING (account_id);

-- By hand, what a request costs and what a row: twenty batches of two keys or ten pages of all rows.
ALTER FOREIGN TABLE "order" OPTIONS (ADD key_batch_size '2');
EXPLAIN (COSTS OFF) SELECT * FROM few JOIN "order" USING (account_id);
ALTER SERVER estimates OPTIONS (ADD fdw_startup_cost '1');
EXPLAIN (COSTS OFF) SELECT * FROM few JOIN "order" USING (account_id);
ALTER SERVER estimates OPTIONS (DROP fdw_startup_cost, ADD fdw_tuple_cost '10');
EXPLAIN (COSTS OFF) SELECT * FROM few JOIN "order" USING (account_id);
ALTER SERVER estimates OPTIONS (DROP fdw_tuple_cost);
ALTER FOREIGN TABLE "order" OPTIONS (DROP key_batch_size);

-- Rows of a key.
CREATE FUNCTION rows(statement text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || statement INTO plan;
    RETURN plan #>> '{0,Plan,Plan Rows}';
END $$;
SELECT rows('SELECT * FROM "order" WHERE account_id = 5') BETWEEN 3 AND 12 AS one_key,
    rows('SELECT * FROM few JOIN "order" USING (account_id)') BETWEEN 100 AND 500 AS forty_keys,
    rows('SELECT * FROM "order" WHERE id = ''5''') AS declared_key;

-- Columns that are only arguments were NULL when the table was read, which says nothing.
CREATE FOREIGN TABLE account (id int, plan text, region text OPTIONS (argument 'region', path '')) SERVER estimates OPTIONS (field 'accounts');
ANALYZE account;
SELECT null_frac FROM pg_stats WHERE schemaname = 'estimates' AND tablename = 'account' AND attname = 'region';
SELECT rows('SELECT * FROM account WHERE region = ''EU''') > 1 AS some;

-- A sample keeps its size, whatever the table's; columns that are gone leave no gap.
CREATE FOREIGN TABLE product (gone int, sku text OPTIONS (path 'sku'), name text) SERVER estimates OPTIONS (field 'products');
ALTER FOREIGN TABLE product DROP COLUMN gone;
SET default_statistics_target = 1;
\set VERBOSITY terse
ANALYZE VERBOSE product;
\set VERBOSITY default
RESET default_statistics_target;
SELECT attname, n_distinct < 0 AS varies FROM pg_stats WHERE schemaname = 'estimates' AND tablename = 'product' ORDER BY attname;

-- What cannot be scanned cannot be analyzed; what fails leaves the statistics as they were.
CREATE FOREIGN TABLE account_by_id (id int OPTIONS (argument 'id', type 'Int!'), plan text) SERVER estimates OPTIONS (field 'account');
ANALYZE account_by_id;
SELECT reltuples FROM pg_class WHERE oid = 'account_by_id'::regclass;
ALTER SERVER estimates OPTIONS (ADD max_pages '3');
ANALYZE "order";
ALTER SERVER estimates OPTIONS (DROP max_pages);
SELECT reltuples FROM pg_class WHERE oid = '"order"'::regclass;

-- A partition has its share of the sample of the whole.
CREATE TABLE everything (sku text, name text, source text) PARTITION BY LIST (source);
CREATE TABLE everything_here PARTITION OF everything FOR VALUES IN ('here');
CREATE FOREIGN TABLE everything_there PARTITION OF everything FOR VALUES IN ('there') SERVER estimates OPTIONS (field 'products');
ALTER FOREIGN TABLE everything_there ALTER source OPTIONS (ADD path '');
ANALYZE everything;
SELECT attname, n_distinct < 0 AS varies FROM pg_stats
    WHERE schemaname = 'estimates' AND tablename = 'everything' AND inherited AND attname <> 'source' ORDER BY attname;

DROP SERVER estimates CASCADE;
