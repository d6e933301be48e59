-- Foreign tables as partitions, and partitioned tables on the local side.
CREATE SCHEMA partitions;
SET search_path = partitions;
\getenv api GRAPHQL_FDW_API
CREATE SERVER partitions FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url :'api');
CREATE TABLE visit (n int, account_id int) PARTITION BY RANGE (account_id);
CREATE TABLE visit_low PARTITION OF visit FOR VALUES FROM (1) TO (500);
CREATE TABLE visit_high PARTITION OF visit FOR VALUES FROM (500) TO (2000);
INSERT INTO visit SELECT n, 1 + n * 7 % 1000 FROM generate_series(1, 1000) n;
ANALYZE visit;
CREATE TABLE account (id int, plan text) PARTITION BY RANGE (id);
CREATE FOREIGN TABLE account_low PARTITION OF account FOR VALUES FROM (1) TO (500)
    SERVER partitions OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
CREATE FOREIGN TABLE account_high PARTITION OF account FOR VALUES FROM (500) TO (2000)
    SERVER partitions OPTIONS (field 'account', key 'id');
ALTER FOREIGN TABLE account_low ALTER id OPTIONS (argument 'id', type 'Int!');
ALTER FOREIGN TABLE account_high ALTER id OPTIONS (argument 'id', type 'Int!');

EXPLAIN (COSTS OFF) SELECT v.n, a.plan FROM visit v JOIN account a ON a.id = v.account_id;
SELECT count(*), count(DISTINCT a.id), count(*) FILTER (WHERE a.plan = l.plan)
FROM visit v JOIN account a ON a.id = v.account_id JOIN local.accounts l ON l.id = v.account_id;

-- Partition by partition, each look-up goes to its own.
SET enable_partitionwise_join = on;
EXPLAIN (COSTS OFF) SELECT v.n, a.plan FROM visit v JOIN account a ON a.id = v.account_id;
SELECT count(*), count(DISTINCT a.id), count(*) FILTER (WHERE a.plan = l.plan)
FROM visit v JOIN account a ON a.id = v.account_id JOIN local.accounts l ON l.id = v.account_id;
RESET enable_partitionwise_join;

-- Values of a partition's few rows go to the filter of its own.
CREATE TABLE site (region text, id int) PARTITION BY LIST (region);
CREATE TABLE site_east PARTITION OF site FOR VALUES IN ('us-east');
CREATE TABLE site_west PARTITION OF site FOR VALUES IN ('us-west');
INSERT INTO site VALUES ('us-east', 990), ('us-west', 985);
ANALYZE site;
CREATE TABLE user_of (region text, id int, plan text) PARTITION BY LIST (region);
CREATE FOREIGN TABLE user_of_east PARTITION OF user_of FOR VALUES IN ('us-east') SERVER partitions OPTIONS (field 'accounts', arguments '{"region": "us-east"}',
    filter '{"argument": "filter", "type": "AccountFilter", "style": "nested", "operators": {">": "gt"}, "columns": {"id": ">"}}');
CREATE FOREIGN TABLE user_of_west PARTITION OF user_of FOR VALUES IN ('us-west') SERVER partitions OPTIONS (field 'accounts', arguments '{"region": "us-west"}',
    filter '{"argument": "filter", "type": "AccountFilter", "style": "nested", "operators": {">": "gt"}, "columns": {"id": ">"}}');
ANALYZE user_of_east, user_of_west;
ALTER SERVER partitions OPTIONS (ADD fdw_tuple_cost '100');
SET enable_partitionwise_join = on;
EXPLAIN (COSTS OFF) SELECT s.id, u.id FROM site s JOIN user_of u ON u.region = s.region AND u.id > s.id;
SELECT local.difference('SELECT s.id, u.id, u.plan FROM site s JOIN user_of u ON u.region = s.region AND u.id > s.id',
    'SELECT s.id, u.id, u.plan FROM site s JOIN local.accounts u ON u.region = s.region AND u.id > s.id');
RESET enable_partitionwise_join;
ALTER SERVER partitions OPTIONS (DROP fdw_tuple_cost);

-- Ahead of the conditions of a policy nothing is sent that could leak: = of numeric could, = of text cannot.
CREATE TABLE product (sku text, price numeric) PARTITION BY RANGE (sku);
CREATE FOREIGN TABLE product_all PARTITION OF product FOR VALUES FROM ('SKU') TO ('SKV')
    SERVER partitions OPTIONS (field 'products');
ALTER FOREIGN TABLE product_all ALTER sku OPTIONS (argument 'filter.sku.eq', type 'String');
ALTER FOREIGN TABLE product_all ALTER price OPTIONS (argument 'filter.price.eq', type 'Float');
ALTER TABLE product ENABLE ROW LEVEL SECURITY;
CREATE POLICY first_ones ON product USING (sku < 'SKU-01');
CREATE ROLE partitions_nobody;
GRANT USAGE ON SCHEMA partitions TO partitions_nobody;
GRANT SELECT ON product TO partitions_nobody;
SET ROLE partitions_nobody;
EXPLAIN (COSTS OFF, VERBOSE) SELECT sku FROM product WHERE price = 12.5;
EXPLAIN (COSTS OFF, VERBOSE) SELECT sku FROM product WHERE sku = 'SKU-0001';
RESET ROLE;
DROP TABLE product;
REVOKE ALL ON SCHEMA partitions FROM partitions_nobody;
DROP ROLE partitions_nobody;

\set VERBOSITY terse
DROP SERVER partitions CASCADE;
DROP SCHEMA partitions CASCADE;
