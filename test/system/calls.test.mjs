// Does the API see the requests that calls of graphql_query() need, and no others?
import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { atApi, control, prepare, reset, stats, untilStats } from './session.mjs';

const plan = (key, document = 'query($id: Int!) { account(id: $id) { plan } }') =>
	`graphql_query('calls', '${document}', jsonb_build_object('id', ${key}))`;

let session;
before(async () => {
	session = await prepare('calls');
	await session.run(`CREATE TABLE thousand AS SELECT n, n AS account_id FROM generate_series(1, 1000) n; ANALYZE thousand;
		CREATE TABLE owned AS SELECT n, n AS account_id, n <= 5 AS mine FROM generate_series(1, 50) n; ANALYZE owned;`);
});
after(async () => { await reset(); await session.close(); });

const shapes = {
	'a LATERAL join': `SELECT count(q #> '{account,plan}') FROM thousand t, LATERAL ${plan('t.account_id')} q;`,
	'a SELECT list': `SELECT count(p) FROM (SELECT ${plan('account_id')} #> '{account,plan}' AS p FROM thousand OFFSET 0) s;`,
	'a condition': `SELECT count(*) FROM thousand WHERE ${plan('account_id')} #> '{account,plan}' IS NOT NULL;`,
};
for (const [shape, sql] of Object.entries(shapes))
{
	test(`1,000 calls in ${shape} are 10 requests of one document`, async () => {
		await reset();
		const output = await session.run(sql);
		const { requests, keys, distinctKeys, documents } = await stats();
		assert.equal(output, '1000');
		assert.deepEqual({ requests, keys, distinctKeys, documents }, { requests: 10, keys: 1000, distinctKeys: 1000, documents: 1 });
	});
}

test('EXPLAIN, PREPARE and planning send nothing', async () => {
	await reset();
	await session.run(`${Object.values(shapes).map((sql) => `EXPLAIN VERBOSE ${sql}`).join('\n')}
		PREPARE calls AS SELECT n, ${plan('7')} FROM thousand; EXPLAIN EXECUTE calls;
		EXPLAIN SELECT * FROM thousand WHERE n < (${plan('7')} ->> 'n')::int;`);
	assert.equal((await stats()).accepted, 0);
});

test('batches are in flight together', async () => {
	await reset();
	await control({ hold: true });
	const result = session.run(shapes['a SELECT list']);
	const { inFlight } = await untilStats((s) => s.inFlight >= 4);
	assert.equal(inFlight, 4);
	await control({ hold: false });
	assert.equal(await result, '1000');
	assert.equal((await stats()).requests, 10);
});

test('calls that cannot be merged are in flight together', async () => {
	await reset();
	await control({ hold: true });
	const result = session.run("SELECT count(graphql_query('calls', format('{ account(id: %s) { plan } }', n))) FROM thousand WHERE n <= 20;");
	await untilStats((s) => s.inFlight === 4);
	await control({ hold: false });
	assert.equal(await result, '20');
	assert.deepEqual({ requests: (await stats()).requests, maxInFlight: (await stats()).maxInFlight }, { requests: 20, maxInFlight: 4 });
});

test('one call of many that fails is an error of its own, and costs the others little', async () => {
	const strict = plan('n', 'query($id: Int!) { accountStrict(id: $id) { plan } }');
	await session.run('CREATE TABLE missing AS SELECT n FROM generate_series(951, 1001) n; ANALYZE missing;');
	await reset();
	const output = await session.run(`BEGIN; DECLARE c CURSOR FOR SELECT ${strict} IS NOT NULL FROM missing; FETCH 50 FROM c; FETCH 1 FROM c; ROLLBACK;`);
	assert.equal(output.split('\n').filter((line) => line === 't').length, 50);
	assert.match(output, /ERROR: {2}HV000: GraphQL server "calls" reported an error at accountStrict/);
	assert.ok((await stats()).requests <= 6, JSON.stringify(await stats()));
});

test('after requests that were too large the others of the statement are smaller', async () => {
	await session.run(`ALTER SERVER calls OPTIONS (SET url '${atApi('/graphql/fault/limit?n=40&as=found')}');`);
	await reset();
	assert.equal(await session.run(shapes['a LATERAL join']), '1000');
	const { requests } = await stats();
	assert.ok(requests <= 60, `${requests} requests`);
	await session.run(`ALTER SERVER calls OPTIONS (SET url '${atApi('/graphql')}');`);
});

test('rows that a security barrier hides are not asked about', async () => {
	await session.run('CREATE VIEW mine WITH (security_barrier) AS SELECT * FROM owned WHERE mine;');
	for (const sql of [`SELECT ${plan('account_id')} FROM mine;`, `SELECT n FROM mine WHERE ${plan('account_id')} IS NOT NULL;`,
		`SELECT q FROM mine m, LATERAL ${plan('m.account_id')} q;`])
	{
		await reset();
		assert.equal((await session.run(sql)).split('\n').length, 5);
		const { requests, distinctKeys } = await stats();
		assert.deepEqual({ requests, distinctKeys }, { requests: 1, distinctKeys: 5 });
	}
});
