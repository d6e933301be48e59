-- Reading a foreign table by itself: columns, arguments, lists of keys.
CREATE SCHEMA scan;
SET search_path = scan;
\getenv api GRAPHQL_FDW_API
CREATE SERVER scan FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');

CREATE FOREIGN TABLE country (
    code text OPTIONS (argument 'filter.code.eq', type 'ID'),
    name text,
    capital text,
    currencies text[],
    continent text OPTIONS (path 'continent.name'),
    continent_code text OPTIONS (path 'continent.code', argument 'filter.continent.eq', type 'String'),
    languages text[] OPTIONS (path 'languages.name')
) SERVER scan OPTIONS (field 'countries', key 'code',
    lookups '[{"field": "countriesByCodes", "arguments": {"codes": ["$code"]}}]');

-- Only what is needed is asked for.
EXPLAIN (COSTS OFF, VERBOSE) SELECT name FROM country;
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM country;
EXPLAIN (COSTS OFF, VERBOSE) SELECT name, continent FROM country WHERE capital LIKE 'B%';
SELECT count(*) FROM country;
SELECT count(*) FROM ((SELECT code, name, capital FROM country EXCEPT ALL SELECT code, name, capital FROM local.countries)
    UNION ALL (SELECT code, name, capital FROM local.countries EXCEPT ALL SELECT code, name, capital FROM country)) d;
SELECT code, name, continent, currencies, languages FROM country WHERE capital = 'Bern';

-- Conditions that fill arguments. Every one is checked again here.
EXPLAIN (COSTS OFF, VERBOSE) SELECT name FROM country WHERE code = 'CH';
SELECT name, continent FROM country WHERE code = 'CH';
EXPLAIN (COSTS OFF, VERBOSE) SELECT name FROM country WHERE code IN ('CH', 'AT', 'CH');
SELECT name FROM country WHERE code IN ('CH', 'AT', 'CH', 'nowhere') ORDER BY name;
SELECT name FROM country WHERE code = ANY ('{CH,NULL,AT}') ORDER BY name;
SELECT name FROM country WHERE code = ANY ('{}');
SELECT name FROM country WHERE code = NULL;
SELECT name FROM country WHERE code IN ('CH', NULL);
SELECT name FROM country WHERE code = 'CH' AND name = 'Austria';
SELECT name FROM country WHERE code = lower('CH');
EXPLAIN (COSTS OFF, VERBOSE) SELECT name FROM country WHERE continent_code = 'AN';
SELECT name FROM country WHERE continent_code = 'AN' ORDER BY name;
SELECT name FROM country WHERE continent_code IN ('AN', 'OC') AND code = 'AQ';
-- Two arguments of the same field at once.
SELECT code FROM country WHERE continent_code = 'EU' AND code = 'CH';

-- Parameters, and plans made before their values are known.
PREPARE by_code(text) AS SELECT name FROM country WHERE code = $1;
PREPARE by_codes(text[]) AS SELECT name FROM country WHERE code = ANY ($1) ORDER BY name;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE by_codes('{CH}');
EXECUTE by_code('CH');
EXECUTE by_code(NULL);
EXECUTE by_codes('{CH,AT,NULL,AT}');
EXECUTE by_codes('{}');
EXECUTE by_codes(NULL);
RESET plan_cache_mode;
SELECT name FROM country WHERE code = (SELECT 'C' || 'H');

-- Many keys.
CREATE FOREIGN TABLE account (
    id int OPTIONS (argument 'id', type 'Int!'),
    plan text,
    region text
) SERVER scan OPTIONS (field 'account', key 'id',
    lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
SELECT count(*), min(id), max(id) FROM account WHERE id = ANY (ARRAY(SELECT generate_series(1, 100000)));
PREPARE many(int[]) AS SELECT count(*), min(id), max(id) FROM account WHERE id = ANY ($1);
SET plan_cache_mode = force_generic_plan;
SELECT array_agg(n) AS many FROM generate_series(1, 100000) n \gset
EXECUTE many(:'many');
RESET plan_cache_mode;
SELECT count(*) FROM account WHERE id = ANY ('{1,2,3}'::bigint[]);
SELECT count(*) FROM account WHERE id = ANY ('{1,2,99999999999}'::bigint[]);
SELECT id, plan FROM account WHERE id IN (3, 1, 2) AND plan <> 'free' ORDER BY id;

-- An argument that is only an argument reads what was sent.
CREATE FOREIGN TABLE account_by_region (
    id int,
    region text OPTIONS (argument 'region', type 'String', path '')
) SERVER scan OPTIONS (field 'accounts');
EXPLAIN (COSTS OFF, VERBOSE) SELECT id, region FROM account_by_region WHERE region = 'eu-west';
SELECT region, count(*) FROM account_by_region WHERE region = 'eu-west' GROUP BY region;
SELECT region, count(*) FROM account_by_region WHERE region IN ('eu-west', 'us-east', 'mars') GROUP BY region ORDER BY region;
SELECT region, count(*) FROM account_by_region GROUP BY region;
SELECT region, count(*) FROM account_by_region WHERE region IS NULL GROUP BY region;
SELECT count(*) FROM account_by_region WHERE region = NULL;
SELECT count(*) FROM account_by_region WHERE region <> 'eu-west';
SELECT count(*) FROM account_by_region WHERE region = 'eu-west' OR id = 1;
SELECT count(*) FROM account_by_region WHERE region > 'a';
SELECT count(*) FROM account_by_region WHERE region IS NOT NULL;
SELECT count(*) FROM account_by_region WHERE region IS NOT NULL AND region = 'eu-west';
SELECT r.region, count(a.id) FROM (VALUES ('eu-west'), ('us-east')) r(region)
    LEFT JOIN account_by_region a ON a.region = r.region GROUP BY 1 ORDER BY 1;

-- Joined, it is filled by the other side or not at all: a scan that leaves it open would compare NULLs.
SET enable_nestloop = off;
SELECT r.region, count(a.id) FROM (VALUES ('eu-west'), ('us-east')) r(region)
    LEFT JOIN account_by_region a ON a.region = r.region GROUP BY 1 ORDER BY 1;
RESET enable_nestloop;
SELECT count(*) FROM (VALUES ('eu-west'), ('us-east')) r(region) FULL JOIN account_by_region a ON a.region = r.region;
-- A way that does not send it is not taken.
CREATE FOREIGN TABLE account_of_region (
    id int OPTIONS (argument 'filter.id.eq', type 'Int'),
    region text OPTIONS (argument 'region', type 'String', path '')
) SERVER scan OPTIONS (field 'accounts', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
SELECT count(*) = (SELECT count(*) FROM local.accounts WHERE id < 30 AND region = 'eu-west') AS equal
FROM account_of_region WHERE id = ANY (ARRAY(SELECT generate_series(1, 29))) AND region = 'eu-west';

-- An API that answers with something else than it was asked for.
CREATE FOREIGN TABLE liar (id int, plan text OPTIONS (argument 'filter.plan.eq', type 'String', path 'region'))
    SERVER scan OPTIONS (field 'accounts', batch_mode 'alias');
SELECT count(*) FROM liar WHERE plan = 'free';
SELECT count(*) FROM liar WHERE plan IN ('free', 'team');
SELECT count(*) FROM (VALUES ('free'), ('team')) v(plan) JOIN liar USING (plan);

-- A required argument left open. Plans that do not run the scan are legal.
SELECT * FROM account;
SELECT * FROM account WHERE plan = 'free';
EXPLAIN (COSTS OFF) SELECT * FROM account;
SELECT 1 AS legal FROM (VALUES (1)) v(x) WHERE x = 1 OR EXISTS (SELECT FROM account a WHERE a.id = v.x);
SELECT count(*) FROM account a JOIN local.accounts l ON l.plan = a.plan;
-- The same without a declared type: the API says what it requires.
CREATE FOREIGN TABLE account_undeclared (id int OPTIONS (argument 'id'), plan text) SERVER scan OPTIONS (field 'account');
SELECT * FROM account_undeclared;
SELECT id FROM account_undeclared WHERE id = 5;
CREATE FOREIGN TABLE orders_undeclared (id int, account_id bigint OPTIONS (argument 'filter.accountId.eq', path 'accountId')) SERVER scan OPTIONS (field 'orders');
EXPLAIN (COSTS OFF, VERBOSE) SELECT count(*) FROM orders_undeclared WHERE account_id = 7;
SELECT count(*) > 0 AS found FROM orders_undeclared WHERE account_id = 7;
SELECT count(*) FROM orders_undeclared;

-- Fields below fields, lists on the way, rows that are values.
CREATE FOREIGN TABLE account_node (id int, plan text) SERVER scan OPTIONS (field 'accountsConnection.nodes');
SELECT count(*) FROM account_node;
CREATE FOREIGN TABLE country_language (code text, name text, country text OPTIONS (argument 'countries(filter.code.eq)', type 'ID', path ''))
    SERVER scan OPTIONS (field 'countries.languages');
EXPLAIN (COSTS OFF, VERBOSE) SELECT * FROM country_language WHERE country = 'CH';
SELECT * FROM country_language WHERE country = 'CH' ORDER BY code;
SELECT count(*) = (SELECT count(*) FROM local.country_languages) AS equal FROM country_language;
CREATE FOREIGN TABLE sku (sku text OPTIONS (path '.')) SERVER scan OPTIONS (field 'skus');
EXPLAIN (COSTS OFF, VERBOSE) SELECT sku FROM sku;
SELECT count(*), min(sku), max(sku) FROM sku;
CREATE FOREIGN TABLE found (
    kind text OPTIONS (path '__typename'),
    label text OPTIONS (path 'on Account.name|on Product.name'),
    price float8 OPTIONS (path 'on Product.price'),
    needle text OPTIONS (argument 'text', type 'String!', path '')
) SERVER scan OPTIONS (field 'search');
EXPLAIN (COSTS OFF, VERBOSE) SELECT kind, label, price FROM found WHERE needle = 'Account 1';
SELECT kind, label, price FROM found WHERE needle = 'Account 999';

-- Constant arguments.
CREATE FOREIGN TABLE team (id int, plan text) SERVER scan
    OPTIONS (field 'accounts', arguments '{"filter": {"plan": {"eq": "team"}, "id": {"in": [1, 2, 3, 4, 5, 6, 7, 8]}}}');
EXPLAIN (COSTS OFF, VERBOSE) SELECT id FROM team;
SELECT count(*) FROM team t JOIN local.accounts l USING (id, plan);
SELECT (SELECT count(*) FROM team) = (SELECT count(*) FROM local.accounts WHERE plan = 'team' AND id < 9) AS equal;

-- Whole rows, system columns, no columns.
SELECT a FROM account a WHERE id = 5;
SELECT tableoid::regclass, id FROM account WHERE id = 5;
SELECT FROM account WHERE id = 5;
CREATE FOREIGN TABLE nothing () SERVER scan OPTIONS (field 'continents');
SELECT count(*) FROM nothing;

-- Plain EXPLAIN of a server that nobody answers for.
CREATE SERVER nobody FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'http://127.0.0.1:1/graphql');
CREATE FOREIGN TABLE unreachable (id int OPTIONS (argument 'id')) SERVER nobody OPTIONS (field 'thing');
EXPLAIN (COSTS OFF, VERBOSE) SELECT id FROM unreachable WHERE id = 5;

\set VERBOSITY terse
DROP SERVER scan, nobody CASCADE;
DROP SCHEMA scan CASCADE;
