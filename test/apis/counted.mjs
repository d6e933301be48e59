// How many rows does somebody else's server hand out? A handler like the given one, which counts them in its answers:
// GET /stats tells { requests, rows } so far. Introspection counts for nothing.

const COUNTS = ['count', 'totalCount'];

// A list is its rows, an object that holds a list of nodes or edges those, another object one unless all it holds is a count.
function rowsIn(value)
{
	if (value === null || typeof value !== 'object')
	{
		return 0;
	}
	const held = Array.isArray(value) ? value : value.nodes ?? value.edges;
	if (held)
	{
		return held.length;
	}
	return Object.keys(value).every((name) => COUNTS.includes(name)) ? 0 : 1;
}

export function counted(handler)
{
	const stats = { requests: 0, rows: 0 };
	const note = (text) => {
		const fields = Object.entries(JSON.parse(text).data ?? {}).filter(([name]) => !name.startsWith('__'));
		stats.requests += fields.length ? 1 : 0;
		stats.rows += fields.reduce((sum, [, value]) => sum + rowsIn(value), 0);
	};

	return (req, res) => {
		if (req.url === '/stats')
		{
			res.setHeader('content-type', 'application/json');
			res.end(JSON.stringify(stats));
			return;
		}
		const chunks = [];
		const [write, end] = [res.write.bind(res), res.end.bind(res)];
		const keep = (chunk) => typeof chunk === 'string' || chunk instanceof Uint8Array ? chunks.push(Buffer.from(chunk)) : 0;
		res.write = (chunk, ...more) => keep(chunk) && write(chunk, ...more);
		res.end = (chunk, ...more) => {
			keep(chunk);
			note(Buffer.concat(chunks).toString('utf8'));
			return end(chunk, ...more);
		};
		handler(req, res);
	};
}
