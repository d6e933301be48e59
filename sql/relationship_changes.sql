-- Columns come, go and change at both ends of relationships, which follow, or hold on to what they match by.
CREATE SCHEMA relationship_changes;
SET search_path = relationship_changes, public;
\getenv api GRAPHQL_FDW_API
SELECT regexp_replace(:'api', '/graphql.*', '/graphql/drift/') AS drift \gset
CREATE SERVER rel_changes FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE FOREIGN TABLE account (id int OPTIONS (argument 'id', type 'Int!'), plan text, region text) SERVER rel_changes
    OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE TABLE customer (id int PRIMARY KEY, account_id int, doc jsonb, note text, spare int);
INSERT INTO customer SELECT n, 1 + n % 50, jsonb_build_object('ref', 1 + n % 20), 'n' || n, n FROM generate_series(1, 100) n;
ANALYZE customer;
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'ref', 'account', '{"id": "(doc->>''ref'')::int"}');
SELECT graphql_create_relationship('customer', 'same_row', 'customer', '{"id": "id"}');
SELECT graphql_create_relationship('account', 'customers', 'customer', '{"account_id": "id"}');
COMMENT ON FUNCTION customer_ref IS E'Somebody''s words\n@graphql_fdw relationship ref';
GRANT EXECUTE ON FUNCTION customer_account TO pg_monitor;
ALTER FUNCTION account_customers ROWS 7 COST 50;

-- Whether all of them still work, in a plan that was made before, too.
CREATE FUNCTION used() RETURNS TABLE (relationship text, result text) LANGUAGE plpgsql AS $$
DECLARE
    statement text;
BEGIN
    FOR relationship, statement IN VALUES
        ('account', 'SELECT count(a.region) || '' '' || count(to_jsonb(a)) FROM customer c, customer_account(c) a'),
        ('ref', 'SELECT count(a.plan)::text FROM customer c, customer_ref(c) a'),
        ('same_row', 'SELECT count(s)::text FROM customer c, customer_same_row(c) s WHERE s = c'),
        ('customers', 'SELECT string_agg(to_jsonb(c)::text, '' '' ORDER BY c.id) FROM account a, account_customers(a) c WHERE a.id = 7')
    LOOP
        BEGIN
            EXECUTE statement INTO result;
        EXCEPTION WHEN OTHERS THEN
            result := SQLSTATE || ' ' || SQLERRM;
        END;
        RETURN NEXT;
    END LOOP;
END $$;
CREATE VIEW customer_view AS SELECT c.id, a.plan FROM customer c LEFT JOIN LATERAL customer_account(c) a ON true;
PREPARE customers AS SELECT c.id, c.note FROM account a, account_customers(a) c WHERE a.id = 7 ORDER BY 1;
SELECT * FROM used();
EXECUTE customers;

-- Added
ALTER TABLE customer ADD COLUMN plain text;
ALTER TABLE customer ADD COLUMN filled text DEFAULT 'x', ADD COLUMN number int NOT NULL DEFAULT 1;
ALTER FOREIGN TABLE account ADD COLUMN name text;
SELECT * FROM used();
EXECUTE customers;
\sf account_customers
-- Renamed
ALTER TABLE customer RENAME COLUMN note TO remark;
ALTER TABLE customer RENAME COLUMN account_id TO account_number;
ALTER FOREIGN TABLE account RENAME COLUMN id TO number;
ALTER FOREIGN TABLE account ALTER COLUMN number OPTIONS (ADD path 'id');
ALTER FOREIGN TABLE account OPTIONS (SET key 'number', SET lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$number"]}}]');
SELECT name, mapping FROM graphql_relationships ORDER BY source::text, name;
ALTER FOREIGN TABLE account RENAME COLUMN number TO id;
ALTER FOREIGN TABLE account OPTIONS (SET key 'id', SET lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
SELECT * FROM used();
-- Dropped, of another type
ALTER TABLE customer DROP COLUMN plain, DROP COLUMN remark, ALTER COLUMN number TYPE bigint;
ALTER TABLE customer ALTER COLUMN spare TYPE text USING 'was ' || spare;
ALTER FOREIGN TABLE account DROP COLUMN name;
ALTER FOREIGN TABLE account ALTER COLUMN plan TYPE varchar;
SELECT * FROM used();
\sf account_customers
EXECUTE customers;
-- Columns in use elsewhere: PostgreSQL refuses, and nothing has changed.
ALTER FOREIGN TABLE account DROP COLUMN plan;
ALTER TABLE customer DROP COLUMN account_number;
ALTER TABLE customer ALTER COLUMN account_number TYPE bigint;
ALTER TABLE customer DROP COLUMN doc;
ALTER FOREIGN TABLE account DROP COLUMN id;
SELECT * FROM used();
-- An ALTER TABLE that fails half-way.
ALTER TABLE customer DROP COLUMN spare, ADD COLUMN doc text;
ALTER TABLE customer ADD COLUMN wrong int DEFAULT 1 / 0;
SELECT * FROM used();
-- Tables under another name and in another schema
CREATE SCHEMA relationship_changes_2;
ALTER TABLE customer RENAME TO client;
ALTER TABLE client SET SCHEMA relationship_changes_2;
ALTER TABLE relationship_changes_2.client ADD COLUMN late text DEFAULT 'late';
SELECT source, name, function, valid FROM graphql_relationships ORDER BY source::text, name;
SELECT count(*) FROM relationship_changes_2.client c, customer_account(c) a;
ALTER TABLE relationship_changes_2.client SET SCHEMA relationship_changes;
ALTER TABLE client RENAME TO customer;
-- What belongs to the functions has stayed.
SELECT proname, proacl IS NOT NULL AS granted, prorows, procost, obj_description(oid, 'pg_proc') FROM pg_proc
WHERE oid IN (SELECT function FROM graphql_relationships) ORDER BY proname;
SELECT proname, pg_describe_object(refclassid, refobjid, refobjsubid) AS needs FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid AND d.classid = 'pg_proc'::regclass
WHERE p.oid = 'account_customers(account)'::regprocedure GROUP BY 1, 2 ORDER BY 1, 2;

-- Columns of parents are those of partitions and children.
CREATE TABLE parent (id int, label text);
CREATE TABLE child () INHERITS (parent);
INSERT INTO child VALUES (7, 'seven');
SELECT graphql_create_relationship('account', 'children', 'child', '{"id": "id"}');
SELECT graphql_create_relationship('child', 'account', 'account', '{"id": "id"}');
ALTER TABLE parent ADD COLUMN more int DEFAULT 3;
SELECT c FROM account a, account_children(a) c WHERE a.id = 7;
ALTER TABLE parent DROP COLUMN label;
SELECT c, a.id FROM child c, account_children((SELECT x FROM account x WHERE id = 7)) d, child_account(c) a;
-- Attributes of a type are columns of its tables.
CREATE TYPE sort AS (id int, label text, spare int);
CREATE TABLE typed OF sort;
INSERT INTO typed VALUES (7, 'seven');
SELECT graphql_create_relationship('account', 'typed', 'typed', '{"id": "id"}');
SELECT graphql_create_relationship('typed', 'account', 'account', '{"id": "id"}');
ALTER TYPE sort ADD ATTRIBUTE more int CASCADE;
ALTER TYPE sort ALTER ATTRIBUTE label TYPE varchar CASCADE;
ALTER TYPE sort DROP ATTRIBUTE spare CASCADE;
SELECT t, a.id FROM typed t, account_typed((SELECT x FROM account x WHERE id = 7)) u, typed_account(t) a;
-- A domain's constraints are those of columns of it.
CREATE DOMAIN number AS int;
CREATE DOMAIN small AS number;
CREATE TABLE limited (id number, size small);
INSERT INTO limited VALUES (7, 1);
SELECT graphql_create_relationship('limited', 'account', 'account', '{"id": "id::int"}');
ALTER DOMAIN number ADD CHECK (VALUE > 0);
ALTER DOMAIN number ADD CHECK (VALUE < 7);
ALTER DOMAIN small SET NOT NULL;
SELECT a.id FROM limited l, limited_account(l) a;
-- A row as a whole
SELECT graphql_create_relationship('limited', 'by_row', 'account', '{"id": "(to_jsonb(limited) ->> ''id'')::int"}');
ALTER TABLE limited ADD COLUMN late text DEFAULT 'late';
SELECT mapping FROM graphql_relationships WHERE name = 'by_row';
SELECT a.id FROM limited l, limited_by_row(l) a;
-- Both ends are one table.
CREATE TABLE employee (id int PRIMARY KEY, boss int, note text);
INSERT INTO employee VALUES (1, NULL), (2, 1);
SELECT graphql_create_relationship('employee', 'manager', 'employee', '{"id": "boss"}');
ALTER TABLE employee DROP COLUMN note;
ALTER TABLE employee ALTER COLUMN boss TYPE bigint;
ALTER TABLE employee DROP COLUMN boss;
SELECT m FROM employee e, employee_manager(e) m;
-- Views
CREATE VIEW short AS SELECT id, account_number FROM customer;
SELECT graphql_create_relationship('account', 'short', 'short', '{"account_number": "id"}');
CREATE OR REPLACE VIEW short AS SELECT id, account_number, filled FROM customer;
SELECT s FROM account a, account_short(a) s WHERE a.id = 7;
ALTER VIEW short SET (security_barrier = on);
\sf account_short
ALTER VIEW short RESET (security_barrier);
SELECT pg_get_functiondef('account_short(account)'::regprocedure) LIKE '%OFFSET%' AS barrier;
-- Other options of tables are stored where a view says that it is a barrier.
ALTER TABLE customer SET (fillfactor = 90);
SELECT pg_get_functiondef('account_customers(account)'::regprocedure) LIKE '%OFFSET%' AS barrier;

-- Who alters the target needs no rights on the functions, and gets none.
CREATE ROLE rel_changes_ada;
CREATE ROLE rel_changes_bob;
GRANT USAGE, CREATE ON SCHEMA relationship_changes TO rel_changes_ada, rel_changes_bob;
GRANT rel_changes_ada, rel_changes_bob TO CURRENT_USER;
SET ROLE rel_changes_ada;
CREATE TABLE hers (id int, a text);
GRANT SELECT (id, a) ON hers TO rel_changes_bob;
SET ROLE rel_changes_bob;
CREATE TABLE his (id int);
INSERT INTO his VALUES (1);
SELECT graphql_create_relationship('his', 'hers', 'hers', '{"id": "id"}');
ALTER TABLE hers DROP COLUMN a;
SET ROLE rel_changes_ada;
ALTER TABLE hers ADD COLUMN secret text;
INSERT INTO hers VALUES (1, 'a', 'secret');
SET ROLE rel_changes_bob;
-- A column that bob may not read is not shown to him by his own function.
SELECT h.secret FROM his, his_hers(his) h;
SET ROLE rel_changes_ada;
GRANT SELECT ON hers TO rel_changes_bob;
SET ROLE rel_changes_bob;
SELECT h FROM his, his_hers(his) h;
RESET ROLE;
SELECT proowner::regrole FROM pg_proc WHERE proname = 'his_hers';

-- Functions that only look like relationships are left alone.
CREATE FUNCTION alike(account) RETURNS SETOF customer LANGUAGE sql STABLE AS 'SELECT * FROM customer';
COMMENT ON FUNCTION alike IS '@graphql_fdw relationship alike';
CREATE FUNCTION alike_2(account) RETURNS SETOF short LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT c.id, c.account_number, c.filled FROM customer c JOIN parent p USING (id); END;
COMMENT ON FUNCTION alike_2 IS '@graphql_fdw relationship alike_2';
CREATE FUNCTION alike_3(int) RETURNS SETOF short LANGUAGE sql STABLE AS 'SELECT * FROM short';
COMMENT ON FUNCTION alike_3 IS '@graphql_fdw relationship alike_3';
CREATE TABLE sorted (id int, name text);
INSERT INTO sorted VALUES (1, 'b'), (2, 'a');
CREATE FUNCTION alike_4(sorted) RETURNS SETOF sorted LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT s.id, upper(s.name) FROM sorted s WHERE s.id > 0 ORDER BY s.name LIMIT 1; END;
COMMENT ON FUNCTION alike_4 IS '@graphql_fdw relationship alike_4';
CREATE FUNCTION alike_5(sorted) RETURNS SETOF sorted LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT s.id, s.name FROM sorted s WHERE s = $1; END;
COMMENT ON FUNCTION alike_5 IS '@graphql_fdw relationship alike_5';
ALTER TABLE customer ADD COLUMN last int;
ALTER TABLE sorted ALTER COLUMN id SET DEFAULT 0, ADD COLUMN last int;
ALTER TABLE sorted DROP COLUMN last;
SELECT alike_4.* FROM sorted, alike_4(sorted) WHERE sorted.id = 1;
SELECT name, mapping, valid, problem FROM graphql_relationships WHERE name LIKE 'alike%' ORDER BY name;
DROP FUNCTION alike, alike_2, alike_3, alike_4, alike_5;

-- What graphql_check() says.
CREATE SERVER rel_drift FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
\set url :drift none
ALTER SERVER rel_drift OPTIONS (SET url :'url');
CREATE FOREIGN TABLE in_region (id int, region text OPTIONS (argument 'region')) SERVER rel_drift OPTIONS (field 'accounts', key 'id');
SELECT graphql_create_relationship('customer', 'others', 'in_region', '{"id": "account_number"}');
SELECT graphql_create_relationship('customer', 'in_region', 'in_region', '{"region": "spare"}');
SELECT object, severity, message, fix FROM graphql_check('rel_drift');
\set url :drift argument-required
ALTER SERVER rel_drift OPTIONS (SET url :'url');
SELECT object, severity, message, fix FROM graphql_check('rel_drift');
ALTER FUNCTION customer_in_region STRICT;
ALTER FUNCTION customer_in_region SET work_mem = '1MB';
SELECT object, severity, message, fix FROM graphql_check('rel_drift') WHERE object LIKE '%in\_region';
SELECT fix FROM graphql_check('rel_drift') WHERE object LIKE '%.in\_region' \gexec
SELECT count(*) FROM graphql_check('rel_drift') WHERE object LIKE '%.in\_region';
-- A change that happened while the event triggers were off.
ALTER EVENT TRIGGER graphql_fdw_after_columns_change DISABLE;
ALTER FOREIGN TABLE in_region ADD COLUMN plan text;
ALTER EVENT TRIGGER graphql_fdw_after_columns_change ENABLE;
SELECT name, valid, problem FROM graphql_relationships WHERE target = 'in_region'::regclass ORDER BY name;
SELECT object, severity, message, replace(fix, quote_ident(current_user), '...') AS fix FROM graphql_check('rel_drift') WHERE object LIKE '%.in\_region';
\set ECHO none
SELECT fix FROM graphql_check('rel_drift') WHERE object LIKE '%.in\_region' \gexec
\set ECHO all
SELECT name, mapping, cardinality, valid, problem FROM graphql_relationships WHERE target = 'in_region'::regclass ORDER BY name;
-- One that happened while only the second of them was off
ALTER EVENT TRIGGER graphql_fdw_after_columns_change DISABLE;
ALTER TABLE limited ADD COLUMN later text DEFAULT 'later';
ALTER EVENT TRIGGER graphql_fdw_after_columns_change ENABLE;
SELECT name, valid, problem FROM graphql_relationships WHERE source = 'limited'::regclass ORDER BY name;
SELECT object, severity, message, replace(fix, quote_ident(current_user), '...') AS fix FROM graphql_check('rel_changes') WHERE object LIKE '%.by\_row';
\set ECHO none
SELECT fix FROM graphql_check('rel_changes') WHERE object LIKE '%.by\_row' \gexec
\set ECHO all
SELECT name, valid FROM graphql_relationships WHERE source = 'limited'::regclass ORDER BY name;

-- Dropped altogether
DROP FOREIGN TABLE account;
ALTER TABLE customer DROP COLUMN account_number CASCADE;
SELECT name FROM graphql_relationships ORDER BY source::text, name;
SET client_min_messages = warning;
DROP SERVER rel_changes CASCADE;
DROP SERVER rel_drift CASCADE;
DROP SCHEMA relationship_changes, relationship_changes_2 CASCADE;
DROP ROLE rel_changes_ada, rel_changes_bob;
