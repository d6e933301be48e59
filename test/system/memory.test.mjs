// Is everything given back: memory, descriptors, threads?
import assert from 'node:assert/strict';
import { test, after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { atApi, descriptors, prepare, processStatus, reset } from './session.mjs';

const MB = 1024;
let session;
after(async () => { await reset(); await session?.close(); });

for (const [megabytes, columns, sum] of [[30, 'long', 'length(name)'], [60, 'long', 'length(name)'], [30, 'short', 'id']])
{
	test(`an answer of ${megabytes} MB of ${columns} values costs at most three times its size`, async () => {
		// What is measured must not have been reached before: the session warms up with a small answer.
		const big = await prepare('big', process.env.GRAPHQL_FDW_API, ", max_response_bytes '100MB'");
		const pid = await big.pid();
		await big.run('SELECT count(*), sum(length(name)), sum(id) FROM accounts;');
		await big.run(`ALTER SERVER big OPTIONS (SET url '${atApi(`/graphql/fault/huge?mb=${megabytes}`)}');`);
		const before = processStatus(pid, 'VmHWM');
		const output = await big.run(`SELECT count(*) > 100000, sum(${sum}) > 0 FROM accounts;`);
		const grown = processStatus(pid, 'VmHWM') - before;
		await big.close();
		assert.equal(output, 't|t');
		assert.ok(grown <= 3 * megabytes * MB, `${grown / MB} MB`);
	});
}

test('10,000 statements, half of them failing, leave nothing behind', async () => {
	session = await prepare('soak');
	const pid = await session.pid();
	const urls = [process.env.GRAPHQL_FDW_API, ...['truncated', 'errors-200', 'status-500', 'wrong-type'].map((fault) => atApi(`/graphql/fault/${fault}`))];
	await session.run(urls.map((url, n) => `CREATE SERVER soak${n} FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url '${url}');
		CREATE FOREIGN TABLE soak${n} (id int OPTIONS (argument 'id', type 'Int!'), plan text) SERVER soak${n}
			OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');`).join('\n'));
	await session.run(`CREATE PROCEDURE soak(times int) LANGUAGE plpgsql AS $$
		BEGIN
			FOR i IN 1 .. times LOOP
				BEGIN
					PERFORM count(plan) FROM soak0 WHERE id = i % 1000;
					EXECUTE format('SELECT count(a.plan) FROM generate_series(1, 5) k JOIN soak%s a ON a.id = k', 1 + i % 4);
				EXCEPTION WHEN OTHERS THEN NULL;
				END;
				COMMIT;
			END LOOP;
		END $$;`);
	await session.run('CALL soak(1000);');
	const memory = processStatus(pid, 'RssAnon');    // without what all backends share
	const open = descriptors(pid);
	await session.run('CALL soak(4000);');
	const grown = processStatus(pid, 'RssAnon') - memory;
	assert.ok(grown <= 4 * MB, `${grown} kB`);
	// Each endpoint may keep one connection more than it did: whether one has just been closed is chance. What leaks, leaks thousands.
	const more = descriptors(pid) - open;
	assert.ok(more <= urls.length, `${more} more descriptors`);
	await sleep(15_000);
	assert.equal(processStatus(pid, 'Threads'), 1);
	await session.run(urls.map((_, n) => `DROP SERVER soak${n} CASCADE;`).join('\n'));
});
