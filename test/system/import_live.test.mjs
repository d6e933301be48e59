// Does an import from a real server make tables that show what the server has, without touching an option?
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { except, expected, loadExpected } from '../apis/expected.mjs';
import { importInto, isArgumentOnly, messages, quoted, tablesOf } from './imported.mjs';
import { Session, reset } from './session.mjs';

const apis = JSON.parse(process.env.GRAPHQL_FDW_APIS);

let session;
before(async () => {
	session = new Session();
	await session.run("SET client_min_messages = warning; SET TimeZone = 'Asia/Kolkata';");
});
after(async () => { await reset(); await session.close(); });

async function run(sql)
{
	const output = await session.run(sql);
	assert.doesNotMatch(output, /^(ERROR|FATAL):|server closed the connection/m, sql.slice(0, 2000));
	return output;
}

async function columnsOf(relation)
{
	return JSON.parse(await run(`SELECT json_agg(json_build_array(attname, format_type(atttypid, atttypmod)) ORDER BY attname COLLATE "C")
		FROM pg_attribute WHERE attrelid = '${relation}'::regclass AND attnum > 0;`));
}

// Compares what a query over an imported table gives with what is expected, duplicates and NULLs included.
async function compare(query, wanted)
{
	await run(`DROP TABLE IF EXISTS pg_temp.got;
		SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off;    -- look up rather than read all
		CREATE TEMP TABLE got AS ${query};
		RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_material;`);
	const columns = (await columnsOf('pg_temp.got')).map(([name]) => quoted(name)).join(', ');
	const rows = (one, other) => `(SELECT json_agg(to_json(x)) FROM (
		SELECT * FROM (SELECT ${columns} FROM ${one} EXCEPT ALL SELECT ${columns} FROM ${other}) d LIMIT 3) x)`;
	const [missing, surplus, count] = JSON.parse(await run(`SELECT json_build_array(${rows(wanted, 'pg_temp.got')},
		${rows('pg_temp.got', wanted)}, (SELECT count(*) FROM pg_temp.got));`));
	assert.deepEqual({ missing, surplus }, { missing: null, surplus: null }, query);
	return count;
}

for (const [api, url] of Object.entries({ yoga: process.env.GRAPHQL_FDW_API, ...apis }).filter(([name]) => name in expected))
{
	const wanted = `expected_${api}`;
	let tables = [];

	test(`${api}: every field that yields rows is a table with every column`, async () => {
		await loadExpected(api, url, run);
		const output = await importInto(session, api, { url, except: except[api] });
		assert.deepEqual(messages(output, 'WARNING'), []);
		tables = await tablesOf(session, api);
		const relations = JSON.parse(await run(`SELECT json_agg(relname ORDER BY relname COLLATE "C")
			FROM pg_class WHERE relnamespace = '${wanted}'::regnamespace AND relkind IN ('r', 'v');`));
		assert.deepEqual(tables.map(({ name }) => name), relations);
		for (const { name } of tables)
		{
			assert.deepEqual(await columnsOf(`${api}.${quoted(name)}`), await columnsOf(`${wanted}.${quoted(name)}`), name);
		}
	});

	// Compares the rows that an imported table finds by keys with the original's: by up to 500 keys, those of
	// every second row, so that it shows if they are ignored.
	async function compareByKeys(name, keys)
	{
		const original = `${wanted}.${quoted(name)}`;
		const columns = keys.map(quoted).join(', ');
		await run(`DROP TABLE IF EXISTS pg_temp.keys, pg_temp.wanted; CREATE TEMP TABLE keys AS SELECT DISTINCT ${columns} FROM (
				SELECT ${columns}, row_number() OVER () % 2 AS second FROM ${original}) o WHERE second = 1 LIMIT 500;
			CREATE TEMP TABLE wanted AS SELECT * FROM ${original} WHERE (${columns}) IN (TABLE pg_temp.keys); ANALYZE pg_temp.keys;`);
		await compare(`SELECT t.* FROM pg_temp.keys k JOIN ${api}.${quoted(name)} t
			ON ${keys.map((key) => `k.${quoted(key)} = t.${quoted(key)}`).join(' AND ')}`, 'pg_temp.wanted');
	}

	const requiredOf = ({ columns }) => columns.filter(({ options }) => options.type?.endsWith('!')).map(({ name }) => name);

	test(`${api}: every column of every row is the original's`, async (t) => {
		for (const table of tables)
		{
			const required = requiredOf(table);
			const { name } = table;
			await t.test(name, () => required.length > 0 ? compareByKeys(name, required)
				: compare(`TABLE ${api}.${quoted(name)}`, `${wanted}.${quoted(name)}`));
		}
	});

	test(`${api}: every table with a key finds its rows by it, and only those`, async (t) => {
		for (const table of tables)
		{
			const { name, columns, options } = table;
			const keys = options.key?.split(',') ?? [];
			// An argument alone has no value unless one is given.
			if (keys.length > 0 && !columns.some((column) => keys.includes(column.name) && isArgumentOnly(column)))
			{
				await t.test(`${name} (${keys.join(', ')})`, async () => {
					assert.equal(await run(`SELECT count(*) FROM (
						SELECT FROM ${wanted}.${quoted(name)} GROUP BY ${keys.map(quoted).join(', ')} HAVING count(*) > 1) d;`), '0');
					await compareByKeys(name, [...new Set([...keys, ...requiredOf(table)])]);
				});
			}
		}
	});
}

test('arguments reach the API: optional ones, lists, JSON, several', async () => {
	const counts = await run(`
		SELECT count(*) = 40 FROM apollo.media;
		SELECT kind, count(*), count(pages) FROM apollo.media WHERE kind IN ('BOOK', 'FILM') GROUP BY kind ORDER BY kind;
		SELECT count(*), min(typename) FROM mercurius.works WHERE text = 'Film';
		SELECT moods, count(id) FROM (VALUES (ARRAY['SAD']), (ARRAY['SAD', 'HAPPY']), ('{}')) v (moods) LEFT JOIN mercurius.by_moods USING (moods) GROUP BY moods ORDER BY 1;
		SELECT filter, count FROM (VALUES (jsonb '{"score_gt": 4.5}'), ('{"active": false, "score_lt": 2}')) v (filter) JOIN json.all_users_meta USING (filter) ORDER BY count;
		SELECT a, b, value FROM postgraphile.add_up WHERE a IN (1, 2147483647) AND b = 2147483647 ORDER BY a;`);
	assert.equal(counts, ['t', 'BOOK|20|20', 'FILM|20|0', '12|Film', '{}|0', '{SAD}|10', '{SAD,HAPPY}|20', '{"score_gt": 4.5}|4',
		'{"active": false, "score_lt": 2}|5', '1|2147483647|2147483648', '2147483647|2147483647|4294967294'].join('\n'));
	await compare("SELECT * FROM postgraphile.find_customers WHERE town IN ('Town 3', 'Town 4', 'nowhere')",
		"(SELECT *, home_town AS town FROM expected_postgraphile.all_customers WHERE home_town IN ('Town 3', 'Town 4')) e");
});

test('a row of a connection is a row, even if nothing that is asked of it holds a value', async () => {
	assert.equal(await run('SELECT count(*), count(words) FROM (SELECT words FROM postgraphile.all_kinds OFFSET 0) k;'), '251|250');
});

test('an API that keeps its schema to itself is imported from a file', async () => {
	const refused = await session.run(`DROP SERVER IF EXISTS closed CASCADE; CREATE SERVER closed FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url '${apis.closed}');
		DROP SCHEMA IF EXISTS closed CASCADE; CREATE SCHEMA closed; IMPORT FOREIGN SCHEMA "Query" FROM SERVER closed INTO closed;`);
	assert.match(refused, /ERROR:  HV00Q: /);
	assert.match(refused, /HINT:  .*schema_file/);
	const file = join(mkdtempSync(join(dirname(process.env.PGHOST), 'closed.')), 'schema.graphql');
	chmodSync(dirname(file), 0o755);
	writeFileSync(file, JSON.parse(await run("SELECT to_json(graphql_schema('apollo'));")));
	await importInto(session, 'closed', { url: apis.closed, server: [`schema_file '${file}'`] });
	await compare('TABLE closed.users', 'expected_apollo.users');
	await compare("SELECT t.* FROM closed.stock_of t WHERE sku IN ('s1', 's2', 'none') AND warehouse = 2", "(SELECT * FROM expected_apollo.stock WHERE sku IN ('s1', 's2') AND warehouse = 2) e");
	rmSync(dirname(file), { recursive: true });
});
