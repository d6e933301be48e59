// What does a client make of a server that breaks HTTP itself?
//
// A TCP server that reads requests whole, counts them by the first element of their path, and then does
// what the path says. "dies-" paths answer the first request of each connection as the API would, and die
// on the second: the client cannot know whether that one was executed.
import net from 'node:net';

const body = '{"data":{"__typename":"Query","touch":1}}';
const head = (status, ...lines) => `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${lines.map((l) => `${l}\r\n`).join('')}\r\n`;
const length = (n) => `content-length: ${n}`;
const ordinary = (bytes) => Buffer.concat([Buffer.from(head('200 OK', length(bytes.length))), bytes]);
const chunked = 'transfer-encoding: chunked';

// Replies that are written and followed by FIN.
const canned = {
	'closes': '',
	'one-byte': 'H',
	'garbage': '\u0000\u0001\u0002 this is not HTTP at all \r\n\r\n{"data":null}',
	'status-line-only': 'HTTP/1.1 200 OK\r\n',
	'headers-only': head('200 OK', length(body.length)),
	'short-body': head('200 OK', length(body.length + 100)) + body,
	'long-body': `${head('200 OK', length(body.length))}${body}${head('200 OK', length(2))}{}`,
	'status-999': head('999 Odd', length(body.length)) + body,
	'status-000': head('000 None', length(body.length)) + body,
	'two-lengths': head('200 OK', length(body.length), length(body.length + 7)) + body,
	'negative-length': head('200 OK', length(-1)) + body,
	'vast-length': head('200 OK', length('9223372036854775808')) + body,
	'long-header': head('200 OK', `x-long: ${'x'.repeat(1 << 20)}`, length(body.length)) + body,
	'many-headers': head('200 OK', ...Array.from({ length: 10_000 }, (_, i) => `x-${i}: ${i}`), length(body.length)) + body,
	'bad-chunk': `${head('200 OK', chunked)}zz\r\n${body}\r\n0\r\n\r\n`,
	'vast-chunk': `${head('200 OK', chunked)}10000000000000000\r\n${body}\r\n0\r\n\r\n`,
	'no-last-chunk': `${head('200 OK', chunked)}${body.length.toString(16)}\r\n${body}\r\n`,
	'upgrade': 'HTTP/1.1 101 Switching Protocols\r\nupgrade: h9\r\nconnection: upgrade\r\n\r\n',
	'many-continues': `${'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'.repeat(50)}${head('200 OK', length(body.length))}${body}`,
};

function drip(socket)
{
	socket.write(head('200 OK', length(body.length)));
	every(socket, 100, [...body]);
}

function dripHeaders(socket)
{
	every(socket, 1000, [...head('200 OK', length(body.length)), ...body]);
}

// Writes one piece per interval while somebody listens.
function every(socket, ms, pieces)
{
	const timer = setInterval(() => {
		const piece = pieces.shift();
		if (piece === undefined)
		{
			clearInterval(timer);
			socket.end();
			return;
		}
		socket.write(piece);
	}, ms);
	socket.once('close', () => clearInterval(timer));
}

function endless(socket)
{
	const block = Buffer.alloc(64 * 1024, ' ');
	const more = () => {
		while (!socket.destroyed && socket.write(block))
		{
			// as much as the socket takes
		}
	};
	socket.on('drain', more);
	socket.write(`${head('200 OK')}{"data":{},`);
	more();
}

const deeds = {
	'never': () => {},
	'drip': drip,
	'drip-headers': dripHeaders,
	endless,
	'rst': (socket) => socket.resetAndDestroy(),
};

const deaths = {
	'dies-fin': (socket) => socket.end(),
	'dies-rst': (socket) => socket.resetAndDestroy(),
	'dies-one-byte': (socket) => socket.end('H'),
};

// Answers, and closes the idle connection a moment later.
function idleClose(socket, answer)
{
	socket.write(ordinary(answer));
	const timer = setTimeout(() => socket.end(), 100);
	socket.once('close', () => clearTimeout(timer));
}

async function act(socket, path, nth, request, answer)
{
	if (path in deaths)
	{
		return nth > 1 ? deaths[path](socket) : socket.write(ordinary(await answer(request)));
	}
	if (path === 'idle-close')
	{
		return idleClose(socket, await answer(request));
	}
	if (path === 'ordinary')
	{
		return socket.write(ordinary(await answer(request)));
	}
	if (path in deeds)
	{
		return deeds[path](socket);
	}
	return socket.end(canned[path] ?? head('404 Not Found', length(0)), 'latin1');
}

// The body of a chunked message that has wholly arrived, with its end; otherwise null.
function unchunk(text, at)
{
	let content = '';
	for (;;)
	{
		const line = text.indexOf('\r\n', at);
		if (line < 0)
		{
			return null;
		}
		const size = parseInt(text.slice(at, line), 16);
		const end = line + 2 + size;
		if (text.length < end + 2)
		{
			return null;
		}
		if (size === 0)
		{
			return { content, end: end + 2 };
		}
		content += text.slice(line + 2, end);
		at = end + 2;
	}
}

// The first whole request in the text (one character per byte); otherwise null.
function firstRequest(text)
{
	const blank = text.indexOf('\r\n\r\n');
	if (blank < 0)
	{
		return null;
	}
	const [line, ...headers] = text.slice(0, blank).split('\r\n');
	const fields = Object.fromEntries(headers.map((h) => [h.slice(0, h.indexOf(':')).toLowerCase(), h.slice(h.indexOf(':') + 1).trim()]));
	const path = /^\S+ \/([^/?\s]*)/.exec(line)?.[1] ?? '';
	const start = blank + 4;
	if (/chunked/i.test(fields['transfer-encoding'] ?? ''))
	{
		const whole = unchunk(text, start);
		return { path, fields, start, body: whole?.content ?? null, end: whole?.end };
	}
	const end = start + Number(fields['content-length'] ?? 0);
	return { path, fields, start, end, body: text.length < end ? null : text.slice(start, end) };
}

// Reads requests off one connection, one after the other.
function serve(socket, counters, answer)
{
	let unread = '';
	let nth = 0;
	let continued = false;
	let busy = Promise.resolve();

	const onWhole = ({ path, body: request }) => {
		nth += 1;
		const mine = nth;
		if (mine === 1)
		{
			socket.once('finish', () => counters.rawEnd(path));
		}
		counters.rawRequest(path);
		busy = busy.then(() => act(socket, path, mine, Buffer.from(request, 'latin1'), answer))
			.catch(() => socket.destroy());
	};

	socket.on('error', () => {});
	socket.on('data', (data) => {
		unread += data.toString('latin1');
		for (let request = firstRequest(unread); request; request = firstRequest(unread))
		{
			if (request.body === null)
			{
				if (!continued && /100-continue/i.test(request.fields.expect ?? ''))
				{
					continued = true;
					socket.write('HTTP/1.1 100 Continue\r\n\r\n');
				}
				return;
			}
			continued = false;
			unread = unread.slice(request.end);
			onWhole(request);
		}
	});
}

// answer(body) gives the API's ordinary answer, as a Buffer.
export const createRawServer = (counters, answer) =>
	net.createServer({ noDelay: true }, (socket) => serve(socket, counters, answer));
