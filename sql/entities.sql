-- Look-ups among objects of many types: federation's _entities and Relay's nodes.
CREATE SCHEMA entities;
SET search_path = entities, public;
\getenv api GRAPHQL_FDW_API
\set url :api '/entities'
CREATE SERVER entities FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'url', key_batch_size '100');
SET client_min_messages = warning;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account, accounts, product, country, "order")
    FROM SERVER entities INTO entities OPTIONS (import_max_depth '0');
RESET client_min_messages;

-- What import makes of them, in their order.
CREATE VIEW lookup AS
SELECT ftrelid::regclass AS "table", n, l ->> 'field' AS field, l ->> 'typename' AS typename, l -> 'arguments' AS arguments
FROM pg_foreign_table, pg_options_to_table(ftoptions), jsonb_array_elements(option_value::jsonb) WITH ORDINALITY AS e(l, n)
WHERE option_name = 'lookups' AND ftserver = (SELECT oid FROM pg_foreign_server WHERE srvname = 'entities');
SELECT * FROM lookup WHERE "table"::text <> 'accounts' ORDER BY "table"::text COLLATE "C", n;
SELECT object, severity, message FROM graphql_check('entities');

-- From here on through them only.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['account', 'product', 'country', '"order"'] LOOP
        EXECUTE format('ALTER FOREIGN TABLE %s OPTIONS (SET lookups %L)', t, (
            SELECT jsonb_agg(jsonb_build_object('field', field, 'typename', typename, 'arguments', arguments))
            FROM lookup WHERE "table" = t::regclass AND typename IS NOT NULL));
    END LOOP;
END $$;

-- 1,000 rows each: every key once, in no order; some of them are not there.
CREATE TABLE customer AS SELECT n, 1 + n * 7 % 1000 AS account_id FROM generate_series(0, 999) n;
CREATE TABLE purchase AS
SELECT n, 'SKU-' || lpad((n * 7 % 550)::text, 4, '0') AS sku, (4500 + n * 7 % 1000)::text AS order_id FROM generate_series(0, 999) n;
ANALYZE customer, purchase;

EXPLAIN (COSTS OFF, VERBOSE) SELECT c.n, a.id, a.plan FROM customer c JOIN account a ON a.id = c.account_id;
EXPLAIN (COSTS OFF, VERBOSE) SELECT p.n, o.quantity FROM purchase p LEFT JOIN "order" o ON o.id = p.order_id;

-- Ten requests for 1,000 keys, and the rows of a local join.
CREATE TABLE shape (name text, remote text, copy text, statement text);
INSERT INTO shape VALUES
('account', 'account', '(SELECT id, plan, balance FROM local.accounts)',
 'SELECT c.n, a.id, a.plan, a.balance FROM customer c JOIN %s a ON a.id = c.account_id'),
('product', 'product', '(SELECT sku, name, price FROM local.products)',
 'SELECT p.n, a.sku, a.name, a.price FROM purchase p LEFT JOIN %s a ON a.sku = p.sku'),
('order', '"order"', '(SELECT id::text, quantity, total FROM local.orders)',
 'SELECT p.n, a.id, a.quantity, a.total FROM purchase p LEFT JOIN %s a ON a.id = p.order_id'),
('counted', 'account', 'local.accounts',
 'SELECT c.n, a.n AS found FROM customer c, LATERAL (SELECT count(*) AS n FROM %s a WHERE a.id = c.account_id + 500) a');
SELECT name, local.counter(format(statement, remote), 'HTTP Requests') AS requests,
       local.counter(format(statement, remote), 'Schema Requests') AS schema_requests,
       local.counter(format(statement, remote), 'Lookups Missed') AS missed,
       local.difference(format(statement, remote), format(statement, copy)) AS differences
FROM shape ORDER BY name;

-- Keys that are missing, NULL, of another SQL type, and strange.
CREATE TABLE odd (n int, account_id int, wide bigint, code text);
INSERT INTO odd VALUES (1, 5, 5, 'PT'), (2, NULL, NULL, NULL), (3, 1005, 99999999999, 'XX'), (4, 5, 8, 'a"b\c'), (5, -1, 9, 'IS');
ANALYZE odd;
SELECT o.n, a.id, a.plan FROM odd o LEFT JOIN account a ON a.id = o.account_id ORDER BY o.n;
SELECT o.n, a.id, a.plan FROM odd o LEFT JOIN account a ON a.id = o.wide ORDER BY o.n;
SELECT o.n, c.code, c.name FROM odd o LEFT JOIN country c ON c.code = o.code ORDER BY o.n;
SELECT o.n FROM odd o WHERE NOT EXISTS (SELECT FROM country c WHERE c.code = o.code) ORDER BY o.n;
SELECT id, plan FROM account WHERE id IN (3, 1, 2000) ORDER BY id;
SELECT code, name FROM country WHERE code = 'IS';

-- Objects of another type are no rows, whatever is asked of them.
CREATE FOREIGN TABLE other (code text OPTIONS (type 'ID', path 'name'), plan text, "row" jsonb OPTIONS (path '.')) SERVER entities OPTIONS (field 'countries',
    lookups '[{"field": "_entities", "typename": "Account", "arguments": {"representations": [{"__typename": "Country", "code": "$code"}]}}]');
CREATE FOREIGN TABLE sent (code text OPTIONS (type 'ID!', argument 'code', path ''), name text) SERVER entities OPTIONS (field 'country',
    lookups '[{"field": "_entities", "typename": "Account", "arguments": {"representations": [{"__typename": "Country", "code": "$code"}]}}]');
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM other WHERE code = 'PT';
SELECT count(*) FROM other WHERE code = 'PT';
SELECT o.n, t FROM odd o LEFT JOIN other t ON t.code = o.code ORDER BY o.n;
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM sent WHERE code = 'PT';
SELECT count(*) FROM sent WHERE code = 'PT';
SELECT object, severity, message FROM graphql_check('entities');
ALTER FOREIGN TABLE other ALTER code OPTIONS (DROP path), DROP plan, ADD name text,
    OPTIONS (SET lookups '[{"field": "_entities", "typename": "Country", "arguments": {"representations": [{"__typename": "Country", "code": "$code"}]}}]');
SELECT o.n, t FROM odd o LEFT JOIN other t ON t.code = o.code ORDER BY o.n;

-- A field or a request for each key.
ALTER FOREIGN TABLE other OPTIONS (ADD batch_mode 'alias');
EXPLAIN (COSTS OFF, VERBOSE) SELECT o.n, t.name FROM odd o JOIN other t ON t.code = o.code;
SELECT o.n, t.name FROM odd o LEFT JOIN other t ON t.code = o.code ORDER BY o.n;
ALTER FOREIGN TABLE other OPTIONS (SET batch_mode 'single');
SELECT o.n, t.name FROM odd o LEFT JOIN other t ON t.code = o.code ORDER BY o.n;
SELECT object, severity, message FROM graphql_check('entities');

-- One column only. A type that does not come of the field is the API's error.
ALTER FOREIGN TABLE other OPTIONS (SET lookups
    '[{"field": "_entities", "typename": "Country", "arguments": {"representations": [{"__typename": "Country", "code": "$code", "name": "$name"}]}}]');
SELECT count(*) FROM other WHERE code = 'PT';
ALTER FOREIGN TABLE other OPTIONS (SET lookups
    '[{"field": "_entities", "typename": "Zoo", "arguments": {"representations": [{"__typename": "Zoo", "code": "$code"}]}}]');
\set VERBOSITY terse
SELECT count(*) FROM other WHERE code = 'PT';
SELECT object, severity, message FROM graphql_check('entities');

SET client_min_messages = warning;
DROP SCHEMA entities CASCADE;
DROP SERVER entities CASCADE;
