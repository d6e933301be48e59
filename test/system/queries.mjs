// Which queries are run over imported tables and over their copies? Each is { sql, how, parameters, generic, whole, keys,
// sources, settings, cursor }:
//   how          'rows': the same rows in any order, 'sequence': in the same order,
//                'some': as many, each of them among the rows of `whole` (a LIMIT over an order that leaves a choice)
//   keys         how many of the first columns the rows are ordered by, for 'rows'
//   parameters   { type, value } of $1, $2 ... of a prepared statement
//   sources      the tables read, as often as they are
//   settings     { name: value } while it runs
//   cursor       how many rows each FETCH takes that comes before FETCH ALL, or null: no cursor
import { Chance, Conditions, quote } from './conditions.mjs';

const NO_MINIMUM = ['boolean', 'uuid', 'jsonb'];
const INEXACT = ['real', 'double precision'];
const SUMMED = ['smallint', 'integer', 'bigint', 'numeric'];
const HARD_TO_ORDER = ['jsonb'];
const TEXTS = ['text', 'character varying'];

const QUERIES_PER_SERVER = 22;

// Which lead to other plans.
const SETTINGS = [
	{ enable_hashjoin: 'off' }, { enable_hashjoin: 'off', enable_nestloop: 'off' }, { enable_mergejoin: 'off', enable_hashjoin: 'off' },
	{ enable_sort: 'off' }, { enable_hashagg: 'off' }, { enable_material: 'off', enable_memoize: 'off' }, { work_mem: '64kB' },
	{ 'graphql_fdw.enable_lookahead': 'off' }, { from_collapse_limit: 1, join_collapse_limit: 1 },
];

class Query
{
	#chance;
	#tables;
	#names;
	parameters = null;
	sources = [];

	constructor(chance, tables, prepared)
	{
		this.#chance = chance;
		this.#tables = tables;
		this.#names = Object.keys(tables);
		this.parameters = prepared ? [] : null;
	}

	// A table to read under an alias; of one kind, or of any that is no list inside others.
	source(alias, kind)
	{
		const chosen = this.#chance.of(this.#names.filter((name) => kind ? this.#tables[name].kind === kind : this.#tables[name].kind !== 'lists'));
		const table = { ...this.#tables[chosen], alias };
		this.sources.push(chosen);
		return { from: `${chosen} ${alias}`, table, on: new Conditions(this.#chance, table, this.parameters) };
	}

	names(source, types = () => true)
	{
		return Object.entries(source.table.columns).filter(([, type]) => types(type)).map(([name]) => name);
	}

	columns(source)
	{
		return this.#chance.percent(15) ? `${source.table.alias}.id` : this.#chance.some(this.names(source), 1, 6).map((name) => source.on.column(name)).join(', ');
	}

	// Keys of ORDER BY: [name, the text behind it]. Mostly what APIs can order by.
	#keys(source, unique)
	{
		const easy = ['id', ...source.table.anchors];
		const pool = this.#chance.percent(60) ? easy : this.names(source, (type) => !HARD_TO_ORDER.includes(type));
		const keys = this.#chance.some(pool, 1, 3);
		const wanted = unique && !keys.includes('id') ? [...keys, 'id'] : keys;
		return wanted.map((name) => [name, `${TEXTS.includes(source.table.columns[name]) && this.#chance.percent(30) ? ' COLLATE "C"' : ''}${this.#chance.of(['', '', ' ASC', ' DESC', ' DESC'])}${this.#chance.percent(15) ? this.#chance.of([' NULLS FIRST', ' NULLS LAST']) : ''}`]);
	}

	filter()
	{
		const source = this.source('t');
		return { sql: `SELECT ${this.columns(source)} FROM ${source.from} WHERE ${source.on.where()}`, how: 'rows' };
	}

	order()
	{
		const source = this.source('t');
		const keys = this.#keys(source, this.#chance.percent(50));
		const where = this.#chance.percent(90) ? ` WHERE ${source.on.where()}` : '';
		const sorted = keys.map(([name]) => source.on.column(name)).join(', ');
		return { sql: `SELECT ${sorted}, ${this.columns(source)} FROM ${source.from}${where} ORDER BY ${keys.map(([name, way]) => source.on.column(name) + way).join(', ')}`,
			how: 'rows', keys: keys.length };
	}

	// LIMIT and OFFSET, either of which may be a parameter.
	#limited(limits, offsets = [0, 1, 3, 20, 500])
	{
		const chance = this.#chance;
		const number = (value) => {
			if (!this.parameters || chance.percent(50))
			{
				return value;
			}
			this.parameters.push({ type: 'bigint', value: String(value) });
			return `$${this.parameters.length}`;
		};
		return `${chance.percent(95) ? ` LIMIT ${number(chance.of(limits))}` : ''}${chance.percent(35) ? ` OFFSET ${number(chance.of(offsets))}` : ''}`;
	}

	limit()
	{
		const source = this.source('t');
		const where = this.#chance.percent(60) ? ` WHERE ${this.#chance.percent(60) ? source.on.anchor() : source.on.where()}` : '';
		const ordered = this.#chance.percent(80);
		const unique = this.#chance.percent(75);
		const keys = ordered ? this.#keys(source, unique) : [];
		const order = keys.length ? ` ORDER BY ${keys.map(([name, way]) => source.on.column(name) + way).join(', ')}` : '';
		const whole = `SELECT ${[...keys.map(([name]) => source.on.column(name)), this.columns(source)].join(', ')} FROM ${source.from}${where}${order}`;
		return { sql: whole + this.#limited([0, 1, 2, 5, 10, 10, 30, 60]), whole, how: keys.some(([name]) => name === 'id') ? 'sequence' : 'some' };
	}

	#aggregate(source)
	{
		const chance = this.#chance;
		const any = source.on.column(chance.of(this.names(source)));
		const least = source.on.column(chance.of(this.names(source, (type) => !NO_MINIMUM.includes(type))));
		const summed = source.on.column(chance.of(this.names(source, (type) => SUMMED.includes(type))));
		return chance.of(['count(*)', 'count(*)', `count(${any})`, `count(DISTINCT ${any})`, `min(${least})`, `max(${least})`, `sum(${summed})`, `avg(${summed})`,
			`count(*) FILTER (WHERE ${source.on.leaf()})`, `string_agg(${source.on.column('id')}::text, ',' ORDER BY ${source.table.alias}.id)`,
			`array_agg(${source.on.column(chance.of(this.names(source, (type) => !type.endsWith('[]'))))} ORDER BY ${source.table.alias}.id)`]);
	}

	// What an API may tell instead of rows, where it can be asked the condition.
	aggregates(source = this.source('t'))
	{
		const chance = this.#chance;
		const column = (types) => source.on.column(chance.of(this.names(source, types)));
		const simple = () => {
			const summed = column((type) => SUMMED.includes(type));
			const least = column((type) => !NO_MINIMUM.includes(type) && !TEXTS.includes(type) && !type.endsWith('[]'));
			return chance.of(['count(*)', `count(${column()})`, `count(DISTINCT ${column((type) => SUMMED.includes(type))})`, `sum(${summed})`, `sum(${summed})`, `avg(${summed})`, `avg(${summed})`,
				`min(${least})`, `max(${least})`, `sum(${summed}) / nullif(count(*), 0)`, `coalesce(max(${summed}), 0)::numeric - min(${summed})`]);
		};
		const list = Array.from({ length: 1 + chance.below(4) }, simple);
		const where = chance.percent(85) ? ` WHERE ${chance.percent(80) ? source.on.anchor() : source.on.where()}` : '';
		return { sql: `SELECT ${list.join(', ')} FROM ${source.from}${where}`, how: 'rows' };
	}

	aggregate()
	{
		const source = this.source('t');
		if (this.#chance.percent(40))
		{
			return this.aggregates(source);
		}
		const where = this.#chance.percent(92) ? ` WHERE ${source.on.where()}` : '';
		if (this.#chance.percent(45))
		{
			const list = this.#chance.percent(40) ? ['count(*)'] : Array.from({ length: 1 + this.#chance.below(3) }, () => this.#aggregate(source));
			return { sql: `SELECT ${list.join(', ')} FROM ${source.from}${where}`, how: 'rows' };
		}
		const groups = this.#chance.some(this.names(source, (type) => !INEXACT.includes(type)), 1, 2).map((name) => source.on.column(name)).join(', ');
		const having = this.#chance.percent(35) ? ` HAVING ${this.#chance.of(['count(*) > 1', 'min(t.id) < 100', 'count(*) = 1'])}` : '';
		return { sql: `SELECT ${groups}, ${this.#aggregate(source)}, ${this.#aggregate(source)} FROM ${source.from}${where} GROUP BY ${groups}${having}`, how: 'rows' };
	}

	set()
	{
		const source = this.source('t');
		const chance = this.#chance;
		const exact = this.names(source, (type) => !INEXACT.includes(type));
		const list = chance.some(exact, 1, 3).map((name) => source.on.column(name)).join(', ');
		const from = (where) => `FROM ${source.from} WHERE ${where}`;
		const [first, text] = [source.table.anchors[0], this.names(source, (type) => type === 'text')[0]];
		const ends = (key) => ` ORDER BY ${key}${chance.of(['', ' DESC'])}${this.#limited([1, 3, 10])}`;
		switch (chance.below(11))
		{
			case 4: return { sql: `SELECT DISTINCT t.${first} ${from(source.on.where())}${ends(`t.${first}`)}`, how: 'sequence' };
			case 5: return { sql: `SELECT t.${first}, count(*), max(t.${text}) ${from(source.on.where())} GROUP BY t.${first}${ends(`t.${first}`)}`, how: 'sequence' };
			case 6:
				this.sources.push(this.sources[0]);
				return { sql: `SELECT * FROM (SELECT t.id, t.${text} ${from(source.on.where())} UNION ALL SELECT t.id, t.${text} ${from(source.on.where())}) u${ends(`u.id, u.${text}`)}`, how: 'sequence' };
			case 7:
				this.sources.push(this.sources[0]);
				return { sql: `(SELECT t.id ${from(source.on.where())}${ends('t.id')}) UNION ALL (SELECT t.id ${from(source.on.where())}${ends('t.id')})`, how: 'rows' };
			case 0: return { sql: `SELECT DISTINCT ${list} ${from(source.on.where())}`, how: 'rows' };
			case 1: return { sql: `SELECT DISTINCT ON (t.id % 7) ${list}, t.id ${from(source.on.where())} ORDER BY t.id % 7, t.id DESC`, how: 'rows' };
			case 2: return { sql: `SELECT t.id, row_number() OVER (ORDER BY t.id), ${list} ${from(source.on.where())}`, how: 'rows' };
			case 3: return { sql: `WITH x AS ${chance.of(['', 'MATERIALIZED '])}(SELECT t.* ${from(source.on.anchor())}) SELECT ${list} FROM x t WHERE ${source.on.leaf()}`, how: 'rows' };
			default:
				this.sources.push(this.sources[0]);
				return { sql: `SELECT ${list} ${from(source.on.where())} ${chance.of(['UNION ALL', 'UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT ALL'])} SELECT ${list} ${from(source.on.where())}`, how: 'rows' };
		}
	}

	#joined(left, right)
	{
		const chance = this.#chance;
		return chance.percent(15) ? `${left} AND ${right.on.leaf()}` : left;
	}

	// Objects with the lists inside them, which the API may join.
	#nested()
	{
		const chance = this.#chance;
		const [t, p] = [this.source('t', 'things'), this.source('p', 'lists')];
		const list = `${this.columns(t)}, ${this.columns(p)}`;
		const key = chance.of(['t.id = 7', 't.id IN (3, 5, 7, 500)', 'p.thing_id = 12', 'p.thing_id IN (12, 13, 14)', 't.id = 7 AND p.thing_id IN (7, 8)', 't.id BETWEEN 20 AND 90']);
		const where = chance.of([t.on.anchor(), t.on.where(), `${t.on.anchor()} AND ${p.on.anchor()}`, `${t.on.anchor()} AND (${p.on.tree(1)})`, p.on.anchor(), key, `${key} AND ${t.on.leaf()}`]);
		const join = chance.of(['JOIN', 'JOIN', 'LEFT JOIN', 'LEFT JOIN', p.table.keyed ? 'LEFT JOIN' : 'RIGHT JOIN']);
		const from = `${t.from} ${join} ${p.from} ON p.thing_id = t.id${chance.percent(15) ? ` AND ${chance.of([t, p]).on.leaf()}` : ''}`;
		switch (chance.below(7))
		{
			case 0: return { sql: `SELECT t.rank, count(*), count(p.id), min(p.position) FROM ${from} WHERE ${where} GROUP BY t.rank`, how: 'rows' };
			case 1: return { sql: `SELECT t.id, p.id FROM ${from} WHERE ${where} ORDER BY t.id${chance.of(['', ' DESC'])}, p.id${this.#limited([2, 10, 50])}`, how: 'sequence' };
			case 2: return { sql: `SELECT k.n, ${list} FROM keys k JOIN ${t.from} ON t.id = k.k ${join === 'RIGHT JOIN' ? 'JOIN' : join} ${p.from} ON p.thing_id = t.id WHERE ${where}`, how: 'rows' };
			case 3: return { sql: `SELECT k.n, x.* FROM keys k LEFT JOIN (SELECT ${list}, t.id AS thing FROM ${from} WHERE ${where}) x ON x.thing = k.k`, how: 'rows' };
			default: return { sql: `SELECT ${list} FROM ${from} WHERE ${where}`, how: 'rows' };
		}
	}

	// Rows of one API with each other.
	join()
	{
		const chance = this.#chance;
		if (this.#names.some((name) => this.#tables[name].kind === 'lists') && chance.percent(50))
		{
			return this.#nested();
		}
		const [p, t] = [this.source('p', 'parts'), this.source('t', 'things')];
		const on = this.#joined('p.thing_id = t.id', t);
		const list = `${this.columns(p)}, ${this.columns(t)}`;
		const [mine, theirs] = [p.on.anchor(), chance.percent(40) ? ` AND (${t.on.tree(1)})` : ''];
		const inner = chance.percent(50) ? ` AND ${chance.percent(50) ? p.on.anchor() : p.on.leaf()}` : '';
		const way = chance.of(['', '', ' DESC']);
		switch (chance.below(15))
		{
			case 8: return { sql: `SELECT t.id, (SELECT count(*) FROM ${p.from} WHERE p.thing_id = t.id${inner}) FROM ${t.from} WHERE ${t.on.anchor()}`, how: 'rows' };
			case 9: return { sql: `SELECT t.id, (SELECT p.note FROM ${p.from} WHERE p.thing_id = t.id${inner} ORDER BY p.id${way} LIMIT 1) FROM ${t.from} WHERE ${t.on.anchor()}`, how: 'rows' };
			case 10: return { sql: `SELECT t.id, (SELECT ${chance.of(['min', 'max'])}(p.${chance.of(['position', 'amount', 'id'])}) FROM ${p.from} WHERE p.thing_id = t.id${inner}) FROM ${t.from} WHERE ${t.on.anchor()}`, how: 'rows' };
			case 11: return { sql: `SELECT p.position, p.id, t.label FROM ${p.from} ${chance.of(['', 'LEFT '])}JOIN ${t.from} ON ${on} WHERE ${mine}${theirs} ORDER BY p.position${way}, p.id${this.#limited([1, 4, 20])}`, how: 'sequence' };
			case 12: return { sql: `SELECT t.id, p.id FROM ${t.from} ${chance.of(['', 'LEFT '])}JOIN ${p.from} ON p.thing_id = t.id${inner} WHERE ${t.on.anchor()} ORDER BY t.id${way}, p.id${chance.of(['', ' DESC'])}${chance.percent(50) ? this.#limited([2, 10]) : ''}`, how: 'sequence' };
			case 13: return { sql: `SELECT t.id, x.* FROM ${t.from} LEFT JOIN LATERAL (SELECT ${this.columns(p)}, p.id AS last FROM ${p.from} WHERE p.thing_id = t.id${inner} ORDER BY p.position${way}, p.id DESC LIMIT ${1 + chance.below(3)} OFFSET ${chance.below(3)}) x ON true WHERE ${t.on.anchor()}`, how: 'rows' };
			case 14: return { sql: `SELECT t.rank, count(*), count(p.id) FROM ${t.from} LEFT JOIN ${p.from} ON p.thing_id = t.id${inner} WHERE ${t.on.anchor()} GROUP BY t.rank`, how: 'rows' };
			case 0: return { sql: `SELECT ${list} FROM ${p.from} LEFT JOIN ${t.from} ON ${on} WHERE ${mine}${theirs}`, how: 'rows' };
			case 1: return { sql: `SELECT ${this.columns(p)} FROM ${p.from} WHERE ${mine} AND EXISTS (SELECT FROM ${t.from} WHERE ${on}${theirs})`, how: 'rows' };
			case 2: return { sql: `SELECT ${this.columns(p)} FROM ${p.from} WHERE ${mine} AND NOT EXISTS (SELECT FROM ${t.from} WHERE ${on}${theirs})`, how: 'rows' };
			case 3: return { sql: `SELECT ${this.columns(p)} FROM ${p.from} WHERE ${mine} AND p.thing_id ${chance.of(['IN', 'NOT IN'])} (SELECT t.id FROM ${t.from} WHERE ${t.on.anchor()})`, how: 'rows' };
			case 4: return { sql: `SELECT ${list} FROM (SELECT * FROM ${p.from} WHERE ${mine}) p FULL JOIN (SELECT * FROM ${t.from} WHERE ${t.on.anchor()}) t ON p.thing_id = t.id`, how: 'rows' };
			case 5: return { sql: `SELECT count(*), count(p.id), count(t.id), max(t.label) FROM ${p.from} RIGHT JOIN ${t.from} ON p.thing_id = t.id AND ${mine} WHERE ${t.on.anchor()}`, how: 'rows' };
			case 6: return { sql: `SELECT t.id, x.* FROM ${t.from} CROSS JOIN LATERAL (SELECT ${this.columns(p)}, p.position AS ranked FROM ${p.from} WHERE p.thing_id = t.id${inner} ORDER BY p.position, p.id LIMIT ${1 + chance.below(3)}) x WHERE ${t.on.anchor()}`, how: 'rows' };
			default: return { sql: `SELECT ${list} FROM ${p.from} JOIN ${t.from} ON ${on} WHERE ${mine}${theirs}`, how: 'rows' };
		}
	}

	// Rows of an API with values of any of their columns.
	#matched()
	{
		const chance = this.#chance;
		const t = this.source('t', chance.of(['things', 'things', 'parts']));
		const [name, other] = chance.some(this.names(t), 2, 2);
		const constants = t.on.constants(name, 1 + chance.below(12));
		const others = t.on.constants(other, constants.length);
		const v = `(VALUES ${constants.map((constant, n) => `(${n}, ${constant}, ${others[n]})`).join(', ')}) v (n, x, y)`;
		const on = `${t.on.column(name)} = v.x${chance.percent(25) ? ` AND ${t.on.column(other)} = v.y` : ''}${chance.percent(40) ? ` AND ${t.on.leaf()}` : ''}`;
		switch (chance.below(6))
		{
			case 0: return { sql: `SELECT v.n, ${this.columns(t)} FROM ${v} LEFT JOIN ${t.from} ON ${on}`, how: 'rows' };
			case 1: return { sql: `SELECT v.n FROM ${v} WHERE ${chance.of(['', 'NOT '])}EXISTS (SELECT FROM ${t.from} WHERE ${on})`, how: 'rows' };
			case 2: return { sql: `SELECT v.n, (SELECT count(*) FROM ${t.from} WHERE ${on}) FROM ${v}`, how: 'rows' };
			case 3: return { sql: `SELECT v.n, x.* FROM ${v} LEFT JOIN LATERAL (SELECT t.id FROM ${t.from} WHERE ${on} ORDER BY t.id${chance.of(['', ' DESC'])} LIMIT ${1 + chance.below(4)}) x ON true`, how: 'rows' };
			default: return { sql: `SELECT v.n, ${this.columns(t)} FROM ${v} JOIN ${t.from} ON ${on}`, how: 'rows' };
		}
	}

	// Rows of an API with local ones.
	keyed()
	{
		const chance = this.#chance;
		if (chance.percent(40))
		{
			return this.#matched();
		}
		const t = this.source('t', 'things');
		const extra = chance.percent(50) ? ` AND ${t.on.leaf()}` : '';
		const near = `${t.on.anchor()}${extra}`;
		switch (chance.below(7))
		{
			case 0: return { sql: `SELECT k.*, ${this.columns(t)} FROM keys k LEFT JOIN ${t.from} ON t.id = k.k${chance.percent(60) ? ` AND ${t.on.anchor()}` : extra}`, how: 'rows' };
			case 1: return { sql: `SELECT k.* FROM keys k WHERE ${chance.of(['', 'NOT '])}EXISTS (SELECT FROM ${t.from} WHERE t.id = k.k AND ${near})`, how: 'rows' };
			case 2: return { sql: `SELECT k.n, (SELECT t.label FROM ${t.from} WHERE t.id = k.k${extra}) FROM keys k`, how: 'rows' };
			case 3: return { sql: `SELECT k.n, x.* FROM keys k LEFT JOIN LATERAL (SELECT t.id, t.rank, t.label FROM ${t.from} WHERE t.rank = k.k${extra} ORDER BY t.id ${chance.of(['', 'DESC'])} LIMIT 2) x ON true`, how: 'rows' };
			case 4: return { sql: `SELECT k.n, ${this.columns(t)} FROM keys k JOIN ${t.from} ON t.words = k.word AND ${near}`, how: 'rows' };
			case 5: return { sql: `SELECT k.n, ${this.columns(t)} FROM keys k JOIN ${t.from} ON t.rank = k.k WHERE k.n < 8 AND ${near}`, how: 'rows' };
			default: return { sql: `SELECT k.n, ${this.columns(t)} FROM keys k JOIN ${t.from} ON t.id = k.k WHERE k.n < 20${extra}`, how: 'rows' };
		}
	}
}

// Each as often as it is here.
export const SHAPES = ['filter', 'filter', 'filter', 'order', 'limit', 'limit', 'limit', 'aggregate', 'aggregate', 'set', 'join', 'keyed'];

// What the server of a query is given: the same for a number of queries on end.
export function serverOptions(seed, number)
{
	const chance = new Chance(Math.imul(seed, 0x9e3779b1) ^ Math.imul(Math.floor(number / QUERIES_PER_SERVER) + 1, 0x27d4eb2f));
	return { fetch_size: chance.of(['100', '100', '33', '7']), key_batch_size: chance.of(['100', '100', '6']), batch_mode: chance.of(['auto', 'auto', 'auto', 'alias', 'single']) };
}

// The query of a number: the same for the same seed, whatever the others are.
export function makeQuery(seed, number, tables, shape = SHAPES[number % SHAPES.length])
{
	const chance = new Chance(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
	const prepared = chance.percent(20);
	const query = new Query(chance, tables, prepared);
	const made = query[shape]();
	const settings = chance.percent(30) ? chance.of(SETTINGS) : {};
	const cursor = !prepared && chance.percent(15) ? Array.from({ length: 1 + chance.below(3) }, () => chance.of([1, 2, 7, 50, 150])) : null;
	return { shape, settings, cursor, generic: chance.percent(50), ...made, parameters: prepared ? query.parameters : [], prepared, sources: query.sources };
}

// The values of a prepared statement's parameters as SQL.
export const valuesOf = ({ parameters }) => parameters.map(({ type, value }) => value === null ? 'NULL' : `${quote(value)}::${type}`).join(', ');
