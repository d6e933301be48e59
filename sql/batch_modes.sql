-- How keys are put into requests: every batch_mode asks for the same rows.
CREATE SCHEMA batch_modes;
SET search_path = batch_modes, public;
\getenv api GRAPHQL_FDW_API
\set entities :api '/entities'
\set batch :api '/batch'
CREATE SERVER batch_modes FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'entities', key_batch_size '100');
CREATE SERVER batch_modes_array FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'batch', key_batch_size '100');

-- Ways to reach an account, the best ones last.
CREATE FOREIGN TABLE account (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text,
    balance numeric
) SERVER batch_modes OPTIONS (field 'account', key 'id', lookups '[
    {"field": "accounts", "arguments": {"filter": {"id": {"in": ["$id"]}}}},
    {"field": "_entities", "typename": "Account", "arguments": {"representations": [{"__typename": "Account", "id": "$id"}]}},
    {"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE FOREIGN TABLE "order" (
    id text OPTIONS (argument 'id', type 'ID!'),
    quantity int
) SERVER batch_modes OPTIONS (field 'order', key 'id', lookups '[
    {"field": "nodes", "typename": "Order", "arguments": {"ids": ["$id"]}}]');
CREATE TABLE customer AS SELECT n, 1 + n * 7 % 1000 AS account_id, (4500 + n * 7 % 1000)::text AS order_id FROM generate_series(0, 999) n;
ANALYZE customer;

-- By itself the best way is taken, wherever it is written: lists, then filters, then aliases.
EXPLAIN (COSTS OFF) SELECT c.n, a.plan FROM customer c JOIN account a ON a.id = c.account_id;
ALTER FOREIGN TABLE account OPTIONS (SET lookups '[
    {"field": "accounts", "arguments": {"filter": {"id": {"in": ["$id"]}}}},
    {"field": "_entities", "typename": "Account", "arguments": {"representations": [{"__typename": "Account", "id": "$id"}]}}]');
EXPLAIN (COSTS OFF) SELECT c.n, a.plan FROM customer c JOIN account a ON a.id = c.account_id;
ALTER FOREIGN TABLE account OPTIONS (SET lookups '[
    {"field": "accounts", "arguments": {"filter": {"id": {"in": ["$id"]}}}}]');
EXPLAIN (COSTS OFF) SELECT c.n, a.plan FROM customer c JOIN account a ON a.id = c.account_id;
ALTER FOREIGN TABLE account OPTIONS (SET lookups '[
    {"field": "accounts", "arguments": {"filter": {"id": {"in": ["$id"]}}}},
    {"field": "_entities", "typename": "Account", "arguments": {"representations": [{"__typename": "Account", "id": "$id"}]}},
    {"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');

-- What EXPLAIN says of a mode, and the requests and rows it comes to.
CREATE FUNCTION tried(relation regclass, mode text, statement text, copy text)
RETURNS TABLE (batch_mode text, requests bigint, missed bigint, differences bigint) LANGUAGE plpgsql AS $$
DECLARE plan json; q text := format(statement, relation);
BEGIN
    EXECUTE format('ALTER FOREIGN TABLE %s OPTIONS (ADD batch_mode %L)', relation, mode);
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || q INTO plan;
    RETURN QUERY SELECT (regexp_match(plan::text, '"Batch Mode": "(\w+)"'))[1], local.counter(q, 'HTTP Requests'),
        local.counter(q, 'Lookups Missed'), local.difference(q, format(statement, copy));
    EXECUTE format('ALTER FOREIGN TABLE %s OPTIONS (DROP batch_mode)', relation);
END $$;
SELECT mode, t.* FROM unnest(ARRAY['auto', 'list', 'nodes', 'entities', 'filter', 'alias', 'single']) WITH ORDINALITY m(mode, n),
LATERAL tried('account', mode, 'SELECT c.n, a.id, a.plan, a.balance FROM customer c LEFT JOIN %s a ON a.id = c.account_id',
              '(SELECT id, plan, balance FROM local.accounts)') t ORDER BY n;
SELECT mode, t.* FROM unnest(ARRAY['auto', 'list', 'nodes', 'entities', 'filter', 'alias']) WITH ORDINALITY m(mode, n),
LATERAL tried('"order"', mode, 'SELECT c.n, o.id, o.quantity FROM customer c LEFT JOIN %s o ON o.id = c.order_id',
              '(SELECT id::text, quantity FROM local.orders)') t ORDER BY n;

-- A filter that finds its rows page by page.
CREATE FOREIGN TABLE paged (
    id int,
    plan text
) SERVER batch_modes OPTIONS (field 'accountsRelay.nodes', key 'id', pagination '{"style": "relay", "size": "first", "cursor": "after", "max": 30}',
    lookups '[{"field": "accountsRelay.nodes", "arguments": {"filter": {"id": {"in": ["$id"]}}}}]');
SELECT * FROM tried('paged', 'filter', 'SELECT c.n, a.id, a.plan FROM customer c JOIN %s a ON a.id = c.account_id',
                    '(SELECT id, plan FROM local.accounts)');

-- An array of requests: each key has an operation of its own.
CREATE FOREIGN TABLE account_array (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text,
    balance numeric
) SERVER batch_modes_array OPTIONS (field 'account', key 'id', batch_mode 'array');
EXPLAIN (COSTS OFF, VERBOSE) SELECT c.n, a.plan FROM customer c JOIN account_array a ON a.id = c.account_id;
SELECT local.counter(q, 'HTTP Requests') AS requests, local.counter(q, 'Lookups Missed') AS missed,
       local.difference(q, replace(q, 'account_array', 'local.accounts')) AS differences
FROM (VALUES ('SELECT c.n, a.id, a.plan, a.balance FROM customer c LEFT JOIN account_array a ON a.id = c.account_id'),
             ('SELECT c.n FROM customer c WHERE NOT EXISTS (SELECT FROM account_array a WHERE a.id = c.account_id + 500)'),
             ('SELECT id, plan FROM account_array a WHERE id IN (3, 1, 2000)'),
             ('SELECT id, plan FROM account_array a WHERE id = 3')) v (q);
-- Pages, key by key: 1,000 accounts of a handful of regions.
CREATE FOREIGN TABLE inhabitant (
    id int,
    region text OPTIONS (argument 'filter.region.eq', type 'String')
) SERVER batch_modes_array OPTIONS (field 'accountsRelay.nodes', batch_mode 'array', fetch_size '30',
    pagination '{"style": "relay", "size": "first", "cursor": "after"}');
CREATE VIEW region AS SELECT DISTINCT region FROM local.accounts;
CREATE TABLE largest AS SELECT ceil(max(n) / 30.0) AS pages FROM (SELECT count(*) AS n FROM local.accounts WHERE region IS NOT NULL GROUP BY region) r;
SELECT local.counter(q, 'HTTP Requests') = pages AS a_request_per_round, local.counter(q, 'Lookups Missed') AS missed,
       local.difference(q, replace(q, 'inhabitant', 'local.accounts')) AS differences
FROM largest, (VALUES ('SELECT i.region, i.id FROM region r JOIN inhabitant i ON i.region = r.region')) v (q);

-- An operation that fails is the key's own error, one that is refused is everybody's.
CREATE FOREIGN TABLE strict (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text
) SERVER batch_modes_array OPTIONS (field 'accountStrict', key 'id', batch_mode 'array');
\set VERBOSITY terse
SELECT * FROM strict WHERE id IN (1, 2000, 3);
ALTER FOREIGN TABLE strict OPTIONS (ADD on_error 'null');
SELECT * FROM strict WHERE id IN (1, 2000, 3) ORDER BY id;
ALTER FOREIGN TABLE strict ALTER plan OPTIONS (ADD path 'plam');
SELECT * FROM strict WHERE id IN (1, 2, 3);
-- Not every API takes arrays: there aliases stand in for them, and from the first answer on at once.
ALTER FOREIGN TABLE "order" OPTIONS (ADD batch_mode 'array');
SELECT run, local.counter(q, 'HTTP Requests') <= CASE run WHEN 1 THEN 20 ELSE 10 END AS few, local.counter(q, 'Lookups Missed') AS missed,
       local.difference(q, replace(q, '"order"', '(SELECT id::text, quantity FROM local.orders)')) AS differences
FROM generate_series(1, 2) run, (VALUES ('SELECT c.n, o.id, o.quantity FROM customer c JOIN "order" o ON o.id = c.order_id')) v (q);
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT quantity FROM "order" WHERE id IN ('4500', '4501');
ALTER FOREIGN TABLE "order" ALTER quantity OPTIONS (ADD path 'quant');
SELECT c.n, o.quantity FROM customer c JOIN "order" o ON o.id = c.order_id;

SET client_min_messages = warning;
DROP SERVER batch_modes, batch_modes_array CASCADE;
DROP SCHEMA batch_modes CASCADE;
