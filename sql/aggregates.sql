-- Numbers of rows that the API tells: one request, no row.
CREATE SCHEMA aggregates;
SET search_path = aggregates;
\getenv api GRAPHQL_FDW_API
CREATE SERVER aggregates FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');

CREATE FOREIGN TABLE account (id int NOT NULL, plan text) SERVER aggregates OPTIONS (
    field 'accountsRelay.nodes', key 'id', pagination '{"style": "relay", "size": "first", "cursor": "after"}',
    lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]', count 'accountsRelay.totalCount');
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM account;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT count(*) FROM account;
-- Alone, in expressions, several of them, of what is never NULL.
SELECT count(*) FROM account;
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) / 2.0 AS half, count(id), count(1), count(*) > 999 AS many FROM account;
SELECT count(*) / 2.0 AS half, count(id), count(1), count(*) > 999 AS many FROM account;
SELECT 'accounts: ' || count(*) FROM account LIMIT 1;
SELECT n, (SELECT count(*) FROM account) FROM generate_series(1, 3) n;
SELECT (SELECT count(*) FROM account) - (SELECT count(*) FROM local.accounts) AS difference;
CREATE VIEW accounts AS SELECT count(*) AS accounts FROM account;
SELECT * FROM accounts;
PREPARE counted AS SELECT count(*) FROM account;
EXECUTE counted;
ALTER FOREIGN TABLE account OPTIONS (DROP count);
EXPLAIN (COSTS OFF) EXECUTE counted;
ALTER FOREIGN TABLE account OPTIONS (ADD count 'accountsRelay.totalCount');
EXPLAIN (COSTS OFF) EXECUTE counted;

-- What needs rows, or could be another number, is counted here.
SELECT statement, NOT local.by_api(statement) AS counts_here FROM (VALUES
    ('SELECT count(*) FROM account'),
    ('SELECT count(*) FROM account WHERE plan = ''team'''),
    ('SELECT count(*) FROM account WHERE id = 5'),
    ('SELECT count(*) FROM account WHERE id IN (1, 2)'),
    ('SELECT count(plan) FROM account'),
    ('SELECT count(DISTINCT id) FROM account'),
    ('SELECT count(*) FILTER (WHERE plan = ''team'') FROM account'),
    ('SELECT count(*), max(id) FROM account'),
    ('SELECT plan, count(*) FROM account GROUP BY plan'),
    ('SELECT count(*) FROM account HAVING count(*) > 1'),
    ('SELECT count(*) FROM account GROUP BY GROUPING SETS ((), ())'),
    ('SELECT count(*) FROM account WHERE current_setting(''application_name'') <> '''''),
    ('SELECT count(*) FROM account a, account b'),
    ('SELECT count(*) FROM (SELECT * FROM account LIMIT 10) a'),
    ('SELECT count(*) OVER () FROM account'),
    ('SELECT 1 FROM account HAVING true')) s (statement);
SELECT count(*) FROM account WHERE plan = 'team' HAVING count(*) > 1;
-- Rows of children count as well, also when there are none any more.
CREATE FOREIGN TABLE family (id int) SERVER aggregates OPTIONS (field 'accountsRelay.nodes', count 'accountsRelay.totalCount',
    pagination '{"style": "relay", "size": "first", "cursor": "after"}');
CREATE TABLE family_here () INHERITS (family);
INSERT INTO family_here VALUES (1), (2);
SELECT count(*) FROM family;
SELECT count(*) FROM ONLY family;
DROP TABLE family_here;
SELECT count(*) FROM family;
-- Nothing to ask.
SELECT count(*) FROM account WHERE false;
SELECT count(*) FROM account WHERE id IS NULL AND id = 1;
\c
SET search_path = aggregates;
SELECT count(*) FROM account WHERE false;

-- Arguments are the API's alone: it counts with them. A condition that is checked again on rows is not.
CREATE FOREIGN TABLE wrapped (id int, region text, wanted int OPTIONS (argument 'filter.id.eq', type 'Int', path '')) SERVER aggregates OPTIONS (
    field 'accountsConnection.nodes', count 'accountsConnection.totalCount');
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM wrapped WHERE wanted = 5;
SELECT count(*) FROM wrapped WHERE wanted = 5;
SELECT count(*) FROM wrapped WHERE wanted = 5000;
SELECT count(*) FROM wrapped WHERE wanted = NULL::int;
PREPARE wanted(int) AS SELECT count(*) FROM wrapped WHERE wanted = $1;
SET plan_cache_mode = force_generic_plan;
EXECUTE wanted(7);
EXECUTE wanted(NULL);
RESET plan_cache_mode;
SELECT statement, NOT local.by_api(statement) AS counts_here FROM (VALUES
    ('SELECT count(*) FROM wrapped WHERE wanted = 5'),
    ('SELECT count(*) FROM wrapped WHERE wanted = 5 AND id > 1'),
    ('SELECT count(*) FROM wrapped WHERE wanted IN (1, 2)'),
    ('SELECT count(*) FROM wrapped WHERE wanted IS NULL'),
    ('SELECT n, (SELECT count(*) FROM wrapped WHERE wanted = n) FROM generate_series(1, 2) n')) s (statement);
SELECT n, (SELECT count(*) FROM wrapped WHERE wanted = n) FROM generate_series(1, 2) n;
-- So are constant arguments, where what counts takes them.
ALTER FOREIGN TABLE wrapped OPTIONS (ADD arguments '{"filter": {"region": {"eq": "EU"}}}');
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM wrapped;
SELECT (SELECT count(*) FROM wrapped) - (SELECT count(*) FROM local.accounts WHERE region = 'EU') AS difference;
ALTER FOREIGN TABLE wrapped OPTIONS (SET field 'accounts');
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM wrapped;

-- Conditions that the API's filter says exactly are counted by it.
CREATE FOREIGN TABLE filtered (id int NOT NULL, plan text, region text) SERVER aggregates OPTIONS (
    field 'accountsRelay.nodes', key 'id', pagination '{"style": "relay", "size": "first", "cursor": "after"}',
    count 'accountsRelay.totalCount', filter '{"style": "nested", "argument": "filter", "type": "AccountFilter",
        "operators": {"=": "eq", "in": "in", ">": "gt"}, "columns": {"id": "= in >", "plan": "= in"}}');
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM filtered WHERE id > 500 AND id IN (1, 600, 2000);
SELECT count(*) FROM filtered WHERE id > 500 AND id IN (1, 600, 2000);
SELECT (SELECT count(*) FROM filtered WHERE id > 500) - (SELECT count(*) FROM local.accounts WHERE id > 500) AS difference;
EXPLAIN (COSTS OFF) SELECT n, (SELECT count(*) FROM filtered WHERE id > n) FROM (VALUES (0), (990), (NULL)) v (n);
SELECT n, (SELECT count(*) FROM filtered WHERE id > n) FROM (VALUES (0), (990), (NULL)) v (n);
-- Texts that are equal there may not be equal here.
SELECT statement, NOT local.by_api(statement) AS counts_here FROM (VALUES
    ('SELECT count(*) FROM filtered WHERE id > 5'),
    ('SELECT count(*) FROM filtered WHERE id IN (1, 2, 2000)'),
    ('SELECT count(*) FROM filtered WHERE id > 5 AND plan = ''team'''),
    ('SELECT count(*) FROM filtered WHERE id > 5 AND region = ''EU''')) s (statement);
-- What stands beside the field does not know its filter.
ALTER FOREIGN TABLE filtered OPTIONS (SET count 'accountsConnection.totalCount');
EXPLAIN (COSTS OFF) SELECT count(*) FROM filtered WHERE id > 500;
SELECT count(*) FROM filtered;

-- What tells no number is an error; nothing but the truth will do.
CREATE FOREIGN TABLE misled (id int) SERVER aggregates OPTIONS (field 'accountsRelay.nodes', count 'accountsRelay.pageInfo.hasNextPage');
SELECT count(*) FROM misled;
ALTER FOREIGN TABLE misled OPTIONS (SET count 'accountsRelay.nodes.balance');
SELECT count(*) FROM misled;
ALTER FOREIGN TABLE misled OPTIONS (SET count 'accountsRelay.nodes');
\set VERBOSITY terse
SELECT count(*) FROM misled;
\set VERBOSITY default

-- Import writes what counts, where it counts exactly.
CREATE SCHEMA imported;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (accounts_relay, accounts_connection, products_paged) FROM SERVER aggregates INTO imported;
SELECT ftrelid::regclass, option FROM pg_foreign_table, unnest(ftoptions) option WHERE ftserver = (SELECT oid FROM pg_foreign_server
    WHERE srvname = 'aggregates') AND option LIKE 'count=%' AND ftrelid::regclass::text LIKE 'imported%' ORDER BY 1;
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM imported.products_paged;
SELECT (SELECT count(*) FROM imported.products_paged) - (SELECT count(*) FROM local.products) AS difference;

-- Without any right to the table there is no number either.
CREATE ROLE counter;
GRANT USAGE ON SCHEMA aggregates TO counter;
SET ROLE counter;
SELECT count(*) FROM account;
RESET ROLE;
GRANT SELECT (plan) ON account TO counter;
SET ROLE counter;
SELECT count(*) FROM account;
SELECT count(id) FROM account;
RESET ROLE;
DROP OWNED BY counter;
DROP ROLE counter;
DROP SERVER aggregates CASCADE;
