// Do requests go only where the DBA's policy lets them, whatever a URL says and a name resolves to?
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import { test, before, after, beforeEach } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Session } from './session.mjs';

const limit = { timeout: 120_000 };
const good = '{"data":{"ok":true}}';
let dba;        // a superuser
let session;    // owner of the server `guarded`, and nobody special
let api;        // counts who connects
let connections;
let requests;

const listen = (server) => new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(server.address().port)); });

async function startApi(handle)
{
	const server = createServer((req, res) => {
		requests.push(req.url);
		req.resume();
		req.on('end', () => handle(req, res));
	});
	server.on('connection', () => { connections += 1; });
	return { server, port: await listen(server) };
}

const answer = (req, res) => res.setHeader('content-type', 'application/json').end(good);

before(async () => {
	api = await startApi(answer);
	dba = new Session();
	session = new Session();
	const output = await dba.run(`
		SET client_min_messages = warning;
		DROP SERVER IF EXISTS guarded CASCADE; DROP SERVER IF EXISTS trusted CASCADE;
		CREATE ROLE policy_owner;
		GRANT USAGE ON FOREIGN DATA WRAPPER graphql_fdw TO policy_owner;
		GRANT EXECUTE ON FUNCTION graphql_query, graphql_execute TO policy_owner;
		CREATE SERVER trusted FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'https://127.0.0.1/', keep_connections 'off', max_retries '0');`);
	assert.equal(output, '');
	assert.equal(await session.run(`SET ROLE policy_owner;
		CREATE SERVER guarded FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'https://127.0.0.1/', keep_connections 'off', max_retries '0');`), '');
});

after(async () => {
	await settings({});
	await dba.run('DROP SERVER trusted; DROP OWNED BY policy_owner CASCADE; DROP ROLE policy_owner;');
	await session.close();
	await dba.close();
	api.server.close();
	api.server.closeAllConnections();
});

beforeEach(() => { connections = 0; requests = []; });

// Puts the policy into the configuration and waits until both sessions have read it.
async function settings(values)
{
	const loaded = () => Promise.all([dba, session].map((who) => who.run('SELECT pg_conf_load_time();')));
	const then = await loaded();
	for (const name of ['allowed_hosts', 'allowed_networks', 'allow_http', 'max_concurrency', 'max_request_timeout', 'max_response_bytes'])
	{
		const value = values[name];
		const output = await dba.run(`ALTER SYSTEM ${value === undefined ? `RESET graphql_fdw.${name}` : `SET graphql_fdw.${name} = '${value}'`};`);
		assert.equal(output, '');
	}
	await dba.run('SELECT pg_reload_conf();');
	while ((await loaded()).some((time, i) => time === then[i]))
	{
		await sleep(10);
	}
}

async function outcome(who, server, url, call = "graphql_query('SERVER', '{ ok }')")
{
	await who.run(`ALTER SERVER ${server} OPTIONS (SET url '${url}');`);
	return who.run(`SELECT ${call.replace('SERVER', server)};`);
}

const guarded = (url) => outcome(session, 'guarded', url);
const trusted = (url) => outcome(dba, 'trusted', url);
const denied = (output, server) => {
	assert.match(output, new RegExp(`^ERROR:  42501: could not connect to GraphQL server "${server}": address denied by policy`), output);
};

// Every spelling of this machine. Something listens, and must not be asked.
const here = ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0x7f.1', '0177.0.0.1', '017700000001', '127.0.0.2',
	'localhost', '0.0.0.0', '0', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:7f00:1]', '127.0.0.1.is.invalid',
	'--1.is.invalid', '--ffff-127.0.0.1.is.invalid', '64-ff9b--127.0.0.1.is.invalid', '2002-7f00-1--.is.invalid'];

test('loopback, however it is spelt, is not for servers of ordinary owners', limit, async () => {
	await settings({ allow_http: 'on' });
	for (const host of here)
	{
		const output = await guarded(`http://${host}:${api.port}/`);
		denied(output, 'guarded');
		assert.match(output, /^DETAIL: .*:\d+, attempt 1/m, output);
		assert.match(output, /^HINT: .*graphql_fdw.allowed_networks/m, output);
	}
	assert.equal(connections, 0);
});

const metadata = ['169.254.169.254', '2852039166', '0xa9fea9fe', '0xa9.0xfe.0xa9.0xfe', '0251.0376.0251.0376', '025177524776', '169.254.43518',
	'[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '[64:ff9b::169.254.169.254]', '[2002:a9fe:a9fe::]', '[fe80::1]', '[fd00:ec2::254]',
	'[fd20:ce::254]', '100.100.100.200', '192.0.0.192', '168.63.129.16', '0.0.0.0', '[::]', '224.0.0.1', '255.255.255.255', '[ff02::1]',
	'169.254.169.254.is.invalid', '--ffff-169.254.169.254.is.invalid', 'fd00-ec2--254.is.invalid'];

test('metadata and link-local addresses are for nobody, listed or not', limit, async () => {
	await settings({ allow_http: 'on', allowed_networks: '0.0.0.0/0, ::/0, 169.254.0.0/16, fd00:ec2::254' });
	for (const host of metadata)
	{
		for (const url of [`http://${host}/`, `https://${host}/`])
		{
			const output = await trusted(url);
			denied(output, 'trusted');
			assert.match(output, /^HINT: .*never reached/m, output);
			denied(await guarded(url), 'guarded');
		}
	}
	denied(await outcome(dba, 'trusted', 'http://169.254.169.254/', "graphql_execute('SERVER', 'mutation { ok }')"), 'trusted');
});

test('a name that is moved inward between two look-ups', limit, async () => {
	await settings({});
	assert.equal(await trusted(`http://127.0.0.1.then.169.254.169.254.is.invalid:${api.port}/`), '{"ok": true}');
	assert.equal(connections, 1);
	denied(await dba.run("SELECT graphql_query('trusted', '{ ok }');"), 'trusted');
	assert.equal(connections, 1);

	// The other way round: what was refused once is not what is decided on the next time.
	await settings({ allowed_networks: '127.0.0.0/8' });
	denied(await guarded(`http://10.0.0.1.then.127.0.0.1.is.invalid:${api.port}/`), 'guarded');
	assert.equal(await session.run("SELECT graphql_query('guarded', '{ ok }');"), '{"ok": true}');
});

test('redirects are refused, and name the host they lead to', limit, async () => {
	const target = await startApi(answer);
	for (const [location, named] of [['http://169.254.169.254/latest/meta-data/?token=x', 'http://169.254.169.254'],
		[`http://127.0.0.1:${target.port}/secret-path`, `http://127.0.0.1:${target.port}`]])
	{
		for (const status of [301, 302, 303, 307, 308])
		{
			const redirecting = await startApi((req, res) => res.writeHead(status, { location }).end());
			connections = 0;
			requests = [];
			const output = await trusted(`http://127.0.0.1:${redirecting.port}/`);
			assert.ok(output.startsWith(`ERROR:  08004: GraphQL server "trusted" redirects to "${named}", and redirects are not followed`), output);
			assert.doesNotMatch(output, /secret-path|token|meta-data/);
			assert.equal(connections, 1, 'of the one that redirects');
			assert.deepEqual(requests, ['/']);
			redirecting.server.close();
			redirecting.server.closeAllConnections();
		}
	}
	target.server.close();
});

test('allowed_networks, allow_http and allowed_hosts take effect with the next request', limit, async () => {
	const url = `http://127.0.0.1:${api.port}/`;
	await session.run("ALTER SERVER guarded OPTIONS (SET keep_connections 'on'); ALTER SERVER guarded OPTIONS (SET url 'http://127.0.0.1:1/');");
	await settings({});
	denied(await guarded(url), 'guarded');
	await settings({ allowed_networks: '127.0.0.1' });
	assert.equal(await session.run("SELECT graphql_query('guarded', '{ ok }');"), '{"ok": true}');
	assert.equal(await session.run("SELECT graphql_query('guarded', '{ ok }');"), '{"ok": true}');
	assert.equal(connections, 1, 'kept');
	await settings({ allowed_networks: '127.0.0.1', allowed_hosts: `*.example.com, localhost:${api.port}` });
	const output = await session.run("SELECT graphql_query('guarded', '{ ok }');");
	assert.match(output, /^ERROR:  42501: could not connect to GraphQL server "guarded": host denied by policy/);
	assert.match(output, new RegExp(`^DETAIL:  127.0.0.1:${api.port}$`, 'm'));
	assert.match(output, /^HINT: .*graphql_fdw.allowed_hosts/m);
	assert.equal(await guarded(`http://LocalHost:${api.port}/`), '{"ok": true}');
	await settings({});
	denied(await session.run("SELECT graphql_query('guarded', '{ ok }');"), 'guarded');

	// A reload that changes nothing closes nothing.
	assert.equal(await trusted(url), '{"ok": true}');
	await dba.run("ALTER SERVER trusted OPTIONS (SET keep_connections 'on'); SELECT graphql_query('trusted', '{ ok }');");
	connections = 0;
	await settings({});
	assert.equal(await dba.run("SELECT graphql_query('trusted', '{ ok }');"), '{"ok": true}');
	assert.equal(connections, 0);
	await dba.run("ALTER SERVER trusted OPTIONS (SET keep_connections 'off');");
	await session.run("ALTER SERVER guarded OPTIONS (SET keep_connections 'off');");
});

test('http leads beyond loopback only where the policy says so', limit, async (t) => {
	await settings({});
	const output = await trusted('http://10.255.255.1.is.invalid:9/');
	denied(output, 'trusted');
	assert.match(output, /^HINT: .*graphql_fdw.allow_http/m);

	// This machine's own address: nothing leaves it.
	const outer = Object.values(networkInterfaces()).flat().find((i) => i.family === 'IPv4' && !i.internal && !i.address.startsWith('169.254.'));
	if (outer === undefined)
	{
		t.diagnostic('this machine has no address but loopback');
		return;
	}
	denied(await trusted(`http://${outer.address}:1/`), 'trusted');
	await settings({ allow_http: 'on' });
	assert.match(await trusted(`http://${outer.address}:1/`), /^ERROR:  08001:/);
});

test('no session brings a policy of its own', limit, async () => {
	await settings({ allowed_hosts: 'api.example.com' });
	await dba.run(`ALTER SERVER trusted OPTIONS (SET url 'http://127.0.0.1:${api.port}/');`);
	for (const option of ['allowed_hosts=', 'allowed_hosts=127.0.0.1', 'max_concurrency=64'])
	{
		process.env.PGOPTIONS = `-c graphql_fdw.${option}`;
		const liar = new Session();
		delete process.env.PGOPTIONS;
		const output = await liar.run("SELECT graphql_query('trusted', '{ ok }');");
		assert.match(output, /^ERROR:  42501: parameter "graphql_fdw\.\w+" can only be set in the server's configuration/m, output);
		await liar.close();
	}
	const modest = new Session();
	assert.match(await modest.run("SET graphql_fdw.allowed_hosts = ''; SELECT graphql_query('trusted', '{ ok }');"), /host denied by policy/);
	await modest.close();
	assert.equal(connections, 0);
});

test('a value that was never checked keeps everything closed', limit, async () => {
	await dba.run(`ALTER SERVER trusted OPTIONS (SET url 'http://127.0.0.1:${api.port}/');`);
	const unchecked = new Session();    // has not loaded the library yet
	const then = await unchecked.run('SELECT pg_conf_load_time();');
	await unchecked.run("ALTER SYSTEM SET graphql_fdw.allowed_hosts = 'https://api.example.com'; SELECT pg_reload_conf();");
	const late = new Session();
	while (await late.run('SELECT pg_conf_load_time();') === then)
	{
		await sleep(10);
	}
	const output = await late.run("SELECT graphql_query('trusted', '{ ok }');");
	assert.match(output, /ERROR:  42501: setting "graphql_fdw.allowed_hosts" cannot be used/, output);
	// Sessions that had the library keep what they had.
	assert.equal(await dba.run('SHOW graphql_fdw.allowed_hosts;'), 'api.example.com');
	await unchecked.close();
	await late.close();
	await settings({});
});

test('ceilings cut the options of servers', limit, async () => {
	let present = 0;
	let most = 0;
	const slow = await startApi((req, res) => {
		present += 1;
		most = Math.max(most, present);
		setTimeout(() => { present -= 1; res.setHeader('content-type', 'application/json').end('{"data":{"thing":{"id":1,"ok":true}}}'); }, 250);
	});
	await dba.run(`ALTER SERVER trusted OPTIONS (SET url 'http://127.0.0.1:${slow.port}/', ADD concurrency '8');
		CREATE FOREIGN TABLE ceiling (id int OPTIONS (argument 'id', type 'Int!'), ok boolean) SERVER trusted OPTIONS (field 'thing', batch_mode 'single');`);
	const lookups = () => dba.run('SELECT count(*) FROM ceiling WHERE id = ANY (ARRAY(SELECT generate_series(1, 16)));');
	await settings({});
	assert.equal(await lookups(), '1');
	assert.ok(most > 2, `${most} without a ceiling`);
	most = 0;
	await settings({ max_concurrency: 2 });
	assert.equal(await lookups(), '1');
	assert.equal(most, 2);
	await dba.run('DROP FOREIGN TABLE ceiling; ALTER SERVER trusted OPTIONS (DROP concurrency);');
	slow.server.close();
	slow.server.closeAllConnections();

	const deaf = await startApi(() => {});
	await settings({ max_request_timeout: '200ms' });
	const start = performance.now();
	const late = await trusted(`http://127.0.0.1:${deaf.port}/`);
	assert.match(late, /^ERROR:  08006: .*no complete answer within 200 ms/);
	assert.ok(performance.now() - start < 10_000);    // the option says 30 s
	deaf.server.close();
	deaf.server.closeAllConnections();

	await settings({ max_response_bytes: '10B' });
	assert.match(await trusted(`http://127.0.0.1:${api.port}/`), /^ERROR:  54000: .*exceeds max_response_bytes \(10\)/);
	await settings({});
});

test('what a superuser gave away is no longer theirs', limit, async () => {
	const url = `http://127.0.0.1:${api.port}/`;
	await settings({});
	await dba.run("ALTER SERVER trusted OPTIONS (SET keep_connections 'on');");
	assert.equal(await trusted(url), '{"ok": true}');
	for (const [option, value] of [['ca_file', process.env.GRAPHQL_FDW_CA], ['tls_verify', 'off'], ['proxy', url.slice(0, -1)]])
	{
		assert.equal(await dba.run(`ALTER SERVER trusted OPTIONS (ADD ${option} '${value}'); ALTER SERVER trusted OWNER TO policy_owner;`), '');
		connections = 0;
		const output = await dba.run("SELECT graphql_query('trusted', '{ ok }');");
		assert.match(output, new RegExp(`^ERROR:  42501: option "${option}" of GraphQL server "trusted" needs an owner who is a superuser`), output);
		assert.match(output, /^DETAIL: .*"policy_owner"/m);
		assert.equal(connections, 0);
		await dba.run(`ALTER SERVER trusted OPTIONS (DROP ${option});`);
		denied(await dba.run("SELECT graphql_query('trusted', '{ ok }');"), 'trusted');
		await dba.run('ALTER SERVER trusted OWNER TO CURRENT_USER;');
	}
	// The owner stays, the attribute goes.
	await dba.run('ALTER ROLE policy_owner SUPERUSER; ALTER SERVER trusted OWNER TO policy_owner;');
	assert.equal(await dba.run("SELECT graphql_query('trusted', '{ ok }');"), '{"ok": true}');
	await dba.run('ALTER ROLE policy_owner NOSUPERUSER;');
	denied(await dba.run("SELECT graphql_query('trusted', '{ ok }');"), 'trusted');
	await dba.run("ALTER SERVER trusted OWNER TO CURRENT_USER; ALTER SERVER trusted OPTIONS (SET keep_connections 'off');");
});

// A proxy that goes where it is told, and notes what it was told.
async function startProxy()
{
	const told = [];
	const server = createServer((req, res) => {
		told.push({ line: `${req.method} ${req.url}`, headers: req.headers });
		req.resume();
		req.on('end', () => answer(req, res));
	});
	server.on('connect', (req, socket, head) => {
		told.push({ line: `CONNECT ${req.url}`, headers: req.headers });
		const { port } = new URL(process.env.GRAPHQL_FDW_TLS);
		const onward = net.connect(Number(port), '127.0.0.1', () => {
			socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
			onward.write(head);
			onward.pipe(socket).pipe(onward);
		});
		onward.on('error', () => socket.destroy());
		socket.on('error', () => onward.destroy());
	});
	return { server, told, url: `http://127.0.0.1:${await listen(server)}` };
}

test('a proxy is the only way out where it is set, and sees no secret of an encrypted request', limit, async () => {
	const proxy = await startProxy();
	await settings({});
	// localhost:1 is nowhere; the proxy takes it to the API with a certificate for localhost.
	await dba.run(`ALTER SERVER trusted OPTIONS (SET url 'https://localhost:1/graphql', ADD proxy '${proxy.url}', ADD ca_file '${process.env.GRAPHQL_FDW_CA}');
		CREATE USER MAPPING FOR CURRENT_USER SERVER trusted OPTIONS (bearer_token 'canary');`);
	assert.equal(await dba.run("SELECT graphql_query('trusted', '{ account(id: 1) { id } }');"), '{"account": {"id": 1}}');
	assert.equal(await dba.run("SELECT graphql_query('trusted', '{ requestHeader(name: \"authorization\") }');"), '{"requestHeader": "Bearer canary"}');
	assert.deepEqual([...new Set(proxy.told.map((t) => t.line))], ['CONNECT localhost:1']);
	assert.doesNotMatch(JSON.stringify(proxy.told), /canary/);

	// The environment is not asked, and hosts are held to the list by name.
	await settings({ allowed_hosts: 'api.example.com' });
	proxy.told.length = 0;
	assert.match(await dba.run("SELECT graphql_query('trusted', '{ account(id: 1) { id } }');"), /^ERROR:  42501: .*host denied by policy/);
	await settings({ allow_http: 'on', allowed_hosts: 'api.example.com' });
	assert.equal(await trusted('http://api.example.com/graphql'), '{"ok": true}');
	assert.deepEqual(proxy.told.map((t) => t.line), ['POST http://api.example.com/graphql']);

	await dba.run(`DROP USER MAPPING FOR CURRENT_USER SERVER trusted; ALTER SERVER trusted OPTIONS (DROP ca_file, SET proxy 'http://169.254.169.254:80');`);
	denied(await trusted('https://api.example.com/'), 'trusted');
	await dba.run('ALTER SERVER trusted OPTIONS (DROP proxy);');
	proxy.server.close();
	proxy.server.closeAllConnections();
});
