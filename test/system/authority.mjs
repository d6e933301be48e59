// How do tests get certificates? From an authority of their own, made at each start, gone at the end.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export class Authority
{
	#directory = mkdtempSync(join(tmpdir(), 'graphql-fdw-test-'));

	constructor()
	{
		process.once('exit', () => rmSync(this.#directory, { recursive: true, force: true }));
		chmodSync(this.#directory, 0o755);    // the server is somebody else's
		writeFileSync(this.#file('index.txt'), '');
		writeFileSync(this.#file('serial'), '01\n');
		writeFileSync(this.#file('ca.cnf'), `
			[ca]
			default_ca = here
			[here]
			database = ${this.#file('index.txt')}
			serial = ${this.#file('serial')}
			new_certs_dir = ${this.#directory}
			default_md = sha256
			policy = names
			unique_subject = no
			copy_extensions = copy
			[names]
			commonName = supplied`.replace(/^\t+/gm, ''));
		this.#openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=authority', '-keyout', this.#file('ca.key'), '-out', this.ca);
	}

	get ca()
	{
		return this.#file('ca.pem');
	}

	#file(name)
	{
		return join(this.#directory, name);
	}

	#openssl(...words)
	{
		execFileSync('openssl', words, { stdio: ['ignore', 'ignore', 'pipe'] });
	}

	// A certificate and its key: as text for servers of ours, as files for PostgreSQL's.
	issue(name, { names = 'DNS:localhost,IP:127.0.0.1', from = '20200101000000Z', until = '20991231000000Z' } = {})
	{
		const files = { cert: this.#file(`${name}.pem`), key: this.#file(`${name}.key`) };
		this.#openssl('req', '-new', ...key, '-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`, '-keyout', files.key, '-out', this.#file(`${name}.csr`));
		this.#openssl('ca', '-batch', '-notext', '-config', this.#file('ca.cnf'), '-cert', this.ca, '-keyfile', this.#file('ca.key'),
			'-startdate', from, '-enddate', until, '-in', this.#file(`${name}.csr`), '-out', files.cert);
		if (process.getuid() === 0)
		{
			chownSync(files.key, statSync(process.env.PGHOST).uid, -1);
		}
		return { files, cert: readFileSync(files.cert), key: readFileSync(files.key) };
	}
}
