-- ORDER BY, LIMIT and top-n per parent: what the API is asked for, and the rows it leads to.
CREATE SCHEMA ordered;
SET search_path = ordered, local;
\getenv api GRAPHQL_FDW_API
\set url :api '/ordered'
CREATE SERVER ordered FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'url');

-- A list of words of an enum, a connection around them.
CREATE FOREIGN TABLE "order" (
    id text NOT NULL,
    account_id int OPTIONS (path 'accountId') NOT NULL,
    quantity int,
    sku text COLLATE "C",
    note text OPTIONS (path 'sku'),
    total numeric NOT NULL,
    placed_at timestamptz OPTIONS (path 'placedAt') NOT NULL
) SERVER ordered OPTIONS (field 'ordersRelay.nodes', key 'id',
    pagination '{"style": "relay", "size": "first", "cursor": "after"}',
    "order" '{"style": "enum", "argument": "orderBy", "list": true, "nulls": "largest", "columns": {
        "account_id": {"asc": "ACCOUNT_ID_ASC", "desc": "ACCOUNT_ID_DESC"}, "quantity": {"asc": "QUANTITY_ASC", "desc": "QUANTITY_DESC"},
        "sku": {"asc": "SKU_ASC", "desc": "SKU_DESC"}, "note": {"asc": "SKU_ASC", "desc": "SKU_DESC"},
        "total": {"asc": "TOTAL_ASC", "desc": "TOTAL_DESC"}, "placed_at": {"asc": "PLACED_AT_ASC", "desc": "PLACED_AT_DESC"}}}');

-- Is a query answered in the same order as over local copies?
CREATE FUNCTION same_order(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    remote text[];
    expected text[];
BEGIN
    EXECUTE format('SELECT array_agg(q::text) FROM (%s) q', query) INTO remote;
    EXECUTE format('SELECT array_agg(q::text) FROM (%s) q', replace(query, '"order"', 'copy')) INTO expected;
    RETURN remote = expected;
END $$;
CREATE VIEW copy AS SELECT id::text, account_id, quantity, sku COLLATE "C" AS sku, sku AS note, total, placed_at FROM local.orders;

EXPLAIN (COSTS OFF, VERBOSE) SELECT id, total FROM "order" ORDER BY total DESC, placed_at;
SELECT same_order('SELECT id, total FROM "order" ORDER BY total DESC, placed_at');
EXPLAIN (COSTS OFF) SELECT id, total FROM "order" ORDER BY total DESC, placed_at LIMIT 10;
SELECT same_order('SELECT id, total FROM "order" ORDER BY total DESC, placed_at LIMIT 10') AS same,
    local.counter('SELECT id FROM "order" ORDER BY total DESC, placed_at LIMIT 10', 'HTTP Requests') AS requests,
    local.counter('SELECT id FROM "order" ORDER BY total DESC, placed_at LIMIT 10', 'Rows Received') AS rows;
EXPLAIN (COSTS OFF) SELECT id FROM "order" ORDER BY placed_at LIMIT 10 OFFSET 5;
SELECT same_order('SELECT id FROM "order" ORDER BY placed_at LIMIT 10 OFFSET 5') AS same,
    local.counter('SELECT id FROM "order" ORDER BY placed_at LIMIT 10 OFFSET 5', 'Rows Received') AS rows;
-- More than a page, with the cursor of the order.
SELECT same_order('SELECT placed_at, id FROM "order" ORDER BY placed_at DESC LIMIT 250') AS same,
    local.counter('SELECT id FROM "order" ORDER BY placed_at DESC LIMIT 250', 'HTTP Requests') AS requests;

-- Nulls where the option says they are, and nowhere else.
EXPLAIN (COSTS OFF) SELECT sku FROM "order" ORDER BY sku LIMIT 3;
EXPLAIN (COSTS OFF) SELECT sku FROM "order" ORDER BY sku NULLS FIRST LIMIT 3;
SELECT same_order('SELECT sku FROM "order" ORDER BY sku') AS "last", same_order('SELECT sku FROM "order" ORDER BY sku DESC') AS "first",
    same_order('SELECT sku FROM "order" ORDER BY sku NULLS FIRST') AS local, same_order('SELECT quantity, sku, placed_at FROM "order" ORDER BY 1, 2 DESC, 3') AS three;
-- Wherever they are wanted, where the API has words for that.
\set things :api '/things'
CREATE SERVER things FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'things');
CREATE FOREIGN TABLE thing (id int NOT NULL, whole int, price numeric NOT NULL) SERVER things OPTIONS (field 'thingsDatabase', key 'id',
    pagination '{"style": "offset", "size": "limit", "offset": "offset"}', "order" '{"style": "map", "argument": "order_by", "list": true,
    "asc": {"first": "asc_nulls_first", "last": "asc_nulls_last"}, "desc": {"last": "desc_nulls_last"},
    "columns": {"id": "id", "whole": "whole", "price": "price"}}');
CREATE SCHEMA things;
CREATE VIEW things."order" AS TABLE thing;
CREATE TABLE things.copy AS TABLE thing;
EXPLAIN (COSTS OFF, VERBOSE) SELECT id FROM thing ORDER BY whole DESC NULLS LAST, price, id LIMIT 60;
EXPLAIN (COSTS OFF) SELECT id FROM thing ORDER BY whole NULLS FIRST, id LIMIT 60;
EXPLAIN (COSTS OFF) SELECT id FROM thing ORDER BY whole LIMIT 60;
EXPLAIN (COSTS OFF) SELECT id FROM thing ORDER BY whole DESC LIMIT 60;
SET search_path = things, ordered, local;
SELECT keys, same_order('SELECT id FROM "order" ORDER BY ' || keys) AS same
    FROM (VALUES ('whole DESC NULLS LAST, id'), ('whole NULLS FIRST, id'), ('whole, id DESC LIMIT 230'), ('whole DESC, id LIMIT 30')) k(keys);
SET search_path = ordered, local;
DROP SCHEMA things CASCADE;
DROP SERVER things CASCADE;

-- Text only in bytes; nothing but columns; the same type.
EXPLAIN (COSTS OFF) SELECT note FROM "order" ORDER BY note;
EXPLAIN (COSTS OFF) SELECT note FROM "order" ORDER BY note COLLATE "C";
EXPLAIN (COSTS OFF) SELECT sku FROM "order" ORDER BY sku COLLATE "POSIX";
EXPLAIN (COSTS OFF) SELECT id FROM "order" ORDER BY total + 1;
EXPLAIN (COSTS OFF) SELECT account_id FROM "order" ORDER BY account_id::oid;
-- What an order begins with is of use, too.
EXPLAIN (COSTS OFF) SELECT account_id, id FROM "order" ORDER BY account_id, id LIMIT 5;
SELECT same_order('SELECT account_id, id FROM "order" ORDER BY account_id, id LIMIT 5');

-- Behind a column that rounds nothing more.
CREATE FOREIGN TABLE rounded (id text NOT NULL, day timestamptz(0) OPTIONS (path 'placedAt') NOT NULL, total numeric(10,-2) NOT NULL, quantity int)
    SERVER ordered OPTIONS (field 'ordersRelay.nodes', key 'id', pagination '{"style": "relay", "size": "first", "cursor": "after"}',
    "order" '{"style": "enum", "argument": "orderBy", "list": true, "nulls": "largest", "columns": {"quantity": {"asc": "QUANTITY_ASC", "desc": "QUANTITY_DESC"},
        "total": {"asc": "TOTAL_ASC", "desc": "TOTAL_DESC"}, "day": {"asc": "PLACED_AT_ASC", "desc": "PLACED_AT_DESC"}}}');
EXPLAIN (COSTS OFF) SELECT * FROM rounded ORDER BY total, day, id;
SELECT array_agg(r::text) = (SELECT array_agg(c::text) FROM (SELECT id, placed_at::timestamptz(0), total::numeric(10,-2) AS total, quantity FROM copy
    ORDER BY total, quantity, id) c) FROM (SELECT * FROM rounded ORDER BY total, quantity, id) r;

-- A condition that is checked locally: right, in pages of the usual size.
EXPLAIN (COSTS OFF) SELECT id FROM "order" WHERE quantity % 7 = 0 ORDER BY placed_at LIMIT 10;
SELECT same_order('SELECT id FROM "order" WHERE quantity % 7 = 0 ORDER BY placed_at LIMIT 10');
-- The largest value is one row.
EXPLAIN (COSTS OFF) SELECT max(total) FROM "order";
SELECT max(total), local.counter('SELECT max(total) FROM "order"', 'Rows Received') AS rows FROM "order";
-- Groups and joins.
SET enable_hashagg = off;
EXPLAIN (COSTS OFF) SELECT account_id, count(*) FROM "order" GROUP BY account_id;
SELECT same_order('SELECT account_id, count(*) FROM "order" GROUP BY account_id');
RESET enable_hashagg;
CREATE TABLE customer AS SELECT n AS id, n AS account_id FROM generate_series(1, 1000) n;
CREATE INDEX ON customer (account_id);
ANALYZE customer;
SET enable_hashjoin = off;
SET enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT c.id, o.id FROM customer c JOIN "order" o USING (account_id);
SELECT local.difference('SELECT c.id, o.id FROM customer c JOIN "order" o USING (account_id)', 'SELECT c.id, o.id FROM customer c JOIN copy o USING (account_id)') AS different;
EXPLAIN (COSTS OFF) SELECT c.id, o.id FROM customer c LEFT JOIN "order" o ON o.account_id = c.account_id + 0;
RESET enable_hashjoin;
RESET enable_nestloop;
-- Fields that may fail and read NULL come in no order.
ALTER FOREIGN TABLE "order" OPTIONS (ADD on_error 'null');
EXPLAIN (COSTS OFF) SELECT id FROM "order" ORDER BY total LIMIT 3;
ALTER FOREIGN TABLE "order" OPTIONS (DROP on_error);

-- An API that orders in another way is found out.
CREATE FOREIGN TABLE liar (id text, total numeric NOT NULL, quantity int NOT NULL) SERVER ordered OPTIONS (field 'ordersRelay.nodes',
    "order" '{"style": "enum", "argument": "orderBy", "columns": {"total": {"asc": "SKU_ASC", "desc": "TOTAL_ASC"}, "quantity": {"asc": "SKU_ASC"}}}');
SELECT id, total FROM liar ORDER BY total DESC LIMIT 3;
SELECT id FROM liar ORDER BY quantity OFFSET 90;

-- An object of a field and a direction. Offsets: rows that are equal may change places between two pages, so that only
-- what fits into one is asked for in such an order.
CREATE FOREIGN TABLE sorted (id text, account_id int OPTIONS (path 'accountId') NOT NULL, total numeric NOT NULL, placed_at timestamptz OPTIONS (path 'placedAt') NOT NULL)
    SERVER ordered OPTIONS (field 'ordersSorted', key 'placed_at', pagination '{"style": "offset", "size": "limit", "offset": "offset", "max": 1000}',
    "order" '{"style": "object", "argument": "sortBy", "field": "field", "direction": "direction", "asc": "ASC", "desc": "DESC",
        "columns": {"account_id": "ACCOUNT_ID", "total": "TOTAL", "placed_at": "PLACED_AT"}}');
EXPLAIN (COSTS OFF, VERBOSE) SELECT id FROM sorted ORDER BY total DESC LIMIT 5;
SELECT array_agg(total) = (SELECT array_agg(total) FROM (SELECT total FROM copy ORDER BY total DESC LIMIT 5) c) AS same FROM (SELECT total FROM sorted ORDER BY total DESC LIMIT 5) s;
EXPLAIN (COSTS OFF) SELECT id FROM sorted ORDER BY total DESC LIMIT 500;
EXPLAIN (COSTS OFF) SELECT id FROM sorted ORDER BY total DESC;
EXPLAIN (COSTS OFF) SELECT id FROM sorted ORDER BY placed_at, total;
SELECT array_agg(id) = (SELECT array_agg(id) FROM (SELECT id FROM copy ORDER BY placed_at DESC) c) AS same FROM (SELECT id FROM sorted ORDER BY placed_at DESC) s;
\set VERBOSITY sqlstate
\set capped :url '/fault/page-cap?n=3'
ALTER SERVER ordered OPTIONS (SET url :'capped');
SELECT count(*) FROM (SELECT id FROM sorted ORDER BY total DESC LIMIT 5) s;
SELECT count(*) FROM (SELECT id FROM sorted ORDER BY placed_at DESC LIMIT 5) s;
ALTER SERVER ordered OPTIONS (SET url :'url');
\set VERBOSITY default
-- Nor where it may turn out that more is needed: rows as good as the last one; text that the API finds equal and SQL does not.
EXPLAIN (COSTS OFF) SELECT id FROM sorted ORDER BY account_id FETCH FIRST 5 ROWS WITH TIES;
SELECT count(*) = (SELECT count(*) FROM (SELECT FROM copy ORDER BY account_id FETCH FIRST 5 ROWS WITH TIES) c) AS same FROM (SELECT id FROM sorted ORDER BY account_id FETCH FIRST 5 ROWS WITH TIES) s;
\set things :api '/things'
CREATE SERVER things FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'things');
CREATE FOREIGN TABLE part (id int, thing_id int OPTIONS (path 'thingId'), position int NOT NULL, note text) SERVER things OPTIONS (field 'parts',
    pagination '{"style": "offset", "size": "limit", "offset": "offset"}',
    filter '{"argument": "filter", "style": "nested", "operators": {"=": "eq"}, "columns": {"note": "=", "position": "="}}',
    "order" '{"style": "object", "argument": "orderBy", "field": "field", "direction": "direction", "asc": "ASC", "desc": "DESC", "list": true, "columns": {"position": "position"}}',
    lookups '[{"field": "parts", "arguments": {"filter": {"thingId": {"in": ["$thing_id"]}}}}]');
CREATE TABLE part_copy AS SELECT * FROM part;
EXPLAIN (COSTS OFF) SELECT id FROM part WHERE note = 'apple' ORDER BY position LIMIT 3;
SELECT array_agg(position) = (SELECT array_agg(position) FROM (SELECT position FROM part_copy WHERE note = 'apple' ORDER BY position LIMIT 3) c) AS same
    FROM (SELECT position FROM part WHERE note = 'apple' ORDER BY position LIMIT 3) s;
-- Keys that have as many rows as they need are not asked for again with those that may have more.
EXPLAIN (COSTS OFF) SELECT k, x.position FROM generate_series(1, 60) k, LATERAL (SELECT position FROM part p WHERE p.thing_id = k ORDER BY position LIMIT 2) x;
SELECT local.difference('SELECT k, x.position FROM generate_series(1, 60) k, LATERAL (SELECT position FROM part p WHERE p.thing_id = k ORDER BY position LIMIT 2) x',
    'SELECT k, x.position FROM generate_series(1, 60) k, LATERAL (SELECT position FROM part_copy p WHERE p.thing_id = k ORDER BY position LIMIT 2) x') AS different;
DROP SERVER things CASCADE;

-- A list of maps: keys of the table break ties.
CREATE FOREIGN TABLE mapped (id text, account_id int OPTIONS (path 'accountId') NOT NULL, total numeric NOT NULL, placed_at timestamptz OPTIONS (path 'placedAt') NOT NULL)
    SERVER ordered OPTIONS (field 'ordersMapped', key 'placed_at', pagination '{"style": "offset", "size": "limit", "offset": "offset", "max": 1000}',
    "order" '{"style": "map", "argument": "order_by", "list": true, "asc": "ASC", "desc": "DESC",
        "columns": {"account_id": "accountId", "total": "total", "placed_at": "placedAt"}}');
EXPLAIN (COSTS OFF, VERBOSE) SELECT id FROM mapped ORDER BY total DESC;
SELECT array_agg(total) = (SELECT array_agg(total) FROM (SELECT total FROM copy ORDER BY total DESC) c) AS same,
    (SELECT count(DISTINCT id) FROM mapped) FROM (SELECT total FROM mapped ORDER BY total DESC) s;
EXPLAIN (COSTS OFF, VERBOSE) SELECT id FROM mapped ORDER BY account_id, total DESC, placed_at LIMIT 7;

-- Unique keys decide about the order of the table's own rows, not of what they are joined with.
EXPLAIN (COSTS OFF) SELECT m.placed_at, g FROM mapped m, generate_series(1, 3) g ORDER BY m.placed_at, g DESC;
SELECT array_agg((placed_at, g)::text) = (SELECT array_agg((placed_at, g)::text) FROM (SELECT placed_at, g FROM copy, generate_series(1, 3) g ORDER BY placed_at, g DESC) c) AS same
    FROM (SELECT m.placed_at, g FROM mapped m, generate_series(1, 3) g ORDER BY m.placed_at, g DESC) s;

-- Two arguments, numbered pages.
CREATE FOREIGN TABLE reversed (id text, account_id int OPTIONS (path 'accountId') NOT NULL, placed_at timestamptz OPTIONS (path 'placedAt') NOT NULL)
    SERVER ordered OPTIONS (field 'ordersReversed', key 'placed_at', pagination '{"style": "page", "size": "perPage", "page": "page"}',
    "order" '{"style": "arguments", "argument": "sortKey", "direction": "reverse", "asc": false, "desc": true,
        "columns": {"account_id": "ACCOUNT_ID", "placed_at": "PLACED_AT"}}');
EXPLAIN (COSTS OFF, VERBOSE) SELECT id FROM reversed ORDER BY placed_at DESC LIMIT 20;
SELECT array_agg(id) = (SELECT array_agg(id) FROM (SELECT id FROM copy ORDER BY placed_at DESC LIMIT 20) c) AS same FROM (SELECT id FROM reversed ORDER BY placed_at DESC LIMIT 20) s;
EXPLAIN (COSTS OFF) SELECT id FROM reversed ORDER BY account_id, placed_at;

-- Top n of each parent. Lists inside the objects that a list of keys finds: pages of each key.
CREATE FOREIGN TABLE account_order (account_id int OPTIONS (argument 'account(id)', type 'Int!', path 'accountId') NOT NULL,
    id text, total numeric NOT NULL, placed_at timestamptz OPTIONS (path 'placedAt') NOT NULL) SERVER ordered OPTIONS (
    field 'account.ordersRelay.nodes', pagination '{"style": "relay", "size": "first", "cursor": "after"}',
    lookups '[{"field": "accountsByIds.ordersRelay.nodes", "arguments": {"accountsByIds(ids)": ["$account_id"]}}]',
    "order" '{"style": "enum", "argument": "orderBy", "list": true, "columns": {"total": {"asc": "TOTAL_ASC", "desc": "TOTAL_DESC"}, "placed_at": {"asc": "PLACED_AT_ASC"}}}');
CREATE VIEW top AS SELECT c.id AS customer, o.id, o.total FROM customer c
    LEFT JOIN LATERAL (SELECT * FROM account_order a WHERE a.account_id = c.account_id ORDER BY total DESC, placed_at LIMIT 3) o ON true;
CREATE VIEW local_top AS SELECT c.id AS customer, o.id, o.total FROM customer c
    LEFT JOIN LATERAL (SELECT * FROM copy a WHERE a.account_id = c.account_id ORDER BY total DESC, placed_at LIMIT 3) o ON true;
EXPLAIN (COSTS OFF, VERBOSE) SELECT * FROM top;
SELECT local.difference('SELECT * FROM top', 'SELECT * FROM local_top') AS different, local.counter('SELECT * FROM top', 'HTTP Requests') AS requests,
    local.counter('SELECT * FROM top', 'Rows Received') = (SELECT count(id) FROM local_top) AS no_more_rows;
-- In any order, behind an OFFSET, as a scalar subquery, for one parent; ordered locally; with a condition between.
SELECT count(*), local.counter('SELECT o.id FROM customer c, LATERAL (SELECT * FROM account_order a WHERE a.account_id = c.account_id LIMIT 2) o', 'Rows Received') AS rows
    FROM customer c, LATERAL (SELECT * FROM account_order a WHERE a.account_id = c.account_id LIMIT 2) o;
SELECT local.difference(
    'SELECT c.id, o.id FROM customer c, LATERAL (SELECT * FROM account_order a WHERE a.account_id = c.account_id ORDER BY total DESC, placed_at LIMIT 2 OFFSET 3) o',
    'SELECT c.id, o.id FROM customer c, LATERAL (SELECT * FROM copy a WHERE a.account_id = c.account_id ORDER BY total DESC, placed_at LIMIT 2 OFFSET 3) o') AS different;
EXPLAIN (COSTS OFF) SELECT id, (SELECT total FROM account_order a WHERE a.account_id = c.account_id ORDER BY total DESC LIMIT 1) FROM customer c;
SELECT local.difference('SELECT id, (SELECT total FROM account_order a WHERE a.account_id = c.account_id ORDER BY total DESC LIMIT 1) FROM customer c',
    'SELECT id, (SELECT total FROM copy a WHERE a.account_id = c.account_id ORDER BY total DESC LIMIT 1) FROM customer c') AS different;
EXPLAIN (COSTS OFF) SELECT id FROM account_order WHERE account_id = 7 ORDER BY total DESC LIMIT 2;
SELECT id FROM account_order WHERE account_id = 7 ORDER BY total DESC LIMIT 2;
EXPLAIN (COSTS OFF) SELECT o.id FROM customer c, LATERAL (SELECT * FROM account_order a WHERE a.account_id = c.account_id ORDER BY placed_at DESC LIMIT 2) o;
EXPLAIN (COSTS OFF) SELECT o.id FROM customer c, LATERAL (SELECT * FROM account_order a WHERE a.account_id = c.account_id AND total < 100 ORDER BY total DESC LIMIT 2) o;
SELECT local.difference(
    'SELECT c.id, o.id FROM customer c, LATERAL (SELECT * FROM account_order a WHERE a.account_id = c.account_id AND total < 1000 ORDER BY total DESC, placed_at LIMIT 2) o',
    'SELECT c.id, o.id FROM customer c, LATERAL (SELECT * FROM copy a WHERE a.account_id = c.account_id AND total < 1000 ORDER BY total DESC, placed_at LIMIT 2) o') AS different;
EXPLAIN (COSTS OFF) SELECT id FROM account_order WHERE account_id IN (7, 8) ORDER BY total LIMIT 2;

-- All of them: lists that are longer than a page are gone on with, parent by parent.
ALTER FOREIGN TABLE account_order OPTIONS (ADD fetch_size '4');
SELECT local.difference('SELECT c.id, o.id FROM customer c JOIN account_order o USING (account_id)', 'SELECT c.id, o.id FROM customer c JOIN copy o USING (account_id)') AS different,
    local.counter('SELECT c.id, o.id FROM customer c JOIN account_order o USING (account_id)', 'HTTP Requests') AS requests;
SELECT local.difference('SELECT account_id, id FROM account_order WHERE account_id IN (3, 7, 12, 2000)', 'SELECT account_id, id FROM copy WHERE account_id IN (3, 7, 12)') AS different;
ALTER FOREIGN TABLE account_order OPTIONS (ADD batch_mode 'alias');
SELECT local.difference('SELECT * FROM top', 'SELECT * FROM local_top') AS different, local.counter('SELECT * FROM top', 'HTTP Requests') AS requests;
ALTER FOREIGN TABLE account_order OPTIONS (SET batch_mode 'single');
SELECT local.difference('SELECT * FROM top WHERE customer < 20', 'SELECT * FROM local_top WHERE customer < 20') AS different;
ALTER FOREIGN TABLE account_order OPTIONS (DROP batch_mode);
-- Keys that share their pages get pages of their own where that saves rows.
CREATE FOREIGN TABLE fed_order (id text, account_id int OPTIONS (path 'accountId')) SERVER ordered OPTIONS (
    field 'ordersFeed.items', pagination '{"style": "token", "size": "limit", "cursor": "cursor", "next": "cursor"}',
    lookups '[{"field": "ordersFeed.items", "arguments": {"accountIds": ["$account_id"]}}]');
EXPLAIN (COSTS OFF) SELECT o.id FROM customer c, LATERAL (SELECT * FROM fed_order a WHERE a.account_id = c.account_id LIMIT 2) o;
SELECT count(*), local.counter('SELECT o.id FROM customer c, LATERAL (SELECT * FROM fed_order a WHERE a.account_id = c.account_id LIMIT 2) o', 'HTTP Requests') AS requests
    FROM customer c, LATERAL (SELECT * FROM fed_order a WHERE a.account_id = c.account_id LIMIT 2) o;

-- Pages that are difficult, inside other rows: all of them, or HV00M.
\set VERBOSITY sqlstate
\set capped :url '/fault/page-cap?n=2'
\set stuck :url '/fault/cursor-stuck'
\set aimless :url '/fault/cursor-null'
\set silent :url '/fault/page-silent'
\set reordered :url '/fault/reordered'
ALTER SERVER ordered OPTIONS (SET url :'capped');
SELECT local.difference('SELECT c.id, o.id FROM customer c JOIN account_order o USING (account_id)', 'SELECT c.id, o.id FROM customer c JOIN copy o USING (account_id)') AS different;
SELECT local.difference('SELECT * FROM top', 'SELECT * FROM local_top') AS different;
ALTER SERVER ordered OPTIONS (SET url :'reordered');
SELECT local.difference('SELECT c.id, o.id FROM customer c JOIN account_order o USING (account_id)', 'SELECT c.id, o.id FROM customer c JOIN copy o USING (account_id)') AS different;
ALTER SERVER ordered OPTIONS (SET url :'stuck', ADD max_pages '20');
SELECT count(*) FROM customer c JOIN account_order o USING (account_id);
ALTER SERVER ordered OPTIONS (SET url :'aimless');
SELECT count(*) FROM customer c JOIN account_order o USING (account_id);
ALTER SERVER ordered OPTIONS (SET url :'silent');
SELECT count(*) FROM customer c JOIN account_order o USING (account_id);
ALTER SERVER ordered OPTIONS (SET url :'url', SET max_pages '2');
SELECT count(*) FROM customer c JOIN account_order o USING (account_id);
ALTER SERVER ordered OPTIONS (SET max_pages '5');
SELECT count(*) > 0 AS complete FROM customer c JOIN account_order o USING (account_id);

\set VERBOSITY terse
DROP SCHEMA ordered CASCADE;
DROP SERVER ordered CASCADE;
