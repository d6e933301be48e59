// Which rows does every API serve whose answers are compared with local tables? Columns of every type that are
// full of what comparisons trip over: NULLs, duplicates, extremes, text that differs in case or blanks only,
// fractions of a millisecond. The rows are the same each time.
export const THINGS = 240;
export const PARTS = 420;

const SECOND = 1_000_000n;    // in microseconds

// A well mixed number below `bound`, the same for the same n and salt.
function pick(n, salt, bound)
{
	let x = Math.imul(n + 11, 0x9e3779b1) ^ Math.imul(salt + 7, 0x85ebca6b);
	x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
	x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
	return ((x ^ (x >>> 15)) >>> 0) % bound;
}

const among = (values, n, salt) => values[pick(n, salt, values.length)];
const maybe = (n, salt, every, value) => pick(n, salt, every) === 0 ? null : value;

const WORDS = ['apple', 'Apple', 'APPLE', 'äpfel', 'Äpfel', 'straße', 'STRASSE', '', ' ', 'apple ', "O'Brien", '"quoted"', '100%', '100', '10_0',
	'back\\slash', '\\', '%', '_', 'a,b', '{}', 'NULL', 'null', '𝄞 clef', '～wide', 'zebra', 'Zebra', 'ß', '$1', '$words', 'line\nbreak', 'tab\tbed', 'ﬁn', 'é', 'e\u0301'];
const CODES = ['a', 'A', 'b', 'B', 'ab', 'aB', '1', '01', '10', '9', '-1', '1e1'];
const FIXED = ['ab', 'AB', 'abcd', 'a', '', 'é'];
export const MOODS = ['LOW', 'MID', 'HIGH', 'ALSO'];
const TAGS = ['new', 'New', '', 'a,b', 'with "quotes"', 'NULL', '{}', '\\'];
const INTS = [0, 1, -1, 5, 5, 7, 10, 100, 1000, -1000, 2147483647, -2147483648, 2147483646];
const SMALLS = [0, 1, -1, 7, 7, 32767, -32768];
const BIGS = ['0', '1', '-1', '5', '7', '9007199254740992', '9007199254740993', '-9007199254740993', '9223372036854775807', '-9223372036854775808', '4294967296'];
const EXACTS = ['0', '0.1', '0.10000000000000000001', '5', '7', '-7.5', '100.01', '99999999999999999999.999999999', '-99999999999999999999.999999999', '0.000000000000000000001', '2.50'];
const FLOATS = [0, 0.1, 0.2, 0.30000000000000004, 0.3, 1.5, -1.5, 5, 7, 1e300, -1e300, 1e-300, 9007199254740993, 16777217];
const SINGLES = [0, 0.1, 0.25, 1.5, -1.5, 5, 7, 16777216, 3.4e38, 1e-38].map(Math.fround);
const DAYS = ['0001-01-01', '0100-02-28', '1970-01-01', '1999-12-31', '2000-02-29', '2024-02-29', '2024-03-01', '9999-12-31'];
const CLOCKS = ['00:00:00', '00:00:00.000001', '05:30:00', '12:00:00', '12:00:00.5', '23:59:59.999999'];
const DOCUMENTS = [{}, [], { a: 1 }, { a: 1.0, b: null }, { a: '1' }, ['a', 1, null], { deep: { list: [1, { x: 'ü' }] } }, { a: 'it\'s "it"' }];

const padded = (n, width) => String(n).padStart(width, '0');

// Text of a point in time: microseconds since 1970 as "2024-01-01 00:00:00.000001", with the given letters
// between and behind.
function instant(micros, between = 'T', behind = 'Z')
{
	const seconds = micros / SECOND - (micros % SECOND < 0n ? 1n : 0n);
	const rest = micros - seconds * SECOND;
	const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', between);
	return `${text}${rest ? `.${padded(rest, 6)}` : ''}${behind}`;
}

// Six points in each millisecond of a few, and others far away.
function micros(n, salt)
{
	if (pick(n, salt, 3) === 0)
	{
		return 1_700_000_000n * SECOND + BigInt(pick(n, salt + 1, 4)) * 1000n + among([0n, 1n, 499n, 500n, 999n], n, salt + 2);
	}
	return (BigInt(pick(n, salt + 1, 80_000)) - 20_000n) * 86_400n * SECOND / 2n + BigInt(pick(n, salt + 2, 3)) * 123_457n;
}

const uuid = (n) => [8, 4, 4, 4, 12].map((length, part) =>
	Array.from({ length }, (_, i) => pick(n, 100 + part * 16 + i, 16).toString(16)).join('')).join('-');

function thing(id)
{
	return {
		id,
		rank: pick(id, 1, 40),
		label: `${among(WORDS, id, 2)}${id % 3 ? '' : id}`,
		price: `${pick(id, 3, 400)}.${padded(pick(id, 4, 100), 2)}`,
		small: maybe(id, 5, 6, among(SMALLS, id, 6)),
		whole: maybe(id, 7, 6, pick(id, 8, 3) ? pick(id, 9, 50) - 10 : among(INTS, id, 10)),
		big: maybe(id, 11, 6, among(BIGS, id, 12)),
		exact: maybe(id, 13, 6, pick(id, 14, 3) ? `${pick(id, 15, 30) - 10}.${padded(pick(id, 16, 100), 2)}${1 + pick(id, 81, 9)}` : among(EXACTS, id, 17)),
		single: maybe(id, 18, 6, among(SINGLES, id, 19)),
		double: maybe(id, 20, 6, pick(id, 21, 2) ? pick(id, 22, 400) / 8 - 10 : among(FLOATS, id, 23)),
		flag: maybe(id, 24, 5, pick(id, 25, 2) === 0),
		words: maybe(id, 26, 6, among(WORDS, id, 27)),
		code: maybe(id, 28, 6, among(CODES, id, 29)),
		fixed: maybe(id, 30, 6, among(FIXED, id, 31).padEnd(4)),
		token: maybe(id, 32, 6, uuid(pick(id, 33, 60))),
		day: maybe(id, 34, 6, pick(id, 35, 2) ? new Date(Date.UTC(2024, 0, pick(id, 36, 90))).toISOString().slice(0, 10) : among(DAYS, id, 37)),
		clock: maybe(id, 38, 6, among(CLOCKS, id, 39)),
		at: maybe(id, 40, 6, instant(micros(id, 41))),
		moment: maybe(id, 44, 6, instant(micros(id, 45), 'T', '')),
		seen: instant(BigInt(pick(id, 49, 2_000_000)) * 1000n * SECOND + BigInt(pick(id, 50, 4)) * 250_000n),
		mood: maybe(id, 51, 6, among(MOODS, id, 52)),
		document: maybe(id, 53, 6, among(DOCUMENTS, id, 54)),
		tags: maybe(id, 55, 6, Array.from({ length: pick(id, 56, 4) }, (_, i) => among(TAGS, id, 57 + i))),
		numbers: maybe(id, 61, 6, Array.from({ length: pick(id, 62, 4) }, (_, i) => among(INTS, id, 63 + i))),
	};
}

// Some parts belong to nothing, some to what does not exist, most to a few things.
function part(id)
{
	return {
		id,
		thing_id: maybe(id, 70, 9, pick(id, 71, 11) ? 1 + pick(id, 72, pick(id, 73, 2) ? 30 : THINGS) : THINGS + 1 + pick(id, 74, 9)),
		position: pick(id, 75, 12),
		amount: maybe(id, 76, 7, `${pick(id, 77, 900)}.${padded(pick(id, 78, 100), 2)}`),
		note: maybe(id, 79, 5, among(WORDS, id, 80)),
	};
}

const numbered = (count, make) => Array.from({ length: count }, (_, i) => make(i + 1));

export const things = numbered(THINGS, thing);
export const parts = numbered(PARTS, part);

// Column -> its SQL type, and the GraphQL type that APIs of this project's own give it.
export const columns = {
	things: {
		id: ['integer PRIMARY KEY', 'Int!'],
		rank: ['integer NOT NULL', 'Int!'],
		label: ['text NOT NULL', 'String!'],
		price: ['numeric NOT NULL', 'BigDecimal!'],
		small: ['smallint', 'Int'],
		whole: ['integer', 'Int'],
		big: ['bigint', 'BigInt'],
		exact: ['numeric', 'BigDecimal'],
		single: ['real', 'Float'],
		double: ['double precision', 'Float'],
		flag: ['boolean', 'Boolean'],
		words: ['text', 'String'],
		code: ['character varying', 'String'],
		fixed: ['character(4)', 'String'],
		token: ['uuid', 'UUID'],
		day: ['date', 'Date'],
		clock: ['time without time zone', 'Time'],
		at: ['timestamp with time zone', 'DateTime'],
		moment: ['timestamp without time zone', 'LocalDateTime'],
		seen: ['timestamp with time zone NOT NULL', 'DateTime!'],
		mood: ['mood', 'Mood'],
		document: ['jsonb', 'JSON'],
		tags: ['text[]', '[String!]'],
		numbers: ['integer[]', '[Int!]'],
	},
	parts: {
		id: ['integer PRIMARY KEY', 'Int!'],
		thing_id: ['integer', 'Int'],
		position: ['integer NOT NULL', 'Int!'],
		amount: ['numeric', 'BigDecimal'],
		note: ['text', 'String'],
	},
};

const literal = (text) => `'${text.replaceAll("'", "''")}'`;

// The SQL that makes a table of such rows with columns of those names. `mood`: the type of the one so called.
export function tableSql(schema, table, rows, names, mood)
{
	const list = names.map((name) => `"${name}" ${name === 'mood' ? mood : columns[table][name][0]}`);
	return `CREATE TABLE ${schema}.${table} (${list.join(', ')});
		INSERT INTO ${schema}.${table} SELECT * FROM json_populate_recordset(NULL::${schema}.${table}, ${literal(JSON.stringify(rows))});
		ANALYZE ${schema}.${table};`;
}

export const moodSql = (schema) => `CREATE TYPE ${schema}.mood AS ENUM (${MOODS.map(literal).join(', ')});`;
