// Does what was imported survive pg_dump and restore, for a user who is no superuser?
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, before, after } from 'node:test';

const directory = mkdtempSync(join(tmpdir(), 'dump-'));
const archive = join(directory, 'archive');

const run = (command, args, input = '') => execFileSync(command, args,
	{ input, encoding: 'utf8', env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' } });
const sql = (user, database, text) =>
	run('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-U', user, '-d', database, '-f', '-'], text);

// Everything an import writes, as text. pg_dump sorts options.
const sorted = (options) => `(SELECT array_agg(o ORDER BY o) FROM unnest(${options}) o)`;
const DESCRIPTION = `
	SELECT c.relname, obj_description(c.oid, 'pg_class'), ${sorted('t.ftoptions')}, pg_get_userbyid(c.relowner)
	FROM pg_class c JOIN pg_foreign_table t ON t.ftrelid = c.oid ORDER BY 1;
	SELECT a.attrelid::regclass, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, ${sorted('a.attfdwoptions')},
		col_description(a.attrelid, a.attnum)
	FROM pg_attribute a JOIN pg_foreign_table t ON t.ftrelid = a.attrelid WHERE a.attnum > 0 ORDER BY a.attrelid::regclass::text, 2;
	SELECT t.typname, e.enumlabel, obj_description(t.oid, 'pg_type')
	FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid ORDER BY 1, e.enumsortorder;
	SELECT srvname, ${sorted('srvoptions')}, pg_get_userbyid(srvowner) FROM pg_foreign_server;
	SELECT umoptions FROM pg_user_mappings WHERE usename = 'dumper';
	SELECT source, name, target, function, mapping, cardinality, valid FROM graphql_relationships ORDER BY source::text, name;
	SELECT proname, pg_get_functiondef(oid), proacl, pg_get_userbyid(proowner), obj_description(oid, 'pg_proc') FROM pg_proc
	WHERE oid IN (SELECT function FROM graphql_relationships) ORDER BY proname;`;

const RELATED = `SELECT c.n, a.plan, (SELECT count(*) FROM api.account_customers(a)) FROM customer c LEFT JOIN LATERAL customer_account(c) a ON true
	ORDER BY 1;`;
const QUERY = 'SELECT k.id, z.habitat, z.habitats FROM unnest(ARRAY[1, 2, 3]) k (id) LEFT JOIN api.zoo z ON z.id = k.id ORDER BY 1;';

// The API is on loopback, where servers of ordinary users may not go by default. The setting is there once a
// new session has it.
function allowNetworks(networks)
{
	sql('postgres', 'dump_from', `LOAD 'graphql_fdw';
		ALTER SYSTEM ${networks ? `SET graphql_fdw.allowed_networks = '${networks}'` : 'RESET graphql_fdw.allowed_networks'};
		SELECT pg_reload_conf();`);
	for (let n = 0; n < 200; n += 1)
	{
		if (sql('postgres', 'dump_from', "LOAD 'graphql_fdw'; SHOW graphql_fdw.allowed_networks;") === `${networks}\n`)
		{
			return;
		}
	}
	throw new Error('the setting does not arrive');
}

function restore()
{
	run('pg_dump', ['-U', 'dumper', '-Fc', '-f', archive, 'dump_from']);
	// The extension is the superuser's, who has made it there already.
	const contents = run('pg_restore', ['-l', archive]).split('\n').filter((line) => !/EXTENSION/.test(line));
	writeFileSync(join(directory, 'contents'), contents.join('\n'));
	run('pg_restore', ['-U', 'dumper', '-d', 'dump_to', '--exit-on-error', '-L', join(directory, 'contents'), archive]);
}

before(() => {
	sql('postgres', 'postgres', `
		DROP DATABASE IF EXISTS dump_from; DROP DATABASE IF EXISTS dump_to; DROP ROLE IF EXISTS dumper;
		CREATE ROLE dumper LOGIN; CREATE DATABASE dump_from OWNER dumper; CREATE DATABASE dump_to OWNER dumper;`);
	for (const database of ['dump_from', 'dump_to'])
	{
		sql('postgres', database, 'CREATE EXTENSION graphql_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER graphql_fdw TO dumper;');
	}
	allowNetworks('127.0.0.0/8');
});
after(() => {
	rmSync(directory, { recursive: true });
	allowNetworks('');
	sql('postgres', 'postgres', 'DROP DATABASE dump_from; DROP DATABASE dump_to; DROP ROLE dumper;');
});

test('an ordinary user dumps and restores what was imported', () => {
	sql('dumper', 'dump_from', `
		CREATE SERVER shop FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url '${process.env.GRAPHQL_FDW_API}');
		CREATE USER MAPPING FOR dumper SERVER shop OPTIONS (bearer_token 'a token');
		CREATE SCHEMA api;
		IMPORT FOREIGN SCHEMA "Query" FROM SERVER shop INTO api OPTIONS (import_enums 'on', import_children 'on');`);
	const description = sql('dumper', 'dump_from', DESCRIPTION);
	assert.match(description, /One field of every kind/);
	assert.match(description, /habitat\|LAND/);
	assert.match(description, /a token/);
	assert.match(description, /lookups=/);
	assert.match(description, /pagination=/);

	restore();
	assert.deepEqual(sql('dumper', 'dump_to', DESCRIPTION).split('\n'), description.split('\n'));
	assert.equal(sql('dumper', 'dump_to', QUERY), '1|LAND|{LAND,AIR}\n2||\n3|WATER|{NULL}\n');
});

test('and relationships, which go on following their tables', () => {
	sql('dumper', 'dump_from', `
		CREATE TABLE public.customer (n int PRIMARY KEY, account_id int, doc jsonb);
		INSERT INTO customer VALUES (1, 1, '{"ref": 2}'), (2, 1, NULL), (3, NULL, NULL);
		CREATE VIEW api.barrier WITH (security_barrier) AS SELECT id, plan FROM api.accounts;
		SELECT graphql_create_relationship('customer', 'account', 'api.account', '{"id": "account_id"}');
		SELECT graphql_create_relationship('customer', 'ref', 'api.barrier', '{"id": "(doc->>''ref'')::int"}');
		SELECT graphql_create_relationship('api.account', 'customers', 'customer', '{"account_id": "id"}');
		SELECT graphql_create_relationship('customer', 'enterprises', 'api.accounts', '{}', arguments => '{"plan": "enterprise"}');
		CREATE VIEW with_plan AS SELECT c.n, a.plan FROM customer c LEFT JOIN LATERAL customer_account(c) a ON true;
		GRANT EXECUTE ON FUNCTION customer_account TO pg_monitor;
		ALTER TABLE customer ADD COLUMN note text DEFAULT 'x';`);
	const description = sql('dumper', 'dump_from', DESCRIPTION);
	assert.match(description, /customer_account\(customer\)\|\{"id": "account_id"\}\|one\|t/);
	assert.equal((description.match(/@graphql_fdw relationship/g) ?? []).length, 4);
	const rows = sql('dumper', 'dump_from', RELATED);
	assert.equal(rows, '1|enterprise|2\n2|enterprise|2\n3||0\n');

	sql('postgres', 'postgres', 'DROP DATABASE dump_to; CREATE DATABASE dump_to OWNER dumper;');
	sql('postgres', 'dump_to', 'CREATE EXTENSION graphql_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER graphql_fdw TO dumper;');
	restore();
	assert.deepEqual(sql('dumper', 'dump_to', DESCRIPTION).split('\n'), description.split('\n'));
	assert.equal(sql('dumper', 'dump_to', RELATED), rows);

	sql('dumper', 'dump_to', `ALTER TABLE customer RENAME COLUMN account_id TO of_account; ALTER TABLE customer DROP COLUMN note;
		ALTER TABLE customer ADD COLUMN more int DEFAULT 7; ALTER FOREIGN TABLE api.account DROP COLUMN region;`);
	assert.equal(sql('dumper', 'dump_to', RELATED), rows);
	assert.equal(sql('dumper', 'dump_to', 'SELECT count(*) FROM graphql_relationships WHERE NOT valid;'), '0\n');
	assert.equal(sql('dumper', 'dump_to', 'SELECT c.more FROM api.account a, api.account_customers(a) c WHERE a.id = 1;'), '7\n7\n');
});
