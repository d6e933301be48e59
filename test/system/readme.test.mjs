// Does everything in README.md work as it is pasted, and does what it shows come?
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { startGithub } from '../apis/github.mjs';
import { sqlBlocks, tableOf, visible } from './readme.mjs';
import { Session, reset, stats } from './session.mjs';

const blocks = sqlBlocks();

let session;
let github;

before(async () => {
	github = await startGithub();
	const other = new Session();
	await other.run('DROP DATABASE IF EXISTS readme;\nDROP ROLE IF EXISTS app, support;\nCREATE DATABASE readme;');
	await other.close();
	session = new Session({ ...process.env, PGDATABASE: 'readme' });
	await session.run('\\set VERBOSITY default\n\\pset footer off');
});

after(async () => {
	await session.run(`\\c ${process.env.PGDATABASE}\nDROP DATABASE readme WITH (FORCE); DROP ROLE IF EXISTS app, support;`);
	await session.close();
	github.close();
});

// What a reader puts in the place of addresses and files that are examples.
const adapted = (sql) => sql.replaceAll('http://127.0.0.1:4000/graphql', process.env.GRAPHQL_FDW_API)
	.replaceAll('https://api.github.com/graphql', `http://127.0.0.1:${github.address().port}/graphql`)
	.replaceAll('/srv/shop.graphql', `${process.env.GRAPHQL_FDW_SCHEMAS}/schema.graphql`);

test('README has the blocks that are run here, and as many with results', () => {
	assert.equal(blocks.length, 28);
	assert.equal(blocks.filter(({ result }) => result).length, 11);
});

for (const [n, { section, sql, result }] of blocks.entries())
{
	test(`${section} (${n + 1})`, async () => {
		const output = visible(await session.run(`\\pset format aligned\n\\pset tuples_only off\n${adapted(sql)}
			\\pset format unaligned\n\\pset tuples_only on`));
		assert.doesNotMatch(output, /ERROR|WARNING|FATAL/);
		assert.equal(result && output.slice(-result.length), result);
	});
}

// Without what the section on identity asks of every session.
let plain;
const withoutIdentity = () => plain ??= session.run('ALTER SERVER shop OPTIONS (DROP session_headers);');

async function requestsOf(sql)
{
	await withoutIdentity();
	await reset();
	assert.doesNotMatch(await session.run(`${sql};`), /ERROR/);
	return (await stats()).requests;
}

for (const [what, pattern, expected] of [
	['the join of lists', /SELECT a\.plan, sum\(o\.total\).*?;/s, 2],
	['three relationships', /SELECT c\.name, r\.name AS referred_by.*?;/s, 3],
	['a count', /SELECT count\(\*\) FROM all_accounts;/, 1],
])
{
	test(`${what}: as many requests as the comment says, ${expected}`, async () => {
		const [sql] = blocks.map((block) => pattern.exec(block.sql)?.[0]).filter(Boolean);
		assert.equal(await requestsOf(sql), expected);
	});
}

test('what is said to stay single does, and what is said to be batched is', async () => {
	const rows = tableOf('How to write it so that it is batched').filter(([single]) => single.startsWith('`SELECT'));
	const statements = (cell) => [...cell.matchAll(/`(SELECT .*?)`/g)].map(([, sql]) => / FROM customer c\b/.test(sql) ? sql : `${sql} FROM customer c`);
	assert.deepEqual(rows.map((cells) => cells.map((cell) => statements(cell).length)), [[1, 1], [2, 1]]);
	for (const [single, batched] of rows)
	{
		for (const sql of statements(single))
		{
			assert.ok(await requestsOf(sql) >= 3, sql);
		}
		for (const sql of statements(batched))
		{
			assert.equal(await requestsOf(sql), 1, sql);
		}
	}
});

test('PostGraphile answers the document that stands for it', async () => {
	await withoutIdentity();
	const [, , document] = tableOf('From PostgREST, PostGraphile, pg_graphql and Hasura').find(([who]) => who === 'PostGraphile 4');
	const postgraphile = spawn('node', [new URL('../apis/postgraphile/main.mjs', import.meta.url).pathname, 'readme', 'web'],
		{ stdio: ['ignore', 'pipe', 'inherit'] });
	try
	{
		const { value: line } = await createInterface({ input: postgraphile.stdout })[Symbol.asyncIterator]().next();
		assert.match(line ?? 'it has ended', /^listening /);
		const { web: url } = JSON.parse(line.replace('listening ', ''));
		await reset();
		const response = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ query: document.replaceAll('`', '') }) });
		const { data, errors } = await response.json();
		assert.equal(errors, undefined);
		assert.deepEqual(data.allCustomers.nodes.map(({ name, orders }) => [name, orders.nodes.length]),
			[['Ada', 2], ['Bob', 3], ['Cleo', 2], ['Dan', 0]]);
		assert.equal((await stats()).requests, 1);
	}
	finally
	{
		postgraphile.kill();
	}
});

test('GitHub was asked for one page of issues with the token', () => {
	const { query, variables, authorization } = github.requests.at(-1);
	assert.match(query, /repository\(.*issues\(/);
	assert.ok(Object.values(variables).includes('postgres'));
	assert.equal(authorization, 'Bearer ...');
});
