// Are the embeds of PostgREST, PostGraphile and pg_graphql over relationship functions batched, and right?
//
// PostGraphile runs for real. Of the others it is the SQL that they send: one schema has relationships that
// lead to the API, another has the same names over local copies, and each statement runs in both.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { createInterface } from 'node:readline';
import { Session, control, reset, stats } from './session.mjs';

const server = new URL('../apis/postgraphile/main.mjs', import.meta.url).pathname;

let session;
let postgraphile;
let urls;

const functions = (schema) => `
	CREATE FUNCTION ${schema}.customer_account(${schema}.customer) RETURNS SETOF ${schema}.account LANGUAGE sql STABLE ROWS 1
		BEGIN ATOMIC SELECT a.id, a.plan, a.referrer_id FROM ${schema}.account a WHERE a.id = $1.account_id; END;
	CREATE FUNCTION ${schema}.customer_orders(${schema}.customer) RETURNS SETOF ${schema}.account_order LANGUAGE sql STABLE ROWS 10
		BEGIN ATOMIC SELECT o.id, o.account_id, o.sku, o.total FROM ${schema}.account_order o WHERE o.account_id = $1.account_id; END;
	CREATE FUNCTION ${schema}.account_referrer(${schema}.account) RETURNS SETOF ${schema}.account LANGUAGE sql STABLE ROWS 1
		BEGIN ATOMIC SELECT a.id, a.plan, a.referrer_id FROM ${schema}.account a WHERE a.id = $1.referrer_id; END;
	CREATE FUNCTION ${schema}.account_orders(${schema}.account) RETURNS SETOF ${schema}.account_order LANGUAGE sql STABLE ROWS 10
		BEGIN ATOMIC SELECT o.id, o.account_id, o.sku, o.total FROM ${schema}.account_order o WHERE o.account_id = $1.id; END;
	CREATE FUNCTION ${schema}.account_order_account(${schema}.account_order) RETURNS SETOF ${schema}.account LANGUAGE sql STABLE ROWS 1
		BEGIN ATOMIC SELECT a.id, a.plan, a.referrer_id FROM ${schema}.account a WHERE a.id = $1.account_id; END;`;

// Primary keys for those who look for them; and lists without pages where PostGraphile would make connections.
const comments = (schema, kind) => `
	COMMENT ON ${kind} ${schema}.account IS E'@primaryKey id\\n@graphql({"primary_key_columns": ["id"]})';
	COMMENT ON ${kind} ${schema}.account_order IS E'@primaryKey id\\n@graphql({"primary_key_columns": ["id"]})';
	COMMENT ON FUNCTION ${schema}.customer_account IS '@simpleCollections only';
	COMMENT ON FUNCTION ${schema}.account_referrer IS '@simpleCollections only';`;

const customers = (schema) => `
	CREATE TABLE ${schema}.customer (id int PRIMARY KEY, name text, account_id int);
	INSERT INTO ${schema}.customer SELECT n, 'Customer ' || n, n FROM generate_series(1, 1000) n;
	ANALYZE ${schema}.customer;`;

before(async () => {
	session = new Session();
	const output = await session.run(`
		SET client_min_messages = warning;
		DROP SCHEMA IF EXISTS embeds, embeds_local CASCADE; DROP SERVER IF EXISTS embeds CASCADE;
		CREATE SCHEMA embeds; CREATE SCHEMA embeds_local;
		CREATE SERVER embeds FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url '${process.env.GRAPHQL_FDW_API}');
		CREATE FOREIGN TABLE embeds.account (id int OPTIONS (argument 'id', type 'Int!'), plan text, referrer_id int OPTIONS (path 'referrerId'))
			SERVER embeds OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
		CREATE FOREIGN TABLE embeds.account_order (id text, account_id int OPTIONS (path 'accountId', argument 'accountId', type 'Int!'), sku text, total numeric)
			SERVER embeds OPTIONS (field 'ordersByAccount', key 'id');
		CREATE VIEW embeds_local.account AS SELECT id, plan, referrer_id FROM local.accounts;
		CREATE VIEW embeds_local.account_order AS SELECT id, account_id, sku, total FROM local.orders;
		${customers('embeds')} ${functions('embeds')} ${comments('embeds', 'FOREIGN TABLE')}
		${customers('embeds_local')} ${functions('embeds_local')} ${comments('embeds_local', 'VIEW')}`);
	assert.doesNotMatch(output, /ERROR/);
	postgraphile = spawn(process.execPath, [server, process.env.PGDATABASE, 'embeds', 'embeds_local'], { stdio: ['ignore', 'pipe', 'inherit'] });
	for await (const line of createInterface({ input: postgraphile.stdout }))
	{
		if (line.startsWith('listening '))
		{
			urls = JSON.parse(line.slice('listening '.length));
			break;
		}
	}
	assert.ok(urls, 'PostGraphile listens');
});
after(async () => {
	postgraphile?.kill();
	await reset();
	await session.close();
});

const requests = async () => (await stats()).requests;

// What PostGraphile answers over the schema.
async function ask(schema, query)
{
	const response = await fetch(urls[schema], { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ query }) });
	const { data, errors } = await response.json();
	assert.equal(errors, undefined);
	return data;
}

// [what, document, requests]: 1,000 customers; one request per 100 keys.
for (const [what, query, expected] of [
	['a list', '{ allCustomers(orderBy: ID_ASC) { nodes { id orders { nodes { id total } } } } }', 10],
	['the first three of a list', '{ allCustomers(orderBy: ID_ASC) { nodes { id orders(first: 3) { nodes { id } } } } }', 10],
	['one', '{ allCustomers(orderBy: ID_ASC) { nodes { name accountList { plan } } } }', 10],
	['one and a list', '{ allCustomers(orderBy: ID_ASC) { nodes { accountList { id plan } orders { nodes { sku } } } } }', 20],
	['one of one, and a list of that', '{ allCustomers(orderBy: ID_ASC) { nodes { accountList { plan referrerList { id orders { nodes { id } } } } } } }', 16],
	['a list in a list', '{ allCustomers(orderBy: ID_ASC) { nodes { orders { nodes { id account { nodes { plan } } } } } } }', 19],    // 893 of the accounts have orders
	['a list of the first customers', '{ allCustomers(orderBy: ID_ASC, first: 20) { nodes { id orders { nodes { id total } } } } }', 1],
])
{
	test(`PostGraphile embeds ${what} in ${expected} requests`, async () => {
		await reset();
		const answer = await ask('embeds', query);
		assert.equal(await requests(), expected);
		assert.deepEqual(answer, await ask('embeds_local', query));
		assert.ok(answer.allCustomers.nodes.length >= 20);
	});
}

// The statement around every read of PostgREST's, and its ways to embed a relationship that is to one or many.
const read = (source) => `WITH pgrst_source AS (${source})
	SELECT pg_catalog.count(_postgrest_t) AS page_total, coalesce(json_agg(_postgrest_t), '[]')::text AS body FROM (SELECT * FROM pgrst_source) _postgrest_t`;
const toOne = (alias, query, join = 'LEFT') => `${join} JOIN LATERAL (${query}) AS "${alias}" ON TRUE`;
const toMany = (alias, query, join = 'LEFT') => `${join} JOIN LATERAL (SELECT json_agg("${alias}") AS "${alias}" FROM (${query}) AS "${alias}") AS "${alias}" ON ${join === 'INNER' ? `"${alias}" IS NOT NULL` : 'TRUE'}`;
const orders = 'SELECT "customer_orders"."id", "customer_orders"."total" FROM "%s"."customer_orders"("customer"::"%s"."customer")';
const account = 'SELECT "customer_account"."plan" FROM "%s"."customer_account"("customer"::"%s"."customer")';

// pg_graphql's way to ask for a connection: one page, with whatever else was asked for beside it.
const connection = (from, order, object, limit = 1000) => `(
	WITH __records AS (SELECT b.* FROM ${from} b WHERE true AND true AND true ORDER BY ${order} ASC NULLS LAST LIMIT ${limit}),
		__total_count(___total_count) AS (SELECT count(*) FROM ${from} b WHERE false AND true AND true),
		__has_next_page(___has_next_page) AS (SELECT null), __has_previous_page(___has_previous_page) AS (SELECT null)
	SELECT jsonb_build_object('edges', coalesce(jsonb_agg(jsonb_build_object('node', ${object}) ORDER BY ${order} ASC NULLS LAST), jsonb_build_array()))
	FROM __records b, __total_count, __has_next_page, __has_previous_page)`;

for (const [what, sql, expected] of [
	['PostgREST: to many', read(`SELECT "%s"."customer".*, COALESCE("customer_orders_1"."customer_orders_1", '[]') AS "customer_orders" FROM "%s"."customer"
		${toMany('customer_orders_1', orders)}`), 10],
	['PostgREST: to many, filtered, ordered, limited', read(`SELECT "%s"."customer".*, COALESCE("customer_orders_1"."customer_orders_1", '[]') AS "customer_orders" FROM "%s"."customer"
		${toMany('customer_orders_1', `${orders} WHERE "customer_orders"."total" > 100 ORDER BY "customer_orders"."total" DESC, "customer_orders"."id" LIMIT 2 OFFSET 0`)}`), 10],
	['PostgREST: to one', read(`SELECT "customer"."name", row_to_json("customer_account_1".*) AS "customer_account" FROM "%s"."customer"
		${toOne('customer_account_1', account)}`), 10],
	['PostgREST: to one, spread', read(`SELECT "customer"."name", "customer_account_1".* FROM "%s"."customer" ${toOne('customer_account_1', account)}`), 10],
	['PostgREST: inner, to one of a quarter and from there to many', read(`SELECT "customer"."id", row_to_json("customer_account_1".*) AS "customer_account", COALESCE("customer_orders_1"."customer_orders_1", '[]') AS "customer_orders" FROM "%s"."customer"
		${toOne('customer_account_1', `${account} WHERE "customer_account"."plan" = 'team'`, 'INNER')} ${toMany('customer_orders_1', orders, 'INNER')} ORDER BY "customer"."id"`), 13],
	['PostgREST: without any', read(`SELECT "customer"."id" FROM "%s"."customer"
		${toMany('customer_orders_1', orders)} WHERE "customer_orders_1" IS NULL`), 10],
	['PostgREST: counted', `SELECT count(*) FROM (SELECT 1 FROM "%s"."customer" WHERE EXISTS (SELECT 1 FROM "%s"."customer_orders"("customer"::"%s"."customer") AS "customer_orders" WHERE "customer_orders"."total" > 900)) x`, 10],
	['PostgREST: one in one', read(`SELECT "customer"."id", row_to_json("customer_account_1".*) AS "customer_account" FROM "%s"."customer"
		${toOne('customer_account_1', `SELECT "customer_account"."plan", row_to_json("account_referrer_2".*) AS "account_referrer" FROM "%s"."customer_account"("customer"::"%s"."customer")
			${toOne('account_referrer_2', 'SELECT "account_referrer"."id" FROM "%s"."account_referrer"("customer_account"::"%s"."account")')}`)}`), 13],
	['PostgREST: many in one in one', read(`SELECT "customer"."id", row_to_json("customer_account_1".*) AS "customer_account" FROM "%s"."customer"
		${toOne('customer_account_1', `SELECT "customer_account"."plan", row_to_json("account_referrer_2".*) AS "account_referrer" FROM "%s"."customer_account"("customer"::"%s"."customer")
			${toOne('account_referrer_2', `SELECT "account_referrer"."id", COALESCE("account_orders_3"."account_orders_3", '[]') AS "account_orders" FROM "%s"."account_referrer"("customer_account"::"%s"."account")
				${toMany('account_orders_3', 'SELECT "account_orders"."sku" FROM "%s"."account_orders"("account_referrer"::"%s"."account")')}`)}`)}`), 16],
	['PostgREST: one in many', read(`SELECT "customer"."id", COALESCE("customer_orders_1"."customer_orders_1", '[]') AS "customer_orders" FROM "%s"."customer"
		${toMany('customer_orders_1', `SELECT "customer_orders"."id", row_to_json("account_order_account_2".*) AS "account" FROM "%s"."customer_orders"("customer"::"%s"."customer")
			${toOne('account_order_account_2', 'SELECT "account_order_account"."plan" FROM "%s"."account_order_account"("customer_orders"::"%s"."account_order")')}`)}`), 20],
	['pg_graphql: to many', `SELECT ${connection('%s.customer', 'b.id', `jsonb_build_object('id', b.id, 'orders', ${connection('%s.customer_orders(b::%s.customer)', 'b.id', "jsonb_build_object('id', b.id)", 30).replaceAll(/\bb\b(?!::)/g, 'c')})`)}::text`, 10],
	['pg_graphql: to one, and from there', `SELECT ${connection('%s.customer', 'b.id', `jsonb_build_object('account', (
		SELECT jsonb_build_object('plan', d.plan, 'referrer', (SELECT jsonb_build_object('plan', e.plan) FROM %s.account_referrer(d::%s.account) e)) FROM %s.customer_account(b::%s.customer) d))`)}::text`, 13],
])
{
	test(`${what}: ${expected} requests`, async () => {
		await reset();
		const answer = await session.run(`${sql.replaceAll('%s', 'embeds')};`);
		assert.doesNotMatch(answer, /ERROR/);
		assert.equal(await requests(), expected);
		assert.equal(answer, await session.run(`${sql.replaceAll('%s', 'embeds_local')};`));
		assert.ok(answer.length > 2);
	});
}

// The API answers neither until both have come, and gives up in time.
for (const [what, sql] of [
	['joins', 'SELECT count(*), count(a.id), count(o.id) FROM %s.customer c LEFT JOIN LATERAL %s.customer_account(c) a ON true LEFT JOIN LATERAL %s.customer_orders(c) o ON true'],
	['inner joins', 'SELECT count(*), count(a.id), count(o.id) FROM %s.customer c JOIN %s.account a ON a.id = c.account_id JOIN %s.account_order o ON o.account_id = c.account_id + 1'],
	['lists in LATERAL', 'SELECT count(*), sum(a.n), sum(o.n) FROM %s.customer c, LATERAL (SELECT count(*) AS n FROM %s.customer_account(c)) a, LATERAL (SELECT count(*) AS n FROM %s.customer_orders(c)) o'],
	['subqueries', 'SELECT sum((SELECT count(*) FROM %s.customer_account(c))), sum((SELECT count(*) FROM %s.customer_orders(c))) FROM %s.customer c'],
])
{
	test(`two independent relationships are asked for together: ${what}`, async () => {
		await reset();
		await control({ meet: 2 });
		const answer = await session.run(`${sql.replaceAll('%s', 'embeds')};`);
		assert.equal(answer, await session.run(`${sql.replaceAll('%s', 'embeds_local')};`));
		assert.equal(await requests(), 20);
		await reset();
	});
}

test('two independent relationships are asked for together: of a few rows', async () => {
	await reset();
	await control({ meet: 2 });
	assert.equal(await session.run(`SELECT count(a.id), count(o.id) FROM (SELECT * FROM embeds.customer WHERE id <= 30) c
		LEFT JOIN LATERAL embeds.customer_account(c) a ON true LEFT JOIN LATERAL embeds.customer_orders(c) o ON true;`),
	await session.run(`SELECT count(a.id), count(o.id) FROM (SELECT * FROM embeds_local.customer WHERE id <= 30) c
		LEFT JOIN LATERAL embeds_local.customer_account(c) a ON true LEFT JOIN LATERAL embeds_local.customer_orders(c) o ON true;`));
	assert.equal(await requests(), 2);
	await reset();
});

test('a relationship alone waits in vain where two are to meet', async () => {
	await control({ meet: 2, patience: 1000 });
	assert.equal(await session.state('SELECT count(*) FROM embeds.customer c, embeds.customer_account(c) a;'), 'HV00L');
	await reset();
});
