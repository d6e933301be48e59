// How may a right answer travel badly? Cut, encoded, slowly, endlessly.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';

const BLOCK = 64 * 1024;

const encoders = {
	gzip: [zlib.createGzip, { level: 1 }],
	deflate: [zlib.createDeflate, { level: 1 }],
	br: [zlib.createBrotliCompress, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }],
};
const compress = { gzip: zlib.gzipSync, deflate: zlib.deflateSync, br: zlib.brotliCompressSync };

// Writes the chunks no faster than they are read; ends early when the reader is gone.
async function pour(chunks, out, closed)
{
	for (const chunk of chunks)
	{
		if (closed())
		{
			return;
		}
		if (!out.write(chunk))
		{
			await Promise.race([once(out, 'drain'), once(out, 'close')]);
		}
	}
	out.end();
}

// The ordinary answer with its first list's rows repeated, integer ids counting on, up to the size. An
// answer without a list gets a long extension.
function* enlarged(answer, bytes)
{
	const [alias, rows] = Object.entries(answer.data ?? {}).find(([, v]) => Array.isArray(v) && v.length) ?? [];
	if (!rows)
	{
		const text = JSON.stringify({ ...answer, extensions: {} });
		yield `${text.slice(0, -2)}"padding":"`;
		yield* spaces(bytes);
		yield '"}}';
		return;
	}
	yield `{"data":{${JSON.stringify(alias)}:[`;
	let text = '';
	for (let n = 0, sent = 0; sent < bytes; n += 1)
	{
		const row = rows[n % rows.length];
		const next = Number.isInteger(row?.id) ? { ...row, id: n + 1 } : row;
		text += `${n ? ',' : ''}${JSON.stringify(next)}`;
		if (text.length >= BLOCK)
		{
			yield text;
			sent += text.length;
			text = '';
		}
	}
	yield `${text}]}}`;
}

function* spaces(bytes)
{
	const block = Buffer.alloc(BLOCK, ' ');
	for (let sent = 0; sent < bytes; sent += BLOCK)
	{
		yield block;
	}
}

function* bomb(bytes)
{
	yield '{"data":null,"extensions":{"padding":"';
	yield* spaces(bytes);
	yield '"}}';
}

const megabytes = (p, otherwise) => p.number('mb', otherwise) * 1024 * 1024;
const encodingOf = (p) => p.text('encoding', 'gzip') in encoders ? p.text('encoding', 'gzip') : 'gzip';
const withoutLength = ({ 'content-length': _, ...headers }) => headers;

async function sendHuge(res, reply, p)
{
	res.writeHead(200, withoutLength(reply.headers));
	await pour(enlarged(JSON.parse(reply.body), megabytes(p, 40)), res, () => res.destroyed);
}

async function sendBomb(res, reply, p)
{
	const encoding = encodingOf(p);
	const [create, options] = encoders[encoding];
	const encoder = create(options);
	res.writeHead(200, { ...withoutLength(reply.headers), 'content-encoding': encoding });
	encoder.pipe(res);
	res.once('close', () => encoder.destroy());
	await pour(bomb(megabytes(p, 512)), encoder, () => res.destroyed);
}

async function sendDrip(res, reply, p)
{
	res.writeHead(reply.status, reply.headers);
	for (const byte of reply.body)
	{
		if (res.destroyed)
		{
			return;
		}
		res.write(Buffer.of(byte));
		await sleep(p.number('ms', 100));
	}
	res.end();
}

function encoded(reply, p)
{
	const encoding = encodingOf(p);
	const body = compress[encoding](reply.body);
	const cut = p.number('cut', 0);
	return { ...reply, headers: { ...reply.headers, 'content-encoding': encoding },
		body: cut ? body.subarray(0, body.length - cut) : body };
}

export const wires = {
	'truncated': { reply: (reply, p) => ({ ...reply, body: reply.body.subarray(0, p.number('at', reply.body.length >> 1)) }) },
	'huge': { send: sendHuge },
	// encoding=deflate or br for the others; cut=n leaves the last n bytes out.
	'gzip': { reply: encoded },
	'gzip-bomb': { instead: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.alloc(0) }), send: sendBomb },
	'wrong-encoding': { reply: (reply) => ({ ...reply, headers: { ...reply.headers, 'content-encoding': 'gzip' } }) },
	'bom': { reply: (reply) => ({ ...reply, body: Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), reply.body]) }) },
	// The rows' names end in a letter that is one byte in Latin-1 and not UTF-8.
	'latin1': {
		answer: function accent(value, p, asked) {
			for (const [name, inner] of Object.entries(value ?? {}))
			{
				if (name === 'name' && typeof inner === 'string')
				{
					value[name] = `${inner.replace(/[^\x20-\xff]/g, '?')} é`;
				}
				else if (typeof inner === 'object')
				{
					accent(inner, p, asked);
				}
			}
			return value;
		},
		reply: (reply) => ({ ...reply, headers: { ...reply.headers, 'content-type': 'application/json; charset=iso-8859-1' },
			body: Buffer.from(reply.body.toString('utf8'), 'latin1') }),
	},
	'slow': { send: async (res, reply, p) => {
		await sleep(p.number('ms', 1000));
		res.writeHead(reply.status, reply.headers).end(reply.body);
	} },
	'never': { instead: () => ({ status: 200, headers: {}, body: Buffer.alloc(0) }), send: () => {} },
	'drip': { send: sendDrip },
	'cut-off': { send: (res, reply) => {
		res.writeHead(reply.status, reply.headers);
		res.write(reply.body.subarray(0, reply.body.length >> 1), () => res.destroy());
	} },
};
