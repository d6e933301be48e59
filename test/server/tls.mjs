// How does the API get a certificate? A self-signed one, made at each start, gone at the end.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function makeCertificate()
{
	const directory = mkdtempSync(join(tmpdir(), 'graphql-fdw-test-'));
	const file = (name) => join(directory, name);
	process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
	execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
		'-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
		'-keyout', file('key.pem'), '-out', file('ca.pem')], { stdio: 'ignore' });
	return { ca: file('ca.pem'), cert: readFileSync(file('ca.pem')), key: readFileSync(file('key.pem')) };
}
