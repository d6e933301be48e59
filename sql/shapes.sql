-- Relationships of every kind, through every batch mode, in every shape a query can take: the rows of local
-- copies, and as many requests as batches of the keys come to.
CREATE SCHEMA shapes;
SET search_path = shapes;
SET client_min_messages = warning;
\getenv api GRAPHQL_FDW_API
\set entities :api '/entities'
\set batch :api '/batch'
CREATE SERVER shapes FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api', key_batch_size '20');
CREATE SERVER shapes_entities FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'entities', key_batch_size '20');
CREATE SERVER shapes_batch FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'batch', key_batch_size '20');

-- The same names in a schema for each batch mode, and in one for the local copies. `member` is an API's table
-- that relationships begin at, `account`, `account_order` and `purchase` are those they lead to, `link` leads on.
CREATE TABLE customer (n int, key int, note text);
INSERT INTO customer SELECT n, CASE WHEN n % 50 <> 49 THEN 3 + n * 7 % 60 * 3 END FROM generate_series(0, 239) n;
CREATE TABLE payment (id int, key int, label text, rank numeric, link int);
INSERT INTO payment SELECT n, id, 'payment ' || n, n % 17 + 10, n % 90
    FROM (SELECT row_number() OVER (ORDER BY id, copy) AS n, id FROM (SELECT DISTINCT referrer_id AS id FROM local.accounts WHERE region = 'us-west') a, generate_series(1, 2) copy) p;
CREATE TABLE visit (n int, key int) PARTITION BY RANGE (n);
CREATE TABLE visit_early PARTITION OF visit FOR VALUES FROM (0) TO (100);
CREATE TABLE visit_late PARTITION OF visit FOR VALUES FROM (100) TO (1000);
INSERT INTO visit SELECT n, key FROM customer;
ANALYZE customer, payment, visit;

-- Relationships are functions; between the local copies, where nothing leads to an API, they are written by hand.
CREATE PROCEDURE relate(source text, name text, target text, source_column text) LANGUAGE plpgsql AS $$
BEGIN
    IF current_schema = 'shapes_local' THEN
        EXECUTE format('CREATE FUNCTION %1$s_%2$s(%1$s) RETURNS SETOF %3$s LANGUAGE sql STABLE BEGIN ATOMIC SELECT * FROM %3$s a WHERE a.key = $1.%4$s; END',
                       source, name, target, source_column);
    ELSE
        PERFORM graphql_create_relationship(source::regclass, name, target::regclass, jsonb_build_object('key', source_column));
    END IF;
END $$;
CREATE PROCEDURE make_tables(mode text, server text DEFAULT 'shapes') LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE SCHEMA shapes_%1$s', mode);
    PERFORM set_config('search_path', format('shapes_%s, shapes, public', mode), true);
    CREATE TABLE customer AS TABLE shapes.customer;
    CREATE TABLE payment AS TABLE shapes.payment;
    CREATE INDEX ON payment (key);
    ANALYZE customer, payment;
    IF mode = 'local' THEN
        CREATE VIEW member AS SELECT id AS n, referrer_id AS key FROM local.accounts WHERE region = 'us-west';
        CREATE VIEW account AS SELECT id, id AS key, plan AS label, balance AS rank, referrer_id AS link FROM local.accounts;
        CREATE VIEW account_order AS SELECT id::text, account_id AS key, sku AS label, total AS rank, account_id + 1 AS link FROM local.orders;
        CREATE VIEW purchase AS SELECT id, id::int AS key, sku AS label, total AS rank, account_id AS link FROM local.orders;
    ELSE
        EXECUTE format($sql$
            CREATE FOREIGN TABLE member_base (n int OPTIONS (path 'id'), key int OPTIONS (path 'referrerId'), region text OPTIONS (argument 'region'))
                SERVER %1$I OPTIONS (field 'accounts', key 'n');
            CREATE VIEW member AS SELECT n, key FROM member_base WHERE region = 'us-west';
            CREATE FOREIGN TABLE account (id int, key int OPTIONS (path 'id', argument 'id', type 'Int!'), label text OPTIONS (path 'plan'),
                rank numeric OPTIONS (path 'balance'), link int OPTIONS (path 'referrerId'))
                SERVER %1$I OPTIONS (field 'account', key 'key', batch_mode %2$L, lookups %5$L);
            CREATE FOREIGN TABLE account_order_base (id text, key int OPTIONS (path 'accountId', argument 'accountId', type 'Int!'),
                label text OPTIONS (path 'sku'), rank numeric OPTIONS (path 'total'))
                SERVER %1$I OPTIONS (field 'ordersByAccount', key 'id', batch_mode %3$L,
                lookups '[{"field": "orders", "arguments": {"filter": {"accountId": {"in": ["$key"]}}}}]');
            CREATE VIEW account_order AS SELECT id, key, label, rank, key + 1 AS link FROM account_order_base;
            CREATE FOREIGN TABLE purchase (id text, key int OPTIONS (path 'id', argument 'id', type 'ID!'), label text OPTIONS (path 'sku'),
                rank numeric OPTIONS (path 'total'), link int OPTIONS (path 'accountId'))
                SERVER %1$I OPTIONS (field 'order', key 'key', batch_mode %4$L, lookups %6$L);
        $sql$, server,
        CASE mode WHEN 'nodes' THEN 'auto' ELSE mode END,
        CASE WHEN mode IN ('entities', 'nodes') THEN 'auto' ELSE mode END,
        CASE mode WHEN 'entities' THEN 'auto' ELSE mode END,
        CASE mode WHEN 'filter' THEN '[{"field": "accounts", "arguments": {"filter": {"id": {"in": ["$key"]}}}}]'
            WHEN 'entities' THEN '[{"field": "_entities", "typename": "Account", "arguments": {"representations": [{"__typename": "Account", "id": "$key"}]}}]'
            ELSE '[{"field": "accountsByIds", "arguments": {"ids": ["$key"]}}]' END,
        CASE mode WHEN 'nodes' THEN '[{"field": "nodes", "typename": "Order", "arguments": {"ids": ["$key"]}}]'
            ELSE '[{"field": "orders", "arguments": {"filter": {"id": {"in": ["$key"]}}}}]' END);
    END IF;
    CALL relate('customer', 'related', 'account', 'key');
    CALL relate('customer', 'orders', 'account_order', 'key');
    CALL relate('customer', 'purchase', 'purchase', 'key');
    CALL relate('member', 'payments', 'payment', 'key');
    CALL relate('member', 'related', 'account', 'key');
    CALL relate('member', 'orders', 'account_order', 'key');
    CALL relate('account', 'next', 'account', 'link');
    CALL relate('account_order', 'next', 'account', 'link');
    CALL relate('purchase', 'next', 'account', 'link');
    CALL relate('payment', 'next', 'account', 'link');
    -- Views over the API.
    CREATE VIEW either AS SELECT key, label FROM account UNION ALL SELECT key, label FROM account_order;
    CREATE VIEW paired AS SELECT a.key, a.label, o.id FROM account a JOIN account_order o ON o.key = a.key;
    CREATE VIEW guarded WITH (security_barrier) AS SELECT key, label FROM account WHERE label <> 'free';
    CREATE FUNCTION guarded_of(customer) RETURNS SETOF guarded LANGUAGE sql STABLE ROWS 1
        BEGIN ATOMIC SELECT a.key, a.label FROM guarded a WHERE a.key = $1.key OFFSET 0; END;
END $$;
CALL make_tables('list');
CALL make_tables('alias');
CALL make_tables('single');
CALL make_tables('filter');
CALL make_tables('array', 'shapes_batch');
CALL make_tables('entities', 'shapes_entities');
CALL make_tables('nodes', 'shapes_entities');
CALL make_tables('local');

-- A mode is a schema, or the way in which a statement is run in the schema of lists.
CREATE FUNCTION path_of(mode text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('shapes_%s, shapes, public', CASE WHEN mode IN ('cursor', 'prepared') THEN 'list' ELSE mode END);
CREATE FUNCTION start(mode text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('search_path', path_of(mode), true);
    IF mode = 'cursor' THEN
        RETURN 'DECLARE way NO SCROLL CURSOR FOR ' || statement;
    ELSIF mode = 'prepared' THEN
        PERFORM set_config('plan_cache_mode', 'force_generic_plan', true);
        EXECUTE 'DEALLOCATE ALL';
        EXECUTE 'PREPARE way(numeric) AS ' || replace(statement, '> 20', '> $1');
        EXECUTE 'EXPLAIN EXECUTE way(10)';
        RETURN 'EXECUTE way(20)';
    END IF;
    RETURN statement;
END $$;

-- A statement's requests, and the look-ups that no look-ahead had asked for. What it changes is undone.
CREATE FUNCTION measure(mode text, statement text, OUT requests bigint, OUT missed bigint) LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
    BEGIN
        EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, FORMAT JSON) ' || start(mode, statement) INTO plan;
        RAISE SQLSTATE 'UNDO0';
    EXCEPTION WHEN SQLSTATE 'UNDO0' THEN
    END;
    SELECT sum((n ->> 'HTTP Requests')::bigint), sum((n ->> 'Lookups Missed')::bigint) INTO requests, missed
    FROM jsonb_path_query(plan, 'strict $.** ? (@.type() == "object" && exists (@."HTTP Requests"))') n;
END $$;

-- The rows it returns, sorted.
CREATE FUNCTION rows_of(mode text, statement text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    way refcursor := 'way';
    row record;
    rows text[] := '{}';
BEGIN
    BEGIN
        statement := start(mode, statement);
        IF mode = 'cursor' THEN
            EXECUTE statement;
            LOOP
                FETCH way INTO row;
                EXIT WHEN NOT FOUND;
                rows := rows || row::text;
            END LOOP;
        ELSE
            FOR row IN EXECUTE statement LOOP
                rows := rows || row::text;
            END LOOP;
        END IF;
        RAISE SQLSTATE 'UNDO0';
    EXCEPTION WHEN SQLSTATE 'UNDO0' THEN
    END;
    RETURN (SELECT array_agg(r ORDER BY r) FROM unnest(rows) r);
END $$;

-- What EXPLAIN says of a mode.
CREATE FUNCTION told(mode text, child text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || start(mode, format('SELECT a.id FROM customer p LEFT JOIN %s a ON a.key = p.key AND a.rank > 20', child)) INTO plan;
    RETURN jsonb_path_query_first(plan, 'strict $.**."Batch Mode"') #>> '{}';
END $$;
SELECT child, string_agg(told(mode, child), ', ' ORDER BY n) AS modes
FROM (VALUES ('account', '{alias,list,single,filter,array,entities}'::text[]), ('account_order', '{alias,list,single,filter,array}'), ('purchase', '{alias,list,nodes}')) v (child, modes),
LATERAL unnest(modes) WITH ORDINALITY m (mode, n) GROUP BY child ORDER BY child;

-- What relationships there are: %P the rows they begin at, %C where they lead, %F the function. All modes are gone
-- through with the shapes that count most, the others with two.
CREATE TABLE kind (kind text, parent text, child text, function text, modes text[]);
INSERT INTO kind VALUES
('table to one', 'customer', 'account', 'customer_related', '{alias,list,single,filter,array,entities,cursor,prepared}'),
('table to one by ID', 'customer', 'purchase', 'customer_purchase', '{alias,list,nodes}'),
('table to many', 'customer', 'account_order', 'customer_orders', '{alias,list,single,filter,array,cursor,prepared}'),
('API to table', 'member', 'payment', 'member_payments', '{alias,list,single,cursor,prepared}'),
('API to API, one', 'member', 'account', 'member_related', '{alias,list,single,filter,array,entities,cursor,prepared}'),
('API to API, many', 'member', 'account_order', 'member_orders', '{alias,list,single,filter,array,cursor,prepared}');

-- `keys`: for each look-up the statement does, a query over the local copies for its keys (default: those
-- of all parents). `kinds`: the ones the shape is about.
CREATE TABLE shape (position int GENERATED ALWAYS AS IDENTITY, shape text, statement text,
    keys text[] DEFAULT '{SELECT key FROM %P}', kinds text DEFAULT '');
\set chained '{SELECT key FROM %P,SELECT a.link FROM %P p JOIN %C a ON a.key = p.key}'
INSERT INTO shape (shape, statement) VALUES
('JOIN', 'SELECT p.n, a.* FROM %P p JOIN %C a ON a.key = p.key'),
('LEFT JOIN', 'SELECT p.n, a.* FROM %P p LEFT JOIN %C a ON a.key = p.key AND a.rank > 20'),
('LEFT JOIN, parents ruled out', 'SELECT p.n, a.* FROM %P p LEFT JOIN %C a ON a.key = p.key AND p.n % 5 = 0'),
('LATERAL f(p)', 'SELECT p.n, a.* FROM %P p, LATERAL %F(p) a'),
('LEFT JOIN LATERAL f(p)', 'SELECT p.n, a.* FROM %P p LEFT JOIN LATERAL %F(p) a ON true'),
('LATERAL, ORDER BY and LIMIT', 'SELECT p.n, a.* FROM %P p LEFT JOIN LATERAL (SELECT * FROM %F(p) a ORDER BY a.rank DESC, a.id LIMIT 2) a ON true'),
('LATERAL, aggregate', 'SELECT p.n, a.* FROM %P p, LATERAL (SELECT count(*), max(a.rank) FROM %F(p) a) a'),
('LATERAL, DISTINCT', 'SELECT p.n, a.* FROM %P p, LATERAL (SELECT DISTINCT a.label FROM %F(p) a) a'),
('EXISTS', 'SELECT p.n FROM %P p WHERE EXISTS (SELECT FROM %F(p) a WHERE a.rank > 20)'),
('NOT EXISTS', 'SELECT p.n FROM %P p WHERE NOT EXISTS (SELECT FROM %F(p) a WHERE a.rank > 20)'),
('IN', 'SELECT p.n FROM %P p WHERE p.key IN (SELECT a.key FROM %C a WHERE a.rank > 20)'),
('NOT IN', 'SELECT p.n FROM %P p WHERE ''free'' NOT IN (SELECT a.label FROM %F(p) a WHERE a.label IS NOT NULL)'),
('scalar in SELECT', 'SELECT p.n, (SELECT max(a.label) FROM %F(p) a) FROM %P p'),
('EXISTS in SELECT', 'SELECT p.n, EXISTS (SELECT FROM %F(p) a WHERE a.rank > 20) FROM %P p'),
('scalar in WHERE', 'SELECT p.n FROM %P p WHERE (SELECT max(a.rank) FROM %F(p) a) > 20'),
('json_agg as of PostgREST', 'SELECT p.n, x.list FROM %P p LEFT JOIN LATERAL (SELECT COALESCE(jsonb_agg(x), ''[]'') AS list FROM (SELECT a.id, a.label FROM %F(p) AS a ORDER BY a.id) x) x ON true'),
('json_agg as of PostGraphile', 'SELECT jsonb_build_object(''n'', p.n, ''list'', (SELECT COALESCE((SELECT jsonb_agg(s.object) FROM (SELECT jsonb_build_object(''id'', a.id) AS object FROM %F(p) AS a ORDER BY a.id) s), ''[]''))) FROM %P p'),
('aggregate over', 'SELECT a.label, count(*), sum(p.n) FROM %P p JOIN %C a ON a.key = p.key GROUP BY a.label'),
('window over', 'SELECT p.n, rank() OVER (PARTITION BY a.label ORDER BY a.rank, a.id, p.n) FROM %P p JOIN %C a ON a.key = p.key'),
('UNION ALL over', 'SELECT p.n, a.label FROM %P p JOIN %C a ON a.key = p.key UNION ALL SELECT n, note FROM customer'),
('in a CTE', 'WITH x AS MATERIALIZED (SELECT * FROM %P) SELECT x.n, a.* FROM x JOIN %C a ON a.key = x.key'),
('INSERT SELECT', 'INSERT INTO customer SELECT p.n, a.key, a.label FROM %P p JOIN %C a ON a.key = p.key RETURNING *');
INSERT INTO shape (shape, statement, keys) VALUES
('scalar in WHERE and SELECT', 'SELECT p.n, (SELECT a.label FROM account a WHERE a.key = p.key) FROM %P p WHERE (SELECT max(a.rank) FROM %F(p) a) IS DISTINCT FROM -1', '{SELECT key FROM %P,SELECT key FROM %P}'),
('EXISTS under OR', 'SELECT p.n FROM %P p WHERE p.n % 2 = 0 OR EXISTS (SELECT FROM %F(p) a WHERE a.rank > 20)', '{SELECT key FROM %P WHERE n % 2 <> 0}'),
('NOT EXISTS under OR', 'SELECT p.n FROM %P p WHERE p.n % 2 = 0 OR NOT EXISTS (SELECT FROM %C a WHERE a.key = p.key AND a.rank > 20)', '{SELECT key FROM %P WHERE n % 2 <> 0}'),
('chained functions', 'SELECT p.n, a.id, b.label FROM %P p LEFT JOIN LATERAL %F(p) a ON true LEFT JOIN LATERAL %C_next(a) b ON true', :'chained'),
('chained joins', 'SELECT p.n, a.id, b.label FROM %P p JOIN %C a ON a.key = p.key JOIN account b ON b.key = a.link', :'chained');
INSERT INTO shape (shape, statement, keys, kinds) VALUES
('chained in LATERAL', 'SELECT p.n, x.* FROM %P p LEFT JOIN LATERAL (SELECT a.id, b.label FROM %F(p) a LEFT JOIN LATERAL %C_next(a) b ON true ORDER BY a.rank, a.id LIMIT 2) x ON true', :'chained', 'one|many'),
('chained in LATERAL, aggregate', 'SELECT p.n, x.* FROM %P p, LATERAL (SELECT count(b.id), max(b.label) FROM %F(p) a, LATERAL %C_next(a) b) x', :'chained', 'one|many'),
('chained in a scalar', 'SELECT p.n, (SELECT max(b.label) FROM %F(p) a, LATERAL %C_next(a) b) FROM %P p', :'chained', 'one|many'),
('chained three times', 'SELECT p.n, x.* FROM %P p, LATERAL (SELECT count(c.id), max(c.label) FROM %F(p) a, LATERAL %C_next(a) b, LATERAL account_next(b) c) x',
    '{SELECT key FROM %P,SELECT a.link FROM %P p JOIN %C a ON a.key = p.key,SELECT b.link FROM %P p JOIN %C a ON a.key = p.key JOIN account b ON b.key = a.link}', 'one|many'),
('nested as of PostgREST', 'SELECT p.n, x.list FROM %P p LEFT JOIN LATERAL (SELECT COALESCE(jsonb_agg(x), ''[]'') AS list FROM (SELECT a.id, row_to_json(y.*)::jsonb AS y FROM %F(p) AS a LEFT JOIN LATERAL (SELECT b.label FROM %C_next(a) AS b) y ON true ORDER BY a.id) x) x ON true', :'chained', 'one|many'),
('nested as of PostGraphile', 'SELECT p.n, (SELECT jsonb_agg(s.object) FROM (SELECT jsonb_build_object(''id'', a.id, ''next'', (SELECT jsonb_build_object(''label'', b.label) FROM %C_next(a) b)) AS object FROM %F(p) AS a ORDER BY a.id) s) FROM %P p', :'chained', 'one|many'),
('two relationships', 'SELECT p.n, a.id, b.id FROM %P p LEFT JOIN LATERAL %F(p) a ON true LEFT JOIN LATERAL %P_related(p) b ON true', '{SELECT key FROM %P,SELECT key FROM %P}', ''),
('partitioned parents', 'SELECT p.n, a.* FROM visit p JOIN %C a ON a.key = p.key', '{SELECT key FROM %P}', '^table'),
('recursive', 'WITH RECURSIVE r AS (SELECT n, key, 0 AS depth FROM %P UNION ALL SELECT r.n, a.link, depth + 1 FROM r JOIN %C a ON a.key = r.key WHERE depth < 2) SELECT * FROM r',
    '{SELECT key FROM %P,SELECT link FROM account WHERE key IN (SELECT key FROM %P) AND link NOT IN (SELECT key FROM %P WHERE key IS NOT NULL)}', 'table to one'),
('UNION ALL view', 'SELECT p.n, u.* FROM %P p JOIN either u ON u.key = p.key', '{SELECT key FROM %P,SELECT key FROM %P}', '^table to one$'),
('join view', 'SELECT p.n, u.* FROM %P p LEFT JOIN paired u ON u.key = p.key', '{SELECT key FROM %P,SELECT key FROM %P}', 'table to one'),
('security_barrier view', 'SELECT p.n, u.* FROM %P p LEFT JOIN LATERAL guarded_of(p) u ON true', '{SELECT key FROM %P}', 'table to one'),
('UPDATE FROM', 'UPDATE %P p SET note = a.label FROM %C a WHERE a.key = p.key RETURNING p.n, p.note', '{SELECT key FROM %P}', 'table to one'),
('UPDATE SET scalar', 'UPDATE %P p SET note = (SELECT max(a.label) FROM %F(p) a) RETURNING p.*', '{SELECT key FROM %P}', '^table'),
('UPDATE WHERE EXISTS under OR', 'UPDATE %P p SET note = ''x'' WHERE n = 1 OR EXISTS (SELECT FROM %F(p) a WHERE a.rank > 20) RETURNING p.*', '{SELECT key FROM %P WHERE n <> 1}', '^table'),
('DELETE USING', 'DELETE FROM %P p USING %C a WHERE a.key = p.key RETURNING p.*', '{SELECT key FROM %P}', '^table');

CREATE TABLE combination AS
SELECT position, kind, mode
FROM shape s JOIN kind k ON k.kind ~ s.kinds,
LATERAL unnest(modes) mode
-- How slowly a cursor starts is known where look-ups are not chained.
WHERE mode <> 'cursor' OR shape IN ('JOIN', 'LEFT JOIN', 'LATERAL, ORDER BY and LIMIT', 'LATERAL, aggregate', 'EXISTS', 'NOT EXISTS',
    'scalar in SELECT', 'json_agg as of PostgREST', 'chained functions', 'UNION ALL view');

CREATE FUNCTION filled(text text, k kind) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN replace(replace(replace(text, '%P', k.parent), '%C', k.child), '%F', k.function);

-- Requests of 20 keys, for each look-up, and the one that reads the parents where an API has them. A cursor, which may
-- be closed early, begins with requests of 4 and 16.
CREATE FUNCTION expected(s shape, k kind, mode text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    size int := CASE mode WHEN 'single' THEN 1 ELSE 20 END;
    total bigint := (k.parent = 'member')::int;
    n bigint;
    look_up int;
BEGIN
    PERFORM set_config('search_path', 'shapes_local, shapes', true);
    FOR look_up IN SELECT generate_subscripts(s.keys, 1) LOOP
        CONTINUE WHEN look_up = 1 AND k.child = 'payment';
        EXECUTE format('SELECT count(DISTINCT key) FROM (%s) k(key)', filled(s.keys[look_up], k)) INTO n;
        total := total + ceil(n::numeric / size) + (mode = 'cursor' AND n > 4)::int;
    END LOOP;
    RETURN total;
END $$;

CREATE TABLE wanted AS
SELECT position, kind, rows_of('local', filled(statement, k)) AS rows
FROM (SELECT DISTINCT position, kind FROM combination) c JOIN shape s USING (position) JOIN kind k USING (kind);
CREATE TABLE result AS
SELECT position, s.shape, kind, mode, m.requests, expected(s, k, mode), m.missed,
       rows_of(mode, filled(statement, k)) IS NOT DISTINCT FROM w.rows AS same, cardinality(w.rows) AS rows
FROM combination JOIN shape s USING (position) JOIN kind k USING (kind) JOIN wanted w USING (position, kind), LATERAL measure(mode, filled(statement, k)) m;

-- requests, the look-ups missed where there are any, and "wrong" where rows differ.
SELECT shape, kind, min(rows) AS rows,
       string_agg(concat_ws(' ', mode, requests, 'of ' || nullif(expected, requests), nullif(missed, 0) || ' missed', CASE WHEN NOT same THEN 'wrong' END), ', ' ORDER BY mode) AS requests
FROM result GROUP BY position, shape, kind ORDER BY position, kind;
SELECT count(*), count(*) FILTER (WHERE requests IS DISTINCT FROM expected OR missed > 0 OR NOT same) AS not_as_expected FROM result;

-- What stays single, and says so.
SET search_path = shapes_list, shapes;
CREATE FUNCTION strictly(customer) RETURNS SETOF account LANGUAGE sql STABLE STRICT ROWS 1
    BEGIN ATOMIC SELECT a.id, a.key, a.label, a.rank, a.link FROM account a WHERE a.key = $1.key; END;
CREATE FUNCTION procedural(customer) RETURNS SETOF account LANGUAGE plpgsql STABLE
    AS 'BEGIN RETURN QUERY SELECT a.* FROM account a WHERE a.key = $1.key; END';
EXPLAIN (COSTS OFF) SELECT n, (customer_related(p)).label FROM customer p;
EXPLAIN (COSTS OFF) SELECT p.n, a.label FROM customer p, LATERAL strictly(p) a;
EXPLAIN (COSTS OFF) SELECT p.n, a.label FROM customer p, LATERAL procedural(p) a;
SELECT statement, rows_of('list', statement) = rows_of('local', replace(statement, 'strictly', 'customer_related')) AS same
FROM unnest(ARRAY['SELECT n, (customer_related(p)).label FROM customer p WHERE n < 20', 'SELECT n, customer_orders(p) FROM customer p WHERE n < 20 ORDER BY n LIMIT 30',
                  'SELECT p.n, a.label FROM customer p, LATERAL strictly(p) a WHERE n < 20']) statement;

\set VERBOSITY terse
DROP SERVER shapes, shapes_entities, shapes_batch CASCADE;
DROP SCHEMA shapes, shapes_list, shapes_alias, shapes_single, shapes_filter, shapes_array, shapes_entities, shapes_nodes, shapes_local CASCADE;
