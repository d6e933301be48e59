// What goes over the wire: TLS, HTTP/2, compression, headers?
import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { control, prepare, reset, stats, untilStats } from './session.mjs';

let session;
before(async () => { session = await prepare('wire', process.env.GRAPHQL_FDW_TLS, `, ca_file '${process.env.GRAPHQL_FDW_CA}'`); });
after(async () => { await reset(); await session.close(); });

test('HTTP/2 carries concurrent requests over one connection', async () => {
	await session.run('SELECT count(*) FROM accounts;');
	await reset();
	await control({ hold: true });
	const result = session.run('SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id;');
	await untilStats((s) => s.inFlight === 4);
	await control({ hold: false });
	assert.equal(await result, '10000');
	const { requests, http2Streams, connections } = await stats();
	assert.deepEqual({ requests, http2Streams, connections }, { requests: 10, http2Streams: 10, connections: 1 });
});

test('HTTP/1.1 where the server says so', async () => {
	await session.run("ALTER SERVER wire OPTIONS (ADD http_version '1.1');");
	await reset();
	assert.equal(await session.run('SELECT count(*) FROM accounts;'), '1000');
	assert.equal((await stats()).http2Streams, 0);
	await session.run('ALTER SERVER wire OPTIONS (DROP http_version);');
});

test('a certificate nobody vouches for is refused', async () => {
	await session.run('ALTER SERVER wire OPTIONS (DROP ca_file);');
	assert.equal(await session.state('SELECT count(*) FROM accounts;'), '08001');
});

test('plain http reaches loopback addresses only', async () => {
	await session.run("ALTER SERVER wire OPTIONS (SET url 'http://192.0.2.1:4000/graphql', ADD connect_timeout '2s');");
	assert.equal(await session.state('SELECT count(*) FROM accounts;'), '42501');
	await session.run("ALTER SERVER wire OPTIONS (SET url 'https://169.254.169.254/graphql');");
	assert.equal(await session.state('SELECT count(*) FROM accounts;'), '42501');
});

for (const encoding of ['gzip', 'br', 'deflate'])
{
	test(`answers compressed with ${encoding} are read`, async () => {
		await session.run(`ALTER SERVER wire OPTIONS (SET url '${process.env.GRAPHQL_FDW_API}/fault/gzip?encoding=${encoding}');`);
		assert.equal(await session.run('SELECT count(*), count(DISTINCT id) FROM accounts;'), '1000|1000');
	});
}

test('no proxy of the environment, no redirect', async () => {
	await session.run(`ALTER SERVER wire OPTIONS (SET url '${process.env.GRAPHQL_FDW_API}/fault/redirect');`);
	await reset();
	assert.equal(await session.state('SELECT count(*) FROM accounts;'), '08004');
	assert.equal((await stats()).redirected, 0);
});
