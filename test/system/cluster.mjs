// How does a system test get a server with settings of its own? It takes a copy of the one all tests share.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';

const bin = execFileSync(process.env.PG_CONFIG ?? 'pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
let port = Number(process.env.PGPORT);

export class Cluster
{
	#data;
	#owner;

	// `settings` as in postgresql.conf; a standby follows nobody, but is in recovery.
	constructor(settings = {}, { standby = false } = {})
	{
		const { uid, gid } = statSync(process.env.PGHOST);
		port += 1;
		this.#owner = { uid, gid, cwd: process.env.PGHOST, encoding: 'utf8', stdio: 'pipe' };
		this.#data = `${process.env.PGHOST}/copy-${port}`;
		this.environment = { ...process.env, PGPORT: String(port) };
		this.log = `${this.#data}.log`;
		this.#run('pg_basebackup', '-D', this.#data, '-c', 'fast', '-X', 'fetch');
		appendFileSync(`${this.#data}/postgresql.conf`, Object.entries({ ...settings, port })
			.map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`).join(''));
		if (standby)
		{
			this.#run('touch', `${this.#data}/standby.signal`);
		}
		this.#run('pg_ctl', 'start', '-s', '-w', '-D', this.#data, '-l', this.log);
	}

	#run(command, ...parameters)
	{
		const path = existsSync(`${bin}/${command}`) ? `${bin}/${command}` : command;
		const { status, stderr } = spawnSync(path, parameters, { ...this.#owner, stdio: ['ignore', 'ignore', 'pipe'] });
		if (status !== 0)
		{
			throw new Error(`${command}: ${stderr}${existsSync(this.log) ? readFileSync(this.log, 'utf8').slice(-2000) : ''}`);
		}
	}

	// What a program of PostgreSQL's prints.
	program(name, ...parameters)
	{
		const { stdout, stderr } = spawnSync(`${bin}/${name}`, parameters, { env: this.environment, encoding: 'utf8', maxBuffer: 1 << 28 });
		return stdout + stderr;
	}

	readLog()
	{
		return readFileSync(this.log, 'utf8');
	}

	stop()
	{
		this.#run('pg_ctl', 'stop', '-s', '-m', 'immediate', '-D', this.#data);
		rmSync(this.#data, { recursive: true });
		rmSync(this.log);
	}
}
