// What does a row cost when the API costs nothing? An API that has its answers ready: rows of typical
// columns by position and by id, and what they add up to.
//
//   node bench_api.mjs <rows> <file for its schema>
//
// One line says where it listens: "listening <port>". It ends on SIGTERM.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const count = Number(process.argv[2]);

writeFileSync(process.argv[3], `
scalar DateTime
scalar Decimal
type Row { id: Int! name: String! total: Decimal! placedAt: DateTime! active: Boolean! note: String }
type Sums { total: Decimal }
type Maxima { placedAt: DateTime }
type Totals { count: Int! sum: Sums! max: Maxima! }
type Query { rows(limit: Int, offset: Int): [Row!]! rowsByIds(ids: [Int!]!): [Row!]! totals: Totals! }
`);

const cents = (id) => id * 37 % 1_000_000;
const placedAt = (id) => new Date(1.6e12 + id * 61_007).toISOString();
const row = (id) => JSON.stringify({ id, name: `Customer no. ${id * 7919 % count}`, total: cents(id) / 100,
	placedAt: placedAt(id), active: id % 3 > 0, note: id % 4 === 0 ? `Called back on day ${id % 365}` : null });

// All rows beside one another, and where each begins.
const starts = new Uint32Array(count + 1);
const bytes = Buffer.allocUnsafe(count * 160);
let sum = 0;
for (let i = 0; i < count; i += 1)
{
	starts[i + 1] = starts[i] + bytes.write(`${row(i + 1)},`, starts[i]);
	sum += cents(i + 1);
}
const totals = Buffer.from(JSON.stringify({ data: { totals: { count, sum: { total: sum / 100 }, max: { placedAt: placedAt(count) } } } }));

// Rows come with the comma behind the last one.
const answerRows = (field, rows) => Buffer.concat([Buffer.from(`{"data":{"${field}":[`),
	rows.subarray(0, Math.max(rows.length - 1, 0)), Buffer.from(']}}')]);

function answer({ query, variables: { offset = 0, limit = count, ids } = {} })
{
	if (query.includes('totals'))
	{
		return totals;
	}
	if (ids)
	{
		return answerRows('rowsByIds', Buffer.concat(ids.map((id) => bytes.subarray(starts[id - 1], starts[id]))));
	}
	const end = Math.min(offset + limit, count);
	return answerRows('rows', bytes.subarray(starts[Math.min(offset, count)], starts[end]));
}

const server = createServer({ keepAliveTimeout: 60_000 }, async (req, res) => {
	const body = [];
	for await (const chunk of req)
	{
		body.push(chunk);
	}
	res.setHeader('content-type', 'application/json');
	res.end(answer(JSON.parse(Buffer.concat(body))));
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
