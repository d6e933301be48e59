// Does TLS work where it can be trusted, and say what is wrong where it cannot?
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createSecureServer } from 'node:http2';
import net from 'node:net';
import { test, before, after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { Authority } from './authority.mjs';
import { Session } from './session.mjs';

const limit = { timeout: 60_000 };
const good = '{"data":{"ok":true}}';
const ok = '{"ok": true}';
const ours = new Authority();
const theirs = new Authority();
const certificate = ours.issue('server');
const client = ours.issue('client');
const stranger = theirs.issue('stranger');
const closing = [];
let session;

before(async () => {
	session = new Session();
	assert.equal(await session.run(`SET client_min_messages = warning; DROP SERVER IF EXISTS tls CASCADE;
		CREATE SERVER tls FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url 'https://localhost/', ca_file '${ours.ca}');
		CREATE USER MAPPING FOR CURRENT_USER SERVER tls OPTIONS (bearer_token 'canary');`), '');
});

after(async () => {
	await session.run('DROP SERVER tls CASCADE;');
	await session.close();
	closing.forEach((close) => close());
});

async function listen(server)
{
	const seen = { connections: 0, requests: 0, versions: new Set() };
	server.on('connection', (socket) => {
		seen.connections += 1;
		socket.on('error', () => {});
		closing.push(() => socket.destroy());
	});
	server.on('tlsClientError', () => {});
	server.on('sessionError', () => {});
	await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
	closing.push(() => server.close());
	return Object.assign(seen, { port: server.address().port, url: `https://localhost:${server.address().port}/graphql` });
}

// An API over HTTP/1.1 and HTTP/2.
async function api(options)
{
	const server = createSecureServer({ cert: certificate.cert, key: certificate.key, allowHTTP1: true, ...options }, (req, res) => {
		seen.requests += 1;
		seen.versions.add(req.httpVersion);
		res.on('error', () => {});
		req.resume();
		req.on('end', () => res.writeHead(200, { 'content-type': 'application/json' }).end(good));
	});
	const seen = await listen(server);
	return seen;
}

async function query(url, options = '')
{
	const output = await session.run(`ALTER SERVER tls OPTIONS (SET url '${url}'${options && `, ${options}`});`);
	assert.equal(output, '');
	return session.run("SELECT graphql_query('tls', '{ ok }');");
}

const mutate = () => session.run("SELECT graphql_execute('tls', 'mutation { ok }');");

// Both a read and a mutation fail like this, neither more than once.
async function refused(server, state, words, url = server.url)
{
	server.connections = 0;
	const read = await query(url);
	assert.ok(read.startsWith(`ERROR:  ${state}: could not establish TLS with GraphQL server "tls": ${words}\n`), read);
	assert.match(read, /^DETAIL: +localhost:\d+, attempt 1 of 3|^DETAIL: +127.0.0.1:\d+, attempt 1 of 3/m);
	assert.doesNotMatch(read, /canary/);
	const mutation = await mutate();
	assert.ok(mutation.startsWith(`ERROR:  ${state}: could not establish TLS with GraphQL server "tls": ${words}\n`), mutation);
	assert.ok(server.connections <= 2, `${server.connections} connections`);
	return read;
}

test('a private authority, over HTTP/2', limit, async () => {
	const server = await api();
	assert.equal(await query(server.url), ok);
	assert.equal(await mutate(), ok);
	assert.deepEqual([...server.versions], ['2.0']);
	assert.equal(server.connections, 1);
	assert.equal(await query(server.url, "ADD http_version '1.1'"), ok);
	assert.ok(server.versions.has('1.1'));
	await session.run('ALTER SERVER tls OPTIONS (DROP http_version);');
	assert.equal(await query(server.url.replace('localhost', '127.0.0.1')), ok);
});

for (const version of ['TLSv1.2', 'TLSv1.3'])
{
	test(`${version} alone is enough`, limit, async () => {
		const server = await api({ minVersion: version, maxVersion: version });
		assert.equal(await query(server.url), ok);
	});
}

test('an unknown authority', limit, async () => {
	const { cert, key } = theirs.issue('unknown');
	const server = await api({ cert, key });
	const output = await refused(server, '08001', 'its certificate is not signed by an authority that is trusted here');
	assert.match(output, /^HINT: .*ca_file/m);
	assert.equal(server.requests, 0);

	// The authority of the option is trusted in the place of the system's, which are those when there is none.
	await session.run('ALTER SERVER tls OPTIONS (DROP ca_file);');
	await refused(await api(), '08001', 'its certificate is not signed by an authority that is trusted here');
	await session.run(`ALTER SERVER tls OPTIONS (ADD ca_file '${ours.ca}');`);
});

test('a certificate for another host', limit, async () => {
	const { cert, key } = ours.issue('elsewhere.example', { names: 'DNS:elsewhere.example' });
	const server = await api({ cert, key });
	await refused(server, '08001', 'its certificate is for another host');
	await refused(server, '08001', 'its certificate is for another host', server.url.replace('localhost', '127.0.0.1'));
	assert.equal(server.requests, 0);
});

test('a certificate that has expired, and one that is not valid yet', limit, async () => {
	const old = ours.issue('old', { until: '20210101000000Z' });
	await refused(await api({ cert: old.cert, key: old.key }), '08001', 'its certificate has expired');
	const early = ours.issue('early', { from: '20980101000000Z' });
	await refused(await api({ cert: early.cert, key: early.key }), '08001', 'its certificate is not valid yet');
});

test('TLS 1.0 only, TLS 1.1 only', limit, async () => {
	for (const version of ['TLSv1', 'TLSv1.1'])
	{
		const server = await api({ minVersion: version, maxVersion: version, ciphers: 'ALL@SECLEVEL=0' });
		await refused(server, '08001', 'it offers no version of TLS from 1.2 on');

		// It does speak to somebody who takes it.
		const old = tls.connect({ port: server.port, host: '127.0.0.1', minVersion: version, ciphers: 'ALL@SECLEVEL=0', rejectUnauthorized: false });
		await once(old, 'secureConnect');
		assert.equal(old.getProtocol(), version);
		old.destroy();
	}
});

test('plain HTTP on the TLS port', limit, async () => {
	const server = await listen(createHttp((req, res) => res.end(good)));
	const output = await refused(server, '08001', 'what listens on this port does not speak TLS');
	assert.match(output, /^HINT: .*"url"/m);
});

// libcurl lets OpenSSL take such an end for a proper one, so it is the answer itself that has to be whole.
test('an answer that is cut off below TLS is never a shorter answer', limit, async () => {
	const behind = tls.createServer({ cert: certificate.cert, key: certificate.key }, (socket) => {
		socket.on('error', () => {});
		socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n${good.slice(0, -1)}`));
	});
	const inner = await listen(behind);
	// Cuts the line below TLS, as somebody on the way would.
	const cut = await listen(net.createServer((socket) => {
		const onward = net.connect(inner.port, '127.0.0.1');
		onward.on('error', () => {});
		onward.pipe(socket);
		socket.pipe(onward);
		setTimeout(() => socket.end(), 300);
	}));
	assert.match(await query(cut.url), /^ERROR:  (08006|08P01): /);
	assert.match(await mutate(), /^ERROR:  08007: /);
});

// ---------------------------------------------------------------------------------------------
// Client certificates

const demanding = { requestCert: true, rejectUnauthorized: true };
const give = (from) => `ALTER SERVER tls OPTIONS (ADD client_cert '${from.cert}', ADD client_key '${from.key}');`;
const take = 'ALTER SERVER tls OPTIONS (DROP client_cert, DROP client_key);';

test('a client certificate that is demanded', limit, async () => {
	const server = await api({ ...demanding, ca: [readFileSync(ours.ca)] });
	const output = await query(server.url);
	assert.match(output, /^ERROR:  28000: could not establish TLS with GraphQL server "tls": it demands a client certificate\n/);
	assert.match(output, /^HINT: .*"client_cert" and "client_key"/m);

	// The alert may be lost on the way, as it comes with the end of the connection. Then nobody knows.
	const mutations = [];
	for (let n = 0; n < 5 && mutations.at(-1) !== '28000'; n += 1)
	{
		mutations.push(await session.state("SELECT graphql_execute('tls', 'mutation { ok }');"));
	}
	assert.match(mutations.join(' '), /^(08007 )*28000$/);
	assert.equal(server.requests, 0);

	await session.run(give(client.files));
	assert.equal(await query(server.url), ok);
	assert.equal(await mutate(), ok);
	assert.deepEqual([...server.versions], ['2.0']);
	await session.run(take);
	assert.match(await query(server.url), /^ERROR:  28000: /);
	assert.equal(server.requests, 2);
});

test('a client certificate that is demanded, TLS 1.2', limit, async () => {
	const server = await api({ ...demanding, ca: [readFileSync(ours.ca)], maxVersion: 'TLSv1.2' });
	const output = await refused(server, '08001', 'it refused the handshake');
	assert.match(output, /^HINT: .*"client_cert" and "client_key"/m);
	await session.run(give(client.files));
	assert.equal(await query(server.url), ok);
	await session.run(take);
});

test('a client certificate of another authority', limit, async (t) => {
	for (const version of ['-tls1_3', '-tls1_2'])
	{
		const port = await freePort();
		const server = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-cert', certificate.files.cert, '-key', certificate.files.key,
			'-CAfile', ours.ca, '-Verify', '3', '-verify_return_error', '-www', '-naccept', '9', version], { stdio: ['pipe', 'ignore', 'ignore'] });
		closing.push(() => server.kill());
		await untilListening(port);
		await session.run(give(stranger.files));
		const output = await query(`https://localhost:${port}/`);
		assert.ok(output.startsWith('ERROR:  28000: could not establish TLS with GraphQL server "tls": it does not accept the client certificate\n'), output);
		assert.match(await mutate(), /^ERROR:  28000:/);
		await session.run(take);
		server.kill();
	}
	t.diagnostic('the server is openssl s_server: Node closes without a word');
});

test('files that cannot be what they should be', limit, async () => {
	const server = await api({ ...demanding, ca: [readFileSync(ours.ca)] });
	const { cert, key } = client.files;
	const open = `${key}.open`;
	const link = `${key}.link`;
	copyFileSync(key, open);
	symlinkSync(key, link);
	const cases = [
		[{ cert, key: `${key}.missing` }, /^ERROR:  58P01: could not read file ".*missing" of option "client_key" of GraphQL server "tls": No such file/],
		[{ cert: `${cert}.missing`, key }, /^ERROR:  58P01: could not read file ".*missing" of option "client_cert"/],
		[{ cert, key: '/dev/null' }, /^ERROR:  42809: "\/dev\/null" of option "client_key" .* is not a regular file/],
		[{ cert, key: cert.replace(/[^/]*$/, '') }, /^ERROR:  42809: /],
		[{ cert: stranger.files.cert, key }, /^ERROR:  08001: could not establish TLS with/],
		[{ cert: key, key: cert }, /^ERROR:  42501: /],
	];
	server.connections = 0;
	for (const [files, expected] of cases)
	{
		await session.run(give(files));
		const output = await query(server.url);
		assert.match(output, expected);
		assert.doesNotMatch(output, /PRIVATE KEY|canary/);
		await session.run(take);
	}
	for (const mode of [0o640, 0o644, 0o604, 0o660, 0o601])
	{
		chmodSync(open, mode);
		await session.run(give({ cert, key: open }));
		const output = await query(server.url);
		// As root the copy is root's, and those may be open to a group.
		assert.match(output, process.getuid() === 0 && mode === 0o640 ? /^ERROR:  42501: could not read/ : /^ERROR:  42501: (could not read|file ".*open" of option "client_key" .* is open to others)/, mode.toString(8));
		await session.run(take);
	}
	assert.equal(server.requests, 0);
	await session.run(give({ cert, key: link }));
	assert.equal(await query(server.url), ok);
	await session.run(take);
	rmSync(open);

	await session.run(`ALTER SERVER tls OPTIONS (SET ca_file '${ours.ca}.missing');`);
	assert.match(await query(server.url), /^ERROR:  58P01: could not read file ".*missing" of option "ca_file"/);
	await session.run(`ALTER SERVER tls OPTIONS (SET ca_file '${key}');`);
	assert.match(await query(server.url), /^ERROR:  08001: could not establish TLS with/);
	await session.run(`ALTER SERVER tls OPTIONS (SET ca_file '${ours.ca}');`);
});

test('a superuser may do without verification', limit, async () => {
	const { cert, key } = theirs.issue('nobody', { names: 'DNS:nobody.example', until: '20210101000000Z' });
	const server = await api({ cert, key });
	await session.run("ALTER SERVER tls OPTIONS (ADD tls_verify 'off');");
	assert.equal(await query(server.url), ok);
	await session.run("ALTER SERVER tls OPTIONS (SET tls_verify 'on');");
	await refused(server, '08001', 'its certificate is not signed by an authority that is trusted here');
	await session.run('ALTER SERVER tls OPTIONS (DROP tls_verify);');
});

async function freePort()
{
	const server = net.createServer();
	await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
	const { port } = server.address();
	await new Promise((resolve) => { server.close(resolve); });
	return port;
}

async function untilListening(port)
{
	for (let n = 0; n < 200; n += 1)
	{
		const socket = net.connect(port, '127.0.0.1');
		const connected = await Promise.race([once(socket, 'connect').then(() => true, () => false), sleep(1000, false)]);
		socket.destroy();
		if (connected)
		{
			return;
		}
		await sleep(20);
	}
	throw new Error('nothing listens');
}
