-- Nested loops over remote tables: one request per batch of keys, and the rows a local join gives.
CREATE SCHEMA batch_join;
SET search_path = batch_join;
\getenv api GRAPHQL_FDW_API
CREATE SERVER batch_join FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api', key_batch_size '100');

CREATE FOREIGN TABLE account_list (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text,
    balance numeric,
    referrer_id int OPTIONS (path 'referrerId')
) SERVER batch_join OPTIONS (field 'account', key 'id',
    lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE FOREIGN TABLE account_alias (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text,
    balance numeric,
    referrer_id int OPTIONS (path 'referrerId')
) SERVER batch_join OPTIONS (field 'account', key 'id', batch_mode 'alias');
CREATE FOREIGN TABLE account_single (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text
) SERVER batch_join OPTIONS (field 'account', key 'id', batch_mode 'single');
-- To many: no declared key among the arguments.
CREATE FOREIGN TABLE account_order (
    id text,
    account_id int OPTIONS (path 'accountId', argument 'accountId', type 'Int!'),
    quantity int,
    total numeric
) SERVER batch_join OPTIONS (field 'ordersByAccount', key 'id', batch_mode 'alias');
CREATE FOREIGN TABLE order_list (
    id text,
    account_id int OPTIONS (path 'accountId', argument 'filter.accountId.eq', type 'Int!'),
    quantity int,
    total numeric
) SERVER batch_join OPTIONS (field 'orders', key 'id',
    lookups '[{"field": "orders", "arguments": {"filter": {"accountId": {"in": ["$account_id"]}}}}]');

-- The copies to compare with.
CREATE VIEW account_local AS SELECT id, plan, balance, referrer_id FROM local.accounts;
CREATE VIEW order_local AS SELECT id::text, account_id, quantity, total FROM local.orders;

-- 10,000 rows over 1,000 keys, in three orders. Nothing sorts them on the way.
CREATE TABLE customer (n int, account_id int, big_id bigint, text_id text);
INSERT INTO customer SELECT n, 1 + n % 1000, 1 + n % 1000, (1 + n % 1000)::text
    FROM generate_series(0, 9999) n;
CREATE TABLE customer_clustered AS SELECT * FROM customer ORDER BY account_id, n;
CREATE TABLE customer_shuffled AS SELECT * FROM customer ORDER BY hashint4(n), n;
ANALYZE customer, customer_clustered, customer_shuffled;

EXPLAIN (COSTS OFF, VERBOSE)
SELECT c.n, a.plan FROM customer c JOIN account_list a ON a.id = c.account_id;

EXPLAIN (COSTS OFF, VERBOSE)
SELECT c.n, a.plan FROM customer c LEFT JOIN account_alias a ON a.id = c.account_id;

EXPLAIN (COSTS OFF)
SELECT c.n FROM customer c
WHERE EXISTS (SELECT FROM account_list a WHERE a.id = c.account_id AND a.plan = 'team');

EXPLAIN (COSTS OFF)
SELECT c.n FROM customer c
WHERE NOT EXISTS (SELECT FROM account_list a WHERE a.id = c.account_id AND a.plan = 'team');

EXPLAIN (COSTS OFF) SELECT a.plan FROM account_list a WHERE a.id IN (SELECT account_id FROM customer);

EXPLAIN (COSTS OFF)
SELECT c.n, o.total FROM customer c
LEFT JOIN LATERAL (SELECT * FROM account_order o WHERE o.account_id = c.account_id
                   ORDER BY total DESC, id LIMIT 2) o ON true;


CREATE TABLE shape (name text, statement text);
INSERT INTO shape VALUES
('inner', 'SELECT c.*, a.* FROM %1$s c JOIN %2$s a ON a.id = c.account_id'),
('left', 'SELECT c.*, a.* FROM %1$s c LEFT JOIN %2$s a ON a.id = c.account_id AND a.plan <> ''free'''),
('semi', 'SELECT c.* FROM %1$s c WHERE EXISTS (SELECT FROM %2$s a WHERE a.id = c.account_id AND a.plan = ''team'')'),
('anti', 'SELECT c.* FROM %1$s c WHERE NOT EXISTS (SELECT FROM %2$s a WHERE a.id = c.account_id AND a.plan = ''team'')'),
('in', 'SELECT a.* FROM %2$s a WHERE a.id IN (SELECT account_id FROM %1$s)'),
('lateral', 'SELECT c.n, a.* FROM %1$s c LEFT JOIN LATERAL (SELECT * FROM %2$s a WHERE a.id = c.account_id ORDER BY plan LIMIT 1) a ON true'),
('aggregate', 'SELECT c.n, a.* FROM %1$s c, LATERAL (SELECT count(*), max(balance) FROM %2$s a WHERE a.id = c.account_id) a');

-- Exactly 10 requests each, whatever the order of the rows; nothing missed; the same rows.
SELECT name, c AS customers, a AS accounts,
       local.counter(format(statement, c, a), 'HTTP Requests') AS requests,
       local.counter(format(statement, c, a), 'Lookups Missed') AS missed,
       local.difference(format(statement, c, a), format(statement, c, 'account_local')) AS differences
FROM shape, unnest('{customer,customer_clustered,customer_shuffled}'::text[]) c,
     unnest('{account_list,account_alias}'::text[]) a
ORDER BY name, c, a;

-- One request per key.
SELECT name, local.counter(format(statement, 'customer', 'account_single'), 'HTTP Requests') AS requests,
       local.counter(format(statement, 'customer', 'account_single'), 'Lookups Missed') AS missed
FROM shape WHERE name IN ('inner', 'semi') ORDER BY name;

-- To many.
SELECT o AS orders, local.counter(q, 'HTTP Requests') AS requests, local.counter(q, 'Lookups Missed') AS missed,
       local.difference(q, replace(q, o, 'order_local')) AS differences
FROM unnest('{account_order,order_list}'::text[]) o,
     format('SELECT c.n, o.* FROM customer c LEFT JOIN %I o ON o.account_id = c.account_id AND o.quantity > 3', o) q;

-- Keys that are missing, NULL, computed, or of another type; no rows at all.
CREATE TABLE odd (n int, account_id int, wide bigint);
INSERT INTO odd VALUES (1, 5, 5), (2, NULL, NULL), (3, 1005, 1005), (4, 5, 5), (5, 7, 99999999999), (6, -1, 8);
ANALYZE odd;
SELECT o.n, a.id, a.plan FROM odd o LEFT JOIN account_list a ON a.id = o.account_id ORDER BY o.n;
SELECT o.n, a.id, a.plan FROM odd o LEFT JOIN account_alias a ON a.id = o.wide ORDER BY o.n;
SELECT o.n, a.id, a.plan FROM odd o JOIN account_list a ON a.id = o.account_id + 1 ORDER BY o.n;
SELECT o.n FROM odd o WHERE NOT EXISTS (SELECT FROM account_list a WHERE a.id = o.account_id) ORDER BY o.n;
SELECT local.counter('SELECT * FROM odd o JOIN account_list a ON a.id = o.account_id', 'Keys') AS keys;
SELECT local.counter('SELECT * FROM odd o JOIN account_list a ON a.id = o.account_id WHERE o.n > 100', 'HTTP Requests') AS requests;
SELECT local.counter('SELECT * FROM odd o JOIN account_list a ON a.id = o.account_id WHERE o.account_id IS NULL', 'HTTP Requests') AS requests;

-- Values that no API can hold find nothing, also when they are read ahead of a LIMIT.
CREATE FOREIGN TABLE account_wide (id bigint OPTIONS (argument 'id', type 'Int!'), plan text)
    SERVER batch_join OPTIONS (field 'account', key 'id');
SELECT o.n, a.id FROM (VALUES (1, 5), (2, 10000000000), (3, 7)) o(n, id) LEFT JOIN account_wide a ON a.id = o.id ORDER BY o.n;
CREATE FOREIGN TABLE product (sku text, price float8 OPTIONS (argument 'filter.price.eq', type 'Float!'))
    SERVER batch_join OPTIONS (field 'products', key 'sku');
SELECT v.price, count(p.sku) FROM (VALUES ('NaN'::float8), ('Infinity'), ((SELECT price FROM local.products WHERE sku = 'SKU-0001')), (NULL)) v(price)
    LEFT JOIN product p ON p.price = v.price GROUP BY 1 ORDER BY 1;

-- Chains, several relationships, keys from several tables, views.
CREATE TABLE second_key AS SELECT n, 1 + (n * 7) % 1000 AS account_id FROM generate_series(0, 999) n;
ANALYZE second_key;
SELECT name, local.counter(q, 'HTTP Requests') AS requests, local.counter(q, 'Lookups Missed') AS missed,
       local.difference(q, replace(replace(q, 'account_list', 'account_local'), 'order_list', 'order_local')) AS differences
FROM (VALUES
('chain', 'SELECT c.n, a.plan, r.plan AS referrer FROM customer c LEFT JOIN account_list a ON a.id = c.account_id LEFT JOIN account_list r ON r.id = a.referrer_id'),
('two', 'SELECT c.n, a.plan, s.n AS m, b.plan AS other FROM customer c JOIN second_key s ON s.n = c.n LEFT JOIN account_list a ON a.id = c.account_id LEFT JOIN account_list b ON b.id = s.account_id'),
('two at different pace', 'SELECT c.n, a.plan, b.plan AS other FROM customer_clustered c LEFT JOIN account_list a ON a.id = c.account_id LEFT JOIN account_list b ON b.id = 1 + c.account_id / 3'),
('sum of two tables', 'SELECT c.n, a.plan FROM customer c JOIN second_key s ON s.n = c.n JOIN account_list a ON a.id = (c.account_id + s.account_id) / 2'),
('union', 'SELECT c.n, u.* FROM customer c JOIN (SELECT id, plan FROM account_list UNION ALL SELECT account_id, id FROM order_list) u ON u.id = c.account_id')
) AS v(name, q);

-- Relationships that do not depend on one another are asked for by the same look-ahead.
EXPLAIN (COSTS OFF)
SELECT c.n, a.plan, o.total FROM customer c
LEFT JOIN account_list a ON a.id = c.account_id
LEFT JOIN order_list o ON o.account_id = c.account_id;

-- A relationship that is not used costs nothing.
EXPLAIN (COSTS OFF) SELECT c.n FROM customer c LEFT JOIN account_list a ON a.id = c.account_id;

-- Keys of several columns, from one table and from two; in lists, keys that share the rest share a request.
CREATE FOREIGN TABLE pair_alias (
    id text,
    account_id int OPTIONS (path 'accountId', argument 'filter.accountId.eq', type 'Int!'),
    sku text OPTIONS (argument 'filter.sku.eq', type 'String!')
) SERVER batch_join OPTIONS (field 'orders', key 'id', batch_mode 'alias');
CREATE FOREIGN TABLE pair_list (
    id text,
    account_id int OPTIONS (path 'accountId', argument 'filter.accountId.eq', type 'Int!'),
    sku text OPTIONS (argument 'filter.sku.eq', type 'String!')
) SERVER batch_join OPTIONS (field 'orders', key 'id', batch_mode 'list',
    lookups '[{"field": "orders", "arguments": {"filter": {"accountId": {"in": ["$account_id"]}, "sku": {"eq": "$sku"}}}}]');
CREATE VIEW pair_local AS SELECT id::text, account_id, sku FROM local.orders;
CREATE TABLE wanted AS SELECT account_id, sku FROM local.orders WHERE sku IN ('SKU-0001', 'SKU-0002', 'SKU-0003')
    UNION ALL VALUES (1, NULL), (NULL, 'SKU-0001'), (5000, 'SKU-0002');
CREATE TABLE wanted_sku AS SELECT DISTINCT sku FROM wanted WHERE sku IS NOT NULL;
ANALYZE wanted, wanted_sku;
EXPLAIN (COSTS OFF, VERBOSE)
SELECT o.id FROM wanted w JOIN pair_list o ON o.account_id = w.account_id AND o.sku = w.sku;
SELECT p AS pairs, local.counter(q, 'HTTP Requests') AS requests, local.counter(q, 'Lookups Missed') AS missed,
       local.difference(q, replace(q, p, 'pair_local')) AS differences
FROM unnest('{pair_alias,pair_list}'::text[]) p,
unnest(ARRAY['SELECT w.*, o.id FROM wanted w LEFT JOIN %1$s o ON o.account_id = w.account_id AND o.sku = w.sku',
             'SELECT w.*, s.*, o.id FROM (SELECT DISTINCT account_id FROM wanted) w CROSS JOIN wanted_sku s JOIN %1$s o ON o.account_id = w.account_id AND o.sku = s.sku',
             'SELECT o.* FROM %1$s o WHERE o.account_id = ANY (ARRAY(SELECT account_id FROM wanted)) AND o.sku IN (''SKU-0001'', ''SKU-0002'')']) f,
format(f, p) q;

-- Plans that may stop early begin with small batches.
SELECT l, local.counter(q, 'HTTP Requests') AS requests, local.counter(q, 'Keys') AS keys
FROM unnest('{JOIN,LEFT JOIN}'::text[]) j,
     format('SELECT c.n, a.plan FROM customer c %s account_list a ON a.id = c.account_id LIMIT 10', j) q,
     concat(j, ' LIMIT 10') l;
PREPARE limited(int) AS SELECT c.n, a.plan FROM customer c JOIN account_list a ON a.id = c.account_id LIMIT $1;
SET plan_cache_mode = force_generic_plan;
SELECT local.counter('EXECUTE limited(3)', 'HTTP Requests') AS requests, local.counter('EXECUTE limited(3)', 'Keys') AS keys;
RESET plan_cache_mode;
SELECT local.counter('SELECT c.n FROM customer c WHERE NOT EXISTS (SELECT FROM account_list a WHERE a.id = c.account_id AND a.plan = ''team'') LIMIT 10', 'Keys') AS keys;

-- Cursors, backwards too.
BEGIN;
DECLARE walk SCROLL CURSOR FOR
    SELECT c.n, a.id FROM customer c JOIN account_list a ON a.id = c.account_id;
FETCH 2 FROM walk;
FETCH ABSOLUTE 500 FROM walk;
FETCH BACKWARD 1 FROM walk;
MOVE ALL FROM walk;
FETCH BACKWARD 1 FROM walk;
COMMIT;

-- Rescans with other parameters keep what is known.
SELECT g, (SELECT count(*) FROM odd o JOIN account_list a ON a.id = o.account_id + g)
FROM generate_series(0, 3) g;

-- Rescans that leave a batch half read.
SELECT count(*) FILTER (WHERE remote IS DISTINCT FROM local) AS differences
FROM (SELECT (SELECT c.n FROM customer c JOIN account_list a ON a.id = c.account_id + g WHERE a.plan = 'team' LIMIT 1) AS remote,
             (SELECT min(c.n) FROM customer c JOIN account_local a ON a.id = c.account_id + g WHERE a.plan = 'team') AS local
      FROM generate_series(0, 20) g) q;
SELECT count(*) FILTER (WHERE remote IS DISTINCT FROM local) AS differences
FROM (SELECT (SELECT c.n FROM customer c JOIN account_list a ON a.id = c.account_id + g WHERE a.balance > 50000 OFFSET 7 LIMIT 1) AS remote,
             (SELECT c.n FROM customer c JOIN account_local a ON a.id = c.account_id + g WHERE a.balance > 50000 ORDER BY c.n OFFSET 7 LIMIT 1) AS local
      FROM generate_series(0, 20) g) q;

-- Row locks and changes that read the API.
BEGIN;
SELECT o.n, a.plan FROM odd o JOIN account_list a ON a.id = o.account_id ORDER BY o.n FOR UPDATE OF o;
UPDATE odd o SET wide = length(a.plan) FROM account_list a WHERE a.id = o.account_id RETURNING o.n, o.wide;
DELETE FROM odd o USING account_alias a WHERE a.id = o.account_id AND a.plan IS NOT NULL RETURNING o.n, a.id;
ROLLBACK;

-- Bounded memory: with little work_mem rows are dropped and fetched again, never lost.
SET work_mem = '64kB';
SELECT name, differences, requests > 10 AS fetched_again FROM shape,
LATERAL (SELECT local.difference(format(statement, 'customer', 'account_list'), format(statement, 'customer', 'account_local')) AS differences,
         local.counter(format(statement, 'customer', 'account_list'), 'HTTP Requests') AS requests) d
WHERE name IN ('inner', 'left', 'anti') ORDER BY name;
RESET work_mem;

-- Many batches ahead share work_mem, and each still holds rows.
ALTER SERVER batch_join OPTIONS (ADD concurrency '64');
SET work_mem = '64kB';
SELECT local.difference('SELECT * FROM second_key c LEFT JOIN account_list a ON a.id = c.account_id',
                  'SELECT * FROM second_key c LEFT JOIN account_local a ON a.id = c.account_id') AS differences;
RESET work_mem;
ALTER SERVER batch_join OPTIONS (DROP concurrency);

-- Inside set operations and grouping sets.
SELECT local.counter(q, 'HTTP Requests') AS requests, local.counter(q, 'Lookups Missed') AS missed,
       local.difference(q, replace(q, 'account_list', 'account_local')) AS differences
FROM unnest(ARRAY['SELECT c.n, u.* FROM second_key c, LATERAL (SELECT plan FROM account_list a WHERE a.id = c.account_id EXCEPT SELECT ''free'') u',
                  'SELECT c.n, u.* FROM second_key c, LATERAL (SELECT plan, count(*) FROM account_list a WHERE a.id = c.account_id GROUP BY ROLLUP (plan)) u']) q;

-- A plan that cannot run is never chosen, whatever is disabled.
SET enable_nestloop = off;
SELECT count(*) FROM second_key c LEFT JOIN LATERAL (SELECT r.plan FROM account_list a
    JOIN account_list r ON r.id = a.referrer_id WHERE a.id = c.account_id) z ON true;
RESET enable_nestloop;

-- A key declared unique says nothing about inheritance children.
CREATE TABLE account_kid () INHERITS (account_list);
INSERT INTO account_kid (id, plan) SELECT n, 'kid' FROM generate_series(1, 50) n;
SELECT count(*) FROM (SELECT c.n FROM second_key c LEFT JOIN account_list a ON a.id = c.account_id) q;
SELECT count(*) FROM (SELECT c.n, a.plan FROM second_key c LEFT JOIN account_list a ON a.id = c.account_id) q;
DROP TABLE account_kid;

-- Keys are the same when the API takes them for the same, whatever the column's collation says.
CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE FOREIGN TABLE country_any_case (code text OPTIONS (argument 'code', type 'ID!') COLLATE any_case, name text)
    SERVER batch_join OPTIONS (field 'country', key 'code', lookups '[{"field": "countriesByCodes", "arguments": {"codes": ["$code"]}}]');
SELECT t.code, c.name FROM (VALUES ('ch'), ('CH'), ('at'), ('AT')) t(code)
    LEFT JOIN country_any_case c ON c.code COLLATE "C" = t.code ORDER BY t.code COLLATE "C";
SELECT name FROM country_any_case WHERE code COLLATE "C" IN ('ch', 'CH');

-- Without look-ahead: the same rows, one request per key.
SET graphql_fdw.enable_lookahead = off;
SELECT local.counter('SELECT * FROM second_key c JOIN account_list a ON a.id = c.account_id', 'HTTP Requests') AS requests,
       local.difference('SELECT * FROM second_key c JOIN account_list a ON a.id = c.account_id',
                  'SELECT * FROM second_key c JOIN account_local a ON a.id = c.account_id') AS differences;
RESET graphql_fdw.enable_lookahead;

-- An answer that contradicts the declared key.
\set duplicate :api '/fault/duplicate'
ALTER SERVER batch_join OPTIONS (SET url :'duplicate');
SELECT count(*) FROM odd o JOIN account_list a ON a.id = o.account_id;
SELECT count(*) FROM odd o JOIN account_order a ON a.account_id = o.account_id WHERE a.id IS NOT NULL;
SELECT count(id) FROM account_list WHERE id = 5;
SELECT count(id) FROM account_list WHERE id IN (5, 6);

\set VERBOSITY terse
DROP SERVER batch_join CASCADE;
DROP SCHEMA batch_join CASCADE;
