// What did the API see? Everything /stats tells, and the last requests.
//
// Introspection is counted apart, so that what remains is what a query's rows cost.
const REMEMBERED = 200;

const newField = () => ({ calls: 0, keys: 0, rows: 0 });

export class Counters
{
	inFlight = 0;
	#generation = 0;
	#carriers = new WeakMap();    // connection or session -> the reset after which it was last seen

	constructor()
	{
		this.reset();
	}

	// What is in flight stays in flight.
	reset()
	{
		this.#generation += 1;
		Object.assign(this, { requests: 0, introspections: 0, operations: 0, keys: 0, rows: 0, mutations: 0,
			touched: new Map(), distinct: new Set(), texts: new Set(), fields: {}, maxInFlight: this.inFlight,
			accepted: 0, connections: 0, http2Streams: 0, http2Sessions: 0, redirected: 0,
			aborted: 0, faults: {}, raw: {}, rawEnded: {}, log: [] });
	}

	enter()
	{
		this.inFlight += 1;
		this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
	}

	leave(finished)
	{
		this.inFlight -= 1;
		this.aborted += finished ? 0 : 1;
	}

	// Whether a connection or HTTP/2 session carries its first GraphQL request since the reset.
	carrier(socket)
	{
		const first = this.#carriers.get(socket) !== this.#generation;
		this.#carriers.set(socket, this.#generation);
		return first;
	}

	request(asked, url, headers, body, port)
	{
		if (asked.introspection)
		{
			this.introspections += 1;
			return;
		}
		this.requests += 1;
		this.operations += asked.operations.length;
		asked.operations.forEach(({ text }) => this.texts.add(text));
		this.log.push({ url, headers, body, port });
		this.log.splice(0, this.log.length - REMEMBERED);
	}

	#field(name)
	{
		return this.fields[name] ??= newField();
	}

	// A call of a root field; each key is a pair of the type it is a key of, and its value.
	call(field, keys, rows)
	{
		const count = this.#field(field);
		count.calls += 1;
		count.keys += keys.length;
		count.rows += rows;
		this.keys += keys.length;
		this.rows += rows;
		keys.forEach(([type, key]) => this.distinct.add(`${type}:${key}`));
	}

	lookUp(field, type, keys, rows)
	{
		this.call(field, keys.map((key) => [type, key]), rows);
	}

	// A nested field, answered for one row.
	child(field)
	{
		this.#field(field).calls += 1;
	}

	// The same, where it yields rows.
	children(field, rows)
	{
		this.child(field);
		this.#field(field).rows += rows;
		this.rows += rows;
	}

	mutation(field)
	{
		this.mutations += 1;
		this.#field(field).calls += 1;
	}

	touch(id)
	{
		this.mutation('touch');
		this.touched.set(id, (this.touched.get(id) ?? 0) + 1);
		return this.touched.get(id);
	}

	fault(name)
	{
		this.faults[name] = (this.faults[name] ?? 0) + 1;
	}

	rawRequest(path)
	{
		this.raw[path] = (this.raw[path] ?? 0) + 1;
	}

	// A connection that the raw server has closed by itself.
	rawEnd(path)
	{
		this.rawEnded[path] = (this.rawEnded[path] ?? 0) + 1;
	}

	stats()
	{
		return {
			requests: this.requests, operations: this.operations, introspections: this.introspections,
			documents: this.texts.size, keys: this.keys, distinctKeys: this.distinct.size, rows: this.rows,
			mutations: this.mutations, touched: Object.fromEntries(this.touched), inFlight: this.inFlight,
			maxInFlight: this.maxInFlight, aborted: this.aborted, connections: this.connections,
			accepted: this.accepted, http2Sessions: this.http2Sessions, http2Streams: this.http2Streams,
			redirected: this.redirected, perField: this.fields, faults: this.faults, raw: this.raw,
			rawEnded: this.rawEnded,
		};
	}
}
