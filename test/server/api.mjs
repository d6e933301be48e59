// How is one HTTP request answered?
//
//   /graphql                      the API
//   /graphql/batch                the same, which also takes a JSON array of operations
//   /graphql/entities             the same, with node, nodes and _entities
//   /graphql/things               rows of every type, filtered, ordered and paged in different manners
//   /graphql/ordered              the same, with orders and with pages inside rows
//   /graphql/drift/<change>       the same after a change of its schema (drift.mjs)
//   <any of these>/fault/<name>   the same, meeting a fault (faults.mjs)
//   /stats /requests /reset /control /faults    for the tests; neither counted nor held
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createYoga } from 'graphql-yoga';
import { Counters } from './counters.mjs';
import { resetOrders } from './data.mjs';
import { understand } from './documents.mjs';
import { Faults, Parameters, faultNames } from './faults.mjs';
import { print, unmark } from './scalars.mjs';
import { driftSchemas, entitiesSchema, orderedSchema, schema } from './schema.mjs';
import { thingsSchema } from './things.mjs';

const ROUTE = /^\/graphql(\/batch|\/entities|\/things|\/ordered|\/drift\/[\w-]+)?(?:\/fault\/([\w-]+))?$/;
const PLAIN = new Parameters({});

const yoga = (options) => createYoga({ graphiql: false, landingPage: false, logging: false,
	maskedErrors: false, ...options });

const apis = {
	'': yoga({ schema }),
	'/batch': yoga({ schema, batching: { limit: 1000 } }),
	'/entities': yoga({ schema: entitiesSchema }),
	'/things': yoga({ schema: thingsSchema }),
	'/ordered': yoga({ schema: orderedSchema }),
};

// Made when first asked: most tests need none of them.
function apiOf(route)
{
	if (!apis[route] && route.startsWith('/drift/'))
	{
		const make = driftSchemas.get(route.slice('/drift/'.length));
		if (make)
		{
			apis[route] = yoga({ schema: make() });
		}
	}
	if (!apis[route])
	{
		throw new Error(`there is no ${route}`);
	}
	return apis[route];
}

const json = (res, status, value) =>
	res.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(value)}\n`);

function withVariables(body, change)
{
	const request = JSON.parse(body);
	return JSON.stringify({ ...request, variables: change(request.variables ?? {}) });
}

async function readAll(stream)
{
	const chunks = [];
	for await (const chunk of stream)
	{
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

export class Api
{
	counters = new Counters();
	#faults = new Faults();
	#delay = 0;
	#held = null;    // { promise, release } while requests are held
	#meeting = null;    // { wanted, patience, present, promise, open } while requests wait for requests of other fields
	port = 0;

	// The API's own answer: { status, headers, body } with the body still text.
	async #execute(route, method, search, headers, body)
	{
		const answer = await apiOf(route).fetch(`http://127.0.0.1/graphql${search}`,
			method === 'GET' ? { method, headers } : { method, headers, body },
			{ counters: this.counters, headers });
		return { status: answer.status, body: await answer.text(),
			headers: Object.fromEntries([...answer.headers].filter(([name]) => name !== 'content-length')) };
	}

	// For the raw server: an ordinary answer's body.
	async answer(body)
	{
		const reply = await this.#execute('', 'POST', '', { 'content-type': 'application/json' }, body);
		return Buffer.from(unmark(reply.body));
	}

	// Waits while requests are held, but no longer than the client does.
	async #wait(res, ms)
	{
		const gone = once(res, 'close').catch(() => {});
		if (ms)
		{
			await Promise.race([sleep(ms), gone]);
		}
		while (this.#held && !res.destroyed)
		{
			await Promise.race([this.#held.promise, gone]);
		}
	}

	// Waits until as many different fields have been asked for as are to meet. False when its patience was not enough.
	async #meet(asked)
	{
		const meeting = this.#meeting;
		if (!meeting)
		{
			return true;
		}
		asked.operations.flatMap(({ fields }) => fields).forEach(({ name }) => meeting.present.add(name));
		if (meeting.present.size >= meeting.wanted)
		{
			meeting.open(true);
		}
		return Promise.race([meeting.promise, sleep(meeting.patience, false)]);
	}

	async #reply(fault, parameters, asked, execute)
	{
		const acts = fault?.acts ?? {};
		if (acts.instead && (acts.when?.(parameters, asked) ?? true))
		{
			return acts.instead(parameters, asked, this.port);
		}
		const reply = await execute();
		const text = acts.answer ? print(acts.answer(JSON.parse(reply.body), parameters, asked)) : unmark(reply.body);
		const whole = { ...reply, status: parameters.number('status', reply.status), body: Buffer.from(text) };
		return acts.reply ? acts.reply(whole, parameters) : whole;
	}

	async #graphql(req, res, url, [, route = '', faultName = null])
	{
		const { ':path': _p, ':method': _m, ':scheme': _s, ':authority': _a, ...headers } = req.headers;
		this.#countCarrier(req);
		this.counters.enter();
		res.once('close', () => this.counters.leave(res.writableFinished));
		const body = await readAll(req);
		const asked = understand(req.method, url.searchParams, body.toString('utf8'));
		this.counters.request(asked, url.pathname + url.search, headers, body.toString('utf8'), req.socket.remotePort);
		const fault = this.#faults.choose(faultName, url, asked);
		const parameters = fault?.parameters ?? PLAIN;
		if (fault)
		{
			this.counters.fault(fault.name);
		}
		if (!asked.introspection)
		{
			await this.#wait(res, this.#delay + parameters.number('delay', 0));
		}
		if (!asked.introspection && !await this.#meet(asked))
		{
			res.writeHead(400, { 'content-type': 'text/plain' }).end('nobody else came');
			return;
		}
		if (res.destroyed)
		{
			return;
		}
		const reply = await this.#reply(fault, parameters, asked,
			() => this.#execute(route, req.method, req.method === 'GET' ? url.search : '', headers,
				fault?.acts.variables ? withVariables(body, (v) => fault.acts.variables(v, parameters)) : body));
		const sized = { ...reply, headers: { ...reply.headers, 'content-length': reply.body.length } };
		if (fault?.acts.send)
		{
			await fault.acts.send(res, sized, parameters);
			return;
		}
		res.writeHead(sized.status, sized.headers).end(sized.body);
	}

	#countCarrier(req)
	{
		const http2 = req.httpVersionMajor === 2;
		const first = this.counters.carrier(http2 ? req.stream.session : req.socket);
		this.counters.connections += first ? 1 : 0;
		this.counters.http2Sessions += first && http2 ? 1 : 0;
		this.counters.http2Streams += http2 ? 1 : 0;
	}

	#reset()
	{
		this.#faults.reset();
		this.#delay = 0;
		this.#hold(false);
		this.#meetAt(0);
		resetOrders();
		this.counters.reset();
	}

	#hold(wanted)
	{
		if (wanted && !this.#held)
		{
			let release;
			const promise = new Promise((resolve) => { release = resolve; });
			this.#held = { promise, release };
		}
		if (!wanted)
		{
			this.#held?.release();
			this.#held = null;
		}
	}

	// Requests are answered once `count` different fields have been asked for; none waits longer than `patience` ms.
	#meetAt(count, patience = 20_000)
	{
		let open;
		const promise = new Promise((resolve) => { open = resolve; });
		this.#meeting = count > 0 ? { wanted: count, patience, present: new Set(), promise, open } : null;
	}

	#control({ delayMs, hold, meet, patience, fault, ...unknown })
	{
		if (Object.keys(unknown).length)
		{
			throw new Error(`cannot control ${Object.keys(unknown).join(', ')}`);
		}
		this.#delay = delayMs ?? this.#delay;
		if (hold !== undefined)
		{
			this.#hold(hold);
		}
		if (meet !== undefined)
		{
			this.#meetAt(meet, patience);
		}
		[fault ?? []].flat().forEach((values) => this.#faults.enqueue(values));
		return { delayMs: this.#delay, hold: this.#held !== null, faults: this.#faults.queued() };
	}

	async #tests(req, res, path)
	{
		switch (`${req.method} ${path}`)
		{
			case 'GET /stats': return json(res, 200, this.counters.stats());
			case 'GET /requests': return json(res, 200, this.counters.log);
			case 'GET /faults': return json(res, 200, faultNames());
			case 'POST /reset': this.#reset(); return json(res, 200, {});
			case 'POST /control': return json(res, 200, this.#control(JSON.parse(await readAll(req))));
			default: return json(res, 404, { message: `nothing at ${path}` });
		}
	}

	async handle(req, res)
	{
		const url = new URL(req.url, 'http://127.0.0.1');
		const route = ROUTE.exec(url.pathname);
		try
		{
			if (url.pathname === '/redirected')
			{
				this.counters.redirected += 1;
				json(res, 200, { data: { stolen: true } });
				return;
			}
			await (route ? this.#graphql(req, res, url, route) : this.#tests(req, res, url.pathname));
		}
		catch (error)
		{
			if (!res.headersSent && !res.destroyed)
			{
				json(res, 400, { message: error.message });
			}
		}
	}
}
