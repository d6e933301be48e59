-- Objects and the lists inside them, joined by the API: one nested selection, with the rows of local joins.
\set VERBOSITY terse
\getenv api GRAPHQL_FDW_API
\set ordered :api '/ordered'
SET client_min_messages = warning;
CREATE SERVER joins_api FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE SERVER joins_other FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE SERVER joins_pages FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'ordered', fetch_size '5');
CREATE SCHEMA joins;
SET search_path = joins, public;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account, accounts, accounts_relay, account_orders, countries, country_languages, continents, continent_countries)
    FROM SERVER joins_api INTO joins OPTIONS (import_children 'on', import_max_depth '0');
CREATE SCHEMA joins_pages;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (accounts, accounts_relay, account_readings, account_readings_slice, account_readings_numbered, account_orders_relay) FROM SERVER joins_pages INTO joins_pages
    OPTIONS (import_children 'on', import_max_depth '0');
CREATE SCHEMA joins_other;
IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account_orders) FROM SERVER joins_other INTO joins_other OPTIONS (import_children 'on', import_max_depth '0');
CREATE TABLE customer (name text, key int);
INSERT INTO customer SELECT 'c' || n, CASE WHEN n % 7 > 0 THEN n * 3 END FROM generate_series(1, 40) n;
ANALYZE customer;
-- The rows that the lists can hold: some orders are of accounts that are not.
CREATE VIEW orders AS SELECT o.* FROM local.orders o JOIN local.accounts a ON a.id = o.account_id;
RESET client_min_messages;

-- The statement over the local copies.
CREATE FUNCTION over_copies(statement text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(regexp_replace(regexp_replace(statement, 'joins_pages\.|joins_other\.', '', 'g'), '\maccount_orders\w*', 'orders', 'g'), '\maccounts\w*|\maccount\M', 'local.accounts', 'g');
$$;
-- Is it the API that joins?
CREATE FUNCTION joined(statement text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text; found boolean := false;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN ' || statement LOOP
        found := found OR line LIKE '%Relations: %';
    END LOOP;
    RETURN found;
END $$;

-- One request; what the join is on is checked again.
EXPLAIN (VERBOSE, COSTS OFF) SELECT a.plan, o.total FROM accounts a JOIN account_orders o ON o.account_id = a.id;
EXPLAIN (COSTS OFF) SELECT a.plan, o.total FROM account_orders o, accounts a WHERE a.id = o.account_id;
-- Parents without rows are rows, too.
EXPLAIN (VERBOSE, COSTS OFF) SELECT a.plan, o.total FROM accounts a LEFT JOIN account_orders o ON o.account_id = a.id WHERE a.plan <> 'free';
-- Keys, of either table.
EXPLAIN (VERBOSE, COSTS OFF) SELECT a.plan, o.total FROM account a JOIN account_orders o ON o.account_id = a.id WHERE a.id = 7;
EXPLAIN (VERBOSE, COSTS OFF) SELECT a.plan, o.total FROM account a JOIN account_orders o ON o.account_id = a.id WHERE o.account_id IN (7, 8, 9) AND o.total > 20;
-- Parents in pages; the filter is the parent's.
EXPLAIN (VERBOSE, COSTS OFF) SELECT a.plan, o.total FROM accounts_relay a LEFT JOIN account_orders o ON o.account_id = a.id WHERE a.id < 300;
-- Lists in pages are gone on with by key.
EXPLAIN (VERBOSE, COSTS OFF) SELECT a.plan, o.total FROM joins_pages.accounts a JOIN joins_pages.account_orders_relay o ON o.account_id = a.id WHERE a.id IN (7, 8, 9);
EXPLAIN (VERBOSE, COSTS OFF) SELECT a.plan, o.total FROM joins_pages.accounts a JOIN joins_pages.account_orders_relay o ON o.account_id = a.id;
-- Pages of parents with the first page of each list.
EXPLAIN (VERBOSE, COSTS OFF) SELECT a.plan, r.value FROM joins_pages.accounts_relay a LEFT JOIN joins_pages.account_readings r ON r.account_id = a.id WHERE a.id < 40;
-- What both have fields for.
EXPLAIN (VERBOSE, COSTS OFF) SELECT a.id, a.orders, o.id, o.account FROM accounts a JOIN account_orders o ON o.account_id = a.id;
EXPLAIN (VERBOSE, COSTS OFF) SELECT c.name, n.name FROM continents c JOIN continent_countries n ON n.continent_code = c.code ORDER BY 1, 2;

-- The same rows, in so many requests.
SELECT joined(q) AS joined, local.counter(q, 'HTTP Requests') AS requests, local.difference(q, over_copies(q)) AS differences, q AS query FROM unnest(ARRAY[
    'SELECT a.id, a.plan, a.seats, o.account_id, o.id, o.total FROM accounts a JOIN account_orders o ON o.account_id = a.id',
    'SELECT a.id, a.plan, a.seats, o.account_id, o.id, o.total FROM accounts a LEFT JOIN account_orders o ON o.account_id = a.id',
    'SELECT o.id, a.plan FROM account_orders o RIGHT JOIN accounts a ON o.account_id = a.id',
    'SELECT a.settings, a.created_at, o.id, o.placed_at FROM accounts a JOIN account_orders o ON o.account_id = a.id WHERE a.active',
    'SELECT 1 FROM accounts a JOIN account_orders o ON o.account_id = a.id',
    'SELECT a.name FROM accounts a JOIN account_orders o ON o.account_id = a.id WHERE a.region = ''eu-west''',
    'SELECT a.name, o.id FROM accounts a LEFT JOIN account_orders o ON o.account_id = a.id WHERE a.region = ''eu-west'' AND a.balance > 100',
    'SELECT a.plan, o.sku FROM accounts a LEFT JOIN account_orders o ON o.account_id = a.id WHERE coalesce(o.total, 0) < 20',
    'SELECT a.id FROM accounts a LEFT JOIN account_orders o ON o.account_id = a.id WHERE o.id IS NULL',
    'SELECT a.id, o.id FROM accounts_relay a LEFT JOIN account_orders o ON o.account_id = a.id WHERE a.id BETWEEN 100 AND 350',
    'SELECT a.id, o.id FROM accounts_relay a JOIN account_orders o ON o.account_id = a.id AND o.quantity > a.id % 7',
    'SELECT a.id, o.id FROM account a JOIN account_orders o ON o.account_id = a.id WHERE a.id = 7',
    'SELECT a.id, o.id FROM account a LEFT JOIN account_orders o ON o.account_id = a.id WHERE a.id = 7',
    'SELECT a.id, o.id FROM account a LEFT JOIN account_orders o ON o.account_id = a.id WHERE a.id IN (1, 2, 2, 7, 8, 9, 4711, NULL)',
    'SELECT a.id, o.id FROM account a JOIN account_orders o ON o.account_id = a.id WHERE a.id = 7 AND o.account_id IN (7, 8)',
    'SELECT a.id, o.id FROM account a JOIN account_orders o ON o.account_id = a.id WHERE a.id = 7 AND o.account_id = 8',
    'SELECT a.id, o.id FROM account a, account_orders o WHERE a.id = 9 AND o.account_id = 9',
    'SELECT a.id, o.id FROM account a LEFT JOIN account_orders o ON o.account_id = a.id WHERE a.id = ANY (ARRAY(SELECT generate_series(1, 250)))',
    'SELECT a.plan, count(*), count(o.id), sum(o.total) FROM accounts a LEFT JOIN account_orders o ON o.account_id = a.id GROUP BY 1',
    'SELECT a.id, o.id FROM accounts a JOIN account_orders o ON o.account_id = a.id ORDER BY a.balance, o.id LIMIT 7',
    'SELECT c.name, o.id FROM customer c JOIN accounts a ON a.id = c.key JOIN account_orders o ON o.account_id = a.id',
    'SELECT c.name, a.plan, o.id FROM customer c LEFT JOIN (accounts a LEFT JOIN account_orders o ON o.account_id = a.id) ON a.id = c.key',
    'SELECT c.name, a.plan, o.id FROM accounts a LEFT JOIN account_orders o ON o.account_id = a.id LEFT JOIN customer c ON c.key = o.quantity',
    'SELECT a.id, o.id, p.id FROM accounts a JOIN account_orders o ON o.account_id = a.id JOIN account_orders p ON p.account_id = a.id AND p.id < o.id',
    'SELECT a.id, x.n FROM accounts a LEFT JOIN (SELECT account_id, count(*) AS n FROM account_orders GROUP BY 1) x ON x.account_id = a.id',
    'SELECT a.id, o.id FROM joins_pages.accounts a JOIN joins_pages.account_orders_relay o ON o.account_id = a.id WHERE a.id IN (1, 7, 8, 9, 30, 4711)',
    'SELECT a.id, o.id FROM joins_pages.accounts a JOIN joins_pages.account_orders_relay o ON o.account_id = a.id WHERE a.id = 7',
    'SELECT a.id, o.id FROM joins_pages.accounts a LEFT JOIN joins_pages.account_orders_relay o ON o.account_id = a.id WHERE a.id IN (1, 7, 8, 9, 30, 4711)',
    'SELECT a.id, o.id FROM joins_pages.accounts a LEFT JOIN joins_pages.account_orders_relay o ON o.account_id = a.id WHERE a.id = 7',
    'SELECT a.id, o.id, o.account_id FROM joins_pages.accounts a LEFT JOIN joins_pages.account_orders_relay o ON o.account_id = a.id WHERE a.id = 10',
    'SELECT a.id, o.id FROM joins_pages.accounts a JOIN joins_pages.account_orders_relay o ON o.account_id = a.id WHERE a.id < 40'
]) AS v (q);
-- Lists of twelve, so many at a time: that end with a page or within one, by cursors, offsets and numbers, with caps that nobody tells.
CREATE FUNCTION lists_of(parent text, list text, kind text, condition text, page int) RETURNS TABLE (joined boolean, requests bigint, differences bigint) LANGUAGE plpgsql AS $$
DECLARE
    q text := format('SELECT a.id, a.plan, r.n, r.value FROM joins_pages.%s a %s joins_pages.account_%s r ON r.account_id = a.id WHERE %s', parent, kind, list, condition);
    copy text := format('SELECT a.id, a.plan, r.n, (a.id * 31 + r.n * 17) %% 101 FROM local.accounts a, generate_series(0, 11) r (n) WHERE %s',
        replace(condition, 'r.value', '((a.id * 31 + r.n * 17) % 101)'));
BEGIN
    EXECUTE format('ALTER SERVER joins_pages OPTIONS (SET fetch_size %L)', page);
    RETURN QUERY SELECT joined(q), local.counter(q, 'HTTP Requests'), local.difference(q, copy);
END $$;
SELECT parent, list, kind, page, l.* FROM unnest('{accounts,accounts_relay}'::text[]) parent, unnest('{readings,readings_slice,readings_numbered}'::text[]) list,
    unnest('{JOIN,LEFT JOIN}'::text[]) kind, unnest('{5,6,12,40}'::int[]) page, lists_of(parent, list, kind, 'a.id < 14', page) l;
SELECT condition, l.* FROM unnest(ARRAY['a.id < 30 AND r.value > 50', 'a.id < 30 AND a.plan = ''free''', 'a.id < 1', 'a.id BETWEEN 20 AND 31 AND r.value > a.id']) condition,
    lists_of('accounts_relay', 'readings', 'JOIN', condition, 5) l;
-- Stopped early, begun again, moved about in.
EXPLAIN (COSTS OFF) SELECT a.id, r.n FROM joins_pages.accounts_relay a LEFT JOIN joins_pages.account_readings r ON r.account_id = a.id LIMIT 20;
SELECT count(*), count(DISTINCT (id, n)) FROM (SELECT a.id, r.n FROM joins_pages.accounts_relay a LEFT JOIN joins_pages.account_readings r ON r.account_id = a.id LIMIT 20) x;
SELECT g, (SELECT sum(r.value) FROM joins_pages.accounts_relay a JOIN joins_pages.account_readings r ON r.account_id = a.id WHERE a.id < g) =
    (SELECT sum((a.id * 31 + n * 17) % 101) FROM local.accounts a, generate_series(0, 11) n WHERE a.id < g) AS same FROM generate_series(8, 24, 8) g;
BEGIN;
DECLARE way SCROLL CURSOR FOR SELECT a.id, r.n FROM joins_pages.accounts_relay a JOIN joins_pages.account_readings r ON r.account_id = a.id WHERE a.id < 9;
MOVE 30 IN way;
FETCH BACKWARD 2 FROM way;
MOVE ALL IN way;
FETCH PRIOR FROM way;
CLOSE way;
COMMIT;
-- Where nothing finds a parent by its key alone, lists are looked up.
ALTER FOREIGN TABLE joins_pages.accounts_relay OPTIONS (SET lookups '[]');
SELECT joined('SELECT 1 FROM joins_pages.accounts_relay a JOIN joins_pages.account_readings r ON r.account_id = a.id');
ALTER SERVER joins_pages OPTIONS (SET fetch_size '5');
-- By keys.
SELECT joined(q), local.counter(q, 'HTTP Requests') AS requests, local.difference(q, 'SELECT a, n, (a * 31 + n * 17) % 101 FROM generate_series(3, 8) a, generate_series(0, 11) n') AS differences
FROM (VALUES ('SELECT a.id, r.n, r.value FROM joins_pages.accounts a JOIN joins_pages.account_readings r ON r.account_id = a.id WHERE a.id BETWEEN 3 AND 8 AND a.id = ANY (''{3,4,5,6,7,8,9}'')')) v (q);

-- By way of relationships.
SELECT graphql_create_relationship('accounts', 'items', 'account_orders', '{"account_id": "id"}');
EXPLAIN (COSTS OFF) SELECT a.plan, o.total FROM accounts a LEFT JOIN LATERAL accounts_items(a) o ON true WHERE a.region = 'eu-west';
SELECT local.counter(q, 'HTTP Requests') AS requests, local.difference(q, 'SELECT a.plan, o.total FROM local.accounts a LEFT JOIN orders o ON o.account_id = a.id') AS differences
FROM (VALUES ('SELECT a.plan, o.total FROM accounts a LEFT JOIN LATERAL accounts_items(a) o ON true'), ('SELECT a.plan, o.total FROM accounts a LEFT JOIN accounts_items(a) o ON o.account_id > 0')) AS v (q);

-- What stays with PostgreSQL.
SELECT joined(q) AS joined, local.difference(q, over_copies(q)) AS differences, q AS query FROM unnest(ARRAY[
    'SELECT o.id, a.plan FROM account_orders o LEFT JOIN accounts a ON o.account_id = a.id',
    'SELECT o.id, a.plan FROM account_orders o FULL JOIN accounts a ON o.account_id = a.id',
    'SELECT o.id, a.plan FROM accounts a LEFT JOIN account_orders o ON o.account_id = a.id AND o.total > 50',
    'SELECT o.id, a.plan FROM accounts a LEFT JOIN account_orders o ON o.account_id = a.id AND a.plan = ''team''',
    'SELECT a.id FROM accounts a WHERE EXISTS (SELECT FROM account_orders o WHERE o.account_id = a.id)',
    'SELECT a.id FROM accounts a WHERE NOT EXISTS (SELECT FROM account_orders o WHERE o.account_id = a.id)',
    'SELECT a.id, o.id FROM accounts a JOIN account_orders o ON o.account_id > a.id WHERE a.id > 997',
    'SELECT a.id, o.id FROM accounts a JOIN account_orders o ON o.quantity = a.id',
    'SELECT to_jsonb(a.*) ->> ''plan'', o.id FROM accounts a JOIN account_orders o ON o.account_id = a.id',
    'SELECT a.id, o.id FROM accounts a JOIN joins_other.account_orders o ON o.account_id = a.id',
    'SELECT a.id, o.id FROM accounts a JOIN account_orders o ON o.account_id = a.id AND (a.balance > 10 OR EXISTS (SELECT FROM customer c WHERE c.key = a.referrer_id))',
    'SELECT c.name, x.n FROM customer c, LATERAL (SELECT count(*) AS n FROM accounts a JOIN account_orders o ON o.account_id = a.id WHERE a.id = c.key) x'
]) AS v (q);
SELECT joined('SELECT a.tableoid, o.id FROM accounts a JOIN account_orders o ON o.account_id = a.id'),
    joined('SELECT o.id FROM accounts a JOIN account_orders o ON o.account_id = a.id WHERE a.balance > random()'),
    joined('SELECT o.id FROM accounts a JOIN account_orders o ON o.account_id = a.id FOR UPDATE'),
    joined('UPDATE customer SET name = o.id FROM accounts a JOIN account_orders o ON o.account_id = a.id WHERE a.id = customer.key');
-- An INSERT reads as a SELECT does.
CREATE TABLE copy (id int, item text);
EXPLAIN (COSTS OFF) INSERT INTO copy SELECT a.id, o.id FROM accounts a JOIN account_orders o ON o.account_id = a.id;
-- Where the parent is not told apart by the key, or errors are let pass.
ALTER FOREIGN TABLE accounts OPTIONS (DROP key);
SELECT joined('SELECT a.plan, o.id FROM accounts a JOIN account_orders o ON o.account_id = a.id');
ALTER FOREIGN TABLE accounts OPTIONS (ADD key 'id', ADD on_error 'null');
SELECT joined('SELECT a.plan, o.id FROM accounts a JOIN account_orders o ON o.account_id = a.id');
ALTER FOREIGN TABLE accounts OPTIONS (DROP on_error);
-- Where only rows of some parents are in the lists, and where the parents are those.
CREATE FOREIGN TABLE western (id int NOT NULL, plan text) SERVER joins_api OPTIONS (field 'accounts', arguments '{"region": "us-west"}', key 'id');
CREATE FOREIGN TABLE western_orders (account_id int OPTIONS (path '..id'), id text) SERVER joins_api
    OPTIONS (field 'accounts.orders', arguments '{"accounts(region)": "us-west"}', key 'id');
CREATE FOREIGN TABLE all_orders (account_id int OPTIONS (path '..id'), id text) SERVER joins_api OPTIONS (field 'accounts.orders');
EXPLAIN (VERBOSE, COSTS OFF) SELECT a.plan, o.id FROM western a LEFT JOIN western_orders o ON o.account_id = a.id;
SELECT joined(q) AS joined, local.difference(q, 'SELECT a.plan, o.id FROM local.accounts a JOIN orders o ON o.account_id = a.id WHERE a.region = ''us-west''') AS differences, q AS query FROM unnest(ARRAY[
    'SELECT a.plan, o.id FROM western a JOIN western_orders o ON o.account_id = a.id',
    'SELECT a.plan, o.id FROM western a JOIN all_orders o ON o.account_id = a.id',
    'SELECT a.plan, o.id FROM accounts a JOIN western_orders o ON o.account_id = a.id']) AS v (q);

-- Columns that were dropped and added, and keys that are equal without being the same.
ALTER FOREIGN TABLE western DROP COLUMN plan, ADD COLUMN born timestamptz OPTIONS (path 'createdAt'), ADD COLUMN level text OPTIONS (path 'plan');
ALTER FOREIGN TABLE western_orders OPTIONS (DROP key);
ALTER FOREIGN TABLE western_orders DROP COLUMN id, ADD COLUMN item text OPTIONS (path 'id');
SELECT joined(q) AS joined, local.difference(q, 'SELECT a.plan, a.created_at, o.id FROM local.accounts a LEFT JOIN orders o ON o.account_id = a.id WHERE a.region = ''us-west'' AND a.id > 20') AS differences
FROM (VALUES ('SELECT a.level, a.born, o.item FROM western a LEFT JOIN western_orders o ON o.account_id = a.id WHERE a.id > 20')) AS v (q);
CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
SELECT joined('SELECT 1 FROM continents c JOIN continent_countries n ON n.continent_code = c.code'), joined('SELECT 1 FROM continents c JOIN continent_countries n ON n.continent_code = c.code COLLATE blind');

-- A parent that comes twice breaks the promise of its key, whether its rows are read or not.
CREATE FOREIGN TABLE regions (region text NOT NULL) SERVER joins_api OPTIONS (field 'accounts', key 'region');
CREATE FOREIGN TABLE region_orders (region text OPTIONS (path '..region'), total numeric) SERVER joins_api OPTIONS (field 'accounts.orders');
SELECT joined('SELECT a.region FROM regions a JOIN region_orders o ON o.region = a.region');
SELECT a.region FROM regions a JOIN region_orders o ON o.region = a.region;
SELECT count(o.total) FROM regions a LEFT JOIN region_orders o ON o.region = a.region;

-- Two users of a server are two connections; rights on both tables are looked at.
CREATE ROLE joins_ada;
CREATE ROLE joins_bob;
GRANT USAGE ON SCHEMA joins TO joins_ada, joins_bob;
GRANT SELECT ON accounts TO joins_ada;
GRANT SELECT ON account_orders TO joins_ada, joins_bob;
CREATE VIEW guarded WITH (security_barrier) AS SELECT id, plan FROM accounts WHERE plan <> 'free';
CREATE VIEW plain AS SELECT id, plan FROM accounts;
ALTER VIEW plain OWNER TO joins_ada;
GRANT SELECT ON plain, guarded TO joins_bob;
GRANT EXECUTE ON FUNCTION joined(text) TO joins_bob;
SET ROLE joins_bob;
SELECT joined('SELECT a.plan, o.id FROM plain a JOIN account_orders o ON o.account_id = a.id');
SELECT a.plan, o.id FROM accounts a JOIN account_orders o ON o.account_id = a.id LIMIT 1;
RESET ROLE;
SELECT joined(q), local.difference(q, 'SELECT a.plan, o.id FROM local.accounts a JOIN orders o ON o.account_id = a.id WHERE a.plan <> ''free'' AND a.id < 50') AS differences
FROM (VALUES ('SELECT a.plan, o.id FROM guarded a JOIN account_orders o ON o.account_id = a.id WHERE a.id < 50')) AS v (q);

-- Parameters, generic plans, cursors and scans that begin again.
PREPARE of_key(int) AS SELECT a.plan, count(o.id) FROM account a LEFT JOIN account_orders o ON o.account_id = a.id WHERE a.id = $1 GROUP BY 1;
PREPARE of_keys(int[], numeric) AS SELECT a.id, count(o.id) FROM account a JOIN account_orders o ON o.account_id = a.id WHERE a.id = ANY ($1) AND o.total > $2 GROUP BY 1 ORDER BY 1;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE of_key(7);
EXECUTE of_key(7);
EXECUTE of_key(8);
EXECUTE of_key(4711);
EXECUTE of_key(NULL);
EXECUTE of_keys('{7,8,9}', 20);
EXECUTE of_keys('{1,2,NULL}', 0);
EXECUTE of_keys(NULL, 0);
RESET plan_cache_mode;
BEGIN;
DECLARE way SCROLL CURSOR FOR SELECT a.id, o.id FROM accounts_relay a LEFT JOIN account_orders o ON o.account_id = a.id WHERE a.id < 200;
FETCH 4 FROM way;
FETCH BACKWARD 2 FROM way;
MOVE ALL IN way;
CLOSE way;
COMMIT;
SELECT g, (SELECT count(*) FROM accounts a JOIN account_orders o ON o.account_id = a.id WHERE a.balance > g * 1000) =
    (SELECT count(*) FROM local.accounts a JOIN orders o ON o.account_id = a.id WHERE a.balance > g * 1000) AS same FROM generate_series(0, 4, 2) g;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
SELECT local.difference(q, over_copies(q)) AS differences FROM (VALUES
    ('SELECT c.name, a.id, o.id FROM customer c LEFT JOIN (accounts a JOIN account_orders o ON o.account_id = a.id AND a.id < 9) ON o.quantity + 0 = c.key % 3 WHERE c.key < 40')) AS v (q);

RESET ALL;
SET client_min_messages = warning;
DROP SERVER joins_api, joins_other, joins_pages CASCADE;
DROP SCHEMA joins, joins_pages, joins_other CASCADE;
DROP ROLE joins_ada, joins_bob;
