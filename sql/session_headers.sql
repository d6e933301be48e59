-- What the session says about itself, as the API hears it.
CREATE ROLE session_headers_web SUPERUSER;
SET SESSION AUTHORIZATION session_headers_web;
CREATE SCHEMA session_headers;
SET search_path = session_headers, public;
\set VERBOSITY terse
\getenv api GRAPHQL_FDW_API
CREATE SERVER identity FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api', headers '{"X-Tenant": "of the server"}',
    session_headers '{"X-Auth": "Bearer ${app.jwt}", "X-Tenant": "${app.tenant}", "X-Who": "${current_user} ${session_user} ${database}"}');
CREATE FOREIGN TABLE sent (name text OPTIONS (argument 'name', type 'String!', path ''), value text OPTIONS (path '.'))
    SERVER identity OPTIONS (field 'requestHeader');
CREATE FUNCTION heard(header text) RETURNS text LANGUAGE sql AS
$$ SELECT graphql_query('identity', 'query($h: String!) { requestHeader(name: $h) }', jsonb_build_object('h', header)) ->> 'requestHeader' $$;
-- The SQLSTATE, message and detail of an error, or what the API heard.
CREATE FUNCTION outcome(header text) RETURNS text LANGUAGE plpgsql AS
$$
DECLARE
    detail text;
BEGIN
    RETURN 'heard ' || coalesce(heard(header), 'nothing');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''));
END
$$;

-- Unset, set, SET LOCAL and what it leaves behind. Where the session says nothing the server's header stays.
SELECT heard('x-auth'), heard('x-tenant'), replace(heard('x-who'), current_database(), 'DATABASE') AS who;
SET app.jwt = 'abc';
SET app.tenant = 'one';
SELECT heard('x-auth'), heard('x-tenant');
EXPLAIN (COSTS OFF) SELECT value FROM sent WHERE name = 'x-auth';
SELECT value FROM sent WHERE name = 'x-auth';
BEGIN;
SET LOCAL app.jwt = 'local';
SELECT heard('x-auth');
SAVEPOINT a;
SET LOCAL app.jwt = 'deeper';
SELECT heard('x-auth');
ROLLBACK TO a;
SELECT heard('x-auth');
COMMIT;
SELECT heard('x-auth');
RESET app.jwt;
SELECT heard('x-auth');
BEGIN;
SET LOCAL app.other = 'x';
COMMIT;
ALTER SERVER identity OPTIONS (SET session_headers '{"X-Other": "${app.other}", "X-Auth": "Bearer ${app.jwt!}"}');
SET app.jwt = 'abc';
SELECT current_setting('app.other') = '' AS empty_string, heard('x-other');

-- Required values. Planning needs none.
RESET app.jwt;
SELECT outcome('x-auth');
EXPLAIN (COSTS OFF) SELECT value FROM sent WHERE name = 'x-auth';
SELECT value FROM sent WHERE name = 'x-auth';
SELECT value FROM sent WHERE name = 'x-auth' AND current_setting('app.never', true) = 'x';
SET app.jwt = 'abc';
SELECT value FROM sent WHERE name = 'x-auth';

-- Values that cannot be sent are named, not shown.
SELECT set_config('app.jwt', E'canary\r\nX-Injected: yes', false) <> '' AS set;
SELECT outcome('x-injected');
SELECT set_config('app.jwt', 'canary ', false) <> '' AS set;
SELECT outcome('x-auth');
SELECT set_config('app.jwt', repeat('canary', 200000), false) <> '' AS set;
SELECT outcome('x-auth');
SELECT value FROM sent WHERE name = 'x-auth';
SELECT set_config('app.jwt', repeat('x', 8192 - length('Bearer ')), false) <> '' AS set;
SELECT length(heard('x-auth'));

-- Members of a JSON setting.
ALTER SERVER identity OPTIONS (SET session_headers
    '{"X-Sub": "${request.jwt.claims->sub}", "X-Role": "${request.jwt.claims->app->role}", "X-Roles": "${request.jwt.claims->roles}", "X-Needed": "${request.jwt.claims->needed!}"}');
SELECT outcome('x-sub');
SET request.jwt.claims = '{"sub": "ada", "app": {"role": 7}, "roles": ["a", {"b": null}], "needed": true}';
SELECT heard('x-sub'), heard('x-role'), heard('x-roles'), heard('x-needed');
SET request.jwt.claims = '{"sub": null, "app": "x", "needed": 1e3}';
SELECT heard('x-sub'), heard('x-role'), heard('x-roles'), heard('x-needed');
SET request.jwt.claims = '{"sub": "canary"}';
SELECT outcome('x-sub');
SET request.jwt.claims = '{"sub": "can\nary", "needed": 1}';
SELECT outcome('x-sub');
SET request.jwt.claims = 'canary';
SELECT outcome('x-sub');

-- Which settings may be named: none that PostgreSQL or a superuser keeps, found when it is defined or when it is read.
CREATE FUNCTION try_template(template text) RETURNS text LANGUAGE plpgsql AS
$$
DECLARE
    detail text;
BEGIN
    EXECUTE format('ALTER SERVER identity OPTIONS (SET session_headers %L)', jsonb_build_object('X-Try', template));
    RETURN outcome('x-try');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''));
END
$$;
SELECT template, try_template(template)
FROM unnest(ARRAY['${app.tenant}', '${APP.Tenant}', '$$ ${app.tenant}', '${plpgsql.variable_conflict}', '${data_directory}', '${hba_file}',
                  '${tenant}', '$app.tenant', '${app.tenant', 'constant', '${graphql_fdw.secrets_directory}', '${session_user->a}',
                  '${app.tenant->>a}']) template;
ALTER SERVER identity OPTIONS (SET session_headers '{"Host": "${app.tenant}"}');
ALTER SERVER identity OPTIONS (SET session_headers '["X"]');

-- A kept plan carries what is said when it runs.
ALTER SERVER identity OPTIONS (SET session_headers '{"X-Tenant": "${app.tenant}", "X-Who": "${current_user} ${session_user}", "Authorization": "${app.tenant}"}');
SET plan_cache_mode = force_generic_plan;
PREPARE ask(text) AS SELECT value FROM sent WHERE name = $1;
EXECUTE ask('x-tenant');
SET app.tenant = 'two';
EXECUTE ask('x-tenant');
RESET app.tenant;
EXECUTE ask('x-tenant');

-- A scan keeps what it began with, whatever is SET while it runs; the next one does not.
ALTER FOREIGN TABLE sent OPTIONS (ADD key_batch_size '1');
CREATE TABLE spelling AS SELECT row_number() OVER (ORDER BY n) AS n, upper(left('x-tenant', n)) || substr('x-tenant', n + 1) AS name
    FROM unnest(ARRAY[1, 3, 4, 5, 6, 7, 8]) n;
ANALYZE spelling;
SET app.tenant = 'one';
BEGIN;
DECLARE first CURSOR FOR SELECT n, (SELECT value FROM sent s WHERE s.name = c.name) FROM spelling c ORDER BY n;
FETCH 2 FROM first;
SET app.tenant = 'two';
DECLARE second CURSOR FOR SELECT n, s.value FROM spelling c JOIN sent s ON s.name = c.name ORDER BY n;
FETCH 2 FROM second;
FETCH 2 FROM first;
SET app.tenant = 'three';
FETCH 1 FROM second;
FETCH ALL FROM first;
SELECT heard('x-tenant');
FETCH ALL FROM second;
COMMIT;

-- Two identities by turns in one statement, several requests in flight each.
CREATE FUNCTION heard_by_all(tenant text) RETURNS TABLE (value text, count bigint) LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM set_config('app.tenant', tenant, false);
    RETURN QUERY SELECT s.value, count(*) FROM spelling c JOIN sent s ON s.name = c.name GROUP BY 1;
END
$$;
SELECT n, h.* FROM generate_series(1, 6) n CROSS JOIN LATERAL heard_by_all('tenant ' || n % 2) h ORDER BY n;

-- Rows that change a setting are not read ahead: the scan says what the first of them has set.
SELECT c.n, said, s.value
FROM spelling c CROSS JOIN LATERAL (SELECT set_config('app.tenant', 'row ' || c.n, false) AS said OFFSET 0) r JOIN sent s ON s.name = c.name
WHERE c.n < 4 ORDER BY c.n;
EXPLAIN (COSTS OFF)
SELECT c.n, s.value FROM spelling c CROSS JOIN LATERAL (SELECT set_config('app.tenant', 'row ' || c.n, false) AS said OFFSET 0) r JOIN sent s ON s.name = c.name;

-- ${current_user} is the role whose mapping is used: through SET ROLE, views and SECURITY DEFINER.
SET app.tenant = 'one';
CREATE ROLE session_headers_ada;
CREATE ROLE session_headers_bob;
GRANT USAGE ON SCHEMA session_headers TO session_headers_ada, session_headers_bob;
GRANT USAGE ON FOREIGN SERVER identity TO session_headers_ada, session_headers_bob;
GRANT EXECUTE ON FUNCTION graphql_query TO session_headers_ada, session_headers_bob;
GRANT SELECT ON sent, spelling TO session_headers_ada, session_headers_bob;
CREATE USER MAPPING FOR session_headers_ada SERVER identity OPTIONS (bearer_token 'token-of-ada');
CREATE VIEW sent_by_ada AS SELECT * FROM sent;
ALTER VIEW sent_by_ada OWNER TO session_headers_ada;
CREATE VIEW sent_by_invoker WITH (security_invoker) AS SELECT * FROM sent;
CREATE FUNCTION heard_by_ada(header text) RETURNS text LANGUAGE sql SECURITY DEFINER
    SET search_path = session_headers, public AS $$ SELECT heard(header) $$;
ALTER FUNCTION heard_by_ada OWNER TO session_headers_ada;
GRANT SELECT ON sent_by_ada, sent_by_invoker TO session_headers_bob;
SET ROLE session_headers_bob;
SELECT heard('x-who'), heard('authorization');
EXECUTE ask('x-who');
SELECT value FROM sent_by_ada WHERE name = 'x-who';
SELECT value FROM sent_by_invoker WHERE name = 'x-who';
SELECT heard_by_ada('x-who'), heard_by_ada('authorization');
-- Both in one statement: the header of ada's mapping wins over the session's, and is hers alone.
SELECT n, a.value AS ada, b.value AS bob FROM spelling, LATERAL (SELECT overlay('authorization' PLACING upper(left('authorization', n::int)) FROM 1) AS name) c
    JOIN LATERAL (SELECT value FROM sent_by_ada WHERE name = c.name) a ON true
    JOIN LATERAL (SELECT value FROM sent_by_invoker WHERE name = c.name) b ON true ORDER BY n;
SET ROLE session_headers_ada;
EXECUTE ask('x-who');
EXECUTE ask('authorization');
RESET ROLE;
EXECUTE ask('x-who');

DEALLOCATE ask;
DROP SERVER identity CASCADE;
REVOKE EXECUTE ON FUNCTION graphql_query FROM session_headers_ada, session_headers_bob;
DROP SCHEMA session_headers CASCADE;
DROP ROLE session_headers_ada, session_headers_bob;
RESET SESSION AUTHORIZATION;
DROP ROLE session_headers_web;
