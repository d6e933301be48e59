-- What is compared takes turns, so that other load on the machine meets all of it; figures are medians. Requests and rows are
-- EXPLAIN's counters.
\set QUIET on
\pset footer off
\pset null ''
\getenv api GRAPHQL_FDW_API
\getenv ready_api BENCH_API
\getenv ready_schema BENCH_SCHEMA
\getenv csv BENCH_CSV
CREATE EXTENSION graphql_fdw;
CREATE EXTENSION file_fdw;
SET jit = off;

-- Ways to one result, and the settings that are switched off for each.
CREATE TABLE way (place serial, way text, statement text, without text[] DEFAULT '{}');
CREATE FUNCTION switch(settings text[], state text) RETURNS void LANGUAGE sql AS $$ SELECT set_config(s, state, false) FROM unnest(settings) s $$;
CREATE FUNCTION measure(runs int DEFAULT 5) RETURNS TABLE (way text, ms numeric, ratio numeric, requests bigint, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
    w way;
    start timestamptz;
BEGIN
    CREATE TEMP TABLE run (place int, ms float8) ON COMMIT DROP;
    CREATE TEMP TABLE asked (place int, requests bigint, rows bigint) ON COMMIT DROP;
    FOR n IN 0 .. runs LOOP
        FOR w IN SELECT * FROM way ORDER BY place LOOP
            PERFORM switch(w.without, 'off');
            start := clock_timestamp();
            IF n = 0 THEN
                INSERT INTO asked SELECT w.place, local.counter(w.statement, 'HTTP Requests'), local.counter(w.statement, 'Rows Received');
            ELSE
                EXECUTE w.statement;
                INSERT INTO run SELECT w.place, extract(epoch FROM clock_timestamp() - start) * 1000;
            END IF;
            PERFORM switch(w.without, 'on');
        END LOOP;
    END LOOP;
    RETURN QUERY WITH median AS (SELECT place, percentile_cont(0.5) WITHIN GROUP (ORDER BY r.ms) AS ms FROM run r GROUP BY place)
        SELECT way.way, median.ms::numeric(10, 1), round((median.ms / first_value(median.ms) OVER (ORDER BY place))::numeric, 2), asked.requests, asked.rows
        FROM way JOIN median USING (place) JOIN asked USING (place) ORDER BY place;
    TRUNCATE way;
END $$;

CREATE SERVER bench FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE SERVER other FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE FOREIGN TABLE account_list (id int OPTIONS (argument 'id', type 'Int!'), plan text, balance numeric) SERVER bench
    OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE FOREIGN TABLE account_alias (id int OPTIONS (argument 'id', type 'Int!'), plan text, balance numeric) SERVER bench
    OPTIONS (field 'account', key 'id', batch_mode 'alias');
CREATE FOREIGN TABLE account_single (id int OPTIONS (argument 'id', type 'Int!'), plan text, balance numeric) SERVER bench
    OPTIONS (field 'account', key 'id', batch_mode 'single');
CREATE SCHEMA shop;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (accounts, account_orders) FROM SERVER bench INTO shop OPTIONS (import_children 'on', import_max_depth '0');
CREATE SCHEMA elsewhere;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account_orders) FROM SERVER other INTO elsewhere OPTIONS (import_children 'on', import_max_depth '0');
CREATE TABLE customer AS SELECT n, 1 + n % 1000 AS account_id FROM generate_series(0, 9999) n;
CREATE TABLE visitor AS SELECT n, 1 + n % 1000 AS account_id FROM generate_series(0, 999999) n;
ANALYZE customer, visitor, local.accounts, local.orders;

\! node -e "fetch(process.env.GRAPHQL_FDW_API.replace(/graphql$/, 'control'), { method: 'POST', body: JSON.stringify({ delayMs: 5 }) })"
\echo '10,000 rows joined to 1,000 accounts, 5 ms per request, 4 requests in flight:'
INSERT INTO way (way, statement, without) VALUES
    ('list', 'SELECT count(a.plan) FROM customer c JOIN account_list a ON a.id = c.account_id', '{}'),
    ('alias', 'SELECT count(a.plan) FROM customer c JOIN account_alias a ON a.id = c.account_id', '{}'),
    ('single', 'SELECT count(a.plan) FROM customer c JOIN account_single a ON a.id = c.account_id', '{}'),
    ('list without look-ahead', 'SELECT count(a.plan) FROM customer c JOIN account_list a ON a.id = c.account_id', '{graphql_fdw.enable_lookahead}');
SELECT way, ms, ratio AS "times as long as by list", requests, rows AS "rows received" FROM measure(2);

\echo 'All 1,000 accounts with their 5,000 orders, 5 ms per request:'
INSERT INTO way (way, statement, without) VALUES
    ('joined by the API', 'SELECT count(a.plan), sum(o.total) FROM shop.accounts a JOIN shop.account_orders o ON o.account_id = a.id', '{}'),
    ('orders looked up in batches', 'SELECT count(a.plan), sum(o.total) FROM shop.accounts a JOIN elsewhere.account_orders o ON o.account_id = a.id', '{enable_hashjoin,enable_mergejoin}'),
    ('both read, joined here', 'SELECT count(a.plan), sum(o.total) FROM shop.accounts a JOIN elsewhere.account_orders o ON o.account_id = a.id', '{enable_nestloop,graphql_fdw.enable_lookahead}'),
    ('local copies', 'SELECT count(a.plan), sum(o.total) FROM local.accounts a JOIN local.orders o ON o.account_id = a.id', '{}');
SELECT way, ms, ratio AS "times as long as by the API", requests, rows AS "rows received" FROM measure();

\echo 'Those of one region of nine:'
INSERT INTO way (way, statement, without) SELECT v.* FROM (VALUES
    ('joined by the API', 'SELECT count(a.plan), sum(o.total) FROM shop.accounts a JOIN shop.account_orders o ON o.account_id = a.id WHERE a.region = ''eu-west''', '{}'::text[]),
    ('orders looked up in batches', 'SELECT count(a.plan), sum(o.total) FROM shop.accounts a JOIN elsewhere.account_orders o ON o.account_id = a.id WHERE a.region = ''eu-west''', '{enable_hashjoin,enable_mergejoin}'),
    ('both read, joined here', 'SELECT count(a.plan), sum(o.total) FROM shop.accounts a JOIN elsewhere.account_orders o ON o.account_id = a.id WHERE a.region = ''eu-west''', '{enable_nestloop,graphql_fdw.enable_lookahead}')) v;
SELECT way, ms, ratio AS "times as long as by the API", requests, rows AS "rows received" FROM measure();

SELECT :'api' || '/things' AS things_api \gset
CREATE SERVER things FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'things_api');
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (things) FROM SERVER things INTO shop;
CREATE TABLE local_things AS SELECT id, label, words FROM shop.things;
CREATE TABLE labels AS SELECT label FROM local_things WHERE id % 3 = 0;
ANALYZE labels, local_things;
\echo 'Things joined on a column that no look-up names but the filter compares, 5 ms per request:'
INSERT INTO way (way, statement, without) SELECT way, 'SELECT count(*), max(t.words) FROM labels l JOIN ' || source || ' t ON t.label = l.label', without FROM (VALUES
    ('keys in the filter', 'shop.things', '{}'::text[]),
    ('a request for each key', 'shop.things', '{enable_hashjoin,enable_mergejoin,graphql_fdw.enable_lookahead}'),
    ('all rows read', 'shop.things', '{enable_nestloop}'),
    ('local copy', 'local_things', '{}')) v (way, source, without);
SELECT way, ms, ratio AS "times as long as in the filter", requests, rows AS "rows received" FROM measure();

\! node -e "fetch(process.env.GRAPHQL_FDW_API.replace(/graphql$/, 'control'), { method: 'POST', body: JSON.stringify({ delayMs: 0 }) })"
\echo '1,000,000 rows joined to 1,000 accounts (no delay), against the same join over a local copy:'
INSERT INTO way (way, statement, without) VALUES
    ('local hash join', 'SELECT count(a.plan) FROM visitor v JOIN local.accounts a ON a.id = v.account_id', '{}'),
    ('local nested loop over an index', 'SELECT count(a.plan) FROM visitor v JOIN local.accounts a ON a.id = v.account_id', '{enable_hashjoin,enable_mergejoin}'),
    ('batched join', 'SELECT count(a.plan) FROM visitor v JOIN account_list a ON a.id = v.account_id', '{}');
SELECT way, ms, ratio AS "times as long as the hash join", requests, rows AS "rows received" FROM measure(3);

-- Answers that are ready: what is left is the work of this side.
CREATE SERVER ready FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'ready_api', schema_file :'ready_schema', fetch_size '10000', key_batch_size '1000');
CREATE FOREIGN TABLE remote (id int NOT NULL, name text NOT NULL, total numeric NOT NULL, "placedAt" timestamptz NOT NULL, active bool NOT NULL, note text) SERVER ready
    OPTIONS (field 'rows', pagination '{"style": "offset", "size": "limit", "offset": "offset"}');
CREATE FOREIGN TABLE remote_totals (id int NOT NULL, name text NOT NULL, total numeric NOT NULL, "placedAt" timestamptz NOT NULL, active bool NOT NULL, note text) SERVER ready
    OPTIONS (field 'rows', pagination '{"style": "offset", "size": "limit", "offset": "offset"}', count 'totals.count',
    aggregates '{"field": "totals", "functions": {"sum": "sum", "max": "max"}, "columns": {"total": "sum", "placedAt": "max"}}');
CREATE FOREIGN TABLE remote_by_id (id int OPTIONS (argument 'ids', type '[Int!]!'), name text, total numeric, "placedAt" timestamptz, active bool, note text) SERVER ready
    OPTIONS (field 'rowsByIds', key 'id', lookups '[{"field": "rowsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE TABLE copy AS SELECT * FROM remote;
CREATE UNIQUE INDEX ON copy (id);
CREATE TABLE document AS SELECT json_build_object('rows', json_agg(c))::text AS text FROM copy c GROUP BY (id - 1) / 10000;
CREATE TABLE wanted AS SELECT 1 + n * 7919 % 200000 AS id FROM generate_series(1, 100000) n;
ANALYZE copy, document, wanted;
COPY copy TO :'csv' (FORMAT csv);
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE lines (id int, name text, total numeric, "placedAt" timestamptz, active bool, note text) SERVER files OPTIONS (filename :'csv', format 'csv');

\echo 'Reading 200,000 rows of 6 columns that the API has ready:'
INSERT INTO way (way, statement)
    SELECT way, 'SELECT count(id), max(name), sum(total), max("placedAt"), bool_or(active), count(note) FROM ' || source FROM (VALUES
    ('foreign scan', 'remote'),
    ('jsonb_to_recordset() over the same rows as JSON', $$document, jsonb_to_recordset(text::jsonb -> 'rows') AS r(id int, name text, total numeric, "placedAt" timestamptz, active bool, note text)$$),
    ('json_to_recordset() over the same rows as JSON', $$document, json_to_recordset(text::json -> 'rows') AS r(id int, name text, total numeric, "placedAt" timestamptz, active bool, note text)$$),
    ('file_fdw over the same rows as CSV', 'lines'),
    ('local table', 'copy')) v (way, source);
SELECT way, ms, ratio AS "times as long as the scan", requests, rows AS "rows received" FROM measure();

\echo '100,000 rows looked up among them by key:'
INSERT INTO way (way, statement, without) VALUES
    ('batched join', 'SELECT max(name), sum(total), max("placedAt"), count(note) FROM wanted JOIN remote_by_id USING (id)', '{}'),
    ('all rows read and hashed', 'SELECT max(name), sum(total), max("placedAt"), count(note) FROM wanted JOIN remote USING (id)', '{}'),
    ('local nested loop over an index', 'SELECT max(name), sum(total), max("placedAt"), count(note) FROM wanted JOIN copy USING (id)', '{enable_hashjoin,enable_mergejoin}');
SELECT way, ms, ratio AS "times as long as the batched join", requests, rows AS "rows received" FROM measure();

\echo 'Count, sum and maximum of the 200,000 rows:'
INSERT INTO way (way, statement) SELECT way, 'SELECT count(*), sum(total), max("placedAt") FROM ' || source FROM (VALUES
    ('computed by the API', 'remote_totals'), ('rows fetched', 'remote'), ('local table', 'copy')) v (way, source);
SELECT way, ms, ratio AS "times as long as by the API", requests, rows AS "rows received" FROM measure();

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
