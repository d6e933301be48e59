-- What goes wrong at the API is an error with the right SQLSTATE, never an empty result.
CREATE SCHEMA errors;
SET search_path = errors;
\getenv api GRAPHQL_FDW_API
\getenv raw GRAPHQL_FDW_RAW
CREATE SERVER errors FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE FOREIGN TABLE account (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text
) SERVER errors OPTIONS (field 'account', key 'id',
    lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE FOREIGN TABLE account_alias (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text
) SERVER errors OPTIONS (field 'account', key 'id', batch_mode 'alias');
CREATE FOREIGN TABLE accounts (id int, plan text) SERVER errors OPTIONS (field 'accounts');
CREATE FOREIGN TABLE strict (id int OPTIONS (argument 'id', type 'Int!'), plan text) SERVER errors OPTIONS (field 'accountStrict', key 'id');

-- Runs a statement against a URL and says how it ended. Ports differ from run to run.
CREATE FUNCTION outcome(url text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('ALTER SERVER errors OPTIONS (SET url %L)', url);
    EXECUTE statement INTO result;
    RETURN 'ok ' || coalesce(result, 'NULL');
EXCEPTION WHEN OTHERS THEN
    -- What follows in connection errors is libcurl's own text.
    RETURN SQLSTATE || ' ' || regexp_replace(CASE
        WHEN SQLSTATE LIKE '08%' AND SQLERRM NOT LIKE '%GraphQL response%'
        THEN regexp_replace(SQLERRM, '("errors"): .*', '\1') ELSE SQLERRM END, ':\d{4,5}', ':PORT', 'g');
END $$;
CREATE TABLE keys AS SELECT generate_series(1, 50) AS id;
ANALYZE keys;
CREATE TABLE statement (name text, text text);
INSERT INTO statement VALUES
('scan', 'SELECT count(plan) FROM accounts'),
('list', 'SELECT count(*) FROM keys k JOIN account a ON a.id = k.id WHERE a.plan IS NOT NULL'),
('alias', 'SELECT count(*) FROM keys k JOIN account_alias a ON a.id = k.id WHERE a.plan IS NOT NULL');

SELECT fault, name, outcome(:'api' || '/fault/' || fault, text)
FROM unnest('{status-401,status-403,status-404,status-429,status-500,status-500-html,status-502-html,status-400,status-413,redirect,
html-200,truncated,cut-off,empty-200,not-json,json-garbage,errors-200,errors-only,null-nonnull,errors-partial,wrong-type,duplicate-json-key,
wrong-encoding,gzip,bom,missing,duplicate,reordered,strangers}'::text[]) WITH ORDINALITY f(fault, n),
statement ORDER BY n, name DESC;

-- Integers are exact up to the last one of bigint, and never cut.
CREATE FOREIGN TABLE referrer (id bigint OPTIONS (path 'referrerId')) SERVER errors OPTIONS (field 'accounts');
SELECT value, outcome(:'api' || '/fault/bigint?value=' || value, 'SELECT max(id) FROM referrer')
FROM unnest('{9223372036854775807,9223372036854775808,-9223372036854775808,-9223372036854775809,123456789012345678901234567890}'::text[]) value;

-- Broken HTTP.
SELECT path, outcome(:'raw' || '/' || path, 'SELECT count(*) FROM accounts')
FROM unnest('{garbage,status-line-only,short-body,closes,rst,bad-chunk,long-header,negative-length,endless}'::text[]) path;
SELECT outcome('http://127.0.0.1:1/graphql', 'SELECT count(*) FROM accounts');
SELECT outcome('http://does-not-exist.invalid/graphql', 'SELECT count(*) FROM accounts');

-- Only so much.
ALTER SERVER errors OPTIONS (ADD max_response_bytes '100kB');
SELECT outcome(:'api' || '/fault/huge?mb=2', 'SELECT count(*) FROM accounts');
SELECT outcome(:'api' || '/fault/gzip-bomb?mb=50', 'SELECT count(*) FROM accounts');
ALTER SERVER errors OPTIONS (DROP max_response_bytes);
ALTER SERVER errors OPTIONS (ADD request_timeout '300ms');
SELECT outcome(:'api' || '/fault/never', 'SELECT count(*) FROM accounts');
ALTER SERVER errors OPTIONS (DROP request_timeout);

-- Retries of reads.
SELECT outcome(:'api' || '/fault/status-503?times=2', 'SELECT count(*) FROM accounts');
SELECT outcome(:'api' || '/fault/status-429?times=1&retryAfter=0', 'SELECT count(*) FROM accounts');

\set VERBOSITY terse
-- on_error: a failed field, a failed look-up, and where "absent" would be a lie.
\set partial :api '/fault/errors-partial'
ALTER SERVER errors OPTIONS (SET url :'partial', ADD on_error 'null');
SELECT count(*), count(plan) FROM accounts;
SELECT count(*), count(a.id), count(plan) FROM keys k JOIN account a ON a.id = k.id;
ALTER SERVER errors OPTIONS (SET on_error 'warn');
SELECT count(*), count(plan) FROM accounts;
ALTER SERVER errors OPTIONS (SET url :'api', SET on_error 'null');
SELECT * FROM strict WHERE id = 2000;
SELECT k, a.* FROM unnest('{1,2000}'::int[]) k LEFT JOIN strict a ON a.id = k WHERE k = 1;
ALTER SERVER errors OPTIONS (SET on_error 'error');
SELECT * FROM strict WHERE id = 2000;

-- A look-up that failed is kept as a row of NULLs, but not where it would count as "no row" or as "no rows".
CREATE FOREIGN TABLE node (
    id int OPTIONS (argument 'accountsConnection(filter.id.eq)', type 'Int!'),
    plan text
) SERVER errors OPTIONS (field 'accountsConnection.nodes', key 'id', batch_mode 'alias');
CREATE FOREIGN TABLE node_many (
    id int OPTIONS (argument 'accountsConnection(filter.id.eq)', type 'Int!'),
    plan text
) SERVER errors OPTIONS (field 'accountsConnection.nodes', batch_mode 'alias');
\set nodes :api '/fault/errors-partial?field=nodes'
ALTER SERVER errors OPTIONS (SET url :'nodes', SET on_error 'null');
SELECT k.id, n.id AS found, n.plan IS NULL AS unknown FROM keys k LEFT JOIN node n ON n.id = k.id WHERE k.id < 4 ORDER BY 1;
SELECT id, plan FROM node WHERE id = 1;
SELECT id, plan IS NULL AS unknown FROM node WHERE id IN (1, 2) ORDER BY id;
SELECT count(*) FROM keys k WHERE k.id < 4 AND EXISTS (SELECT FROM node_many n WHERE n.id = k.id AND n.plan <> '');
SELECT count(*) FROM keys k WHERE k.id < 4 AND NOT EXISTS (SELECT FROM node n WHERE n.id = k.id);
SELECT count(*) FROM keys k WHERE k.id < 4 AND EXISTS (SELECT FROM node n WHERE n.id = k.id AND n.plan <> '');
SELECT count(*) FROM keys k WHERE k.id < 4 AND NOT (EXISTS (SELECT FROM node n WHERE n.id = k.id AND n.plan <> '') OR k.id = 100);
SELECT count(*) FROM keys k WHERE k.id < 4 AND k.id NOT IN (SELECT n.id FROM node n WHERE n.id IN (1, 2, 3) AND n.plan <> '');
SELECT count(*) FROM keys k LEFT JOIN node n ON n.id = k.id WHERE k.id < 4 AND n.id IS NULL;
SELECT k.id, (SELECT n.plan IS NULL FROM node n WHERE n.id = k.id) AS unknown FROM keys k WHERE k.id < 4 ORDER BY 1;
SELECT count(*) FROM keys k LEFT JOIN node_many n ON n.id = k.id WHERE k.id < 4;
SELECT count(*) FROM node_many WHERE id = 1;

-- Rows that a request was not asked for are not those of another.
CREATE FOREIGN TABLE account_by_ten (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text
) SERVER errors OPTIONS (field 'account', key 'id', key_batch_size '10',
    lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
\set strangers :api '/fault/strangers?shift=10'
ALTER SERVER errors OPTIONS (SET url :'strangers', SET on_error 'error');
SELECT count(*), count(*) FILTER (WHERE a.plan = l.plan) AS right
FROM keys k JOIN account_by_ten a ON a.id = k.id JOIN local.accounts l ON l.id = k.id;
ALTER SERVER errors OPTIONS (SET url :'api');

-- What the API says about a document it refuses.
CREATE FOREIGN TABLE typo (id int, plam text) SERVER errors OPTIONS (field 'accounts');
SELECT * FROM typo;
CREATE FOREIGN TABLE wrong_argument (id int OPTIONS (argument 'ident', type 'Int!')) SERVER errors OPTIONS (field 'account');
SELECT * FROM wrong_argument WHERE id = 1;

DROP SERVER errors CASCADE;
DROP SCHEMA errors CASCADE;
