// Does graphql_query() take the same documents for queries as the parser of the graphql package does?
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test, before, after } from 'node:test';
import { prepare, reset, stats } from './session.mjs';

const { Lexer, Source, isExecutableDefinitionNode, parse } =
	createRequire(new URL('../server/main.mjs', import.meta.url))('graphql');

// Nobody listens there: a document that is accepted fails to be sent, with this.
const ACCEPTED = '08001';
const NO_QUERY = '0A000';
const NO_DOCUMENT = '22023';
const AMBIGUOUS_COMMENT = /[\u0000-\u0008\u000b-\u001f\u0085\u2028\u2029]/;

let session;
before(async () => {
	session = await prepare('documents', 'http://127.0.0.1:1/graphql', ", max_retries '0'");
	await session.run(`CREATE SERVER documents_api FOREIGN DATA WRAPPER graphql_fdw OPTIONS (url '${process.env.GRAPHQL_FDW_API}');
		CREATE FUNCTION outcome(document text, operation text, server name DEFAULT 'documents') RETURNS text LANGUAGE plpgsql AS $$
		BEGIN
			PERFORM graphql_query(server, document, operation => operation);
			RETURN 'ok';
		EXCEPTION WHEN OTHERS THEN
			RETURN SQLSTATE;
		END $$;`);
});
after(async () => {
	await session.run('DROP SERVER documents, documents_api CASCADE; DROP SCHEMA documents CASCADE;');
	await session.close();
	await reset();
});

// Comments that some servers end elsewhere are the one thing the package accepts and we do not.
function hasAmbiguousComment(document)
{
	const lexer = new Lexer(new Source(document));
	let end = lexer.token;
	while (end.kind !== '<EOF>')
	{
		end = lexer.advance();
	}
	for (let { token } = { token: end }; token; token = token.prev)
	{
		if (token.kind === 'Comment' &&
			(AMBIGUOUS_COMMENT.test(token.value) || /^\r(?!\n)/.test(document.slice(token.end))))
		{
			return true;
		}
	}
	return false;
}

function expected({ document, operation })
{
	let definitions;
	try
	{
		({ definitions } = parse(document, { noLocation: true }));
	}
	catch
	{
		return NO_DOCUMENT;
	}
	const operations = definitions.filter(({ kind, name }) =>
		kind === 'OperationDefinition' && (!operation || name?.value === operation));
	if (!definitions.every(isExecutableDefinitionNode) || operations.length !== 1 || hasAmbiguousComment(document))
	{
		return NO_DOCUMENT;
	}
	return operations[0].operation === 'query' ? ACCEPTED : NO_QUERY;
}

const literal = (text) => `'${text.replaceAll("'", "''")}'`;
const ascii = (value) => JSON.stringify(value).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

// The SQLSTATE each document ends in.
async function outcomes(cases, server = 'documents')
{
	const output = await session.run(`SELECT outcome(document, operation, ${literal(server)})
		FROM ROWS FROM (jsonb_to_recordset(${literal(ascii(cases))}) AS (document text, operation text)) WITH ORDINALITY c(document, operation, n)
		ORDER BY n;`);
	return output.split('\n');
}

async function compare(cases)
{
	const found = await outcomes(cases);
	assert.equal(found.length, cases.length, found.slice(0, 3).join('\n'));
	const wrong = cases.map((one, i) => ({ ...one, expected: expected(one), found: found[i] }))
		.filter((one) => one.expected !== one.found);
	assert.deepEqual(wrong, []);
	return found;
}

const plain = (documents) => documents.map((document) => ({ document }));

// Nobody may take one of these for a query.
const DISGUISED = [
	...plain([
		'mutation { touch(id: 1) }',
		'\uFEFFmutation { touch(id: 1) }',
		'\uFEFF\uFEFF,, \t\r\n mutation M { touch(id: 1) }',
		'# query { a }\nmutation { touch(id: 1) }',
		'#\r\nmutation { touch(id: 1) }',
		'# query { a } \r mutation { touch(id: 1) }',
		'#\u2028 mutation { touch(id: 1) }\n{ __typename }',
		'# \u2028 mutation M { touch(id: 1) q(x: "\nquery M { __typename } # ") }',
		'#\rquery M { a(x: ["""\nmutation M { touch(id: 1) } #"""]) }',
		'query M { a(x: [#\r"""\n]) } mutation M { touch(id: 1) } #""" ]) }',
		'mutation query { touch(id: 1) }',
		'mutation @include(if: true) { touch(id: 1) }',
		'mutation M @skip(if: false) { ... on Mutation { touch(id: 1) } }',
		'mutation($query: Int = 1) { query: touch(id: $query) }',
		'fragment query on Query { __typename } mutation { touch(id: 1) }',
		'fragment F on Mutation { touch(id: 1) } mutation { ...F }',
		'mutation { ...F } fragment F on Mutation { touch(id: 1) }',
		'"query { a }" mutation { touch(id: 1) }',
		'"""\nquery { a }\n""" mutation { touch(id: 1) }',
		'""" \\""" query { a } """ mutation { touch(id: 1) }',
		'"""{""" mutation { touch(id: 1) }',
		'{ __typename } mutation { touch(id: 1) }',
		'query { __typename } mutation { touch(id: 1) }',
		'mutation { touch(id: 1) } query { __typename }',
		'{ a(x: "\\") } mutation { touch(id: 1) } #") }\n mutation { touch(id: 1) }',
		'query { a(x: "\n") } mutation { touch(id: 1) } #") }',
		'query { a(x: "\\u000A\\") } mutation { touch(id: 1) }") }}',
		'query mutation { touch(id: 1) ',
		'query } mutation { touch(id: 1) }',
		'{ a } } mutation { touch(id: 1) } {',
		'MUTATION { touch(id: 1) }',
		'\u00a0mutation { touch(id: 1) }',
		'mu\u200btation { touch(id: 1) }',
		'subscription { tick }',
		'subscription mutation { tick }',
		'extend type Query { a: Int } mutation { touch(id: 1) }',
		'type query { a: Int }',
		'', ' ', '#', '# mutation', '\uFEFF', '""', '{', '}', 'query', 'mutation', 'query Q', '{}', 'null', '[]',
		'query { a(x: "unterminated) } mutation { touch(id: 1) }',
		'query { a(x: """unterminated") } mutation { touch(id: 1) }',
		'query{a}mutation{touch(id:1)}',
	]),
	...[
		['query Q { __typename } mutation M { touch(id: 1) }', 'M'],
		['mutation M { touch(id: 1) } query Q { __typename }', 'M'],
		['{ __typename } mutation M { touch(id: 1) }', 'M'],
		['query M { __typename } mutation M { touch(id: 1) }', 'M'],
		['mutation M { touch(id: 1) } mutation M { touch(id: 2) }', 'M'],
		['query m { __typename } mutation M { touch(id: 1) }', 'M'],
		['mutation M { touch(id: 1) }', 'Q'],
		['mutation { touch(id: 1) }', 'mutation'],
		['query Q { __typename } mutation M { touch(id: 1) }', 'M '],
		['query Q { __typename } mutation M { touch(id: 1) }', ''],
	].map(([document, operation]) => ({ document, operation })),
];

test('no disguise makes a mutation a query', async () => {
	const found = await compare(DISGUISED);
	assert.deepEqual(found.filter((state) => state === ACCEPTED), []);
	await reset();
	assert.deepEqual((await outcomes(DISGUISED, 'documents_api')).filter((state) => ![NO_QUERY, NO_DOCUMENT].includes(state)), []);
	const { requests, mutations } = await stats();
	assert.deepEqual({ requests, mutations }, { requests: 0, mutations: 0 });
});

const INNOCENT = [
	...plain([
		'{ mutation }', '{ mutation: touch { mutation } }', 'query mutation { subscription }', '{ ...mutation } fragment mutation on mutation { mutation }',
		'query($mutation: mutation = mutation) @mutation(mutation: mutation) { mutation(mutation: $mutation) @mutation }',
		'\uFEFF{ a }', 'query#mutation{\n{a}', '{ a(x: "} mutation { b") }', '{ a(x: """\n} mutation { \\""" b\n""") }',
		'{ a(x: """ \\""") } mutation { touch(id: 1) } #""") }', '{ a(x: """ "" \\" """) }', '{ a(x: "\\\\\\"} mutation {") }', '{ a(x: "\u2028\u0085", y: """\r\u2028""") }',
		'{ ... { a } ... @include(if: $x) { a } ... on mutation { a } }', '"described" query { a }',
		'{ a(x: [], y: {}, z: [[$a], {b: -0.5e+10}], n: null, e: E) }', '{a,b,,c}', '#\n#\r\n{a}#',
	]),
	{ document: 'query Q { a } mutation M { b }', operation: 'Q' },
	{ document: 'mutation Q1 { a } query Q { a } subscription S { c }', operation: 'Q' },
	{ document: '{ a }', operation: '' },
];

test('what only looks like a mutation is a query', async () => {
	const found = await compare(INNOCENT);
	assert.deepEqual(found.filter((state) => state !== ACCEPTED), []);
});

// A generator with a seed of its own, so that a failure can be seen again.
function random(seed)
{
	let state = seed;
	return (n) => {
		state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
		return (state >>> 8) % n;
	};
}

const NAMES = ['a', 'on', 'query', 'mutation', 'subscription', 'fragment', 'true', 'null', '_', 'B2'];
const VALUES = ['1', '-0', '1.5e-3', 'E', 'true', 'null', '"s"', '"\\u0041\\n"', '""', '"""b"""', '"""\\""" " """', '"} mutation {"', '[]', '{}'];
const IGNORED = ['', '', '', ' ', '\n', ',', '\t', '\r\n', '\uFEFF', '# mutation { a }\n', '#"""\n', '#{\r\n'];
const STRAY = ['{', '}', '(', ')', '[', ']', '"', '"""', '\\', '$', '@', '!', ':', '=', '&', '|', '...', '.', '-', '0', '1.', "'", '\u00a0',
	'#', '\r', '#\u2028', 'mutation', 'query', 'fragment', 'on', 'type T', 'extend', '\u{1F600}'];

class Generator
{
	constructor(seed)
	{
		this.below = random(seed);
	}

	one(list)
	{
		return list[this.below(list.length)];
	}

	some(most, make, least = 0)
	{
		return Array.from({ length: least + this.below(most - least + 1) }, () => make()).flat();
	}

	maybe(make)
	{
		return this.below(3) === 0 ? make() : [];
	}

	value(constant, depth = 2)
	{
		switch (depth > 0 ? this.below(8) : 8)
		{
			case 0: return ['[', ...this.some(3, () => this.value(constant, depth - 1)), ']'];
			case 1: return ['{', ...this.some(2, () => [this.one(NAMES), ':', ...this.value(constant, depth - 1)]), '}'];
			case 2: return constant ? ['1'] : ['$', this.one(NAMES)];
			default: return [this.one(VALUES)];
		}
	}

	arguments(constant)
	{
		return this.maybe(() => ['(', ...this.some(2, () => [this.one(NAMES), ':', ...this.value(constant)], 1), ')']);
	}

	directives(constant)
	{
		return this.maybe(() => ['@', this.one(NAMES), ...this.arguments(constant)]);
	}

	type()
	{
		return [...(this.below(3) === 0 ? ['[', ...this.type(), ']'] : [this.one(NAMES)]), ...this.maybe(() => ['!'])];
	}

	selections(depth)
	{
		return ['{', ...this.some(3, () => this.selection(depth), 1), '}'];
	}

	selection(depth)
	{
		switch (this.below(8))
		{
			case 0: return ['...', this.one(NAMES.filter((name) => name !== 'on')), ...this.directives(false)];
			case 1: return depth > 0 ? ['...', ...this.maybe(() => ['on', this.one(NAMES)]), ...this.directives(false), ...this.selections(depth - 1)] : ['a'];
			default: return [...this.maybe(() => [this.one(NAMES), ':']), this.one(NAMES), ...this.arguments(false), ...this.directives(false),
				...(depth > 0 ? this.maybe(() => this.selections(depth - 1)) : [])];
		}
	}

	definition()
	{
		switch (this.below(5))
		{
			case 0: return this.selections(2);
			case 1: return ['fragment', this.one(NAMES.filter((name) => name !== 'on')), 'on', this.one(NAMES), ...this.directives(false), ...this.selections(1)];
			default: return [...(this.below(8) === 0 ? ['"described"'] : []), this.one(['query', 'query', 'mutation', 'subscription']),
				...this.maybe(() => [this.one(NAMES)]),
				...this.maybe(() => ['(', ...this.some(2, () => ['$', this.one(NAMES), ':', ...this.type(), ...this.maybe(() => ['=', ...this.value(true)]), ...this.directives(true)], 1), ')']),
				...this.directives(false), ...this.selections(2)];
		}
	}

	// Most are documents; the others were, before something was left out or put in.
	document()
	{
		const tokens = this.some(this.one([1, 1, 3]), () => this.definition(), 1);
		for (let changes = this.below(4) - 1; changes > 0; changes -= 1)
		{
			const at = this.below(tokens.length + 1);
			tokens.splice(at, this.below(2), ...this.maybe(() => [this.one(STRAY)]));
		}
		return tokens.map((token, i) => {
			const gap = this.one(IGNORED);
			return (gap === '' && /\w$/.test(tokens[i - 1] ?? '') && /^[\w"]/.test(token) ? ' ' : gap) + token;
		}).join('');
	}
}

test('3,000 documents, sound and broken', async () => {
	const generator = new Generator(1);
	const cases = Array.from({ length: 3000 }, () => ({ document: generator.document(), operation: generator.below(4) ? undefined : generator.one(NAMES) }));
	const found = await compare(cases);
	for (const state of [ACCEPTED, NO_QUERY, NO_DOCUMENT])
	{
		assert.ok(found.filter((one) => one === state).length > 200, `few documents end in ${state}`);
	}
});

test('documents of 10 MB', async () => {
	const output = await session.run(`SELECT outcome(document, NULL) FROM unnest(ARRAY[
		'{ a(x: "' || repeat('} mutation { ', 800000) || '") }',
		'{ a(x: """' || repeat('\\""" } mutation { ', 600000) || '""") }',
		'{' || repeat(' mutation', 1100000) || ' }',
		repeat('#mutation { a }' || E'\n', 650000) || '{ a }',
		repeat(E'\uFEFF,', 2500000) || 'mutation { a }',
		'{ a(x: "' || repeat('\\u{', 3300000),
		repeat('{ a ', 2500000),
		'{ a(x: ' || repeat('[', 10000000)]) document;`);
	assert.deepEqual(output.split('\n'), [ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED, NO_QUERY, NO_DOCUMENT, '54001', '54001']);
});
