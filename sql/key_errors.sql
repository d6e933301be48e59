-- One failing key of 1,000: an error that names it, or under warn and null a row of NULLs, but never "no row".
CREATE SCHEMA key_errors;
SET search_path = key_errors;
\getenv api GRAPHQL_FDW_API
\set url :api '/fault/key-fails?id=442'
CREATE SERVER key_errors FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'url', on_error 'error');
CREATE FOREIGN TABLE by_list (id int OPTIONS (argument 'id', type 'Int!'), plan text) SERVER key_errors OPTIONS (field 'account', key 'id',
    lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE FOREIGN TABLE by_alias (id int OPTIONS (argument 'id', type 'Int!'), plan text) SERVER key_errors OPTIONS (field 'account', key 'id',
    batch_mode 'alias');
CREATE FOREIGN TABLE orders (account_id int OPTIONS (argument 'filter.accountId.eq', type 'Int', path 'accountId'), total numeric) SERVER key_errors
    OPTIONS (field 'orders', lookups '[{"field": "orders", "arguments": {"filter": {"accountId": {"in": ["$account_id"]}}}}]');
CREATE TABLE keys AS SELECT generate_series(1, 1000) AS id;
ANALYZE keys;

-- What a statement came to: its result, or its error with its detail up to what differs from run to run.
CREATE FUNCTION outcome(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
    detail text;
BEGIN
    EXECUTE statement INTO result;
    RETURN 'ok ' || coalesce(result, 'NULL');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' / ', SQLSTATE || ' ' || SQLERRM, substring(detail FROM '^The key is [^.]*\.'));
END $$;

CREATE TABLE shape (n serial, name text, text text);
INSERT INTO shape (name, text) VALUES
('INNER', 'SELECT (count(*), count(a.plan)) FROM keys k JOIN %s a ON a.id = k.id'),
('LEFT', 'SELECT (count(*), count(a.plan)) FROM keys k LEFT JOIN %s a ON a.id = k.id'),
('EXISTS', 'SELECT count(*) FROM keys k WHERE EXISTS (SELECT FROM %s a WHERE a.id = k.id AND a.plan <> '''')'),
('NOT EXISTS', 'SELECT count(*) FROM keys k WHERE NOT EXISTS (SELECT FROM %s a WHERE a.id = k.id)'),
('count(*)', 'SELECT count(*) FROM %s a WHERE a.id = ANY (ARRAY(SELECT id FROM keys))'),
('not demanded', 'SELECT sum(id) FROM (SELECT a.id FROM (SELECT id FROM keys ORDER BY id) k JOIN %s a ON a.id = k.id LIMIT 441) l');

\set VERBOSITY terse
SET client_min_messages = error;
SELECT s.name, m.name AS "table", outcome(format(s.text, m.name)) FROM shape s, unnest('{by_list,by_alias}'::text[]) m(name) ORDER BY n, 2 DESC;
ALTER SERVER key_errors OPTIONS (SET on_error 'warn');
SELECT s.name, m.name AS "table", outcome(format(s.text, m.name)) FROM shape s, unnest('{by_list,by_alias}'::text[]) m(name) ORDER BY n, 2 DESC;
ALTER SERVER key_errors OPTIONS (SET on_error 'null');
SELECT s.name, m.name AS "table", outcome(format(s.text, m.name)) FROM shape s, unnest('{by_list,by_alias}'::text[]) m(name) ORDER BY n, 2 DESC;
SELECT k.id, a.id AS found, a.plan IS NULL AS unknown FROM keys k LEFT JOIN by_list a ON a.id = k.id WHERE k.id BETWEEN 440 AND 444 ORDER BY 1;
-- Several rows to a key.
SELECT outcome('SELECT count(*) FROM keys k JOIN orders o ON o.account_id = k.id');
SELECT outcome('SELECT count(*) FROM keys k LEFT JOIN orders o ON o.account_id = k.id WHERE k.id <= 400')
    = outcome('SELECT count(*) FROM keys k LEFT JOIN local.orders o ON o.account_id = k.id WHERE k.id <= 400') AS same;

-- One warning for it.
SET client_min_messages = warning;
ALTER SERVER key_errors OPTIONS (SET on_error 'warn');
SELECT count(*), count(a.plan) FROM keys k JOIN by_list a ON a.id = k.id;
SELECT count(*), count(a.plan) FROM keys k JOIN by_alias a ON a.id = k.id;

-- Where nothing is left of the others' data.
\set url :api '/fault/key-fails?id=442&lost'
ALTER SERVER key_errors OPTIONS (SET url :'url', SET on_error 'null');
SELECT s.name, m.name AS "table", outcome(format(s.text, m.name)) FROM shape s, unnest('{by_list,by_alias}'::text[]) m(name) WHERE n < 4 ORDER BY n, 2 DESC;

DROP SERVER key_errors CASCADE;
DROP SCHEMA key_errors CASCADE;
