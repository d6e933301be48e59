// Which fault does a request meet?
//
// A fault is named in the path (/graphql/fault/<name>?times=1) or queued by POST /control. It has at most
// one member of each kind, used in this order:
//   instead(p, asked)          a reply in place of the API's; nothing is executed
//   variables(variables, p)    changes what is asked for
//   answer(answer, p, asked)   changes the API's answer
//   reply(reply, p)            changes status, headers and body (a Buffer)
//   send(res, reply, p)        puts the reply on the wire in its own way
// Parameters that every fault knows: times (only so many requests, then ordinary answers), after (only
// from then on), kind (query or mutation), root (only requests with this root field), status, delay (ms),
// introspection (meets introspection too, which is otherwise always answered).
import { replies } from './replies.mjs';
import { answers } from './answers.mjs';
import { wires } from './wires.mjs';

const table = { ...replies, ...answers, ...wires, ordinary: {} };

export const faultNames = () => [...Object.keys(table), 'status-NNN', 'status-NNN-html'];

export class Parameters
{
	constructor(values)
	{
		this.values = values;
	}

	has(name)
	{
		return name in this.values;
	}

	number(name, otherwise)
	{
		return this.has(name) ? Number(this.values[name]) : otherwise;
	}

	text(name, otherwise)
	{
		return this.has(name) ? String(this.values[name]) : otherwise;
	}
}

function find(name)
{
	const status = /^status-(\d{3})(-html)?$/.exec(name);
	return table[name] ?? (status ? replies.status(Number(status[1]), Boolean(status[2])) : null);
}

class Fault
{
	#met = 0;

	constructor(name, values, times)
	{
		this.name = name;
		this.parameters = new Parameters(values);
		this.acts = find(name);
		this.after = this.parameters.number('after', 0);
		this.times = this.parameters.number('times', times);
		if (!this.acts || name === 'status')
		{
			throw new Error(`no fault is called ${name}`);
		}
	}

	concerns(asked)
	{
		const { operations, introspection } = asked;
		const kind = this.parameters.text('kind', null);
		const root = this.parameters.text('root', null);
		return (!introspection || this.parameters.has('introspection'))
			&& (kind === null || operations.some((o) => o.kind === kind))
			&& (root === null || operations.some((o) => o.fields.some((f) => f.name === root)));
	}

	// Whether this request, which it concerns, meets it.
	meets()
	{
		this.#met += 1;
		return this.#met > this.after && this.#met <= this.after + this.times;
	}

	spent()
	{
		return this.#met >= this.after + this.times;
	}
}

export class Faults
{
	#byUrl = new Map();
	#queue = [];

	reset()
	{
		this.#byUrl.clear();
		this.#queue = [];
	}

	// From POST /control: {"name": "status-503", "times": 2, ...}
	enqueue({ name, ...values })
	{
		this.#queue.push(new Fault(name, values, 1));
	}

	queued()
	{
		return this.#queue.map((fault) => fault.name);
	}

	// The fault named in the path; each spelling of the URL counts its own requests.
	#ofUrl(name, url)
	{
		if (!this.#byUrl.has(url.href))
		{
			this.#byUrl.set(url.href, new Fault(name, Object.fromEntries(url.searchParams), Infinity));
		}
		return this.#byUrl.get(url.href);
	}

	choose(name, url, asked)
	{
		const named = name === null ? null : this.#ofUrl(name, url);
		const next = this.#queue.find((fault) => fault.concerns(asked));
		if (next)
		{
			const meets = next.meets();
			this.#queue = this.#queue.filter((fault) => !fault.spent());
			return meets ? next : null;
		}
		return named?.concerns(asked) && named.meets() ? named : null;
	}
}
