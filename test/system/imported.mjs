// What did IMPORT FOREIGN SCHEMA make, as the catalogs have it?
import assert from 'node:assert/strict';

// Imports into a schema of its own, from a server of its own; returns what psql printed. `server` and
// `options` are lists of options as SQL writes them, `except` one of tables.
export async function importInto(session, name, { url, server = [], options = [], except = [] })
{
	await session.run(`SET client_min_messages = warning; DROP SCHEMA IF EXISTS ${name} CASCADE; DROP SERVER IF EXISTS ${name} CASCADE;`);
	const output = await session.run(`
		CREATE SCHEMA ${name};
		CREATE SERVER ${name} FOREIGN DATA WRAPPER graphql_fdw OPTIONS (${[`url '${url}'`, ...server].join(', ')});
		SET client_min_messages = notice;
		IMPORT FOREIGN SCHEMA "Query" ${except.length ? `EXCEPT (${except.join(', ')})` : ''} FROM SERVER ${name} INTO ${name} ${options.length ? `OPTIONS (${options.join(', ')})` : ''};
		SET client_min_messages = warning;`);
	assert.doesNotMatch(output, /ERROR|FATAL|server closed/);
	return output;
}

// The messages of one level in what psql printed.
export const messages = (output, level) => [...output.matchAll(new RegExp(`^${level}:\\s+\\w{5}: (.*)$`, 'gm'))].map((found) => found[1]);

// The imported tables in alphabetical order, each { name, comment, options, columns } with columns
// { name, type, notNull, comment, options } as they are declared; names of the schema itself left out.
export async function tablesOf(session, schema)
{
	return JSON.parse(await session.run(`
		SELECT coalesce(json_agg(t ORDER BY name COLLATE "C"), '[]') FROM (
			SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment,
				(SELECT coalesce(json_object_agg(option_name, option_value), '{}') FROM pg_options_to_table(f.ftoptions)) AS options,
				(SELECT json_agg(json_build_object('name', a.attname, 'notNull', a.attnotnull,
					'type', replace(format_type(a.atttypid, a.atttypmod), '${schema}.', ''), 'comment', col_description(c.oid, a.attnum),
					'options', (SELECT coalesce(json_object_agg(option_name, option_value), '{}') FROM pg_options_to_table(a.attfdwoptions)))
					ORDER BY a.attnum)
					FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) AS columns
			FROM pg_class c JOIN pg_foreign_table f ON f.ftrelid = c.oid
			WHERE c.relnamespace = '${schema}'::regnamespace) t;`));
}

// The enum types of a schema, with their labels.
export async function enumsOf(session, schema)
{
	return JSON.parse(await session.run(`
		SELECT coalesce(json_object_agg(typname, labels ORDER BY typname COLLATE "C"), '{}') FROM (
			SELECT t.typname, array_agg(e.enumlabel ORDER BY e.enumsortorder) AS labels
			FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typnamespace = '${schema}'::regnamespace GROUP BY 1) e;`));
}

export const isArgumentOnly = (column) => column.options.path === '';

export const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
