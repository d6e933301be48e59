// Do 1,000 keys come back right, in few requests, whatever limits an API has?
import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { atApi, control, prepare, reset, stats } from './session.mjs';

const LIST = `field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]'`;
const METHODS = {
	list: LIST,
	large: `${LIST}, key_batch_size '1000'`,
	alias: "field 'account', key 'id', batch_mode 'alias'",
	array: "field 'account', key 'id', batch_mode 'array'",
};
const JOIN = `SELECT count(*), count(DISTINCT a.id), md5(string_agg(c.n || a.plan, ',' ORDER BY c.n))
	FROM customer c JOIN tested a ON a.id = c.account_id`;

let session;
let right;

// A table behind a fault of its own: what is learnt of one URL is not known of another.
async function table(options, path, type = 'Int!')
{
	return session.run(`DROP FOREIGN TABLE IF EXISTS tested;
		ALTER SERVER limits OPTIONS (SET url '${atApi(path)}');
		CREATE FOREIGN TABLE tested (id int OPTIONS (argument 'id', type '${type}'), plan text) SERVER limits OPTIONS (${options});`);
}

async function run(sql)
{
	await reset();
	const output = await session.run(`${sql};`);
	return { output, ...await stats() };
}

before(async () => {
	session = await prepare('limits');
	await table(METHODS.list, '/graphql');
	right = (await run(JOIN)).output;
	assert.match(right, /^10000\|1000\|/);
});
after(async () => { await reset(); await session.close(); });

// [method, fault, the fewest requests that the limit allows]
const cases = [
	['alias', 'limit?n=15&as=aliases', 67],
	['alias', 'limit?n=15&as=found', 67],
	['alias', 'limit?n=30&as=found&status=400', 34],
	['alias', 'limit?n=1000&as=tokens&status=400', 19],
	['alias', 'limit?n=1000&as=tokens&status=500', 19],
	['alias', 'limit?n=200&as=complexity', 16],
	['alias', 'limit?n=40&as=cost', 25],
	['alias', 'limit?n=50&as=hidden', 20],
	['alias', 'limit?n=40&status=413', 25],
	['alias', 'limit?n=25&status=502', 40],
	['large', 'limit?n=250&as=list', 4],
	['large', 'limit?n=100&as=complex', 10],
	['large', 'limit?n=200&status=500', 5],
	['list', 'limit?n=30&status=413', 34],
	['list', 'limit?n=25&status=502', 40],
	['list', 'cap?n=50', 20],
	['large', 'cap?n=100', 10],
];

for (const [method, fault, fewest] of cases)
{
	test(`${fault} through ${method}: at most three times ${fewest} requests`, async () => {
		await table(METHODS[method], `/graphql/fault/${fault}`);
		const first = await run(JOIN);
		assert.equal(first.output, right);
		assert.ok(first.requests <= 3 * fewest, `${first.requests} requests`);
		const second = await run(JOIN);
		assert.equal(second.output, right);
		assert.ok(second.requests <= 2 * fewest + 2, `${second.requests} requests`);
		assert.ok(!fault.startsWith('cap') || second.requests === fewest, `${second.requests} requests of answers that are cut`);
		assert.ok(second.requests <= first.requests, `${second.requests} requests after ${first.requests}`);
	});
}

test('arrays of requests are split, too', async () => {
	await table(METHODS.array, '/graphql/batch/fault/limit?n=10&as=found&status=413');
	const { output, requests } = await run(JOIN);
	assert.equal(output, right);
	assert.ok(requests <= 300, `${requests} requests`);
});

test('a third of 1,000 keys is missing: not mistaken for a cut answer, and soon known', async () => {
	const anti = `SELECT count(*) FROM generate_series(1, 1000) n
		WHERE NOT EXISTS (SELECT FROM tested a WHERE a.id = CASE WHEN n % 3 = 0 THEN n + 5000 ELSE n END)`;
	await table(METHODS.list, '/graphql/fault/ordinary?anti');
	const first = await run(anti);
	assert.equal(first.output, '333');
	assert.ok(first.requests <= 18, `${first.requests} requests`);
	await run(JOIN);
	const later = await run(anti);
	assert.deepEqual([later.output, later.requests], ['333', 10]);
});

test('an answer that is cut is told from one that lacks keys', async () => {
	const anti = `SELECT count(*) FROM generate_series(1, 1000) n
		WHERE NOT EXISTS (SELECT FROM tested a WHERE a.id = CASE WHEN n % 3 = 0 THEN n + 5000 ELSE n END)`;
	for (const most of [10, 33, 50, 66, 67])
	{
		await table(METHODS.list, `/graphql/fault/cap?n=${most}&anti`);
		assert.equal((await run(anti)).output, '333');
	}
});

test('an API that is too slow for large requests gets smaller ones', async () => {
	await table(METHODS.list, '/graphql/fault/too-slow?n=30');
	await session.run("ALTER SERVER limits OPTIONS (ADD request_timeout '1500ms');");
	const { output, requests } = await run(JOIN);
	assert.equal(output, right);
	assert.ok(requests <= 102, `${requests} requests`);
	await table(METHODS.list, '/graphql/fault/too-slow?n=0');
	const start = Date.now();
	assert.equal(await session.state(`${JOIN};`), '08006');
	assert.ok(Date.now() - start < 9000, 'patience for a few requests');
	await session.run('ALTER SERVER limits OPTIONS (DROP request_timeout);');
});

test('EXPLAIN ANALYZE tells what was split and learnt', async () => {
	await table(METHODS.alias, '/graphql/fault/limit?n=15&as=aliases&explained');
	const explain = `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${JOIN}`;
	const first = (await run(explain)).output;
	assert.match(first, /Requests Split: \d+\n/);
	assert.match(first, /Batch Size Learnt: 15$/m);
	assert.doesNotMatch((await run(explain)).output, /Requests Split: ([4-9]|\d\d)/);
});

test('a limit that is gone is found out: sizes grow again', async () => {
	await table(METHODS.list, '/graphql?grows');
	await reset();
	await control({ fault: { name: 'limit', n: 60, status: 413, times: 1000 } });
	assert.equal(await session.run(`${JOIN};`), right);
	const numbers = [];
	for (let n = 0; n < 14; n += 1)
	{
		numbers.push((await run(JOIN)).requests);
	}
	assert.ok(numbers[0] >= 17, `${numbers}`);
	assert.equal(numbers.at(-1), 10, `${numbers}`);
});

for (const [fault, extra, least] of [
	['status-429?times=1&retryAfter=1', 1, 900],
	['status-503?times=1&retryAfter=1', 1, 900],
	['status-403?times=1&retryAfter=1', 1, 900],
	['throttled?times=1&requested=50', 1, 700],
	['rate-limited?times=1', 1, 900],
	['rate-limited?times=1&status=403', 1, 900],
])
{
	test(`${fault}: the same request, as late as the API asks for`, async () => {
		await table(METHODS.list, `/graphql/fault/${fault}`);
		const start = Date.now();
		const { output, requests } = await run(JOIN);
		const took = Date.now() - start;
		assert.equal(output, right);
		assert.equal(requests, 10 + extra);
		assert.ok(took >= least, `${took} ms`);
	});
}

test('an API that asks to come again too late is an error that says when', async () => {
	for (const fault of ['status-429?retryAfter=3600', 'rate-limited?retryAfter=3600', 'rate-limited?reset=3600'])
	{
		await table(METHODS.list, `/graphql/fault/${fault}`);
		assert.match((await run(JOIN)).output, /ERROR:\s+53400:.*\nDETAIL:\s+The API asks to come again in 3(600|5[89]\d) s\./);
	}
});

test('waiting ends with statement_timeout', async () => {
	await table(METHODS.list, '/graphql/fault/status-429?retryAfter=20');
	const start = Date.now();
	assert.equal(await session.state(`SET statement_timeout = '500ms'; ${JOIN}; RESET statement_timeout;`), '57014');
	assert.ok(Date.now() - start < 15_000);    // the API asks for 20 s
	await session.run('RESET statement_timeout;');
});

test('splitting ends where it does not help', async () => {
	for (const [fault, most] of [['status-500', 80], ['limit?n=0&as=found', 80], ['status-401', 8], ['status-403', 8],
		['errors-200', 8], ['graphql-400', 8], ['html-200', 8]])
	{
		await table(METHODS.list, `/graphql/fault/${fault}`);
		const { output, requests } = await run(JOIN);
		assert.match(output, /ERROR/);
		assert.ok(requests <= most, `${fault}: ${requests} requests`);
	}
});

test('where every key of a list fails, no more than some of them are asked for one by one', async () => {
	await table(`${METHODS.large}, on_error 'null'`, '/graphql/fault/key-fails?all');
	const { output, requests } = await run('SELECT count(*), count(a.id), count(a.plan) FROM generate_series(1, 1000) n LEFT JOIN tested a ON a.id = n');
	assert.equal(output, '1000|1000|0');
	assert.ok(requests <= 200, `${requests} requests`);
});

test('look-ups that must not be null and are missing take only themselves along', async () => {
	await table("field 'accountStrict', key 'id', batch_mode 'alias', on_error 'null'", '/graphql/fault/ordinary?strict');
	const { output, requests } = await run(`SELECT count(*), count(a.id), count(a.plan)
		FROM generate_series(1, 1010) n LEFT JOIN tested a ON a.id = n`);
	assert.equal(output, '1010|1010|1000');
	assert.ok(requests <= 30, `${requests} requests`);
});
