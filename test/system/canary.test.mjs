// Does a secret ever come out where it is not documented to?
//
// Every place that can hold a secret holds one that can be recognised; then everything that prints is made
// to print: statements, errors, EXPLAIN, the log at its loudest, views, dumps.
import assert from 'node:assert/strict';
import { chownSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, before, after } from 'node:test';
import { Authority } from './authority.mjs';
import { Cluster } from './cluster.mjs';
import { Session, atApi, reset } from './session.mjs';

const SECRETS = {
	bearer: 'c4naryBearer0123456789',
	user: 'c4naryUser0123456789',
	password: 'c4naryPassword0123456789',
	header: 'c4naryHeader0123456789',
	publicMapping: 'c4naryPublic0123456789',
	replaced: 'c4naryReplaced0123456789',
	tokenFile: 'c4naryTokenFile0123456789',
	headersFile: 'c4naryHeadersFile0123456789',
	setting: 'c4narySetting0123456789',
	claim: 'c4naryClaim0123456789',
	keyFile: 'c4naryKeyFile0123456789',
};
const client = new Authority().issue('canary');
const keyLines = client.key.toString().split('\n').filter((line) => line && !line.startsWith('-----'));
const basic = Buffer.from(`${SECRETS.user}:${SECRETS.password}`).toString('base64');
const forms = (secret) => [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), Buffer.from(secret).toString('hex')];
const NEEDLES = [...new Set([basic, ...keyLines, ...Object.values(SECRETS).flatMap(forms)])].map((needle) => needle.toLowerCase());

const LOUD = {
	shared_preload_libraries: 'pg_stat_statements,auto_explain',
	log_min_messages: 'debug5', log_min_error_statement: 'debug5', log_error_verbosity: 'verbose', log_statement: 'all',
	log_min_duration_statement: 0, log_duration: 'on', log_parser_stats: 'on', log_planner_stats: 'on', log_executor_stats: 'on',
	log_connections: 'on', log_disconnections: 'on', log_parameter_max_length: -1, log_parameter_max_length_on_error: -1,
	log_replication_commands: 'on', debug_print_parse: 'on', debug_print_rewritten: 'on', debug_print_plan: 'on', debug_pretty_print: 'on',
	'auto_explain.log_min_duration': 0, 'auto_explain.log_analyze': 'on', 'auto_explain.log_verbose': 'on', 'auto_explain.log_buffers': 'on',
	'auto_explain.log_wal': 'on', 'auto_explain.log_settings': 'on', 'auto_explain.log_triggers': 'on', 'auto_explain.log_nested_statements': 'on',
	'pg_stat_statements.track': 'all',
};

// What README.md says to do before a secret is typed.
const PROVISIONING = "SET LOCAL log_min_messages = 'panic'; SET LOCAL pg_stat_statements.track_utility = off;";

// How a session says who its user is. (What a client types may be shown to it.)
const QUIETLY = `${PROVISIONING} SET LOCAL client_min_messages = warning;`;
const IDENTIFY = `BEGIN; ${QUIETLY} SET app.jwt = '${SECRETS.setting}'; SET request.jwt.claims = '{"sub": "${SECRETS.claim}"}'; COMMIT;`;

const ROLES = ['canary_bearer', 'canary_basic', 'canary_files', 'canary_none'];

const folder = join(dirname(process.env.PGHOST), 'canary');

// Readable by the server, which is somebody else.
function file(name, text, mode = 0o644)
{
	const path = join(folder, name);
	writeFileSync(path, text, { mode });
	if (process.getuid() === 0)
	{
		chownSync(path, statSync(process.env.PGHOST).uid, -1);
	}
	return path;
}

let cluster;
let superuser;
const sessions = {};
const printed = [];    // everything a client was shown: [where, text]

async function show(session, where, sql)
{
	const output = await session.run(sql);
	printed.push([where, output]);
	return output;
}

before(async () => {
	await reset();
	mkdirSync(folder, { mode: 0o755 });
	cluster = new Cluster(LOUD);
	superuser = new Session(cluster.environment);
	await show(superuser, 'setting up', `
		CREATE EXTENSION pg_stat_statements;
		CREATE SCHEMA canary; SET search_path = canary, public;
		CREATE SERVER canary FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url '${process.env.GRAPHQL_FDW_API}', max_retries '0',
			session_headers '{"X-Jwt": "Bearer \${app.jwt}", "X-Sub": "\${request.jwt.claims->sub}"}');
		CREATE FOREIGN TABLE account (id int OPTIONS (argument 'id', type 'Int!'), plan text) SERVER canary
			OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
		CREATE FOREIGN TABLE account_alias (id int OPTIONS (argument 'id'), plan text) SERVER canary OPTIONS (field 'account', batch_mode 'alias');
		CREATE FOREIGN TABLE accounts (id int, plan text) SERVER canary OPTIONS (field 'accounts');
		CREATE FOREIGN TABLE typo (id int, plam int) SERVER canary OPTIONS (field 'accounts');
		CREATE FOREIGN TABLE wrong_type (id int, plan int) SERVER canary OPTIONS (field 'accounts');
		CREATE TABLE customer AS SELECT n, n AS account_id FROM generate_series(1, 20) n; ANALYZE customer;
		CREATE VIEW owned AS SELECT * FROM accounts;
		CREATE VIEW invoked WITH (security_invoker) AS SELECT * FROM accounts;
		CREATE FUNCTION called() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN RETURN (SELECT count(*) FROM accounts); END$$;
		CREATE ROLE canary_bearer LOGIN; CREATE ROLE canary_basic LOGIN; CREATE ROLE canary_files LOGIN; CREATE ROLE canary_none LOGIN; CREATE ROLE canary_monitor LOGIN;
		GRANT pg_read_all_data TO canary_none; GRANT pg_monitor TO canary_monitor;
		GRANT USAGE ON SCHEMA canary TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA canary TO ${ROLES};
		GRANT USAGE ON FOREIGN SERVER canary TO ${ROLES}; GRANT EXECUTE ON FUNCTION graphql_query, graphql_execute, graphql_schema, graphql_types,
			graphql_fields, graphql_check TO ${ROLES};
		GRANT CREATE ON DATABASE "${process.env.PGDATABASE}" TO ${ROLES};
		GRANT SET ON PARAMETER log_min_messages, pg_stat_statements.track_utility TO ${ROLES};`);
	await show(superuser, 'provisioning', `BEGIN; ${PROVISIONING}
		CREATE USER MAPPING FOR postgres SERVER canary OPTIONS (bearer_token '${SECRETS.replaced}', headers '{"X-Secret": "${SECRETS.header}"}');
		ALTER USER MAPPING FOR postgres SERVER canary OPTIONS (SET bearer_token '${SECRETS.bearer}');
		CREATE USER MAPPING FOR canary_bearer SERVER canary OPTIONS (bearer_token '${SECRETS.bearer}', headers '{"X-Secret": "${SECRETS.header}"}');
		CREATE USER MAPPING FOR canary_basic SERVER canary OPTIONS (user '${SECRETS.user}', password '${SECRETS.password}');
		CREATE USER MAPPING FOR canary_files SERVER canary OPTIONS (bearer_token_file '${file('token', SECRETS.tokenFile)}',
			headers_file '${file('headers', JSON.stringify({ 'X-Secret': SECRETS.headersFile }))}');
		CREATE USER MAPPING FOR PUBLIC SERVER canary OPTIONS (headers '{"X-Secret": "${SECRETS.publicMapping}"}');
		COMMIT;`);
	for (const role of ROLES)
	{
		sessions[role] = new Session({ ...cluster.environment, PGUSER: role });
		await sessions[role].run('SET search_path = canary, public; SET client_min_messages = debug5;');
	}
	for (const [role, session] of all())
	{
		await show(session, `identifying ${role}`, IDENTIFY);
	}
});

after(async () => {
	for (const session of [superuser, ...Object.values(sessions)])
	{
		await session.close();
	}
	cluster.stop();
	rmSync(folder, { recursive: true });
	await reset();
});

const all = () => Object.entries({ postgres: superuser, ...sessions });

function assertSilent()
{
	for (const [where, text] of [...printed, ['the log of the server', cluster.readLog()]])
	{
		const lower = text.toLowerCase();
		const found = NEEDLES.map((needle) => lower.indexOf(needle)).find((at) => at >= 0);
		assert.equal(found === undefined ? '' : text.slice(Math.max(0, found - 300), found + 60), '', where);
	}
}

const setUrl = (url) => superuser.run(`ALTER SERVER canary OPTIONS (SET url '${url}');`);

const STATEMENTS = `
	SELECT count(*) FROM accounts;
	SELECT count(plan) FROM customer c JOIN account a ON a.id = c.account_id;
	SELECT count(plan) FROM customer c JOIN account_alias a ON a.id = c.account_id;
	SELECT graphql_query('canary', '{ __typename }');
	SELECT graphql_execute('canary', 'mutation { touch(id: 1) }');`;
const SCHEMA = `
	SELECT length(graphql_schema('canary')); SELECT count(*) FROM graphql_types('canary'); SELECT * FROM graphql_fields('canary', 'Query');
	SELECT * FROM graphql_fields('canary', 'Quary'); SELECT * FROM graphql_check('canary'); SELECT * FROM graphql_check();
	BEGIN; CREATE SCHEMA imported; IMPORT FOREIGN SCHEMA "Query" FROM SERVER canary INTO imported OPTIONS (import_children 'on', import_enums 'on');
	SELECT * FROM pg_description WHERE classoid = 'pg_class'::regclass; ROLLBACK;
	BEGIN; CREATE SCHEMA imported; IMPORT FOREIGN SCHEMA "Query" LIMIT TO (nothing) FROM SERVER canary INTO imported; ROLLBACK;`;

test('the secrets are sent', async () => {
	const sent = [];
	for (const [, session] of all())
	{
		sent.push(await session.run(`SELECT count(*) > 0 FROM accounts;`));
	}
	const requests = await (await fetch(atApi('/requests'))).json();
	assert.equal(sent.filter((output) => /^t$/m.test(output)).length, 5);
	assert.deepEqual(requests.map(({ headers }) => [headers.authorization, headers['x-secret']]),
		[[`Bearer ${SECRETS.bearer}`, SECRETS.header], [`Bearer ${SECRETS.bearer}`, SECRETS.header],
			[`Basic ${basic}`, undefined], [`Bearer ${SECRETS.tokenFile}`, SECRETS.headersFile], [undefined, SECRETS.publicMapping]]);
	assert.deepEqual(requests.map(({ headers }) => [headers['x-jwt'], headers['x-sub']]), Array(5).fill([`Bearer ${SECRETS.setting}`, SECRETS.claim]));
});

test('every kind of statement', async () => {
	for (const [role, session] of all())
	{
		await show(session, `statements of ${role}`, `${STATEMENTS}
			SELECT (SELECT plan FROM account a WHERE a.id = c.account_id) FROM customer c;
			SELECT count(*) FROM owned; SELECT count(*) FROM invoked; SELECT called();
			PREPARE p(int) AS SELECT plan FROM account WHERE id = $1; EXECUTE p(1); SET plan_cache_mode = force_generic_plan; EXECUTE p(2);
			RESET plan_cache_mode; DEALLOCATE p;
			BEGIN; DECLARE k CURSOR FOR SELECT * FROM accounts; FETCH 2 FROM k; SAVEPOINT s; SELECT * FROM typo; ROLLBACK TO s; COMMIT;
			CREATE TEMP TABLE copied AS SELECT * FROM accounts LIMIT 3; COPY (SELECT * FROM owned LIMIT 1) TO STDOUT;
			INSERT INTO copied SELECT * FROM account WHERE id = 4; UPDATE copied SET plan = a.plan FROM account a WHERE a.id = copied.id;
			DO $$BEGIN PERFORM count(*) FROM accounts; END$$; ANALYZE accounts; SELECT * FROM accounts FOR UPDATE LIMIT 1;
			INSERT INTO accounts VALUES (1); DELETE FROM accounts; SELECT graphql_fdw_version(); ${SCHEMA}
			SELECT pg_log_backend_memory_contexts(pg_backend_pid());
			DROP TABLE copied;`);
	}
	assertSilent();
});

test('every form of EXPLAIN', async () => {
	for (const [role, session] of all())
	{
		for (const format of ['TEXT', 'JSON', 'XML', 'YAML'])
		{
			for (const options of ['', ', VERBOSE', ', ANALYZE', ', ANALYZE, VERBOSE, BUFFERS, WAL, SETTINGS'])
			{
				await show(session, `EXPLAIN of ${role}`, `EXPLAIN (FORMAT ${format}${options}) SELECT * FROM customer c JOIN account a ON a.id = c.account_id
						JOIN owned o ON o.id = a.id JOIN invoked i ON i.id = a.id;
					EXPLAIN (FORMAT ${format}${options}) SELECT graphql_query('canary', '{ __typename }'), called();`);
			}
		}
	}
	assertSilent();
});

test('every fault of an API and of HTTP', async () => {
	const faults = await (await fetch(atApi('/faults'))).json();
	const urls = [
		...[...faults.filter((name) => !/^status/.test(name)), ...[400, 401, 403, 404, 413, 429, 500, 503].map((status) => `status-${status}`), 'status-502-html']
			.map((name) => `${process.env.GRAPHQL_FDW_API}/fault/${name}`),
		...['closes', 'one-byte', 'garbage', 'status-line-only', 'short-body', 'status-999', 'negative-length', 'long-header', 'bad-chunk', 'upgrade',
			'dies-on-second', 'endless', 'rst'].map((path) => `${process.env.GRAPHQL_FDW_RAW}/${path}`),
		process.env.GRAPHQL_FDW_TLS, process.env.GRAPHQL_FDW_API.replace('http:', 'https:'),
		'http://127.0.0.1:1/graphql', 'https://does-not-exist.invalid/graphql', 'http://192.0.2.1/graphql',
	];
	await superuser.run("ALTER SERVER canary OPTIONS (ADD request_timeout '400ms');");
	for (const url of urls)
	{
		await setUrl(`${url}?introspection=1`);
		await show(superuser, `the schema of ${url}`, SCHEMA);
		await setUrl(url);
		await Promise.all(all().map(([role, session]) => show(session, `${url} to ${role}`, role === 'postgres' ? STATEMENTS : `
			SELECT count(*) FROM accounts; SELECT count(plan) FROM customer c JOIN account a ON a.id = c.account_id;`)));
	}
	await setUrl(process.env.GRAPHQL_FDW_API);
	await superuser.run('ALTER SERVER canary OPTIONS (DROP request_timeout);');
	assert.ok(printed.filter(([, text]) => /ERROR/.test(text)).length > 200);
	assertSilent();
});

test('every error of our own', async () => {
	for (const [role, session] of all())
	{
		await show(session, `errors of ${role}`, `
			SELECT * FROM typo; SELECT * FROM wrong_type; SELECT * FROM account; SELECT plan FROM account WHERE id = 1 / (id - id);
			SELECT graphql_query('canary', 'mutation { touch(id: 1) }'); SELECT graphql_query('canary', '{ nothing }'); SELECT graphql_query('canary', '{');
			SELECT graphql_query('canary', 'subscription { tick }'); SELECT graphql_query('nowhere', '{ a }'); SELECT graphql_query('canary', '{ a }', '[]');
			BEGIN READ ONLY; SELECT graphql_execute('canary', 'mutation { touch(id: 1) }'); ROLLBACK;
			BEGIN; SELECT graphql_execute('canary', 'mutation { touch(id: 1) }'); PREPARE TRANSACTION 'canary';
			BEGIN; SET LOCAL statement_timeout = '5ms'; SELECT count(*) FROM accounts a, accounts b, accounts c; ROLLBACK;`);
	}
	// The values of options that are refused.
	await show(superuser, 'refused options', `BEGIN; ${PROVISIONING}
		SAVEPOINT s; ALTER USER MAPPING FOR postgres SERVER canary OPTIONS (SET bearer_token E'${SECRETS.bearer}\\r\\nX: y'); ROLLBACK TO s;
		ALTER USER MAPPING FOR postgres SERVER canary OPTIONS (ADD password E'${SECRETS.password}\\n'); ROLLBACK TO s;
		ALTER USER MAPPING FOR postgres SERVER canary OPTIONS (ADD user '${SECRETS.user}:x'); ROLLBACK TO s;
		ALTER USER MAPPING FOR postgres SERVER canary OPTIONS (ADD user '${SECRETS.user}'); ROLLBACK TO s;
		ALTER USER MAPPING FOR postgres SERVER canary OPTIONS (ADD passwort '${SECRETS.password}'); ROLLBACK TO s;
		ALTER USER MAPPING FOR postgres SERVER canary OPTIONS (SET headers '{"X-Secret": "${SECRETS.header}'); ROLLBACK TO s;
		ALTER USER MAPPING FOR postgres SERVER canary OPTIONS (SET headers '"${SECRETS.header}"'); ROLLBACK TO s;
		ALTER USER MAPPING FOR postgres SERVER canary OPTIONS (SET headers '{"X-Secret": ["${SECRETS.header}"]}'); ROLLBACK TO s;
		ALTER USER MAPPING FOR postgres SERVER canary OPTIONS (SET headers '{"X-Secret": "${SECRETS.header}\\u000a"}'); ROLLBACK TO s;
		ALTER USER MAPPING FOR postgres SERVER canary OPTIONS (SET headers '{"X-Secret": "${SECRETS.header}", "x-secret": "${SECRETS.header}"}'); ROLLBACK TO s;
		ALTER SERVER canary OPTIONS (ADD headers '{"Authorization": "Bearer ${SECRETS.bearer}"}'); ROLLBACK TO s;
		ALTER SERVER canary OPTIONS (SET url 'http://${SECRETS.user}:${SECRETS.password}@127.0.0.1/'); ROLLBACK TO s;
		ALTER SERVER canary OPTIONS (SET url 'http://127.0.0.1/#${SECRETS.bearer}'); ROLLBACK TO s;
		ROLLBACK;`);
	// What a session says that cannot be sent.
	for (const value of [`${SECRETS.setting}\\r\\nX-Other: y`, `${SECRETS.setting} `, SECRETS.setting.repeat(45_000)])
	{
		await show(sessions.canary_none, 'settings that cannot be sent', `BEGIN; ${QUIETLY} SET app.jwt = E'${value}'; COMMIT; ${STATEMENTS} ${SCHEMA}`);
	}
	for (const value of [SECRETS.claim, `{"sub": "${SECRETS.claim}`, `{"sub": "${SECRETS.claim}\\n"}`, `"${SECRETS.claim}"`])
	{
		await show(sessions.canary_none, 'claims that cannot be sent', `${IDENTIFY} BEGIN; ${QUIETLY} SET request.jwt.claims = '${value}'; COMMIT; ${STATEMENTS} ${SCHEMA}`);
	}
	await show(sessions.canary_none, 'identifying again', IDENTIFY);
	// Files whose contents cannot be sent.
	for (const [name, text] of [['token', `${SECRETS.tokenFile}\n${SECRETS.tokenFile}`], ['token', SECRETS.tokenFile.repeat(45_000)],
		['headers', `{"X-Secret": "${SECRETS.headersFile}`], ['headers', SECRETS.headersFile], ['headers', JSON.stringify({ 'X-Secret': [SECRETS.headersFile] })]])
	{
		file('token', SECRETS.tokenFile);
		file('headers', JSON.stringify({ 'X-Secret': SECRETS.headersFile }));
		file(name, text);
		await show(sessions.canary_files, `the file ${name}`, `${STATEMENTS} ${SCHEMA}`);
	}
	file('token', SECRETS.tokenFile);
	file('headers', JSON.stringify({ 'X-Secret': SECRETS.headersFile }));
	// Credentials that contradict one another are found when they are used.
	await show(superuser, 'contradicting credentials', `BEGIN; ${PROVISIONING}
		ALTER USER MAPPING FOR canary_basic SERVER canary OPTIONS (DROP user); COMMIT;`);
	await show(sessions.canary_basic, 'contradicting credentials', STATEMENTS);
	await show(superuser, 'contradicting credentials', `BEGIN; ${PROVISIONING}
		ALTER USER MAPPING FOR canary_basic SERVER canary OPTIONS (ADD user '${SECRETS.user}', ADD headers '{"Authorization": "${SECRETS.bearer}"}'); COMMIT;`);
	await show(sessions.canary_basic, 'contradicting credentials', STATEMENTS);
	await show(superuser, 'contradicting credentials', `BEGIN; ${PROVISIONING}
		ALTER USER MAPPING FOR canary_basic SERVER canary OPTIONS (DROP headers); COMMIT;`);
	assertSilent();
});

test('the key of a client certificate, sound and broken', async () => {
	const certificate = `ca_file '${process.env.GRAPHQL_FDW_CA}', client_cert '${client.files.cert}', client_key '${client.files.key}'`;
	const other = new Authority().issue('other');
	await show(superuser, 'a client certificate', `ALTER SERVER canary OPTIONS (SET url '${process.env.GRAPHQL_FDW_TLS}', ${certificate});`);
	assert.match(await show(superuser, 'a client certificate', `${STATEMENTS} ${SCHEMA} EXPLAIN (VERBOSE, ANALYZE) SELECT * FROM accounts;`), /__typename/);
	for (const key of [file('key', SECRETS.keyFile, 0o600), file('cut', client.key.toString().slice(0, 150), 0o600), file('open', client.key),
		other.files.key, folder, join(folder, 'nothing')])
	{
		const output = await show(superuser, `the key ${key}`, `ALTER SERVER canary OPTIONS (SET client_key '${key}'); ${STATEMENTS} ${SCHEMA}`);
		assert.match(output, /ERROR/, key);
	}
	await show(superuser, 'a client certificate', `ALTER SERVER canary OPTIONS (SET url '${process.env.GRAPHQL_FDW_API}', DROP ca_file, DROP client_cert, DROP client_key);`);
	assertSilent();
});

test('views, statistics, activity and process titles', async () => {
	const monitor = new Session({ ...cluster.environment, PGUSER: 'canary_monitor' });
	const views = `SELECT * FROM pg_stat_activity; SELECT * FROM pg_stat_statements; SELECT * FROM pg_foreign_server; SELECT * FROM pg_foreign_table;
		SELECT * FROM pg_prepared_statements; SELECT * FROM pg_cursors; SELECT * FROM pg_settings; SELECT * FROM pg_locks;
		SELECT * FROM pg_backend_memory_contexts; SELECT * FROM information_schema.foreign_servers; SELECT * FROM information_schema.foreign_server_options;
		SELECT * FROM information_schema.foreign_table_options; SELECT * FROM information_schema.user_mappings; SELECT * FROM pg_get_backend_memory_contexts();
		SELECT * FROM pg_stats; SELECT * FROM pg_stat_database; SELECT * FROM pg_stat_user_functions; SELECT * FROM pg_stat_user_tables; SELECT * FROM pg_db_role_setting;
		SELECT * FROM pg_shmem_allocations; SHOW ALL;`;
	for (const [role, session] of [['canary_monitor', monitor], ['canary_none', sessions.canary_none], ['postgres', superuser]])
	{
		await show(session, `views to ${role}`, views);
	}
	for (const [role, session] of [['canary_monitor', monitor], ['canary_basic', sessions.canary_basic]])
	{
		const output = await session.run('SELECT umoptions FROM pg_user_mappings; SELECT * FROM information_schema.user_mapping_options; SELECT * FROM pg_user_mapping;');
		const mine = role === 'canary_basic' ? [SECRETS.user, SECRETS.password] : [];
		assert.match(output, /permission denied for table pg_user_mapping/);
		printed.push([`mappings to ${role}`, mine.reduce((text, secret) => text.replaceAll(secret, ''), output)]);
	}
	printed.push(['ps', (await import('node:child_process')).execFileSync('ps', ['-eo', 'args', '-ww'], { encoding: 'utf8' })]);
	await monitor.close();
	assertSilent();
});

test('a dump by another role', async () => {
	const dump = cluster.program('pg_dump', '-U', 'canary_none', '-d', process.env.PGDATABASE, '-s', '-n', 'canary');
	assert.match(dump, /CREATE FOREIGN TABLE canary.account /);
	printed.push(['pg_dump of a schema', dump]);
	printed.push(['pg_dump', cluster.program('pg_dump', '-U', 'canary_none', '-s', '-d', process.env.PGDATABASE)]);
	assertSilent();
});

test('what is documented to show secrets does', async () => {
	const own = await sessions.canary_bearer.run('SELECT umoptions FROM pg_user_mappings WHERE usename = current_user;');
	const dump = cluster.program('pg_dump', '-U', 'postgres', '-s', '-d', process.env.PGDATABASE);
	const needed = [SECRETS.bearer, SECRETS.header, SECRETS.user, SECRETS.password, SECRETS.publicMapping];
	assert.ok(own.includes(SECRETS.bearer) && !own.includes(SECRETS.password), own);
	assert.deepEqual(needed.filter((secret) => !dump.includes(secret)), []);
	assert.ok(!dump.includes(SECRETS.replaced));
});

test('without the provisioning the statement is in the log', async () => {
	await superuser.run(`ALTER USER MAPPING FOR canary_bearer SERVER canary OPTIONS (SET bearer_token '${SECRETS.bearer}');`);
	assert.throws(assertSilent);
});
