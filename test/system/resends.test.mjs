// When a kept-alive connection dies, is a mutation never sent twice and a read never lost?
import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { prepare, reset, stats, untilStats } from './session.mjs';

let session;
before(async () => { session = await prepare('resends'); });
after(async () => { await reset(); await session.close(); });

for (const death of ['dies-fin', 'dies-rst', 'dies-one-byte'])
{
	test(`${death}: the API sees a mutation once, and the outcome is unknown`, async () => {
		await reset();
		await session.run(`ALTER SERVER resends OPTIONS (SET url '${process.env.GRAPHQL_FDW_RAW}/${death}');`);
		assert.equal(await session.state("SELECT graphql_execute('resends', 'mutation { touch(id: 1) }');"), '');
		assert.equal(await session.state("SELECT graphql_execute('resends', 'mutation { touch(id: 1) }');"), '08007');
		assert.equal((await stats()).raw[death], 2);
		assert.equal(await session.state("SELECT graphql_execute('resends', 'mutation { touch(id: 1) }');"), '');
		assert.equal((await stats()).raw[death], 3);
	});

	test(`${death}: a read is answered after a silent reconnect`, async () => {
		await reset();
		await session.run(`ALTER SERVER resends OPTIONS (SET url '${process.env.GRAPHQL_FDW_RAW}/${death}?read');`);
		for (let n = 0; n < 3; n += 1)
		{
			assert.match(await session.run("SELECT graphql_query('resends', '{ __typename }');"), /Query/);
		}
		assert.ok((await stats()).raw[death] > 3);
	});
}

test('a connection closed while idle is replaced without an error, for mutations too', async () => {
	await reset();
	await session.run(`ALTER SERVER resends OPTIONS (SET url '${process.env.GRAPHQL_FDW_RAW}/idle-close');`);
	for (let n = 1; n <= 3; n += 1)
	{
		assert.match(await session.run("SELECT graphql_execute('resends', 'mutation { touch(id: 1) }');"), /touch/);
		await untilStats((s) => s.rawEnded['idle-close'] === n);
	}
});

test('mutations that the API fails to answer are not retried', async () => {
	await reset();
	for (const [fault, state] of [['status-503', '08007'], ['status-500-html', '08007'], ['html-200', '08007'], ['truncated', '08007'], ['status-401', '28000']])
	{
		const before = (await stats()).requests;
		await session.run(`ALTER SERVER resends OPTIONS (SET url '${process.env.GRAPHQL_FDW_API}/fault/${fault}');`);
		assert.equal(await session.state("SELECT graphql_execute('resends', 'mutation { touch(id: 2) }');"), state, fault);
		assert.equal((await stats()).requests - before, 1, fault);
	}
});
