-- Which options does each object take, and what is said about those it does not take?

\set VERBOSITY terse
SET client_min_messages = warning;

-- What CREATE or ALTER says: "ok", or the SQLSTATE, the message and the hint.
CREATE FUNCTION outcome(statement text) RETURNS text LANGUAGE plpgsql AS
$$
DECLARE
    hint text;
BEGIN
    EXECUTE statement;
    RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(hint, ''));
END
$$;

-- The same for one option of a server, a user mapping, a table or a column. What was accepted is
-- undone, so that every option is looked at alone.
CREATE FUNCTION try_option(object text, option text, value text) RETURNS text LANGUAGE plpgsql AS
$$
DECLARE
    target text := CASE object
        WHEN 'server' THEN 'SERVER options_server'
        WHEN 'mapping' THEN 'USER MAPPING FOR CURRENT_USER SERVER options_server'
        WHEN 'table' THEN 'FOREIGN TABLE options_table'
        WHEN 'column' THEN 'FOREIGN TABLE options_table ALTER COLUMN id'
        WHEN 'wrapper' THEN 'FOREIGN DATA WRAPPER graphql_fdw'
    END;
    result text := outcome(format('ALTER %s OPTIONS (ADD %I %L)', target, option, value));
BEGIN
    IF result = 'ok' THEN
        EXECUTE format('ALTER %s OPTIONS (DROP %I)', target, option);
    END IF;
    RETURN result;
END
$$;

-- Required options
SELECT outcome('CREATE SERVER options_server FOREIGN DATA WRAPPER graphql_fdw');
CREATE SERVER options_server FOREIGN DATA WRAPPER graphql_fdw
    OPTIONS (url 'http://127.0.0.1:4000/graphql');
SELECT outcome('ALTER SERVER options_server OPTIONS (DROP url)');
SELECT outcome('CREATE FOREIGN TABLE options_table (id int4) SERVER options_server');
CREATE FOREIGN TABLE options_table (id int4) SERVER options_server OPTIONS (field 'account');
CREATE USER MAPPING FOR CURRENT_USER SERVER options_server;

-- Values that can be used
SELECT o.object, o.option, v.value, try_option(o.object, o.option, v.value)
FROM (VALUES
    ('server', 'headers', ARRAY['{}', '{"X-Tenant": "a"}']),
    ('server', 'session_headers', ARRAY['{}', '{"Authorization": "Bearer ${app.jwt!}", "X-User": "${request.jwt.claims->sub}"}']),
    ('server', 'connect_timeout', ARRAY['1', '250ms', '5s', '1d']),
    ('server', 'request_timeout', ARRAY['1500', '1min']),
    ('server', 'key_batch_size', ARRAY['1', '100000']),
    ('server', 'batch_mode', ARRAY['auto', 'list', 'nodes', 'entities', 'filter', 'alias', 'array', 'single']),
    ('server', 'concurrency', ARRAY['1', '64']),
    ('server', 'max_response_bytes', ARRAY['1', '64MB', '1GB']),
    ('server', 'max_retries', ARRAY['0', '10']),
    ('server', 'http_version', ARRAY['auto', '1.1', '2']),
    ('server', 'compression', ARRAY['on', 'off', 'true', 'false']),
    ('server', 'on_error', ARRAY['error', 'warn', 'null']),
    ('server', 'ca_file', ARRAY['/etc/ssl/ca.pem']),
    ('server', 'tls_verify', ARRAY['on', 'off']),
    ('server', 'proxy', ARRAY['http://proxy.example.com:3128', 'http://[::1]:3128/']),
    ('server', 'schema_file', ARRAY['/srv/schema.graphql']),
    ('server', 'fdw_startup_cost', ARRAY['0', '1e3']),
    ('server', 'fdw_tuple_cost', ARRAY['0.01']),
    ('server', 'keep_connections', ARRAY['on', 'off']),
    ('mapping', 'bearer_token', ARRAY['abc']),
    ('mapping', 'user', ARRAY['api']),
    ('mapping', 'headers', ARRAY['{"X-Api-Key": "abc"}', '{"Authorization": "Bearer abc"}']),
    ('mapping', 'bearer_token_file', ARRAY['api/token', '/nowhere/token']),
    ('mapping', 'headers_file', ARRAY['headers.json']),
    ('table', 'arguments', ARRAY['{"first": 10}']),
    ('table', 'key', ARRAY['id', ' "id" ']),
    ('table', 'lookups', ARRAY['[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]']),
    ('table', 'filter', ARRAY['{"style": "arguments", "columns": {"id": "="}}']),
    ('table', 'order', ARRAY['{"argument":"o","style":"enum","columns":{"a":{"asc":"A"}}}']),
    ('table', 'count', ARRAY['accountsRelay.totalCount']),
    ('table', 'key_batch_size', ARRAY['25']),
    ('table', 'batch_mode', ARRAY['single']),
    ('table', 'on_error', ARRAY['null']),
    ('column', 'path', ARRAY['owner.name', '', '.']),
    ('column', 'argument', ARRAY['id', 'where.id._eq', 'organization(login)']),
    ('column', 'type', ARRAY['ID', 'Int!'])
) AS o (object, option, candidates), unnest(o.candidates) AS v (value);

-- Values that cannot
SELECT o.option, v.value, try_option(o.object, o.option, v.value)
FROM (VALUES
    ('server', 'connect_timeout', ARRAY['0', '-1', '25h', '1e12', 'soon', '5 parsecs', '']),
    ('server', 'request_timeout', ARRAY['0']),
    ('server', 'key_batch_size', ARRAY['0', '100001', 'many']),
    ('server', 'batch_mode', ARRAY['AUTO', 'both', '']),
    ('server', 'concurrency', ARRAY['0', '65']),
    ('server', 'max_response_bytes', ARRAY['0', '2GB', '64 pages']),
    ('server', 'max_retries', ARRAY['-1', '11']),
    ('server', 'http_version', ARRAY['1.0', '3']),
    ('server', 'compression', ARRAY['gzip']),
    ('server', 'on_error', ARRAY['ignore']),
    ('server', 'ca_file', ARRAY['ca.pem']),
    ('server', 'client_cert', ARRAY['client.pem', '/etc/ssl/client.pem']),
    ('server', 'client_key', ARRAY['client.key', '/etc/ssl/client.key']),
    ('server', 'tls_verify', ARRAY['none']),
    ('server', 'schema_file', ARRAY['schema.graphql', '']),
    ('server', 'fdw_startup_cost', ARRAY['-1', 'nan', 'infinity']),
    ('mapping', 'bearer_token_file', ARRAY['']),
    ('mapping', 'headers_file', ARRAY['']),
    ('table', 'key', ARRAY['', 'id,', 'id, ID', 'a b']),
    ('table', 'key_batch_size', ARRAY['0']),
    ('table', 'batch_mode', ARRAY['arrays']),
    ('table', 'on_error', ARRAY['stop'])
) AS o (object, option, candidates), unnest(o.candidates) AS v (value);

-- Values that the core judges: only the SQLSTATE is of interest here
SELECT o.object, o.option, v.value, left(try_option(o.object, o.option, v.value), 5) AS sqlstate
FROM (VALUES
    ('server', 'headers', ARRAY['', '[]', '{"X-Tenant": 1}', '{"X Tenant": "a"}', E'{"X-Tenant": "a\\r\\nX-Other: b"}',
                                '{"Authorization": "a"}', '{"X-Api-Key": "a"}']),
    ('server', 'proxy', ARRAY['', 'proxy.example.com:3128', 'https://proxy.example.com:3128', 'http://user:secret@proxy.example.com:3128',
                              'http://proxy.example.com', 'http://proxy.example.com:3128/path', 'socks5://proxy.example.com:1080']),
    ('server', 'session_headers', ARRAY['', '[]', '{"X-Tenant": 1}', '{"X-Tenant": "constant"}', '{"X-Tenant": "${tenant}"}', '{"Host": "${app.host}"}']),
    ('table', 'arguments', ARRAY['[]', '{"first": }']),
    ('table', 'lookups', ARRAY['{}', '[{"field": "a..b"}]']),
    ('table', 'filter', ARRAY['', '{"style": "odd"}']),
    ('table', 'order', ARRAY['', '{"style": "odd"}']),
    ('table', 'count', ARRAY['', 'a..b']),
    ('column', 'path', ARRAY['owner..name', 'a b', '{']),
    ('column', 'argument', ARRAY['where..id', 'a-b']),
    ('column', 'type', ARRAY['[ID', 'I D'])
) AS o (object, option, candidates), unnest(o.candidates) AS v (value);
SELECT v.value, left(outcome(format('ALTER SERVER options_server OPTIONS (SET url %L)', v.value)), 5) AS sqlstate
FROM unnest(ARRAY['', 'ftp://127.0.0.1/', 'http://user:secret@127.0.0.1/',
                  'http://127.0.0.1:99999/', 'http://127.0.0.1/?v=1&api_key=secret']) AS v (value);
SELECT v.value, left(outcome(format('ALTER FOREIGN TABLE options_table OPTIONS (SET field %L)', v.value)), 5) AS sqlstate
FROM unnest(ARRAY['', 'a..b', 'a b', 'a{b}']) AS v (value);

-- Options that an object does not take
SELECT o.object, left(o.option, 20) AS option, try_option(o.object, o.option, 'x')
FROM (VALUES
    ('server', 'ur'),
    ('server', 'conect_timeout'),
    ('server', 'bearer_token'),
    ('server', 'password'),
    ('server', 'path'),
    ('server', 'something_else'),
    ('mapping', 'url'),
    ('mapping', 'bearer'),
    ('server', 'timeout'),
    ('mapping', 'key_batch_size'),
    ('mapping', 'something_else'),
    ('table', 'headers'),
    ('table', 'lookup'),
    ('table', 'argument'),
    ('table', 'something_else'),
    ('column', 'field'),
    ('column', 'pth'),
    ('column', 'something_else'),
    ('wrapper', 'url'),
    ('wrapper', 'something_else'),
    ('server', repeat('long', 30))
) AS o (object, option);

-- One identity in a user mapping; nothing said repeats a secret
DROP USER MAPPING FOR CURRENT_USER SERVER options_server;
SELECT v.options, outcome('CREATE USER MAPPING FOR CURRENT_USER SERVER options_server OPTIONS (' || v.options || ')')
FROM (VALUES
    ('password ''hush'''),
    ('bearer_token ''hush'', password ''hush'''),
    ('bearer_token ''hush'', "user" ''hush'''),
    ('bearer_token ''hush'', bearer_token_file ''/token'''),
    ('bearer_token_file ''/token'', "user" ''hush'''),
    ('headers ''{"X-A": "hush"}'', headers_file ''/headers'''),
    ('bearer_token '''''),
    ('bearer_token E''hush\r\nX-Other: b'''),
    ('"user" '''''),
    ('"user" ''a:hush'''),
    ('"user" ''a'', password ''hush''')
) AS v (options);

-- Nor does DETAIL.
DROP USER MAPPING FOR CURRENT_USER SERVER options_server;
CREATE FUNCTION repeats(options text) RETURNS boolean LANGUAGE plpgsql AS
$$
DECLARE
    hint text;
    detail text;
BEGIN
    EXECUTE 'CREATE USER MAPPING FOR CURRENT_USER SERVER options_server OPTIONS (' || options || ')';
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL;
    RETURN concat(SQLERRM, hint, detail) LIKE '%hush%';
END
$$;
SELECT v.options, repeats(v.options)
FROM (VALUES
    ('bearer_token E''hush\r\nX-Other: b'''),
    ('"user" E''a\nb'', password E''hush\n'''),
    ('"user" ''a'', password E''hush\n'''),
    ('headers ''{"X-Api-Key": ["hush"]}'''),
    ('headers ''{"X-Api-Key": "hush\r\n"}'''),
    ('headers ''{"X-Api-Key": "hush"'''),
    ('headers ''{"Host": "hush"}'''),
    ('bearer_tok ''hush''')
) AS v (options);
DROP FUNCTION repeats;

-- What is reserved for superusers
CREATE ROLE regress_graphql_options;
GRANT USAGE ON FOREIGN DATA WRAPPER graphql_fdw TO regress_graphql_options;
SET ROLE regress_graphql_options;
CREATE SERVER options_ca FOREIGN DATA WRAPPER graphql_fdw
    OPTIONS (url 'http://127.0.0.1:4000/graphql', ca_file '/etc/ssl/ca.pem');
CREATE SERVER options_ca FOREIGN DATA WRAPPER graphql_fdw
    OPTIONS (url 'http://127.0.0.1:4000/graphql');
ALTER SERVER options_ca OPTIONS (ADD ca_file '/etc/ssl/ca.pem');
CREATE USER MAPPING FOR CURRENT_USER SERVER options_ca OPTIONS (bearer_token_file 'token');
CREATE USER MAPPING FOR CURRENT_USER SERVER options_ca OPTIONS (bearer_token 'hush', headers_file '/headers');
RESET ROLE;
CREATE USER MAPPING FOR regress_graphql_options SERVER options_ca OPTIONS (headers_file '/headers');
SET ROLE regress_graphql_options;
ALTER USER MAPPING FOR CURRENT_USER SERVER options_ca OPTIONS (SET headers_file '/others');
ALTER USER MAPPING FOR CURRENT_USER SERVER options_ca OPTIONS (ADD bearer_token 'hush');
ALTER USER MAPPING FOR CURRENT_USER SERVER options_ca OPTIONS (DROP headers_file);
ALTER SERVER options_ca OPTIONS (ADD schema_file '/srv/schema.graphql');
RESET ROLE;
GRANT pg_read_server_files TO regress_graphql_options;
SET ROLE regress_graphql_options;
ALTER SERVER options_ca OPTIONS (ADD schema_file '/srv/schema.graphql');
DROP SERVER options_ca CASCADE;
RESET ROLE;
REVOKE USAGE ON FOREIGN DATA WRAPPER graphql_fdw FROM regress_graphql_options;
DROP ROLE regress_graphql_options;

DROP SERVER options_server CASCADE;
DROP FUNCTION try_option, outcome;
