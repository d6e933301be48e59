-- Sums, averages, minima and maxima that the API tells: one request, no row, and PostgreSQL's result.
CREATE SCHEMA api_aggregates;
CREATE SCHEMA api_rows;
SET search_path = api_aggregates, public;
\getenv api GRAPHQL_FDW_API
\set url :api /things
CREATE SERVER api_aggregates FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'url');

-- Import writes what the API tells: in Hasura's manner, in Prisma's, and in that of a plugin of PostGraphile.
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (things_database, things_relay, parts) FROM SERVER api_aggregates INTO api_aggregates;
SELECT ftrelid::regclass AS "table", option FROM pg_foreign_table, unnest(ftoptions) option WHERE ftserver = (SELECT oid FROM pg_foreign_server
    WHERE srvname = 'api_aggregates') AND option ~ '^(count|aggregates)=' ORDER BY ftrelid::regclass::text, option;
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*), sum(whole), avg(big), min(day), max(price) FROM things_database WHERE rank < 20;
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*), avg(position), max(amount), count(note) FROM parts WHERE position < 5;
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*), min(rank), max(double), count(DISTINCT whole) FROM things_relay;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT sum(rank) FROM things_database;

-- The same tables, of which rows are read.
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (things_database, things_relay, parts) FROM SERVER api_aggregates INTO api_rows;
ALTER FOREIGN TABLE api_rows.things_database OPTIONS (DROP count, DROP aggregates);
ALTER FOREIGN TABLE api_rows.things_relay OPTIONS (DROP count, DROP aggregates);
ALTER FOREIGN TABLE api_rows.parts OPTIONS (DROP count, DROP aggregates);
-- Alone, a least value is one row in its order or an aggregate.
EXPLAIN (COSTS OFF) SELECT max(rank) FROM things_database;
-- Who computes: the API or, with rows, PostgreSQL? And is it the same, to the last digit?
CREATE FUNCTION result(statement text, schema name) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    PERFORM set_config('search_path', schema, true);
    EXECUTE 'SELECT r::text FROM (' || statement || ') r' INTO result;
    PERFORM set_config('search_path', 'api_aggregates, public', true);
    RETURN result;
END $$;
CREATE FUNCTION compare(statements text[]) RETURNS TABLE (statement text, by_api boolean, same boolean, result text) LANGUAGE sql AS $$
    SELECT s, local.by_api(s), result(s, 'api_aggregates') IS NOT DISTINCT FROM result(s, 'api_rows'), result(s, 'api_aggregates') FROM unnest(statements) s $$;
SELECT * FROM compare(ARRAY[
    'SELECT count(*), count(words), count(DISTINCT whole) FROM things_database',
    'SELECT sum(small), avg(small), min(small), max(small) FROM things_database',
    'SELECT sum(whole), avg(whole), min(whole), max(whole) FROM things_database',
    'SELECT sum(big), avg(big), min(big), max(big) FROM things_database',
    'SELECT sum(exact), avg(exact), min(exact), max(exact) FROM things_database',
    'SELECT min(double), max(double), min(day), max(day), min(clock), max(clock) FROM things_database',
    'SELECT min(at), max(at), min(moment), max(moment), min(seen), max(seen) FROM things_database',
    'SELECT sum(price) / count(*), avg(rank)::int + 1, ''up to '' || max(id), sum(rank) IS NULL FROM things_database',
    'SELECT sum(whole), avg(exact), count(*) FROM things_database WHERE rank < 20 AND whole IS NOT NULL AND big <> 5',
    'SELECT sum(whole), avg(exact), min(id), count(token) FROM things_database WHERE rank < 0',
    'SELECT sum(exact), avg(exact), max(exact) FROM things_database WHERE exact IS NULL',
    'SELECT sum(id), avg(thing_id), max(amount), count(note) FROM parts WHERE position IN (1, 3, 5)',
    'SELECT max(whole), min(double), count(*), count(DISTINCT exact) FROM things_relay WHERE id > 100',
    'SELECT max(whole), min(double), count(*), count(DISTINCT exact) FROM things_relay WHERE id > 1000',
    'SELECT (SELECT sum(rank) FROM things_database WHERE id > 10) - (SELECT sum(rank) FROM things_database)']);
-- Where sums come by way of numbers with fewer digits import leaves them to rows. This API has all digits.
ALTER FOREIGN TABLE things_relay OPTIONS (SET aggregates '{"field": "thingsRelay.aggregates", "functions": {"sum": "sum", "max": "max"},
    "columns": {"rank": "sum", "price": "sum max", "whole": "sum"}}');
SELECT * FROM compare(ARRAY[
    'SELECT sum(rank), avg(price), max(price), count(*) FROM things_relay',
    'SELECT sum(rank), avg(price), max(price), count(*) FROM things_relay WHERE id > 1000']);
SELECT pg_typeof(sum(small)) AS "sum(int2)", pg_typeof(sum(whole)) AS "sum(int4)", pg_typeof(sum(big)) AS "sum(int8)", pg_typeof(avg(whole)) AS "avg(int4)",
    pg_typeof(max(small)) AS "max(int2)" FROM things_database;
ALTER FOREIGN TABLE things_database ALTER small TYPE smallint, ALTER big TYPE bigint;
ALTER FOREIGN TABLE api_rows.things_database ALTER small TYPE smallint, ALTER big TYPE bigint;
SELECT * FROM compare(ARRAY[
    'SELECT pg_typeof(sum(small)), pg_typeof(sum(big)), pg_typeof(avg(big)), pg_typeof(max(small)), pg_typeof(max(big)) FROM things_database',
    'SELECT sum(small), avg(small), min(small), max(small), sum(big), avg(big), min(big), max(big), count(DISTINCT big) FROM things_database']);

-- Values that are known when the statement runs.
PREPARE sums(int) AS SELECT count(*), sum(rank), min(at) FROM things_database WHERE rank > $1;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE sums(30);
EXECUTE sums(30);
EXECUTE sums(NULL);
RESET plan_cache_mode;
SELECT n, (SELECT sum(rank) FROM things_database WHERE rank > n) FROM (VALUES (0), (38), (NULL), (100)) v (n);
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT sum(rank), max(price) FROM things_database;
FETCH c;
FETCH PRIOR FROM c;
FETCH ABSOLUTE 1 FROM c;
COMMIT;

-- What is not the same everywhere is computed here, and so is everything beside it.
SELECT * FROM compare(ARRAY[
    'SELECT count(*), min(words) IS NULL, max(label) IS NULL FROM things_database',
    'SELECT count(*), sum(single) IS NULL, avg(single) IS NULL FROM things_database',
    'SELECT count(DISTINCT words) FROM things_database',
    'SELECT count(DISTINCT double) FROM things_database',
    'SELECT sum(DISTINCT whole) FROM things_database',
    'SELECT sum(whole ORDER BY id) FROM things_database',
    'SELECT sum(whole) FILTER (WHERE rank < 10) FROM things_database',
    'SELECT sum(small + 1) FROM things_database',
    'SELECT sum(whole::numeric(12,1) / 3) FROM things_database WHERE whole < 100',
    'SELECT stddev(whole) FROM things_database',
    'SELECT bool_and(flag), min(mood) IS NULL FROM things_database',
    'SELECT sum(rank) FROM things_database WHERE words = ''apple''',
    'SELECT sum(rank) FROM things_database WHERE at > ''2023-11-14''',
    'SELECT sum(rank) FROM things_database HAVING count(*) > 1',
    'SELECT rank % 2, sum(rank) FROM things_database GROUP BY 1 ORDER BY 1',
    -- A sum of nothing is 0 here, and nothing tells whether that was all.
    'SELECT sum(whole) FROM things_relay',
    'SELECT count(whole) FROM things_relay']);
-- Rounded values have other sums, and the same least one.
ALTER FOREIGN TABLE things_database ALTER exact TYPE numeric(30,2), ALTER seen TYPE timestamptz(0);
ALTER FOREIGN TABLE api_rows.things_database ALTER exact TYPE numeric(30,2), ALTER seen TYPE timestamptz(0);
SELECT * FROM compare(ARRAY[
    'SELECT sum(exact) FROM things_database',
    'SELECT count(DISTINCT exact) FROM things_database',
    'SELECT min(exact), max(exact), count(exact), min(seen), max(seen) FROM things_database']);
-- A domain is what it stands for.
CREATE DOMAIN amount AS int CHECK (value > -100000);
ALTER FOREIGN TABLE things_database ALTER rank TYPE amount;
ALTER FOREIGN TABLE api_rows.things_database ALTER rank TYPE amount;
SELECT * FROM compare(ARRAY['SELECT sum(rank), avg(rank), max(rank), count(rank) FROM things_database']);

-- Texts are ordered by their bytes where both options say so.
CREATE FOREIGN TABLE texts (words text COLLATE "C", code varchar COLLATE "C", plain text OPTIONS (path 'words')) SERVER api_aggregates OPTIONS (
    field 'thingsDatabase', aggregates '{"field": "thingsDatabase_aggregate.aggregate", "functions": {"min": "min", "max": "max"},
    "columns": {"words": "min max", "code": "max", "plain": "min"}}');
SELECT statement, local.by_api(statement) FROM (VALUES
    ('SELECT min(words), max(words), max(code) FROM texts'),
    ('SELECT min(plain) FROM texts'),
    ('SELECT min(plain COLLATE "C") FROM texts'),
    ('SELECT min(words COLLATE "default") FROM texts'),
    ('SELECT min(code) FROM texts')) s (statement);
SELECT min(words) = '' AS least, max(words) > 'z' AS most, max(code) FROM texts;

-- A field that fails under these policies is NULL in its row: only rows can tell.
ALTER FOREIGN TABLE things_database OPTIONS (ADD on_error 'null');
SELECT local.by_api('SELECT count(*) FROM things_database'), local.by_api('SELECT sum(rank) FROM things_database'), local.by_api('SELECT count(words) FROM things_database');
ALTER FOREIGN TABLE things_database OPTIONS (DROP on_error);

-- Several objects with aggregates, where lists are on the way.
\set url :api
CREATE SERVER api_aggregates_of_lists FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'url');
CREATE FOREIGN TABLE account (ref int OPTIONS (path 'referrer.id') NOT NULL) SERVER api_aggregates_of_lists OPTIONS (
    field 'accounts', count 'accounts.id', aggregates '{"field": "accounts", "functions": {"min": "referrer", "max": "referrer", "sum": "referrer"},
    "columns": {"ref": {"field": "id", "functions": "min max sum"}}}');
EXPLAIN (COSTS OFF, VERBOSE) SELECT min(ref), max(ref), sum(ref) FROM account;
SELECT min(ref), max(ref), sum(ref) FROM account;
ALTER FOREIGN TABLE account OPTIONS (DROP aggregates);
SELECT min(ref), max(ref), sum(ref) FROM account;

-- What is no sum is an error.
CREATE FOREIGN TABLE misled (rank int NOT NULL, whole int) SERVER api_aggregates OPTIONS (field 'thingsDatabase', count 'thingsDatabase_aggregate(where).aggregate.count',
    filter '{"style": "nested", "argument": "where", "type": "ThingBool", "operators": {"<": "_lt"}, "columns": {"rank": "<"}}',
    aggregates '{"field": "thingsDatabase_aggregate(where).aggregate", "functions": {"sum": "avg"}, "columns": {"rank": "sum"}}');
SELECT sum(rank) FROM misled;
ALTER FOREIGN TABLE misled OPTIONS (SET aggregates '{"field": "thingsDatabase_aggregate(where).aggregate", "functions": {"max": "max"},
    "columns": {"rank": {"field": "day", "functions": "max"}}}');
SELECT max(rank) FROM misled;
ALTER FOREIGN TABLE misled OPTIONS (SET aggregates '{"field": "thingsDatabase_aggregate(where).aggregate", "functions": {"sum": "gone"}, "columns": {"rank": "sum"}}');
\set VERBOSITY terse
SELECT sum(rank) FROM misled;
\set VERBOSITY default
SELECT object, severity, message, fix FROM graphql_check('api_aggregates') WHERE object LIKE '%misled';
SELECT fix FROM graphql_check('api_aggregates') WHERE object LIKE '%misled' \gexec
SELECT sum(rank) = (SELECT sum(rank) FROM things_relay) AS same FROM misled;
-- Nothing where there are values is no answer either.
CREATE FOREIGN TABLE nothing (id int NOT NULL) SERVER api_aggregates OPTIONS (field 'thingsDatabase', count 'thingsDatabase_aggregate(where).aggregate.count',
    filter '{"style": "nested", "argument": "where", "type": "ThingBool", "operators": {"=": "_eq"}, "columns": {"id": "="}}',
    aggregates '{"field": "thingsDatabase_aggregate(where).aggregate", "functions": {"sum": "sum", "min": "min"}, "columns": {"id": {"field": "whole", "functions": "sum min"}}}');
SELECT id AS none FROM things_relay WHERE whole IS NULL ORDER BY id LIMIT 1 \gset
SELECT sum(id) FROM nothing WHERE id = :none;
SELECT min(id) FROM nothing WHERE id = :none;

-- Null is no number of rows unless it stands for the rows as well; neither is an empty string.
\set things :api /things
\set null_beside :api '/things/fault/field-is?field=thingsDatabase_aggregate'
\set null_around :api '/things/fault/field-is?field=thingsRelay'
\set empty :api '/things/fault/field-is?field=totalCount&value=""'
ALTER SERVER api_aggregates OPTIONS (SET url :'null_beside');
SELECT count(*) FROM nothing;
SELECT sum(id) FROM nothing WHERE id = :none;
ALTER SERVER api_aggregates OPTIONS (SET url :'null_around');
SELECT count(*) FROM things_relay;
ALTER SERVER api_aggregates OPTIONS (SET url :'empty');
SELECT count(*) FROM things_relay;
ALTER SERVER api_aggregates OPTIONS (SET url :'things');
-- Aggregates of columns need the right to these columns.
CREATE ROLE api_aggregator;
GRANT USAGE ON SCHEMA api_aggregates TO api_aggregator;
GRANT SELECT (rank) ON things_database TO api_aggregator;
SET ROLE api_aggregator;
SELECT max(rank) FROM things_database;
SELECT max(price) FROM things_database;
RESET ROLE;
DROP OWNED BY api_aggregator;
DROP ROLE api_aggregator;
\set VERBOSITY terse
DROP SERVER api_aggregates CASCADE;
DROP SERVER api_aggregates_of_lists CASCADE;
