-- What graphql_create_relationship() refuses, and what it says.
CREATE SCHEMA relationship_errors;
SET search_path = relationship_errors, public;
\getenv api GRAPHQL_FDW_API
\getenv schemas GRAPHQL_FDW_SCHEMAS
\set refusing :api '/fault/introspection-off?introspection=1'
\set file :schemas '/schema.graphql'
CREATE SERVER rel_errors FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE FOREIGN TABLE account (id int OPTIONS (argument 'id'), plan text, seats int[]) SERVER rel_errors
    OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE FOREIGN TABLE orders (id text, account_id int OPTIONS (argument 'accountId', path 'accountId'), total numeric)
    SERVER rel_errors OPTIONS (field 'ordersByAccount', key 'id');
CREATE FOREIGN TABLE products (sku text, of text[] OPTIONS (argument 'of', path ''), per_page int OPTIONS (argument 'perPage', path ''))
    SERVER rel_errors OPTIONS (field 'productsPagedOf');
CREATE FOREIGN TABLE accounts (id int, region text OPTIONS (argument 'region'), filter jsonb OPTIONS (argument 'filter', path ''))
    SERVER rel_errors OPTIONS (field 'accounts');
CREATE TABLE customer (id int PRIMARY KEY, email text, account_id int, account_key text, price numeric, doc jsonb, ids int[], at timestamptz,
                       uid uuid, dropped int);
ALTER TABLE customer DROP COLUMN dropped;
CREATE VIEW customers AS SELECT * FROM customer;
CREATE SEQUENCE numbers;
CREATE TYPE pair AS (a int, b int);

-- Ends
SELECT graphql_create_relationship(NULL, 'account', 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', NULL, 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'account', NULL, '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'account', 'account', NULL);
SELECT graphql_create_relationship('nobody', 'account', 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'account', 'nothing', '{"id": "account_id"}');
SELECT graphql_create_relationship('numbers', 'account', 'account', '{"id": "last_value"}');
SELECT graphql_create_relationship('customer', 'account', 'customer_pkey', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'account', 'pair', '{"a": "account_id"}');

-- Names
SELECT graphql_create_relationship('customer', '', 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', '1st', 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'the account', 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'größe', 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', repeat('a', 55), 'account', '{"id": "account_id"}');
CREATE FUNCTION customer_taken(customer) RETURNS int LANGUAGE sql RETURN 1;
SELECT graphql_create_relationship('customer', 'taken', 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id"}');
-- The name stays taken when the table is renamed, and not the function.
ALTER TABLE customer RENAME TO client;
SELECT graphql_create_relationship('client', 'account', 'account', '{"id": "account_id"}');
ALTER TABLE client RENAME TO customer;
SELECT graphql_drop_relationship('customer', 'acount');
SELECT graphql_drop_relationship('customer', 'taken');
SELECT graphql_drop_relationship('customers', 'account');
CREATE VIEW dependent AS SELECT c.id, a.plan FROM customer c, customer_account(c) a;
SELECT graphql_drop_relationship('customer', 'account');
DROP VIEW dependent;
SELECT graphql_drop_relationship('customer', 'account');

-- Mappings
SELECT graphql_create_relationship('customer', 'account', 'account', '{}');
SELECT graphql_create_relationship('customer', 'account', 'account', '["id"]');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": 1}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": null}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"di": "account_id"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"nothing": "account_id"}');
SELECT graphql_create_relationship('customer', 'orders', 'orders', '{"accountID": "account_id"}');
SELECT graphql_create_relationship('customer', 'other', 'customers', '{"emial": "email"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "acount_id"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "dropped"}');
SELECT graphql_create_relationship('customer', 'orders', 'orders', '{"account_id": "account_id", "accountId": "id"}');

-- Expressions: one, over a row of the source.
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": ""}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id +"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id, id"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id AS x"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id x"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id FROM customer"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id LIMIT 1"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id WHERE true"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "DISTINCT account_id"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "1; DROP TABLE customer"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "1); DROP TABLE customer; --"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "*"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "customer.*"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "$1"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "(SELECT 1)"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "max(account_id)"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "rank() OVER ()"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "unnest(ids)"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "(random() * 10)::int"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "a.account_id"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "tableoid::int"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "missing(account_id)"}');

-- Types
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_key"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "price"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "doc->''ref''"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "array[uid]"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "at"}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"seats": "email"}');
SELECT graphql_create_relationship('customer', 'product', 'products', '{"of": "email"}');
SELECT graphql_create_relationship('account', 'customer', 'customer', '{"email": "id"}');
SELECT graphql_create_relationship('account', 'customer', 'customer', '{"doc": "seats"}');
-- The text column's argument is an Int.
CREATE FOREIGN TABLE loose (id text OPTIONS (argument 'id'), plan text) SERVER rel_errors OPTIONS (field 'account');
SELECT graphql_create_relationship('customer', 'loose', 'loose', '{"id": "account_key"}');
SELECT graphql_create_relationship('customer', 'loose', 'loose', '{"id": "account_id"}');
-- What its options say is not what the API has.
CREATE FOREIGN TABLE other_type (id int OPTIONS (argument 'id', type 'ID!'), plan text) SERVER rel_errors OPTIONS (field 'account');
CREATE FOREIGN TABLE no_argument (id int OPTIONS (argument 'key'), plan text) SERVER rel_errors OPTIONS (field 'account');
CREATE FOREIGN TABLE no_field (id int OPTIONS (argument 'id'), plan text) SERVER rel_errors OPTIONS (field 'acount');
SELECT graphql_create_relationship('customer', 'account', 'other_type', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'account', 'no_argument', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'account', 'no_field', '{"id": "account_id"}');

-- Arguments
SELECT graphql_create_relationship('customer', 'account', 'account', '{"plan": "email"}');
SELECT graphql_create_relationship('customer', 'product', 'products', '{"sku": "email"}', arguments => '{"perPage": 10}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id"}', arguments => '[]');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id"}', arguments => '{"id": 1}');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id"}', arguments => '{"region": "EU"}');
SELECT graphql_create_relationship('customer', 'accounts', 'accounts', '{}', arguments => '{"region": null}');
SELECT graphql_create_relationship('customer', 'accounts', 'accounts', '{}', arguments => '{"region": {"eq": "$email"}}');
SELECT graphql_create_relationship('customer', 'accounts', 'accounts', '{}', arguments => '{"region": "$mail"}');
SELECT graphql_create_relationship('customer', 'accounts', 'accounts', '{}', arguments => '{"filter": {"region": {"eq": "$mail"}}}');
SELECT graphql_create_relationship('customer', 'accounts', 'accounts', '{}', arguments => '{"id": "one"}');
SELECT graphql_create_relationship('customer', 'accounts', 'accounts', '{}', arguments => '{"id": "$email"}');

-- Cardinalities
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id"}', 'two');
SELECT graphql_create_relationship('customer', 'orders', 'orders', '{"account_id": "account_id"}', 'one');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "ids"}', 'one');
SELECT graphql_create_relationship('account', 'customer', 'customer', '{"account_id": "id"}', 'one');

-- Rights
CREATE ROLE rel_errors_user;
GRANT USAGE ON SCHEMA relationship_errors TO rel_errors_user;
SET ROLE rel_errors_user;
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id"}');
RESET ROLE;
CREATE TABLE mine (account_id int);
ALTER TABLE mine OWNER TO rel_errors_user;
SET ROLE rel_errors_user;
SELECT graphql_create_relationship('mine', 'account', 'account', '{"id": "account_id"}');
RESET ROLE;
GRANT CREATE ON SCHEMA relationship_errors TO rel_errors_user;
SET ROLE rel_errors_user;
SELECT graphql_create_relationship('mine', 'account', 'account', '{"id": "account_id"}');
RESET ROLE;
GRANT SELECT (id, plan) ON account TO rel_errors_user;
SET ROLE rel_errors_user;
SELECT graphql_create_relationship('mine', 'account', 'account', '{"id": "account_id"}');
RESET ROLE;
GRANT SELECT (seats) ON account TO rel_errors_user;
SET ROLE rel_errors_user;
SELECT graphql_create_relationship('mine', 'account', 'account', '{"id": "account_id"}');
RESET ROLE;
SELECT proowner::regrole FROM pg_proc WHERE oid = 'mine_account(mine)'::regprocedure;
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id"}');
SET ROLE rel_errors_user;
SELECT graphql_drop_relationship('customer', 'account');
SELECT graphql_drop_relationship('mine', 'account');
RESET ROLE;
SELECT graphql_drop_relationship('customer', 'account');

-- An API that does not tell its types: what the options say is checked.
ALTER SERVER rel_errors OPTIONS (SET url :'refusing');
SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id"}');
SELECT graphql_create_relationship('customer', 'key', 'account', '{"id": "account_key"}');
ALTER FOREIGN TABLE account ALTER COLUMN id OPTIONS (ADD type 'Int!');
SELECT graphql_create_relationship('customer', 'plans', 'account', '{"plan": "email"}');
-- A file does.
ALTER SERVER rel_errors OPTIONS (ADD schema_file :'file');
SELECT graphql_create_relationship('customer', 'loose', 'loose', '{"id": "account_key"}');
SELECT source, name, target, function, mapping, cardinality, valid FROM graphql_relationships ORDER BY name;

SET client_min_messages = warning;
DROP SERVER rel_errors CASCADE;
DROP SCHEMA relationship_errors CASCADE;
DROP ROLE rel_errors_user;
