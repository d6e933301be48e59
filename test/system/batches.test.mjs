// Does the API itself see the requests that EXPLAIN counts?
import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { control, prepare, reset, stats, untilStats } from './session.mjs';

let session;
before(async () => { session = await prepare('batches'); });
after(async () => { await reset(); await session.close(); });

for (const table of ['account', 'account_alias'])
{
	test(`10,000 rows over 1,000 keys are 10 requests through ${table}`, async () => {
		await reset();
		const output = await session.run(`SELECT count(*), count(DISTINCT a.id) FROM customer c JOIN ${table} a ON a.id = c.account_id;`);
		const { requests, keys, distinctKeys, documents, rows } = await stats();
		assert.equal(output, '10000|1000');
		assert.deepEqual({ requests, keys, distinctKeys, documents },
			{ requests: 10, keys: 1000, distinctKeys: 1000, documents: 1 });
		assert.equal(rows, 1000);
	});
}

test('single mode sends a request per key, never more than concurrency at once', async () => {
	await reset();
	await control({ delayMs: 2 });
	await session.run('SELECT count(*) FROM customer c JOIN account_single a ON a.id = c.account_id;');
	const { requests, keys, maxInFlight } = await stats();
	assert.deepEqual({ requests, keys, maxInFlight }, { requests: 1000, keys: 1000, maxInFlight: 4 });
});

for (const join of ['JOIN', 'LEFT JOIN'])
{
	test(`LIMIT 10 over a ${join} asks once, for at most 10 keys`, async () => {
		await reset();
		const output = await session.run(`SELECT count(*), count(plan) FROM (SELECT c.n, a.plan FROM customer c ${join} account a ON a.id = c.account_id LIMIT 10) l;`);
		const { requests, distinctKeys } = await stats();
		assert.equal(output, '10|10');
		assert.equal(requests, 1);
		assert.ok(distinctKeys <= 10, `${distinctKeys} keys`);
	});
}

test('a limit that is a parameter, a foreign filter, ANTI and SEMI joins: few keys, right rows', async () => {
	const cases = [
		["PREPARE p(int) AS SELECT a.id FROM customer c JOIN account a ON a.id = c.account_id LIMIT $1; SET plan_cache_mode = force_generic_plan; EXECUTE p(3);", 3, 4],
		["SELECT c.n FROM customer c JOIN account a ON a.id = c.account_id WHERE a.plan = 'team' LIMIT 5;", 5, 105],
		["SELECT c.n FROM customer c WHERE NOT EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.plan = 'team') LIMIT 5;", 5, 25],
		["SELECT c.n FROM customer c WHERE EXISTS (SELECT FROM account a WHERE a.id = c.account_id AND a.id > 0) LIMIT 5;", 5, 5],
	];
	for (const [sql, rows, keys] of cases)
	{
		await reset();
		const output = await session.run(sql);
		const seen = await stats();
		assert.equal(output.split('\n').length, rows, output);
		assert.ok(seen.distinctKeys <= keys, `${sql}: ${seen.distinctKeys} keys`);
	}
	await session.run('RESET plan_cache_mode;');
});

test('requests are in flight together while the outer side is being read', async () => {
	await reset();
	await control({ hold: true });
	const result = session.run('SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id;');
	const { inFlight } = await untilStats((s) => s.inFlight >= 4);
	assert.equal(inFlight, 4);
	await control({ hold: false });
	assert.equal(await result, '10000');
	assert.equal((await stats()).requests, 10);
});

test('requests for a list of keys are in flight together', async () => {
	await reset();
	await control({ hold: true });
	const result = session.run('SELECT count(*) FROM account WHERE id = ANY (ARRAY(SELECT generate_series(1, 1000)));');
	const { inFlight } = await untilStats((s) => s.inFlight >= 4);
	assert.equal(inFlight, 4);
	await control({ hold: false });
	assert.equal(await result, '1000');
	assert.equal((await stats()).requests, 10);
});

test('independent relationships of one statement are in flight together', async () => {
	await reset();
	await control({ hold: true });
	const result = session.run(`SELECT count(*) FROM (SELECT * FROM customer LIMIT 50) c
		LEFT JOIN account a ON a.id = c.account_id LEFT JOIN account_alias b ON b.id = c.account_id + 1
		WHERE a.plan IS NOT NULL OR b.plan IS NOT NULL OR c.n IS NOT NULL AND a.plan IS NULL;`);
	await untilStats((s) => s.inFlight === 2);
	await control({ hold: false });
	assert.equal(await result, '50');
});

test('EXPLAIN and PREPARE send nothing', async () => {
	await reset();
	await session.run(`EXPLAIN VERBOSE SELECT * FROM customer c JOIN account a ON a.id = c.account_id;
		PREPARE nothing AS SELECT * FROM accounts; EXPLAIN EXECUTE nothing; EXPLAIN SELECT graphql_query('batches', '{ accounts { id } }');
		EXPLAIN SELECT * FROM customer WHERE n = (graphql_query('batches', '{ account(id: 1) { id } }') #>> '{account,id}')::int;`);
	assert.equal((await stats()).accepted, 0);
});

test('a statement reuses the connection of the one before', async () => {
	await session.run('SELECT count(*) FROM accounts;');
	await reset();
	for (let n = 0; n < 5; n += 1)
	{
		await session.run('SELECT count(*) FROM accounts;');
	}
	const { requests, accepted } = await stats();
	assert.deepEqual({ requests, accepted }, { requests: 5, accepted: 0 });
});

test('without keep_connections every transaction connects anew', async () => {
	await session.run("ALTER SERVER batches OPTIONS (ADD keep_connections 'off'); SELECT count(*) FROM accounts;");
	await reset();
	for (let n = 0; n < 3; n += 1)
	{
		await session.run('SELECT count(*) FROM accounts;');
	}
	const { requests, accepted } = await stats();
	assert.deepEqual({ requests, accepted }, { requests: 3, accepted: 3 });
	await session.run('ALTER SERVER batches OPTIONS (DROP keep_connections);');
});
