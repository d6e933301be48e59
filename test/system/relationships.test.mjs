// Do relationships stay out of the way of sessions that change tables at the same time?
import assert from 'node:assert/strict';
import { test, before, after } from 'node:test';
import { Session, prepare } from './session.mjs';

let one;
let other;

before(async () => {
	one = await prepare('relationship_locks');
	other = new Session();
	await one.run(`
		SELECT graphql_create_relationship('customer', 'account', 'account', '{"id": "account_id"}');
		SELECT graphql_create_relationship('account', 'customers', 'customer', '{"account_id": "id"}');
		SET lock_timeout = '60s';`);
	await other.run("SET search_path = relationship_locks, public; SET lock_timeout = '60s';");
});
after(async () => {
	await one.run('DROP SCHEMA relationship_locks CASCADE; DROP SERVER relationship_locks CASCADE;');
	await one.close();
	await other.close();
});

// Until a session waits for another.
async function untilWaiting()
{
	for (let n = 0; n < 1000 && await one.run('SELECT count(*) FROM pg_locks WHERE NOT granted;') === '0';)
	{
		n += 1;
	}
}

test('both ends change in two sessions, one after the other', { timeout: 120_000 }, async () => {
	assert.equal(await one.run('BEGIN; ALTER TABLE customer ADD COLUMN a int DEFAULT 1;'), '');
	const waiting = other.run('ALTER FOREIGN TABLE account ADD COLUMN region text;');
	await untilWaiting();
	assert.equal(await one.run('ALTER TABLE customer ADD COLUMN b int, DROP COLUMN a; COMMIT;'), '');
	assert.equal(await waiting, '');
	assert.equal(await one.run(`SELECT string_agg(name || valid, ' ' ORDER BY name) FROM graphql_relationships
		WHERE source IN ('customer'::regclass, 'account'::regclass);`), 'accounttrue customerstrue');
	assert.equal(await one.run('SELECT count(c.b) || min(a.region) FROM account a, account_customers(a) c WHERE a.id = 1;'), '0eu-north');
});

test('a table that changes in two sessions has what both have made of it', { timeout: 120_000 }, async () => {
	assert.equal(await one.run('BEGIN; ALTER TABLE customer ADD COLUMN c int DEFAULT 1;'), '');
	const waiting = other.run('ALTER TABLE customer ADD COLUMN d int DEFAULT 2;');
	await untilWaiting();
	assert.equal(await one.run('COMMIT;'), '');
	assert.equal(await waiting, '');
	assert.equal(await one.run('SELECT c.c + c.d FROM account a, account_customers(a) c WHERE a.id = 7 LIMIT 1;'), '3');
});

test('what fails leaves everything as it was', async () => {
	assert.match(await one.run('ALTER TABLE customer DROP COLUMN d, ADD COLUMN e int DEFAULT 1 / 0;'), /division by zero/);
	assert.equal(await one.run('SELECT c.d FROM account a, account_customers(a) c WHERE a.id = 7 LIMIT 1;'), '2');
	assert.equal(await one.run('BEGIN; ALTER TABLE customer DROP COLUMN d; ROLLBACK;'), '');
	assert.equal(await one.run('SELECT c.d FROM account a, account_customers(a) c WHERE a.id = 7 LIMIT 1;'), '2');
});

test('a name that becomes that of another table meanwhile', { timeout: 120_000 }, async () => {
	await one.run('CREATE TABLE successor (LIKE customer);');
	assert.equal(await one.run('BEGIN; ALTER TABLE customer RENAME TO predecessor; ALTER TABLE successor RENAME TO customer;'), '');
	const waiting = other.run('ALTER TABLE customer ADD COLUMN f int DEFAULT 1;');
	await untilWaiting();
	assert.equal(await one.run('COMMIT;'), '');
	assert.equal(await waiting, '');
	assert.equal(await one.run("SELECT valid FROM graphql_relationships WHERE source = 'predecessor'::regclass;"), 't');
	assert.equal(await one.run('DROP TABLE customer; ALTER TABLE predecessor RENAME TO customer;'), '');
});
