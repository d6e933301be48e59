// Do tables imported from APIs of every convention send its filters, and get the rows that SQL wants?
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { conventions, products, startConventions } from '../server/conventions.mjs';
import { Session } from './session.mjs';

let session;
let server;

before(async () => {
	server = await startConventions();
	session = new Session();
	const rows = products.map(({ id, price, name }) => `(${id}, ${price ?? 'NULL'}::float8, '${name}')`);
	await session.run(`SET client_min_messages = warning; DROP SCHEMA IF EXISTS conventions CASCADE; CREATE SCHEMA conventions;
		CREATE TABLE conventions.product (id int, price float8, name text); INSERT INTO conventions.product VALUES ${rows};`);
});

after(async () => {
	await session.run('DROP SCHEMA conventions CASCADE;');
	await session.close();
	server.close();
});

const WHERE = {
	range: 'price >= 3 AND price < 8',
	equal: "id = 4 AND name = 'p4'",
	list: 'id IN (2, 4, 40)',
	none: 'id NOT IN (2, 4, 40)',
	other: 'price <> 3',
	most: 'price <= 3',
	beyond: 'price > 8',
	missing: 'price IS NULL',
	there: 'price IS NOT NULL',
	like: "name LIKE '%1'",
	beginning: "name LIKE 'p1%_'",
	part: "name LIKE '%1%'",
	ilike: "name ILIKE 'P1%'",
	tree: 'price > 2 AND (id = 3 OR NOT id = 4)',
};

const PAGES = ['first', 'after', 'limit', 'offset', 'skip', 'take', 'page', 'perPage'];

// convention -> condition -> the variables, but for those of pages; nothing where the condition is not sent.
const SENT = {
	'Hasura': {
		range: { where: { price: { _gte: 3, _is_null: false, _lt: 8 } } },
		equal: { id: [4], filter: { name: { _eq: 'p4' } } },
		list: { id: [2, 4, 40] },
		none: { where: { id: { _nin: [2, 4, 40] } } },
		other: { where: { price: { _neq: 3, _is_null: false } } },
		most: { where: { price: { _lte: 3, _is_null: false } } },
		beyond: { where: { price: { _gt: 8, _is_null: false } } },
		missing: { where: { price: { _is_null: true } } },
		there: { where: { price: { _is_null: false } } },
		like: { where: { name: { _like: '%1' } } },
		beginning: { where: { name: { _like: 'p1%_' } } },
		part: { where: { name: { _like: '%1%' } } },
		ilike: { where: { name: { _ilike: 'P1%' } } },
		tree: { where: { _and: [{ price: { _gt: 2, _is_null: false } }, { _or: [{ id: { _eq: 3 } }, { id: { _neq: 4 } }] }] } },
	},
	'PostGraphile, condition': {
		equal: { condition: { id: 4, name: 'p4' } },
	},
	'PostGraphile, connection filter': {
		range: { filter: { price: { greaterThanOrEqualTo: 3, isNull: false, lessThan: 8 } } },
		equal: { id: [4], filter: { name: { equalTo: 'p4' } } },
		list: { id: [2, 4, 40] },
		none: { filter: { id: { notIn: [2, 4, 40] } } },
		other: { filter: { price: { notEqualTo: 3, isNull: false } } },
		most: { filter: { price: { lessThanOrEqualTo: 3, isNull: false } } },
		beyond: { filter: { price: { greaterThan: 8, isNull: false } } },
		missing: { filter: { price: { isNull: true } } },
		there: { filter: { price: { isNull: false } } },
		like: { filter: { name: { like: '%1' } } },
		beginning: { filter: { name: { like: 'p1%_' } } },
		part: { filter: { name: { like: '%1%' } } },
		ilike: { filter: { name: { likeInsensitive: 'P1%' } } },
		tree: { filter: { and: [{ price: { greaterThan: 2, isNull: false } }, { or: [{ id: { equalTo: 3 } }, { id: { notEqualTo: 4 } }] }] } },
	},
	'pg_graphql': {
		range: { filter: { price: { gte: 3, is: 'NOT_NULL', lt: 8 } } },
		equal: { id: [4], filter: { name: { eq: 'p4' } } },
		list: { id: [2, 4, 40] },
		none: { filter: { not: { id: { in: [2, 4, 40] } } } },
		other: { filter: { price: { neq: 3, is: 'NOT_NULL' } } },
		most: { filter: { price: { lte: 3, is: 'NOT_NULL' } } },
		beyond: { filter: { price: { gt: 8, is: 'NOT_NULL' } } },
		missing: { filter: { price: { is: 'NULL' } } },
		there: { filter: { price: { is: 'NOT_NULL' } } },
		like: { filter: { name: { like: '%1' } } },
		beginning: { filter: { name: { like: 'p1%_' } } },
		part: { filter: { name: { like: '%1%' } } },
		ilike: { filter: { name: { ilike: 'P1%' } } },
		tree: { filter: { and: [{ price: { gt: 2, is: 'NOT_NULL' } }, { or: [{ id: { eq: 3 } }, { id: { neq: 4 } }] }] } },
	},
	'Prisma': {
		range: { where: { price: { gte: 3, lt: 8 } } },
		equal: { id: [4], filter: { name: { equals: 'p4' } } },
		list: { id: [2, 4, 40] },
		none: { where: { id: { notIn: [2, 4, 40] } } },
		other: { where: { NOT: { price: { equals: 3 } } } },
		most: { where: { price: { lte: 3 } } },
		beyond: { where: { price: { gt: 8 } } },
		like: { where: { name: { endsWith: '1' } } },
		beginning: { where: { name: { startsWith: 'p1' } } },
		part: { where: { name: { contains: '1' } } },
		tree: { where: { AND: [{ price: { gt: 2 } }, { OR: [{ id: { equals: 3 } }, { NOT: { id: { equals: 4 } } }] }] } },
	},
	'Hygraph': {
		range: { where: { price_gte: 3, price_lt: 8 } },
		equal: { id: [4], filter: { name: 'p4' } },
		list: { id: [2, 4, 40] },
		none: { where: { id_not_in: [2, 4, 40] } },
		other: { where: { price_not: 3 } },
		most: { where: { price_lte: 3 } },
		beyond: { where: { price_gt: 8 } },
		like: { where: { name_ends_with: '1' } },
		beginning: { where: { name_starts_with: 'p1' } },
		part: { where: { name_contains: '1' } },
		tree: { where: { AND: [{ price_gt: 2 }, { OR: [{ id: 3 }, { id_not: 4 }] }] } },
	},
	'Strapi': {
		range: { filters: { price: { gte: 3, null: false, lt: 8 } } },
		equal: { id: [4], filter: { name: { eq: 'p4' } } },
		list: { id: [2, 4, 40] },
		none: { filters: { id: { notIn: [2, 4, 40] } } },
		other: { filters: { price: { ne: 3, null: false } } },
		most: { filters: { price: { lte: 3, null: false } } },
		beyond: { filters: { price: { gt: 8, null: false } } },
		missing: { filters: { price: { null: true } } },
		there: { filters: { price: { null: false } } },
		like: { filters: { name: { endsWith: '1' } } },
		beginning: { filters: { name: { startsWith: 'p1' } } },
		part: { filters: { name: { contains: '1' } } },
		tree: { filters: { and: [{ price: { gt: 2, null: false } }, { or: [{ id: { eq: 3 } }, { id: { ne: 4 } }] }] } },
	},
	'TheGraph': {
		range: { where: { price_gte: 3, price_lt: 8 } },
		equal: { id: [4], filter: { name: 'p4' } },
		list: { id: [2, 4, 40] },
		none: { where: { id_not_in: [2, 4, 40] } },
		other: { where: { price_not: 3 } },
		most: { where: { price_lte: 3 } },
		beyond: { where: { price_gt: 8 } },
		like: { where: { name_ends_with: '1' } },
		beginning: { where: { name_starts_with: 'p1' } },
		part: { where: { name_contains: '1' } },
		tree: { where: { and: [{ price_gt: 2 }, { or: [{ id: 3 }, { id_not: 4 }] }] } },
	},
	'Linear': {
		range: { filter: { price: { gte: 3, null: false, lt: 8 } } },
		equal: { id: [4], filter: { name: { eq: 'p4' } } },
		list: { id: [2, 4, 40] },
		none: { filter: { id: { nin: [2, 4, 40] } } },
		other: { filter: { price: { neq: 3, null: false } } },
		most: { filter: { price: { lte: 3, null: false } } },
		beyond: { filter: { price: { gt: 8, null: false } } },
		missing: { filter: { price: { null: true } } },
		there: { filter: { price: { null: false } } },
		like: { filter: { name: { endsWith: '1' } } },
		beginning: { filter: { name: { startsWith: 'p1' } } },
		part: { filter: { name: { contains: '1' } } },
		tree: { filter: { and: [{ price: { gt: 2, null: false } }, { or: [{ id: { eq: 3 } }, { id: { neq: 4 } }] }] } },
	},
	'Saleor': {
		range: { where: { price: { range: { gte: 3, lte: 8 } } } },
		equal: { id: [4], filter: { name: { eq: 'p4' } } },
		list: { id: [2, 4, 40] },
		most: { where: { price: { range: { lte: 3 } } } },
		beyond: { where: { price: { range: { gte: 8 } } } },
		tree: { where: { price: { range: { gte: 2 } } } },
	},
	'Countries': {
		equal: { id: [4] },
		list: { id: [2, 4, 40] },
		none: { filter: { id: { nin: [2, 4, 40] } } },
		other: { filter: { price: { ne: 3 } } },
	},
	'json-graphql-server': {
		range: { filter: { price_gte: 3, price_lt: 8 } },
		equal: { id: [4] },
		list: { id: [2, 4, 40] },
		other: { filter: { price_neq: 3 } },
		most: { filter: { price_lte: 3 } },
		beyond: { filter: { price_gt: 8 } },
		tree: { filter: { price_gt: 2 } },
	},
};

for (const [n, [name, api]] of Object.entries(conventions).entries())
{
	test(`${name}: filters are sent as it spells them, and rows are right`, async () => {
		const output = await session.run(`DROP SCHEMA IF EXISTS convention CASCADE; CREATE SCHEMA convention; DROP SERVER IF EXISTS convention CASCADE;
			CREATE SERVER convention FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'http://127.0.0.1:${server.address().port}/${n}');
			IMPORT FOREIGN SCHEMA "Query" FROM SERVER convention INTO convention OPTIONS (name_case 'keep');`);
		assert.doesNotMatch(output, /ERROR/);
		const sent = {};
		for (const [what, where] of Object.entries(WHERE))
		{
			const sql = (table) => `SELECT string_agg(id::text, ',' ORDER BY id) FROM ${table} WHERE ${where};`;
			server.asked = [];
			assert.equal(await session.run(sql(`convention."${api.field}"`)), await session.run(sql('conventions.product')), where);
			const conditions = Object.entries(server.asked[0].variables ?? {}).filter(([variable]) => !PAGES.includes(variable));
			if (conditions.length > 0)
			{
				sent[what] = Object.fromEntries(conditions);
				assert.ok(server.asked[0].rows < products.length, `${where}: ${JSON.stringify(server.asked)}`);
			}
		}
		assert.deepEqual(sent, SENT[name], JSON.stringify(sent));
	});
}
