// Which imported tables are compared with which local ones?
//
// Each API has a schema remote_<name> that IMPORT FOREIGN SCHEMA filled, and a schema copy_<name> with the same rows in
// tables of the same names. What GraphQL has no type for (Int is all there is for smallint) is given its type back.
import assert from 'node:assert/strict';
import { jsonThings, kept } from '../apis/things.mjs';
import { MOODS, columns, parts, tableSql, things } from '../server/things_data.mjs';
import { importInto, quoted } from './imported.mjs';
import { Session, atApi } from './session.mjs';

const names = { things: Object.keys(columns.things), parts: Object.keys(columns.parts) };
const narrow = { small: 'smallint', big: 'bigint', single: 'real', code: 'varchar', fixed: 'char(4)' };
const inBytes = 'text COLLATE "C"';    // as the API orders it
const given = process.env.GRAPHQL_FDW_APIS ? JSON.parse(process.env.GRAPHQL_FDW_APIS) : {};

// tables: name of an imported table -> whose rows it shows. lists: the options of a table inner_parts, of the parts that are
// lists inside things, and (parent) of its column thing_id. given: types that imported columns are given. mood: the
// imported type of that column. unordered: what the API cannot compare by < and >.
export const apis = {
	own: {
		url: `${process.env.GRAPHQL_FDW_API}/things`, stats: atApi('/stats'), rows: { things, parts }, names,
		tables: { things: 'things', things_relay: 'things', things_database: 'things', things_flat: 'things', things_by_arguments: 'things', parts: 'parts' },
		given: { things: narrow, parts: {} }, mood: 'remote_own.mood',
		lists: {
			field: 'things.parts', key: 'id', pagination: { style: 'offset', size: 'things(limit)', offset: 'things(offset)' },
			filter: { argument: 'filter', type: 'PartFilter', style: 'nested', operators: { '=': 'eq', '<': 'lt', '>': 'gt', in: 'in', 'is-null': 'isNull' }, and: 'and', or: 'or',
				columns: { id: '= < > in', position: '= < > in is-null' } },
		},
	},
	json: {
		url: given.things_json, rows: jsonThings, names: { things: kept, parts: names.parts },
		tables: { all_things: 'things', all_parts: 'parts' },
		given: { things: { id: 'int', token: 'uuid', day: 'date', exact: 'numeric' }, parts: { id: 'int', thing_id: 'int', amount: 'numeric' } },
		unordered: ['id'],
		lists: { field: 'allThings.Parts', key: 'id', pagination: { style: 'page', size: 'allThings(perPage)', page: 'allThings(page)', base: 0 } },
	},
	postgraphile: {
		url: given.things_postgraphile, rows: { things, parts }, names,
		tables: { all_things: 'things', all_parts: 'parts' },
		given: { things: { ...narrow, moment: 'timestamp', label: inBytes, words: inBytes }, parts: { note: inBytes } }, mood: 'remote_postgraphile.mood',
		lists: {
			field: 'thingById.partsByThingId.nodes', key: 'id', parent: "path '....id', argument 'thingById(id)', type 'Int!'",
			pagination: { style: 'relay', size: 'first', cursor: 'after' }, fetch_size: 2,
			filter: { argument: 'filter', type: 'PartFilter', style: 'nested', operators: { '=': 'equalTo', '<': 'lessThan', '>': 'greaterThan', in: 'in', 'is-null': 'isNull' }, and: 'and', or: 'or',
				columns: { id: '= < > in', position: '= < > in is-null' } },
		},
	},
};

for (const api of Object.values(apis))
{
	api.stats ??= new URL('/stats', api.url).href;
	if (api.lists)
	{
		const ids = new Set(api.rows.things.map(({ id }) => id));
		api.rows = { ...api.rows, lists: api.rows.parts.filter((row) => ids.has(row.thing_id)) };
		api.names = { ...api.names, lists: api.names.parts };
	}
}

// The rows that an API has handed out so far, as it counts them itself.
export async function served({ stats })
{
	return (await (await fetch(stats)).json()).rows;
}

async function run(session, sql)
{
	const output = await session.run(sql);
	assert.doesNotMatch(output, /^(ERROR|FATAL|WARNING):/m, sql.slice(0, 500));
	return output;
}

const typesSql = (schema, table, columnNames) => `SELECT json_agg(json_build_array(attname, format_type(atttypid, atttypmod)) ORDER BY attname COLLATE "C")
	FROM pg_attribute WHERE attrelid = '${schema}.${table}'::regclass AND attname IN (${columnNames.map((name) => `'${name}'`).join(', ')});`;

// A table with the columns of an imported one, whose rows are lists inside things.
const listsSql = (name, imported, names, { field, key, parent = "path '..id'", ...json }) => `DO $do$ BEGIN EXECUTE (
	SELECT format('CREATE FOREIGN TABLE remote_${name}.inner_parts (%s) SERVER remote_${name} OPTIONS (field %L, key %L${Object.keys(json).map((option) => `, ${option} %L`).join('')})',
		string_agg(format('%I %s OPTIONS (%s)', attname, format_type(atttypid, atttypmod), CASE attname WHEN 'thing_id' THEN $o$${parent}$o$
			ELSE (SELECT format('path %L', option_value) FROM pg_options_to_table(attfdwoptions) WHERE option_name = 'path') END), ', '),
		'${field}', '${key}'${Object.values(json).map((value) => `, '${JSON.stringify(value)}'`).join('')})
	FROM pg_attribute WHERE attrelid = 'remote_${name}.${imported}'::regclass AND attname IN (${names.map((column) => `'${column}'`).join(', ')})); END $do$;
	CREATE VIEW copy_${name}.inner_parts AS SELECT p.* FROM copy_${name}.parts p JOIN copy_${name}.things t ON t.id = p.thing_id;`;

// Tables both sides have: what is joined with the rows of an API.
const SHARED = `DROP SCHEMA IF EXISTS shared CASCADE; CREATE SCHEMA shared;
	CREATE TABLE shared.keys AS SELECT n, CASE WHEN n % 9 > 0 THEN 1 + n * 7 % 60 END AS k, (ARRAY['apple', 'Apple', 'zebra', '', NULL])[1 + n % 5] AS word FROM generate_series(1, 30) n;
	ANALYZE shared.keys;
	CREATE COLLATION shared.blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);`;

export async function makeCopies()
{
	const session = new Session();
	await run(session, `SET client_min_messages = error; ${SHARED}`);
	for (const [name, api] of Object.entries(apis))
	{
		const [remote, copy] = [`remote_${name}`, `copy_${name}`];
		await importInto(session, remote, { url: api.url, server: ["fetch_size '100'", "key_batch_size '100'", "batch_mode 'auto'"], options: ["import_enums 'on'", "import_max_depth '0'"] });
		await run(session, `DROP SCHEMA IF EXISTS ${copy} CASCADE; CREATE SCHEMA ${copy};`);
		if (api.mood)
		{
			assert.equal(await run(session, `SELECT enum_range(NULL::${api.mood});`), `{${MOODS.join(',')}}`);
		}
		for (const of of ['things', 'parts'])
		{
			await run(session, tableSql(copy, of, api.rows[of], api.names[of], api.mood));
		}
		for (const [table, of] of Object.entries(api.tables))
		{
			const list = api.names[of];
			await run(session, `${table === of ? '' : `CREATE VIEW ${copy}.${table} AS TABLE ${copy}.${of};`}
				${Object.entries(api.given[of]).map(([column, type]) => `ALTER FOREIGN TABLE ${remote}.${table} ALTER COLUMN ${quoted(column)} TYPE ${type};`).join('\n')}`);
			assert.equal(await run(session, typesSql(remote, table, list)), await run(session, typesSql(copy, table, list)), `${name}: ${table}`);
		}
		if (api.lists)
		{
			await run(session, listsSql(name, Object.keys(api.tables).find((table) => api.tables[table] === 'parts'), api.names.parts, api.lists));
			api.tables = { ...api.tables, inner_parts: 'lists' };
		}
	}
	await session.close();
}

export const RECORD = '\x1e';

// A session that sees either the imported tables of an API or their copies; the type of enums is the imported one.
export async function open(name, remote)
{
	const session = new Session();
	await session.run(`SET client_min_messages = warning; SET search_path = ${remote ? '' : `copy_${name}, `}remote_${name}, shared, public; SET TimeZone = 'Asia/Kolkata'; SET jit = off;
		\\pset null '\\\\N'
		\\pset fieldsep '\x1f'
		\\pset recordsep '${RECORD}'`);
	return session;
}
