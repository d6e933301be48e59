// Do imported tables show the same rows as local copies of them, whatever is asked and however much of it the API does?
//
// GRAPHQL_FDW_SEED chooses other queries, GRAPHQL_FDW_QUERIES how many for each API, GRAPHQL_FDW_QUERY="json 57" one alone ("own 57 aggregates" of those that only aggregate).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { columns } from '../server/things_data.mjs';
import '../apis/things.mjs';
import { RECORD, apis, makeCopies, open, served } from './copies.mjs';
import { makeQuery, serverOptions, valuesOf } from './queries.mjs';
import { reset } from './session.mjs';

const SEED = Number(process.env.GRAPHQL_FDW_SEED ?? 1);
const COUNT = Number(process.env.GRAPHQL_FDW_QUERIES ?? 132);
const [ONLY_API, ONLY, ONLY_SHAPE] = (process.env.GRAPHQL_FDW_QUERY ?? '').split(' ');
const SHARE = 2 / 3;    // of the queries, at least, leave work to the API
const PUSHED = ['Remote Filter', 'Remote Order', 'Remote Limit', 'Remote Aggregate'];
// Tables of which an API tells aggregates, and the share of queries, at least, that it answers so.
const AGGREGATED = { own: { tables: ['things_database', 'things_relay', 'parts'], share: 1 / 5 }, postgraphile: { tables: ['all_things', 'all_parts'], share: 1 / 20 } };
const SHOWN = 3;

// Numbers that an API keeps as text can be refused instead of compared, but not answered wrongly.
const REFUSED = /HV00L: type "String" of the API cannot hold a value of type numeric/;

// What every API compares and orders by, and no row lacks.
const ANCHORS = { things: ['rank', 'rank', 'id', 'seen'], parts: ['position', 'position', 'id'], lists: ['position', 'id', 'thing_id'] };

const tally = {};
const aggregated = {};    // the same of those that only aggregate

before(async () => { await reset(); await makeCopies(); });
after(async () => { await reset(); });

// The tables of an API as the generator wants them.
function tablesOf({ rows, names, tables, lists, unordered = [] })
{
	return Object.fromEntries(Object.entries(tables).map(([name, kind]) => [name, {
		kind,
		keyed: kind === 'lists' && lists.parent !== undefined,    // found by keys only
		columns: Object.fromEntries(names[kind].map((column) => [column, (columns[kind] ?? columns.parts)[column][0].replace(/ (PRIMARY KEY|NOT NULL)$/, '')])),
		values: Object.fromEntries(names[kind].map((column) => [column, [...new Set(rows[kind].map((row) => row[column]))].filter((value) => value !== null && value !== undefined)])),
		anchors: ANCHORS[kind].filter((column) => !unordered.includes(column)),
	}]));
}

const PART = '\x1d';    // between what two statements print

// Either { rows } or { error }, the SQLSTATE and message. What is printed before and after keeps blanks in rows from harm.
const framed = (sql) => `SELECT 'rows'; ${sql} SELECT 'end';`;

function read(output)
{
	const error = /^(?:ERROR|FATAL|server closed).*$/m.exec(output);
	const text = output.slice('rows\n'.length, -'end'.length);
	return error ? { error: error[0] } : { rows: text.split(`${PART}\n`).flatMap((part) => part === '' ? [] : part.slice(0, -1).split(RECORD)) };
}

const statement = (query, sql) => query.prepared
	? `PREPARE q${query.parameters.length ? `(${query.parameters.map(({ type }) => type).join(', ')})` : ''} AS ${sql};` : '';
const execute = (query, sql) => query.prepared ? `EXECUTE q${query.parameters.length ? `(${valuesOf(query)})` : ''};` : `${sql};`;
const planning = (query) => query.prepared ? `SET plan_cache_mode = ${query.generic ? 'force_generic_plan' : 'force_custom_plan'};` : '';

const told = (query) => [...Object.entries(query.settings ?? {}).map(([name, value]) => `SET ${name} = ${value}`), query.prepared ? `${query.generic ? 'generic' : 'custom'} plan, ${valuesOf(query)}` : '',
	query.cursor ? `cursor, FETCH ${query.cursor.join(', ')}, ALL` : ''].filter((text) => text !== '').map((text) => `(${text}) `).join('');

// What comes before and after the statements of a query.
const set = ({ settings = {} }) => Object.entries(settings).map(([name, value]) => `SET ${name} = '${value}';`).join(' ');
const unset = ({ settings = {} }) => Object.keys(settings).map((name) => `RESET ${name};`).join(' ');

// The rows of a query, by way of a prepared statement or a cursor where it says so.
function running(query, sql)
{
	if (query.prepared)
	{
		return `${planning(query)} ${statement(query, sql)} ${execute(query, sql)} DEALLOCATE q;`;
	}
	return query.cursor ? `BEGIN; DECLARE c CURSOR FOR ${sql}; ${[...query.cursor, 'ALL'].map((count) => `FETCH ${count} FROM c;`).join(` SELECT '${PART}'; `)} COMMIT;` : `${sql};`;
}

// How often each row occurs.
function counted(rows)
{
	const counts = new Map();
	rows.forEach((row) => counts.set(row, (counts.get(row) ?? 0) + 1));
	return counts;
}

// The rows of one that the other has not, or not so often.
function lacking(rows, others)
{
	const left = counted(others);
	return rows.filter((row) => {
		const count = left.get(row) ?? 0;
		left.set(row, count - 1);
		return count <= 0;
	});
}

const orderOf = (rows, keys) => rows.map((row) => row.split('\x1f').slice(0, keys).join('\x1f'));

// What is wrong with the rows of a query, or null.
function difference(query, got, wanted, whole)
{
	if (query.how === 'some')
	{
		const strange = lacking(got, whole);
		return got.length !== wanted.length ? `${got.length} rows instead of ${wanted.length}` : strange.length ? `rows that are not there: ${strange.slice(0, SHOWN).join('\n')}` : null;
	}
	const [surplus, missing] = [lacking(got, wanted), lacking(wanted, got)];
	if (surplus.length || missing.length)
	{
		return [`${got.length} rows instead of ${wanted.length}`, ...surplus.slice(0, SHOWN).map((row) => `+ ${row}`), ...missing.slice(0, SHOWN).map((row) => `- ${row}`)].join('\n');
	}
	const [one, other] = query.how === 'sequence' ? [got, wanted] : [orderOf(got, query.keys ?? 0), orderOf(wanted, query.keys ?? 0)];
	const at = one.findIndex((row, n) => row !== other[n]);
	return at < 0 ? null : `another order: row ${at} is ${one[at]} instead of ${other[at]}`;
}

// The names of all properties in a plan.
function properties(plan, found = new Set())
{
	Object.keys(plan).forEach((name) => found.add(name));
	(plan.Plans ?? []).forEach((child) => properties(child, found));
	return found;
}

class Comparison
{
	#name;
	#api;
	#tables;
	#remote;
	#copy;
	#server = '';

	constructor(name)
	{
		this.#name = name;
		this.#api = apis[name];
		this.#tables = tablesOf(this.#api);
	}

	async open()
	{
		this.#remote = await open(this.#name, true);
		this.#copy = await open(this.#name, false);
	}

	async close()
	{
		await this.#remote.close();
		await this.#copy.close();
	}

	async #run(session, query, sql)
	{
		return read(await session.run(`${set(query)} ${framed(running(query, sql))} ${unset(query)}`));
	}

	async explain(query)
	{
		const output = await this.#remote.run(`\\pset recordsep '\\n'
			${set(query)} ${planning(query)} ${statement(query, query.sql)} EXPLAIN (ANALYZE, VERBOSE, TIMING OFF, FORMAT JSON) ${execute(query, query.sql)} ${query.prepared ? 'DEALLOCATE q;' : ''}
			${unset(query)}
			\\pset recordsep '${RECORD}'`);
		return output.startsWith('[') ? JSON.parse(output)[0].Plan : { error: output };
	}

	// What is wrong with the rows of a query of one's own, or null.
	async differs(sql)
	{
		const query = { sql, how: 'rows' };
		const [got, wanted] = [await this.#run(this.#remote, query, sql), await this.#run(this.#copy, query, sql)];
		return got.error ?? wanted.error ?? difference(query, got.rows, wanted.rows);
	}

	async #setServer(number)
	{
		const options = Object.entries(serverOptions(SEED, number)).map(([name, value]) => `SET ${name} '${value}'`).join(', ');
		if (options !== this.#server)
		{
			assert.equal(await this.#remote.run(`ALTER SERVER remote_${this.#name} OPTIONS (${options});`), '');
			this.#server = options;
		}
	}

	// Runs the query of a number over either side. Returns what is wrong, or null.
	async compare(number, shape = ONLY_SHAPE)
	{
		const tables = shape === 'aggregates' ? Object.fromEntries(AGGREGATED[this.#name].tables.map((table) => [table, this.#tables[table]])) : this.#tables;
		const query = makeQuery(SEED, number, tables, shape);
		await this.#setServer(number);
		const text = `GRAPHQL_FDW_SEED=${SEED} GRAPHQL_FDW_QUERY="${[this.#name, number, shape].join(' ').trim()}"\n(${this.#server}) ${told(query)}${query.sql}`;
		const [wanted, whole] = [await this.#run(this.#copy, query, query.sql), query.how === 'some' ? await this.#run(this.#copy, query, query.whole) : {}];
		assert.ok(!wanted.error && !whole.error, `${text}\nno query: ${wanted.error ?? whole.error}`);
		const start = await served(this.#api);
		const got = await this.#run(this.#remote, query, query.sql);
		const rows = await served(this.#api) - start;
		if (REFUSED.test(got.error))
		{
			return null;
		}
		if (got.error)
		{
			return `${text}\n${got.error}`;
		}
		const wrong = difference(query, got.rows, wanted.rows, whole.rows);
		const plan = await this.explain(query);
		const size = query.sources.reduce((sum, table) => sum + this.#api.rows[this.#tables[table].kind].length, 0);
		this.#count(shape ? aggregated : tally, query, plan, rows < size);
		if (plan.error)
		{
			return `${text}\nEXPLAIN: ${plan.error}`;
		}
		return wrong && `${text}\n${wrong}\n${JSON.stringify(plan, null, 1)}`;
	}

	#count(kept, query, plan, fewer)
	{
		const seen = properties(plan);
		const of = kept[this.#name] ??= { queries: 0, pushed: 0, shown: 0, told: 0 };
		const shown = PUSHED.some((property) => seen.has(property));
		of.queries += 1;
		of.shown += shown ? 1 : 0;
		of.told += seen.has('Remote Aggregate') ? 1 : 0;
		of.pushed += shown && fewer ? 1 : 0;
	}
}

for (const name of Object.keys(apis).filter((api) => !ONLY_API || api === ONLY_API))
{
	test(`${name}: queries over imported tables give the rows of their copies`, async (t) => {
		const comparison = new Comparison(name);
		const wrong = [];
		await comparison.open();
		try
		{
			for (const number of ONLY ? [Number(ONLY)] : Array.from({ length: COUNT }, (_, i) => i))
			{
				const found = await comparison.compare(number);
				wrong.push(...found ? [found] : []);
			}
		}
		finally
		{
			await comparison.close();
		}
		const { queries, pushed, shown, told } = tally[name];
		t.diagnostic(`seed ${SEED}: ${queries} queries, ${pushed} of them partly by the API (${shown} planned so), ${told} without a row`);
		assert.equal(wrong.length, 0, `${wrong.length} of ${queries} queries differ\n\n${wrong.join('\n\n')}`);
	});
}

for (const [name, { share }] of Object.entries(AGGREGATED))
{
	test(`${name}: aggregates that the API tells are those of its rows`, { skip: ONLY !== undefined }, async (t) => {
		const comparison = new Comparison(name);
		const wrong = [];
		await comparison.open();
		try
		{
			for (let number = 0; number < COUNT; number += 1)
			{
				const found = await comparison.compare(number, 'aggregates');
				wrong.push(...found ? [found] : []);
			}
		}
		finally
		{
			await comparison.close();
		}
		const { told } = aggregated[name];
		t.diagnostic(`seed ${SEED}: ${told} of ${COUNT} without a row`);
		assert.equal(wrong.length, 0, `${wrong.length} of ${COUNT} queries differ\n\n${wrong.join('\n\n')}`);
		assert.ok(told >= COUNT * share, `${told} of ${COUNT} without a row`);
	});
}

test('numbers that an API keeps as text are not compared as text', async () => {
	const comparison = new Comparison('json');
	await comparison.open();
	try
	{
		assert.equal(await comparison.differs("SELECT id FROM all_parts WHERE amount < 100 OR amount = '348.170'"), null);
		assert.equal(await comparison.differs('SELECT id FROM all_things WHERE exact BETWEEN -2 AND 7.5'), null);
	}
	finally
	{
		await comparison.close();
	}
});

// PostGraphile answers null for a row of which no wanted field holds a value. Only the table's key says which field does.
test('rows that lack all wanted values are rows', async () => {
	const comparison = new Comparison('postgraphile');
	await comparison.open();
	try
	{
		assert.equal(await comparison.differs('SELECT p.note, p.amount FROM all_things t JOIN inner_parts p ON p.thing_id = t.id'), null);
		assert.equal(await comparison.differs('SELECT p.note FROM inner_parts p WHERE p.thing_id IN (3, 5, 7, 12, 13, 14)'), null);
	}
	finally
	{
		await comparison.close();
	}
});

// No number of the API is NaN, so nothing is said of it. PostGraphile refuses empty objects, wherever they are.
test('a condition of which nothing can be said is not sent, beside keys or alone', async () => {
	const comparison = new Comparison('postgraphile');
	await comparison.open();
	try
	{
		for (const where of ["amount = 'NaN'", "amount <> 'NaN'", "NOT amount = 'NaN'", "(amount = 'NaN' OR position = 3)", "(amount < 'NaN' AND position > 3)", "amount IN ('NaN', 1)"])
		{
			assert.equal(await comparison.differs(`SELECT id, amount FROM all_parts WHERE ${where}`), null, where);
			assert.equal(await comparison.differs(`SELECT id, amount FROM all_parts WHERE id IN (336, 91, 369) AND ${where}`), null, where);
			assert.equal(await comparison.differs(`SELECT k.n, p.amount FROM shared.keys k LEFT JOIN all_parts p ON p.id = k.k AND ${where.replaceAll('amount', 'p.amount')}`), null, where);
			assert.equal(await comparison.differs(`SELECT count(*), max(position) FROM all_parts WHERE ${where}`), null, where);
		}
	}
	finally
	{
		await comparison.close();
	}
});

test('a condition that waits for a look-up is explained where it is checked', async () => {
	const comparison = new Comparison('own');
	await comparison.open();
	const plan = await comparison.explain({ sql: 'SELECT p.note FROM parts p WHERE p.position = 3 AND NOT EXISTS (SELECT FROM things_relay t WHERE p.thing_id = t.id AND (t.rank = 2 OR random() > 2))' });
	await comparison.close();
	assert.match(JSON.stringify(plan), /"Node Type":"Custom Scan"[^{]*"Filter":"\(NOT \(SubPlan 1\)\)"/, JSON.stringify(plan));
});

test('most queries leave work to the API, which then serves fewer rows than it has', { skip: ONLY !== undefined }, (t) => {
	const [queries, pushed] = ['queries', 'pushed'].map((what) => Object.values(tally).reduce((sum, of) => sum + of[what], 0));
	t.diagnostic(`${pushed} of ${queries}`);
	assert.ok(pushed >= queries * SHARE, `${pushed} of ${queries}`);
});
