-- Lists inside rows: which keys do their rows have, and how few requests bring those of many?
\set VERBOSITY terse
\getenv api GRAPHQL_FDW_API
SET client_min_messages = warning;
CREATE SERVER nested_api FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE SCHEMA nested;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (accounts, account_orders) FROM SERVER nested_api INTO nested OPTIONS (import_children 'on', import_max_depth '0');
-- The rows that can be there: some orders are of accounts that are not.
CREATE VIEW nested.orders AS SELECT o.* FROM local.orders o JOIN local.accounts a ON a.id = o.account_id;
RESET client_min_messages;
SELECT option_name, option_value FROM pg_foreign_table, pg_options_to_table(ftoptions) WHERE ftrelid = 'nested.account_orders'::regclass;
SELECT attname, atttypid::regtype, attfdwoptions FROM pg_attribute WHERE attrelid = 'nested.account_orders'::regclass AND attname = 'account_id';

-- The lists of 1,000 rows in 10 requests. The API says with each list whose it is.
EXPLAIN (VERBOSE, COSTS OFF) SELECT g, o.id, o.total FROM generate_series(1, 1000) g JOIN nested.account_orders o ON o.account_id = g;
SELECT local.counter(q, 'HTTP Requests') AS requests, local.difference(q, replace(q, 'nested.account_orders', 'nested.orders')) AS differences
FROM (VALUES ('SELECT g, o.id, o.total FROM generate_series(1, 1000) g JOIN nested.account_orders o ON o.account_id = g')) v (q);
-- Keys that are not there, and rows without any in their lists.
SELECT local.counter(q, 'HTTP Requests') AS requests, local.difference(q, replace(q, 'nested.account_orders', 'nested.orders')) AS differences
FROM (VALUES ('SELECT g, o.id FROM generate_series(900, 1500) g LEFT JOIN nested.account_orders o ON o.account_id = g'),
    ('SELECT g FROM generate_series(900, 1500) g WHERE NOT EXISTS (SELECT FROM nested.account_orders o WHERE o.account_id = g)'),
    ('SELECT o.account_id, o.id FROM nested.account_orders o WHERE o.account_id IN (1, 2, 3, 4711)'),
    ('SELECT o.account_id, o.id FROM nested.account_orders o WHERE o.account_id = 7'),
    ('SELECT o.id FROM nested.account_orders o WHERE o.account_id = 7'),
    ('SELECT count(*) FROM nested.account_orders o WHERE o.account_id = 8')) v (q);

-- An API that ends lists after 50 rows without a word: what it leaves out is asked for again, however long the lists
-- inside the rows are.
\set capped :api '/fault/cap?n=50'
SET client_min_messages = warning;
CREATE SERVER nested_capped FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'capped');
CREATE SCHEMA nested_capped;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account_orders) FROM SERVER nested_capped INTO nested_capped OPTIONS (import_children 'on', import_max_depth '0');
RESET client_min_messages;
SELECT local.counter(q, 'HTTP Requests') <= 60 AS requests, local.difference(q, replace(q, 'nested_capped.account_orders', 'nested.orders')) AS differences
FROM (VALUES ('SELECT g, o.id FROM generate_series(1, 40) g JOIN nested_capped.account_orders o ON o.account_id = g'),
    ('SELECT g, o.id FROM generate_series(1, 1000) g JOIN nested_capped.account_orders o ON o.account_id = g')) v (q);

-- Lists in pages: the first pages of 100 of them in one request, and longer lists are gone on with, each from its own cursor.
\set ordered :api '/ordered'
SET client_min_messages = warning;
CREATE SERVER nested_pages FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'ordered', fetch_size '5');
CREATE SCHEMA nested_pages;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account_readings, account_orders_relay) FROM SERVER nested_pages INTO nested_pages OPTIONS (import_children 'on', import_max_depth '0');
RESET client_min_messages;
SELECT ftrelid::regclass, option_name, option_value FROM pg_foreign_table, pg_options_to_table(ftoptions)
WHERE ftrelid::regclass::text ~ 'nested_pages' AND option_name IN ('field', 'lookups', 'pagination') ORDER BY 1, 2;
EXPLAIN (VERBOSE, COSTS OFF) SELECT g, r.n, r.value FROM generate_series(1, 200) g JOIN nested_pages.account_readings r ON r.account_id = g;
SELECT local.counter(q, 'HTTP Requests') AS requests, local.difference(q, 'SELECT a, n, (a * 31 + n * 17) % 101 FROM generate_series(1, 200) a, generate_series(0, 11) n') AS differences
FROM (VALUES ('SELECT g, r.n, r.value FROM generate_series(1, 200) g JOIN nested_pages.account_readings r ON r.account_id = g')) v (q);
SELECT local.difference(q, replace(q, 'nested_pages.account_orders_relay', 'nested.orders')) AS differences
FROM (VALUES ('SELECT g, o.id, o.total FROM generate_series(1, 300) g JOIN nested_pages.account_orders_relay o ON o.account_id = g'),
    ('SELECT g FROM generate_series(900, 1100) g WHERE NOT EXISTS (SELECT FROM nested_pages.account_orders_relay o WHERE o.account_id = g)')) v (q);

\set ordered_capped :api '/ordered/fault/cap?n=50'
ALTER SERVER nested_pages OPTIONS (SET url :'ordered_capped');
SELECT local.difference(q, replace(q, 'nested_pages.account_orders_relay', 'nested.orders')) AS differences
FROM (VALUES ('SELECT g, o.id FROM generate_series(1, 40) g JOIN nested_pages.account_orders_relay o ON o.account_id = g'),
    ('SELECT g, o.id FROM generate_series(1, 1000) g JOIN nested_pages.account_orders_relay o ON o.account_id = g')) v (q);

-- All lists of all rows at once.
EXPLAIN (VERBOSE, COSTS OFF) SELECT account_id, id FROM nested.account_orders WHERE account_id > 500;
SELECT local.counter(q, 'HTTP Requests') AS requests, local.difference(q, replace(q, 'nested.account_orders', 'nested.orders')) AS differences
FROM (VALUES ('SELECT account_id, id, sku, total FROM nested.account_orders'),
    ('SELECT account_id, count(*) FROM nested.account_orders GROUP BY 1'),
    ('SELECT id FROM nested.account_orders WHERE account_id > 500')) v (q);

-- One alias per key where that is wanted.
ALTER SERVER nested_api OPTIONS (ADD batch_mode 'alias');
EXPLAIN (VERBOSE, COSTS OFF) SELECT g, o.id FROM generate_series(1, 2) g JOIN nested.account_orders o ON o.account_id = g;
SELECT local.difference('SELECT g, o.id, o.account_id FROM generate_series(1, 200) g JOIN nested.account_orders o ON o.account_id = g',
    'SELECT g, o.id, o.account_id FROM generate_series(1, 200) g JOIN nested.orders o ON o.account_id = g') AS differences;

SET client_min_messages = warning;
DROP SERVER nested_api, nested_capped, nested_pages CASCADE;
DROP SCHEMA nested, nested_capped, nested_pages CASCADE;
