// How does an API filter, order, page and count rows of every type, in the manners of different APIs?
//
//   things             JavaScript's manner: nested operators, and/or/not, a list of {field, direction}, limit and offset
//   thingsRelay        a database's manner, as Hasura has it: _eq, _and, three-valued logic; a connection, with aggregates
//   thingsDatabase     the same filter and order, with limit and offset; thingsDatabase_aggregate beside it
//   thingsFlat         The Graph's manner: price_gt, orderBy and orderDirection, first and skip; at most 100 rows a page
//   thingsByArguments  arguments of the field itself: rank_gt; numbered pages of at most 50 rows
//   parts              as things; rows that belong to things; aggregatePart has their sums as Prisma has them
//   Thing.parts        those that belong to the thing, all at once, with the filter of parts
//
// What differs from SQL on purpose, because real APIs differ so. Anybody who trusts them more than that gets
// other rows than from a local table:
//   - things: text is compared without regard to case in `eq`, `ne`, `in` and `notIn`; `ne`, `notIn` and `not` keep nulls;
//     points in time are compared to the millisecond
//   - thingsFlat, thingsByArguments: `not` and `not_in` keep nulls; nulls come first in every order
//   - thingsByArguments: null counts as 0 in the comparisons of numbers
//   - all but thingsRelay and thingsDatabase: text is ordered by UTF-16 code units, enums by their names
import { createSchema } from 'graphql-yoga';
import { MOODS, columns, parts, things } from './things_data.mjs';
import { scalars } from './scalars.mjs';

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

// What stands for a value in comparisons, by the GraphQL type.
const micros = (text) => {
	const [, date, time, fraction = '', zone = ''] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?(Z|[-+]\d\d(?::?\d\d)?)?$/.exec(text)
		?? (() => { throw new Error(`no point in time: ${text}`); })();
	const offset = /^[-+]/.test(zone) ? `${zone.replace(':', '').padEnd(5, '0').replace(/(..)$/, ':$1')}` : 'Z';
	return BigInt(Date.parse(`${date}T${time.padEnd(8, ':00')}${offset}`)) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
};

const decimal = (text) => {
	const [, sign, whole, fraction = '', exponent = 0] = /^([-+]?)(\d+)(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(String(text))
		?? (() => { throw new Error(`no decimal number: ${text}`); })();
	return BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`) * 10n ** BigInt(60 - fraction.length + Number(exponent));
};

const same = (value) => value;
const meanings = {
	Int: same, Float: same, String: same, Boolean: Number, BigInt, BigDecimal: decimal, UUID: (text) => text.toLowerCase(),
	Date: (text) => micros(`${text}T00:00:00Z`), Time: (text) => micros(`1970-01-01T${text}Z`), DateTime: micros, LocalDateTime: micros, Mood: same,
};

const likeness = (pattern, flags) => {
	const source = [...pattern.matchAll(/\\(.)|(.)/gsu)].map(([, escaped, plain]) => plain === '%' ? '.*' : plain === '_' ? '.'
		: (escaped ?? plain).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('');
	return new RegExp(`^${source}$`, `su${flags}`);
};

// Of two things that are not null.
const comparisons = {
	'eq': (a, b) => a === b,
	'ne': (a, b) => a !== b,
	'lt': (a, b) => a < b,
	'lte': (a, b) => a <= b,
	'gt': (a, b) => a > b,
	'gte': (a, b) => a >= b,
	'in': (a, list) => list.includes(a),
	'notIn': (a, list) => !list.includes(a),
};

// A convention is { blind, coarse, keepsNulls, nullIsZero }: see above.
const manners = {
	script: { blind: true, coarse: true, keepsNulls: true },
	database: {},
	graph: { keepsNulls: true },
	loose: { keepsNulls: true, nullIsZero: true },
};

function meaning(type, manner, value)
{
	const found = meanings[type](value);
	return manner.blind && type === 'String' ? found.toLowerCase()
		: manner.coarse && type === 'DateTime' ? found / 1000n - (found % 1000n < 0n ? 1n : 0n) : found;
}

// Whether a comparison holds: true, false, or null where it is nobody's guess.
function compare(type, manner, operator, value, operand)
{
	if (operator === 'isNull')
	{
		return (value === null) === operand;
	}
	const list = Array.isArray(operand);
	if (value === null && !(manner.nullIsZero && type === 'Int' && !list))
	{
		return manner.keepsNulls ? ['ne', 'notIn'].includes(operator) : null;
	}
	if (operator === 'like' || operator === 'ilike')
	{
		return likeness(operand, operator === 'ilike' ? 'i' : '').test(value);
	}
	const [a, b] = [value ?? 0, operand].map((v) => Array.isArray(v) ? v.map((e) => meaning(type, manner, e)) : meaning(type, manner, v));
	return comparisons[operator](a, b);
}

// SQL's logic; without nulls it is everybody's.
const every = (answers) => answers.includes(false) ? false : answers.includes(null) ? null : true;
const some = (answers) => answers.includes(true) ? true : answers.includes(null) ? null : false;
const negated = (answer) => answer === null ? null : !answer;

// The operators of a manner: what it calls each of ours.
const plain = { eq: 'eq', ne: 'ne', lt: 'lt', lte: 'lte', gt: 'gt', gte: 'gte', in: 'in', notIn: 'notIn', isNull: 'isNull', like: 'like', ilike: 'ilike' };
const hasura = { eq: '_eq', ne: '_neq', lt: '_lt', lte: '_lte', gt: '_gt', gte: '_gte', in: '_in', notIn: '_nin', isNull: '_is_null', like: '_like', ilike: '_ilike' };
const suffixes = { eq: '', ne: '_not', lt: '_lt', lte: '_lte', gt: '_gt', gte: '_gte', in: '_in', notIn: '_not_in' };

const bare = (type) => type.replace(/[!]/g, '');
const comparable = (table) => Object.entries(columns[table]).map(([name, [, type]]) => [camel(name), bare(type), name]).filter(([, type]) => type in meanings);

function usable(operators, type)
{
	return Object.entries(operators).filter(([ours]) => ['like', 'ilike'].includes(ours) ? type === 'String'
		: ['lt', 'lte', 'gt', 'gte'].includes(ours) ? !['Boolean', 'Mood', 'UUID'].includes(type) : true);
}

const operandType = (operator, type) => operator === 'isNull' ? 'Boolean' : ['in', 'notIn'].includes(operator) ? `[${type}!]` : type;
const inputs = (operators, type, prefix = '') => usable(operators, type).map(([ours, theirs]) => `${prefix}${theirs}: ${operandType(ours, type)}`);

function nestedTest(table, manner, operators, logic)
{
	const fields = new Map(comparable(table).map(([field, type, column]) => [field, { type, column }]));
	const ours = new Map(Object.entries(operators).map(([own, theirs]) => [theirs, own]));
	const test = (row, filter) => every(Object.entries(filter ?? {}).map(([name, operand]) => {
		if (operand === null)
		{
			return true;    // asks for nothing
		}
		if (name === logic.not)
		{
			return negated(test(row, operand));
		}
		if (name === logic.and || name === logic.or)
		{
			return (name === logic.and ? every : some)(operand.map((inner) => test(row, inner)));
		}
		const { type, column } = fields.get(name);
		return every(Object.entries(operand).map(([operator, value]) =>
			value === null || compare(type, manner, ours.get(operator), row[column], value)));
	}));
	return (row, filter) => test(row, filter) === true;
}

function flatTest(table, manner, operators, logic = {})
{
	const known = new Map(comparable(table).flatMap(([field, type, column]) =>
		usable(operators, type).map(([ours, theirs]) => [field + theirs, { ours, type, column }])));
	const test = (row, filter) => every(Object.entries(filter ?? {}).map(([name, operand]) => {
		if (name === logic.and || name === logic.or)
		{
			return operand === null || (name === logic.and ? every : some)(operand.map((inner) => test(row, inner)));
		}
		const { ours, type, column } = known.get(name) ?? {};
		return !ours || operand === null || compare(type, manner, ours, row[column], operand);
	}));
	return (row, filter) => test(row, filter) === true;
}

const utf8 = new Map();
const bytes = (text) => utf8.get(text) ?? utf8.set(text, Buffer.from(text)).get(text);

// keys: [column, type, descending, nulls first]. A database orders text by its bytes and enums as declared.
function ordered(rows, keys, database = false)
{
	const place = (type, a, b) => {
		if (database && type === 'String')
		{
			return Buffer.compare(bytes(a), bytes(b));
		}
		const [left, right] = database && type === 'Mood' ? [MOODS.indexOf(a), MOODS.indexOf(b)] : [meanings[type](a), meanings[type](b)];
		return left < right ? -1 : left > right ? 1 : 0;
	};
	return keys.length ? [...rows].sort((a, b) => {
		for (const [column, type, descending, nullsFirst] of keys)
		{
			const nulls = [a, b].map((row) => row[column] === null);
			const found = nulls[0] || nulls[1] ? (nulls[1] - nulls[0]) * (nullsFirst ? 1 : -1)
				: place(type, a[column], b[column]) * (descending ? -1 : 1);
			if (found)
			{
				return found;
			}
		}
		return 0;
	}) : rows;
}

const tables = { things, parts };
const logics = { script: { and: 'and', or: 'or', not: 'not' }, database: { and: '_and', or: '_or', not: '_not' }, graph: { and: 'and', or: 'or' } };
const byField = (table) => Object.fromEntries(comparable(table).map(([field, type, column]) => [field, [column, type]]));

const counted = (rows, { counters }, info) => {
	counters.call(info.fieldName, [], rows.length);
	return rows;
};

function scripted(table, counts)
{
	const test = nestedTest(table, manners.script, plain, logics.script);
	const find = ({ filter }) => tables[table].filter((row) => test(row, filter));
	return {
		[table]: (_, args, context, info) => counted(ordered(find(args), (args.orderBy ?? []).map(({ field, direction }) =>
			[...byField(table)[field], direction === 'DESC', true])).slice(args.offset, args.offset + Math.min(args.limit, 500)), context, info),
		...counts(find),
	};
}

// Sums, numbers, least and greatest as a database has them, by what GraphQL calls the type of the column.
const summed = { Int: 'BigInt', BigInt: 'BigInt', BigDecimal: 'BigDecimal', Float: 'Float' };
const isSummed = ([, type]) => type in summed;
const isOrdered = ([, type]) => !['Boolean', 'UUID', 'Mood'].includes(type);

const digits = (text) => (/\.(\d+)/.exec(text)?.[1] ?? '').length;

// As many digits behind the point as the value with the most of them.
function sumOf(type, values)
{
	if (type === 'Float')
	{
		return values.reduce((sum, value) => sum + value, 0);
	}
	const scale = Math.max(...values.map((value) => digits(String(value))));
	const total = values.reduce((sum, value) => sum + BigInt(String(value).replace('.', '') + '0'.repeat(scale - digits(String(value)))), 0n);
	const text = String(total < 0n ? -total : total).padStart(scale + 1, '0');
	return `${total < 0n ? '-' : ''}${text.slice(0, text.length - scale)}${scale ? `.${text.slice(-scale)}` : ''}`;
}

// Of the values that are not null, or null where there are none.
const folded = (rows, fields, fold) => Object.fromEntries(fields.map(([field, type, column]) => {
	const values = rows.map((row) => row[column]).filter((value) => value !== null);
	return [field, values.length ? fold(type, values, column) : null];
}));

const extreme = (table, rows, descending) => folded(rows, comparable(table).filter(isOrdered), (type, values, column) =>
	ordered(values.map((value) => ({ [column]: value })), [[column, type, descending, false]], true)[0][column]);
const sums = (table, rows) => folded(rows, comparable(table).filter(isSummed), sumOf);
const numberOf = (rows, list, distinct) => {
	const kept = rows.filter((row) => list.every((column) => row[column] !== null));
	return distinct ? new Set(kept.map((row) => JSON.stringify(list.map((column) => row[column])))).size : kept.length;
};
const numbers = (table, rows, distinct) => Object.fromEntries(comparable(table).map(([field, , column]) => [field, numberOf(rows, [column], distinct)]));

// Three manners: Hasura's, Prisma's, and that of a plugin of PostGraphile, where a sum of nothing is 0.
const aggregatesInDatabase = (rows) => ({
	count: ({ columns: named, distinct }) => numberOf(rows, (named ?? []).map((field) => byField('things')[field][0]), distinct),
	sum: sums('things', rows),
	avg: folded(rows, comparable('things').filter(isSummed), (type, values) => Number(sumOf(type, values)) / values.length),
	min: extreme('things', rows, false),
	max: extreme('things', rows, true),
});
const aggregatesByScript = (table, rows) => ({ _count: { _all: rows.length, ...numbers(table, rows) }, _sum: sums(table, rows), _min: extreme(table, rows, false), _max: extreme(table, rows, true) });
const aggregatesOfConnection = (rows) => ({
	sum: Object.fromEntries(Object.entries(sums('things', rows)).map(([field, sum]) => [field, sum ?? '0'])),
	distinctCount: numbers('things', rows, true),
	min: extreme('things', rows, false),
	max: extreme('things', rows, true),
});

const testPart = nestedTest('parts', manners.script, plain, logics.script);
const testDatabase = nestedTest('things', manners.database, hasura, logics.database);
const testGraph = flatTest('things', manners.graph, suffixes, logics.graph);
const testLoose = flatTest('things', manners.loose, suffixes);

const inDatabase = ({ where, order_by: order }) => ordered(things.filter((row) => testDatabase(row, where)), [order ?? []].flat().flatMap((entry) => Object.entries(entry)).map(([field, word]) =>
	[...byField('things')[field], word.startsWith('desc'), word.endsWith('first') || word === 'desc']), true);
const window = (rows, { limit, offset }) => rows.slice(offset ?? 0, (offset ?? 0) + (limit ?? rows.length));

const Query = {
	thing: (_, { id }, { counters }, info) => {
		const row = things.find((candidate) => candidate.id === id) ?? null;
		counters.lookUp(info.fieldName, 'Thing', [id], row ? 1 : 0);
		return row;
	},
	...scripted('things', (find) => ({ thingsCount: (_, args) => find(args).length })),
	...scripted('parts', (find) => ({ aggregatePart: (_, args) => aggregatesByScript('parts', find(args)) })),
	thingsDatabase: (_, args, context, info) => counted(window(inDatabase(args), args), context, info),
	thingsDatabase_aggregate: (_, args, context, info) => {
		const rows = window(inDatabase(args), args);
		return { aggregate: aggregatesInDatabase(rows), nodes: () => counted(rows, context, info) };
	},
	thingsRelay: (_, { first, after, ...args }, context, info) => {
		const rows = inDatabase(args);
		const start = Number(after ?? 0);
		const end = Math.min(start + (first ?? 50), rows.length);
		return { nodes: counted(rows.slice(start, end), context, info), totalCount: rows.length, pageInfo: { hasNextPage: end < rows.length, endCursor: String(end) }, aggregates: aggregatesOfConnection(rows) };
	},
	thingsFlat: (_, { where, orderBy, orderDirection, first, skip }, context, info) => counted(ordered(things.filter((row) => testGraph(row, where)),
		orderBy ? [[...byField('things')[orderBy], orderDirection === 'desc', true]] : []).slice(skip, skip + Math.min(first, 100)), context, info),
	thingsByArguments: (_, { page, perPage, orderBy, ...filter }, context, info) => {
		const size = Math.min(perPage, 50);
		const [, field, direction] = /^(\w+)_(ASC|DESC)$/.exec(orderBy ?? '') ?? [];
		return counted(ordered(things.filter((row) => testLoose(row, filter)), field ? [[...byField('things')[field.toLowerCase()], direction === 'DESC', true]] : [])
			.slice((page - 1) * size, page * size), context, info);
	},
};

const members = (lines) => `{\n\t${lines.join('\n\t')}\n}\n`;
const lists = { things: ['parts(filter: PartFilter): [Part!]!'], parts: [] };
const objectType = (name, table) => `type ${name} ${members([...Object.entries(columns[table]).map(([column, [, type]]) => `${camel(column)}: ${type}`), ...lists[table]])}`;
const operatorInputs = (suffix, operators) => [...new Set(Object.keys(tables).flatMap((table) => comparable(table).map(([, type]) => type)))]
	.map((type) => `input ${type}${suffix} ${members(inputs(operators, type))}`).join('');
const filterInput = (name, table, suffix, { and, or, not }) => `input ${name} ${members([...comparable(table).map(([field, type]) => `${field}: ${type}${suffix}`),
	`${and}: [${name}!]`, `${or}: [${name}!]`, `${not}: ${name}`])}`;
const fieldEnum = (name, table) => `enum ${name} ${members(comparable(table).map(([field]) => field))}`;
const scripting = (name, table) => objectType(name, table) + filterInput(`${name}Filter`, table, 'Operators', logics.script) + fieldEnum(`${name}Field`, table)
	+ `input ${name}Order ${members([`field: ${name}Field!`, 'direction: Direction! = ASC'])}`;

const fieldsOf = (name, table, has, type) => `type ${name} ${members(comparable(table).filter(has).map(([field, own]) => `${field}: ${type(own)}`))}`;
const sumsOf = (name, table, behind = '') => fieldsOf(name, table, isSummed, (type) => summed[type] + behind);
const extremesOf = (name, table) => fieldsOf(name, table, isOrdered, (type) => type);
const numbersOf = (name, table) => `type ${name} ${members(['_all: Int!', ...comparable(table).map(([field]) => `${field}: Int!`)])}`;

const ARGUMENTS = ['rank', 'whole', 'label', 'price'];
const byArguments = comparable('things').filter(([field]) => ARGUMENTS.includes(field));

const SCALARS = ['BigDecimal', 'BigInt', 'DateTime', 'LocalDateTime', 'Date', 'Time', 'UUID', 'JSON'];

const sdl = `
${SCALARS.map((name) => `scalar ${name}`).join('\n')}
type Query {
	thing(id: Int!): Thing
	"Limit and offset; at most 500 rows a page, silently."
	things(filter: ThingFilter, orderBy: [ThingOrder!], limit: Int = 100, offset: Int = 0): [Thing!]!
	thingsCount(filter: ThingFilter): Int!
	parts(filter: PartFilter, orderBy: [PartOrder!], limit: Int = 100, offset: Int = 0): [Part!]!
	aggregatePart(filter: PartFilter): AggregatePart!
	thingsRelay(where: ThingBool, order_by: [ThingOrderBy!], first: Int, after: String): ThingsConnection!
	thingsDatabase(where: ThingBool, order_by: [ThingOrderBy!], limit: Int, offset: Int): [Thing!]!
	thingsDatabase_aggregate(where: ThingBool, order_by: [ThingOrderBy!], limit: Int, offset: Int): things_aggregate!
	thingsFlat(where: ThingWhere, orderBy: ThingFlatField, orderDirection: OrderDirection, first: Int = 100, skip: Int = 0): [Thing!]!
	"Numbered pages, the first is 1; at most 50 rows a page, silently."
	thingsByArguments(page: Int = 1, perPage: Int = 50, orderBy: ThingSort, ${byArguments.flatMap(([field, type]) => inputs(suffixes, type, field)).join(', ')}): [Thing!]!
}
enum Mood ${members(MOODS)}
enum Direction { ASC DESC }
enum OrderDirection { asc desc }
enum order_by { asc asc_nulls_first asc_nulls_last desc desc_nulls_first desc_nulls_last }
${scripting('Thing', 'things')}${scripting('Part', 'parts')}
${operatorInputs('Operators', plain)}${operatorInputs('_comparison_exp', hasura)}
${filterInput('ThingBool', 'things', '_comparison_exp', logics.database)}
input ThingOrderBy ${members(comparable('things').map(([field]) => `${field}: order_by`))}
type ThingsConnection { nodes: [Thing!]! totalCount: Int! pageInfo: PageInfo! aggregates: ThingTotals }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type things_aggregate { aggregate: things_aggregate_fields nodes: [Thing!]! }
enum things_select_column ${members(comparable('things').map(([field]) => field))}
type things_aggregate_fields { count(columns: [things_select_column!], distinct: Boolean): Int! sum: things_sum_fields avg: things_avg_fields min: things_min_fields max: things_max_fields }
${sumsOf('things_sum_fields', 'things')}${fieldsOf('things_avg_fields', 'things', isSummed, () => 'Float')}${extremesOf('things_min_fields', 'things')}${extremesOf('things_max_fields', 'things')}
type ThingTotals { sum: ThingSums distinctCount: ThingNumbers min: ThingExtremes max: ThingExtremes }
${sumsOf('ThingSums', 'things', '!')}${extremesOf('ThingExtremes', 'things')}${numbersOf('ThingNumbers', 'things')}
type AggregatePart { _count: PartNumbers! _sum: PartSums _min: PartExtremes _max: PartExtremes }
${sumsOf('PartSums', 'parts')}${extremesOf('PartExtremes', 'parts')}${numbersOf('PartNumbers', 'parts')}
input ThingWhere ${members([...comparable('things').flatMap(([field, type]) => inputs(suffixes, type, field)), 'and: [ThingWhere!]', 'or: [ThingWhere!]'])}
${fieldEnum('ThingFlatField', 'things')}
enum ThingSort ${members(byArguments.flatMap(([field]) => [`${field.toUpperCase()}_ASC`, `${field.toUpperCase()}_DESC`]))}
`;

export const thingsSchema = createSchema({
	typeDefs: sdl,
	resolvers: { ...Object.fromEntries(SCALARS.map((name) => [name, scalars[name]])), Query,
		Thing: { parts: (thing, { filter }, context, info) => counted(parts.filter((row) => row.thing_id === thing.id && testPart(row, filter)), context, info) },
		Part: { thingId: (row) => row.thing_id } },
});
