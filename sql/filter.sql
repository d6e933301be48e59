-- Which conditions are sent to the API, which of them are checked again, and which stay here?
CREATE SCHEMA filter;
SET search_path = filter;
SET timezone = 'UTC';
\getenv api GRAPHQL_FDW_API
SELECT :'api' || '/things' AS things \gset
CREATE SERVER filter FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'things');
CREATE TYPE mood AS ENUM ('LOW', 'MID', 'HIGH', 'ALSO', 'GONE');

-- Nested operators, OR and NOT. Text ignores case here, and points in time are cut.
CREATE FOREIGN TABLE things (
    id int NOT NULL, rank int NOT NULL, whole int, big bigint, price numeric, double float8, single real, flag boolean,
    words text, code varchar, fixed char(4), token uuid, day date, at timestamptz, moment timestamp, mood mood, tags text[]
) SERVER filter OPTIONS (field 'things', pagination '{"style": "offset", "size": "limit", "offset": "offset"}', fetch_size '500',
    filter '{"argument": "filter", "type": "ThingFilter", "style": "nested",
    "operators": {"=": "eq", "<>": "ne", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "in": "in", "not-in": "notIn",
                  "is-null": "isNull", "like": "like", "ilike": "ilike"}, "and": "and", "or": "or", "not": "not",
    "columns": {"id": "= <> < <= > >= in not-in", "rank": "= < >", "whole": "= <> < <= > >= in not-in is-null",
                "big": "= <> > in is-null", "price": "= < > in is-null", "double": "= < > is-null", "single": "= <", "flag": "= <> is-null",
                "words": "= <> < in not-in is-null like ilike", "code": "= in", "fixed": "=", "token": "= <> < in",
                "day": "= <> < <= > >= in", "at": "= <> < <= > >= in is-null", "moment": "= <", "mood": "= <> in not-in is-null"}}');
CREATE TABLE local AS TABLE things;
ANALYZE local;

-- What the plan says of the conditions, and whether the rows are those of a local table.
CREATE FUNCTION pushed(condition text, relation text DEFAULT 'things', copy text DEFAULT 'local') RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text; same boolean;
BEGIN
    FOR line IN EXECUTE format('EXPLAIN (VERBOSE, COSTS OFF) SELECT id FROM %s WHERE %s', relation, condition) LOOP
        IF line ~ '^ +(Filter|Remote Filter|Not Pushed):' THEN
            RETURN NEXT replace(trim(line), relation || '.', '');
        END IF;
    END LOOP;
    EXECUTE format('SELECT coalesce((SELECT array_agg(id ORDER BY id) FROM %s WHERE %s) = (SELECT array_agg(id ORDER BY id) FROM %s WHERE %s),
        NOT EXISTS (SELECT FROM %s WHERE %s) AND NOT EXISTS (SELECT FROM %s WHERE %s))',
        relation, condition, copy, condition, relation, condition, copy, condition) INTO same;
    IF NOT same THEN
        RETURN NEXT 'OTHER ROWS THAN IN A LOCAL TABLE';
    END IF;
END $$;

-- Exact: numbers, truth values, UUIDs, enums. Where null would be compared in the API's own way, it is ruled out.
SELECT * FROM pushed('rank = 5');
SELECT * FROM pushed('5 < rank AND rank < 9');
SELECT * FROM pushed('id BETWEEN 10 AND 20');
SELECT * FROM pushed('id IN (1, 2, 300)');
SELECT * FROM pushed('id NOT IN (1, 2, 300)');
SELECT * FROM pushed('rank <> 5');
SELECT * FROM pushed('whole <> 5');
SELECT * FROM pushed('whole >= 5');
SELECT * FROM pushed('whole IS NULL');
SELECT * FROM pushed('whole IS NOT NULL');
SELECT * FROM pushed('whole NOT IN (5, 7)');
SELECT * FROM pushed('whole NOT IN (5, NULL)');
SELECT * FROM pushed('whole <> ALL (''{}'')');
SELECT * FROM pushed('whole = ANY (''{}'')');
SELECT * FROM pushed('whole IN (5, NULL, 7)');
SELECT * FROM pushed('big > 5');
SELECT * FROM pushed('price < 5.5');
SELECT * FROM pushed('double > 1.5');
SELECT * FROM pushed('flag');
SELECT * FROM pushed('NOT flag');
SELECT * FROM pushed('flag IS NOT TRUE');
SELECT * FROM pushed('flag IS UNKNOWN');
SELECT * FROM pushed('whole IS DISTINCT FROM 5');
SELECT * FROM pushed('whole IS NOT DISTINCT FROM 5::bigint');
SELECT * FROM pushed('5 IS DISTINCT FROM rank');
SELECT * FROM pushed('token = ''00000000-0000-0000-0000-000000000000''');
SELECT * FROM pushed('mood = ''LOW''');
SELECT * FROM pushed('mood <> ''LOW''');
SELECT * FROM pushed('mood IN (''MID'', ''HIGH'')');

-- Values beyond what the API's type holds.
SELECT * FROM pushed('whole < 3000000000');
SELECT * FROM pushed('whole > 3000000000');
SELECT * FROM pushed('whole <> 3000000000');
SELECT * FROM pushed('big = 9007199254740993');
SELECT * FROM pushed('price = 0.12345678901234567890');
SELECT * FROM pushed('double < ''infinity''');
SELECT * FROM pushed('at < ''infinity''');
SELECT * FROM pushed('mood = ''GONE''');
SELECT * FROM pushed('mood <> ''GONE''');

-- Checked again.
SELECT * FROM pushed('words = ''apple''');
SELECT * FROM pushed('words IN (''apple'', ''zebra'')');
SELECT * FROM pushed('code = ''a''');
SELECT * FROM pushed('words LIKE ''a%''');
SELECT * FROM pushed('words ILIKE ''a%''');
SELECT * FROM pushed('words LIKE ''10\_0''');
SELECT * FROM pushed('day > ''2024-01-15''');
SELECT * FROM pushed('at = ''2023-11-14 22:13:20.001Z''');
SELECT * FROM pushed('at <= ''2023-11-14 22:13:20.000499Z''');
SELECT * FROM pushed('at > now()');

-- Times of another type become the column's.
SELECT * FROM pushed('at >= date ''2024-01-01''');
SELECT * FROM pushed('at < timestamp ''2023-11-14 22:13:20''');
SELECT * FROM pushed('at BETWEEN current_date - 3650 AND current_date');
SELECT * FROM pushed('at < date ''500000-01-01''');
SELECT * FROM pushed('at > date ''-infinity''');
SELECT * FROM pushed('day >= timestamptz ''2023-11-15 12:00Z''');
SELECT * FROM pushed('day < timestamptz ''2023-11-15 12:00Z''');
SELECT * FROM pushed('day = timestamp ''2023-11-15''');
SELECT * FROM pushed('day > now() - interval ''20 years''');
SELECT * FROM pushed('day <> timestamp ''2023-11-15''');
SELECT * FROM pushed('day < ANY (ARRAY[timestamp ''2023-11-15''])');

-- Kept.
SELECT * FROM pushed('words <> ''apple''');
SELECT * FROM pushed('words NOT IN (''apple'', ''zebra'')');
SELECT * FROM pushed('words NOT LIKE ''a%''');
SELECT * FROM pushed('words < ''b''');
SELECT * FROM pushed('words ~ ''^a''');
SELECT * FROM pushed('words COLLATE "C" < ''b''');
SELECT * FROM pushed('upper(words) = ''APPLE''');
SELECT * FROM pushed('single = 0.25');
SELECT * FROM pushed('fixed = ''ab''');
SELECT * FROM pushed('token < ''80000000-0000-0000-0000-000000000000''');
SELECT * FROM pushed('at <> ''2000-01-01Z''');
SELECT * FROM pushed('moment = ''2000-01-01''');
SELECT * FROM pushed('tags IS NULL');
SELECT * FROM pushed('rank = whole');
SELECT * FROM pushed('rank >= 5');
SELECT * FROM pushed('rank IS NULL OR whole IS DISTINCT FROM 5');
SELECT * FROM pushed('words IS DISTINCT FROM ''apple''');
SELECT * FROM pushed('whole IS NOT DISTINCT FROM (SELECT NULL::int)');
SELECT * FROM pushed('words LIKE ANY (''{a%,z%}'')');
SELECT * FROM pushed('rank < random() * 0 + 5');
SELECT * FROM pushed('rank < (random() * 0 + 5)::int');

-- LIMIT makes pages small; when rows that come do not pass, more are asked for.
EXPLAIN (COSTS OFF) SELECT words FROM things WHERE words = 'APPLE' LIMIT 4;
SELECT words, count(*) FROM (SELECT words FROM things WHERE words = 'APPLE' LIMIT 4) t GROUP BY words;

-- Columns that round what the API has.
CREATE DOMAIN tenths AS numeric(10,1);
CREATE FOREIGN TABLE rounded (id int NOT NULL, price tenths, at timestamptz(0)) SERVER filter OPTIONS (field 'things',
    pagination '{"style": "offset", "size": "limit", "offset": "offset"}', filter '{"argument": "filter", "type": "ThingFilter",
    "style": "nested", "operators": {"=": "eq", ">": "gt", "in": "in"}, "columns": {"price": "= > in", "at": "= >"}}');
CREATE VIEW local_rounded AS SELECT id, price::tenths, at::timestamptz(0) FROM local;
SELECT * FROM pushed('price = 1.7', 'rounded', 'local_rounded');
SELECT * FROM pushed('price IN (1.7, 2.4)', 'rounded', 'local_rounded');
SELECT * FROM pushed('at > ''2024-01-01Z''', 'rounded', 'local_rounded');
ALTER FOREIGN TABLE rounded OPTIONS (ADD lookups '[{"field": "things", "arguments": {"filter": {"price": {"in": ["$price"]}}}}]');
SELECT * FROM pushed('price IN (1.7, 2.4)', 'rounded', 'local_rounded');

-- Trees. What cannot be sent of an AND inside an OR is checked again.
SELECT * FROM pushed('rank < 3 OR whole = 5 OR flag');
SELECT * FROM pushed('rank < 3 OR (whole > 5 AND flag IS NULL)');
SELECT * FROM pushed('rank < 3 OR (whole > 5 AND words <> ''apple'')');
SELECT * FROM pushed('rank < 3 OR words <> ''apple''');
SELECT * FROM pushed('id < 5 OR (upper(words) = ''A'' AND (id > 50 OR (whole > 5 AND words <> ''b'')) AND (rank >= 9 OR rank = 5)) OR (rank > 2 AND whole IS DISTINCT FROM 5) IS TRUE');
SELECT * FROM pushed('NOT (rank = 5 OR whole = 5)');
SELECT * FROM pushed('(whole > 5) IS TRUE AND (rank > 2) IS NOT FALSE');
SELECT * FROM pushed('rank > 5 AND rank > 7 AND rank > 6');

-- The document is the same whatever the condition; values are variables.
EXPLAIN (VERBOSE, COSTS OFF) SELECT id FROM things WHERE rank < 3 AND words = 'apple' AND words <> 'Apple';
EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT id FROM things WHERE words <> 'a' AND words <> 'b';
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT id FROM things WHERE rank = 5 AND whole > 5;

-- Flat names, where NOT keeps nulls and there is no word for IS NULL.
CREATE FOREIGN TABLE flat (id int NOT NULL, whole int, words text, flag boolean) SERVER filter OPTIONS (field 'thingsFlat',
    pagination '{"style": "offset", "size": "first", "offset": "skip"}',
    filter '{"argument": "where", "type": "ThingWhere", "style": "flat", "operators": {"=": "", "<>": "_not", "<": "_lt", ">": "_gt",
    "in": "_in", "not-in": "_not_in"}, "and": "and", "or": "or", "columns": {"id": "= < >", "whole": "= <> < > in not-in", "words": "=", "flag": "= <>"}}');
SELECT * FROM pushed('whole <> 5 AND id < 100', 'flat');
SELECT * FROM pushed('whole > 5 AND whole < 9', 'flat');
SELECT * FROM pushed('id < 9 AND (whole = 5 OR words = ''apple'')', 'flat');
EXPLAIN (VERBOSE, COSTS OFF) SELECT id FROM flat WHERE id < 9 AND whole IN (5, 6);

-- Arguments of the field itself, where null is compared like 0.
CREATE FOREIGN TABLE arguments (id int NOT NULL, rank int NOT NULL, whole int) SERVER filter OPTIONS (field 'thingsByArguments',
    pagination '{"style": "page", "size": "perPage", "page": "page", "base": 1}',
    filter '{"style": "arguments", "operators": {"<": "_lt", ">": "_gt", "in": "_in"}, "columns": {"rank": "< > in", "whole": "< >"}}');
SELECT * FROM pushed('rank > 5 AND rank < 9 AND whole > -5', 'arguments');
SELECT * FROM pushed('rank IN (1, 2) AND rank IN (2, 3)', 'arguments');
SELECT * FROM pushed('rank < 5 OR rank > 30', 'arguments');
EXPLAIN (VERBOSE, COSTS OFF) SELECT id FROM arguments WHERE rank > 5 AND rank IN (6, 7);

-- Equality alone, and nothing to join conditions with.
CREATE FOREIGN TABLE condition (id int NOT NULL, rank int NOT NULL, whole int) SERVER filter OPTIONS (field 'thingsFlat',
    pagination '{"style": "offset", "size": "first", "offset": "skip"}',
    filter '{"argument": "where", "style": "equality", "columns": {"rank": "=", "whole": "="}}');
SELECT * FROM pushed('rank = 5 AND whole = 5', 'condition');
SELECT * FROM pushed('whole = 5 AND whole < 6', 'condition');
SELECT * FROM pushed('rank = 5 AND rank = id', 'condition');

-- Whether the API's type holds a value shows only when the statement runs: what it cannot be told is checked then.
CREATE FOREIGN TABLE halves (id int NOT NULL, rank float8 NOT NULL) SERVER filter OPTIONS (field 'thingsFlat',
    pagination '{"style": "offset", "size": "first", "offset": "skip"}',
    filter '{"argument": "where", "style": "flat", "operators": {"<": "_lt"}, "columns": {"id": "<", "rank": "<"}}');
SELECT * FROM pushed('rank < 5.5', 'halves');
SELECT count(*), (SELECT count(*) FROM local WHERE rank < 5.5) FROM halves WHERE rank < 5.5;
SELECT count(*), (SELECT count(*) FROM local WHERE rank < 5.5 AND id < 50) FROM halves WHERE rank < 5.5 AND id < 50;

-- A database's logic: three-valued, with NOT for what has no word of its own.
CREATE FOREIGN TABLE relay (id int NOT NULL, whole int, words text) SERVER filter OPTIONS (field 'thingsRelay.nodes',
    pagination '{"style": "relay", "size": "first", "cursor": "after"}',
    filter '{"argument": "where", "type": "ThingBool", "style": "nested", "operators": {"=": "_eq", "in": "_in", "like": "_like"},
    "and": "_and", "or": "_or", "not": "_not", "columns": {"id": "= in", "whole": "= in", "words": "= like"}}');
SELECT * FROM pushed('whole <> 5', 'relay');
SELECT * FROM pushed('whole NOT IN (5, 7) OR id = 3', 'relay');
SELECT * FROM pushed('id NOT IN (5, 7)', 'relay');
SELECT * FROM pushed('id NOT IN (5, NULL)', 'relay');

-- What has no word is asked for by its neighbour, and checked again.
CREATE FOREIGN TABLE bounds (id int NOT NULL, rank int NOT NULL, whole int) SERVER filter OPTIONS (field 'things',
    pagination '{"style": "offset", "size": "limit", "offset": "offset"}', filter '{"argument": "filter", "type": "ThingFilter",
    "style": "nested", "operators": {"<=": "lte", ">=": "gte", "is-null": "isNull"}, "columns": {"rank": "<= >=", "whole": "<= is-null"}}');
SELECT * FROM pushed('rank > 5 AND rank < 9', 'bounds');
SELECT * FROM pushed('rank >= 5 AND whole < 9', 'bounds');
SELECT * FROM pushed('whole > 9', 'bounds');

-- Parameters: what is NULL when the statement runs, generic plans, lists.
CREATE FUNCTION ran(statement text) RETURNS TABLE (row_count bigint, asked boolean) LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON) ' || statement INTO plan;
    RETURN QUERY SELECT (plan #>> '{0,Plan,Actual Rows}')::numeric::bigint, sum(v::text::bigint) > 0
        FROM jsonb_path_query(plan, '$.**."HTTP Requests"') v;
END $$;
SET plan_cache_mode = force_generic_plan;
PREPARE one(int, text) AS SELECT id FROM things WHERE whole > $1 AND (words = $2 OR rank < 3);
EXPLAIN (COSTS OFF) EXECUTE one(5, 'apple');
SELECT * FROM ran($$EXECUTE one(5, 'apple')$$);
SELECT * FROM ran('EXECUTE one(5, NULL)');
SELECT * FROM ran($$EXECUTE one(NULL, 'apple')$$);
PREPARE many(int[]) AS SELECT id FROM things WHERE whole <> ALL ($1) AND id < 20;
EXPLAIN (COSTS OFF) EXECUTE many('{}');
SELECT * FROM ran($$EXECUTE many('{}')$$);
SELECT * FROM ran($$EXECUTE many('{5}')$$);
SELECT * FROM ran($$EXECUTE many('{5, NULL}')$$);
SELECT count(*) FROM local WHERE id < 20 UNION ALL SELECT count(*) FROM local WHERE whole <> 5 AND id < 20;
PREPARE beyond(bigint, float8) AS SELECT id FROM things WHERE whole < $1 AND double < $2;
SELECT * FROM ran($$EXECUTE beyond(3000000000, 'NaN')$$);
SELECT * FROM ran($$EXECUTE beyond(-3000000000, 1)$$);
SELECT count(*) FROM local WHERE whole < 3000000000 AND double < 'NaN';
RESET plan_cache_mode;

-- Subqueries and LATERAL give values as well: a request for each.
EXPLAIN (COSTS OFF) SELECT id FROM things WHERE whole > (SELECT avg(whole)::int FROM local);
SELECT count(*) FROM things WHERE whole > (SELECT avg(whole)::int FROM local);
SELECT count(*) FROM local WHERE whole > (SELECT avg(whole)::int FROM local);
EXPLAIN (COSTS OFF) SELECT v, t.id FROM (VALUES (3), (NULL), (30)) v(v), LATERAL (SELECT id FROM things WHERE rank < v ORDER BY id LIMIT 2) t;
SELECT v, t.id FROM (VALUES (3), (NULL), (30)) v(v), LATERAL (SELECT id FROM things WHERE rank < v ORDER BY id LIMIT 2) t;

-- Beside look-ups: the same for all keys, or not at all.
ALTER FOREIGN TABLE things OPTIONS (ADD lookups '[{"field": "things", "arguments": {"filter": {"id": {"in": ["$id"]}}}}]');
CREATE TABLE wanted AS SELECT n, n * 7 AS id, n * 3 AS least FROM generate_series(1, 20) n;
ANALYZE wanted;
EXPLAIN (VERBOSE, COSTS OFF) SELECT w.n, t.id FROM wanted w LEFT JOIN things t ON t.id = w.id AND t.whole > 5 AND t.rank < w.least;
SELECT count(t.id), (SELECT count(*) FROM wanted w JOIN local t ON t.id = w.id AND t.whole > 5 AND t.rank < w.least)
    FROM wanted w LEFT JOIN things t ON t.id = w.id AND t.whole > 5 AND t.rank < w.least;
PREPARE beside(int) AS SELECT w.n, t.id FROM wanted w LEFT JOIN things t ON t.id = w.id AND t.whole > $1;
SET plan_cache_mode = force_generic_plan;
SELECT * FROM ran('EXECUTE beside(5)');
SELECT * FROM ran('EXECUTE beside(NULL)');
RESET plan_cache_mode;

-- Nothing goes ahead of a policy but what cannot leak.
CREATE FUNCTION curious(int) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN $1; END $$;
CREATE VIEW guarded WITH (security_barrier) AS SELECT * FROM things WHERE rank < 10;
EXPLAIN (VERBOSE, COSTS OFF) SELECT id FROM guarded WHERE whole > 5 AND words LIKE 'a%';
EXPLAIN (VERBOSE, COSTS OFF) SELECT id FROM guarded WHERE whole > curious(5);

-- Failed fields are NULL: nothing that an API says of null holds for them.
ALTER FOREIGN TABLE things OPTIONS (ADD on_error 'null');
SELECT * FROM pushed('whole IS NULL AND rank < 5');
ALTER FOREIGN TABLE things OPTIONS (DROP on_error);

-- Values of another table's rows, where they are few and the API has many: a request for each.
ALTER FOREIGN TABLE things OPTIONS (SET fetch_size '5');
CREATE TABLE span (name text, lo int, hi int, flag boolean, word text);
INSERT INTO span VALUES ('a', 3, 9, true, 'apple'), ('b', 40, 41, NULL, 'Zebra'), ('c', NULL, 7, false, NULL);
ANALYZE span;
EXPLAIN (COSTS OFF) SELECT s.name, t.rank FROM span s JOIN things t ON t.rank > s.lo AND t.rank < s.hi;
ANALYZE things;
EXPLAIN (VERBOSE, COSTS OFF) SELECT s.name, t.rank FROM span s JOIN things t ON t.rank > s.lo AND t.rank < s.hi;
EXPLAIN (COSTS OFF) SELECT s.name, t.rank FROM span s LEFT JOIN things t ON t.rank = s.lo AND t.flag = s.flag;
SELECT l.local = 0 AS same, local.counter(q, 'HTTP Requests') AS requests, local.counter(q, 'Rows Received') AS rows, q AS query FROM unnest(ARRAY[
    'SELECT s.name, t.id FROM span s JOIN things t ON t.rank > s.lo AND t.rank < s.hi',
    'SELECT s.name, t.id FROM span s LEFT JOIN things t ON t.rank > s.lo AND t.rank < s.hi',
    'SELECT s.name, t.id FROM span s LEFT JOIN things t ON t.rank = s.lo AND t.flag = s.flag',
    'SELECT s.name, t.id FROM span s JOIN things t ON t.words = s.word',
    'SELECT s.name, t.id FROM span s JOIN things t ON t.whole IS NOT DISTINCT FROM s.lo WHERE s.name = ''c''',
    'SELECT s.name FROM span s WHERE EXISTS (SELECT FROM things t WHERE t.price > s.lo AND t.whole < s.hi)',
    'SELECT s.name FROM span s WHERE NOT EXISTS (SELECT FROM things t WHERE t.rank = s.hi AND t.flag)',
    'SELECT s.name, t.id FROM span s JOIN things t ON t.rank < s.lo OR t.id = s.hi']) q,
    LATERAL (SELECT local.difference(q, replace(q, 'things', 'local')) AS local) l;
-- Of many rows all is read once, and joined here.
EXPLAIN (COSTS OFF) SELECT l.id, t.id FROM local l JOIN things t ON t.rank = l.rank;

-- Wrong options.
\set VERBOSITY terse
ALTER FOREIGN TABLE things OPTIONS (SET filter '{"argument": "filter", "type": "[x", "style": "equality", "columns": {"id": "="}}');
ALTER FOREIGN TABLE things OPTIONS (SET filter '{"type": "x", "style": "arguments", "columns": {"id": "="}}');

DROP SERVER filter CASCADE;
DROP SCHEMA filter CASCADE;
