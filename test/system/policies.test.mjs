// Does anything that row-level security or a security barrier hides reach the API, or a function of the user?
import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { Session, atApi, prepare, reset } from './session.mjs';

// Customers 1 to 10, with accounts 1 to 10, are the reader's; those of accounts 101 to 300 are somebody else's.
const HIDDEN = 100;
const isHidden = (value) => !(Number(value) <= HIDDEN);

let owner;
let reader;

before(async () => {
	owner = await prepare('policies');
	await owner.run(`
		DROP ROLE IF EXISTS policies_reader;
		CREATE ROLE policies_reader;
		CREATE TABLE client (n int PRIMARY KEY, account_id int, price numeric, owner name, shown bool DEFAULT true);
		INSERT INTO client SELECT n, n, n, CASE WHEN n <= 10 THEN 'policies_reader' ELSE 'other' END
			FROM generate_series(1, 300) n WHERE n <= 10 OR n > ${HIDDEN};
		CREATE INDEX ON client (account_id);
		ANALYZE client;
		ALTER TABLE client ENABLE ROW LEVEL SECURITY;
		CREATE POLICY own ON client USING (owner = current_user);

		CREATE TABLE visit (n int, account_id int, owner name) PARTITION BY LIST (owner);
		CREATE TABLE visit_reader PARTITION OF visit FOR VALUES IN ('policies_reader');
		CREATE TABLE visit_other PARTITION OF visit DEFAULT;
		INSERT INTO visit SELECT n, account_id, CASE WHEN n % 2 = 0 THEN owner ELSE 'third' END FROM client;
		ALTER TABLE visit ENABLE ROW LEVEL SECURITY;
		CREATE POLICY own ON visit USING (owner = current_user AND account_id <= 10);

		CREATE VIEW barrier WITH (security_barrier) AS SELECT * FROM client WHERE owner = 'policies_reader';
		CREATE VIEW masked WITH (security_barrier) AS SELECT n, CASE WHEN owner = 'policies_reader'
			THEN (SELECT plan FROM account a WHERE a.id = c.account_id) END AS plan FROM client c;

		CREATE TABLE shared (id int, plan text) PARTITION BY RANGE (id);
		CREATE FOREIGN TABLE shared_low PARTITION OF shared FOR VALUES FROM (1) TO (51) SERVER policies
			OPTIONS (field 'accounts', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
		CREATE FOREIGN TABLE shared_high PARTITION OF shared FOR VALUES FROM (51) TO (100000) SERVER policies
			OPTIONS (field 'accounts', lookups '[{"field": "account", "arguments": {"id": "$id"}}]');
		ALTER TABLE shared ENABLE ROW LEVEL SECURITY;
		CREATE POLICY first_ones ON shared USING (id <= 10);
		CREATE VIEW first_ones WITH (security_barrier) AS SELECT * FROM accounts WHERE id <= 10;

		CREATE TABLE product (sku text, price numeric) PARTITION BY LIST (sku);
		CREATE FOREIGN TABLE product_all PARTITION OF product DEFAULT SERVER policies OPTIONS (field 'products');
		ALTER FOREIGN TABLE product_all ALTER price OPTIONS (argument 'filter.price.eq', type 'Float');
		ALTER TABLE product ENABLE ROW LEVEL SECURITY;
		CREATE POLICY none_of_them ON product USING (false OR sku = current_setting('policies.sku', true));

		GRANT ALL ON SCHEMA policies TO policies_reader;
		GRANT ALL ON ALL TABLES IN SCHEMA policies TO policies_reader;
		GRANT USAGE ON FOREIGN SERVER policies TO policies_reader;
		GRANT EXECUTE ON FUNCTION public.graphql_query TO policies_reader;`);
	reader = new Session();
	await reader.run(`SET client_min_messages = warning; SET search_path = policies, public; SET ROLE policies_reader;
		SET client_min_messages = notice;
		CREATE FUNCTION leak(value anyelement) RETURNS bool STABLE COST 0.0000001 LANGUAGE plpgsql
			AS $$BEGIN RAISE NOTICE 'leaked %', value; RETURN true; END$$;
		CREATE FUNCTION leaking(value int) RETURNS int STABLE COST 0.0000001 LANGUAGE plpgsql
			AS $$BEGIN RAISE NOTICE 'leaked %', value; RETURN value; END$$;
		CREATE FUNCTION leaking(value numeric) RETURNS numeric STABLE COST 0.0000001 LANGUAGE plpgsql
			AS $$BEGIN RAISE NOTICE 'leaked %', value; RETURN value; END$$;`);
});

after(async () => {
	await owner.run(`DROP SERVER policies CASCADE; DROP SCHEMA policies CASCADE;
		REVOKE ALL ON FUNCTION public.graphql_query FROM policies_reader; DROP ROLE policies_reader;`);
	await reader.close();
	await owner.close();
	await reset();
});

// Every number among the variables of the requests since the last reset.
async function sentNumbers()
{
	const numbers = [];
	const collect = (value) => {
		if (value !== null && typeof value === 'object')
		{
			Object.values(value).forEach(collect);
		}
		else
		{
			numbers.push(Number(value));
		}
	};
	for (const { body } of await (await fetch(atApi('/requests'))).json())
	{
		collect(JSON.parse(body).variables ?? {});
	}
	return numbers;
}

// What the reader sees of a statement, what reached the API and what reached the functions leak() and leaking().
async function run(sql)
{
	await reset();
	const output = await reader.run(`BEGIN; ${sql} ROLLBACK;`);
	assert.doesNotMatch(output, /ERROR/, sql);
	return {
		rows: output.split('\n').filter((line) => line && !/leaked|^LOCATION/.test(line)),
		leaked: [...output.matchAll(/leaked (\S+)/g)].map(([, value]) => value),
		sent: await sentNumbers(),
	};
}

const QUERIES = {
	'a join': ['SELECT c.n FROM client c JOIN account a ON a.id = c.account_id;', 10],
	'a join on what a function makes of a key':
		['SELECT c.n FROM client c JOIN account a ON a.id = leaking(c.account_id);', 10],
	'a function that is cheaper than the policy':
		['SELECT c.n FROM client c JOIN account a ON a.id = c.account_id WHERE leak(c.n) AND leak(c.account_id);', 10],
	'a left join': ['SELECT c.n FROM client c LEFT JOIN account_alias a ON a.id = c.account_id AND leak(c.n);', 10],
	'single look-ups': ['SELECT c.n FROM client c JOIN account_single a ON a.id = c.account_id;', 10],
	'LATERAL': ['SELECT c.n FROM client c, LATERAL (SELECT * FROM account a WHERE a.id = leaking(c.account_id) OFFSET 0) a;', 10],
	'a subquery in the SELECT list':
		['SELECT n, (SELECT plan FROM account a WHERE a.id = leaking(c.account_id)) FROM client c;', 10],
	'a subquery in a condition':
		['SELECT n FROM client c WHERE NOT shown OR EXISTS (SELECT FROM account a WHERE a.id = leaking(c.account_id));', 10],
	'EXISTS': ['SELECT n FROM client c WHERE EXISTS (SELECT FROM account a WHERE a.id = c.account_id);', 10],
	'NOT EXISTS': ['SELECT n FROM client c WHERE NOT EXISTS (SELECT FROM account a WHERE a.id = c.account_id + 5000);', 10, Infinity],
	'IN': ['SELECT id FROM account WHERE id IN (SELECT account_id FROM client);', 10],
	'an array': ['SELECT id FROM account WHERE id = ANY (ARRAY(SELECT account_id FROM client));', 10],
	'a list from an aggregate': ['SELECT id FROM account WHERE id = ANY ((SELECT array_agg(leaking(account_id)) FROM client)::int[]);', 10],
	'a common table expression':
		['WITH c AS MATERIALIZED (SELECT * FROM client) SELECT c.n FROM c JOIN account a ON a.id = c.account_id WHERE leak(c.n);', 10],
	'LIMIT': ['SELECT c.n FROM client c JOIN account a ON a.id = c.account_id LIMIT 5;', 5],
	'groups': ['SELECT a.plan, count(*) FROM client c JOIN account a ON a.id = c.account_id WHERE leak(a.id) GROUP BY 1;', null],
	'UPDATE': ['UPDATE client c SET shown = false FROM account a WHERE a.id = leaking(c.account_id) RETURNING c.n;', 10],
	'DELETE': ['DELETE FROM client c USING account a WHERE a.id = c.account_id AND leak(c.n) RETURNING c.n;', 10],
	'MERGE': [`MERGE INTO client c USING (SELECT generate_series(1, 100) AS id) s ON c.account_id = s.id
		WHEN MATCHED AND EXISTS (SELECT FROM account a WHERE a.id = leaking(c.account_id)) THEN UPDATE SET shown = false;
		SELECT n FROM client WHERE NOT shown;`, 10],
	'INSERT ... SELECT': [`INSERT INTO client SELECT c.n + 50, a.id, 1, 'policies_reader' FROM client c JOIN account a ON a.id = c.account_id
		RETURNING n;`, 10],
	'a cursor': ['DECLARE k CURSOR FOR SELECT c.n FROM client c JOIN account a ON a.id = c.account_id; FETCH ALL FROM k;', 10],
	'an index': ['SET LOCAL enable_seqscan = off; SELECT c.n FROM client c JOIN account a ON a.id = c.account_id WHERE c.account_id > 0;', 10],
	'no nested loop': ['SET LOCAL enable_nestloop = off; SELECT c.n FROM client c JOIN accounts a ON a.id = c.account_id AND leak(c.n);', 10],
	'a self-join': ['SELECT c.n FROM client c JOIN client d ON d.n = c.n JOIN account a ON a.id = d.account_id AND leak(d.n);', 10],
	'partitions': ['SELECT v.n FROM visit v JOIN account a ON a.id = v.account_id WHERE leak(v.n);', 5],
	'a security_barrier view': ['SELECT b.n FROM barrier b JOIN account a ON a.id = leaking(b.account_id) WHERE leak(b.n);', 10],
	'a view of it all': [`CREATE TEMP VIEW v WITH (security_invoker) AS SELECT c.n, a.plan FROM client c JOIN account a ON a.id = c.account_id;
		SELECT n FROM v WHERE leak(n);`, 10],
	'graphql_query': [`SELECT n, graphql_query('policies', 'query($id: Int!) { account(id: $id) { plan } }',
		jsonb_build_object('id', leaking(account_id))) FROM client;`, 10],
	'a prepared statement': [`PREPARE p(int) AS SELECT c.n FROM client c JOIN account a ON a.id = c.account_id WHERE leak(c.n) AND c.n > $1;
		SET LOCAL plan_cache_mode = force_generic_plan; EXECUTE p(0); DEALLOCATE p;`, 10],
	'a masked column': ['SELECT n FROM (SELECT * FROM masked OFFSET 0) m WHERE plan IS NOT NULL;', 10],
	'partitions that are the API': ['SELECT id FROM shared WHERE leak(id);', 10],
	'partitions that are the API, by key': ['SELECT s.id FROM shared s JOIN client c ON c.account_id = s.id WHERE leak(s.id) AND leak(c.n);', 10],
	'partitions that are the API, outside': ['SELECT s.id FROM shared s LEFT JOIN account a ON a.id = leaking(s.id);', 10],
	'partitions that are the API, in a subquery':
		['SELECT id, (SELECT plan FROM account a WHERE a.id = leaking(s.id)) FROM shared s WHERE leak(s.id);', 10],
	'a security_barrier view of the API': ['SELECT id FROM first_ones WHERE leak(id);', 10],
	'what only the API knows': ['SELECT sku FROM product WHERE leak(sku) AND price = 999.5 AND leak(price);', 0],
};

for (const [name, [sql, rows, highest = HIDDEN]] of Object.entries(QUERIES))
{
	test(`${name}: nothing hidden is sent or seen`, async () => {
		const seen = await run(sql);
		assert.deepEqual(seen.sent.filter((number) => number > highest), [], 'sent to the API');
		assert.deepEqual(seen.leaked.filter(isHidden), [], 'seen by a function');
		if (rows !== null)
		{
			assert.equal(seen.rows.length, rows, seen.rows.join('\n'));
		}
	});
}

test('without the policy the same statement sends what it hid', async () => {
	await reset();
	await owner.run('SELECT count(*) FROM client c JOIN account a ON a.id = c.account_id;');
	assert.equal((await sentNumbers()).filter(isHidden).length, 200);
});

test('the condition of a policy is what is sent, not what the user would rather ask for', async () => {
	await owner.run(`
		CREATE TABLE regional (region text, id int) PARTITION BY LIST (region);
		CREATE FOREIGN TABLE regional_all PARTITION OF regional DEFAULT SERVER policies OPTIONS (field 'accounts');
		ALTER FOREIGN TABLE regional_all ALTER region OPTIONS (argument 'region', type 'String');
		ALTER TABLE regional ENABLE ROW LEVEL SECURITY;
		CREATE POLICY own ON regional USING (region = ANY (string_to_array(current_setting('policies.regions'), ',')));
		GRANT SELECT ON regional TO policies_reader;`);
	await reset();
	const output = await reader.run("SET policies.regions = 'EU'; SELECT count(*) FROM regional WHERE region = 'US';");
	const requests = await (await fetch(atApi('/requests'))).json();
	assert.equal(output, '0');
	assert.deepEqual(requests.map(({ body }) => Object.values(JSON.parse(body).variables)[0]), ['EU']);
});
