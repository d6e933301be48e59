-- Correlated subqueries: those in a SELECT list and in a condition on one table are looked up in batches.
CREATE SCHEMA subqueries;
SET search_path = subqueries, public;
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
CREATE INDEX ON customer (n);
CREATE TABLE visit (n int, account_id int) PARTITION BY RANGE (n);
CREATE TABLE visit_low PARTITION OF visit FOR VALUES FROM (0) TO (300);
CREATE TABLE visit_high PARTITION OF visit FOR VALUES FROM (300) TO (1000);
INSERT INTO visit SELECT n, account_id FROM customer;
ANALYZE customer, visit;

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
('two under OR', 'SELECT n, EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = ''team'') OR EXISTS (SELECT FROM account a WHERE a.id = c.n + 1 AND a.plan = ''free'') FROM customer c'),
('chosen by a subquery', 'SELECT n, CASE WHEN EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = ''team'') THEN (SELECT a.plan FROM account a WHERE a.id = c.n + 1) ELSE (SELECT count(*)::text FROM account_order o WHERE o.account_id = c.n + 1) END FROM customer c'),
('the first that is not null', 'SELECT n, COALESCE((SELECT plan FROM account a WHERE a.id = c.n + 1 AND a.plan = ''team''), (SELECT plan FROM account a WHERE a.id = c.account_id)) FROM customer c'),
('chosen by a call', 'SELECT n, CASE WHEN graphql_query(''subqueries'', ''query($id: Int!) { account(id: $id) { plan } }'', jsonb_build_object(''id'', c.account_id)) #>> ''{account,plan}'' = ''team'' THEN (SELECT a.plan FROM account a WHERE a.id = c.n + 1) END FROM customer c'),
('partitions', 'SELECT n, (SELECT plan FROM account a WHERE a.id = v.account_id) FROM visit v'),
('partitions in order', 'SELECT n, (SELECT plan FROM account a WHERE a.id = v.account_id) FROM visit v ORDER BY n LIMIT 300'),
('arms of UNION ALL', 'SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c WHERE n < 500 UNION ALL SELECT n, (SELECT plan FROM account a WHERE a.id = v.account_id + 1) FROM visit v UNION ALL SELECT 1, ''x'''),
('arms of UNION', 'SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c UNION SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id + 1) FROM customer c'),
('beside a window function', 'SELECT n, row_number() OVER (ORDER BY n), (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c'),
('inside a window function', 'SELECT n, row_number() OVER (PARTITION BY (SELECT plan FROM account a WHERE a.id = c.account_id) ORDER BY n) FROM customer c'),
('grouped without aggregates', 'SELECT account_id, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c GROUP BY account_id'),
('grouping sets', 'SELECT account_id, count(*), (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c GROUP BY GROUPING SETS ((account_id), ())'),
('column of an outer join', 'SELECT c.n, s.p FROM customer c LEFT JOIN (SELECT n, coalesce((SELECT plan FROM account a WHERE a.id = d.account_id), ''none'') AS p FROM customer d WHERE n < 500) s ON s.n = c.n + 1'),
('condition of an outer join', 'SELECT c.n, d.n AS m FROM customer c LEFT JOIN customer d ON d.n = c.n + 1 AND (d.n = 3 OR EXISTS (SELECT FROM account a WHERE a.id = d.account_id AND a.plan = ''team''))'),
('keyed by an aggregate', 'SELECT n % 9, (SELECT plan FROM account a WHERE a.id = max(c.account_id)) FROM customer c GROUP BY n % 9'),
('limited', 'SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c ORDER BY n LIMIT 10');
SELECT name, local.counter(statement, 'HTTP Requests') AS requests, local.counter(statement, 'Lookups Missed') AS missed,
       local.difference(statement, replace(replace(statement, 'account_order ', 'account_order_local '), 'account a ', 'account_local a ')) AS differences
FROM shape ORDER BY name;

-- Rows that an index finds for each row of another table, the look-up's and others' conditions being checked on them.
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SELECT name, local.difference(statement, replace(statement, 'account a ', 'account_local a ')) AS differences FROM shape WHERE name LIKE '%outer join';
RESET enable_hashjoin;
RESET enable_mergejoin;

-- Changes that read the API, and rows locked.
BEGIN;
UPDATE customer c SET plan = (SELECT plan FROM account a WHERE a.id = c.account_id);
SELECT count(*) FROM customer c JOIN account_local l ON l.id = c.account_id AND l.plan = c.plan;
INSERT INTO customer SELECT n + 5000, account_id, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c WHERE n < 5;
SELECT count(*) FROM customer c JOIN account_local l ON l.id = c.account_id AND l.plan = c.plan WHERE n >= 5000;
SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c WHERE n < 2 ORDER BY n FOR UPDATE;
ROLLBACK;

-- Conditions of one table; the second look-up is asked only for rows that pass the first.
CREATE TABLE condition (name text, statement text);
INSERT INTO condition VALUES
('exists under OR', 'SELECT n FROM customer c WHERE n < 20 AND (n = 3 OR EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = ''team''))'),
('scalar', 'SELECT n FROM customer c WHERE n < 20 AND ''team'' = (SELECT plan FROM account a WHERE a.id = c.account_id)'),
('two', 'SELECT n FROM customer c WHERE ''team'' = (SELECT plan FROM account a WHERE a.id = c.account_id) AND 3 < (SELECT count(*) FROM account_order o WHERE o.account_id = c.account_id)'),
('two under OR', 'SELECT n FROM customer c WHERE EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = ''team'') OR EXISTS (SELECT FROM account a WHERE a.id = c.n + 1 AND a.plan = ''free'')'),
('three under OR', 'SELECT n FROM customer c WHERE EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = ''team'') OR EXISTS (SELECT FROM account a WHERE a.id = c.n + 1 AND a.plan = ''free'') OR EXISTS (SELECT FROM account_order o WHERE o.account_id = c.n + 1 AND o.total > 50)'),
('negated under OR', 'SELECT n FROM customer c WHERE NOT EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = ''team'') OR NOT EXISTS (SELECT FROM account a WHERE a.id = c.n + 1 AND a.plan = ''free'')'),
('IN under OR', 'SELECT n FROM customer c WHERE c.n IN (SELECT o.total::int FROM account_order o WHERE o.account_id = c.account_id) OR c.n IN (SELECT a.referrer_id FROM account a WHERE a.id = c.n + 1)'),
('a local one under OR', 'SELECT n FROM customer c WHERE EXISTS (SELECT FROM customer d WHERE d.n = c.n + 500) OR EXISTS (SELECT FROM account a WHERE a.id = c.n + 1 AND a.plan = ''free'')'),
('guarded', 'SELECT n FROM customer c WHERE CASE WHEN n > 0 THEN ''team'' = (SELECT plan FROM account a WHERE a.id = 100 / n) END'),
('of rows found by a key', 'SELECT d.n FROM customer c JOIN customer d ON d.n = c.account_id WHERE c.n < 30 AND (SELECT count(*) FROM account_order o WHERE o.account_id = d.account_id) > 5'),
('of rows looked up', 'SELECT c.n FROM customer c JOIN account a ON a.id = c.account_id WHERE c.n < 30 AND (SELECT count(*) FROM account_order o WHERE o.account_id = a.id) > 5'),
('of rows an outer join looks up', 'SELECT c.n FROM customer c LEFT JOIN account a ON a.id = c.account_id WHERE c.n < 300 AND (SELECT count(*) FROM account_order o WHERE o.account_id = a.id) < 5'),
('of rows looked up by looked up ones', 'SELECT c.n FROM customer c JOIN account a ON a.id = c.account_id LEFT JOIN account b ON b.id = a.referrer_id WHERE (SELECT count(*) FROM account_order o WHERE o.account_id = b.id) < 5'),
('ordered by an index', 'SELECT n FROM customer c WHERE n > 0 AND (n = 900 OR EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = ''team'')) ORDER BY n'),
('a subquery''s rows', 'SELECT n FROM (SELECT n, max(account_id) AS account_id FROM customer GROUP BY n) c WHERE n = 3 OR EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = ''team'')'),
('in a join', 'SELECT c.n FROM customer c JOIN customer d ON d.n = c.n + 1 WHERE c.n = 3 OR EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = ''team'')'),
('nested', 'SELECT n, (SELECT (SELECT r.plan FROM account r WHERE r.id = a.referrer_id) FROM account a WHERE a.id = c.account_id) FROM customer c'),
('nested and filtered', 'SELECT n, (SELECT r.plan FROM account a JOIN account r ON r.id = a.referrer_id WHERE a.id = c.account_id AND a.plan = ''team'' OFFSET 0) FROM customer c'),
('keyed by two tables', 'SELECT c.n FROM customer c JOIN customer d ON d.n = c.n + 1 WHERE c.n < 20 AND (c.n = 3 OR EXISTS (SELECT FROM account a WHERE a.id = c.account_id + d.n AND a.plan = ''team''))');
SELECT name, local.counter(statement, 'HTTP Requests') AS requests, local.counter(statement, 'Lookups Missed') AS missed,
       local.difference(statement, regexp_replace(statement, '(account(_order)?) ([a-z])', '\1_local \3', 'g')) AS differences
FROM condition ORDER BY name;

-- Rows that an index has in the order of a LIMIT.
EXPLAIN (COSTS OFF)
SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c ORDER BY n LIMIT 20;
SELECT local.counter(q, 'HTTP Requests') AS requests, local.difference(q, replace(q, 'account a', 'account_local a')) AS differences FROM (VALUES
    ('SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c ORDER BY n LIMIT 20')) v (q);

-- Nobody's rows are shown to a condition that others' conditions have to come before.
CREATE FUNCTION leak(int) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN RAISE NOTICE 'saw %', $1; RETURN true; END $$;
CREATE VIEW team WITH (security_barrier) AS
    SELECT n FROM customer c WHERE n = 1 OR n < 5 AND EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = 'team');
SELECT n FROM team WHERE leak(n) ORDER BY n;

-- A row that another session changed meanwhile, and rows locked, are checked as everywhere.
BEGIN;
SELECT n FROM customer c WHERE n < 8 AND (n = 3 OR EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = 'team')) ORDER BY n FOR UPDATE;
ROLLBACK;

EXPLAIN (COSTS OFF) SELECT n FROM customer c WHERE 'team' = (SELECT plan FROM account a WHERE a.id = c.account_id);
EXPLAIN (COSTS OFF)
SELECT n, (SELECT r.plan FROM account a JOIN account r ON r.id = a.referrer_id WHERE a.id = c.account_id AND a.plan = 'team' OFFSET 0) FROM customer c;
EXPLAIN (COSTS OFF)
SELECT n FROM customer c WHERE EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = 'team') OR EXISTS (SELECT FROM account a WHERE a.id = c.n + 1 AND a.plan = 'free');
-- Subqueries that change something are run for their own sake only.
CREATE SEQUENCE counted;
SELECT count(*) FROM customer c WHERE n < 20 AND (EXISTS (SELECT nextval('counted') FROM account a WHERE a.id = c.account_id AND a.plan = 'team' AND nextval('counted') > 0) OR EXISTS (SELECT FROM account a WHERE a.id = c.n + 1 AND a.plan = 'free'));
SELECT currval('counted') = (SELECT count(*) FROM customer c JOIN local.accounts l ON l.id = c.account_id AND l.plan = 'team' WHERE n < 20) AS once;
EXPLAIN (COSTS OFF)
SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c UNION ALL SELECT n, (SELECT plan FROM account a WHERE a.id = v.account_id) FROM visit v;
-- Conditions on rows that are looked up.
EXPLAIN (COSTS OFF)
SELECT c.n FROM customer c JOIN account a ON a.id = c.account_id WHERE c.n < 30 AND (SELECT count(*) FROM account_order o WHERE o.account_id = a.id) > 5;
-- What stays one by one.
EXPLAIN (COSTS OFF)
SELECT d.n FROM customer c JOIN customer d ON d.n = c.account_id WHERE c.n < 30 AND (SELECT count(*) FROM account_order o WHERE o.account_id = d.account_id) > 5;
EXPLAIN (COSTS OFF)
SELECT n % 9, (SELECT plan FROM account a WHERE a.id = max(c.account_id)) FROM customer c GROUP BY n % 9;
EXPLAIN (COSTS OFF)
SELECT account_id FROM customer c GROUP BY account_id HAVING EXISTS (SELECT FROM account a WHERE a.id = c.account_id);
EXPLAIN (COSTS OFF)
SELECT c.n FROM customer c JOIN customer d ON d.n = c.n + 1 WHERE c.n = 3 OR EXISTS (SELECT FROM account a WHERE a.id = c.account_id + d.n);

SET graphql_fdw.enable_lookahead = off;
EXPLAIN (COSTS OFF) SELECT n, (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c;
RESET graphql_fdw.enable_lookahead;

\set VERBOSITY terse
DROP SERVER subqueries CASCADE;
DROP SCHEMA subqueries CASCADE;
