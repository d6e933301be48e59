-- What does PostGraphile serve? Every kind of column, odd names and keys, thousands of rows. Loaded into two
-- databases, so that what came over GraphQL can be compared with the original: the rows must be the same
-- each time.
DROP SCHEMA IF EXISTS store CASCADE;
CREATE SCHEMA store;

CREATE TYPE store.mood AS ENUM ('sad', 'so-so', 'very happy', '1st');
CREATE TYPE store.address AS (street text, number int, coordinates float8[]);
CREATE DOMAIN store.email AS text CHECK (value LIKE '%@%');

CREATE TABLE store.kind (
    id int PRIMARY KEY,
    small smallint,
    big bigint,
    exact numeric,
    price numeric(12, 4),
    single real,
    double float8,
    flag boolean,
    words text,
    code varchar(20),
    fixed char(5),
    token uuid UNIQUE,
    day date,
    clock time,
    at timestamptz,
    local timestamp,
    span interval,
    mood store.mood,
    moods store.mood[],
    tags text[],
    numbers int[],
    bigs bigint[],
    amounts numeric[],
    days date[],
    tokens uuid[],
    document jsonb,
    documents jsonb[],
    network inet,
    period int4range,
    home store.address,
    email store.email
);
COMMENT ON TABLE store.kind IS 'One column of every kind.';
COMMENT ON COLUMN store.kind.exact IS E'As many digits as wanted.\n\nIt''s "exact".';

INSERT INTO store.kind (id) VALUES (0);
INSERT INTO store.kind
SELECT n, n * 37 % 65536 - 32768, 9223372036854775807 - n * 1000000007::bigint,
    (n || '.' || repeat(n::text, 20))::numeric * CASE n % 2 WHEN 0 THEN -1 ELSE 1 END, n * 1.2345, n / 8.0, sqrt(n), n % 3 = 0,
    chr(9 + n % 200) || 'wörd ' || n || E' "quoted" \\ back\\slash \n line ☕ 𝄞 ' || chr(8232), 'c-' || n, n % 1000,
    md5(n::text)::uuid, date '0100-02-28' + n * 999, time '00:00' + n * interval '59.000007 s',
    timestamptz '1970-01-01 00:00:00.000001+00' + n * interval '1 day 1.000001 s',
    timestamp '1999-12-31 23:59:59.999' + n * interval '1 month', n * interval '1 day 2 hours 3 seconds',
    (ARRAY['sad', 'so-so', 'very happy', '1st'])[1 + n % 4]::store.mood, ARRAY['1st', NULL, 'so-so']::store.mood[],
    ARRAY['plain', NULL, '', 'NULL', '{}', '"', ',' || n], ARRAY[n, NULL, -n], ARRAY[n * 4294967296, NULL], ARRAY[n / 7.0, NULL, 0.0000000001],
    ARRAY[date '2000-01-01' + n, NULL], ARRAY[md5(n::text)::uuid], jsonb_build_object('n', n, 'deep', jsonb_build_array(n, NULL, 'ü', 123456789012.123)),
    ARRAY['{"a": 1}', NULL, '[1, "two"]']::jsonb[], ('10.0.' || n / 256 || '.' || n % 256)::inet, int4range(n, n * 2),
    ROW('street ' || n, n, ARRAY[n / 4.0, NULL]::float8[])::store.address, 'k' || n || '@example.com'
FROM generate_series(1, 250) n;

CREATE TABLE store.customer (
    id bigint PRIMARY KEY,
    "fullName" text NOT NULL,
    "order" int,
    "home town" text,
    boss_id bigint REFERENCES store.customer
);
INSERT INTO store.customer SELECT n + 5000000000, 'Customer ' || n, nullif(n % 10, 0), nullif('Town ' || n % 7, 'Town 0'), CASE WHEN n > 1 THEN n / 2 + 5000000000 END
FROM generate_series(1, 1000) n;

CREATE TABLE store.purchase (
    id int PRIMARY KEY,
    customer_id bigint REFERENCES store.customer,
    placed_at timestamptz NOT NULL,
    total numeric(12, 2)
);
INSERT INTO store.purchase SELECT n, CASE WHEN n % 11 <> 0 THEN 5000000001 + n * 7 % 1000 END, '2024-01-01 00:00Z'::timestamptz + n * interval '7 min', n % 997 / 100.0
FROM generate_series(1, 5000) n;
CREATE INDEX ON store.purchase (customer_id);

CREATE TABLE store.purchase_line (
    purchase_id int REFERENCES store.purchase,
    line int,
    sku text NOT NULL,
    quantity int,
    PRIMARY KEY (purchase_id, line)
);
INSERT INTO store.purchase_line SELECT n, line, 'sku-' || (n * line) % 50, line FROM generate_series(1, 400) n, generate_series(1, 1 + n % 3) line;

CREATE VIEW store.region AS
    SELECT "home town" AS town, count(*) AS customers, sum("order") AS orders FROM store.customer GROUP BY 1 ORDER BY 1;

CREATE FUNCTION store.find_customers(town text) RETURNS SETOF store.customer LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.* FROM store.customer c WHERE c."home town" = find_customers.town ORDER BY c.id;
END;

CREATE FUNCTION store.add_up(a int, b int) RETURNS bigint LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT a::bigint + b;
END;
ANALYZE store.kind, store.customer, store.purchase, store.purchase_line;
