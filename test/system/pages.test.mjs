// Do pages stream: which are asked for, when, and how much of them is held?
import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { atApi, control, prepare, processStatus, reset, stats, untilStats } from './session.mjs';

const MB = 1024;
const PAGED = {
	relay: ['accountsRelay.nodes', '{"style": "relay", "size": "first", "cursor": "after"}', 400, 250],
	list: ['ordersPaged', '{"style": "offset", "size": "limit", "offset": "offset"}', 2000, 2000],
	numbered: ['productsPaged.items', '{"style": "page", "size": "perPage", "page": "page"}', 250, 250],
	tokens: ['ordersFeed.items', '{"style": "token", "size": "limit", "cursor": "cursor", "next": "cursor"}', 2000, 2000],
	events: ['events.nodes', '{"style": "relay", "size": "first", "cursor": "after"}', 100, 100],
};
let session;

before(async () => {
	session = await prepare('pages');
	await session.run(Object.entries(PAGED).map(([name, [field, pagination,, size]]) => `
		CREATE FOREIGN TABLE ${name} (id text ${name === 'numbered' ? "OPTIONS (path 'sku')" : ''}) SERVER pages
			OPTIONS (field '${field}', pagination '${pagination}', fetch_size '${size}');`).join(''));
});
after(async () => { await reset(); await session.close(); });

const variables = async () => (await (await fetch(atApi('/requests'))).json()).map(({ body }) => JSON.parse(body).variables);
const base64 = (text) => Buffer.from(text).toString('base64');

const ASKED = {
	relay: [{ first: 250 }, ...[250, 500, 750].map((n) => ({ first: 250, after: base64(`account:${n}`) }))],
	list: [0, 1000, 2000, 3000, 4000, 5000].map((offset) => ({ limit: 2000, offset })),
	// 100 rows where 250 were asked for: is there more, are pages of 100 kept to, then on from the second.
	numbered: [{ perPage: 250, page: 1 }, ...[2, 1, 2, 3, 4, 5, 6].map((page) => ({ perPage: 100, page }))],
	tokens: [{ limit: 2000 }, ...Array.from({ length: 9 }, (_, n) => ({ limit: 2000, cursor: String(500 * (n + 1)) }))],
};

for (const [name, asked] of Object.entries(ASKED))
{
	test(`pages of style ${JSON.parse(PAGED[name][1]).style} are asked for by variables of one document`, async () => {
		await session.run(`SELECT count(*) FROM ${name};`);
		await reset();
		const output = await session.run(`SELECT count(*), count(DISTINCT id) FROM ${name};`);
		const rows = { relay: 1000, list: 5000, numbered: 500, tokens: 5000 }[name];
		assert.equal(output, `${rows}|${rows}`);
		assert.deepEqual(await variables(), asked);
		assert.equal((await stats()).documents, 1);
	});
}

test('LIMIT 10 is one request of 10 rows; with a filter between, rows are right', async () => {
	await reset();
	assert.equal((await session.run('SELECT id FROM events LIMIT 10;')).split('\n').length, 10);
	assert.deepEqual(await variables(), [{ first: 10 }]);
	assert.equal((await stats()).rows, 10);
	assert.equal(await session.run("SELECT string_agg(id, ',') FROM (SELECT id FROM events WHERE id LIKE '%50' LIMIT 4) e;"), '50,150,250,350');
});

test('the next page is asked for before this one is used up, and no other', async () => {
	await session.run('SET cursor_tuple_fraction = 1;');
	await reset();
	await session.run('BEGIN; DECLARE c CURSOR FOR SELECT id FROM events; FETCH 1 FROM c;');
	await untilStats((s) => s.requests === 2);
	assert.equal(await session.run('MOVE 98 FROM c; FETCH 1 FROM c;'), '100');
	await sleep(200);
	assert.equal((await stats()).requests, 2);
	assert.equal(await session.run('FETCH 1 FROM c;'), '101');
	await untilStats((s) => s.requests === 3);
	await session.run('COMMIT; RESET cursor_tuple_fraction;');
});

test('a plan that may stop early asks for its second page only when it is reached', async () => {
	await reset();
	await session.run('BEGIN; DECLARE c CURSOR FOR SELECT id FROM events; MOVE 100 FROM c;');
	await sleep(200);
	assert.equal((await stats()).requests, 1);
	assert.equal(await session.run('FETCH 1 FROM c;'), '101');
	await untilStats((s) => s.requests === 3);
	await session.run('COMMIT;');
});

for (const [how, stop] of [['CLOSE', 'CLOSE c;'], ['ROLLBACK', 'ROLLBACK;']])
{
	test(`${how} drops the page that is on its way`, async () => {
		await reset();
		await session.run('SET cursor_tuple_fraction = 1; BEGIN; DECLARE c CURSOR FOR SELECT id FROM events;');
		await control({ fault: { name: 'ordinary', after: 1, delay: 60_000 } });
		assert.equal(await session.run('FETCH 1 FROM c;'), '1');
		await untilStats((s) => s.inFlight === 1);
		await session.run(stop);
		await untilStats((s) => s.aborted === 1 && s.inFlight === 0);
		await session.run('ROLLBACK; RESET cursor_tuple_fraction;');
	});
}

test('a rescan drops the page that is on its way and begins anew', async () => {
	await reset();
	await control({ fault: { name: 'ordinary', after: 2, delay: 60_000 } });
	assert.equal(await session.run('SELECT sum(n) FROM (VALUES (150), (1)) v (k), LATERAL (SELECT count(*) AS n FROM (SELECT id FROM events LIMIT k) e) s;'), '151');
	const { requests, aborted } = await untilStats((s) => s.inFlight === 0);
	assert.deepEqual({ requests, aborted }, { requests: 4, aborted: 1 });
});

test('a failure behind the first page is an error, whatever on_error says', async () => {
	await session.run("ALTER FOREIGN TABLE relay OPTIONS (ADD on_error 'null');");
	await reset();
	await control({ fault: { name: 'errors-partial', field: 'nodes', after: 1 } });
	assert.equal(await session.state('SELECT count(*) FROM relay;'), 'HV000');
	await session.run('ALTER FOREIGN TABLE relay OPTIONS (DROP on_error);');
});

test('statement_timeout ends a scan between two pages', async () => {
	await reset();
	await control({ fault: { name: 'ordinary', after: 1, delay: 60_000 } });
	assert.equal(await session.state('SET statement_timeout = 300; SELECT count(*) FROM events;'), '57014');
	await session.run('RESET statement_timeout;');
	await untilStats((s) => s.inFlight === 0);
});

test('the top 3 children of 1,000 parents are 10 requests of 3,000 rows', async () => {
	const children = await prepare('children', atApi('/graphql/ordered'));
	await children.run(`CREATE FOREIGN TABLE reading (account_id int OPTIONS (argument 'account(id)', type 'Int!', path 'accountId') NOT NULL,
		n int NOT NULL, value int NOT NULL) SERVER children OPTIONS (field 'account.readings.nodes',
		pagination '{"style": "relay", "size": "first", "cursor": "after"}',
		lookups '[{"field": "accountsByIds.readings.nodes", "arguments": {"accountsByIds(ids)": ["$account_id"]}}]',
		"order" '{"style": "enum", "argument": "orderBy", "list": true, "columns": {"n": {"asc": "N_ASC", "desc": "N_DESC"}, "value": {"asc": "VALUE_ASC", "desc": "VALUE_DESC"}}}');`);
	const query = (source) => `SELECT count(*), sum(r.value), sum(r.n), md5(string_agg(r::text, ',' ORDER BY p, r.value, r.n)) FROM generate_series(1, 1000) p,
		LATERAL (SELECT * FROM ${source} r WHERE r.account_id = p ORDER BY value DESC, n LIMIT 3) r;`;
	await children.run("SELECT count(*) FROM reading WHERE account_id = 1;");
	await reset();
	const output = await children.run(query('reading'));
	const { requests, perField } = await stats();
	await children.run('CREATE TABLE local_reading AS SELECT a AS account_id, n, (a * 31 + n * 17) % 101 AS value FROM generate_series(1, 1000) a, generate_series(0, 11) n;');
	assert.equal(output, await children.run(query('local_reading')));
	await children.close();
	assert.match(output, /^3000\|/);
	assert.equal(requests, 10);
	assert.equal(perField['Account.readings'].rows, 3000);
});

test('ORDER BY, LIMIT and OFFSET are one request of so many rows', async () => {
	const sorted = await prepare('sorted', atApi('/graphql/ordered'));
	await sorted.run(`CREATE FOREIGN TABLE sale (id text, total numeric NOT NULL) SERVER sorted OPTIONS (field 'ordersRelay.nodes',
		pagination '{"style": "relay", "size": "first", "cursor": "after"}',
		"order" '{"style": "enum", "argument": "orderBy", "columns": {"total": {"asc": "TOTAL_ASC", "desc": "TOTAL_DESC"}}}');`);
	await sorted.run('SELECT id FROM sale LIMIT 1;');
	await reset();
	await sorted.run('SELECT id FROM sale ORDER BY total DESC LIMIT 10 OFFSET 2;');
	assert.deepEqual(await variables(), [{ first: 12 }]);
	await sorted.close();
});

test('a million rows take the memory of two pages', async () => {
	const large = await prepare('many');
	await large.run(`CREATE FOREIGN TABLE events (id int, note text) SERVER many OPTIONS (field 'events.nodes',
		key 'id', fetch_size '5000', pagination '{"style": "relay", "size": "first", "cursor": "after"}');`);
	const pid = await large.pid();
	await large.run('SELECT count(*) FROM (SELECT * FROM events LIMIT 10) e;');
	const before = processStatus(pid, 'VmHWM');
	const output = await large.run('SELECT count(*), sum(id), count(note) FROM events;');
	const grown = processStatus(pid, 'VmHWM') - before;
	await large.close();
	assert.equal(output, '1000000|500000500000|1000000');
	assert.ok(grown < 16 * MB, `${grown / MB} MB`);
});

test('look-ups in pages go on together', async () => {
	await session.run(`CREATE SERVER pages_things FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url '${process.env.GRAPHQL_FDW_API}/things', key_batch_size '20', fetch_size '5');
		CREATE FOREIGN TABLE things (id int NOT NULL, label text) SERVER pages_things
			OPTIONS (field 'things', pagination '{"style": "offset", "size": "limit", "offset": "offset"}',
			filter '{"argument": "filter", "type": "ThingFilter", "style": "nested", "operators": {"in": "in"}, "columns": {"label": "in"}}');
		CREATE TABLE labels AS SELECT label FROM things ORDER BY id LIMIT 80; ANALYZE labels;`);
	const query = 'SELECT count(*), count(DISTINCT t.id) FROM labels l JOIN things t ON t.label = l.label;';
	await session.run(query);
	await reset();
	await control({ delayMs: 30 });
	const [rows] = (await session.run(query)).split('|').map(Number);
	await control({ delayMs: 0 });
	const pages = (await variables()).map(({ filter, offset }) => ({ batch: filter.label.in[0], offset }));
	const own = pages.filter(({ batch }) => batch === pages[0].batch);
	assert.ok(rows >= 80 && own.length >= 4, JSON.stringify(pages));
	const last = pages.lastIndexOf(own.at(-1));
	assert.ok(pages.slice(0, last).some(({ batch, offset }) => batch !== pages[0].batch && offset > 0), JSON.stringify(pages));
	await session.run('DROP SERVER pages_things CASCADE; DROP TABLE labels;');
});
