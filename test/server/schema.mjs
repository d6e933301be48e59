// How is each field of the schema answered?
//
// List arguments answer like a database does that was asked `WHERE id IN (...)`: each row once, in an
// order of its own, nothing for what is missing. Every look-up tells the counters which keys it was asked.
import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import { createSchema } from 'graphql-yoga';
import * as data from './data.mjs';
import { zoos } from './zoo.mjs';
import { orderedAccount, orderedQuery } from './ordered.mjs';
import { driftNames, driftSchema } from './drift.mjs';
import { anyScalar, scalars } from './scalars.mjs';

const read = (file) => readFileSync(new URL(file, import.meta.url), 'utf8');

const comparisons = {
	eq: (value, operand) => value === operand,
	ne: (value, operand) => value !== operand,
	in: (value, operand) => operand.includes(value),
	lt: (value, operand) => value < operand,
	lte: (value, operand) => value <= operand,
	gt: (value, operand) => value > operand,
	gte: (value, operand) => value >= operand,
};

// Null matches nothing, as in SQL; an operand that is null or left out asks for nothing.
function matches(value, filter)
{
	return Object.entries(filter).every(([name, operand]) =>
		operand === null || (value !== null && comparisons[name](value, operand)));
}

function filtered(rows, filter, column = (name) => name)
{
	const conditions = Object.entries(filter ?? {}).filter(([, f]) => f !== null);
	return rows.filter((row) => conditions.every(([name, f]) => matches(row[column(name)], f)));
}

const keysOf = (filter) => filter
	? [...(filter.in ?? []), ...(filter.eq === undefined || filter.eq === null ? [] : [filter.eq])]
	: [];

function hash(key)
{
	let h = 0x811c9dc5;
	for (const byte of Buffer.from(String(key)))
	{
		h = Math.imul(h ^ byte, 0x01000193);
	}
	h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
	return (h ^ (h >>> 13)) >>> 0;
}

// The rows of the keys in an order that is neither the request's nor the table's.
function shuffled(keys, table)
{
	return [...new Set(keys)].sort((a, b) => hash(a) - hash(b)).flatMap((key) => table.get(key) ?? []);
}

const single = (type, key, table) => (_, args, { counters }, info) => {
	const row = table.get(args[key]) ?? null;
	counters.lookUp(info.fieldName, type, [args[key]], row ? 1 : 0);
	return row;
};

const many = (type, argument, table) => (_, args, { counters }, info) => {
	const rows = shuffled(args[argument], table);
	counters.lookUp(info.fieldName, type, args[argument], rows.length);
	return rows;
};

// keys: the members of the filter that hold keys, each with the type they are keys of.
const list = (find, keys = {}) => (_, args, { counters }, info) => {
	const rows = find(args);
	const asked = Object.entries(keys).flatMap(([member, type]) =>
		keysOf(args.filter?.[member]).map((key) => [type, key]));
	counters.call(info.fieldName, asked, rows.length);
	return rows;
};

const child = (find) => (row, _, { counters }, info) => {
	const found = find(row);
	counters.child(`${info.parentType.name}.${info.fieldName}`);
	return found;
};

const findAccounts = ({ region, filter }) =>
	filtered(region == null ? data.accounts : data.accounts.filter((a) => a.region === region), filter);
const countryColumn = (member) => member === 'continent' ? 'continentCode' : member;
const named = ({ text }) => [...data.accounts, ...data.products].filter((row) => row.name?.includes(text));

function relayPage({ first, after, filter })
{
	const rows = findAccounts({ filter });
	if (first > 250)
	{
		throw new GraphQLError(`First cannot exceed 250, got ${first}.`);
	}
	const start = after ? rows.findIndex((row) => cursor(row) === after) + 1 : 0;
	const nodes = rows.slice(start, start + (first ?? 250));
	return { nodes, edges: nodes.map((node) => ({ cursor: cursor(node), node })), totalCount: rows.length,
		pageInfo: { hasNextPage: start + nodes.length < rows.length, endCursor: nodes.length ? cursor(nodes.at(-1)) : null } };
}

const cursor = (row) => Buffer.from(`account:${row.id}`).toString('base64');

function numberedPage({ page, perPage })
{
	const size = Math.min(perPage, 100);
	return { items: data.products.slice((page - 1) * size, page * size), total: data.products.length, page,
		pages: Math.ceil(data.products.length / size) };
}

function productsOf({ of, page: number, perPage })
{
	const size = Math.min(perPage, 10);
	return shuffled(of, data.productsBySku).slice((number - 1) * size, number * size);
}

// The cursor of a page is the number of rows before it, as text.
function tokenPage({ accountIds, limit, cursor: token })
{
	const rows = accountIds ? data.orders.filter((order) => accountIds.includes(order.accountId)) : data.orders;
	const start = Number(token ?? 0);
	const end = start + Math.min(limit, 500);
	return { items: rows.slice(start, end), cursor: end < rows.length ? String(end) : null };
}

function eventPage({ first, after })
{
	const start = Number(after ?? 0);
	const end = Math.min(start + first, data.EVENTS);
	return { nodes: Array.from({ length: end - start }, (_, i) => data.event(start + i + 1)),
		pageInfo: { hasNextPage: end < data.EVENTS, endCursor: String(end) } };
}

// A page counts as its rows.
const page = (find, rows, keys) => (_, args, context, info) => {
	const found = find(args);
	list(() => found[rows], keys)(_, args, context, info);
	return found;
};

const feed = (_, args, { counters }, info) => {
	const found = tokenPage(args);
	counters.lookUp(info.fieldName, 'Account', args.accountIds ?? [], found.items.length);
	return found;
};

const Query = {
	account: single('Account', 'id', data.accountsById),
	accountStrict: single('Account', 'id', data.accountsById),
	accountsByIds: many('Account', 'ids', data.accountsById),
	accounts: list(findAccounts, { id: 'Account' }),
	accountsConnection: page((args) => ({ nodes: findAccounts(args), totalCount: findAccounts(args).length }),
		'nodes', { id: 'Account' }),
	accountsRelay: page(relayPage, 'nodes', { id: 'Account' }),

	product: single('Product', 'sku', data.productsBySku),
	productsBySkus: many('Product', 'skus', data.productsBySku),
	products: list(({ filter }) => filtered(data.products, filter), { sku: 'Product' }),
	productsPaged: page(numberedPage, 'items'),
	productsPagedOf: (_, args, { counters }, info) => {
		const rows = productsOf(args);
		counters.lookUp(info.fieldName, 'Product', args.of, rows.length);
		return rows;
	},
	skus: list(() => data.products.map((row) => row.sku)),

	order: single('Order', 'id', data.ordersById),
	ordersByAccount: (_, { accountId }, { counters }, info) => {
		const rows = data.ordersByAccount(accountId);
		counters.lookUp(info.fieldName, 'Account', [accountId], rows.length);
		return rows;
	},
	orders: list(({ filter }) => filtered(data.orders, filter), { id: 'Order', accountId: 'Account' }),
	ordersFeed: feed,
	events: page(eventPage, 'nodes'),
	ordersPaged: list(({ limit, offset }) => data.orders.slice(offset, offset + Math.min(limit, 1000))),

	country: single('Country', 'code', data.countriesByCode),
	countriesByCodes: many('Country', 'codes', data.countriesByCode),
	countries: list(({ filter }) => filtered(data.countries, filter, countryColumn), { code: 'Country' }),
	continent: single('Continent', 'code', data.continentsByCode),
	continents: list(() => data.continents),
	language: single('Language', 'code', data.languagesByCode),
	languages: list(() => data.languages),

	search: list(named),
	named: list(named),
	zoo: single('Zoo', 'id', new Map(zoos.map((row) => [row.id, row]))),
	zoos: list(() => zoos),
	requestHeader: (_, { name }, { headers }) => headers[name.toLowerCase()] ?? null,
};

const Mutation = {
	touch: (_, { id }, { counters }) => counters.touch(id),
	addOrder: (_, args, { counters }) => {
		counters.mutation('addOrder');
		return data.addOrder({ sku: null, total: null, ...args, placedAt: '2026-01-01T00:00:00.000Z' });
	},
};

const typeOf = (row) => 'plan' in row ? 'Account' : 'price' in row ? 'Product' : 'Country';

const types = {
	Account: {
		orders: child((row) => data.ordersByAccount(row.id)),
		referrer: child((row) => data.accountsById.get(row.referrerId) ?? null),
	},
	Order: {
		account: child((row) => data.accountsById.get(row.accountId) ?? null),
		product: child((row) => data.productsBySku.get(row.sku) ?? null),
	},
	Country: {
		continent: child((row) => data.continentsByCode.get(row.continentCode)),
		languages: child((row) => row.languageCodes.map((code) => data.languagesByCode.get(code))),
	},
	Continent: {
		countries: child((row) => data.countries.filter((c) => c.continentCode === row.code)),
	},
	Language: { rightToLeft: (row) => row.rtl },
	SearchResult: { __resolveType: typeOf },
	Named: { __resolveType: typeOf },
};

const sdl = read('schema.graphql');

const resolvers = { ...scalars, ...types, Query, Mutation };

export const schema = createSchema({ typeDefs: sdl, resolvers });

export const orderedSchema = createSchema({
	typeDefs: [sdl, read('ordered.graphql')],
	resolvers: { ...resolvers, Account: { ...types.Account, ...orderedAccount }, Query: { ...Query, ...orderedQuery } },
});

// The schema after each change, by the change's name.
export const driftSchemas = new Map(driftNames.map((name) => [name, () => driftSchema(sdl, resolvers, name)]));

const entityTables = {
	Account: ['id', data.accountsById],
	Product: ['sku', data.productsBySku],
	Country: ['code', data.countriesByCode],
};

// Federation's look-up: by position, null for what is missing.
function entities(_, { representations }, { counters }, info)
{
	const rows = representations.map((r) => {
		const [key, table] = entityTables[r.__typename];
		return table.get(r.__typename === 'Account' ? Number(r[key]) : r[key]) ?? null;
	});
	counters.call(info.fieldName, representations.map((r) => [r.__typename, r[entityTables[r.__typename][0]]]),
		rows.filter(Boolean).length);
	return rows;
}

const directives = 'directive @key(fields: String!) repeatable on OBJECT | INTERFACE\n';
const federated = Object.entries(entityTables).reduce((text, [name, [key]]) =>
	text.replace(new RegExp(`type ${name}( implements Named)? {`), `type ${name}$1 @key(fields: "${key}") {`), sdl);

export const entitiesSchema = createSchema({
	typeDefs: [directives + federated, read('entities.graphql')],
	resolvers: {
		...scalars,
		...types,
		_Any: anyScalar,
		_Entity: { __resolveType: typeOf },
		Node: { __resolveType: () => 'Order' },
		Mutation,
		Query: {
			...Query,
			node: single('Order', 'id', data.ordersById),
			nodes: (_, { ids }, { counters }, info) => {
				const rows = ids.map((id) => data.ordersById.get(id) ?? null);
				counters.lookUp(info.fieldName, 'Order', ids, rows.filter(Boolean).length);
				return rows;
			},
			_entities: entities,
			_service: () => ({ sdl: federated }),
		},
	},
});
