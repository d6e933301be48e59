-- Looking around in an API's schema: by introspection, or in a file where the API does not answer it.
CREATE SCHEMA schema_sql;
SET search_path = schema_sql, public;
\getenv api GRAPHQL_FDW_API
\getenv schemas GRAPHQL_FDW_SCHEMAS
\set sdl :schemas '/schema.graphql'
\set json :schemas '/schema.json'
\set refusing :api '/fault/introspection-off?introspection=1'
CREATE SERVER schema_asked FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');

-- What a statement says: "ok", or SQLSTATE, message, detail and hint. Folders and ports are others each time.
CREATE FUNCTION outcome(statement text) RETURNS text LANGUAGE plpgsql AS
$$
DECLARE
    hint text;
    detail text;
BEGIN
    EXECUTE statement;
    RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL;
    detail := regexp_replace(detail, '127\.0\.0\.1:.*', '...');
    RETURN regexp_replace(concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''), nullif(hint, '')),
                          '"/[^"]*/', '"<folder>/', 'g');
END
$$;

-- Types, and what they are made of.
SELECT * FROM graphql_types('schema_asked') WHERE name IN ('AccountFilter', 'BigInt', 'Habitat', 'Int', 'Named', 'SearchResult', 'Zoo');
SELECT * FROM graphql_fields('schema_asked', 'Query') LIMIT 6;
SELECT name, type FROM graphql_fields('schema_asked', 'AccountFilter');
SELECT name, type FROM graphql_fields('schema_asked', 'Habitat');
SELECT name, type FROM graphql_fields('schema_asked', 'SearchResult');
SELECT name, type FROM graphql_fields('schema_asked', 'BigInt');
SELECT outcome($$SELECT * FROM graphql_fields('schema_asked', 'account')$$);
SELECT outcome($$SELECT * FROM graphql_fields('schema_asked', 'nothing of the kind')$$);

-- Every type's.
SELECT count(*) > 100 AS many, count(*) = (SELECT sum(fields) FROM graphql_types('schema_asked')) AS complete
FROM graphql_types('schema_asked') t, graphql_fields('schema_asked', t.name) f;

-- The schema as a whole: the same text, wherever it comes from.
CREATE SERVER schema_sdl FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'http://127.0.0.1:1/graphql', schema_file :'sdl');
CREATE SERVER schema_json FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'http://127.0.0.1:1/graphql', schema_file :'json');
SELECT substring(graphql_schema('schema_asked') FROM '(type Owner .*?\n}\n)') AS owner,
       graphql_schema('schema_asked') ~ 'One field of every kind.*\ntype Zoo \{' AS zoo;
SELECT graphql_schema('schema_asked') = graphql_schema('schema_sdl') AS sdl,
       graphql_schema('schema_asked') = graphql_schema('schema_json') AS json;

-- Files that cannot be used.
SELECT file, outcome(format('ALTER SERVER schema_sdl OPTIONS (SET schema_file %L)', :'schemas' || file)) AS set,
       outcome('SELECT graphql_schema(''schema_sdl'')') AS used
FROM unnest(ARRAY['/nowhere.graphql', '', '/broken.graphql']) AS file;
SELECT outcome($$ALTER SERVER schema_sdl OPTIONS (SET schema_file '/dev/null')$$), outcome('SELECT graphql_schema(''schema_sdl'')');

-- An API that does not answer introspection, as Apollo Server in production.
CREATE SERVER schema_refused FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'refusing');
SELECT outcome('SELECT graphql_schema(''schema_refused'')');
SELECT outcome('IMPORT FOREIGN SCHEMA "Query" FROM SERVER schema_refused INTO schema_sql');
-- The file serves scans, too: nobody is asked for the type of the argument, and that it is required is known.
CREATE FOREIGN TABLE product (sku text OPTIONS (argument 'sku'), name text)
    SERVER schema_refused OPTIONS (field 'product', key 'sku', batch_mode 'single');
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT name FROM product WHERE sku = 'SKU-0001';
SELECT left(outcome('SELECT * FROM product'), 5) AS sqlstate;
ALTER SERVER schema_refused OPTIONS (ADD schema_file :'json');
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT name FROM product WHERE sku = 'SKU-0001';
SELECT outcome('SELECT * FROM product');

-- Who may. The owner of the server must be one who may read files, also later.
CREATE ROLE schema_user;
GRANT USAGE ON SCHEMA schema_sql TO schema_user;
GRANT USAGE ON FOREIGN DATA WRAPPER graphql_fdw TO schema_user;
SET ROLE schema_user;
SELECT outcome('SELECT graphql_schema(''schema_json'')'),
       outcome('SELECT count(*) FROM graphql_types(''schema_json'')'),
       outcome('SELECT count(*) FROM graphql_fields(''schema_json'', ''Query'')');
RESET ROLE;
GRANT EXECUTE ON FUNCTION graphql_schema, graphql_types, graphql_fields TO schema_user;
SET ROLE schema_user;
SELECT outcome('SELECT graphql_schema(''schema_json'')'),
       outcome('SELECT count(*) FROM graphql_types(''schema_json'')'),
       outcome('SELECT count(*) FROM graphql_fields(''schema_json'', ''Query'')');
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER schema_json TO schema_user;
SET ROLE schema_user;
SELECT outcome('SELECT graphql_schema(''schema_json'')');
RESET ROLE;
ALTER SERVER schema_json OWNER TO schema_user;
SELECT outcome('SELECT graphql_schema(''schema_json'')');
GRANT pg_read_server_files TO schema_user;
SELECT outcome('SELECT graphql_schema(''schema_json'')');

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA schema_sql CASCADE;
DROP SERVER schema_asked, schema_sdl, schema_json, schema_refused CASCADE;
REVOKE USAGE ON FOREIGN DATA WRAPPER graphql_fdw FROM schema_user;
REVOKE EXECUTE ON FUNCTION graphql_schema, graphql_types, graphql_fields FROM schema_user;
DROP ROLE schema_user;
