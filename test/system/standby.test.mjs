// Does a server in recovery read from the API, and refuse to change anything there?
import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { Cluster } from './cluster.mjs';
import { Session, prepare, reset, stats } from './session.mjs';

let primary;
let standby;
let session;

before(async () => {
	primary = await prepare('standby');
	standby = new Cluster({ hot_standby: 'on' }, { standby: true });
	session = new Session(standby.environment);
	await session.run('SET search_path = standby, public;');
});

after(async () => {
	await primary.run('DROP SERVER standby CASCADE; DROP SCHEMA standby CASCADE;');
	await primary.close();
	await session.close();
	standby.stop();
	await reset();
});

test('scans, joins and queries read', async () => {
	assert.equal(await session.run(`SELECT pg_is_in_recovery(); SELECT count(*) FROM accounts;
		SELECT count(*) FROM customer c JOIN account a ON a.id = c.account_id;
		SELECT graphql_query('standby', '{ __typename }') ->> '__typename';`), 't\n1000\n10000\nQuery');
});

test('mutations are refused, and nothing is sent', async () => {
	await reset();
	assert.equal(await session.state("SELECT graphql_execute('standby', 'mutation { touch(id: 1) }');"), '25006');
	assert.equal(await session.state("SELECT graphql_query('standby', 'mutation { touch(id: 1) }');"), '0A000');
	assert.equal((await stats()).requests, 0);
});
