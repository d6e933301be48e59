-- Who may do what, and whose credentials are sent.
CREATE SCHEMA roles;
SET search_path = roles, public;
\set VERBOSITY terse
\getenv api GRAPHQL_FDW_API
CREATE ROLE roles_nobody;
CREATE ROLE roles_ada;
CREATE ROLE roles_bob;
GRANT USAGE, CREATE ON SCHEMA roles TO roles_ada, roles_bob, roles_nobody;

-- Only a superuser can create the extension: CREATE on the database would do if it was trusted.
DROP EXTENSION graphql_fdw;
GRANT CREATE ON DATABASE :"DBNAME" TO roles_nobody;
SET ROLE roles_nobody;
CREATE EXTENSION graphql_fdw SCHEMA roles;
RESET ROLE;
REVOKE CREATE ON DATABASE :"DBNAME" FROM roles_nobody;
CREATE EXTENSION graphql_fdw SCHEMA public;
-- What the extension gives to whom.
SELECT has_foreign_data_wrapper_privilege('roles_nobody', 'graphql_fdw', 'USAGE');
SELECT oid::regprocedure AS function, has_function_privilege('roles_nobody', oid, 'EXECUTE') AS public, prosecdef, provolatile, proparallel
FROM pg_proc WHERE oid IN (SELECT objid FROM pg_depend WHERE refobjid = (SELECT oid FROM pg_extension WHERE extname = 'graphql_fdw') AND deptype = 'e'
                           AND classid = 'pg_proc'::regclass)
ORDER BY proname;
-- It can live in any schema, and what a user puts before pg_catalog changes nothing.
CREATE SERVER roles FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE FOREIGN TABLE account (id int OPTIONS (argument 'id', type 'Int!'), plan text) SERVER roles
    OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE SCHEMA roles_other;
ALTER EXTENSION graphql_fdw SET SCHEMA roles_other;
SELECT roles_other.graphql_query('roles', '{ __typename }');
CREATE FUNCTION roles_other.never(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR roles_other.= (LEFTARG = int, RIGHTARG = int, FUNCTION = roles_other.never);
CREATE DOMAIN roles_other.jsonb AS text;
BEGIN;
SET LOCAL search_path = roles_other, pg_catalog, roles;
SELECT count(*) FROM generate_series(1, 3) k JOIN account a ON a.id OPERATOR(pg_catalog.=) k;
SELECT graphql_query('roles', '{ __typename }');
ROLLBACK;
ALTER EXTENSION graphql_fdw SET SCHEMA public;
DROP SCHEMA roles_other CASCADE;

-- A right for each step: the wrapper, the server, the table, the function.
SET ROLE roles_nobody;
CREATE SERVER own FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'http://127.0.0.1:1/');
CREATE FOREIGN TABLE own (id int) SERVER roles OPTIONS (field 'accounts');
CREATE USER MAPPING FOR CURRENT_USER SERVER roles OPTIONS (bearer_token 'mine');
ALTER SERVER roles OPTIONS (SET url 'http://127.0.0.1:1/');
SELECT plan FROM account WHERE id = 1;
SELECT graphql_query('roles', '{ __typename }');
SELECT graphql_execute('roles', 'mutation { touch(id: 1) }');
RESET ROLE;
GRANT EXECUTE ON FUNCTION graphql_query, graphql_execute TO roles_nobody, roles_ada, roles_bob;
SET ROLE roles_nobody;
SELECT graphql_query('roles', '{ __typename }');
SELECT graphql_execute('roles', 'mutation { touch(id: 1) }');
RESET ROLE;
-- Reading a table needs SELECT on it and nothing else, on its columns too.
GRANT SELECT (id) ON account TO roles_nobody;
SET ROLE roles_nobody;
SELECT id FROM account WHERE id = 1;
SELECT plan FROM account WHERE id = 1;
SELECT id FROM account WHERE id = 1 AND plan <> '';
SELECT account FROM account WHERE id = 1;
RESET ROLE;
-- USAGE on a server: tables of one's own, and one's own mapping, but nobody else's.
GRANT USAGE ON FOREIGN SERVER roles TO roles_ada;
SET ROLE roles_ada;
CREATE FOREIGN TABLE own (id int, plan text) SERVER roles OPTIONS (field 'accounts');
SELECT count(*) FROM own;
CREATE USER MAPPING FOR roles_ada SERVER roles OPTIONS (bearer_token 'ada');
CREATE USER MAPPING FOR roles_bob SERVER roles OPTIONS (bearer_token 'stolen');
CREATE USER MAPPING FOR PUBLIC SERVER roles OPTIONS (bearer_token 'for all');
GRANT USAGE ON FOREIGN SERVER roles TO roles_bob;
DROP FOREIGN TABLE own;
RESET ROLE;
-- USAGE on the wrapper: servers of one's own, which are nobody else's either.
GRANT USAGE ON FOREIGN DATA WRAPPER graphql_fdw TO roles_bob;
SET ROLE roles_bob;
CREATE SERVER roles_of_bob FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'https://127.0.0.1:1/graphql');
CREATE USER MAPPING FOR roles_nobody SERVER roles_of_bob;
SELECT graphql_query('roles', '{ __typename }');
SET ROLE roles_ada;
SELECT graphql_query('roles_of_bob', '{ __typename }');
CREATE FOREIGN TABLE own (id int) SERVER roles_of_bob OPTIONS (field 'accounts');
ALTER SERVER roles_of_bob OPTIONS (SET url 'http://127.0.0.1:1/');
RESET ROLE;
DROP SERVER roles_of_bob CASCADE;
REVOKE USAGE ON FOREIGN DATA WRAPPER graphql_fdw FROM roles_bob;

-- Whose credentials: the API says what it was sent.
GRANT USAGE ON FOREIGN SERVER roles TO roles_bob, roles_nobody;
CREATE USER MAPPING FOR roles_bob SERVER roles OPTIONS (bearer_token 'bob');
CREATE FOREIGN TABLE header (name text OPTIONS (argument 'name', type 'String!', path ''), value text OPTIONS (path '.'))
    SERVER roles OPTIONS (field 'requestHeader');
CREATE TABLE wanted AS SELECT 'authorization' AS name;
ANALYZE wanted;
GRANT SELECT ON header, wanted TO roles_ada, roles_bob, roles_nobody;
SET ROLE roles_ada;
CREATE VIEW of_owner AS SELECT value FROM header WHERE name = 'authorization';
CREATE VIEW of_invoker WITH (security_invoker) AS SELECT value FROM header WHERE name = 'authorization';
CREATE VIEW of_join AS SELECT h.value FROM wanted w JOIN header h ON h.name = w.name;
CREATE VIEW of_subquery AS SELECT (SELECT h.value FROM header h WHERE h.name = w.name) AS value FROM wanted w;
CREATE VIEW of_condition AS SELECT w.name AS value FROM wanted w
    WHERE EXISTS (SELECT FROM header h WHERE h.name = w.name AND h.value = 'Bearer ada');
CREATE VIEW of_barrier WITH (security_barrier) AS SELECT value FROM header WHERE name = 'authorization';
CREATE VIEW of_invoker_in_owner AS SELECT value FROM of_invoker;
CREATE VIEW of_function AS SELECT graphql_query('roles', '{ requestHeader(name: "authorization") }') ->> 'requestHeader' AS value;
CREATE MATERIALIZED VIEW stored AS SELECT value FROM header WHERE name = 'authorization';
CREATE FUNCTION as_definer() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$SELECT value FROM header WHERE name = 'authorization'$$;
CREATE FUNCTION as_invoker() RETURNS text LANGUAGE sql AS $$SELECT value FROM header WHERE name = 'authorization'$$;
CREATE FUNCTION query_as_definer() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    RETURN graphql_query('roles', '{ requestHeader(name: "authorization") }') ->> 'requestHeader';
END $$;
CREATE FUNCTION cursor_of_definer(name refcursor) RETURNS refcursor LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    OPEN name FOR SELECT value FROM header WHERE header.name = 'authorization';
    RETURN name;
END $$;
CREATE TABLE noticed (value text);
CREATE TABLE written (n int);
CREATE RULE notice AS ON INSERT TO written DO ALSO INSERT INTO noticed SELECT value FROM header WHERE name = 'authorization';
GRANT SELECT ON of_owner, of_invoker, of_join, of_subquery, of_condition, of_barrier, of_invoker_in_owner, of_function TO roles_bob, roles_nobody;
GRANT INSERT ON written TO roles_bob;
RESET ROLE;
-- A partition that is the API's, below a table of Ada's.
CREATE TABLE partitioned (name text, value text) PARTITION BY LIST (name);
CREATE FOREIGN TABLE partition PARTITION OF partitioned FOR VALUES IN ('authorization') SERVER roles OPTIONS (field 'requestHeader');
ALTER FOREIGN TABLE partition ALTER name OPTIONS (argument 'name', type 'String!', path ''), ALTER value OPTIONS (path '.');
ALTER TABLE partitioned OWNER TO roles_ada;
GRANT SELECT ON partitioned TO roles_bob, roles_nobody;
CREATE VIEW of_partition AS SELECT value FROM partitioned WHERE name = 'authorization';
ALTER VIEW of_partition OWNER TO roles_ada;
GRANT SELECT ON of_partition TO roles_bob, roles_nobody;

CREATE TABLE way (name text, statement text);
INSERT INTO way VALUES
('01 the table', 'SELECT value FROM header WHERE name = ''authorization'''),
('02 a list', 'SELECT value FROM header WHERE name = ANY (ARRAY[''authorization'', ''x-none'']) AND value IS NOT NULL'),
('03 a join', 'SELECT h.value FROM wanted w JOIN header h ON h.name = w.name'),
('04 a subquery', 'SELECT (SELECT h.value FROM header h WHERE h.name = w.name) FROM wanted w'),
('05 a partition', 'SELECT value FROM partitioned WHERE name = ''authorization'''),
('06 SQL function', 'SELECT as_invoker()'),
('07 graphql_query', 'SELECT graphql_query(''roles'', ''{ requestHeader(name: "authorization") }'') ->> ''requestHeader'''),
('11 view', 'SELECT value FROM of_owner'),
('12 view, security_invoker', 'SELECT value FROM of_invoker'),
('13 view of a join', 'SELECT value FROM of_join'),
('14 view of a subquery', 'SELECT value FROM of_subquery'),
('15 view of a condition', 'SELECT value FROM of_condition'),
('16 view, security_barrier', 'SELECT value FROM of_barrier'),
('17 view of a view that is security_invoker', 'SELECT value FROM of_invoker_in_owner'),
('18 view of a partition', 'SELECT value FROM of_partition'),
('19 view of graphql_query', 'SELECT value FROM of_function'),
('21 SECURITY DEFINER', 'SELECT as_definer()'),
('22 SECURITY DEFINER, graphql_query', 'SELECT query_as_definer()');
GRANT SELECT ON way TO roles_ada, roles_bob, roles_nobody;
CREATE FUNCTION run(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE statement INTO result;
    RETURN coalesce(result, 'nothing');
END $$;
CREATE TABLE seen (who name DEFAULT current_user, name text, result text);
GRANT ALL ON seen TO roles_ada, roles_bob, roles_nobody;
SET ROLE roles_ada;
INSERT INTO seen SELECT current_user, name, run(statement) FROM way;
SET ROLE roles_bob;
INSERT INTO seen SELECT current_user, name, run(statement) FROM way;
SET ROLE roles_nobody;
INSERT INTO seen SELECT current_user, name, run(statement) FROM way;
RESET ROLE;
SELECT substr(name, 4) AS way, max(result) FILTER (WHERE who = 'roles_ada') AS ada, max(result) FILTER (WHERE who = 'roles_bob') AS bob,
       max(result) FILTER (WHERE who = 'roles_nobody') AS nobody
FROM seen GROUP BY name ORDER BY name;

-- Rules run as the owner of the table they are on, and so does a materialized view's refresh.
SET ROLE roles_bob;
INSERT INTO written VALUES (1);
RESET ROLE;
REFRESH MATERIALIZED VIEW stored;
SELECT (SELECT value FROM noticed) AS rule, (SELECT value FROM stored) AS refreshed;

-- A prepared statement is run as whoever executes it, whoever prepared it, and however it was planned.
SET ROLE roles_nobody;
PREPARE direct(text) AS SELECT value FROM header WHERE name = $1;
PREPARE joined AS SELECT h.value FROM wanted w JOIN header h ON h.name = w.name;
PREPARE viewed AS SELECT value FROM of_join;
PREPARE called AS SELECT graphql_query('roles', '{ requestHeader(name: "authorization") }') ->> 'requestHeader' AS value;
EXECUTE direct('authorization');
SET plan_cache_mode = force_generic_plan;
EXECUTE direct('authorization');
EXECUTE joined;
EXECUTE viewed;
EXECUTE called;
SET ROLE roles_bob;
EXECUTE direct('authorization');
EXECUTE joined;
EXECUTE viewed;
EXECUTE called;
SET ROLE roles_ada;
EXECUTE direct('authorization');
EXECUTE joined;
SET ROLE roles_nobody;
EXECUTE direct('authorization');
EXECUTE joined;
RESET plan_cache_mode;
-- Rights are those of whoever executes it, too.
RESET ROLE;
REVOKE SELECT ON header FROM roles_bob;
REVOKE EXECUTE ON FUNCTION graphql_query FROM roles_bob;
SET ROLE roles_bob;
EXECUTE direct('authorization');
EXECUTE called;
EXECUTE viewed;
RESET ROLE;
GRANT SELECT ON header TO roles_bob;
GRANT EXECUTE ON FUNCTION graphql_query TO roles_bob;
REVOKE USAGE ON FOREIGN SERVER roles FROM roles_bob;
SET ROLE roles_bob;
EXECUTE called;
-- A mapping outlives the USAGE it was made with, as in postgres_fdw: tables keep their credentials.
EXECUTE direct('authorization');
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER roles TO roles_bob;

-- A cursor is run as whoever opened it.
BEGIN;
SET LOCAL ROLE roles_ada;
DECLARE scan CURSOR FOR SELECT value FROM header WHERE name = 'authorization';
DECLARE look_up CURSOR FOR SELECT h.value FROM wanted w JOIN header h ON h.name = w.name;
SET LOCAL ROLE roles_bob;
FETCH scan;
FETCH look_up;
SELECT cursor_of_definer('definer');
FETCH definer;
ROLLBACK;

-- SET SESSION AUTHORIZATION, and roles that one is a member of: a mapping is not inherited.
SET SESSION AUTHORIZATION roles_bob;
SELECT value FROM header WHERE name = 'authorization';
RESET SESSION AUTHORIZATION;
GRANT roles_ada TO roles_nobody;
SET SESSION AUTHORIZATION roles_nobody;
SELECT value FROM header WHERE name = 'authorization';
SET ROLE roles_ada;
SELECT value FROM header WHERE name = 'authorization';
RESET SESSION AUTHORIZATION;
-- PUBLIC's mapping is for those who have none of their own.
CREATE USER MAPPING FOR PUBLIC SERVER roles OPTIONS (bearer_token 'for all');
SET ROLE roles_nobody;
SELECT value FROM header WHERE name = 'authorization';
SET ROLE roles_bob;
SELECT value FROM header WHERE name = 'authorization';
-- What others may see of mappings: nothing but that they are there.
SELECT usename, umoptions FROM pg_user_mappings WHERE srvname = 'roles' ORDER BY usename;
SELECT umoptions FROM pg_user_mapping;
SET ROLE roles_nobody;
SELECT usename, umoptions FROM pg_user_mappings WHERE srvname = 'roles' ORDER BY usename;
RESET ROLE;
DROP USER MAPPING FOR PUBLIC SERVER roles;

-- The README's roles: columns, rows, presets, fixed documents.
CREATE ROLE roles_support;
GRANT USAGE ON SCHEMA roles TO roles_support;
CREATE TABLE customer (name text, account_id int, manager name);
INSERT INTO customer VALUES ('Acme', 1, 'roles_support'), ('Bolt', 2, 'roles_ada'), ('Cube', 3, 'roles_support');
ANALYZE customer;
ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON customer USING (manager = current_user);
GRANT SELECT ON customer TO roles_support;
REVOKE ALL ON account FROM roles_nobody;
GRANT SELECT (id, plan) ON account TO roles_support;
CREATE FOREIGN TABLE orders (
    account_id int     OPTIONS (path 'accountId', argument 'accountId', type 'Int!'),
    id         text,
    total      numeric
) SERVER roles OPTIONS (field 'ordersByAccount');
CREATE VIEW my_orders WITH (security_barrier) AS
    SELECT o.id, o.total, o.account_id FROM orders o
    WHERE o.account_id IN (SELECT c.account_id FROM customer c WHERE c.manager = current_user);
GRANT SELECT ON my_orders TO roles_support;
CREATE FOREIGN TABLE accounts_of_region (
    id int, plan text,
    region text OPTIONS (argument 'region', type 'String', path '')
) SERVER roles OPTIONS (field 'accounts');
CREATE VIEW eu_account WITH (security_barrier) AS SELECT id, plan FROM accounts_of_region WHERE region = 'EU';
GRANT SELECT ON eu_account TO roles_support;
CREATE FUNCTION plan_of(account int) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    RETURN graphql_query('roles', 'query($id: Int!) { account(id: $id) { plan } }', jsonb_build_object('id', account)) #>> '{account,plan}';
REVOKE EXECUTE ON FUNCTION plan_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION plan_of TO roles_support;

SET ROLE roles_support;
SELECT c.name, a.plan FROM customer c LEFT JOIN account a ON a.id = c.account_id ORDER BY name;
SELECT DISTINCT account_id FROM my_orders ORDER BY 1;
SELECT count(*) FROM my_orders WHERE account_id = 2;
SELECT count(*) AS eu FROM eu_account \gset
SELECT plan_of(1) = (SELECT plan FROM account WHERE id = 1) AS plan_of;
SELECT * FROM orders;
SELECT region FROM accounts_of_region;
SELECT graphql_query('roles', '{ accounts { balance } }');
EXPLAIN (COSTS OFF) SELECT * FROM my_orders;
EXPLAIN (COSTS OFF) SELECT * FROM eu_account;
RESET ROLE;
SELECT count(*) = :eu AS same FROM local.accounts WHERE region = 'EU';

-- The README's list of who can make the server send requests.
SELECT s.srvname AS server, s.srvowner::regrole = current_user::regrole AS mine, r.rolname AS role,
       has_function_privilege(r.oid, 'graphql_query(name, text, jsonb, text)', 'EXECUTE') AS queries,
       has_function_privilege(r.oid, 'graphql_execute(name, text, jsonb, text)', 'EXECUTE') AS mutations
FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
CROSS JOIN pg_roles r
WHERE w.fdwname = 'graphql_fdw' AND NOT r.rolsuper AND has_server_privilege(r.oid, s.oid, 'USAGE') ORDER BY rolname;

-- Mutations: what was carried out cannot be prepared for a commit that may never come.
BEGIN;
SELECT graphql_execute('roles', 'mutation { touch(id: 31) }') IS NOT NULL AS done;
PREPARE TRANSACTION 'roles';
BEGIN;
SAVEPOINT s;
SELECT graphql_execute('roles', 'mutation { touch(id: 31) }') IS NOT NULL AS done;
ROLLBACK TO s;
PREPARE TRANSACTION 'roles';
BEGIN;
SELECT graphql_execute('roles', 'mutation { touch(id: 31) }') IS NOT NULL AS done;
COMMIT;
-- Reads do not count, nor does what the transaction before did.
SELECT current_setting('max_prepared_transactions')::int > 0 AS can_prepare \gset
\if :can_prepare
BEGIN;
SELECT graphql_execute('roles', '{ __typename }') IS NOT NULL AND graphql_query('roles', '{ __typename }') IS NOT NULL AS done \gset
PREPARE TRANSACTION 'roles';
ROLLBACK PREPARED 'roles';
\endif
BEGIN READ ONLY;
SELECT graphql_execute('roles', 'mutation { touch(id: 31) }');
ROLLBACK;
BEGIN READ ONLY;
SELECT graphql_query('roles', 'mutation { touch(id: 31) }');
ROLLBACK;
BEGIN READ ONLY;
SELECT graphql_query('roles', '{ __typename }');
COMMIT;

DROP SERVER roles CASCADE;
REVOKE ALL ON FUNCTION graphql_query, graphql_execute FROM roles_nobody, roles_ada, roles_bob;
DROP SCHEMA roles CASCADE;
DROP ROLE roles_nobody, roles_ada, roles_bob, roles_support;
