-- graphql_query, graphql_execute, graphql_fdw_version.
CREATE SCHEMA functions;
SET search_path = functions, public;
\set VERBOSITY terse
\getenv api GRAPHQL_FDW_API
CREATE SERVER functions FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');

SELECT graphql_fdw_version() ~ '^0\.1\.0 \(libcurl/[0-9.]+ .*\)$' AS version;

SELECT graphql_query('functions', '{ country(code: "CH") { name capital } }');
SELECT graphql_query('functions', 'query($c: ID!) { country(code: $c) { name } }', '{"c": "AT"}');
SELECT graphql_query('functions', 'query A { a: country(code: "CH") { name } } query B { b: country(code: "AT") { name } }', operation => 'B');
SELECT id, graphql_query('functions', 'query($id: Int!) { account(id: $id) { plan } }', jsonb_build_object('id', id)) #>> '{account,plan}' =
       (SELECT plan FROM local.accounts l WHERE l.id = g.id) AS same
FROM generate_series(1, 3) g(id);

-- Planning and EXPLAIN send nothing, constants or not.
CREATE SERVER nobody FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'http://127.0.0.1:1/graphql');
EXPLAIN (COSTS OFF) SELECT * FROM local.accounts WHERE id = (graphql_query('nobody', '{ a }') ->> 'a')::int;
EXPLAIN (COSTS OFF) SELECT graphql_query('nobody', '{ a }');
PREPARE planned AS SELECT * FROM local.accounts WHERE id < (graphql_query('nobody', '{ a }') ->> 'a')::int;
EXPLAIN (COSTS OFF) EXECUTE planned;
SELECT count(*) FROM local.accounts WHERE id = (graphql_query('functions', '{ account(id: 7) { id } }') #>> '{account,id}')::int;

-- What is refused, by parsing.
SELECT graphql_query('functions', 'mutation { touch(id: 1) }');
SELECT graphql_query('functions', E'# query\n"""{"""  mutation M { touch(id: 1) }');
SELECT graphql_query('functions', E'\uFEFF,, mutation { touch(id: 1) }');
SELECT graphql_query('functions', 'query Q { __typename } mutation M { touch(id: 1) }', operation => 'M');
SELECT graphql_query('functions', 'query Q { __typename } mutation M { touch(id: 1) }', operation => 'Q');
SELECT graphql_query('functions', 'query Q { __typename } query R { __typename }');
SELECT graphql_query('functions', 'query Q { __typename }', operation => 'R');
SELECT graphql_query('functions', 'subscription { tick }');
SELECT graphql_query('functions', '');
SELECT graphql_query('functions', '{ country(code: "CH) { name } }');
SELECT graphql_query('functions', '{ country(code: "CH") { name }');
SELECT graphql_query('functions', '{ __typename }', '[1]');
SELECT graphql_query(NULL, '{ __typename }');
SELECT graphql_query('functions', NULL);
SELECT graphql_query('nowhere', '{ __typename }');
CREATE FOREIGN DATA WRAPPER functions_other;
CREATE SERVER functions_other FOREIGN DATA WRAPPER functions_other;
SELECT graphql_query('functions_other', '{ __typename }');
DROP FOREIGN DATA WRAPPER functions_other CASCADE;
SELECT graphql_query('functions', '{ nothing }');
SELECT graphql_query('functions', '{ accountStrict(id: 5000) { id } }');

-- Mutations.
SELECT (graphql_execute('functions', 'mutation { touch(id: 424242) }') ->> 'touch')::int AS first \gset
SELECT (graphql_execute('functions', 'mutation($id: Int!) { touch(id: $id) }', '{"id": 424242}') ->> 'touch')::int - :first AS again;
BEGIN READ ONLY;
SELECT graphql_execute('functions', 'mutation { touch(id: 1) }');
ROLLBACK;
SELECT graphql_execute('functions', 'subscription { tick }');

-- Who may.
CREATE ROLE functions_nobody;
GRANT USAGE ON SCHEMA functions TO functions_nobody;
SET ROLE functions_nobody;
SELECT graphql_query('functions', '{ __typename }');
RESET ROLE;
GRANT EXECUTE ON FUNCTION graphql_query, graphql_execute TO functions_nobody;
SET ROLE functions_nobody;
SELECT graphql_query('functions', '{ __typename }');
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER functions TO functions_nobody;
SET ROLE functions_nobody;
SELECT graphql_query('functions', '{ __typename }');
RESET ROLE;

-- Credentials of the user mapping are sent, of the role or of PUBLIC; without one access is anonymous.
SELECT graphql_query('functions', '{ requestHeader(name: "authorization") }');
CREATE USER MAPPING FOR PUBLIC SERVER functions OPTIONS (bearer_token 'public-token');
SELECT graphql_query('functions', '{ requestHeader(name: "authorization") }');
CREATE USER MAPPING FOR CURRENT_USER SERVER functions OPTIONS (user 'ada', password 'secret', headers '{"X-Tenant": "t1"}');
SELECT graphql_query('functions', '{ a: requestHeader(name: "authorization") b: requestHeader(name: "x-tenant") }');
ALTER USER MAPPING FOR CURRENT_USER SERVER functions OPTIONS (SET password 'changed');
SELECT graphql_query('functions', '{ a: requestHeader(name: "authorization") }');
SET ROLE functions_nobody;
SELECT graphql_query('functions', '{ requestHeader(name: "authorization") }');
RESET ROLE;
-- Scans send the credentials of whoever they run as: of the owner, through a view.
CREATE FOREIGN TABLE sent (name text OPTIONS (argument 'name', type 'String!', path ''), value text OPTIONS (path '.'))
    SERVER functions OPTIONS (field 'requestHeader');
CREATE VIEW sent_by_owner AS SELECT * FROM sent;
CREATE VIEW sent_by_invoker WITH (security_invoker) AS SELECT * FROM sent;
GRANT SELECT ON sent, sent_by_owner, sent_by_invoker TO functions_nobody;
SET ROLE functions_nobody;
SELECT value FROM sent WHERE name = 'authorization';
SELECT value FROM sent_by_owner WHERE name = 'authorization';
SELECT value FROM sent_by_invoker WHERE name = 'authorization';
RESET ROLE;
SELECT value FROM sent WHERE name = 'authorization';

ALTER SERVER functions OPTIONS (ADD headers '{"X-Public": "yes"}');
SELECT graphql_query('functions', '{ a: requestHeader(name: "x-public") b: requestHeader(name: "accept") c: requestHeader(name: "user-agent") }');

DROP SERVER functions, nobody CASCADE;
REVOKE ALL ON FUNCTION graphql_query, graphql_execute FROM functions_nobody;
DROP SCHEMA functions CASCADE;
DROP ROLE functions_nobody;
