-- Correlated subqueries: in a SELECT list they are looked up in batches, elsewhere one by one.
CREATE SCHEMA subqueries;
SET search_path = subqueries;
\getenv api GRAPHQL_FDW_API
CREATE SERVER subqueries FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE FOREIGN TABLE account (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text,
    referrer_id int OPTIONS (path 'referrerId')
) SERVER subqueries OPTIONS (field 'account', key 'id',
    lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE FOREIGN TABLE account_order (
    id text,
    account_id int OPTIONS (path 'accountId', argument 'accountId', type 'Int!'),
    total numeric
) SERVER subqueries OPTIONS (field 'ordersByAccount', key 'id');
CREATE VIEW account_local AS SELECT id, plan, referrer_id FROM local.accounts;
CREATE VIEW account_order_local AS SELECT id::text, account_id, total FROM local.orders;
CREATE TABLE customer AS SELECT n, 1 + n % 200 AS account_id, NULL::text AS plan FROM generate_series(0, 999) n;
ANALYZE customer;

EXPLAIN (COSTS OFF)
SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c;
EXPLAIN (COSTS OFF)
SELECT n, (SELECT json_agg(o.total ORDER BY o.id) FROM account_order o WHERE o.account_id = c.account_id)
FROM customer c ORDER BY n LIMIT 20;

CREATE TABLE shape (name text, statement text);
INSERT INTO shape VALUES
('scalar', 'SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c'),
('two', 'SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id), (SELECT count(*) FROM account_order o WHERE o.account_id = c.account_id + 1) FROM customer c'),
('embedded list', 'SELECT n, (SELECT jsonb_agg(o.id ORDER BY o.total, o.id) FROM (SELECT * FROM account_order o WHERE o.account_id = c.account_id ORDER BY total LIMIT 2) o) FROM customer c'),
('exists', 'SELECT n, EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = ''team'') FROM customer c'),
('in an expression', 'SELECT n, CASE WHEN n % 2 = 0 THEN upper((SELECT plan FROM account a WHERE a.id = c.account_id)) END FROM customer c'),
('grouped', 'SELECT (SELECT plan FROM account a WHERE a.id = c.account_id) AS p, count(*) FROM customer c GROUP BY 1'),
('aggregated', 'SELECT max((SELECT plan FROM account a WHERE a.id = c.account_id)) FROM customer c'),
('over a join', 'SELECT c.n, (SELECT plan FROM account a WHERE a.id = c.account_id + d.n) FROM customer c JOIN customer d ON d.n = c.n % 3'),
('in a lateral', 'SELECT c.n, x.p FROM customer c, LATERAL (SELECT (SELECT plan FROM account a WHERE a.id = c.account_id) AS p) x'),
('guarded by CASE', 'SELECT n, CASE WHEN n < 2 THEN NULL WHEN n % 3 = 0 THEN (SELECT plan FROM account a WHERE a.id = 600 / (c.n - 1)) ELSE (SELECT plan FROM account a WHERE a.id = 900 / (c.n - 1)) END FROM customer c'),
('guarded by CASE of a value', 'SELECT n, CASE n WHEN 0 THEN NULL WHEN 1 THEN (SELECT plan FROM account a WHERE a.id = 100 / c.n) ELSE ''x'' END FROM customer c'),
('guarded by COALESCE', 'SELECT n, COALESCE(NULLIF(n, 7)::text, (SELECT plan FROM account a WHERE a.id = 100 / c.n)) FROM customer c'),
('guarded by OR', 'SELECT n, n < 3 OR n > 500 OR EXISTS (SELECT FROM account a WHERE a.id = 500 / (c.n - 2) AND a.plan = ''team'') FROM customer c'),
('guarded by AND', 'SELECT n, n > 3 AND EXISTS (SELECT FROM account a WHERE a.id = 500 / (c.n - 3) AND a.plan = ''team'') FROM customer c'),
('guarded by FILTER', 'SELECT count((SELECT plan FROM account a WHERE a.id = 100 / c.n)) FILTER (WHERE n > 0) FROM customer c'),
('guarded by a subquery', 'SELECT n, CASE WHEN EXISTS (SELECT FROM account a WHERE a.id = c.account_id) THEN (SELECT plan FROM account a WHERE a.id = c.account_id + 1) END FROM customer c WHERE n < 20'),
('keyed by an aggregate', 'SELECT n % 9, (SELECT plan FROM account a WHERE a.id = max(c.account_id)) FROM customer c GROUP BY n % 9'),
('limited', 'SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c ORDER BY n LIMIT 10');
SELECT name, local.counter(statement, 'HTTP Requests') AS requests, local.counter(statement, 'Lookups Missed') AS missed,
       local.difference(statement, replace(replace(statement, 'account_order ', 'account_order_local '), 'account a ', 'account_local a ')) AS differences
FROM shape ORDER BY name;

-- Changes that read the API, and rows locked.
BEGIN;
UPDATE customer c SET plan = (SELECT plan FROM account a WHERE a.id = c.account_id);
SELECT count(*) FROM customer c JOIN account_local l ON l.id = c.account_id AND l.plan = c.plan;
INSERT INTO customer SELECT n + 5000, account_id, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c WHERE n < 5;
SELECT count(*) FROM customer c JOIN account_local l ON l.id = c.account_id AND l.plan = c.plan WHERE n >= 5000;
SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c WHERE n < 2 ORDER BY n FOR UPDATE;
ROLLBACK;

-- What stays one by one is right all the same: conditions, and keys that come from inside.
SELECT local.counter(q, 'Lookups Missed') > 0 AS missed, local.difference(q, replace(q, 'account a', 'account_local a')) AS differences
FROM unnest(ARRAY['SELECT n FROM customer c WHERE n < 20 AND (n = 3 OR EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = ''team''))',
                  'SELECT n FROM customer c WHERE n < 20 AND ''team'' = (SELECT plan FROM account a WHERE a.id = c.account_id)']) q;
SELECT count(*), count(r) FROM (SELECT n, (SELECT (SELECT r.plan FROM account r WHERE r.id = a.referrer_id)
    FROM account a WHERE a.id = c.account_id) AS r FROM customer c WHERE n < 200) x;

EXPLAIN (COSTS OFF) SELECT n FROM customer c WHERE 'team' = (SELECT plan FROM account a WHERE a.id = c.account_id);

SET graphql_fdw.enable_lookahead = off;
EXPLAIN (COSTS OFF) SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c;
RESET graphql_fdw.enable_lookahead;

\set VERBOSITY terse
DROP SERVER subqueries CASCADE;
DROP SCHEMA subqueries CASCADE;
