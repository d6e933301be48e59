-- EXPLAIN in its formats; the names of properties are stable.
CREATE SCHEMA explain;
SET search_path = explain;
\getenv api GRAPHQL_FDW_API
CREATE SERVER explain FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE USER MAPPING FOR CURRENT_USER SERVER explain OPTIONS (bearer_token 'never-to-be-shown');
CREATE FOREIGN TABLE account (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text
) SERVER explain OPTIONS (field 'account', key 'id',
    lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE TABLE customer AS SELECT n, 1 + n % 20 AS account_id FROM generate_series(1, 100) n;
ANALYZE customer;

-- The properties that are ours, of every node.
CREATE FUNCTION properties(options text, statement text) RETURNS TABLE (node text, property text, value jsonb)
LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
    EXECUTE format('EXPLAIN (%s, COSTS OFF, FORMAT JSON) %s', options, statement) INTO plan;
    RETURN QUERY
    SELECT n ->> 'Node Type', p.key, p.value
    FROM jsonb_path_query(plan, 'strict $.** ? (@.type() == "object" && exists (@."Node Type"))') n, jsonb_each(n) p
    WHERE p.key ~ '^(Remote|Lookup|Batch|Keys|HTTP|Schema Requests|Rows Received|Bytes|Retries|Missing|Not Batched|Custom Plan)';
END $$;
SELECT * FROM properties('VERBOSE', 'SELECT c.n, a.plan FROM customer c LEFT JOIN account a ON a.id = c.account_id');
SELECT * FROM properties('ANALYZE', 'SELECT c.n, a.plan FROM customer c LEFT JOIN account a ON a.id = c.account_id');
SELECT * FROM properties('ANALYZE', 'SELECT plan FROM account WHERE id IN (1, 2, 3, 5000)');
SELECT * FROM properties('VERBOSE', 'SELECT plan FROM account');

-- Without columns to ask for, and with an expression for a key.
EXPLAIN (VERBOSE, COSTS OFF)
SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id + 1 WHERE a.plan = 'team';

-- What is sent as a key or in another argument is a Remote Filter, one condition for each column. Values of rows show in
-- the words of the tables above that they come from, whatever is in between.
EXPLAIN (VERBOSE, COSTS OFF) SELECT plan FROM account WHERE id = 3 AND id IN (3, 4);
CREATE FUNCTION remote_filters(statement text) RETURNS text
RETURN (SELECT value #>> '{}' FROM properties('VERBOSE', statement) WHERE property = 'Remote Filter');
SELECT remote_filters('SELECT c.n, (SELECT count(b.plan) FROM customer d
    JOIN LATERAL (SELECT plan FROM account WHERE id = d.account_id + c.n OFFSET 0) b ON true) FROM customer c');
SELECT remote_filters('SELECT c.n, (SELECT (SELECT plan FROM account a WHERE a.id = c.account_id + max(d.n)) FROM customer d) FROM customer c');
SELECT remote_filters('SELECT plan FROM account WHERE id = (SELECT max(n) FROM customer)');

-- A key that a subquery finds once is one key; one that it finds for every row is not.
SELECT statement, EXISTS (SELECT FROM properties('VERBOSE', statement) WHERE property = 'Not Batched') AS not_batched FROM (VALUES
    ('SELECT plan FROM account WHERE id = (SELECT max(n) FROM customer)'),
    ('SELECT c.n, (SELECT plan FROM account WHERE id = (SELECT max(n) FROM customer) AND c.n > 0) FROM customer c'),
    ('SELECT c.n, (SELECT plan FROM account WHERE id = (SELECT max(d.n) FROM customer d WHERE d.account_id = c.account_id)) FROM customer c')) s (statement);

SET graphql_fdw.enable_lookahead = off;
SELECT remote_filters('SELECT c.n, a.plan FROM customer c LEFT JOIN account a ON a.id = c.account_id');
RESET graphql_fdw.enable_lookahead;

\set VERBOSITY terse
DROP SERVER explain CASCADE;
DROP SCHEMA explain CASCADE;
