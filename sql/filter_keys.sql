-- Joins on columns that no look-up names, but the filter compares: their keys go into the filter, in batches.
CREATE SCHEMA filter_keys;
SET search_path = filter_keys;
SET timezone = 'UTC';
\getenv api GRAPHQL_FDW_API
SELECT :'api' || '/things' AS things \gset
CREATE SERVER filter_keys FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'things');
CREATE FOREIGN TABLE things (
    id int NOT NULL, rank int NOT NULL, whole int, big bigint, price numeric, flag boolean,
    words text, token uuid, day date, at timestamptz, mood text, rounded numeric(10,1) OPTIONS (path 'price')
) SERVER filter_keys OPTIONS (field 'things', pagination '{"style": "offset", "size": "limit", "offset": "offset"}',
    filter '{"argument": "filter", "type": "ThingFilter", "style": "nested", "operators": {"=": "eq", "<": "lt", "in": "in"}, "and": "and",
    "columns": {"id": "= <", "rank": "=", "whole": "= in", "big": "= in", "price": "= in", "flag": "=", "words": "in", "token": "= in",
                "day": "in", "at": "=", "mood": "= in", "rounded": "in"}}');
CREATE TABLE local AS TABLE things;
CREATE TABLE wanted AS SELECT row_number() OVER (ORDER BY id) AS n, * FROM local WHERE id % 7 = 0 LIMIT 30;
INSERT INTO wanted (n, words, mood, big) VALUES (31, 'APPLE', 'NO MOOD', 9223372036854775807), (32, 'none', 'low', NULL);
ANALYZE wanted;

EXPLAIN (VERBOSE, COSTS OFF) SELECT w.n, t.id FROM wanted w JOIN things t ON t.whole = w.whole;
-- Where the API compares with one value only, every key has an alias.
EXPLAIN (COSTS OFF) SELECT w.n, t.id FROM wanted w JOIN things t ON t.rank = w.rank;
-- The filter says more beside the keys.
EXPLAIN (VERBOSE, COSTS OFF) SELECT w.n, t.id FROM wanted w LEFT JOIN things t ON t.whole = w.whole AND t.id < 50;

-- Everybody's rows are those of a local table.
CREATE FUNCTION compare(condition text, OUT requests text, OUT missed text, OUT same boolean) LANGUAGE sql AS $$
    SELECT local.counter(q, 'HTTP Requests'), local.counter(q, 'Lookups Missed'), local.difference(q, replace(q, 'things t', 'local t')) = 0
    FROM (SELECT 'SELECT w.n, t.* FROM wanted w LEFT JOIN things t ON ' || condition) s (q) $$;
SELECT attname, c.* FROM pg_attribute, compare(format('t.%1$I = w.%1$I', attname)) c WHERE attrelid = 'things'::regclass AND attnum > 0 ORDER BY attnum;
SELECT condition, c.* FROM unnest(ARRAY[
    't.whole = w.whole AND t.id < 50', 't.whole = w.whole AND t.whole = ANY (ARRAY[0, 1, 2])', 't.words = w.words AND t.mood = w.mood',
    't.whole = w.rank::smallint', 't.whole = w.big', 't.words = lower(w.words)', 't.day = w.at::date', 't.whole = ANY (ARRAY[w.whole, w.rank])']) condition, compare(condition) c;

-- Subqueries, anti joins, the first rows of each key.
SELECT local.counter(q, 'HTTP Requests') AS requests, local.difference(q, replace(q, 'things t', 'local t')) = 0 AS same, q AS query FROM unnest(ARRAY[
    'SELECT n FROM wanted w WHERE NOT EXISTS (SELECT FROM things t WHERE t.words = w.words AND t.id < 50)',
    'SELECT n, (SELECT count(*) FROM things t WHERE t.mood = w.mood) FROM wanted w',
    'SELECT n, x.* FROM wanted w LEFT JOIN LATERAL (SELECT t.id, t.words FROM things t WHERE t.mood = w.mood ORDER BY t.id DESC LIMIT 2) x ON true',
    'SELECT n FROM wanted w WHERE whole IN (SELECT t.whole FROM things t WHERE t.id < 50)']) q;

-- Keys of the row, beside those of a look-ahead in a subquery on it.
EXPLAIN (COSTS OFF) SELECT w.n, x.id FROM wanted w CROSS JOIN LATERAL (SELECT t.id FROM things t WHERE t.words = w.words LIMIT 1) x
WHERE (SELECT count(*) FROM wanted v JOIN things t ON t.whole = v.whole WHERE v.rank = w.rank) < 3;

-- In other modes.
\set condition 't.words = w.words AND t.id < 50'
CREATE TABLE modes (mode text, requests text, missed text, same boolean);
ALTER FOREIGN TABLE things OPTIONS (ADD batch_mode 'alias', ADD key_batch_size '10');
INSERT INTO modes SELECT 'alias', * FROM compare(:'condition');
ALTER FOREIGN TABLE things OPTIONS (SET batch_mode 'array');
INSERT INTO modes SELECT 'array', * FROM compare(:'condition');
ALTER FOREIGN TABLE things OPTIONS (SET batch_mode 'single');
INSERT INTO modes SELECT 'single', * FROM compare(:'condition');
ALTER FOREIGN TABLE things OPTIONS (SET batch_mode 'filter');
INSERT INTO modes SELECT 'filter', * FROM compare(:'condition');
SELECT * FROM modes;
ALTER FOREIGN TABLE things OPTIONS (DROP batch_mode, DROP key_batch_size);

-- Keys that the API cannot be told are looked for among all rows.
INSERT INTO wanted (n, day) VALUES (33, 'infinity'), (34, '2024-02-29'), (35, '10000-01-01'), (36, '0044-03-15 BC');
SELECT c.* FROM compare('t.day = w.day') c;
ALTER FOREIGN TABLE things OPTIONS (ADD batch_mode 'alias');
SELECT c.* FROM compare('t.day = w.day') c;
ALTER FOREIGN TABLE things OPTIONS (DROP batch_mode);

-- An API that ignores case finds rows by keys they do not have: they are neither rows of these nor second ones of a unique key.
CREATE FOREIGN TABLE spelled (id int NOT NULL, words text) SERVER filter_keys OPTIONS (field 'things', key 'id',
    filter '{"argument": "filter", "type": "ThingFilter", "style": "nested", "operators": {"=": "eq"}, "and": "and", "columns": {"words": "="}}');
SELECT words, count(s.id), count(s.id) = (SELECT count(*) FROM local l WHERE l.words = w.words) AS same
FROM (VALUES ('APPLE'), ('Apple'), ('apple')) w (words) LEFT JOIN spelled s USING (words) GROUP BY words ORDER BY words COLLATE "C";
ALTER FOREIGN TABLE spelled OPTIONS (SET key 'words', ADD arguments '{"filter": {"id": {"in": [37, 173]}}}');
SELECT * FROM spelled;
SELECT words, id FROM (VALUES ('APPLE'), ('Apple'), ('apple')) w (words) LEFT JOIN spelled s USING (words) ORDER BY words COLLATE "C";

-- Keys of the statement stay the filter's; a look-up that finds few rows goes first.
EXPLAIN (COSTS OFF) SELECT id FROM things WHERE whole = 3;
ALTER FOREIGN TABLE things OPTIONS (ADD lookups '[{"field": "thing", "arguments": {"id": "$id"}}]', ADD key 'id');
EXPLAIN (COSTS OFF) SELECT w.n, t.id FROM wanted w JOIN things t ON t.id = w.id AND t.whole = w.whole;
EXPLAIN (COSTS OFF) SELECT w.n, t.id FROM wanted w JOIN things t ON t.whole = w.whole WHERE t.id = 7;

-- What the API can be told nothing of is an error, not an answer without rows.
ALTER FOREIGN TABLE things ALTER whole TYPE text;
SELECT w.n, t.id FROM wanted w JOIN things t ON t.whole = w.words;

DROP SERVER filter_keys CASCADE;
DROP SCHEMA filter_keys CASCADE;
