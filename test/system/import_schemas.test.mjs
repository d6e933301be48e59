// Do the schemas of public APIs import whole, the same each time, into tables whose requests the API takes?
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { clientSchema, complaints, githubSdl, introspections, normalized, readSdl, sdl, withoutRepeatedFields } from '../apis/schemas.mjs';
import { enumsOf, importInto, isArgumentOnly, messages, quoted, tablesOf } from './imported.mjs';
import { Session } from './session.mjs';

const NOBODY = 'http://127.0.0.1:1/graphql';
const ways = {
	'as it is': [],
	'with everything': ["import_children 'true'", "import_enums 'true'", "import_deprecated 'true'"],
	'two levels deep': ["import_max_depth '2'"],
	'with the least': ["import_max_depth '0'", "import_not_null 'false'", "name_case 'keep'", "prefix 'a_'"],
};

let session;
let directory;    // the server may be somebody else's and reads the files
before(() => {
	session = new Session();
	directory = mkdtempSync(join(dirname(process.env.PGHOST), 'schemas.'));
	chmodSync(directory, 0o755);
});
after(async () => {
	await session.close();
	rmSync(directory, { recursive: true });
});

const importFile = (name, file, options) =>
	importInto(session, name, { url: NOBODY, server: [`schema_file '${file}'`], options });

// The files of one schema: the introspection, and SDL that says the same.
function filesOf(name)
{
	const json = join(directory, `${name}.json`);
	const text = join(directory, `${name}.graphql`);
	copyFileSync(introspections[name], json);
	writeFileSync(text, sdl(introspections[name]));
	return { json, text };
}

// Some value of a type, as SQL writes it.
function someValue(type, schema = '', label = null)
{
	const element = type.replace(/\[\]$/, '');
	const values = { 'boolean': 'true', 'integer': '1', 'bigint': '1', 'numeric': '1', 'double precision': '1', 'jsonb': '{}',
		'timestamp with time zone': '2024-01-01Z', 'timestamp without time zone': '2024-01-01', 'date': '2024-01-01',
		'uuid': '00000000-0000-0000-0000-000000000000', 'text': 'x' };
	const value = label ?? values[element];
	assert.ok(value, type);
	return type === element ? `'${value}'::${schema}${type}` : `ARRAY['${value}']::${schema}${type}`;
}

async function operationOf(table, schema, condition)
{
	const output = await session.run(`EXPLAIN (VERBOSE, FORMAT JSON) SELECT * FROM ${schema}.${quoted(table.name)} WHERE ${condition};`);
	assert.doesNotMatch(output, /ERROR/, `${table.name} WHERE ${condition}`);
	const [{ Plan: plan }] = JSON.parse(output);
	return { missing: plan['Missing Argument'], document: plan['Remote Operation'] };
}

// The conditions to look at a table with: none, all it needs, every argument, every look-up.
function* conditionsOf(table, enums)
{
	const value = ({ type }) => {
		const name = type.replace(/\[\]$/, '').replaceAll('"', '');
		return name in enums ? someValue(type, 'public_api.', enums[name][0]) : someValue(type);
	};
	const equal = (columns) => columns.map((column) => `${quoted(column.name)} = ${value(column)}`).join(' AND ') || 'true';
	const sent = table.columns.filter((column) => 'argument' in column.options);
	yield 'true';
	yield equal(sent.filter((column) => column.options.type.endsWith('!')));
	yield equal(sent);
	for (const lookup of JSON.parse(table.options.lookups ?? '[]'))
	{
		const names = [...JSON.stringify(lookup).matchAll(/"\$([^$"][^"]*)"/g)].map((found) => found[1]);
		const columns = table.columns.filter((column) => names.includes(column.name));
		assert.equal(columns.length, new Set(names).size, `${table.name}: ${JSON.stringify(lookup)}`);
		yield equal(columns);
		if (columns.length === 1)
		{
			yield `${quoted(columns[0].name)} = ANY (ARRAY[${value(columns[0])}])`;
		}
	}
}

for (const name of Object.keys(introspections))
{
	test(`${name}: graphql_schema() prints SDL that says the same`, async () => {
		const original = normalized(clientSchema(introspections[name]));
		for (const file of Object.values(filesOf(name)))
		{
			await session.run(`DROP SERVER IF EXISTS printed CASCADE;
				CREATE SERVER printed FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url '${NOBODY}', schema_file '${file}');`);
			const text = JSON.parse(await session.run("SELECT to_json(graphql_schema('printed'));"));
			assert.equal(normalized(readSdl(text)), original);
		}
	});

	// GitHub's are the most: two levels are 8,000 columns, children 170 tables of 23,000.
	const affordable = Object.entries(ways).filter(([way]) => name !== 'github' || way !== 'two levels deep');
	for (const [way, options] of affordable)
	{
		test(`${name} ${way}: JSON and SDL make the same tables, each time`, async () => {
			const { json, text } = filesOf(name);
			const output = await importFile('public_api', json, options);
			assert.deepEqual(messages(output, 'WARNING'), []);
			assert.ok(messages(output, 'NOTICE').length <= 1, output);
			const tables = await tablesOf(session, 'public_api');
			const enums = await enumsOf(session, 'public_api');
			assert.ok(tables.length >= 8, `${tables.length} tables`);
			for (const file of way === 'with everything' ? [text] : [text, json])
			{
				assert.equal((await importFile('public_api', file, options)), output);
				assert.deepEqual(await tablesOf(session, 'public_api'), tables);
				assert.deepEqual(await enumsOf(session, 'public_api'), enums);
			}
		});

		test(`${name} ${way}: every table has something to read, and asks for what the API has`, async () => {
			const schema = clientSchema(introspections[name]);
			const tables = await tablesOf(session, 'public_api');
			const enums = await enumsOf(session, 'public_api');
			const wrong = [];
			for (const table of tables)
			{
				assert.ok(table.columns.some((column) => !isArgumentOnly(column)), `${table.name} has no column to read`);
				for (const condition of new Set(conditionsOf(table, enums)))
				{
					const { missing, document } = await operationOf(table, 'public_api', condition);
					const found = missing && condition === 'true' ? [] : complaints(schema, document);
					wrong.push(...found.map((message) => `${table.name} WHERE ${condition}: ${message}\n${document}`));
				}
			}
			assert.deepEqual(wrong, []);
		});
	}
}

test("GitHub's own SDL, which defines fields twice, makes the tables of the first definitions and one warning", async () => {
	const own = join(directory, 'own.graphql');
	const once = join(directory, 'once.graphql');
	copyFileSync(githubSdl, own);
	writeFileSync(once, withoutRepeatedFields(readFileSync(own, 'utf8')));
	const output = await importFile('public_api', own, []);
	const tables = await tablesOf(session, 'public_api');
	assert.deepEqual(messages(output, 'WARNING'), ['the schema of server "public_api" contradicts itself']);
	assert.match(output, /^DETAIL:  type "EnterpriseOwnerInfo" defines field "repositoryDeployKeySetting" twice; the first one is used$/m);
	assert.deepEqual(messages(await importFile('public_api', once, []), 'WARNING'), []);
	assert.deepEqual(await tablesOf(session, 'public_api'), tables);
});
