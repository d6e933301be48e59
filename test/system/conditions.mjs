// What may stand in a WHERE clause? Conditions over the columns of generated tables, drawn by chance: every operator,
// constants out of the data and others, NULLs, casts, parameters, and what can only be checked locally.

// Numbers by chance, the same ones for the same seed.
export class Chance
{
	#state;

	constructor(seed)
	{
		this.#state = seed >>> 0;
	}

	// Below `bound`, and at least 0.
	below(bound)
	{
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let t = this.#state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return Math.floor(((t ^ (t >>> 14)) >>> 0) / 2 ** 32 * bound);
	}

	percent(share)
	{
		return this.below(100) < share;
	}

	of(list)
	{
		return list[this.below(list.length)];
	}

	// Between `least` and `most` different ones.
	some(list, least, most)
	{
		const left = [...list];
		const count = Math.min(left.length, least + this.below(most - least + 1));
		return Array.from({ length: count }, () => left.splice(this.below(left.length), 1)[0]);
	}
}

export const quote = (text) => `'${String(text).replaceAll("'", "''")}'`;

const NUMBERS = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'];
const TEXTS = ['text', 'character varying', 'character(4)'];
const TIMES = ['date', 'timestamp with time zone', 'timestamp without time zone'];

// Values that no row has, or that are at the edge of the type.
const OTHERS = {
	'smallint': [3, 32767, -32768], 'integer': [12345, 2147483647, -2147483648], 'bigint': ['9223372036854775807', '-9223372036854775808', '9007199254740994'],
	'numeric': ['0.5', '99999999999999999999.9999999991', '-1e-30', '1e30', 'NaN'], 'real': ['0.1', '3e38', 'Infinity'], 'double precision': ['0.1', '0.30000000000000003', '-Infinity', 'NaN'],
	'text': ['none', 'aPPLe', 'a', '~', '\u{1F600}'], 'character varying': ['none', 'a '], 'character(4)': ['ab', 'ab ', 'zzzz'],
	'uuid': ['00000000-0000-0000-0000-000000000000', 'ABCDEF00-1234-5678-9ABC-DEF012345678'],
	'date': ['2024-02-10', '1900-01-01', 'infinity'], 'time without time zone': ['12:00:00.25', '24:00:00'],
	'timestamp with time zone': ['2023-11-14 22:13:20.0005Z', '2024-06-01 00:00:00+02', '-infinity', '1969-12-31 23:59:59.999999Z'],
	'timestamp without time zone': ['2023-11-14 22:13:20.0005', '2024-06-01 00:00:00', 'infinity'],
	'boolean': ['true', 'false'], 'mood': ['LOW', 'HIGH'], 'jsonb': ['{"a": 1}', '{}', 'null'], 'text[]': ['{}', '{new}'], 'integer[]': ['{}', '{5}'],
};

// Types a constant may have beside the column's own.
const CASTS = {
	'smallint': ['integer', 'bigint', 'numeric', 'double precision'], 'integer': ['smallint', 'bigint', 'numeric', 'double precision'],
	'bigint': ['numeric', 'double precision'], 'numeric': ['double precision'], 'real': ['double precision', 'numeric'], 'double precision': ['real', 'numeric'],
	'text': ['varchar', 'char(9)', 'name'], 'character varying': ['text'], 'character(4)': ['text', 'varchar'],
	'date': ['timestamp', 'timestamptz'], 'timestamp with time zone': ['timestamp', 'date'], 'timestamp without time zone': ['timestamptz', 'date'],
};

// Expressions that are constants to a query.
const COMPUTED = {
	'integer': ['(SELECT max(n) FROM keys)', "length('seven77')", '(2 + 3)', 'current_setting(\'server_version_num\')::int / 10000'],
	'numeric': ['round(99.5)', '(SELECT avg(n) FROM keys)'],
	'text': ["lower('APPLE')", "'app' || 'le'", '(SELECT max(word) FROM keys)'],
	'boolean': ['(SELECT count(*) > 3 FROM keys)'],
	'date': ['current_date', "current_date - 400"],
	'timestamp with time zone': ['now()', "now() - interval '3 years'", 'statement_timestamp()', 'current_date'],
	'timestamp without time zone': ['localtimestamp', "now()"],
};

// Too great or too small for it.
const isNoReal = (type, value) => type === 'real' && Number(value) !== 0 && (Math.abs(Number(value)) < 1e-37 || Math.abs(Number(value)) > 3e38);
const isArray = (type) => type.endsWith('[]');
const textOf = (type, value) => isArray(type) ? `{${value.map((v) => `"${String(v).replace(/["\\]/g, '\\$&')}"`).join(',')}}`
	: type === 'jsonb' ? JSON.stringify(value) : String(value);

// A table as the generator knows it: its alias, its columns with their types and the values that occur.
export class Conditions
{
	#chance;
	#table;
	#parameters;

	// parameters: null, or a list that gets { type, value } for each $1, $2 ... used.
	constructor(chance, table, parameters = null)
	{
		this.#chance = chance;
		this.#table = table;
		this.#parameters = parameters;
	}

	column(name)
	{
		return `${this.#table.alias}."${name}"`;
	}

	#type(name)
	{
		return this.#table.columns[name];
	}

	// Text of a value for comparisons with the column.
	#value(name)
	{
		const type = this.#type(name);
		const found = this.#chance.percent(75) ? this.#chance.of(this.#table.values[name]) : undefined;
		return found === undefined ? String(this.#chance.of(OTHERS[type])) : textOf(type, found);
	}

	#written(value, type)
	{
		const plain = /^-?\d+(\.\d+)?$/.test(value) && NUMBERS.includes(type);
		return plain && this.#chance.percent(50) ? (value.startsWith('-') ? `(${value})` : value)
			: this.#chance.percent(50) ? quote(value) : `${quote(value)}::${type}`;
	}

	// Constants to compare the column with, some of them NULL.
	constants(name, count)
	{
		const type = this.#type(name);
		return Array.from({ length: count }, () => this.#chance.percent(10) ? `NULL::${type}` : `${quote(this.#value(name))}::${type}`);
	}

	// An expression that has no column of the table in it.
	operand(name)
	{
		const type = this.#type(name);
		if (this.#chance.percent(3))
		{
			return `NULL::${type}`;
		}
		if (COMPUTED[type] && this.#chance.percent(12))
		{
			return this.#chance.of(COMPUTED[type]);
		}
		const value = this.#value(name);
		if (this.#parameters && this.#chance.percent(70))
		{
			this.#parameters.push({ type, value: this.#chance.percent(6) ? null : value });
			return `$${this.#parameters.length}`;
		}
		const cast = CASTS[type] && this.#chance.percent(15) ? this.#chance.of(CASTS[type]) : null;
		if (cast && !['smallint', 'integer', 'bigint'].includes(cast))
		{
			return /^-?(Infinity|NaN|infinity)/.test(value) || isNoReal(cast, value) ? `${quote(value)}::${type}` : `${quote(value)}::${type}::${cast}`;
		}
		return cast && Math.abs(Number(value)) < 32000 ? `${quote(value)}::${cast}` : this.#written(value, type);
	}

	#list(name, least, most)
	{
		const items = Array.from({ length: least + this.#chance.below(most - least + 1) }, () => this.#chance.percent(4) ? 'NULL'
			: quote(this.#value(name)));
		return items.length ? items : [quote(this.#value(name))];
	}

	// A pattern near the text: its beginning, middle or end, with other letters here and there.
	#pattern(name)
	{
		const letters = [...this.#value(name)];
		const from = this.#chance.below(Math.max(letters.length - 1, 1));
		const part = letters.slice(from, from + 1 + this.#chance.below(4)).join('').replace(/\\/g, this.#chance.percent(80) ? '\\\\' : '');
		const escaped = this.#chance.percent(50) ? part.replace(/[%_]/g, '\\$&') : part;
		const made = this.#chance.of([`${escaped}%`, `%${escaped}%`, `%${escaped}`, escaped, `_${escaped}%`, '%', '']);
		return quote(/(^|[^\\])(\\\\)*\\$/.test(made) ? '%' : made);
	}

	#equality(name)
	{
		const [column, chance] = [this.column(name), this.#chance];
		const type = this.#type(name);
		switch (chance.below(9))
		{
			case 0: return `${column} IN (${this.#list(name, 1, 5).join(', ')})`;
			case 1: return `${column} NOT IN (${this.#list(name, 1, 4).join(', ')})`;
			case 2: return `${column} = ANY (ARRAY[${this.#list(name, 0, 5).join(', ')}]::${type}[])`;
			case 3: return `${column} <> ALL (ARRAY[${this.#list(name, 0, 3).join(', ')}]::${type}[])`;
			case 4: return `${column} <> ${this.operand(name)}`;
			case 5: return `${column} IS ${chance.of(['', 'NOT '])}DISTINCT FROM ${this.operand(name)}`;
			case 6: return `${this.operand(name)} = ${column}`;
			default: return `${column} = ${this.operand(name)}`;
		}
	}

	#inequality(name)
	{
		const [column, chance] = [this.column(name), this.#chance];
		switch (chance.below(6))
		{
			case 0: return `${column} BETWEEN ${this.operand(name)} AND ${this.operand(name)}`;
			case 1: return `${column} NOT BETWEEN ${this.operand(name)} AND ${this.operand(name)}`;
			case 2: return `${this.operand(name)} ${chance.of(['<', '<=', '>', '>='])} ${column}`;
			default: return `${column} ${chance.of(['<', '<=', '>', '>='])} ${this.operand(name)}`;
		}
	}

	// What no API is asked.
	#local(name)
	{
		const [column, type, chance] = [this.column(name), this.#type(name), this.#chance];
		const other = chance.of(Object.keys(this.#table.columns).filter((n) => this.#type(n) === type));
		const by = NUMBERS.slice(0, 4).includes(type) ? [`abs(${column}::numeric) > 5`, `coalesce(${column}, 7) = 7`, `${column}::numeric + 1 = 6`]
			: NUMBERS.includes(type) ? [`${column} * 0.5 > 1`, `coalesce(${column}, 1) > 0.5`]
			: TEXTS.includes(type) ? [`lower(${column}) = 'apple'`, `length(${column}) > 4`, `${column} || 'x' > 'm'`, `${column} ~ '^[a-m]'`, `starts_with(${column}, 'a')`,
				`${column} COLLATE blind = 'APPLE'`, `${column} COLLATE blind IN ('ZEBRA', 'none')`, `${column} < 'b' COLLATE "en-x-icu"`, `nullif(${column}, '') IS NULL`]
			: type === 'jsonb' ? [`${column} ->> 'a' = '1'`, `${column} @> '{"a": 1}'`, `${column} ? 'a'`, `${column} = '{"a": 1}'`, `jsonb_typeof(${column}) = 'object'`, `${column} < '[]'`]
			: type === 'text[]' ? [`'new' = ANY (${column})`, `${column} @> ARRAY['new']`, `${column} = '{new}'`, `cardinality(${column}) > 1`, `${column}[1] = 'NULL'`]
			: type === 'integer[]' ? [`5 = ANY (${column})`, `${column} && ARRAY[5, 7]`, `${column} = '{}'`, `${column} > '{5}'`, `7 <> ALL (${column})`]
			: TIMES.includes(type) ? [`${column}::date = '2023-11-15'`, `date_part('year', ${column}) = 2024`, `${column} + interval '1 day' > '2024-01-01'`]
			: type === 'mood' ? [`${column}::text < 'LOW'`, `${column}::text LIKE '%I%'`]
			: [`${column}::text > '5'`];
		return chance.of([...by, `${column} ${chance.of(['=', '<', '<>'])} ${this.column(other)}`, `(${column}, ${this.column(other)}) < (${this.operand(name)}, ${this.operand(other)})`,
			`CASE WHEN ${column} IS NULL THEN true ELSE random() >= 0 END`]);
	}

	// One comparison of a column.
	leaf(name = this.#chance.of(Object.keys(this.#table.columns)))
	{
		const [column, type, chance] = [this.column(name), this.#type(name), this.#chance];
		if (chance.percent(10))
		{
			return `${column} IS ${chance.of(['', 'NOT '])}NULL`;
		}
		if (chance.percent(12) || isArray(type) || type === 'jsonb')
		{
			return this.#local(name);
		}
		if (type === 'boolean')
		{
			return chance.of([column, `NOT ${column}`, `${column} IS ${chance.of(['TRUE', 'NOT TRUE', 'FALSE', 'NOT FALSE', 'UNKNOWN'])}`, this.#equality(name)]);
		}
		if (TEXTS.includes(type) && chance.percent(30))
		{
			return `${column} ${chance.of(['LIKE', 'LIKE', 'NOT LIKE', 'ILIKE', 'NOT ILIKE'])} ${this.#pattern(name)}${chance.percent(8) ? " ESCAPE '!'" : ''}`;
		}
		return chance.percent(50) ? this.#equality(name) : this.#inequality(name);
	}

	// AND, OR and NOT over comparisons.
	tree(depth)
	{
		const chance = this.#chance;
		if (depth === 0 || chance.percent(25))
		{
			return this.leaf();
		}
		const inner = () => this.tree(depth - 1);
		switch (chance.below(8))
		{
			case 0: return `NOT (${inner()})`;
			case 1: return `(${inner()}) IS ${chance.of(['TRUE', 'NOT TRUE', 'NOT FALSE', 'NOT NULL'])}`;
			case 2:
			case 3:
			case 4: return `(${inner()}) AND (${inner()})`;
			default: return `(${inner()}) OR (${inner()})`;
		}
	}

	// A comparison that every API can be asked and that few rows meet.
	anchor()
	{
		const chance = this.#chance;
		if (chance.percent(15))
		{
			return `${this.column('id')} IN (${Array.from({ length: 1 + chance.below(12) }, () => chance.of(this.#table.values.id)).join(', ')})`;
		}
		const name = chance.of(this.#table.anchors);
		const values = [...this.#table.values[name]].sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
		const at = chance.below(Math.ceil(values.length * 0.8));
		const [low, high] = [values[at], values[Math.min(at + Math.ceil(values.length * 0.15), values.length - 1)]].map((value) => this.#anchored(name, value));
		const column = this.column(name);
		return chance.of([`${column} BETWEEN ${low} AND ${high}`, `${column} >= ${low} AND ${column} < ${high}`, `${column} > ${high}`, `${column} < ${low}`,
			`${low} <= ${column} AND ${high} >= ${column}`]);
	}

	#anchored(name, value)
	{
		const type = this.#type(name);
		if (this.#parameters && this.#chance.percent(70))
		{
			this.#parameters.push({ type, value: String(value) });
			return `$${this.#parameters.length}`;
		}
		return NUMBERS.includes(type) ? String(value) : quote(value);
	}

	// An anchor nearly always, and more.
	where()
	{
		const parts = [];
		if (this.#chance.percent(88))
		{
			parts.push(this.anchor());
		}
		if (!parts.length || this.#chance.percent(65))
		{
			parts.push(`(${this.tree(this.#chance.below(4))})`);
		}
		return parts.join(' AND ');
	}
}
