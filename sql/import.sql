-- IMPORT FOREIGN SCHEMA: which tables the test API makes, and whether they return what it holds.
CREATE SCHEMA import_sql;
SET search_path = import_sql;
\getenv api GRAPHQL_FDW_API
\getenv schemas GRAPHQL_FDW_SCHEMAS
\set sdl :schemas '/schema.graphql'
\set json :schemas '/schema.json'
CREATE SERVER import_api FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');

-- What a statement says: "ok", or SQLSTATE, message, detail and hint.
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
    RETURN concat_ws(' | ', SQLSTATE, SQLERRM, nullif(detail, ''), nullif(hint, ''));
END
$$;

-- The tables of a schema, their options and columns.
CREATE FUNCTION tables(schema regnamespace) RETURNS TABLE (name name, option text, value text) LANGUAGE sql AS
$$
SELECT c.relname, o.option_name, o.option_value
FROM pg_class c JOIN pg_foreign_table t ON t.ftrelid = c.oid, pg_options_to_table(t.ftoptions) o
WHERE c.relnamespace = schema ORDER BY c.relname, o.option_name
$$;
CREATE FUNCTION columns(schema regnamespace, pattern text)
RETURNS TABLE (table_name name, column_name name, type text, not_null boolean, path text, argument text, argument_type text) LANGUAGE sql AS
$$
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, o ->> 'path', o ->> 'argument', o ->> 'type'
FROM pg_class c JOIN pg_foreign_table t ON t.ftrelid = c.oid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0,
     LATERAL (SELECT jsonb_object_agg(option_name, option_value) FROM pg_options_to_table(a.attfdwoptions)) v (o)
WHERE c.relnamespace = schema AND c.relname ~ pattern ORDER BY c.relname, a.attnum
$$;
-- All there is to know about a schema's tables.
CREATE FUNCTION signature(schema regnamespace) RETURNS text LANGUAGE sql AS
$$
SELECT md5(string_agg(v::text, E'\n' ORDER BY v::text COLLATE "C"))
FROM (SELECT to_jsonb(t)::text FROM tables(schema) t
      UNION ALL SELECT to_jsonb(x)::text FROM columns(schema, '') x
      UNION ALL SELECT concat_ws(' ', c.relname, d.objsubid, d.description)
                FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
                WHERE c.relnamespace = schema) AS s (v)
$$;

CREATE SCHEMA import_api;
IMPORT FOREIGN SCHEMA "Query" FROM SERVER import_api INTO import_api;
SELECT name, option, value FROM tables('import_api');
SELECT * FROM columns('import_api', '^(accounts|countries|orders_by_account|named|request_header|skus|zoo)$');

-- Descriptions became comments.
SELECT c.relname, a.attname, d.description
FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
WHERE c.relnamespace = 'import_api'::regnamespace AND c.relname ~ '^(account|zoo|products_paged)$'
ORDER BY c.relname, d.objsubid;

-- Every table that has a copy, column by column of the same name: whole, or by the keys of the copy.
CREATE FUNCTION compare(imported regclass, copy regclass, reached text) RETURNS TABLE (rows bigint, columns bigint, differences bigint)
LANGUAGE plpgsql AS
$$
DECLARE
    selected text;
BEGIN
    SELECT string_agg(format('i.%I::%s', a.attname, format_type(c.atttypid, c.atttypmod)), ', ' ORDER BY c.attnum), count(*)
    FROM pg_attribute a JOIN pg_attribute c USING (attname)
    WHERE a.attrelid = imported AND c.attrelid = copy AND a.attnum > 0 AND c.attnum > 0 INTO selected, columns;
    differences := local.difference(format('SELECT %s FROM %s', selected, reached), format('SELECT %s FROM %s i', selected, copy));
    EXECUTE format('SELECT count(*) FROM %s', reached) INTO rows;
    RETURN NEXT;
END
$$;
CREATE TABLE reach (imported regclass, copy regclass, reached text);
INSERT INTO reach
SELECT i, 'local.' || copy, i || ' i'
FROM (VALUES ('accounts', 'accounts'), ('accounts_connection', 'accounts'), ('accounts_relay', 'accounts'), ('products', 'products'),
             ('products_paged', 'products'), ('orders', 'orders'), ('orders_paged', 'orders'), ('orders_feed', 'orders'), ('countries', 'countries'),
             ('continents', 'continents'), ('languages', 'languages')) v (name, copy), concat('import_api.', name) i
UNION ALL
SELECT i, 'local.' || copy, format('(SELECT DISTINCT %s FROM local.%s) k JOIN %s i USING (%1$s)', key, copy, i)
FROM (VALUES ('account', 'accounts', 'id'), ('account_strict', 'accounts', 'id'), ('accounts', 'accounts', 'id'),
             ('accounts_relay', 'accounts', 'id'), ('accounts_connection', 'accounts', 'id'), ('product', 'products', 'sku'),
             ('products_paged', 'products', 'sku'), ('"order"', 'orders', 'id'), ('orders_by_account', 'orders', 'account_id'),
             ('orders_feed', 'orders', 'account_id'),
             ('country', 'countries', 'code'), ('continent', 'continents', 'code'), ('language', 'languages', 'code')) v (name, copy, key),
     concat('import_api.', name) i;
SELECT imported, reached LIKE '%JOIN%' AS by_key, c.*, local.counter('SELECT * FROM ' || reached, 'HTTP Requests') AS requests
FROM reach, compare(imported, copy, reached) c;

-- What has no copy of the same shape.
SELECT count(*) AS skus, count(*) FILTER (WHERE p.sku IS NULL) AS strangers
FROM import_api.skus s LEFT JOIN local.products p ON p.sku = s.value;
SELECT name, value FROM import_api.request_header WHERE name IN ('content-type', 'x-none') ORDER BY name;
SELECT typename, count(*), count(id) AS ids, count(sku) AS skus, count(name) AS names FROM import_api.search WHERE text = '1' GROUP BY typename ORDER BY typename;
SELECT local.difference($$SELECT id, name FROM import_api.named WHERE text = 'a' AND typename = 'Account'$$,
                        $$SELECT id, name FROM local.accounts WHERE name LIKE '%a%'$$) AS accounts,
       local.difference($$SELECT sku, name, price FROM import_api.named WHERE text = 'a' AND typename = 'Product'$$,
                        $$SELECT sku, name, price FROM local.products WHERE name LIKE '%a%'$$) AS products;
SELECT id, int, habitat, habitats, decimal, big_int, date_time, duration, nested, objects, words FROM import_api.zoo WHERE id IN (1, 2) ORDER BY id;
SELECT local.difference('SELECT id, owner_address, referrer_name FROM import_api.accounts',
    $$SELECT a.id, CASE WHEN a.owner ? 'address' AND a.owner -> 'address' <> 'null' THEN a.owner -> 'address' END, r.name
      FROM local.accounts a LEFT JOIN local.accounts r ON r.id = a.referrer_id$$) AS nested;
SELECT local.difference($$SELECT c.code, c.continent_name, l ->> 'code' FROM import_api.countries c, jsonb_array_elements(c.languages) l$$,
    $$SELECT c.code, n.name, l.language_code FROM local.countries c JOIN local.continents n ON n.code = c.continent_code
      JOIN local.country_languages l ON l.country_code = c.code$$) AS nested;

-- Joins are batched without touching an option.
CREATE TABLE customer AS SELECT n, 1 + n % 1000 AS account_id FROM generate_series(0, 9999) n;
ANALYZE customer;
EXPLAIN (VERBOSE, COSTS OFF) SELECT c.n, a.plan, a.owner_name FROM customer c LEFT JOIN import_api.account a ON a.id = c.account_id;
EXPLAIN (COSTS OFF) SELECT count(*) FROM import_api.accounts_relay;
SELECT local.counter('SELECT c.n, a.plan FROM customer c LEFT JOIN import_api.account a ON a.id = c.account_id', 'HTTP Requests') AS requests;

-- The same each time, and from files.
SET client_min_messages = warning;
CREATE SCHEMA import_again;
IMPORT FOREIGN SCHEMA query FROM SERVER import_api INTO import_again;
CREATE SCHEMA import_sdl;
CREATE SERVER import_sdl FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api', schema_file :'sdl');
IMPORT FOREIGN SCHEMA "Query" FROM SERVER import_sdl INTO import_sdl;
CREATE SCHEMA import_json;
CREATE SERVER import_json FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api', schema_file :'json');
IMPORT FOREIGN SCHEMA "Query" FROM SERVER import_json INTO import_json;
SELECT s, signature(s::regnamespace) = signature('import_api') AS same
FROM unnest('{import_again,import_sdl,import_json,import_sql}'::text[]) s;
SELECT local.difference('SELECT id, name FROM import_sdl.accounts', 'SELECT id, name FROM local.accounts');

-- Some tables only.
SET client_min_messages = notice;
CREATE SCHEMA import_some;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account, "order") FROM SERVER import_api INTO import_some;
SELECT name FROM tables('import_some') GROUP BY name ORDER BY name;
SELECT regexp_replace(outcome(format('IMPORT FOREIGN SCHEMA "Query" LIMIT TO (%s) FROM SERVER import_api INTO import_some', l)), ', product.* more', ', ... and more')
FROM unnest('{"country, acounts",nothing_like_it}'::text[]) l;
SELECT outcome('IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account) FROM SERVER import_api INTO import_some');
IMPORT FOREIGN SCHEMA "Query" EXCEPT (account, "order", acounts) FROM SERVER import_api INTO import_some;
SELECT signature('import_some') = signature('import_api') AS same;
SET client_min_messages = warning;
DROP SCHEMA import_some CASCADE;
-- Another type than the query root, and none.
CREATE SCHEMA import_some;
IMPORT FOREIGN SCHEMA "Country" FROM SERVER import_api INTO import_some;
SELECT name, option, value FROM tables('import_some');
SELECT outcome('IMPORT FOREIGN SCHEMA "Contry" FROM SERVER import_api INTO import_some');
SELECT outcome('IMPORT FOREIGN SCHEMA "BigInt" FROM SERVER import_api INTO import_some');
DROP SCHEMA import_some CASCADE;

-- Options.
CREATE FUNCTION import_with(options text, pattern text) RETURNS TABLE (table_name name, column_name name, type text, not_null boolean, path text)
LANGUAGE plpgsql AS
$$
BEGIN
    DROP SCHEMA IF EXISTS import_some CASCADE;
    CREATE SCHEMA import_some;
    EXECUTE format('IMPORT FOREIGN SCHEMA "Query" FROM SERVER import_api INTO import_some OPTIONS (%s)', options);
    RETURN QUERY SELECT c.table_name, c.column_name, c.type, c.not_null, c.path FROM columns('import_some', pattern) c;
END
$$;
SELECT * FROM import_with('import_max_depth ''0''', '^country$');
SELECT * FROM import_with('import_max_depth ''2''', '^account$') WHERE column_name ~ 'owner|orders';
SELECT * FROM import_with('import_not_null ''off''', '^language$');
SELECT * FROM import_with('import_deprecated ''on''', '^language$');
SELECT * FROM import_with('name_case ''keep'', prefix ''shop_''', '^shop_ordersByAccount$');
SELECT * FROM import_with('import_enums ''on''', '^zoo$') WHERE type ~ 'habitat';
SELECT enum_range(NULL::import_some.habitat), obj_description('import_some.habitat'::regtype);
SELECT id, habitat, habitats FROM import_some.zoos WHERE habitat > 'LAND' OR habitat IS NULL ORDER BY id;
SELECT outcome(format('IMPORT FOREIGN SCHEMA "Query" FROM SERVER import_api INTO import_sql OPTIONS (%s)', options)), options
FROM unnest(ARRAY['import_max_depth ''11''', 'import_max_depth ''-1''', 'import_enums ''maybe''', 'name_case ''camel''',
                  'import_enum ''on''', 'depth ''1''', 'url ''x''', 'prefix ''a'', prefix ''b''',
                  'prefix ''a_prefix_that_leaves_too_little_room''']) options;

-- Enum types are those of the tables imported; one that is there is used when it is the same.
DROP SCHEMA import_some CASCADE;
CREATE SCHEMA import_some;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account) FROM SERVER import_api INTO import_some OPTIONS (import_enums 'on');
SELECT to_regtype('import_some.habitat') IS NULL AS none;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (zoo) FROM SERVER import_api INTO import_some OPTIONS (import_enums 'on');
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (zoos) FROM SERVER import_api INTO import_some OPTIONS (import_enums 'on');
SELECT DISTINCT c.type FROM columns('import_some', 'zoo') c WHERE type ~ 'habitat' ORDER BY 1;
ALTER TYPE import_some.habitat ADD VALUE 'SPACE';
DROP FOREIGN TABLE import_some.zoos;
SELECT outcome($$IMPORT FOREIGN SCHEMA "Query" LIMIT TO (zoos) FROM SERVER import_api INTO import_some OPTIONS (import_enums 'on')$$);

-- Lists inside rows become tables of their own.
SELECT * FROM import_with('import_children ''on'', import_max_depth ''0''', '^account_orders$');
SELECT name, option, value FROM tables('import_some') WHERE to_regclass('import_api.' || name) IS NULL;
ANALYZE customer;
EXPLAIN (COSTS OFF) SELECT a.plan, o.total FROM customer c JOIN import_some.accounts a ON a.id = c.account_id
JOIN import_some.account_orders o ON o.account_id = a.id WHERE c.n < 300;
SELECT local.counter(q, 'HTTP Requests') AS requests, local.difference(q, replace(replace(q, 'import_some.account_orders', 'local.orders'), 'import_some', 'local')) AS differences
FROM (VALUES ('SELECT c.n, a.plan, o.id, o.total FROM customer c JOIN import_some.accounts a ON a.id = c.account_id JOIN import_some.account_orders o ON o.account_id = a.id WHERE c.n < 300')) v (q);
SELECT local.difference('SELECT k.code, l.code, l.rtl FROM local.countries k JOIN import_some.country_languages l ON l.country_code = k.code',
    'SELECT c.country_code, l.code, l.rtl FROM local.country_languages c JOIN local.languages l ON l.code = c.language_code') AS languages,
    local.difference('SELECT k.code, c.code, c.name FROM local.continents k JOIN import_some.continent_countries c ON c.continent_code = k.code',
    'SELECT continent_code, code, name FROM local.countries') AS countries;

-- Event triggers see what is made.
CREATE FUNCTION tell() RETURNS event_trigger LANGUAGE plpgsql AS
$$
BEGIN
    RAISE NOTICE '% made %', tg_tag, (SELECT string_agg(DISTINCT concat_ws(' ', command_tag, object_identity), ', ' ORDER BY concat_ws(' ', command_tag, object_identity))
                                      FROM pg_event_trigger_ddl_commands() WHERE object_identity !~ '\\.zoo\\.');
END
$$;
DROP SCHEMA import_some CASCADE;
CREATE SCHEMA import_some;
CREATE EVENT TRIGGER import_told ON ddl_command_end EXECUTE FUNCTION tell();
SET client_min_messages = notice;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (zoo) FROM SERVER import_api INTO import_some OPTIONS (import_enums 'on');
SET client_min_messages = warning;
DROP EVENT TRIGGER import_told;

-- Who may: those who may use the server and create in the schema. They own what is made.
CREATE ROLE import_user;
GRANT CREATE, USAGE ON SCHEMA import_some, import_sql TO import_user;
SET ROLE import_user;
SELECT outcome('IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account) FROM SERVER import_api INTO import_some');
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER import_api TO import_user;
SET ROLE import_user;
SELECT outcome('IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account) FROM SERVER import_api INTO import_api');
SELECT outcome('IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account) FROM SERVER import_api INTO import_some');
SELECT id, plan FROM import_some.account WHERE id = 3;
RESET ROLE;

-- Nothing that an API says becomes SQL.
\set hostile :schemas '/hostile.graphql'
CREATE SERVER import_hostile FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'http://127.0.0.1:1/', schema_file :'hostile');
CREATE SCHEMA "import'$$\";
SET standard_conforming_strings = off;
SET escape_string_warning = off;
IMPORT FOREIGN SCHEMA "Query" FROM SERVER import_hostile INTO "import'$$\" OPTIONS (import_enums 'on', import_deprecated 'on', prefix '"''$$');
RESET standard_conforming_strings;
RESET escape_string_warning;
SELECT * FROM columns('"import''$$\"', '');
SELECT DISTINCT description FROM pg_description d JOIN pg_class c ON c.oid = d.objoid WHERE c.relnamespace = '"import''$$\"'::regnamespace;
SELECT count(*) AS pwned FROM pg_roles WHERE rolname = 'pwned';
DROP SCHEMA "import'$$\" CASCADE;
DROP SERVER import_hostile;

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA import_sql, import_api, import_again, import_sdl, import_json, import_some CASCADE;
DROP SERVER import_api, import_sdl, import_json CASCADE;
DROP ROLE import_user;
