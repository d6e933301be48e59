-- Keys that a local table brings inside a subquery, which is run for each outer row: asked for across the outer rows.
CREATE SCHEMA local_keys;
SET search_path = local_keys, public;
\set VERBOSITY terse
\getenv api GRAPHQL_FDW_API
CREATE SERVER local_keys FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE FOREIGN TABLE account (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text,
    referrer_id int OPTIONS (path 'referrerId')
) SERVER local_keys OPTIONS (field 'account', key 'id',
    lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE FOREIGN TABLE account_order (
    id text,
    account_id int OPTIONS (path 'accountId', argument 'accountId', type 'Int!'),
    total numeric
) SERVER local_keys OPTIONS (field 'ordersByAccount', key 'id');
CREATE VIEW account_local AS SELECT id, plan, referrer_id FROM local.accounts;
CREATE VIEW account_order_local AS SELECT id::text, account_id, total FROM local.orders;
-- A thousand customers with three items each, of a thousand accounts.
CREATE TABLE customer AS SELECT n, 1 + n % 200 AS account_id FROM generate_series(0, 999) n;
CREATE TABLE item AS SELECT i, i / 3 AS n, 1 + (i * 7) % 1000 AS account_id FROM generate_series(0, 2999) i;
CREATE INDEX ON item (n);
ALTER TABLE customer ADD PRIMARY KEY (n);
ANALYZE customer, item;

EXPLAIN (COSTS OFF)
SELECT c.n, x.* FROM customer c, LATERAL (SELECT i.i, a.plan FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n ORDER BY a.plan, i.i LIMIT 2) x;
EXPLAIN (COSTS OFF)
SELECT c.n, (SELECT json_agg(x.p) FROM (SELECT i.i, (SELECT plan FROM account a WHERE a.id = i.account_id) AS p FROM item i WHERE i.n = c.n) x) FROM customer c;
EXPLAIN (COSTS OFF)
SELECT c.n, x.* FROM customer c, LATERAL (SELECT max(o.total) FROM item i JOIN account a ON a.id = i.account_id JOIN account_order o ON o.account_id = a.referrer_id WHERE i.n = c.n) x;

CREATE TABLE shape (name text, statement text);
INSERT INTO shape VALUES
('limit', 'SELECT c.n, x.* FROM customer c, LATERAL (SELECT i.i, a.plan FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n ORDER BY a.plan, i.i LIMIT 2) x'),
('aggregate', 'SELECT c.n, x.* FROM customer c LEFT JOIN LATERAL (SELECT count(*), max(a.plan) FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n) x ON true'),
('scalar', 'SELECT c.n, (SELECT json_agg(a.plan ORDER BY i.i)::text FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n) FROM customer c'),
('scalar in scalar', 'SELECT c.n, (SELECT json_agg(x.p ORDER BY x.i)::text FROM (SELECT i.i, (SELECT plan FROM account a WHERE a.id = i.account_id) AS p FROM item i WHERE i.n = c.n) x) FROM customer c'),
('exists', 'SELECT c.n FROM customer c WHERE EXISTS (SELECT FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n AND a.plan = ''team'' OFFSET 0)'),
('under OR', 'SELECT c.n FROM customer c WHERE c.n < 3 OR EXISTS (SELECT FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n AND a.plan = ''team'')'),
('guarded', 'SELECT c.n, CASE WHEN c.n > 10 THEN (SELECT max(a.plan) FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = 1000 / (c.n - 10)) END FROM customer c'),
('outer rows of the API', 'SELECT c.n, a.plan, x.* FROM customer c JOIN account a ON a.id = c.account_id, LATERAL (SELECT count(*), max(o.plan) FROM item i JOIN account o ON o.id = i.account_id WHERE i.n = a.referrer_id) x'),
('a level deeper', 'SELECT c.n, x.s FROM customer c, LATERAL (SELECT string_agg(y.p, '','' ORDER BY y.p) AS s FROM item i, LATERAL (SELECT max(a.plan) AS p FROM item j JOIN account a ON a.id = j.account_id WHERE j.n = i.i AND j.i > i.n) y WHERE i.n = c.n) x WHERE c.n < 300'),
('chained', 'SELECT c.n, x.* FROM customer c, LATERAL (SELECT count(*), max(o.total) FROM item i JOIN account a ON a.id = i.account_id JOIN account_order o ON o.account_id = a.referrer_id WHERE i.n = c.n) x'),
('chained a level deeper', 'SELECT c.n, x.s FROM customer c, LATERAL (SELECT string_agg(y.p, '','' ORDER BY y.p) AS s FROM item i, LATERAL (SELECT max(b.plan) AS p FROM item j JOIN account a ON a.id = j.account_id JOIN account b ON b.id = a.referrer_id WHERE j.n = i.i) y WHERE i.n = c.n) x WHERE c.n < 300'),
('array', 'SELECT c.n, x.* FROM customer c, LATERAL (SELECT count(*), max(a.plan) FROM unnest(ARRAY[c.n, c.account_id, 3]) u(id) JOIN account a ON a.id = u.id) x'),
('union', 'SELECT c.n, x.* FROM customer c, LATERAL (SELECT count(*), max(a.plan) FROM (SELECT account_id FROM item i WHERE i.n = c.n UNION ALL SELECT c.account_id) u JOIN account a ON a.id = u.account_id) x'),
('IN', 'SELECT c.n, x.* FROM customer c, LATERAL (SELECT count(*), max(a.plan) FROM account a WHERE a.id IN (SELECT account_id FROM item i WHERE i.n = c.n)) x'),
('local joins', 'SELECT c.n, x.* FROM customer c, LATERAL (SELECT count(*), max(a.plan) FROM item i JOIN customer d ON d.n = i.i JOIN account a ON a.id = d.account_id WHERE i.n = c.n) x'),
('two in one', 'SELECT c.n, x.* FROM customer c, LATERAL (SELECT count(a.plan), sum(o.total) FROM item i JOIN account a ON a.id = i.account_id LEFT JOIN account_order o ON o.account_id = i.account_id + 1 WHERE i.n = c.n) x'),
('calls', 'SELECT c.n, x.p FROM customer c, LATERAL (SELECT max(graphql_query(''local_keys'', ''query($id: Int!) { account(id: $id) { plan } }'', jsonb_build_object(''id'', i.account_id)) #>> ''{account,plan}'') AS p FROM item i WHERE i.n = c.n) x'),
('many rows in each', 'SELECT c.n, x.* FROM customer c, LATERAL (SELECT count(*), max(a.plan) FROM item i JOIN account a ON a.id = i.account_id WHERE i.n > c.n) x WHERE c.n < 3'),
('rows that bring none', 'SELECT c.n, x.* FROM customer c LEFT JOIN LATERAL (SELECT i.i, a.plan FROM item i JOIN account a ON a.id = nullif(i.account_id, i.account_id) WHERE i.n = c.n) x ON true'),
('limited', 'SELECT c.n, x.p FROM customer c, LATERAL (SELECT max(a.plan) AS p FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n) x ORDER BY c.n LIMIT 5');
CREATE VIEW measured AS
SELECT name, local.counter(statement, 'HTTP Requests') AS requests, local.counter(statement, 'Lookups Missed') AS missed, local.counter(statement, 'Calls Missed') AS calls_missed,
       local.difference(statement, regexp_replace(statement, '(account(_order)?) ([a-z])\M', '\1_local \3', 'g')) AS differences
FROM shape;
SELECT * FROM measured WHERE name <> 'limited' ORDER BY name;
SELECT requests <= 3 AS few_requests, differences FROM measured WHERE name = 'limited';
-- In one shared plan, under other parameters each time.
SET plan_cache_mode = force_generic_plan;
PREPARE plans(int) AS SELECT max(x.p), count(*) FROM customer c, LATERAL (SELECT min(a.plan) AS p FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n + $1) x WHERE x.p IS NOT NULL;
EXECUTE plans(0);
EXECUTE plans(600);
RESET plan_cache_mode;
-- Memory is bounded, and answers that had to go are asked for again.
SET work_mem = '64kB';
SELECT name, requests < 300 AS few_requests, missed < 30 AS few_missed, differences FROM measured WHERE name IN ('aggregate', 'chained', 'many rows in each') ORDER BY name;
RESET work_mem;

-- Rows changed by what reads them.
EXPLAIN (COSTS OFF) UPDATE customer c SET account_id = a.referrer_id FROM account a WHERE a.id = c.account_id AND c.n < 3;
BEGIN;
UPDATE customer c SET account_id = (SELECT max(a.referrer_id) FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n);
SELECT count(*) FROM customer c WHERE account_id IS DISTINCT FROM (SELECT max(a.referrer_id) FROM item i JOIN account_local a ON a.id = i.account_id WHERE i.n = c.n);
SELECT c.n, (SELECT max(a.plan) FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n) FROM customer c WHERE n < 3 ORDER BY n FOR UPDATE;
ROLLBACK;

-- A failing key is an error for the row that needs it, and not before.
CREATE FOREIGN TABLE strict (id int OPTIONS (argument 'id', type 'Int!'), plan text) SERVER local_keys OPTIONS (field 'accountStrict', key 'id');
BEGIN;
DECLARE plans CURSOR FOR SELECT c.n, (SELECT max(a.plan) FROM (VALUES (c.n, 1), (c.n, 5000)) i(n, k) JOIN strict a ON a.id = CASE WHEN i.n = 5 THEN i.k ELSE 1 + i.n END) AS plan FROM customer c ORDER BY n;
FETCH 5 FROM plans;
FETCH 1 FROM plans;
ROLLBACK;

-- What is batched for each outer row by itself, and says so: rows of a CTE, volatile functions, rows locked.
EXPLAIN (COSTS OFF)
SELECT c.n, x.* FROM customer c, LATERAL (WITH u AS MATERIALIZED (SELECT account_id FROM item i WHERE i.n = c.n) SELECT count(*), max(a.plan) FROM u JOIN account a ON a.id = u.account_id) x;
EXPLAIN (COSTS OFF)
SELECT c.n, x.* FROM customer c, LATERAL (SELECT count(*), max(a.plan) FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n AND i.i >= random()) x;
EXPLAIN (COSTS OFF)
SELECT c.n, (SELECT a.plan FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n LIMIT 1 FOR UPDATE OF i) FROM customer c;
TRUNCATE shape;
INSERT INTO shape VALUES
('CTE', 'SELECT c.n, x.* FROM customer c, LATERAL (WITH u AS MATERIALIZED (SELECT account_id FROM item i WHERE i.n = c.n) SELECT count(*), max(a.plan) FROM u JOIN account a ON a.id = u.account_id) x WHERE c.n < 20'),
('subquery run once', 'SELECT c.n, x.* FROM customer c, LATERAL (SELECT count(*), max(a.plan) FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n AND i.i >= (SELECT min(d.n) FROM customer d)) x WHERE c.n < 20'),
('volatile', 'SELECT c.n, x.* FROM customer c, LATERAL (SELECT count(*), max(a.plan) FROM item i JOIN account a ON a.id = i.account_id WHERE i.n = c.n AND i.i + 1 >= random()) x WHERE c.n < 20');
SELECT * FROM measured ORDER BY name;

DROP SERVER local_keys CASCADE;
DROP SCHEMA local_keys CASCADE;
