-- Calls of graphql_query() over many rows: one request per batch of calls, and the rows that single calls give.
CREATE SCHEMA query_batches;
SET search_path = query_batches, public;
\set VERBOSITY terse
\getenv api GRAPHQL_FDW_API
CREATE SERVER query_batches FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE TABLE customer AS SELECT n, 1 + n AS account_id FROM generate_series(0, 999) n;
CREATE TABLE few AS SELECT n, 1 + n % 10 AS account_id, (ARRAY['CH', 'AT', 'FR'])[1 + n % 3] AS country FROM generate_series(0, 99) n;
CREATE TABLE sample AS SELECT n, account_id FROM customer WHERE n < 60;
ANALYZE customer, sample, few;

-- What is called, for one account.
CREATE FUNCTION plan_of(alias text) RETURNS text IMMUTABLE LANGUAGE sql
    RETURN format($$graphql_query('query_batches', 'query($id: Int!) { account(id: $id) { plan } }', jsonb_build_object('id', %s))$$, alias);
-- Without batches.
CREATE FUNCTION single(statement text) RETURNS SETOF text LANGUAGE plpgsql SET graphql_fdw.enable_lookahead = off AS $$
BEGIN RETURN QUERY EXECUTE format('SELECT r::text FROM (%s) r', statement); END $$;
CREATE FUNCTION differences(statement text) RETURNS bigint LANGUAGE sql AS $$
    SELECT local.difference(format('SELECT r::text FROM (%s) r', statement), format('SELECT single(%L)', statement)) $$;

EXPLAIN (COSTS OFF)
SELECT c.n, q FROM customer c, LATERAL graphql_query('query_batches', 'query($id: Int!) { account(id: $id) { plan } }', jsonb_build_object('id', c.account_id)) q;
EXPLAIN (COSTS OFF)
SELECT n, graphql_query('query_batches', 'query($id: Int!) { account(id: $id) { plan } }', jsonb_build_object('id', account_id)) FROM customer;
EXPLAIN (COSTS OFF)
SELECT n, CASE WHEN n > 5 THEN graphql_query('query_batches', 'query($id: Int!) { account(id: $id) { plan } }', jsonb_build_object('id', 100 / n)) END FROM few;

CREATE VIEW plans WITH (security_barrier) AS
    SELECT n, q #>> '{account,plan}' AS plan FROM few c, LATERAL graphql_query('query_batches', 'query($id: Int!) { account(id: $id) { plan } }', jsonb_build_object('id', c.account_id)) q;
CREATE TABLE shape (name text, statement text);
INSERT INTO shape VALUES
('lateral', 'SELECT c.n, q FROM customer c, LATERAL ' || plan_of('c.account_id') || ' q'),
('left lateral', 'SELECT c.n, q FROM customer c LEFT JOIN LATERAL ' || plan_of('c.account_id') || ' q ON q #>> ''{account,plan}'' <> ''free'''),
('nested in another function', 'SELECT c.n, o FROM customer c, LATERAL jsonb_each(' || plan_of('c.account_id') || ') o'),
('SELECT list', 'SELECT n, ' || plan_of('account_id') || ' FROM customer'),
('set in a SELECT list', 'SELECT n, jsonb_each(' || plan_of('account_id') || ') FROM customer'),
('subquery', 'SELECT n, (SELECT q #> ''{account}'' FROM ' || plan_of('c.account_id') || ' q) FROM customer c'),
('subquery without FROM', 'SELECT n, (SELECT ' || plan_of('c.account_id') || ' -> ''account'') FROM customer c'),
('lateral subquery', 'SELECT c.n, x.p FROM customer c LEFT JOIN LATERAL (SELECT ' || plan_of('c.account_id') || ' AS p OFFSET 0) x ON true'),
('aggregated', 'SELECT max(' || plan_of('account_id') || ' #>> ''{account,plan}'') FROM customer'),
('grouped', 'SELECT ' || plan_of('account_id') || ' AS p, count(*) FROM customer GROUP BY 1'),
('ordered', 'SELECT n FROM customer ORDER BY ' || plan_of('account_id') || ', n'),
('twice', 'SELECT n, ' || plan_of('account_id') || ', ' || plan_of('account_id') || ' ->> ''account'' FROM customer'),
('two', 'SELECT n, ' || plan_of('account_id') || ', ' || replace(plan_of('account_id'), 'plan', 'seats') || ' FROM customer'),
('few accounts', 'SELECT n, ' || plan_of('account_id') || ' FROM few'),
('the same call', 'SELECT n, ' || plan_of('7') || ' FROM customer'),
('chained', 'SELECT f.n, r FROM few f, LATERAL graphql_query(''query_batches'', ''query($id: Int!) { account(id: $id) { referrerId } }'', jsonb_build_object(''id'', f.account_id)) q, '
            'LATERAL ' || plan_of('coalesce((q #>> ''{account,referrerId}'')::int, 1)') || ' r'),
('guarded by CASE', 'SELECT n, CASE WHEN n > 5 THEN ' || plan_of('500 / n') || ' END FROM few'),
('guarded by FILTER', 'SELECT count(' || plan_of('500 / n') || ') FILTER (WHERE n > 5) FROM few'),
('condition', 'SELECT n FROM customer WHERE ' || plan_of('account_id') || ' #>> ''{account,plan}'' = ''team'''),
('condition behind another', 'SELECT n FROM few WHERE n > 5 AND ' || plan_of('500 / n') || ' #>> ''{account,plan}'' = ''team'''),
('condition and SELECT list', 'SELECT n, ' || plan_of('account_id') || ' FROM customer WHERE ' || plan_of('account_id') || ' #>> ''{account,plan}'' = ''team'''),
('condition with OR', 'SELECT n FROM few WHERE n < 6 OR ' || plan_of('500 / n') || ' #>> ''{account,plan}'' = ''team'''),
('two conditions', 'SELECT n FROM customer WHERE ' || plan_of('account_id') || ' #>> ''{account,plan}'' = ''team'' AND ' || replace(plan_of('account_id'), 'plan', 'seats') || ' #> ''{account,seats}'' <> ''[]'''),
('condition in a subquery', 'SELECT n FROM few f WHERE ''team'' = (SELECT q #>> ''{account,plan}'' FROM ' || plan_of('f.account_id') || ' q)'),
('view', 'SELECT * FROM plans'),
('subquery that may not run', 'SELECT n, (SELECT ' || plan_of('500 / f.n') || ' WHERE f.n > 5) FROM few f'),
('lateral that may not run', 'SELECT n, p FROM few f LEFT JOIN LATERAL (SELECT ' || plan_of('500 / f.n') || ' AS p WHERE f.n > 5 OFFSET 0) x ON true'),
('limited', 'SELECT n, ' || plan_of('account_id') || ' FROM customer ORDER BY n LIMIT 10');
SELECT name, local.counter(statement, 'HTTP Requests') AS requests, local.counter(statement, 'Keys') AS calls,
       local.counter(statement, 'Calls Missed') AS missed, differences(replace(statement, 'customer', 'sample'))
FROM shape ORDER BY name;
SELECT count(*) FROM customer c JOIN local.accounts l ON l.id = c.account_id,
    LATERAL graphql_query('query_batches', 'query($id: Int!) { account(id: $id) { id plan } }', jsonb_build_object('id', c.account_id)) q
WHERE q -> 'account' = jsonb_build_object('id', l.id, 'plan', l.plan);

-- Documents of all kinds; those that differ, or cannot be merged, go side by side.
CREATE TABLE document (name text, document text);
INSERT INTO document VALUES
('aliases', 'query($id: Int!) { a: account(id: $id) { plan } b: account(id: 7) { plan } __typename }'),
('directives', 'query($id: Int!, $odd: Boolean!) { account(id: $id) { plan @skip(if: $odd) seats } region: accounts(region: "nowhere") @include(if: $odd) { id } }'),
('fragments', 'query($id: Int!, $odd: Boolean!) { account(id: $id) { ...A } ...Q } fragment A on Account { plan ...B } fragment B on Account { seats @skip(if: $odd) } fragment Q on Query { other: account(id: $id) { ...A } }'),
('inline fragments', 'query($id: Int!) { ... on Query { account(id: $id) { plan } } ... { __typename } }'),
('defaults', 'query($id: Int! = 3, $none: Int! = 4) { account(id: $id) { plan } other: account(id: $none) { plan } }'),
('introspection', 'query($id: Int!) { __type(name: "Account") { name } account(id: $id) { plan } }'),
('described', 'query Q("which account" $id: Int!) { account(id: $id) { plan } }');
SELECT name, local.counter(q, 'HTTP Requests') AS requests, local.counter(q, 'Calls Missed') AS missed, differences(q)
FROM document, format('SELECT n, graphql_query(''query_batches'', %L, jsonb_build_object(''id'', account_id, ''odd'', n %% 2 = 1)) FROM few', document) q
ORDER BY name;
-- A document per row, a server per row.
SELECT local.counter(q, 'HTTP Requests') AS requests, local.counter(q, 'Calls Missed') AS missed, differences(q)
FROM (VALUES ('SELECT n, graphql_query(''query_batches'', format(''{ account(id: %s) { plan } }'', account_id)) FROM few'),
             ('SELECT n, graphql_query(''query_batches'', ''query A($c: ID!) { country(code: $c) { name } } query B { continents { code } }'', jsonb_build_object(''c'', country), CASE WHEN n % 2 = 0 THEN ''A'' ELSE ''B'' END) FROM few')) s(q);

-- What could not be sent is left to the call, which says why; when it is made.
SELECT n, CASE WHEN n < 0 THEN graphql_query('nowhere', '{ a }', jsonb_build_object('n', n)) END FROM few WHERE n < 2;
SELECT n, graphql_query('nowhere', '{ a }', jsonb_build_object('n', n)) FROM few;
SELECT n, graphql_query('query_batches', 'mutation { touch(id: 1) }', jsonb_build_object('n', n)) FROM few;
SELECT n, graphql_query('query_batches', '{ nothing }', jsonb_build_object('n', n)) FROM few;
SELECT n, graphql_query('query_batches', '{ __typename', jsonb_build_object('n', n)) FROM few;
SELECT n, graphql_query('query_batches', NULL, jsonb_build_object('n', n)) FROM few;
SELECT n, graphql_query('query_batches', '{ __typename }', jsonb_build_array(n)) FROM few;
SELECT n, graphql_query('query_batches', '{ __typename }', NULL, nullif(n, n)::text) FROM few WHERE n < 2;
-- Arguments that change whenever they are looked at, and calls of calls, are not looked at ahead.
CREATE SEQUENCE counted;
SELECT count(graphql_query('query_batches', 'query($id: Int!) { account(id: $id) { plan } }', jsonb_build_object('id', nextval('counted')))) FROM few WHERE n < 5;
SELECT nextval('counted');

-- One failing call among many: raised when it is demanded, and not before.
BEGIN;
DECLARE accounts CURSOR FOR SELECT id, graphql_query('query_batches', 'query($id: Int!) { accountStrict(id: $id) { id } }', jsonb_build_object('id', id))
    FROM unnest('{1,2,3,5000}'::int[]) id;
FETCH 3 FROM accounts;
FETCH 1 FROM accounts;
ROLLBACK;
CREATE SERVER partial FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
SELECT regexp_replace(:'api', '$', '/fault/errors-partial') AS partial \gset
ALTER SERVER partial OPTIONS (SET url :'partial', key_batch_size '5');
SELECT n, graphql_query('partial', 'query($id: Int!) { account(id: $id) { id plan } }', jsonb_build_object('id', n)) FROM generate_series(1, 12) n;
ALTER SERVER partial OPTIONS (ADD on_error 'warn');
SELECT n, graphql_query('partial', 'query($id: Int!) { account(id: $id) { id plan } }', jsonb_build_object('id', n)) FROM generate_series(1, 12) n;
ALTER SERVER partial OPTIONS (SET on_error 'null');
SELECT count(*) FILTER (WHERE q #> '{account,plan}' = 'null') AS failed, count(*)
FROM generate_series(1, 12) n, LATERAL graphql_query('partial', 'query($id: Int!) { account(id: $id) { id plan } }', jsonb_build_object('id', n)) q;

-- What is too much for the API goes in smaller requests.
SELECT :'api' || '/fault/limit?n=15' AS limited, :'api' || '/fault/limit?n=15&status=502' AS limited_502 \gset
CREATE SERVER limited FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'limited');
CREATE SERVER limited_502 FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'limited_502', max_retries '0');
SELECT server, local.counter(q, 'HTTP Requests') <= 3 * 67 AS few_requests, local.counter(q, 'Calls Missed') AS missed,
       local.difference(q, replace(q, server, 'query_batches'))
FROM unnest('{limited,limited_502}'::text[]) server,
     replace('SELECT n, ' || plan_of('account_id') || ' FROM customer', 'query_batches', server) q;

-- Memory is bounded, and answers that had to go are asked for again.
SET work_mem = '64kB';
SELECT local.counter(q, 'HTTP Requests') > 10 AS asked_again, local.counter(q, 'Calls Missed') AS missed
FROM (SELECT 'SELECT n, graphql_query(''query_batches'', ''query($id: Int!) { account(id: $id) { orders { id total } } }'', jsonb_build_object(''id'', account_id))
              FROM (SELECT * FROM customer UNION ALL SELECT n + 1000, account_id FROM customer) c' AS q) s;
SELECT sum(jsonb_array_length(q #> '{account,orders}')) = 2 * (SELECT count(*) FROM local.orders WHERE account_id BETWEEN 1 AND 1000) AS all_orders
FROM (SELECT * FROM customer UNION ALL SELECT n + 1000, account_id FROM customer) c,
     LATERAL graphql_query('query_batches', 'query($id: Int!) { account(id: $id) { orders { id total } } }', jsonb_build_object('id', c.account_id)) q;
RESET work_mem;

-- Planning, PREPARE and EXPLAIN send nothing.
CREATE SERVER nobody FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'http://127.0.0.1:1/graphql');
EXPLAIN (COSTS OFF) SELECT n, graphql_query('nobody', 'query($n: Int) { a(n: $n) }', jsonb_build_object('n', n)) FROM few;
EXPLAIN (COSTS OFF) SELECT n, graphql_query('nobody', '{ a }') FROM few;
PREPARE planned(int) AS SELECT n, graphql_query('nobody', 'query($n: Int) { a(n: $n) }', jsonb_build_object('n', n + $1)) FROM few;
EXPLAIN (COSTS OFF) EXECUTE planned(1);
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE planned(1);
RESET plan_cache_mode;

-- Each asks as who it is, and a function that queries anew sees what it has changed.
CREATE ROLE query_batches_user;
GRANT USAGE ON SCHEMA query_batches TO query_batches_user;
GRANT SELECT ON few TO query_batches_user;
GRANT EXECUTE ON FUNCTION graphql_query TO query_batches_user;
GRANT USAGE ON FOREIGN SERVER query_batches TO query_batches_user;
CREATE USER MAPPING FOR CURRENT_USER SERVER query_batches OPTIONS (bearer_token 'owner');
CREATE USER MAPPING FOR query_batches_user SERVER query_batches OPTIONS (bearer_token 'user');
CREATE FUNCTION header(name text) RETURNS text STABLE SECURITY DEFINER LANGUAGE plpgsql AS $$
BEGIN RETURN graphql_query('query_batches', 'query($name: String!) { requestHeader(name: $name) }', jsonb_build_object('name', name)) ->> 'requestHeader'; END $$;
CREATE FUNCTION headers() RETURNS SETOF text STABLE SECURITY DEFINER LANGUAGE sql AS $$
    SELECT graphql_query('query_batches', 'query($name: String!) { requestHeader(name: $name) }', jsonb_build_object('name', name)) ->> 'requestHeader'
    FROM unnest('{authorization,nothing}'::text[]) name $$;
SET ROLE query_batches_user;
SELECT n, graphql_query('query_batches', 'query($name: String!) { requestHeader(name: $name) }', jsonb_build_object('name', name)) AS mine, header(name) AS owners
FROM (VALUES (1, 'authorization'), (2, 'nothing')) v(n, name);
SELECT * FROM headers();
RESET ROLE;
ALTER SERVER query_batches OPTIONS (ADD session_headers '{"X-Step": "${query_batches.step}"}');
CREATE FUNCTION step(name text) RETURNS text VOLATILE LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('query_batches.step', 'second', false);
    RETURN graphql_query('query_batches', 'query($name: String!) { requestHeader(name: $name) }', jsonb_build_object('name', name)) ->> 'requestHeader';
END $$;
SET query_batches.step = 'first';
SELECT n, graphql_query('query_batches', 'query($name: String!) { requestHeader(name: $name) }', jsonb_build_object('name', name)) ->> 'requestHeader' AS before, step(name) AS after
FROM (VALUES (1, 'x-step')) v(n, name), generate_series(1, 1);
SELECT n, set_config('query_batches.step', 'step ' || n, false) AS said,
    graphql_query('query_batches', 'query($name: String!) { requestHeader(name: $name) }', jsonb_build_object('name', name)) ->> 'requestHeader' AS heard
FROM (VALUES (1, 'x-step'), (2, 'X-Step'), (3, 'X-STEP')) v(n, name);
-- Rows that change a setting are not read ahead of the calls that say it; others are.
SELECT n, said, graphql_query('query_batches', 'query($name: String!) { requestHeader(name: $name) }', jsonb_build_object('name', name)) ->> 'requestHeader' AS heard
FROM (VALUES (1, 'x-step'), (2, 'X-Step'), (3, 'X-STEP')) v(n, name), LATERAL (SELECT set_config('query_batches.step', 'row ' || n, false) AS said OFFSET 0) s;
EXPLAIN (COSTS OFF)
SELECT n, graphql_query('query_batches', 'query($name: String!) { requestHeader(name: $name) }', jsonb_build_object('name', name)) ->> 'requestHeader' AS heard
FROM (VALUES (1, 'x-step'), (2, 'X-Step'), (3, 'X-STEP')) v(n, name), LATERAL (SELECT set_config('query_batches.step', 'row ' || n, false) AS said OFFSET 0) s;
SELECT local.counter($$SELECT gen_random_uuid(), random(), clock_timestamp(), nextval('counted'), graphql_query('query_batches', 'query($id: Int!) { account(id: $id) { plan } }', jsonb_build_object('id', account_id)) FROM few$$, 'Calls Missed') AS missed;

DROP SERVER query_batches, partial, limited, limited_502, nobody CASCADE;
REVOKE ALL ON FUNCTION graphql_query FROM query_batches_user;
DROP SCHEMA query_batches CASCADE;
DROP ROLE query_batches_user;
