-- Tables made before the API changed: what queries say, what graphql_check() says, and that its repairs
-- leave a view and a function on top working.
CREATE SCHEMA drift;
SET search_path = drift, public;
SET client_min_messages = warning;
\getenv api GRAPHQL_FDW_API
SELECT regexp_replace(:'api', '/graphql.*', '/graphql/drift/') AS base \gset
CREATE SERVER drift FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE TABLE customer AS SELECT n, 1 + n % 50 AS account_id FROM generate_series(0, 99) n;
ANALYZE customer;

-- SQLSTATE, message and hint.
CREATE FUNCTION outcome(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
    EXECUTE 'CREATE TEMP TABLE result ON COMMIT DROP AS ' || statement;
    DROP TABLE result;
    RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(hint, ''));
END $$;

-- Tables as they are imported before the change, with a view and a function on top; then the change.
CREATE PROCEDURE change(base text, name text) LANGUAGE plpgsql AS $$
BEGIN
    DROP FOREIGN TABLE IF EXISTS account, accounts, country, zoos_in CASCADE;
    DROP TYPE IF EXISTS habitat CASCADE;
    EXECUTE format('ALTER SERVER drift OPTIONS (SET url %L)', base || 'none');
    IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account, accounts, country, zoos_in) FROM SERVER drift INTO drift
        OPTIONS (import_max_depth '0', import_enums 'true');
    CREATE VIEW customer_view AS SELECT c.n, a.plan, a.active FROM customer c LEFT JOIN account a ON a.id = c.account_id;
    CREATE VIEW region_view AS SELECT id, plan FROM accounts WHERE region = 'eu-west';
    CREATE VIEW habitat_view AS SELECT id, habitat FROM zoos_in WHERE habitat IN ('AIR', 'LAND');
    CREATE VIEW country_view AS SELECT code, name FROM country;
    CREATE FUNCTION customer_account(customer) RETURNS SETOF account ROWS 1 LANGUAGE sql STABLE
        BEGIN ATOMIC SELECT a.* FROM account a WHERE a.id = ($1).account_id; END;
    EXECUTE format('ALTER SERVER drift OPTIONS (SET url %L)', base || name);
END $$;

-- What becomes of them, before and after.
CREATE TABLE probe (part text, statement text, local text);
INSERT INTO probe VALUES
('view', 'SELECT * FROM customer_view',
         'SELECT c.n, %1$s, %2$s FROM customer c JOIN local.accounts a ON a.id = c.account_id'),
('function', 'SELECT c.n, a.plan, a.active FROM customer c LEFT JOIN LATERAL customer_account(c) a ON true',
         'SELECT c.n, %1$s, %2$s FROM customer c JOIN local.accounts a ON a.id = c.account_id'),
('region', 'SELECT * FROM region_view', 'SELECT id, %1$s FROM local.accounts a WHERE region = ''eu-west'''),
('habitat', 'SELECT id, habitat::text FROM habitat_view', 'SELECT 1, ''LAND''');

CREATE FUNCTION outcomes() RETURNS TABLE (part text, outcome text) LANGUAGE sql AS
    'SELECT part, outcome(statement) FROM probe ORDER BY part';
-- Rows that differ from the local copies, in which `plan` and `active` read what is given.
CREATE FUNCTION differences(plan text DEFAULT 'a.plan', active text DEFAULT 'a.active')
    RETURNS TABLE (part text, differences bigint) LANGUAGE sql AS
    'SELECT part, local.difference(statement, format(local, plan, active)) FROM probe ORDER BY part';

CALL change(:'base', 'none');
SELECT * FROM graphql_check('drift');
SELECT * FROM differences();

CALL change(:'base', 'field-removed');
SELECT * FROM outcomes();
SELECT object, severity, message, fix FROM graphql_check('drift');
SELECT fix FROM graphql_check('drift') \gexec
SELECT * FROM graphql_check('drift');
SELECT * FROM differences(plan => 'NULL::text');

CALL change(:'base', 'field-renamed');
SELECT * FROM outcomes();
SELECT object, severity, message, fix FROM graphql_check('drift');
SELECT fix FROM graphql_check('drift') \gexec
SELECT * FROM graphql_check('drift');
SELECT * FROM differences();

-- An argument's type and a field's.
CALL change(:'base', 'type-changed');
SELECT * FROM outcomes();
SELECT object, severity, message, fix FROM graphql_check('drift');
SELECT fix FROM graphql_check('drift') \gexec
SELECT * FROM graphql_check('drift');
SELECT * FROM differences(active => 'NULL::boolean');

CALL change(:'base', 'argument-required');
SELECT * FROM outcomes();
SELECT outcome('SELECT id FROM accounts');
SELECT object, severity, message, fix FROM graphql_check('drift');
SELECT fix FROM graphql_check('drift') \gexec
SELECT * FROM graphql_check('drift');
SELECT * FROM differences();
SELECT outcome('SELECT id FROM accounts');

CALL change(:'base', 'argument-removed');
SELECT * FROM outcomes();
SELECT object, severity, message, fix FROM graphql_check('drift');
SELECT fix FROM graphql_check('drift') \gexec
SELECT * FROM differences();

CALL change(:'base', 'value-removed');
SELECT * FROM outcomes();
SELECT object, severity, message, fix FROM graphql_check('drift');
SELECT fix FROM graphql_check('drift') \gexec
SELECT * FROM graphql_check('drift');
SELECT * FROM differences();

CALL change(:'base', 'value-added');
SELECT object, severity, message, fix FROM graphql_check('drift');
SELECT fix FROM graphql_check('drift') \gexec
SELECT * FROM graphql_check('drift');
SELECT enum_range(NULL::habitat);

CALL change(:'base', 'look-up-removed');
SELECT * FROM outcomes();
SELECT object, severity, message, fix FROM graphql_check('drift');
SELECT fix FROM graphql_check('drift') \gexec
SELECT * FROM graphql_check('drift');
SELECT * FROM differences();

CALL change(:'base', 'null-allowed');
SELECT object, severity, message, fix FROM graphql_check('drift');
SELECT fix FROM graphql_check('drift') \gexec
SELECT * FROM graphql_check('drift');

CALL change(:'base', 'deprecated');
SELECT object, severity, message, fix FROM graphql_check('drift');

CALL change(:'base', 'object-now');
SELECT object, severity, message, fix FROM graphql_check('drift');

-- With nothing on top a column takes the new type.
CALL change(:'base', 'type-changed');
DROP VIEW customer_view;
DROP FUNCTION customer_account;
SELECT fix FROM graphql_check('drift') WHERE object = 'column drift.account.active' \gexec
SELECT local.difference('SELECT id, active FROM account WHERE id IN (1, 2, 3)',
                        'SELECT id, active::int FROM local.accounts WHERE id IN (1, 2, 3)');

-- A table that makes no sense is a row, and keeps no other from being checked.
CALL change(:'base', 'field-removed');
CREATE FOREIGN TABLE a_key (id int) SERVER drift OPTIONS (field 'accounts', key 'nothing');
CREATE FOREIGN TABLE a_lookup (id int) SERVER drift OPTIONS (field 'accounts',
    lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$nothing"]}}]');
SELECT object, severity, message, fix FROM graphql_check('drift');
DROP FOREIGN TABLE a_key, a_lookup;

-- Nobody gets another's type changed by whoever runs the repairs.
CALL change(:'base', 'value-added');
CREATE ROLE drift_stranger;
GRANT USAGE, CREATE ON SCHEMA drift TO drift_stranger;
ALTER FOREIGN TABLE zoos_in OWNER TO drift_stranger;
SELECT object, severity, message, fix FROM graphql_check('drift');
ALTER TYPE habitat OWNER TO drift_stranger;
SELECT object, fix FROM graphql_check('drift');
DROP OWNED BY drift_stranger CASCADE;
DROP ROLE drift_stranger;

-- An API that is down is one row; without a name every server that the user may use is checked.
CREATE SERVER drift_down FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'http://127.0.0.1:1/', max_retries '0');
CREATE FOREIGN TABLE down (id int) SERVER drift_down OPTIONS (field 'accounts');
SELECT server, object, severity, left(message, 40) AS message, fix FROM graphql_check('drift_down');
CREATE ROLE drift_user;
GRANT USAGE ON SCHEMA drift TO drift_user;
GRANT USAGE ON FOREIGN SERVER drift_down TO drift_user;
SET ROLE drift_user;
SELECT * FROM graphql_check();
RESET ROLE;
GRANT EXECUTE ON FUNCTION graphql_check TO drift_user;
SET ROLE drift_user;
SELECT server, object FROM graphql_check();
SELECT * FROM graphql_check('drift');
RESET ROLE;
SELECT * FROM graphql_check('nowhere');

DROP OWNED BY drift_user;
DROP ROLE drift_user;
DROP SERVER drift, drift_down CASCADE;
DROP SCHEMA drift CASCADE;
