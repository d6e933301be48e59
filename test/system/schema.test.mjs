// What does reading a whole schema cost, and what of it fits a database?
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test, before, after } from 'node:test';
import { control, prepare, reset, stats } from './session.mjs';

let session;
before(async () => { session = await prepare('schema'); });
after(async () => { await reset(); await session.close(); });

const psql = (database, text) => execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', database, '-f', '-'],
	{ input: text, encoding: 'utf8', env: { ...process.env, PGCLIENTENCODING: 'UTF8', PGOPTIONS: '-c client_min_messages=warning' } });

test('a statement asks for a schema once in each place that wants it', async () => {
	await reset();
	const fields = await session.run("SELECT count(*) FROM graphql_types('schema') t, graphql_fields('schema', t.name) f;");
	assert.ok(Number(fields) > 100, fields);
	assert.equal((await stats()).introspections, 2);
});

// PL/pgSQL keeps what it evaluates by itself for the whole transaction, and identities change within one.
test('no identity is shown the schema of another', async () => {
	await reset();
	const shown = await session.run(`ALTER SERVER schema OPTIONS (ADD session_headers '{"X-Tenant": "\${app.tenant}"}');
		DO $$
		DECLARE
			schema text;
		BEGIN
			FOR i IN 1..3 LOOP
				PERFORM set_config('app.tenant', 'tenant ' || i, true);
				schema := graphql_schema('schema');
			END LOOP;
		END $$;
		ALTER SERVER schema OPTIONS (DROP session_headers);`);
	assert.equal(shown, '');
	assert.equal((await stats()).introspections, 3);
});

test('an import asks once, whatever it makes', async () => {
	await reset();
	assert.equal(await session.run('CREATE SCHEMA schema_import; SET client_min_messages = error; IMPORT FOREIGN SCHEMA "Query" FROM SERVER schema INTO schema_import;'), '');
	const { introspections, requests } = await stats();
	assert.deepEqual({ introspections, requests }, { introspections: 1, requests: 0 });
	await session.run('DROP SCHEMA schema_import CASCADE;');
});

test('an older server is asked again in its own words', async () => {
	await reset();
	await control({ fault: { name: 'graphql-400', introspection: true } });
	assert.match(await session.run("SELECT graphql_schema('schema');"), /type Account implements Named/);
	assert.equal((await stats()).introspections, 2);
});

test('an import that is cancelled leaves nothing', async () => {
	await reset();
	await control({ fault: { name: 'never', introspection: true } });
	const output = await session.run("CREATE SCHEMA cancelled; SET statement_timeout = '500ms'; IMPORT FOREIGN SCHEMA \"Query\" FROM SERVER schema INTO cancelled; RESET statement_timeout;");
	assert.match(output, /57014/);
	assert.equal(await session.run("SELECT count(*) FROM pg_class WHERE relnamespace = 'cancelled'::regnamespace; DROP SCHEMA cancelled;"), '0');
});

test('what the encoding lacks is a question mark in descriptions', () => {
	psql('postgres', "DROP DATABASE IF EXISTS schema_latin1; CREATE DATABASE schema_latin1 ENCODING LATIN1 LOCALE 'C' TEMPLATE template0;");
	const output = psql('schema_latin1', `
		CREATE EXTENSION graphql_fdw;
		CREATE SERVER shop FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url '${process.env.GRAPHQL_FDW_API}');
		IMPORT FOREIGN SCHEMA "Query" LIMIT TO (account) FROM SERVER shop INTO public;
		SELECT col_description('account'::regclass, 2);
		SELECT description FROM graphql_fields('shop', 'Account') WHERE name = 'plan';
		SELECT graphql_schema('shop') ~ '"team. [?] .not';`);
	const description = 'What the account\'s owner pays for: "free", "team" ? (not \\ pro)';
	assert.equal(output, `${description}\n${description}\nt\n`);
	psql('postgres', 'DROP DATABASE schema_latin1;');
});
