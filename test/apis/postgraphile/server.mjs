// How is a database served by PostGraphile?
import { createRequire } from 'node:module';
import { columns, moodSql, parts, tableSql, things } from '../../server/things_data.mjs';

const require = createRequire(import.meta.url);
const { Client } = require('pg');
const { postgraphile } = require('postgraphile');
const ConnectionFilterPlugin = require('postgraphile-plugin-connection-filter');
const { default: AggregatesPlugin } = require('@graphile/pg-aggregates');

// A handler of HTTP requests to /graphql. PGHOST and the like lead to the server. JSON columns arrive as
// JSON instead of as strings that hold JSON, as with PostGraphile's --dynamic-json.
export function postgraphileHandler(database, schema)
{
	return postgraphile({ database }, schema, { appendPlugins: [ConnectionFilterPlugin, AggregatesPlugin], dynamicJson: true,
		disableDefaultMutations: true, disableQueryLog: true, legacyRelations: 'omit' });
}

// The rows that are compared with local tables, in a schema of their own. Some parts are of things that are not: only
// PostGraphile takes them for related.
export async function loadThings(database)
{
	const client = new Client({ database });
	await client.connect();
	await client.query(`DROP SCHEMA IF EXISTS things CASCADE; CREATE SCHEMA things; ${moodSql('things')}
		${tableSql('things', 'things', things, Object.keys(columns.things), 'things.mood')}
		${tableSql('things', 'parts', parts, Object.keys(columns.parts))}
		COMMENT ON TABLE things.parts IS E'@foreignKey (thing_id) references things (id)';`);
	await client.end();
}
