-- Fields that hand out their rows in pages: every row comes, once, whatever the API makes of pages.
CREATE SCHEMA pages;
SET search_path = pages, local;
\getenv api GRAPHQL_FDW_API
CREATE SERVER pages FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');

CREATE FOREIGN TABLE account (id int, plan text, owner text OPTIONS (path 'owner.name')) SERVER pages OPTIONS (
    field 'accountsRelay.nodes', pagination '{"style": "relay", "size": "first", "cursor": "after"}', key 'id',
    lookups '[{"field": "accountsRelay.nodes", "arguments": {"filter": {"id": {"in": ["$id"]}}}}]');
CREATE FOREIGN TABLE "order" (id text, account_id int OPTIONS (path 'accountId'), sku text, quantity int) SERVER pages OPTIONS (
    field 'ordersPaged', pagination '{"style": "offset", "size": "limit", "offset": "offset"}', fetch_size '400');
CREATE FOREIGN TABLE product (sku text, name text) SERVER pages OPTIONS (
    field 'productsPaged.items', pagination '{"style": "page", "size": "perPage", "page": "page"}', fetch_size '50');
CREATE FOREIGN TABLE fed_order (id text, account_id int OPTIONS (path 'accountId'), sku text) SERVER pages OPTIONS (
    field 'ordersFeed.items', pagination '{"style": "token", "size": "limit", "cursor": "cursor", "next": "cursor"}',
    lookups '[{"field": "ordersFeed.items", "arguments": {"accountIds": ["$account_id"]}}]', fetch_size '600');

-- Each style: what is asked, how often, and the rows.
EXPLAIN (COSTS OFF, VERBOSE) SELECT * FROM account;
EXPLAIN (COSTS OFF, VERBOSE) SELECT * FROM "order";
EXPLAIN (COSTS OFF, VERBOSE) SELECT * FROM product;
EXPLAIN (COSTS OFF, VERBOSE) SELECT * FROM fed_order;
SELECT local.difference('SELECT id, plan, owner FROM account', 'SELECT id, plan, owner_name FROM local.accounts') AS different,
    local.counter('SELECT * FROM account', 'HTTP Requests') AS requests;
SELECT local.difference('SELECT id, account_id, sku, quantity FROM "order"', 'SELECT id::text, account_id, sku, quantity FROM local.orders') AS different,
    local.counter('SELECT * FROM "order"', 'HTTP Requests') AS requests;
SELECT local.difference('SELECT * FROM product', 'SELECT sku, name FROM local.products') AS different,
    local.counter('SELECT * FROM product', 'HTTP Requests') AS requests;
SELECT local.difference('SELECT * FROM fed_order', 'SELECT id::text, account_id, sku FROM local.orders') AS different,
    local.counter('SELECT * FROM fed_order', 'HTTP Requests') AS requests;
-- Rows that are only counted.
SELECT count(*) FROM account;
SELECT count(*) FROM "order";

-- Edges, and pages that hold lists of rows.
CREATE FOREIGN TABLE edge (id int OPTIONS (path 'node.id'), cursor text) SERVER pages OPTIONS (
    field 'accountsRelay.edges', pagination '{"style": "relay", "size": "first", "cursor": "after"}');
CREATE FOREIGN TABLE account_order (id text, sku text) SERVER pages OPTIONS (
    field 'accountsRelay.nodes.orders',
    pagination '{"style": "relay", "size": "accountsRelay(first)", "cursor": "accountsRelay(after)"}');
SELECT count(*), count(DISTINCT id), count(DISTINCT cursor) FROM edge;
SELECT local.difference('SELECT * FROM account_order', 'SELECT id::text, sku FROM local.orders WHERE account_id <= 1000') AS different;

-- fetch_size, and the API's own limits. Pages smaller than asked for leave no gap.
ALTER FOREIGN TABLE account OPTIONS (ADD fetch_size '300');
\set VERBOSITY terse
SELECT count(*) FROM account;
\set VERBOSITY default
ALTER FOREIGN TABLE account OPTIONS (SET pagination '{"style": "relay", "size": "first", "cursor": "after", "max": 250}');
EXPLAIN (COSTS OFF) SELECT * FROM account;
SELECT count(*) FROM account;
ALTER FOREIGN TABLE account OPTIONS (DROP fetch_size);
ALTER FOREIGN TABLE "order" OPTIONS (SET fetch_size '3000');
SELECT count(DISTINCT id), local.counter('SELECT * FROM "order"', 'HTTP Requests') AS requests FROM "order";
ALTER FOREIGN TABLE product OPTIONS (SET fetch_size '200');
SELECT count(DISTINCT sku), local.counter('SELECT * FROM product', 'HTTP Requests') AS requests FROM product;
-- Fixed pages: the API is not told how many rows.
CREATE FOREIGN TABLE product_fixed (sku text) SERVER pages OPTIONS (
    field 'productsPaged.items', pagination '{"style": "page", "page": "page"}');
EXPLAIN (COSTS OFF, VERBOSE) SELECT * FROM product_fixed;
SELECT count(DISTINCT sku), local.counter('SELECT * FROM product_fixed', 'HTTP Requests') AS requests FROM product_fixed;

-- LIMIT: a page of just as many rows where nothing stands between, or else what it takes.
EXPLAIN (COSTS OFF) SELECT * FROM account LIMIT 10;
SELECT local.counter('SELECT * FROM account LIMIT 10', 'HTTP Requests') AS requests,
    local.counter('SELECT * FROM account LIMIT 10', 'Rows Received') AS rows;
SELECT local.counter('SELECT * FROM account LIMIT 10 OFFSET 5', 'HTTP Requests') AS requests,
    local.counter('SELECT * FROM account LIMIT 10 OFFSET 5', 'Rows Received') AS rows;
EXPLAIN (COSTS OFF) SELECT a.id FROM account a, generate_series(1, 2) LIMIT 10;
SELECT count(*), local.counter('SELECT * FROM account LIMIT 250', 'HTTP Requests') AS requests FROM (SELECT * FROM account LIMIT 250) a;
SELECT count(*) FROM (SELECT * FROM account WHERE plan = 'team' LIMIT 150) a;
SELECT local.difference('SELECT id FROM account ORDER BY id DESC LIMIT 5', 'SELECT id FROM local.accounts ORDER BY id DESC LIMIT 5') AS different;
SELECT count(*) FROM (SELECT DISTINCT plan FROM account LIMIT 5) a;
SELECT EXISTS (SELECT FROM account WHERE id > 990) AS found, count(*) FROM (SELECT 1 FROM account a, generate_series(1, 2) LIMIT 1500) j;
PREPARE few(int) AS SELECT id FROM account LIMIT $1;
SET plan_cache_mode = force_generic_plan;
EXECUTE few(2);
RESET plan_cache_mode;

-- Cursors go on where they stopped; rescans begin anew.
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM "order";
MOVE 2999 IN c;
FETCH 2 FROM c;
FETCH ALL FROM c \g /dev/null
FETCH 1 FROM c;
CLOSE c;
DECLARE c SCROLL CURSOR FOR SELECT id FROM account;
MOVE 450 IN c;
MOVE ABSOLUTE 0 IN c;
FETCH 1 FROM c;
COMMIT;
SET enable_material = off;
SELECT n, (SELECT count(*) FROM (SELECT * FROM account LIMIT n) a) FROM (VALUES (150), (1), (1000)) v (n);
RESET enable_material;

-- Look-ups go on until their rows have come: a list for all its keys, aliases and single requests key by key.
CREATE TABLE customer AS SELECT n AS account_id FROM generate_series(0, 1010) n;
ANALYZE customer;
EXPLAIN (COSTS OFF, VERBOSE) SELECT c.account_id, o.id FROM customer c JOIN fed_order o USING (account_id);
SELECT local.difference('SELECT account_id, o.id FROM customer c LEFT JOIN fed_order o USING (account_id)',
        'SELECT account_id, o.id::text FROM customer c LEFT JOIN local.orders o USING (account_id)') AS different,
    local.counter('SELECT account_id, o.id FROM customer c LEFT JOIN fed_order o USING (account_id)', 'HTTP Requests') AS requests;
ALTER FOREIGN TABLE fed_order OPTIONS (SET fetch_size '4');
SELECT local.difference('SELECT account_id, o.id FROM customer c LEFT JOIN fed_order o USING (account_id)',
        'SELECT account_id, o.id::text FROM customer c LEFT JOIN local.orders o USING (account_id)') AS different;
ALTER FOREIGN TABLE fed_order OPTIONS (ADD batch_mode 'alias');
EXPLAIN (COSTS OFF, VERBOSE) SELECT c.account_id, o.id FROM customer c JOIN fed_order o USING (account_id);
SELECT local.difference('SELECT account_id, o.id FROM customer c LEFT JOIN fed_order o USING (account_id)',
        'SELECT account_id, o.id::text FROM customer c LEFT JOIN local.orders o USING (account_id)') AS different,
    local.counter('SELECT account_id, o.id FROM customer c LEFT JOIN fed_order o USING (account_id)', 'HTTP Requests') AS requests;
ALTER FOREIGN TABLE fed_order OPTIONS (SET batch_mode 'single');
SELECT local.difference('SELECT account_id, o.id FROM customer c LEFT JOIN fed_order o USING (account_id) WHERE account_id < 50',
        'SELECT account_id, o.id::text FROM customer c LEFT JOIN local.orders o USING (account_id) WHERE account_id < 50') AS different;
SELECT count(*) = (SELECT count(*) FROM local.orders WHERE account_id = 4) AS complete FROM fed_order WHERE account_id = 4;
-- Unique keys: as many rows as keys are enough, and a page is as large.
ALTER FOREIGN TABLE account OPTIONS (ADD fetch_size '10');
EXPLAIN (COSTS OFF) SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id;
SELECT count(*), local.counter('SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id', 'HTTP Requests') AS requests
    FROM customer c JOIN account a ON a.id = c.account_id;
ALTER FOREIGN TABLE account OPTIONS (ADD batch_mode 'alias');
EXPLAIN (COSTS OFF) SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id;
SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id;
ALTER FOREIGN TABLE account OPTIONS (DROP batch_mode, SET fetch_size '100');
-- Numbered pages, capped at 10 rows: a list of keys, then every key by itself.
CREATE FOREIGN TABLE product_of (sku text, name text) SERVER pages OPTIONS (field 'products', lookups
    '[{"field": "productsPagedOf", "arguments": {"of": ["$sku"]}, "pagination": {"style": "page", "size": "perPage", "page": "page"}}]');
EXPLAIN (COSTS OFF, VERBOSE) SELECT p.name FROM local.products l JOIN product_of p USING (sku);
SELECT local.difference('SELECT p.* FROM local.products l JOIN product_of p USING (sku)', 'SELECT sku, name FROM local.products') AS different,
    local.counter('SELECT p.* FROM local.products l JOIN product_of p USING (sku)', 'HTTP Requests') AS requests;
ALTER FOREIGN TABLE product_of OPTIONS (ADD batch_mode 'alias');
EXPLAIN (COSTS OFF, VERBOSE) SELECT p.name FROM local.products l JOIN product_of p USING (sku);
SELECT local.difference('SELECT p.* FROM local.products l JOIN product_of p USING (sku)', 'SELECT sku, name FROM local.products') AS different,
    local.counter('SELECT p.* FROM local.products l JOIN product_of p USING (sku)', 'HTTP Requests') AS requests;
-- One key: a unique one has its row on the first page that has any; of others the API is asked for more.
ALTER FOREIGN TABLE product_of OPTIONS (SET batch_mode 'single');
SELECT local.difference(q, 'SELECT sku, name FROM local.products WHERE sku = ''SKU-0003''') AS different, local.counter(q, 'HTTP Requests') AS requests
FROM (VALUES ('SELECT * FROM product_of WHERE sku = ''SKU-0003''')) v (q);
ALTER FOREIGN TABLE product_of OPTIONS (ADD key 'sku');
SELECT local.difference(q, 'SELECT sku, name FROM local.products WHERE sku = ''SKU-0003''') AS different, local.counter(q, 'HTTP Requests') AS requests
FROM (VALUES ('SELECT * FROM product_of WHERE sku = ''SKU-0003''')) v (q);

-- APIs that make pages difficult: all rows, or HV00M.
\set capped :api '/fault/page-cap?n=7'
\set shrinking :api '/fault/page-shrink?n=40'
\set empty :api '/fault/page-empty'
\set cut :api '/fault/cap?n=30'
\set stuck :api '/fault/cursor-stuck'
\set aimless :api '/fault/cursor-null'
\set endless :api '/fault/page-endless'
\set silent :api '/fault/page-silent'
\set VERBOSITY sqlstate
ALTER SERVER pages OPTIONS (SET url :'capped');
SELECT count(DISTINCT id) FROM account;
SELECT count(DISTINCT id) FROM "order";
SELECT count(DISTINCT sku) FROM product;
SELECT count(DISTINCT id) FROM fed_order;
ALTER FOREIGN TABLE fed_order OPTIONS (DROP batch_mode);
SELECT count(*) = (SELECT count(*) FROM local.orders WHERE account_id <= 1010) AS complete FROM customer c JOIN fed_order o USING (account_id);
SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id;
ALTER SERVER pages OPTIONS (SET url :'shrinking');
SELECT count(DISTINCT id) FROM account;
SELECT count(DISTINCT id) FROM "order";
SELECT count(DISTINCT sku) FROM product;
SELECT count(DISTINCT id) FROM fed_order;
SELECT count(*) = (SELECT count(*) FROM local.orders WHERE account_id <= 1010) AS complete FROM customer c JOIN fed_order o USING (account_id);
SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id;
ALTER SERVER pages OPTIONS (SET url :'empty');
SELECT count(DISTINCT id) FROM account;
SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id;
-- A list that is cut after its page was counted. Offsets do not mind; numbered pages would have gaps.
ALTER SERVER pages OPTIONS (SET url :'cut');
SELECT count(DISTINCT id) FROM "order";
SELECT count(DISTINCT sku) FROM product;
\set VERBOSITY default
ALTER SERVER pages OPTIONS (SET url :'stuck', ADD max_pages '20');
SELECT count(*) FROM account;
SELECT count(*) FROM customer c JOIN fed_order o USING (account_id);
SELECT id FROM account LIMIT 5;
ALTER SERVER pages OPTIONS (SET url :'aimless');
SELECT count(*) FROM account;
SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id;
ALTER SERVER pages OPTIONS (SET url :'endless');
SELECT count(*) FROM account;
SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id;
ALTER SERVER pages OPTIONS (SET url :'silent');
SELECT count(*) FROM account;
SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id;
ALTER SERVER pages OPTIONS (SET url :'api', SET max_pages '9');
SELECT count(*) FROM account;
ALTER SERVER pages OPTIONS (SET max_pages '10');
SELECT count(*) FROM account;
ALTER SERVER pages OPTIONS (DROP max_pages);

-- What cannot be.
CREATE FOREIGN TABLE wrong (id int) SERVER pages OPTIONS (field 'x', pagination '{"style": "pages"}');
CREATE FOREIGN TABLE wrong (id int) SERVER pages OPTIONS (field 'x', pagination '{"style": "relay", "size": "first"}');
CREATE FOREIGN TABLE wrong (id int) SERVER pages OPTIONS (field 'x', fetch_size '0');
CREATE FOREIGN TABLE wrong (id int) SERVER pages OPTIONS (field 'accounts', pagination '{"style": "relay", "size": "first", "cursor": "after"}');
SELECT * FROM wrong;

\set VERBOSITY terse
DROP SCHEMA pages CASCADE;
DROP SERVER pages CASCADE;
