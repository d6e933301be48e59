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
	SELECT umoptions FROM pg_user_mappings WHERE usename = 'dumper';`;

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

	run('pg_dump', ['-U', 'dumper', '-Fc', '-f', archive, 'dump_from']);
	// The extension is the superuser's, who has made it there already.
	const contents = run('pg_restore', ['-l', archive]).split('\n').filter((line) => !/EXTENSION/.test(line));
	writeFileSync(join(directory, 'contents'), contents.join('\n'));
	run('pg_restore', ['-U', 'dumper', '-d', 'dump_to', '--exit-on-error', '-L', join(directory, 'contents'), archive]);

	assert.deepEqual(sql('dumper', 'dump_to', DESCRIPTION).split('\n'), description.split('\n'));
	assert.equal(sql('dumper', 'dump_to', QUERY), '1|LAND|{LAND,AIR}\n2||\n3|WATER|{NULL}\n');
});
