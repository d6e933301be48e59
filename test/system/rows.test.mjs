// Do row locks see what a concurrent session changed, with foreign rows in the join?
import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { Session, prepare, reset, stats } from './session.mjs';

let session;
let other;
before(async () => { session = await prepare('rows'); other = new Session(); await other.run('SET search_path = rows;'); });
after(async () => { await reset(); await session.close(); await other.close(); });

// Starts `first` in the other session, `second` here, which waits for its lock; then commits.
async function afterConcurrent(first, second)
{
	const pid = await session.pid();
	await other.run(`BEGIN; ${first}`);
	const result = session.run(second);
	for (;;)
	{
		if (await other.run(`SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = ${pid};`) === '1')
		{
			break;
		}
	}
	await reset();
	await other.run('COMMIT;');
	return result;
}

test('FOR UPDATE over a join rechecks the changed row and asks nothing again', async () => {
	const sql = 'SELECT c.n, c.account_id, a.id, a.plan IS NOT NULL FROM customer c JOIN account a ON a.id = c.account_id WHERE c.n = 5 FOR UPDATE OF c;';
	assert.equal(await session.run(sql), '5|6|6|t');
	assert.equal(await afterConcurrent('UPDATE customer SET n = n WHERE n = 5;', sql), '5|6|6|t');
	assert.equal((await stats()).requests, 0);
});

test('a changed key drops the row of an inner join, as with any table that cannot be locked', async () => {
	const sql = 'SELECT c.n, a.id FROM customer c JOIN account a ON a.id = c.account_id WHERE c.n = 7 FOR UPDATE OF c;';
	assert.equal(await afterConcurrent('UPDATE customer SET account_id = 500 WHERE n = 7;', sql), '');
	assert.equal(await session.run(sql), '7|500');
});

test('UPDATE ... FROM a foreign table waits and goes on', async () => {
	const sql = 'UPDATE customer c SET account_id = a.id + 1 FROM account a WHERE a.id = c.account_id AND c.n BETWEEN 20 AND 22 RETURNING c.n, c.account_id;';
	assert.equal(await afterConcurrent('UPDATE customer SET n = n WHERE n = 21;', sql), '20|22\n21|23\n22|24');
});
