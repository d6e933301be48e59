// What may stand in place of the API's answer? Refusals, proxies' pages, redirects, nonsense: none of
// these requests is executed.
import { setTimeout as sleep } from 'node:timers/promises';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };

const make = (status, headers, body) => ({ status, headers, body: Buffer.from(body) });
const json = (status, body, headers = {}) => make(status, { ...JSON_TYPE, ...headers }, JSON.stringify(body));
const html = (status, title, headers = {}) => make(status, { ...HTML_TYPE, ...headers },
	`<!DOCTYPE html>\r\n<html><head><title>${title}</title></head>\r\n<body><center><h1>${title}</h1></center></body></html>\r\n`);

const TITLES = { 401: 'Authorization Required', 403: 'Forbidden', 404: 'Not Found', 413: 'Request Entity Too Large',
	429: 'Too Many Requests', 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable',
	504: 'Gateway Timeout' };

// retryAfter: seconds, a date, nonsense, or "none".
function retryAfter(p, otherwise)
{
	const value = p.text('retryAfter', otherwise);
	return value === 'none' ? {} : { 'retry-after': value };
}

function headersOf(status, p)
{
	switch (status)
	{
		case 401: return { 'www-authenticate': 'Bearer realm="shop"' };
		case 429: return retryAfter(p, '1');
		case 403: case 503: return retryAfter(p, 'none');
		default: return {};
	}
}

function status(code, asHtml)
{
	return {
		instead: (p) => {
			const title = TITLES[code] ?? `Status ${code}`;
			if (code === 204 || code === 304)
			{
				return make(code, {}, '');
			}
			return asHtml || code === 404
				? html(code, `${code} ${title}`, headersOf(code, p))
				: json(code, { data: null, errors: [{ message: `${title}.`, status: code }] }, headersOf(code, p));
		},
	};
}

const errorsOnly = (p) => ({ errors: [{ message: p.text('message', 'the shop is closed for stocktaking'),
	locations: [{ line: 1, column: 1 }], extensions: { code: p.text('code', 'SHOP_CLOSED') } }] });

const tokens = (text) => text.match(/[_A-Za-z]\w*|\d+|\.\.\.|[^\s\w]/g)?.length ?? 0;
const tokensAsked = (asked) => Math.max(0, ...asked.operations.map((o) => tokens(o.text)));

// What limits count, and how servers word it: [measure, message, code].
const LIMITS = {
	aliases: [(asked) => asked.size, (n) => `Syntax Error: Aliases limit of ${n} exceeded, found ${n + 1}.`],
	found: [(asked) => asked.size, (n, found) => `Syntax Error: Aliases limit of ${n} exceeded, found ${found}.`],
	tokens: [tokensAsked, (n) => `Syntax Error: Token limit of ${n} exceeded.`, 'GRAPHQL_PARSE_FAILED'],
	list: [(asked) => asked.size, (n, found) => `The input array size of ${found} is greater than the maximum allowed of ${n}, which it must not exceed.`],
	complexity: [(asked) => 3 * asked.size, (n, found) => `Query has complexity of ${found}, which exceeds max complexity of ${n}`],
	complex: [(asked) => asked.size, () => 'The query is too complex.'],
	cost: [(asked) => asked.size, () => 'The maximum allowed operation complexity was exceeded.', 'HC0047'],
	hidden: [(asked) => asked.size, () => 'Query validation error.'],
};

const limitOf = (p) => LIMITS[p.text('as', 'found')];

const tooMuch = (p, asked) => {
	const [measure, message, code] = limitOf(p);
	return { errors: [{ message: message(p.number('n', 10), measure(asked)), ...(code ? { extensions: { code } } : {}) }] };
};

export const replies = {
	status,

	// To a host of another name on the same port, where /stats counts what arrives.
	redirect: {
		instead: (p, asked, port) => make(p.number('status', 302),
			{ location: p.text('to', `http://localhost:${port}/redirected`) }, ''),
	},
	'html-200': { instead: () => html(200, 'Sign in to continue') },
	'empty-200': { instead: () => make(200, JSON_TYPE, '') },
	'not-json': { instead: () => make(200, JSON_TYPE, 'upstream connect error or disconnect\u0007/reset before headers') },
	'json-garbage': { instead: () => make(200, JSON_TYPE, '{"data": {"accounts": [{"id": 1, "plan": }, ]}}') },
	'errors-200': { instead: (p) => json(p.number('status', 200), { data: null, ...errorsOnly(p) }) },
	'errors-only': { instead: (p) => json(p.number('status', 200), errorsOnly(p)) },
	'errors-odd': { instead: (p) => make(200, JSON_TYPE, `{"data":null,"errors":${p.text('errors', '[null]')}}`) },
	'neither': { instead: () => json(200, { extensions: {} }) },
	'graphql-400': {
		instead: () => make(400, { 'content-type': 'application/graphql-response+json; charset=utf-8' },
			JSON.stringify({ errors: [{ message: 'Cannot query field "plan" on type "Account".',
				locations: [{ line: 1, column: 9 }], extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })),
	},
	// What Apollo Server says in production. Met by introspection alone: give the parameter introspection.
	'introspection-off': {
		when: (p, asked) => asked.introspection,
		instead: () => json(400, { errors: [{
			message: 'GraphQL introspection is not allowed by Apollo Server, but the query contained __schema or __type. '
				+ 'To enable introspection, pass introspection: true to ApolloServer in production',
			locations: [{ line: 1, column: 9 }],
			extensions: { validationErrorCode: 'INTROSPECTION_DISABLED', code: 'GRAPHQL_VALIDATION_FAILED' } }] }),
	},
	'throttled': {
		instead: (p) => json(200, { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
			extensions: { cost: { requestedQueryCost: p.number('requested', 20), throttleStatus: { maximumAvailable: 1000,
				currentlyAvailable: 10, restoreRate: 50 } } } }),
	},
	// GitHub's second rate limit, and its first: reset is seconds from now.
	'rate-limited': {
		instead: (p) => json(p.number('status', 200), { errors: [{ message: 'You have exceeded a secondary rate limit.' }] },
			p.has('reset')
				? { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + p.number('reset')) }
				: retryAfter(p, '1')),
	},
	// Answers too late when a request asks for more than n keys.
	'too-slow': {
		when: (p, asked) => asked.size > p.number('n', 10),
		instead: async (p) => {
			await sleep(p.number('ms', 3000), undefined, { ref: false });
			return json(200, { data: null });
		},
	},
	// Answers as long as a request asks for no more than n (default 10) keys, aliases, tokens ... (as).
	'limit': {
		when: (p, asked) => limitOf(p)[0](asked) > p.number('n', 10),
		instead: (p, asked) => p.number('status', 200) >= 413 && !p.has('as')
			? html(p.number('status'), `${p.number('status')} ${TITLES[p.number('status')]}`)
			: json(p.number('status', 200), tooMuch(p, asked)),
	},
};
