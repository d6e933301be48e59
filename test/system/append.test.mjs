// Do the scans under one Append run at the same time, and end like any other?
import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { control, descriptors, prepare, reset, stats, untilStats } from './session.mjs';

const limit = { timeout: 120_000 };
const both = 'SELECT count(*), sum(n) FROM (SELECT id AS n FROM accounts UNION ALL SELECT quantity FROM "order") a;';
let session;
let rows;
before(async () => {
	session = await prepare('append');
	await session.run(`
		CREATE FOREIGN TABLE "order" (id text, quantity int) SERVER append OPTIONS (field 'ordersPaged', fetch_size '500',
			pagination '{"style": "offset", "size": "limit", "offset": "offset"}');
		CREATE FOREIGN TABLE feed (id text, quantity int) SERVER append OPTIONS (field 'ordersFeed.items', fetch_size '500',
			pagination '{"style": "token", "size": "limit", "cursor": "cursor", "next": "cursor"}');`);
	await session.run('ALTER SERVER append OPTIONS (ADD async_capable \'off\');');
	rows = await session.run(both);
	await session.run('ALTER SERVER append OPTIONS (DROP async_capable);');
});
after(async () => { await reset(); await session.close(); });

test('both requests are there before either is answered', limit, async () => {
	await reset();
	await control({ hold: true });
	const output = session.run(both);
	await untilStats((s) => s.inFlight === 2);
	await control({ hold: false });
	assert.equal(await output, rows);
	assert.equal((await stats()).requests, 12);
});

test('async_capable off: one after the other', limit, async () => {
	for (const object of ['SERVER append', 'FOREIGN TABLE accounts'])
	{
		await session.run(`ALTER ${object} OPTIONS (ADD async_capable 'off');`);
		await reset();
		const plan = await session.run(`EXPLAIN (COSTS OFF) ${both}`);
		assert.equal(await session.run(both), rows);
		await session.run(`ALTER ${object} OPTIONS (DROP async_capable);`);
		assert.equal(/Async Foreign Scan on (append\.)?accounts/.test(plan), false, plan);
		assert.equal(/Async Foreign Scan on (append\.)?"order"/.test(plan), object !== 'SERVER append', plan);
	}
});

test('pages of several tables come in any order, also one request at a time', limit, async () => {
	const many = `SELECT count(*), count(DISTINCT id), sum(quantity) FROM (SELECT * FROM "order" WHERE quantity > 0
		UNION ALL SELECT * FROM feed UNION ALL SELECT * FROM "order" WHERE id = '7') a;`;
	const expected = /^10001\|5000\|\d+$/;
	assert.match(await session.run(many), expected);
	await session.run('ALTER SERVER append OPTIONS (ADD concurrency \'1\');');
	await reset();
	assert.match(await session.run(many), expected);
	assert.equal((await stats()).maxInFlight, 1);
	await session.run('ALTER SERVER append OPTIONS (DROP concurrency);');
	for (const delayed of ['ordersPaged', 'ordersFeed'])
	{
		await control({ fault: { name: 'ordinary', root: delayed, delay: 20, times: 1000 } });
		assert.match(await session.run(many), expected);
		await reset();
	}
});

test('a plan that may stop early asks no table that it does not come to', limit, async () => {
	await reset();
	assert.equal(await session.run('SELECT count(*) FROM (SELECT id::text FROM accounts UNION ALL SELECT id FROM "order" LIMIT 10) a;'), '10');
	assert.equal((await stats()).requests, 1);
});

test('rescans begin anew', limit, async () => {
	assert.equal(await session.run(`SELECT n, (SELECT count(*) FROM (SELECT id FROM accounts WHERE id % 2 = n
		UNION ALL SELECT quantity FROM feed WHERE quantity % 2 = n) a WHERE id > -n) > 0 FROM generate_series(0, 1) n;`), '0|t\n1|t');
});

test('an error of one ends all; a timeout ends the wait for all; nothing stays open', limit, async () => {
	const pid = await session.pid();
	await session.run('DISCARD ALL; SET search_path = append;');
	await session.run(both);
	const open = descriptors(pid);
	await reset();
	await control({ fault: { name: 'status-400', root: 'ordersPaged', times: 1 } });
	assert.match(await session.run(both), /ERROR/);
	await session.run("ALTER SERVER append OPTIONS (ADD keep_connections 'off');");
	await reset();
	await control({ hold: true });
	const start = performance.now();
	assert.equal(await session.state(`SET statement_timeout = '300ms'; ${both}`), '57014');
	assert.ok(performance.now() - start < 10_000);    // requests may take 30 s
	await control({ hold: false });
	await session.run("RESET statement_timeout; ALTER SERVER append OPTIONS (DROP keep_connections);");
	assert.equal(await session.run(both), rows);
	assert.ok(descriptors(pid) <= open + 1, `${descriptors(pid)} descriptors, ${open} before`);
	await untilStats((s) => s.inFlight === 0);
});
