-- Relationships of all three kinds: what they become, what EXPLAIN shows, and the rows a local join gives.
CREATE SCHEMA relationships;
SET search_path = relationships, public;
\getenv api GRAPHQL_FDW_API
SELECT regexp_replace(:'api', '/graphql.*', '/graphql/drift/none') AS zoo \gset
CREATE SERVER relationships FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE SERVER zoo FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'zoo');
CREATE FOREIGN TABLE account (
    id int OPTIONS (argument 'id'),
    plan text,
    region text,
    referrer_id int OPTIONS (path 'referrerId')
) SERVER relationships OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE FOREIGN TABLE "order" (
    id text OPTIONS (argument 'filter.id.eq'),
    account_id int OPTIONS (path 'accountId', argument 'filter.accountId.eq'),
    sku text OPTIONS (argument 'filter.sku.eq'),
    total numeric
) SERVER relationships OPTIONS (field 'orders', key 'id',
    lookups '[{"field": "orders", "arguments": {"filter": {"accountId": {"in": ["$account_id"]}}}},
              {"field": "orders", "arguments": {"filter": {"id": {"in": ["$id"]}}}}]');
CREATE FOREIGN TABLE product (sku text OPTIONS (argument 'sku'), name text, price float8) SERVER relationships OPTIONS (field 'product', key 'sku',
    lookups '[{"field": "productsBySkus", "arguments": {"skus": ["$sku"]}}]');
CREATE FOREIGN TABLE priced (sku text, price float8 OPTIONS (argument 'filter.price.eq')) SERVER relationships OPTIONS (field 'products');
CREATE FOREIGN TABLE accounts (
    id int,
    plan text,
    region text OPTIONS (argument 'region'),
    filter jsonb OPTIONS (argument 'filter', path '')
) SERVER relationships OPTIONS (field 'accounts');
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (zoos_in) FROM SERVER zoo INTO relationships OPTIONS (import_max_depth '0', import_enums 'on');

CREATE TABLE customer (n int PRIMARY KEY, account_id int, big_id bigint, doc jsonb, ids int[], order_no int, key uuid, region text, habitat text, price int);
INSERT INTO customer SELECT n, nullif(1 + n % 120, 7), 1 + n % 120, jsonb_build_object('ref', 1 + n % 50), ARRAY[1 + n % 10, 11 + n % 10], 1 + n,
    NULL, CASE WHEN n % 3 = 0 THEN 'eu-north' WHEN n % 3 = 1 THEN 'us-west' END, CASE WHEN n % 2 = 0 THEN 'LAND' ELSE 'WATER' END, n % 40
    FROM generate_series(0, 299) n;
ANALYZE customer;

-- Table to API, API to table, API to API. With one argument column of a key covered, or a unique index, it is to one.
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'orders', 'order', '{"account_id": "account_id"}');
SELECT graphql_create_relationship('account', 'customers', 'customer', '{"account_id": "id"}');
SELECT graphql_create_relationship('order', 'customer', 'customer', '{"n": "account_id"}');
SELECT graphql_create_relationship('account', 'referrer', 'account', '{"id": "referrer_id"}');
SELECT graphql_create_relationship('account', 'orders', 'order', '{"account_id": "id"}');
SELECT graphql_create_relationship('order', 'product', 'product', '{"sku": "sku"}');
\sf customer_account
\sf account_customers
\sf order_product

-- Values that are converted, expressions, elements of arrays, several columns, arguments by their own names.
SELECT graphql_create_relationship('customer', 'account_of_big_id', 'account', '{"id": "big_id"}');
SELECT graphql_create_relationship('customer', 'order_no', 'order', '{"id": "order_no"}', cardinality => 'one');
SELECT graphql_create_relationship('customer', 'order_key', 'order', '{"id": "key"}');
SELECT graphql_create_relationship('customer', 'priced', 'priced', '{"price": "price"}');
SELECT graphql_create_relationship('customer', 'zoos', 'zoos_in', '{"habitat": "habitat"}');
SELECT graphql_create_relationship('customer', 'ref', 'account', '{"id": "(doc->>''ref'')::int"}');
SELECT graphql_create_relationship('customer', 'first', 'account', '{"id": "ids[1]"}');
SELECT graphql_create_relationship('customer', 'several', 'account', '{"id": "ids"}');
SELECT graphql_create_relationship('customer', 'orders_of_sku', 'order', '{"filter.accountId.eq": "account_id", "sku": "concat(''P'', n)"}');
-- Constants and templates: a string that begins with $ names a column.
SELECT graphql_create_relationship('customer', 'accounts_in_eu', 'accounts', '{}', arguments => '{"region": "eu-north"}');
SELECT graphql_create_relationship('customer', 'accounts_in_region', 'accounts', '{}', arguments => '{"region": "$region"}');
SELECT graphql_create_relationship('customer', 'dollars', 'accounts', '{}', arguments => '{"region": "$$region"}');
SELECT graphql_create_relationship('customer', 'accounts_filtered', 'accounts', '{}',
    arguments => '{"filter": {"id": {"in": ["$account_id", "$big_id", 3]}, "plan": {"eq": "team"}}}');
SELECT graphql_create_relationship('customer', 'several_constants', 'account', '{}', arguments => '{"id": [1, "$account_id"]}');
-- What may have several rows is to many even where the key says one.
SELECT graphql_create_relationship('customer', 'account_as_list', 'account', '{"id": "account_id"}', 'many');

SELECT source, name, target, cardinality, valid, problem, mapping FROM graphql_relationships ORDER BY source::text, name;
-- One shape for all who read it.
SELECT proname, pronargs, proargnames, proretset, prorows, provolatile, proparallel, proisstrict, prosecdef, proconfig, obj_description(oid, 'pg_proc')
FROM pg_proc WHERE oid IN ('customer_account(customer)'::regprocedure, 'customer_orders(customer)'::regprocedure);

-- They are looked into, and batched.
EXPLAIN (COSTS OFF) SELECT c.n, a.plan FROM customer c LEFT JOIN LATERAL customer_account(c) a ON true;
EXPLAIN (COSTS OFF) SELECT c.n, o.total FROM customer c, customer_orders(c) o;
EXPLAIN (COSTS OFF) SELECT a.id, c.n FROM account a LEFT JOIN LATERAL account_customers(a) c ON true WHERE a.id = 1;
EXPLAIN (COSTS OFF) SELECT a.id, r.id FROM (SELECT * FROM account a WHERE id = ANY (ARRAY[1, 2, 3])) a LEFT JOIN LATERAL account_referrer(a) r ON true;
EXPLAIN (COSTS OFF) SELECT c.n, a.id FROM customer c, customer_several(c) a;
-- One that nobody uses costs no request.
EXPLAIN (COSTS OFF) SELECT c.n FROM customer c LEFT JOIN LATERAL customer_account(c) a ON true;

-- Rows are those of local joins.
CREATE TABLE expectation (relationship text, columns text, local text);
INSERT INTO expectation VALUES
('customer_account', 'x.id, x.plan', 'local.accounts x ON x.id = c.account_id'),
('customer_orders', 'x.id, x.total', 'local.orders x ON x.account_id = c.account_id'),
('customer_account_of_big_id', 'x.id, x.plan', 'local.accounts x ON x.id = c.big_id'),
('customer_order_no', 'x.id, x.total', 'local.orders x ON x.id = c.order_no::text'),
('customer_priced', 'x.sku', 'local.products x ON x.price = c.price'),
('customer_ref', 'x.id', 'local.accounts x ON x.id = (c.doc->>''ref'')::int'),
('customer_first', 'x.id', 'local.accounts x ON x.id = c.ids[1]'),
('customer_several', 'x.id', 'local.accounts x ON x.id = ANY (c.ids)'),
('customer_orders_of_sku', 'x.id', 'local.orders x ON x.account_id = c.account_id AND x.sku = concat(''P'', c.n)'),
('customer_accounts_in_eu', 'x.id', 'local.accounts x ON x.region = ''eu-north'''),
('customer_accounts_in_region', 'x.id', 'local.accounts x ON x.region = c.region'),
('customer_dollars', 'x.id', 'local.accounts x ON false'),
('customer_accounts_filtered', 'x.id', 'local.accounts x ON x.id IN (c.account_id, c.big_id, 3) AND c.account_id IS NOT NULL AND x.plan = ''team'''),
('customer_several_constants', 'x.id', 'local.accounts x ON x.id IN (1, c.account_id)'),
('customer_account_as_list', 'x.id', 'local.accounts x ON x.id = c.account_id');
SELECT relationship, kind,
    local.difference(format('SELECT c.n, %s FROM customer c %s JOIN LATERAL %s(c) x ON true', columns, kind, relationship),
                     format('SELECT c.n, %s FROM customer c %s JOIN %s', columns, kind, local))
FROM expectation CROSS JOIN unnest(ARRAY['INNER', 'LEFT']) kind ORDER BY 1, 2;
SELECT c.habitat, count(DISTINCT x.id) FROM customer c LEFT JOIN LATERAL customer_zoos(c) x ON true GROUP BY 1 ORDER BY 1;
-- API to table, and on to the next API.
SELECT local.difference('SELECT a.id, c.n, o.id FROM account a, account_customers(a) c, account_orders(a) o WHERE a.id IN (1, 2, 3, 7)',
    'SELECT a.id, c.n, o.id FROM local.accounts a JOIN customer c ON c.account_id = a.id JOIN local.orders o ON o.account_id = a.id WHERE a.id IN (1, 2, 3, 7)');
-- A value of a template that is NULL asks nothing.
SELECT count(*) FROM customer c, customer_accounts_filtered(c) a WHERE c.account_id IS NULL;

-- Ends of every kind.
CREATE VIEW customer_view AS SELECT * FROM customer;
CREATE MATERIALIZED VIEW customer_matview AS SELECT * FROM customer;
CREATE UNIQUE INDEX ON customer_matview (n);
CREATE TABLE customer_parts (LIKE customer) PARTITION BY RANGE (n);
CREATE TABLE customer_part PARTITION OF customer_parts FOR VALUES FROM (0) TO (1000);
INSERT INTO customer_parts SELECT * FROM customer;
CREATE VIEW account_view AS SELECT id, plan FROM account;
CREATE VIEW account_barrier WITH (security_barrier) AS SELECT id, plan FROM account WHERE plan <> 'free';
SELECT graphql_create_relationship('customer_view', 'account', 'account_view', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer_view', 'single_account', 'account_view', '{"id": "account_id"}', 'one');
SELECT graphql_create_relationship('customer_matview', 'account', 'account_barrier', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer_parts', 'account', 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('account', 'of_view', 'customer_view', '{"account_id": "id"}');
SELECT graphql_create_relationship('account', 'of_matview', 'customer_matview', '{"n": "id"}');
SELECT graphql_create_relationship('account', 'of_parts', 'customer_parts', '{"account_id": "id"}');
SELECT name, target, cardinality FROM graphql_relationships WHERE target::text LIKE 'customer\_%' OR target::text LIKE 'account\_%' ORDER BY source::text, name;
\sf customer_matview_account
EXPLAIN (COSTS OFF) SELECT c.n, a.plan FROM customer_matview c LEFT JOIN LATERAL customer_matview_account(c) a ON true;
EXPLAIN (COSTS OFF) SELECT c.n, a.plan FROM customer_parts c LEFT JOIN LATERAL customer_parts_account(c) a ON true;
SELECT local.difference('SELECT c.n, a.plan FROM customer_matview c LEFT JOIN LATERAL customer_matview_account(c) a ON true',
    'SELECT c.n, a.plan FROM customer c LEFT JOIN local.accounts a ON a.id = c.account_id AND a.plan <> ''free''');

-- A preset and a value of the row, both for columns that are only arguments: neither is ever compared with what was not sent.
CREATE FOREIGN TABLE regional (id int, plan text, region text OPTIONS (argument 'region', path ''), filter jsonb OPTIONS (argument 'filter', path ''))
    SERVER relationships OPTIONS (field 'accounts');
SELECT graphql_create_relationship('customer', 'regional', 'regional', '{}', arguments =>
    '{"region": "eu-north", "filter": {"id": {"in": ["$account_id", 3, 12]}}}');
SELECT local.difference('SELECT c.n, a.id, a.plan FROM customer c LEFT JOIN LATERAL customer_regional(c) a ON true',
    'SELECT c.n, a.id, a.plan FROM customer c LEFT JOIN local.accounts a ON a.region = ''eu-north'' AND a.id IN (c.account_id, 3, 12) AND c.account_id IS NOT NULL');
SELECT count(*) FROM customer c, customer_regional(c) a WHERE a.region = 'us-west';
SET enable_nestloop = off;
SELECT local.difference('SELECT c.n, a.id, a.plan FROM customer c JOIN LATERAL customer_regional(c) a ON true',
    'SELECT c.n, a.id, a.plan FROM customer c JOIN local.accounts a ON a.region = ''eu-north'' AND a.id IN (c.account_id, 3, 12) AND c.account_id IS NOT NULL');
RESET enable_nestloop;

-- An operator that comes first in somebody's search_path is not what matches.
CREATE SCHEMA relationships_other;
CREATE FUNCTION relationships_other.never(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR relationships_other.= (LEFTARG = int, RIGHTARG = int, FUNCTION = relationships_other.never);
CREATE DOMAIN relationships_other.text AS int;
BEGIN;
SET LOCAL search_path = relationships_other, pg_catalog, relationships, public;
SELECT graphql_create_relationship('customer', 'same_account', 'account', '{"id": "account_id"}', arguments => '{"plan": "team"}');
\sf customer_same_account
ROLLBACK;

SELECT graphql_drop_relationship('customer', 'account');
SELECT count(*) FROM graphql_relationships WHERE name = 'account' AND source = 'customer'::regclass;

SET client_min_messages = warning;
DROP SCHEMA relationships_other CASCADE;
DROP SERVER relationships CASCADE;
DROP SERVER zoo CASCADE;
DROP SCHEMA relationships CASCADE;
