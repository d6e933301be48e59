// How do system tests talk to PostgreSQL and to the test API?
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const api = new URL(process.env.GRAPHQL_FDW_API);

// One psql, and so one backend, for as long as the object lives.
export class Session
{
	#psql;
	#output = '';
	#waiting = null;
	#count = 0;

	// On the server that all tests share, or that of another environment (cluster.mjs).
	constructor(environment = process.env)
	{
		// One pipe for results and errors keeps them in order.
		this.#psql = spawn('sh', ['-c', 'exec psql -X -q -A -t -v VERBOSITY=verbose 2>&1'],
			{ stdio: ['pipe', 'pipe', 'inherit'], env: environment });
		this.#psql.stdout.setEncoding('utf8').on('data', (text) => this.#receive(text));
		this.#psql.stdin.on('error', () => {});
		this.closed = once(this.#psql, 'close').then(() => this.#resolve(this.#output));
	}

	#receive(text)
	{
		this.#output += text;
		if (this.#waiting && this.#output.includes(this.#waiting.marker))
		{
			this.#resolve(this.#output.replace(`${this.#waiting.marker}\n`, ''));
		}
	}

	#resolve(output)
	{
		this.#waiting?.resolve(output.trim());
		this.#waiting = null;
		this.#output = '';
	}

	// Runs statements and returns what psql printed, errors included; also when the backend has gone.
	async run(sql)
	{
		const marker = `--- done ${this.#count += 1} ---`;
		const ended = new Promise((resolve) => { this.#waiting = { marker, resolve }; });
		this.#psql.stdin.write(`${sql}\nSELECT '${marker}';\n`);
		return ended;
	}

	// The SQLSTATE of the error that the statements end in, or '' when there is none.
	async state(sql)
	{
		const output = await this.run(sql);
		return /(?:ERROR|FATAL):\s+([0-9A-Z]{5}):/.exec(output)?.[1] ?? '';
	}

	async pid()
	{
		return Number(await this.run('SELECT pg_backend_pid();'));
	}

	// A backend that no longer listens is left to the end of the cluster.
	async close()
	{
		const patience = setTimeout(() => this.#psql.kill('SIGKILL'), 5000);
		this.#psql.stdin.end('\\q\n');
		await this.closed;
		clearTimeout(patience);
	}
}

// A session in a schema of its own, with a server `api` at the given URL.
export async function prepare(name, url = process.env.GRAPHQL_FDW_API, options = '')
{
	const session = new Session();
	const output = await session.run(`
		SET client_min_messages = warning;
		DROP SCHEMA IF EXISTS ${name} CASCADE; CREATE SCHEMA ${name}; SET search_path = ${name}, public;
		DROP SERVER IF EXISTS ${name} CASCADE;
		CREATE SERVER ${name} FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url '${url}' ${options});
		CREATE FOREIGN TABLE account (id int OPTIONS (argument 'id', type 'Int!'), plan text) SERVER ${name}
			OPTIONS (field 'account', key 'id', lookups '[{"field": "accountsByIds", "arguments": {"ids": ["$id"]}}]');
		CREATE FOREIGN TABLE account_alias (id int OPTIONS (argument 'id', type 'Int!'), plan text) SERVER ${name}
			OPTIONS (field 'account', key 'id', batch_mode 'alias');
		CREATE FOREIGN TABLE account_single (id int OPTIONS (argument 'id', type 'Int!'), plan text) SERVER ${name}
			OPTIONS (field 'account', key 'id', batch_mode 'single');
		CREATE FOREIGN TABLE accounts (id int, plan text, name text) SERVER ${name} OPTIONS (field 'accounts');
		CREATE TABLE customer AS SELECT n, 1 + n % 1000 AS account_id FROM generate_series(0, 9999) n;
		ANALYZE customer;`);
	if (/ERROR/.test(output))
	{
		throw new Error(output);
	}
	return session;
}

export const atApi = (path) => new URL(path, api).href;

export async function stats()
{
	return (await fetch(atApi('/stats'))).json();
}

export async function reset()
{
	await fetch(atApi('/reset'), { method: 'POST' });
}

export async function control(body)
{
	await fetch(atApi('/control'), { method: 'POST', body: JSON.stringify(body) });
}

// Resolves once `test` holds for the API's counters.
export async function untilStats(test, seconds = 60)
{
	for (let n = 0; n < seconds * 50; n += 1)
	{
		const now = await stats();
		if (test(now))
		{
			return now;
		}
		await new Promise((resolve) => { setTimeout(resolve, 20); });
	}
	throw new Error(`the API never got there: ${JSON.stringify(await stats())}`);
}

// RssAnon, VmHWM, Threads ... of a process; memory in kB.
export function processStatus(pid, field)
{
	return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

// Sockets, pipes and their like: PostgreSQL opens and closes its files when it likes.
export function descriptors(pid)
{
	const kinds = readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
	return kinds.filter((kind) => !kind.startsWith('/')).length;
}
