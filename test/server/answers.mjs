// How may an answer be wrong? The request is executed and its answer then changed.
import { MARK, rawNumber } from './scalars.mjs';

const KEYS = ['id', 'sku', 'code', 'accountId', '__typename'];
const WRAPPED = ['nodes', 'items', 'edges'];

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

// The lists that root fields answer with, wrapped or not: [{ holder, name, path }].
function rootLists(answer)
{
	return Object.entries(answer.data ?? {}).flatMap(([alias, value]) => {
		if (Array.isArray(value))
		{
			return [{ holder: answer.data, name: alias, path: [alias] }];
		}
		return WRAPPED.filter((name) => Array.isArray(value?.[name]))
			.map((name) => ({ holder: value, name, path: [alias, name] }));
	});
}

function eachList(answer, change)
{
	rootLists(answer).forEach(({ holder, name }) => { holder[name] = change(holder[name]); });
	return answer;
}

// Every object in the answer, with its path.
function* objects(value, path = [])
{
	if (isObject(value) && path.length)
	{
		yield { row: value, path };
	}
	for (const [name, inner] of value !== null && typeof value === 'object' ? Object.entries(value) : [])
	{
		yield* objects(inner, [...path, Array.isArray(value) ? Number(name) : name]);
	}
}

function firstField(answer, p)
{
	const wanted = p.text('field', null);
	for (const { row, path } of objects(answer.data))
	{
		const name = Object.keys(row).find((n) => wanted
			? n === wanted
			: !KEYS.includes(n) && (row[n] === null || typeof row[n] !== 'object'));
		if (name)
		{
			return { row, name, path: [...path, name] };
		}
	}
	return null;
}

const withError = (answer, path, message) =>
	({ ...answer, errors: [...(answer.errors ?? []), { message, path, extensions: { code: 'PLAYED' } }] });

// One nullable field (field=..., or the first that is no key) is null, with an error that says so.
function partial(answer, p)
{
	const found = firstField(answer, p);
	if (!found)
	{
		return answer;
	}
	found.row[found.name] = null;
	return withError(answer, found.path, 'the field could not be computed');
}

function listItem(answer, p)
{
	const list = rootLists(answer).find(({ holder, name }) => holder[name].length);
	if (!list)
	{
		return answer;
	}
	const at = Math.min(p.number('at', 0), list.holder[list.name].length - 1);
	list.holder[list.name][at] = null;
	return withError(answer, [...list.path, at], 'the item could not be computed');
}

// The key's look-up fails: its alias, or the whole list that it is in. Without id= all keys fail in lists.
function keyFails(answer, p, asked)
{
	const key = p.number('id', null);
	const [operation] = asked.operations;
	const asList = Object.values(operation.variables).some((value) => Array.isArray(value) && (key === null || value.includes(key)));
	const at = asList ? 0 : Object.values(operation.variables).indexOf(key);
	if (at < 0)
	{
		return answer;
	}
	const { response } = operation.fields[at];
	const failed = withError(answer, [response], 'boom');
	return p.has('lost') ? { ...failed, data: null } : { ...failed, data: { ...answer.data, [response]: null } };
}

function nullNonNull(answer, p, asked)
{
	const alias = asked.operations[0]?.fields[p.number('at', 0)];
	return { data: null, errors: [{ message: `Cannot return null for non-nullable field Query.${alias?.name}.`,
		path: [alias?.response] }] };
}

// The row of a key that nobody asked for, or (shift=...) that another request may have asked for.
function stranger(row, n, p)
{
	const far = (value) => typeof value === 'number' ? 900_000_000 + n : `stranger-${n}`;
	const key = (value) => p.has('shift') ? value + p.number('shift') : far(value);
	return isObject(row)
		? Object.fromEntries(Object.entries(row).map(([k, v]) => [k, KEYS.includes(k) && k !== '__typename' ? key(v) : v]))
		: row;
}

function everyField(answer, p, change, otherwise)
{
	const wanted = p.text('field', null);
	for (const { row } of objects(answer.data))
	{
		Object.keys(row).filter((name) => wanted ? name === wanted : otherwise(name, row[name]))
			.forEach((name) => { row[name] = change(name, row[name]); });
	}
	return answer;
}

const wrongType = (name) => name === 'id' ? 1.5 : { unexpected: { object: true } };

function duplicateKeys(answer, p)
{
	const found = firstField(answer, p);
	if (found)
	{
		found.row[found.name + MARK] = 'the second of two';
	}
	return answer;
}

const stuckCursor = (endCursor) => (answer) => {
	for (const { row } of objects(answer.data))
	{
		Object.assign(row, 'hasNextPage' in row ? { hasNextPage: true } : {}, 'endCursor' in row ? { endCursor } : {});
	}
	return answer;
};

// Pages: what an API does that hands out fewer rows than asked for, and says so by its cursors only.
const SIZES = ['first', 'limit', 'perPage'];

const capSizes = (variables, most) => Object.fromEntries(Object.entries(variables).map(([name, value]) =>
	[name, SIZES.includes(name) ? Math.min(value, most) : value]));

// Where a page begins, in one number or another.
const placeOf = ({ page, offset, cursor, after }) =>
	Number(page ?? offset ?? cursor ?? /\d+/.exec(Buffer.from(after ?? '', 'base64'))?.[0] ?? 0);

// Before every page comes an empty one; its cursor is that of the page itself behind "wait:".
const WAIT = 'wait:';
const emptyFirst = {
	variables: (variables, p) => {
		const after = variables.after ?? '';
		p.waited = after.startsWith(WAIT);
		p.after = p.waited ? after.slice(WAIT.length) : after;
		return { ...variables, after: p.after || null };
	},
	answer: (answer, p) => p.waited ? answer : stuckCursor(WAIT + p.after)(eachList(answer, () => [])),
};

export const answers = {
	// At most n rows a page (default 10); now more, now less; an empty page before each; empty pages for ever; not a
	// word about pages.
	'page-cap': { variables: (variables, p) => capSizes(variables, p.number('n', 10)) },
	'page-shrink': { variables: (variables, p) => capSizes(variables, p.number('n', 10) - placeOf(variables) % p.number('n', 10)) },
	'page-empty': emptyFirst,
	'page-endless': { answer: (answer, p) => stuckCursor(`page ${p.pages = (p.pages ?? 0) + 1}`)(eachList(answer, () => [])) },
	'page-silent': { answer: (answer) => everyField(answer, { text: () => 'pageInfo' }, () => null) },

	'errors-partial': { answer: partial },
	'status-294': { answer: partial, reply: (reply) => ({ ...reply, status: 294 }) },
	'error-list-item': { answer: listItem },
	'key-fails': { answer: keyFails },
	'null-nonnull': { answer: nullNonNull },
	'null-data': { answer: () => ({ data: null }) },
	// Those with an even number are not there, of others every second one.
	'missing': { answer: (answer) => eachList(answer, (list) =>
		list.filter((row, i) => (Number.isInteger(row?.id) ? row.id + 1 : i) % 2 === 0)) },
	'duplicate': { answer: (answer) => eachList(answer, (list) => list.flatMap((row) => [row, row])) },
	'reordered': {
		answer: (answer) => ({ ...eachList(answer, (list) => list.toReversed()),
			data: answer.data && Object.fromEntries(Object.entries(answer.data).toReversed()) }),
	},
	'strangers': { answer: (answer, p) => eachList(answer, (list) => list.flatMap((row, i) => [stranger(row, i, p), row])) },
	// Lists end silently after n rows (default 10).
	'cap': { answer: (answer, p) => eachList(answer, (list) => list.slice(0, p.number('n', 10))) },
	'wrong-type': { answer: (answer, p) => everyField(answer, p, wrongType, (name) => name === 'id' || name === 'plan') },
	// The fields called field=..., root fields as well, are value=... (JSON).
	'field-is': {
		answer: (answer, p) => {
			everyField({ data: { root: answer.data } }, p, () => JSON.parse(p.text('value', 'null')), () => false);
			return answer;
		},
	},
	'bigint': {
		answer: (answer, p) => {
			const vast = rawNumber(p.text('value', '123456789012345678901234567890'));
			const isNumber = (value) => typeof value === 'number';
			return everyField(answer, p, (_, value) => Array.isArray(value) ? value.map(() => vast) : vast,
				(name, value) => !KEYS.includes(name) && (isNumber(value) || (Array.isArray(value) && value.every(isNumber))));
		},
	},
	'duplicate-json-key': { answer: duplicateKeys },
	'alias-missing': {
		answer: (answer) => {
			delete answer.data?.[Object.keys(answer.data)[0]];
			return answer;
		},
	},
	'list-for-object': { answer: (answer) => ({ ...answer,
		data: Object.fromEntries(Object.entries(answer.data ?? {}).map(([k, v]) => [k, Array.isArray(v) ? v[0] : [v]])) }) },
	'cursor-stuck': { answer: stuckCursor('always the same') },
	'cursor-null': { answer: stuckCursor(null) },
};
