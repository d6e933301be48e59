-- What should the tables hold that import makes of PostGraphile? The original ones of store.sql, with the names
-- and the types that a GraphQL schema leaves them.
CREATE VIEW expected_postgraphile.all_kinds AS
    SELECT encode(convert_to(format('["kinds",%s]', id), 'UTF8'), 'base64') AS node_id, id, small::int, big::numeric, exact, price::numeric,
        single::float8, double, flag, words, code::text, rpad(fixed, 5) AS fixed, token, day, clock, at,
        local::timestamptz,    -- both kinds of timestamp are Datetime
        extract(second FROM span)::float8 AS span_seconds, extract(minute FROM span)::int AS span_minutes, extract(hour FROM span)::int AS span_hours,
        extract(day FROM span)::int AS span_days, extract(month FROM span)::int AS span_months, extract(year FROM span)::int AS span_years,
        replace(replace(replace(upper(mood::text), ' ', '_'), '-', '_'), '1ST', '_1ST') AS mood,
        string_to_array(replace(replace(replace(upper(array_to_string(moods, ',', 'null')), ' ', '_'), '-', '_'), '1ST', '_1ST'), ',', 'NULL') AS moods,
        tags, numbers, bigs::numeric[], amounts, days, tokens, document, documents, host(network) AS network,
        CASE WHEN period IS NOT NULL THEN jsonb_build_object('value', lower(period), 'inclusive', lower_inc(period)) END AS period_start,
        CASE WHEN period IS NOT NULL THEN jsonb_build_object('value', upper(period), 'inclusive', upper_inc(period)) END AS period_end,
        (home).street AS home_street, (home).number AS home_number, (home).coordinates AS home_coordinates, email::text
    FROM store.kind;

CREATE VIEW store.customer_fields AS
    SELECT encode(convert_to(format('["customers",%s]', id), 'UTF8'), 'base64') AS node_id, id::numeric, "fullName" AS full_name, "order",
        "home town" AS home_town, boss_id::numeric
    FROM store.customer;
CREATE VIEW store.customer_json AS
    SELECT id, jsonb_build_object('nodeId', node_id, 'id', id::text, 'fullName', full_name, 'order', "order", 'homeTown', home_town,
        'bossId', boss_id::text) AS json
    FROM store.customer_fields;
CREATE VIEW expected_postgraphile.all_customers AS
    SELECT c.*, b.node_id AS customer_by_boss_id_node_id, b.id AS customer_by_boss_id_id, b.full_name AS customer_by_boss_id_full_name,
        b."order" AS customer_by_boss_id_order, b.home_town AS customer_by_boss_id_home_town, b.boss_id AS customer_by_boss_id_boss_id,
        bb.json AS customer_by_boss_id_customer_by_boss_id
    FROM store.customer_fields c
        LEFT JOIN store.customer_fields b ON b.id = c.boss_id
        LEFT JOIN store.customer_json bb ON bb.id = b.boss_id;

CREATE VIEW store.purchase_fields AS
    SELECT encode(convert_to(format('["purchases",%s]', id), 'UTF8'), 'base64') AS node_id, id, customer_id::numeric, placed_at, total::numeric
    FROM store.purchase;
CREATE VIEW expected_postgraphile.all_purchases AS
    SELECT p.*, c.node_id AS customer_by_customer_id_node_id, c.id AS customer_by_customer_id_id, c.full_name AS customer_by_customer_id_full_name,
        c."order" AS customer_by_customer_id_order, c.home_town AS customer_by_customer_id_home_town, c.boss_id AS customer_by_customer_id_boss_id,
        b.json AS customer_by_customer_id_customer_by_boss_id
    FROM store.purchase_fields p
        LEFT JOIN store.customer_fields c ON c.id = p.customer_id
        LEFT JOIN store.customer_json b ON b.id = c.boss_id;

CREATE VIEW expected_postgraphile.all_purchase_lines AS
    SELECT encode(convert_to(format('["purchase_lines",%s,%s]', l.purchase_id, l.line), 'UTF8'), 'base64') AS node_id, l.purchase_id, l.line, l.sku, l.quantity,
        p.node_id AS purchase_by_purchase_id_node_id, p.id AS purchase_by_purchase_id_id, p.customer_id AS purchase_by_purchase_id_customer_id,
        p.placed_at AS purchase_by_purchase_id_placed_at, p.total AS purchase_by_purchase_id_total,
        c.json AS purchase_by_purchase_id_customer_by_customer_id
    FROM store.purchase_line l
        JOIN store.purchase_fields p ON p.id = l.purchase_id
        LEFT JOIN store.customer_json c ON c.id = p.customer_id;

CREATE VIEW expected_postgraphile.all_regions AS SELECT town, customers::numeric, orders::numeric FROM store.region;

-- Each of them by its keys.
CREATE VIEW expected_postgraphile.kind AS TABLE expected_postgraphile.all_kinds;
CREATE VIEW expected_postgraphile.kind_by_id AS TABLE expected_postgraphile.all_kinds;
CREATE VIEW expected_postgraphile.kind_by_token AS SELECT * FROM expected_postgraphile.all_kinds WHERE token IS NOT NULL;
CREATE VIEW expected_postgraphile.customer AS TABLE expected_postgraphile.all_customers;
CREATE VIEW expected_postgraphile.customer_by_id AS TABLE expected_postgraphile.all_customers;
CREATE VIEW expected_postgraphile.purchase AS TABLE expected_postgraphile.all_purchases;
CREATE VIEW expected_postgraphile.purchase_by_id AS TABLE expected_postgraphile.all_purchases;
CREATE VIEW expected_postgraphile.purchase_line AS TABLE expected_postgraphile.all_purchase_lines;
CREATE VIEW expected_postgraphile.purchase_line_by_purchase_id_and_line AS TABLE expected_postgraphile.all_purchase_lines;
CREATE VIEW expected_postgraphile.node_id AS SELECT 'query' AS value;

-- The functions: no rows, and nothing, without arguments.
CREATE VIEW expected_postgraphile.find_customers AS SELECT *, NULL::text AS town FROM expected_postgraphile.all_customers WHERE false;
CREATE VIEW expected_postgraphile.add_up AS SELECT NULL::numeric AS value, NULL::int AS a, NULL::int AS b WHERE false;

-- Any object by its global key: the columns of all types.
CREATE VIEW expected_postgraphile.node AS
    SELECT n.*
    FROM (SELECT to_jsonb(r) - 'id' || jsonb_build_object('typename', 'Kind', 'kind_id', id) FROM expected_postgraphile.all_kinds r
        UNION ALL SELECT to_jsonb(r) - 'id' || jsonb_build_object('typename', 'Customer', 'customer_id', id) FROM expected_postgraphile.all_customers r
        UNION ALL SELECT to_jsonb(r) - '{id,customer_id}'::text[] || jsonb_build_object('typename', 'Purchase', 'purchase_id', id, 'customer_id_2', customer_id)
            FROM expected_postgraphile.all_purchases r
        UNION ALL SELECT to_jsonb(r) - 'purchase_id' || jsonb_build_object('typename', 'PurchaseLine', 'purchase_id_2', purchase_id) FROM expected_postgraphile.all_purchase_lines r
        UNION ALL SELECT '{"typename": "Query", "node_id": "query"}') j (row),
        jsonb_to_record(j.row) AS n (typename text, node_id text, customer_id numeric, full_name text, "order" int, home_town text, boss_id numeric,
            customer_by_boss_id_node_id text, customer_by_boss_id_id numeric, customer_by_boss_id_full_name text, customer_by_boss_id_order int,
            customer_by_boss_id_home_town text, customer_by_boss_id_boss_id numeric, customer_by_boss_id_customer_by_boss_id jsonb,
            kind_id int, small int, big numeric, exact numeric, price numeric, single float8, double float8, flag boolean, words text, code text, fixed text,
            token uuid, day date, clock time, at timestamptz, local timestamptz, span_seconds float8, span_minutes int, span_hours int, span_days int,
            span_months int, span_years int, mood text, moods text[], tags text[], numbers int[], bigs numeric[], amounts numeric[], days date[], tokens uuid[],
            document jsonb, documents jsonb[], network text, period_start jsonb, period_end jsonb, home_street text, home_number int, home_coordinates float8[],
            email text, purchase_id int, customer_id_2 numeric, placed_at timestamptz, total numeric, customer_by_customer_id_node_id text,
            customer_by_customer_id_id numeric, customer_by_customer_id_full_name text, customer_by_customer_id_order int, customer_by_customer_id_home_town text,
            customer_by_customer_id_boss_id numeric, customer_by_customer_id_customer_by_boss_id jsonb, purchase_id_2 int, line int, sku text, quantity int,
            purchase_by_purchase_id_node_id text, purchase_by_purchase_id_id int, purchase_by_purchase_id_customer_id numeric,
            purchase_by_purchase_id_placed_at timestamptz, purchase_by_purchase_id_total numeric, purchase_by_purchase_id_customer_by_customer_id jsonb);
