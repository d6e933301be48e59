-- What becomes of the API's values in PostgreSQL's types, and what is refused.
CREATE SCHEMA types;
SET search_path = types;
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
SET intervalstyle = 'postgres';
\getenv api GRAPHQL_FDW_API
CREATE SERVER types FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE TYPE habitat AS ENUM ('LAND', 'WATER', 'AIR');
CREATE TYPE dimensions AS (w float8, h float8);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN given AS int NOT NULL;

CREATE FOREIGN TABLE zoo (
    id int OPTIONS (argument 'id', type 'Int!'),
    i2 int2 OPTIONS (path 'id'),
    int int4,
    i8 int8 OPTIONS (path 'bigInt'),
    i8text int8 OPTIONS (path 'bigIntText'),
    decimal numeric,
    "decimalText" numeric,
    float float8,
    f4 float4 OPTIONS (path 'id'),
    boolean bool,
    string text,
    v varchar(200) OPTIONS (path 'string'),
    c char(10) OPTIONS (path 'key'),
    key text,
    habitat habitat,
    habitats habitat[],
    "dateTime" timestamptz,
    "localDateTime" timestamp,
    date date,
    time time,
    duration interval,
    uuid uuid,
    base64 bytea,
    json json,
    jb jsonb OPTIONS (path 'json'),
    "jsonList" jsonb,
    "jsonScalar" jsonb,
    nested int[],
    "withNulls" int[],
    words text[],
    objects dimensions[],
    widths float8[] OPTIONS (path 'objects.w'),
    widths_json jsonb OPTIONS (path 'objects.w'),
    decimals numeric[],
    domain positive OPTIONS (path 'id')
) SERVER types OPTIONS (field 'zoo');

\x on
SELECT * FROM zoo WHERE id = 1;
SELECT * FROM zoo WHERE id = 2;
SELECT * FROM zoo WHERE id = 3;
\x off

-- The same whatever the session's settings.
SELECT md5(z::text) AS before FROM zoo z WHERE id = 1 \gset
SET datestyle = 'SQL, DMY';
SET intervalstyle = 'sql_standard';
SELECT "dateTime" = '2024-02-29 12:34:56.789012+00'::timestamptz AS instant,
       date = make_date(2024, 2, 29) AS day, duration = make_interval(1, 2, 0, 3, 4, 5, 6.5) AS span
FROM zoo WHERE id = 1;
SET datestyle = 'ISO, MDY';
SET intervalstyle = 'postgres';
SELECT md5(z::text) = :'before' AS same FROM zoo z WHERE id = 1;

-- Times and decimals are those that PostgreSQL reads in the same text, or errors; but a date does not drop a time of day.
CREATE SERVER echo FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api', session_headers '{"x-said": "${types.said}"}');
CREATE FOREIGN TABLE said ("timestamptz" timestamptz OPTIONS (path '.'), "timestamp" timestamp OPTIONS (path '.'), "date" date OPTIONS (path '.'),
    "timestamptz(2)" timestamptz(2) OPTIONS (path '.'), "numeric" numeric OPTIONS (path '.'), "numeric(6,2)" numeric(6,2) OPTIONS (path '.')) SERVER echo OPTIONS (field 'requestHeader', arguments '{"name": "x-said"}');
CREATE FUNCTION outcome(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE value text;
BEGIN
    EXECUTE statement INTO value;
    RETURN value;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
CREATE FUNCTION read_as(said text, type text) RETURNS text LANGUAGE sql AS $$
    SELECT set_config('types.said', said, false);
    SELECT types.outcome(format('SELECT %I::text FROM types.said', type));
$$;
CREATE VIEW moments AS
SELECT day || time || zone AS said FROM (VALUES ('2024-01-31'), ('2024-02-29'), ('0001-01-01'), ('9999-12-31')) d (day),
    (VALUES (''), ('T00:00:00'), ('T23:59:59.999999'), (' 12:30:00.5')) t (time), (VALUES (''), ('Z'), ('+02:00'), ('-09:45'), ('+14:59')) z (zone)
UNION ALL SELECT unnest(ARRAY['2023-02-29', '2024-13-01', '2024-00-10', '2024-01-00', '2024-04-31T00:00:00Z', '0000-01-01', '2024-1-31', '20240131', '31-01-2024',
    '2024-01-31T24:00:00Z', '2024-01-31T25:00:00Z', '2024-01-31T12:60:00Z', '2024-01-31T12:30:60Z', '2024-01-31T12:30Z', '2024-01-31T12:30:00.Z', '2024-01-31T12:30:00.1234567Z',
    '2024-01-31T12:30:00.9999996Z', '2024-01-31T12:30:00+02', '2024-01-31T12:30:00-0330', '2024-01-31T12:30:00+15:59', '2024-01-31T12:30:00+16:00', '2024-01-31T12:30:00+99:00',
    '2024-01-31T12:30:00-', '2024-01-31T12:30:00+', '2024-01-31T12:30:00+02:', '2024-01-31T12:30:00+02:60', '2024-01-31T12:30:00ZZ', '2024-01-31T12:30:00 Europe/Oslo', '2024-01-31t12:30:00z',
    '2024-01-31T', '2024-01-31T12', '2024-01-31 BC', '2024-01-31T12:30:00Z BC', '10000-01-01T00:00:00Z', 'infinity', '-infinity', 'epoch', '2024-01-31T12:30:00,5Z']);
CREATE VIEW decimals AS
SELECT sign || digits || fraction AS said FROM (VALUES (''), ('-')) s (sign), (VALUES ('0'), ('7'), ('007'), ('1200'), ('9999'), ('99999999'), ('9007199254740993')) d (digits),
    (VALUES (''), ('.0'), ('.5'), ('.005'), ('.12345'), ('.10000000')) f (fraction)
UNION ALL SELECT unnest(ARRAY['123456789012345678', '999999999999999999', '-999999999999999999', '1234567890123456789', '99999999999999999999', '-.5', '.5', '5.', '-', '-.', '.', '+5',
    '--5', '1.2.3', '1e3', '1.5e-3', '1,5', '1_000', '0x10', 'NaN', '-Infinity', 'five', '0.00000000000000001', '0.000000000000000001']);
SELECT type, count(*), count(*) FILTER (WHERE read_as(said, type) !~ '^22...$') AS read,
    array_agg(said) FILTER (WHERE read_as(said, type) IS DISTINCT FROM outcome(format('SELECT %L::%s::text', said, type))
        AND (type <> 'date' OR read_as(said, type) <> '22007')) AS different
FROM (SELECT said, type FROM moments, unnest(ARRAY['timestamptz', 'timestamp', 'date', 'timestamptz(2)']) type
    UNION ALL SELECT said, type FROM decimals, unnest(ARRAY['numeric', 'numeric(6,2)']) type) s GROUP BY type ORDER BY type;

-- Composites, and arrays of them.
CREATE TYPE address AS (city text);
CREATE TYPE owner AS (name text, email text, address address);
CREATE FOREIGN TABLE account (
    id int OPTIONS (argument 'id', type 'Int!'),
    owner owner,
    city text OPTIONS (path 'owner.address.city'),
    owner_name text OPTIONS (path 'owner.name'),
    balance numeric,
    settings jsonb,
    seats int[]
) SERVER types OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
EXPLAIN (VERBOSE, COSTS OFF) SELECT owner, city, owner_name FROM account WHERE id = 4;
SELECT id, (owner).name = owner_name AS same, ((owner).address).city = city AS same_city FROM account WHERE id IN (4, 5) ORDER BY id;
SELECT id, owner FROM account WHERE id IN (41, 37) ORDER BY id;
SELECT count(*) FROM local.accounts l JOIN account a USING (id)
WHERE (a.balance, a.settings, a.seats, a.owner_name, (a.owner).email, a.city)
      IS DISTINCT FROM (l.balance, l.settings, l.seats, l.owner_name, l.owner_email, l.owner_city);

-- Objects as json, with the fields that the path selects.
CREATE FOREIGN TABLE account_json (
    id int OPTIONS (argument 'id', type 'Int!'),
    owner jsonb OPTIONS (path 'owner {name address {city}}'),
    email json OPTIONS (path 'owner{email}'),
    city text OPTIONS (path 'owner.address.city'),
    orders jsonb OPTIONS (path 'orders {id, total}'),
    each_order jsonb[] OPTIONS (path 'orders {id}')
) SERVER types OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
EXPLAIN (VERBOSE, COSTS OFF) SELECT * FROM account_json WHERE id = 1;
SELECT owner, email, orders, each_order FROM account_json WHERE id = 1;
SELECT count(*) FROM local.accounts l JOIN account_json a USING (id)
WHERE (a.owner ->> 'name', a.owner -> 'address' ->> 'city', a.email ->> 'email', a.city)
      IS DISTINCT FROM (l.owner_name, l.owner_city, l.owner_email, l.owner_city);
ALTER FOREIGN TABLE account_json ALTER owner OPTIONS (SET path 'owner {name(x: 1)}');
ALTER FOREIGN TABLE account_json ALTER owner TYPE text;
SELECT owner FROM account_json WHERE id = 1;

-- Values a type cannot hold: an error that names column, table and place in the answer.
CREATE FUNCTION try_type(type text, path text, id int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    context text;
    detail text;
BEGIN
    EXECUTE format('CREATE FOREIGN TABLE types.bad (id int OPTIONS (argument ''id'', type ''Int!'', path ''''), value %s OPTIONS (path %L))
        SERVER types OPTIONS (field ''zoo'')', type, path);
    EXECUTE format('SELECT value::text FROM types.bad WHERE id = %s', id) INTO STRICT context;
    DROP FOREIGN TABLE types.bad;
    RETURN coalesce(context, 'NULL');
EXCEPTION WHEN OTHERS THEN
    -- The place is in CONTEXT, or in DETAIL where the core has found the mismatch.
    GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT, detail = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ' ' || SQLERRM || ' / ' || CASE WHEN context LIKE 'column%' THEN split_part(context, E'\n', 1)
        WHEN detail LIKE 'The row is%' THEN detail ELSE '' END;
END $$;
SELECT type, path, id, try_type(type, path, id) FROM (VALUES
('int2', 'int', 3), ('int', 'bigInt', 1), ('int8', 'decimalText', 3), ('int', 'float', 1), ('int', 'string', 1),
('bool', 'int', 1), ('int', 'boolean', 1), ('date', 'string', 1), ('date', 'int', 1), ('uuid', 'key', 1),
('bytea', 'string', 1), ('types.habitat', 'string', 1), ('varchar(3)', 'string', 1), ('text', 'json', 1),
('int', 'json', 1), ('int[]', 'ragged', 1), ('int[]', 'int', 1), ('int', 'withNulls', 1), ('text', 'withNul', 3),
('text', 'loneSurrogate', 3), ('jsonb', 'withNul', 3), ('types.positive', 'int', 3), ('types.given', 'int', 2),
('types.dimensions', 'json', 1), ('float4', 'float', 3), ('interval', 'date', 1), ('numeric(3,0)', 'decimal', 1),
('text', 'int', 1), ('text', 'bigInt', 3), ('numeric', 'bigInt', 3), ('float8', 'bigInt', 1), ('time', 'time', 3), ('interval', 'string', 1),
('date', 'dateTime', 1), ('date', 'dateTime', 3))
AS v(type, path, id);

\set VERBOSITY terse
DROP SERVER types, echo CASCADE;
DROP SCHEMA types CASCADE;
