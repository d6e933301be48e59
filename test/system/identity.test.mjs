// Do the identities of one backend ever share an answer or a connection?
import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { atApi, control, prepare, reset } from './session.mjs';

const roles = ['identity_ada', 'identity_bob', 'identity_eve'];
const count = 40;

// Requests with this header, as the API saw them.
const requests = async () => (await fetch(atApi('/requests'))).json();

let session;
before(async () => {
	session = await prepare('identity', process.env.GRAPHQL_FDW_API, `, session_headers '{"X-Tenant": "\${app.tenant}", "X-Role": "\${current_user}"}'`);
	await session.run(`
		CREATE FOREIGN TABLE sent (name text OPTIONS (argument 'name', type 'String!', path ''), value text OPTIONS (path '.'))
			SERVER identity OPTIONS (field 'requestHeader', key_batch_size '1');
		CREATE TABLE spelling (header text, name text);
		INSERT INTO spelling SELECT h, string_agg(CASE WHEN n & (1 << (i::int - 1)) = 0 THEN c ELSE upper(c) END, '' ORDER BY i)
			FROM unnest(ARRAY['authorization', 'x-tenant']) h, generate_series(0, ${count - 1}) n,
				LATERAL regexp_split_to_table(replace(h, '-', ''), '') WITH ORDINALITY s (c, i) GROUP BY h, n;
		UPDATE spelling SET name = overlay(name PLACING '-' FROM 2 FOR 0) WHERE header = 'x-tenant';
		ANALYZE spelling;`);
	for (const role of roles)
	{
		await session.run(`CREATE ROLE ${role}; GRANT USAGE ON SCHEMA identity TO ${role}; GRANT SELECT ON sent, spelling TO ${role};
			CREATE USER MAPPING FOR ${role} SERVER identity OPTIONS (bearer_token 'token-of-${role}');`);
	}
	await control({ delayMs: 5 });
});
after(async () => {
	await control({ delayMs: 0 });
	await session.run(`RESET ROLE; DROP SCHEMA identity CASCADE; DROP SERVER identity CASCADE; DROP ROLE ${roles.join(', ')};`);
	await reset();
	await session.close();
});

const query = (header) => `SELECT s.value FROM spelling c JOIN sent s ON s.name = c.name WHERE c.header = '${header}'`;
const lines = (value, times) => Array(times).fill(value).join('\n');

test('roles by turns, with cursors of all of them open and requests in flight', async () => {
	await reset();
	await session.run('BEGIN;');
	for (const role of roles)
	{
		await session.run(`SET LOCAL ROLE ${role}; SET LOCAL app.tenant = 'tenant of ${role}';
			DECLARE a_${role} CURSOR FOR ${query('authorization')}; DECLARE t_${role} CURSOR FOR ${query('x-tenant')};
			MOVE 1 FROM a_${role}; MOVE 1 FROM t_${role};`);
	}
	for (let n = 1; n < count; n += 3)
	{
		for (const role of roles)
		{
			assert.equal(await session.run(`FETCH 3 FROM a_${role};`), lines(`Bearer token-of-${role}`, 3));
			assert.equal(await session.run(`FETCH 3 FROM t_${role};`), lines(`tenant of ${role}`, 3));
		}
	}
	await session.run('COMMIT;');

	const seen = new Map();
	for (const { headers, port } of await requests())
	{
		assert.equal(headers.authorization, `Bearer token-of-${headers['x-role']}`);
		assert.equal(headers['x-tenant'], `tenant of ${headers['x-role']}`);
		assert.equal(seen.get(port) ?? headers.authorization, headers.authorization, 'a connection changed hands');
		seen.set(port, headers.authorization);
	}
	assert.deepEqual([...new Set(seen.values())].sort(), roles.map((role) => `Bearer token-of-${role}`));
});

test('one role for several tenants by turns', async () => {
	await reset();
	for (let n = 0; n < 6; n += 1)
	{
		const tenant = `tenant ${n % 2}`;
		assert.equal(await session.run(`BEGIN; SET LOCAL app.tenant = '${tenant}'; ${query('x-tenant')}; COMMIT;`), lines(tenant, count));
	}
	assert.equal(await session.run(`${query('x-tenant')} AND s.value IS NOT NULL;`), '');

	const seen = new Map();
	for (const { headers, port } of await requests())
	{
		const tenant = headers['x-tenant'] ?? 'none';
		assert.equal(seen.get(port) ?? tenant, tenant, 'a connection changed hands');
		seen.set(port, tenant);
	}
	assert.deepEqual([...new Set(seen.values())].sort(), ['none', 'tenant 0', 'tenant 1']);
});
