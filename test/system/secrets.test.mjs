// Are credentials in files followed as they change, kept to whom they were meant for, and never shown?
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, before, after } from 'node:test';
import { Session, prepare, reset, stats } from './session.mjs';

const folder = join(dirname(process.env.PGHOST), 'secrets');
const inside = join(folder, 'inside');
const log = () => readFileSync(process.env.SERVER_LOG, 'utf8');

let session;
let from;    // where in the log the present test begins

before(async () => {
	mkdirSync(inside, { recursive: true });
	chmodSync(folder, 0o755);
	chmodSync(inside, 0o755);
	session = await prepare('secrets');
});
after(async () => {
	await session.run('RESET ROLE; ALTER SYSTEM RESET graphql_fdw.secrets_directory; SELECT pg_reload_conf();');
	await session.run('DROP SERVER secrets CASCADE; DROP ROLE IF EXISTS secrets_owner;');
	await session.close();
	rmSync(folder, { recursive: true });
});

function write(name, text)
{
	const path = join(inside, name);
	writeFileSync(path, text, { mode: 0o644 });
	return path;
}

// As tools that rotate secrets do it.
function replace(name, text)
{
	renameSync(write(`${name}.new`, text), join(inside, name));
}

async function use(options)
{
	from = statSync(process.env.SERVER_LOG).size;
	return session.run(`DROP USER MAPPING IF EXISTS FOR CURRENT_USER SERVER secrets;
		CREATE USER MAPPING FOR CURRENT_USER SERVER secrets OPTIONS (${options});`);
}

const ask = (header = 'authorization') =>
	`SELECT graphql_query('secrets', '{ requestHeader(name: "${header}") }') ->> 'requestHeader';`;

const heard = (header) => session.run(ask(header));

async function restrict(directory)
{
	await session.run(`ALTER SYSTEM SET graphql_fdw.secrets_directory = '${directory}'; SELECT pg_reload_conf();`);
	for (let n = 0; n < 3000 && await session.run('SHOW graphql_fdw.secrets_directory;') !== directory; n += 1)
	{
		await new Promise((resolve) => { setTimeout(resolve, 20); });
	}
}

test('a token is read anew when its file changes, in the same session', async () => {
	await use(`bearer_token_file '${write('token', 'first\n')}'`);
	assert.equal(await heard(), 'Bearer first');
	assert.equal(await heard(), 'Bearer first');
	write('token', 'second, longer\r\n');
	assert.equal(await heard(), 'Bearer second, longer');
	replace('token', 'third');
	assert.equal(await heard(), 'Bearer third');
	rmSync(join(inside, 'token'));
	assert.equal(await session.state(ask()), '58P01');
	write('token', 'fourth');
	assert.equal(await heard(), 'Bearer fourth');
});

test('a scan in progress keeps the token it began with', async () => {
	await use(`bearer_token_file '${write('token', 'first')}'`);
	await session.run(`CREATE FOREIGN TABLE sent (name text OPTIONS (argument 'name', type 'String!', path ''), value text OPTIONS (path '.'))
		SERVER secrets OPTIONS (field 'requestHeader', key_batch_size '1');
		BEGIN; DECLARE c CURSOR FOR SELECT s.value FROM unnest(ARRAY['authorization', 'Authorization', 'AUTHORIZATION']) n
		JOIN sent s ON s.name = n;`);
	assert.equal(await session.run('FETCH 1 FROM c;'), 'Bearer first');
	replace('token', 'second');
	assert.equal(await heard(), 'Bearer second');
	assert.equal(await session.run('FETCH ALL FROM c; COMMIT;'), 'Bearer first\nBearer first');
});

test('headers can be in a file too', async () => {
	await use(`headers_file '${write('headers', '{"X-Api-Key": "one"}\n')}', bearer_token 'token'`);
	assert.equal(await heard('x-api-key'), 'one');
	replace('headers', '{"X-Api-Key": "two", "X-Other": "x"}');
	assert.equal(await heard('x-api-key'), 'two');
	assert.equal(await heard('x-other'), 'x');
	assert.equal(await heard(), 'Bearer token');
	await session.run("ALTER SERVER secrets OPTIONS (ADD session_headers '{\"X-Api-Key\": \"${app.key}\", \"X-More\": \"${app.key}\"}'); SET app.key = 'of the session';");
	assert.equal(await heard('x-api-key'), 'two');
	assert.equal(await heard('x-more'), 'of the session');
	await session.run('ALTER SERVER secrets OPTIONS (DROP session_headers);');
});

test('what cannot be sent is refused without showing any of it, and the path is for the log alone', async () => {
	const fifo = join(inside, 'fifo');
	execFileSync('mkfifo', [fifo]);
	const cases = [
		['bearer_token_file', join(inside, 'absent'), '58P01'],
		['bearer_token_file', 'relative/token', 'HV024'],
		['bearer_token_file', inside, 'HV024'],
		['bearer_token_file', fifo, 'HV024'],
		['bearer_token_file', write('empty', '\n'), 'HV024'],
		['bearer_token_file', write('lines', 'canary\ncanary\n'), 'HV024'],
		['bearer_token_file', write('zero', 'canary\0canary'), 'HV024'],
		['bearer_token_file', write('long', 'canary'.repeat(20000)), 'HV024'],
		['headers_file', write('huge', `{"X-A": "${'canary'.repeat(200000)}"}`), 'HV024'],
		['headers_file', write('broken', '{"X-A": "canary"'), 'HV024'],
		['headers_file', write('number', '{"X-A": ["canary"]}'), 'HV024'],
		['headers_file', write('managed', '{"Host": "canary"}'), 'HV024'],
	];
	await reset();
	for (const [option, path, state] of cases)
	{
		await use(`${option} '${path}'`);
		const answer = await session.run(ask());
		assert.match(answer, new RegExp(`ERROR:  ${state}: .*option "${option}".*server "secrets"`), path);
		assert.ok(!answer.includes('canary') && !answer.includes(path), answer);
		const written = log().slice(from);
		assert.ok(!written.includes('canary'), written);
		assert.ok(written.includes(`File "${path}"`), written);
	}
	assert.equal((await stats()).requests, 0);
});

test('files outside graphql_fdw.secrets_directory are not read, whatever links say', async () => {
	symlinkSync(write('token', 'linked'), join(folder, 'outside-in'));
	symlinkSync(join(inside, 'token'), join(inside, 'link'));
	writeFileSync(join(folder, 'outside'), 'canary', { mode: 0o644 });
	symlinkSync(join(folder, 'outside'), join(inside, 'inside-out'));
	mkdirSync(`${inside}-sibling`);
	writeFileSync(join(`${inside}-sibling`, 'token'), 'canary', { mode: 0o644 });

	await use(`bearer_token_file '${join(folder, 'outside')}'`);
	assert.equal(await heard(), 'Bearer canary');
	await restrict(inside);
	assert.equal(await session.state(ask()), '42501');
	for (const path of ['inside-out', '../outside', `${inside}-sibling/token`, '/etc/hostname'])
	{
		await use(`bearer_token_file '${path}'`);
		assert.match(await session.run(ask()), /ERROR: {2}42501: .*\nDETAIL: {2}It lies outside graphql_fdw.secrets_directory/, path);
	}
	for (const path of ['token', 'link', join(inside, 'token'), '../inside/token', join(folder, 'outside-in')])
	{
		await use(`bearer_token_file '${path}'`);
		assert.equal(await heard(), 'Bearer linked', path);
	}
	await session.run('CREATE ROLE secrets_reader; SET ROLE secrets_reader;');
	assert.equal(await session.state('SHOW graphql_fdw.secrets_directory;'), '42501');
	await session.run('RESET ROLE; DROP ROLE secrets_reader;');
	await session.run('ALTER SYSTEM RESET graphql_fdw.secrets_directory; SELECT pg_reload_conf();');
});

test('a file is sent only where a superuser says', async () => {
	const refused = () => session.state(`SET ROLE secrets_user; ${ask()} RESET ROLE;`);

	await session.run(`CREATE ROLE secrets_owner; CREATE ROLE secrets_user;
		GRANT USAGE ON FOREIGN DATA WRAPPER graphql_fdw TO secrets_owner; GRANT USAGE ON FOREIGN SERVER secrets TO secrets_user;
		GRANT EXECUTE ON FUNCTION graphql_query TO secrets_user;
		CREATE USER MAPPING FOR secrets_user SERVER secrets OPTIONS (bearer_token_file '${write('token', 'canary')}');`);
	assert.equal(await session.run(`SET ROLE secrets_user; ${ask()} RESET ROLE;`), 'Bearer canary');
	await reset();
	await session.run('ALTER SERVER secrets OWNER TO secrets_owner;');
	assert.equal(await refused(), '42501');
	await session.run('ALTER ROLE secrets_owner SUPERUSER;');
	assert.equal(await session.run(`SET ROLE secrets_user; ${ask()} RESET ROLE;`), 'Bearer canary');
	await session.run('ALTER ROLE secrets_owner NOSUPERUSER;');
	assert.equal(await refused(), '42501');
	const other = new Session();
	assert.equal(await other.state(`SET ROLE secrets_user; SET search_path = secrets, public; ${ask()}`), '42501');
	await other.close();
	assert.equal((await stats()).requests, 1);
	await session.run(`ALTER SERVER secrets OWNER TO CURRENT_USER; DROP USER MAPPING FOR secrets_user SERVER secrets;
		DROP OWNED BY secrets_owner, secrets_user; DROP ROLE secrets_user, secrets_owner;`);
});

test('a user mapping made as the README says leaves nothing in the log', async () => {
	const chatty = `SET log_statement = 'all'; SET log_min_duration_statement = 0; SET log_duration = on; SET log_min_messages = debug5;
		SET log_transaction_sample_rate = 1; SET debug_print_parse = on; SET client_min_messages = warning;`;
	const mapping = 'USER MAPPING FOR CURRENT_USER SERVER secrets OPTIONS';

	await use("bearer_token 'x'");
	await session.run(chatty);
	await session.run(`ALTER ${mapping} (SET bearer_token 'noisy-canary');`);
	assert.ok(log().slice(from).includes('noisy-canary'), 'the log is no witness');

	await session.run(`BEGIN;\nSET LOCAL log_min_messages = 'panic';\nALTER ${mapping} (SET bearer_token 'quiet-canary');\nCOMMIT;`);
	assert.equal(await heard(), 'Bearer quiet-canary');
	await session.run(`BEGIN;\nSET LOCAL log_min_messages = 'panic';\nCREATE ${mapping} (bearer_token 'quiet-canary');\nCOMMIT;`);
	await session.run(`BEGIN;\nSET LOCAL log_min_messages = 'panic';\nALTER ${mapping} (SET bearer_token 'quiet-canary' 'quiet-canary');\nCOMMIT;`);
	assert.ok(!log().includes('quiet-canary'));
});
