// What does a request ask? Its operations, whether it is introspection only, and how much it asks at once.
import { parse, Kind } from 'graphql';

const known = new Map();    // document text -> what it holds; documents repeat
const KEPT = 1000;

function readDocument(text)
{
	try
	{
		const operations = parse(text).definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION);
		const fields = operations.flatMap((o) => o.selectionSet.selections)
			.filter((s) => s.kind === Kind.FIELD)
			.map((s) => ({ name: s.name.value, response: s.alias?.value ?? s.name.value }));
		return { fields, kind: operations[0]?.operation ?? 'none' };
	}
	catch
	{
		return { fields: [], kind: 'none' };
	}
}

function document(text)
{
	if (!known.has(text))
	{
		if (known.size === KEPT)
		{
			known.clear();
		}
		known.set(text, readDocument(text));
	}
	return known.get(text);
}

// The longest list in a value: as many keys as the request asks for in one place.
function longestList(value)
{
	if (value === null || typeof value !== 'object')
	{
		return 0;
	}
	const inside = Object.values(value).map(longestList);
	return Math.max(Array.isArray(value) ? value.length : 0, ...inside, 0);
}

function readBody(method, search, body)
{
	try
	{
		if (method === 'GET')
		{
			const { query, variables } = Object.fromEntries(search);
			return { query, variables: variables ? JSON.parse(variables) : {} };
		}
		return JSON.parse(body);
	}
	catch
	{
		return {};
	}
}

const isIntrospection = ({ fields }) =>
	fields.some((f) => f.name.startsWith('__') && f.name !== '__typename') && fields.every((f) => f.name.startsWith('__'));

export function understand(method, search, body)
{
	const envelopes = [readBody(method, search, body)].flat();
	const operations = envelopes.map((envelope) => {
		const text = String(envelope?.query ?? '');
		return { text, ...document(text), variables: envelope?.variables ?? {} };
	});
	return {
		operations,
		introspection: operations.every(isIntrospection),
		size: Math.max(operations.length, ...operations.map((o) => Math.max(o.fields.length, longestList(o.variables)))),
	};
}
