// How is the test API started?
//
//   node main.mjs [--port N] [--raw-port N] [--tls-port N] [--parent]
//
// Ports are 0 (any free one) unless given; the first may come from PORT. When everything listens, one line
// says so: "listening <port> raw <port>", and with --tls-port "tls <port> ca <file>" after it. It ends on
// SIGTERM or SIGINT, and with --parent as soon as its standard input is closed.
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { parseArgs } from 'node:util';
import { Api } from './api.mjs';
import { createRawServer } from './raw.mjs';
import { makeCertificate } from './tls.mjs';

const IDLE_MS = 60_000;    // longer than a test, so that reuse of connections can be counted

const { values: options } = parseArgs({ options: {
	'port': { type: 'string', default: process.env.PORT ?? '0' },
	'raw-port': { type: 'string', default: '0' },
	'tls-port': { type: 'string' },
	'parent': { type: 'boolean', default: false },
} });

const listen = (server, port) => new Promise((resolve, reject) => {
	server.once('error', reject);
	server.listen(Number(port), '127.0.0.1', () => resolve(server.address().port));
});

const api = new Api();
const handle = (req, res) => {
	res.on('error', () => {});
	api.handle(req, res);
};

async function startTls(port)
{
	const { ca, cert, key } = makeCertificate();
	const server = createSecureServer({ cert, key, allowHTTP1: true, keepAliveTimeout: IDLE_MS }, handle);
	server.on('connection', () => { api.counters.accepted += 1; });
	server.on('sessionError', () => {});
	return `tls ${await listen(server, port)} ca ${ca}`;
}

async function start()
{
	const http = createServer({ keepAliveTimeout: IDLE_MS }, handle);
	http.on('connection', () => { api.counters.accepted += 1; });
	api.port = await listen(http, options.port);
	const raw = await listen(createRawServer(api.counters, (body) => api.answer(body)), options['raw-port']);
	const tls = options['tls-port'] === undefined ? [] : [await startTls(options['tls-port'])];
	console.log(['listening', api.port, 'raw', raw, ...tls].join(' '));
}

const stop = () => process.exit(0);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (options.parent)
{
	process.stdin.on('end', stop).on('error', stop).resume();
}
await start();
