-- Medians of five runs. The API answers each request after 5 ms, as a near one would.
\set QUIET on
\pset footer off
\getenv api GRAPHQL_FDW_API
CREATE EXTENSION graphql_fdw;
CREATE SERVER bench FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE FOREIGN TABLE account_list (id int OPTIONS (argument 'id', type 'Int!'), plan text, balance numeric) SERVER bench
    OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE FOREIGN TABLE account_alias (id int OPTIONS (argument 'id', type 'Int!'), plan text, balance numeric) SERVER bench
    OPTIONS (field 'account', key 'id', batch_mode 'alias');
CREATE FOREIGN TABLE account_single (id int OPTIONS (argument 'id', type 'Int!'), plan text, balance numeric) SERVER bench
    OPTIONS (field 'account', key 'id', batch_mode 'single');
CREATE FOREIGN TABLE orders (id text, account_id int OPTIONS (path 'accountId'), quantity int, total numeric, placed timestamptz OPTIONS (path 'placedAt'))
    SERVER bench OPTIONS (field 'orders');
CREATE TABLE customer AS SELECT n, 1 + n % 1000 AS account_id FROM generate_series(0, 9999) n;
CREATE TABLE visitor AS SELECT n, 1 + n % 1000 AS account_id FROM generate_series(0, 999999) n;
ANALYZE customer, visitor, local.accounts;
SET jit = off;

CREATE FUNCTION median_ms(statement text, runs int DEFAULT 5) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    times float8[];
    start timestamptz;
BEGIN
    EXECUTE statement;
    FOR i IN 1 .. runs LOOP
        start := clock_timestamp();
        EXECUTE statement;
        times := times || extract(epoch FROM clock_timestamp() - start)::float8 * 1000;
    END LOOP;
    RETURN (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FROM unnest(times) t)::numeric(10, 1);
END $$;

\! node -e "fetch(process.env.GRAPHQL_FDW_API.replace(/graphql$/, 'control'), { method: 'POST', body: JSON.stringify({ delayMs: 5 }) })"
\echo '10,000 rows joined to 1,000 accounts, 5 ms per request, 4 requests in flight:'
CREATE TABLE result (way text, ms numeric);
INSERT INTO result SELECT 'list, 10 requests', median_ms('SELECT count(a.plan) FROM customer c JOIN account_list a ON a.id = c.account_id');
INSERT INTO result SELECT 'alias, 10 requests', median_ms('SELECT count(a.plan) FROM customer c JOIN account_alias a ON a.id = c.account_id');
INSERT INTO result SELECT 'single, 1,000 requests', median_ms('SELECT count(a.plan) FROM customer c JOIN account_single a ON a.id = c.account_id', 2);
SET graphql_fdw.enable_lookahead = off;
INSERT INTO result SELECT 'no look-ahead, 1,000 requests', median_ms('SELECT count(a.plan) FROM customer c JOIN account_list a ON a.id = c.account_id', 1);
RESET graphql_fdw.enable_lookahead;
SELECT way, ms, round((SELECT ms FROM result WHERE way LIKE 'no look-ahead%') / ms, 1) AS "times faster than no look-ahead" FROM result;

\! node -e "fetch(process.env.GRAPHQL_FDW_API.replace(/graphql$/, 'control'), { method: 'POST', body: JSON.stringify({ delayMs: 0 }) })"
\echo '1,000,000 rows joined to 1,000 accounts (no delay), against the same join over a local copy:'
TRUNCATE result;
INSERT INTO result SELECT 'batched join', median_ms('SELECT count(a.plan) FROM visitor v JOIN account_list a ON a.id = v.account_id', 3);
SET enable_hashjoin = off; SET enable_mergejoin = off;
INSERT INTO result SELECT 'local nested loop over an index', median_ms('SELECT count(a.plan) FROM visitor v JOIN local.accounts a ON a.id = v.account_id', 3);
RESET enable_hashjoin; RESET enable_mergejoin;
INSERT INTO result SELECT 'local hash join', median_ms('SELECT count(a.plan) FROM visitor v JOIN local.accounts a ON a.id = v.account_id', 3);
SELECT way, ms, round(ms / (SELECT ms FROM result WHERE way = 'local hash join'), 2) AS "of a local hash join" FROM result;

\echo 'Reading 5,000 rows of 5 columns:'
TRUNCATE result;
INSERT INTO result SELECT 'foreign scan', median_ms('SELECT count(id), sum(quantity), sum(total), max(placed) FROM orders');
INSERT INTO result SELECT 'graphql_query() and jsonb_to_recordset()', median_ms($$SELECT count(id), sum(quantity), sum(total), max("placedAt")
    FROM jsonb_to_recordset(graphql_query('bench', '{ orders { id accountId quantity total placedAt } }') -> 'orders')
         AS o(id text, "accountId" int, quantity int, total numeric, "placedAt" timestamptz)$$);
SELECT way, ms, round(ms / (SELECT ms FROM result WHERE way = 'foreign scan'), 2) AS "of the foreign scan" FROM result;

\echo 'IMPORT FOREIGN SCHEMA of GitHub (1,600 types), a fresh session each:'
\getenv github GITHUB_SCHEMA
\set json :github .json
\set sdl :github .graphql
CREATE SERVER github FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'http://127.0.0.1:1/graphql', schema_file :'json');
CREATE SCHEMA github;
CREATE TABLE import_result (way text, tables bigint, ms numeric, "MB of memory" numeric);
CREATE FUNCTION peak_mb() RETURNS numeric LANGUAGE sql AS $$
    SELECT round(substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+)')::numeric / 1024, 1)
$$;
CREATE PROCEDURE measure_import(way text, file text, options text DEFAULT '') LANGUAGE plpgsql SET client_min_messages = error AS $$
DECLARE
    before numeric;
    start timestamptz;
BEGIN
    DROP SCHEMA github CASCADE;
    CREATE SCHEMA github;
    EXECUTE format('ALTER SERVER github OPTIONS (SET schema_file %L)', file);
    before := peak_mb();
    start := clock_timestamp();
    EXECUTE 'IMPORT FOREIGN SCHEMA "Query" FROM SERVER github INTO github ' || options;
    INSERT INTO import_result
        SELECT way, count(*), round(extract(epoch FROM clock_timestamp() - start) * 1000), peak_mb() - before
        FROM information_schema.foreign_tables WHERE foreign_table_schema = 'github';
END $$;
\set everything 'OPTIONS (import_children ''true'', import_enums ''true'', import_deprecated ''true'')'
\c
CALL measure_import('JSON', :'json');
\c
CALL measure_import('JSON, with children, enum types and deprecated fields', :'json', :'everything');
\c
CALL measure_import('SDL', :'sdl');
\c
CALL measure_import('SDL, with children, enum types and deprecated fields', :'sdl', :'everything');
SELECT * FROM import_result;
