// Are lists that the API joins to their objects whole, however it hands them out?
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test, before, after, beforeEach } from 'node:test';
import { buildSchema, graphql } from '../server/node_modules/graphql/index.js';
import { Session } from './session.mjs';

const schema = buildSchema(`
	type Query { shops(first: Int!, after: String): Shops!  shop(id: Int!): Shop }
	type Shops { nodes: [Shop!]!  pageInfo: PageInfo! }
	type Shop { id: Int!  wares(first: Int!, after: String): Wares }
	type Wares { nodes: [Ware!]!  pageInfo: PageInfo! }
	type Ware { n: Int! }
	type PageInfo { hasNextPage: Boolean!  endCursor: String }`);
const SHOPS = 25;
// Shop 8 has no wares, shop 16 no list of them.
const waresOf = (id) => Array.from({ length: id % 8 }, (_, n) => ({ n }));
const expected = (kind) => Array.from({ length: SHOPS }, (_, i) => i + 1)
	.flatMap((id) => id % 8 || kind === 'JOIN' ? waresOf(id).map(({ n }) => `${id}.${n}`) : [`${id}.-`]).join(' ');

function page(rows, { first, after })
{
	const start = Number(after ?? 0);
	const end = Math.min(start + first, rows.length);
	return { nodes: rows.slice(start, end), pageInfo: { hasNextPage: end < rows.length, endCursor: String(end) } };
}

// What a list may be like: given the honest page and what was asked for.
const LISTS = {
	honest: (found) => found,
	capped: (_, id, args) => page(waresOf(id), { ...args, first: Math.min(args.first, 2) }),
	'empty at first': (found, id, { after }) => after ? found : { nodes: [], pageInfo: { hasNextPage: true, endCursor: '0' } },
	stuck: (found) => ({ ...found, pageInfo: { hasNextPage: true, endCursor: '2' } }),
	'without cursors': (found) => ({ ...found, pageInfo: { hasNextPage: true, endCursor: null } }),
	endless: (_, id, { after }) => ({ nodes: [], pageInfo: { hasNextPage: true, endCursor: String(Number(after ?? 0) + 1) } }),
	gone: (found, id, { after }) => after ? null : found,
};

let server;
let session;
let list = 'honest';
let refuses;       // (variables, aliases) => message, or nothing
let shopFor;       // which shop is found by an id
let asked;

const shop = (id) => ({ id, wares: (args) => id === 16 ? null : LISTS[list](page(waresOf(id), args), id, args) });
const root = {
	shops: (args) => page(Array.from({ length: SHOPS }, (_, i) => shop(i + 1)), args),
	shop: ({ id }) => shop(shopFor(id)),
};

before(async () => {
	server = createServer(async (request, response) => {
		const chunks = [];
		for await (const chunk of request)
		{
			chunks.push(chunk);
		}
		const { query, variables } = JSON.parse(Buffer.concat(chunks));
		let refusal;
		if (!/__type\(|__schema/.test(query))
		{
			asked.push({ ...variables, tenant: request.headers['x-tenant'] });
			refusal = refuses(variables, query.match(/a\d+:/g)?.length ?? 0);
		}
		const result = refusal ? { errors: [{ message: refusal }] } : await graphql({ schema, source: query, rootValue: root, variableValues: variables });
		response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
	}).listen(0, '127.0.0.1');
	await new Promise((resolve) => { server.once('listening', resolve); });
	session = new Session();
	asked = [];
	const relay = '{"style": "relay", "size": "first", "cursor": "after"}';
	assert.doesNotMatch(await session.run(`
		SET client_min_messages = warning; DROP SCHEMA IF EXISTS join_lists CASCADE; CREATE SCHEMA join_lists; SET search_path = join_lists;
		DROP SERVER IF EXISTS join_lists CASCADE;
		CREATE SERVER join_lists FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'http://127.0.0.1:${server.address().port}/graphql', fetch_size '5', max_pages '50');
		CREATE FOREIGN TABLE shops (id int NOT NULL) SERVER join_lists OPTIONS (field 'shops.nodes', key 'id', pagination '${relay}',
			lookups '[{"field": "shop", "arguments": {"id": "$id"}}]');
		CREATE FOREIGN TABLE wares (shop int OPTIONS (path '....id', argument 'shop(id)', type 'Int!'), n int) SERVER join_lists
			OPTIONS (field 'shop.wares.nodes', pagination '${relay}', fetch_size '3');`), /ERROR/);
});
after(async () => { await session.close(); server.close(); });
beforeEach(() => { list = 'honest'; refuses = () => undefined; shopFor = (id) => id; asked = []; });

const rows = (kind) => `SELECT string_agg(s.id || '.' || coalesce(w.n::text, '-'), ' ' ORDER BY s.id, w.n) FROM shops s ${kind} wares w ON w.shop = s.id;`;

test('the API joins, and lists are gone on with in full requests', async () => {
	assert.match(await session.run(`EXPLAIN ${rows('JOIN')}`), /List Pagination: relay \(first 3\)/);
	for (const kind of ['JOIN', 'LEFT JOIN'])
	{
		asked = [];
		assert.equal(await session.run(rows(kind)), expected(kind));
		// Five pages of shops; what is left of twelve lists is one request, and of three of them another.
		assert.deepEqual(asked.filter(({ id, k0 }) => id === undefined && k0 === undefined).map(({ after }) => after),
			[undefined, '5', '10', '15', '20']);
		assert.equal(asked.length, 7);
	}
});

test('a statement that stops early asks for no rest', async () => {
	assert.equal(await session.run('SELECT count(*) FROM (SELECT w.n FROM shops s JOIN wares w ON w.shop = s.id LIMIT 9) x;'), '9');
	assert.equal(asked.length, 1);
});

for (const how of ['capped', 'empty at first'])
{
	for (const kind of ['JOIN', 'LEFT JOIN'])
	{
		test(`lists that are ${how} are whole (${kind})`, async () => {
			list = how;
			assert.equal(await session.run(rows(kind)), expected(kind));
		});
	}
}

for (const how of ['stuck', 'without cursors', 'endless', 'gone'])
{
	test(`lists that are ${how} are an error`, async () => {
		list = how;
		assert.equal(await session.state(rows('LEFT JOIN')), 'HV00M');
	});
}

test('a list that goes on with rows of another object is an error', async () => {
	shopFor = (id) => id === 5 ? 29 : id;
	assert.equal(await session.state(rows('JOIN')), 'HV00M');
});

test('lists are gone on with under the identity that the scan began with', async () => {
	await session.run("ALTER SERVER join_lists OPTIONS (ADD session_headers '{\"X-Tenant\": \"${app.tenant}\"}'); SET app.tenant = 'ada';");
	assert.equal(await session.run(`SELECT count(tenant), max(tenant) FROM
		(SELECT w.n, set_config('app.tenant', 'bob', false) AS tenant FROM shops s JOIN wares w ON w.shop = s.id OFFSET 0) x;`), `${expected('JOIN').split(' ').length}|bob`);
	assert.deepEqual([asked.length, new Set(asked.map(({ tenant }) => tenant))], [7, new Set(['ada'])]);
	await session.run('ALTER SERVER join_lists OPTIONS (DROP session_headers);');
});

test('an API that finds it too much is asked for fewer rows of each list, also by the next statement', async () => {
	const sizes = () => asked.filter(({ k0 }) => k0 === undefined).map((variables) => variables.first * variables.first_2);
	refuses = (variables, aliases) => !aliases && variables.first * variables.first_2 > 5
		? `Query has complexity of ${variables.first * variables.first_2}, which exceeds max complexity of 5` : undefined;
	assert.equal(await session.run(rows('LEFT JOIN')), expected('LEFT JOIN'));
	assert.deepEqual(sizes().slice(0, 2), [15, 5]);
	asked = [];
	assert.equal(await session.run(rows('JOIN')), expected('JOIN'));
	assert.deepEqual(sizes(), [5, 5, 5, 5, 5]);
	// Nothing helps when it is the objects that are too many.
	refuses = () => 'Query has complexity of 7, which exceeds max complexity of 1';
	assert.match(await session.run(rows('JOIN')), /exceeds max complexity of 1/);
});

test('aliases that are too many for the API are asked for in parts', async () => {
	refuses = (_, aliases) => aliases > 3 ? 'Syntax Error: Aliases limit of 3 exceeded, found more.' : undefined;
	assert.equal(await session.run(rows('LEFT JOIN')), expected('LEFT JOIN'));
});
