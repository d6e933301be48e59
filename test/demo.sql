\set QUIET on
\pset footer off
\getenv api GRAPHQL_FDW_API

\echo
\echo '-- 1. An API becomes a server, its fields become tables.'
CREATE EXTENSION graphql_fdw;
CREATE SERVER demo FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE SCHEMA api;
IMPORT FOREIGN SCHEMA "Query" FROM SERVER demo INTO api;
SELECT c.relname AS "table", f.option_value AS field, k.option_value AS key, p.option_value AS pagination
FROM pg_foreign_table t JOIN pg_class c ON c.oid = t.ftrelid
JOIN LATERAL pg_options_to_table(t.ftoptions) f ON f.option_name = 'field'
LEFT JOIN LATERAL pg_options_to_table(t.ftoptions) k ON k.option_name = 'key'
LEFT JOIN LATERAL pg_options_to_table(t.ftoptions) p ON p.option_name = 'pagination' ORDER BY 1;
\d api.country

\echo
\echo '-- 2. A table of places joined to live country data: one request, see HTTP Requests.'
CREATE TABLE place (name text, country_code text);
INSERT INTO place VALUES ('Zermatt', 'CH'), ('Hallstatt', 'AT'), ('Nara', 'JP'), ('Cusco', 'PE'),
    ('Lalibela', 'ET'), ('Atlantis', NULL), ('Basel', 'CH'), ('Lhasa', 'CN');
SELECT p.name AS place, c.name AS country, c.capital, c.continent_name AS continent, jsonb_path_query_array(c.languages, '$.name') AS languages
FROM place p LEFT JOIN api.country c ON c.code = p.country_code ORDER BY p.name;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)
SELECT p.name, c.name FROM place p LEFT JOIN api.country c ON c.code = p.country_code;

\echo
\echo '-- 3. A shop: 10,000 orders of ours, 1,000 accounts of the API. 100 keys to a request: 10 requests.'
CREATE TABLE purchase AS
    SELECT n AS id, 1 + n * 7919 % 1000 AS account_id, (n * 31 % 997)::numeric AS amount
    FROM generate_series(1, 10000) n;
ANALYZE purchase;

EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)
SELECT a.plan, count(*), sum(p.amount) FROM purchase p JOIN api.account a ON a.id = p.account_id GROUP BY a.plan;
SELECT a.plan, count(*), sum(p.amount) FROM purchase p JOIN api.account a ON a.id = p.account_id GROUP BY a.plan ORDER BY a.plan;

\echo
\echo '-- 4. The same on a tenth of the rows with the look-ahead switched off: one request per key.'
SET graphql_fdw.enable_lookahead = off;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)
SELECT a.plan, count(*) FROM purchase p JOIN api.account a ON a.id = p.account_id WHERE p.id <= 1000 GROUP BY a.plan;
RESET graphql_fdw.enable_lookahead;

\echo
\echo '-- 5. A relationship is a function. Used LATERAL it is inlined, and batched like any join.'
CREATE FUNCTION purchase_orders(purchase) RETURNS TABLE (id text, sku text, total numeric)
LANGUAGE sql STABLE ROWS 5
BEGIN ATOMIC
    SELECT o.id, o.sku, o.total FROM api.orders_by_account o WHERE o.account_id = $1.account_id;
END;

SELECT p.id, p.account_id, o.sku, o.total
FROM purchase p LEFT JOIN LATERAL (SELECT * FROM purchase_orders(p) ORDER BY total DESC, id LIMIT 2) o ON true
WHERE p.id <= 5 ORDER BY p.id, o.total DESC;

\echo
\echo '-- 6. And any query of the API is jsonb.'
SELECT jsonb_pretty(graphql_query('demo', 'query($c: ID!) { country(code: $c) { name currencies languages { native } } }', '{"c": "CH"}'));

\echo
\echo '-- 7. Does all of it still fit the schema of the API?'
SELECT object, severity, message, fix FROM graphql_check('demo');
