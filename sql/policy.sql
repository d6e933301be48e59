-- What the server's configuration and the owner of a foreign server decide, whatever its options say.
CREATE SCHEMA policy;
SET search_path = policy, public;
\getenv api GRAPHQL_FDW_API
\getenv tls GRAPHQL_FDW_TLS
\getenv ca GRAPHQL_FDW_CA

-- Runs a statement and says how it ended, with the hint. Ports differ from run to run.
CREATE FUNCTION outcome(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text := '';
    detail text;
    hint text;
BEGIN
    IF statement ~* '^select' THEN
        EXECUTE statement INTO result;
    ELSE
        EXECUTE statement;
    END IF;
    RETURN concat_ws(E'\n', 'ok ' || result);
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(E'\n', SQLSTATE || ' ' || SQLERRM, nullif(regexp_replace(detail, ', attempt .*', ''), ''), nullif(hint, ''));
END $$;
CREATE FUNCTION without_port(text) RETURNS text LANGUAGE sql AS $$ SELECT regexp_replace($1, ':\d{4,5}', ':PORT', 'g') $$;

-- The settings
CREATE SERVER policy FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
SELECT name, setting, unit, context, min_val, max_val FROM pg_settings WHERE name ~ '^graphql_fdw\.' AND context = 'sighup' ORDER BY name;
SELECT s, outcome(format('SET graphql_fdw.%s', s)), outcome(format('ALTER ROLE CURRENT_USER SET graphql_fdw.%s', s))
FROM unnest('{allowed_hosts = '''',allowed_networks = ''10.0.0.0/8'',allow_http = on,secrets_directory = ''/'',max_concurrency = 8}'::text[]) s;
ALTER SYSTEM SET graphql_fdw.allowed_hosts = '*';
ALTER SYSTEM SET graphql_fdw.allowed_hosts = 'api.example.com', 'https://api.example.com';
ALTER SYSTEM SET graphql_fdw.allowed_hosts = '::1';
ALTER SYSTEM SET graphql_fdw.allowed_hosts = 'api.example.com:https';
ALTER SYSTEM SET graphql_fdw.allowed_hosts = '127.1';
ALTER SYSTEM SET graphql_fdw.allowed_networks = 'localhost';
ALTER SYSTEM SET graphql_fdw.allowed_networks = '10.0.0.0/33';
ALTER SYSTEM SET graphql_fdw.allowed_networks = '10.0.0.0/8, 10.0.0.1/8';
ALTER SYSTEM SET graphql_fdw.secrets_directory = 'secrets';
\set VERBOSITY sqlstate
ALTER SYSTEM SET graphql_fdw.max_concurrency = 65;
ALTER SYSTEM SET graphql_fdw.max_request_timeout = 0;
ALTER SYSTEM SET graphql_fdw.max_response_bytes = '2GB';
\set VERBOSITY default

-- Options of superusers
CREATE ROLE regress_policy_owner;
GRANT USAGE ON FOREIGN DATA WRAPPER graphql_fdw TO regress_policy_owner;
GRANT USAGE ON SCHEMA policy TO regress_policy_owner;
GRANT EXECUTE ON FUNCTION graphql_query TO regress_policy_owner;
CREATE TABLE reserved (option text, value text);
INSERT INTO reserved VALUES ('ca_file', :'ca'), ('client_cert', '/etc/ssl/client.pem'), ('client_key', '/etc/ssl/client.key'),
    ('tls_verify', 'off'), ('tls_verify', 'on'), ('proxy', 'http://127.0.0.1:3128');
GRANT SELECT ON reserved TO regress_policy_owner;
SET ROLE regress_policy_owner;
CREATE SERVER policy_ordinary FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
SELECT option, outcome(format('CREATE SERVER policy_other FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url ''https://api.example.com/'', %s %L)', option, value)),
       outcome(format('ALTER SERVER policy_ordinary OPTIONS (ADD %s %L)', option, value))
FROM reserved;
SHOW graphql_fdw.allowed_hosts;
\set VERBOSITY sqlstate
SHOW graphql_fdw.secrets_directory;
\set VERBOSITY default
RESET ROLE;

-- Loopback is for servers of superusers.
SELECT outcome('SELECT graphql_query(''policy'', ''{ account(id: 1) { id } }'')');
SELECT without_port(outcome('SELECT graphql_query(''policy_ordinary'', ''{ account(id: 1) { id } }'')'));
CREATE FOREIGN TABLE account (id int OPTIONS (argument 'id', type 'Int!')) SERVER policy_ordinary OPTIONS (field 'account', key 'id');
EXPLAIN (COSTS OFF) SELECT * FROM account WHERE id = 1;
SELECT without_port(outcome('SELECT id FROM policy.account WHERE id = 1'));
ALTER SERVER policy_ordinary OWNER TO CURRENT_USER;
SELECT outcome('SELECT id FROM policy.account WHERE id = 1');
ALTER SERVER policy_ordinary OWNER TO regress_policy_owner;
SELECT left(outcome('SELECT id FROM policy.account WHERE id = 1'), 5);
-- Without TLS not even those lead anywhere else.
SELECT without_port(outcome('ALTER SERVER policy OPTIONS (SET url ''http://10.0.0.1:4000/'')')), outcome('SELECT graphql_query(''policy'', ''{ ok }'')');

-- An option that was allowed once is looked at again, and dropping it is for every owner.
ALTER SERVER policy OPTIONS (SET url :'tls', ADD ca_file :'ca');
SELECT outcome('SELECT graphql_query(''policy'', ''{ account(id: 1) { id } }'')');
ALTER SERVER policy OWNER TO regress_policy_owner;
SELECT outcome('SELECT graphql_query(''policy'', ''{ account(id: 1) { id } }'')');
SET ROLE regress_policy_owner;
SELECT outcome('ALTER SERVER policy OPTIONS (SET url ''https://api.example.com/'')');
ALTER SERVER policy OPTIONS (SET url 'https://api.example.com/', DROP ca_file);
RESET ROLE;
ALTER ROLE regress_policy_owner SUPERUSER;
ALTER SERVER policy OPTIONS (SET url :'tls', ADD ca_file :'ca');
SELECT outcome('SELECT graphql_query(''policy'', ''{ account(id: 1) { id } }'')');
ALTER ROLE regress_policy_owner NOSUPERUSER;
SELECT outcome('SELECT graphql_query(''policy'', ''{ account(id: 1) { id } }'')');

-- Certificate and key go together.
SELECT outcome('ALTER SERVER policy_ordinary OPTIONS (ADD client_cert ''/etc/ssl/client.pem'')'),
       outcome('ALTER SERVER policy_ordinary OPTIONS (ADD client_cert ''/etc/ssl/client.pem'', ADD client_key ''/etc/ssl/client.key'')'),
       outcome('ALTER SERVER policy_ordinary OPTIONS (DROP client_cert)');

DROP SERVER policy, policy_ordinary CASCADE;
DROP SCHEMA policy CASCADE;
DROP OWNED BY regress_policy_owner;
DROP ROLE regress_policy_owner;
