// How do APIs that people know spell filters? Each of them here has a dozen products, which it filters for real.
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { buildSchema, graphql } from 'graphql';

export const products = Array.from({ length: 12 }, (_, i) => ({ id: i + 1, price: i === 4 ? null : 1.5 * i, name: `p${i + 1}` }));

const product = 'type Product { id: Int! price: Float name: String! }';
const page = 'type PageInfo { hasNextPage: Boolean! endCursor: String }';
const comparisons = (suffix, operators, list) => ['Int', 'Float', 'String'].map((type) =>
	`input ${type}${suffix} { ${operators.map((op) => `${op}: ${type}`).join(' ')} ${list.map((op) => `${op}: [${type}!]`).join(' ')} EXTRA }`).join('\n');
const nested = (name, suffix, { and, or, not } = {}, listed = false) => `input ${name} { id: Int${suffix} price: Float${suffix} name: String${suffix}
	${and ? `${and}: [${name}!]` : ''} ${or ? `${or}: [${name}!]` : ''} ${not ? `${not}: ${listed ? `[${name}!]` : name}` : ''} }`;
const flat = (name, suffixes, lists, rest = '') => `input ${name} { ${[['id', 'Int'], ['price', 'Float'], ['name', 'String']].flatMap(([field, type]) =>
	[...suffixes.map((suffix) => `${field}${suffix}: ${type}`), ...lists.map((suffix) => `${field}${suffix}: [${type}!]`)]).join(' ')} ${rest} }`;

// `operators`: the API's word -> SQL's. `field` is the one with the argument `argument`, `shape` what it yields.
export const conventions = {
	'Hasura': { field: 'products', argument: 'where', shape: 'list', and: '_and', or: '_or', not: '_not',
		operators: { _eq: '=', _neq: '<>', _lt: '<', _lte: '<=', _gt: '>', _gte: '>=', _in: 'in', _nin: 'not-in', _is_null: 'null', _like: 'like', _ilike: 'ilike' },
		sdl: `schema { query: query_root } type query_root { products(limit: Int, offset: Int, where: products_bool_exp): [Product!]! }
			${nested('products_bool_exp', '_comparison_exp', { and: '_and', or: '_or', not: '_not' })}
			${comparisons('_comparison_exp', ['_eq', '_neq', '_lt', '_lte', '_gt', '_gte'], ['_in', '_nin']).replaceAll('EXTRA', '_is_null: Boolean').replace('String_comparison_exp {', '$& _like: String _ilike: String')}` },
	'PostGraphile, condition': { field: 'allProducts', argument: 'condition', shape: 'nodes', equality: true,
		sdl: `type Query { allProducts(first: Int, after: String, condition: ProductCondition): ProductsConnection }
			input ProductCondition { id: Int price: Float name: String } type ProductsConnection { nodes: [Product]! pageInfo: PageInfo! totalCount: Int! }` },
	'PostGraphile, connection filter': { field: 'allProducts', argument: 'filter', shape: 'nodes', and: 'and', or: 'or', not: 'not',
		operators: { isNull: 'null', equalTo: '=', notEqualTo: '<>', lessThan: '<', lessThanOrEqualTo: '<=', greaterThan: '>', greaterThanOrEqualTo: '>=', in: 'in', notIn: 'not-in', like: 'like', likeInsensitive: 'ilike' },
		sdl: `type Query { allProducts(first: Int, after: String, filter: ProductFilter): ProductsConnection }
			type ProductsConnection { nodes: [Product]! pageInfo: PageInfo! totalCount: Int! } ${nested('ProductFilter', 'Filter', { and: 'and', or: 'or', not: 'not' })}
			${comparisons('Filter', ['equalTo', 'notEqualTo', 'lessThan', 'lessThanOrEqualTo', 'greaterThan', 'greaterThanOrEqualTo'], ['in', 'notIn']).replaceAll('EXTRA', 'isNull: Boolean').replace('StringFilter {', '$& like: String likeInsensitive: String')}` },
	'pg_graphql': { field: 'productCollection', argument: 'filter', shape: 'edges', and: 'and', or: 'or', not: 'not',
		operators: { eq: '=', neq: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=', in: 'in', is: 'is', like: 'like', ilike: 'ilike' },
		sdl: `type Query { productCollection(first: Int, after: String, filter: ProductFilter): ProductConnection } enum FilterIs { NULL NOT_NULL }
			type ProductConnection { edges: [ProductEdge!]! pageInfo: PageInfo! } type ProductEdge { cursor: String! node: Product! }
			${nested('ProductFilter', 'Filter', { and: 'and', or: 'or', not: 'not' })}
			${comparisons('Filter', ['eq', 'neq', 'lt', 'lte', 'gt', 'gte'], ['in']).replaceAll('EXTRA', 'is: FilterIs').replace('StringFilter {', '$& like: String ilike: String')}` },
	'Prisma': { field: 'products', argument: 'where', shape: 'list', and: 'AND', or: 'OR', not: 'NOT',
		operators: { equals: '=', lt: '<', lte: '<=', gt: '>', gte: '>=', in: 'in', notIn: 'not-in', startsWith: 'starts-with', endsWith: 'ends-with', contains: 'contains' },
		sdl: `type Query { products(where: ProductWhereInput, take: Int, skip: Int): [Product!]! }
			${nested('ProductWhereInput', 'Filter', { and: 'AND', or: 'OR', not: 'NOT' }, true)}
			${comparisons('Filter', ['equals', 'lt', 'lte', 'gt', 'gte'], ['in', 'notIn']).replaceAll('EXTRA', '').replace('StringFilter {', '$& contains: String startsWith: String endsWith: String')}` },
	'Hygraph': { field: 'products', argument: 'where', shape: 'list', and: 'AND', or: 'OR', not: 'NOT',
		suffixes: { '_starts_with': 'starts-with', '_ends_with': 'ends-with', '_contains': 'contains', '_not_in': 'not-in', '_not': '<>', '_lte': '<=', '_lt': '<', '_gte': '>=', '_gt': '>', '_in': 'in' },
		sdl: `type Query { products(where: ProductWhereInput, first: Int, skip: Int): [Product!]! }
			${flat('ProductWhereInput', ['', '_not', '_lt', '_lte', '_gt', '_gte'], ['_in', '_not_in'], 'name_starts_with: String name_ends_with: String name_contains: String AND: [ProductWhereInput!] OR: [ProductWhereInput!] NOT: [ProductWhereInput!]')}` },
	'Strapi': { field: 'products', argument: 'filters', shape: 'list', and: 'and', or: 'or', not: 'not',
		operators: { eq: '=', ne: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=', in: 'in', notIn: 'not-in', null: 'null', startsWith: 'starts-with', endsWith: 'ends-with', contains: 'contains' },
		sdl: `type Query { products(filters: ProductFiltersInput): [Product!]! } ${nested('ProductFiltersInput', 'FilterInput', { and: 'and', or: 'or', not: 'not' })}
			${comparisons('FilterInput', ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'], ['in', 'notIn']).replaceAll('EXTRA', 'null: Boolean').replace('StringFilterInput {', '$& startsWith: String endsWith: String contains: String')}` },
	'TheGraph': { field: 'products', argument: 'where', shape: 'list', and: 'and', or: 'or',
		suffixes: { '_starts_with': 'starts-with', '_ends_with': 'ends-with', '_contains': 'contains', '_not_in': 'not-in', '_not': '<>', '_lte': '<=', '_lt': '<', '_gte': '>=', '_gt': '>', '_in': 'in' },
		sdl: `type Query { products(first: Int = 100, skip: Int = 0, where: Product_filter): [Product!]! }
			${flat('Product_filter', ['', '_not', '_lt', '_lte', '_gt', '_gte'], ['_in', '_not_in'], 'name_starts_with: String name_ends_with: String name_contains: String and: [Product_filter] or: [Product_filter]')}` },
	'Linear': { field: 'products', argument: 'filter', shape: 'nodes', and: 'and', or: 'or',
		operators: { eq: '=', neq: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=', in: 'in', nin: 'not-in', null: 'null', startsWith: 'starts-with', endsWith: 'ends-with', contains: 'contains' },
		sdl: `type Query { products(filter: ProductFilter, first: Int, after: String): ProductConnection! } type ProductConnection { nodes: [Product!]! pageInfo: PageInfo! }
			${nested('ProductFilter', 'Comparator', { and: 'and', or: 'or' })}
			${comparisons('Comparator', ['eq', 'neq', 'lt', 'lte', 'gt', 'gte'], ['in', 'nin']).replaceAll('EXTRA', 'null: Boolean').replace('StringComparator {', '$& startsWith: String endsWith: String contains: String')}` },
	'Saleor': { field: 'products', argument: 'where', shape: 'edges', and: 'AND', or: 'OR', operators: { eq: '=', oneOf: 'in', range: 'range' },
		sdl: `type Query { products(where: ProductWhereInput, first: Int, after: String): ProductCountableConnection }
			type ProductCountableConnection { edges: [ProductEdge!]! pageInfo: PageInfo! totalCount: Int } type ProductEdge { node: Product! cursor: String! }
			${nested('ProductWhereInput', 'FilterInput', { and: 'AND', or: 'OR' })} ${comparisons('FilterInput', ['eq'], ['oneOf']).replace(/(Int|Float)FilterInput {/g, '$& range: $1RangeInput').replaceAll('EXTRA', '')}
			input IntRangeInput { gte: Int lte: Int } input FloatRangeInput { gte: Float lte: Float }` },
	'Countries': { field: 'products', argument: 'filter', shape: 'list', operators: { eq: '=', ne: '<>', in: 'in', nin: 'not-in' },
		sdl: `type Query { products(filter: ProductFilterInput): [Product!]! } ${nested('ProductFilterInput', 'QueryOperatorInput')}
			${comparisons('QueryOperatorInput', ['eq', 'ne'], ['in', 'nin']).replaceAll('EXTRA', '')}` },
	'json-graphql-server': { field: 'allProducts', argument: 'filter', shape: 'list',
		suffixes: { '_neq': '<>', '_lte': '<=', '_lt': '<', '_gte': '>=', '_gt': '>' },
		sdl: `type Query { allProducts(sortField: String, sortOrder: String, page: Int, perPage: Int, filter: ProductFilter): [Product]
			_allProductsMeta(page: Int, perPage: Int, filter: ProductFilter): ListMetadata } type ListMetadata { count: Int! } ${flat('ProductFilter', ['', '_neq', '_lt', '_lte', '_gt', '_gte'], [], 'q: String ids: [Int]')}` },
};

const likeness = (pattern, flags) => new RegExp(`^${pattern.replaceAll('%', '.*').replaceAll('_', '.')}$`, flags);

const holds = {
	'=': (a, b) => a === b, '<>': (a, b) => a !== null && a !== b, '<': (a, b) => a !== null && a < b, '<=': (a, b) => a !== null && a <= b,
	'>': (a, b) => a !== null && a > b, '>=': (a, b) => a !== null && a >= b, 'in': (a, b) => b.includes(a), 'not-in': (a, b) => a !== null && !b.includes(a),
	'range': (a, { gte = -Infinity, lte = Infinity }) => a !== null && a >= gte && a <= lte, 'like': (a, b) => likeness(b, '').test(a), 'ilike': (a, b) => likeness(b, 'i').test(a),
	'starts-with': (a, b) => a.startsWith(b), 'ends-with': (a, b) => a.endsWith(b), 'contains': (a, b) => a.includes(b),
	'null': (a, b) => (a === null) === b, 'is': (a, b) => (a === null) === (b === 'NULL'),
};

function passes(row, filter, api)
{
	return Object.entries(filter ?? {}).every(([name, value]) => {
		switch (name)
		{
			case api.and: return value.every((part) => passes(row, part, api));
			case api.or: return value.some((part) => passes(row, part, api));
			case api.not: return ![value].flat().some((part) => passes(row, part, api));
			case 'ids': return value.includes(row.id);
		}
		if (api.operators)
		{
			return Object.entries(value).every(([op, operand]) => holds[api.operators[op]](row[name], operand));
		}
		const suffix = Object.keys(api.suffixes ?? {}).find((end) => name.endsWith(end)) ?? '';
		return holds[api.suffixes?.[suffix] ?? '='](row[name.slice(0, name.length - suffix.length)], value);
	});
}

function answerOf(api, args)
{
	const rows = products.filter((row) => passes(row, args[api.argument], api));
	const from = args.offset ?? args.skip ?? Number(args.after ?? 0) + (args.page ?? 0) * (args.perPage ?? 0);
	const size = args.limit ?? args.take ?? args.first ?? args.perPage ?? rows.length;
	const shown = rows.slice(from, from + size);
	const pageInfo = { hasNextPage: from + size < rows.length, endCursor: String(from + shown.length) };
	return api.shape === 'list' ? shown
		: { nodes: shown, edges: shown.map((node, i) => ({ node, cursor: String(from + i + 1) })), pageInfo, totalCount: rows.length };
}

// Resolves to a server of all of them, each at the path that its position is: /0, /1 ... `asked` holds the variables
// and the numbers of rows of requests for products.
export async function startConventions()
{
	const apis = Object.values(conventions).map((api) => ({ ...api, schema: buildSchema(`${api.sdl} ${product} ${page}`) }));
	const server = createServer(async (request, response) => {
		const api = apis[Number(request.url.slice(1))];
		const { query, variables } = await json(request);
		const rootValue = { [api.field]: (args) => {
			const answer = answerOf(api, args);
			server.asked.push({ variables, rows: (answer.nodes ?? answer).length });
			return answer;
		} };
		const answer = await graphql({ schema: api.schema, source: query, variableValues: variables, rootValue });
		response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
	});
	server.asked = [];
	await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
	return server;
}
