// What does the subgraph serve that Apollo Server runs? Entities, a page wrapper, a connection without
// `nodes`, an interface, an enum, keys of two parts.
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import gql from 'graphql-tag';

const rows = (count, make) => Array.from({ length: count }, (_, i) => make(i + 1));

export const typeDefs = `
	extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])

	scalar DateTime
	scalar Decimal

	type Query {
		users: [User!]!
		user(id: ID!): User
		"Numbered pages, at most 50 rows a page."
		products(page: Int = 1, pageSize: Int = 10): ProductPage!
		product(upc: String!): Product
		stock: [Stock!]!
		stockOf(sku: String!, warehouse: Int!): Stock
		"At most 30 rows a page."
		reviews(first: Int, after: String, stars: Int): ReviewConnection!
		media(kind: MediumKind): [Medium!]!
		me: User
	}

	enum MediumKind { BOOK FILM }

	"Somebody who buys."
	type User @key(fields: "id") {
		id: ID!
		name: String!
		email: String @deprecated(reason: "ask for contact")
		contact: Contact
		joined: DateTime
		reviews: [Review!]!
	}

	type Contact { email: String  phones: [String!]!  address: Address }
	type Address { city: String  geo: Geo }
	type Geo { lat: Float!  lon: Float! }

	type Product @key(fields: "upc") {
		upc: String!
		"What it costs."
		price: Decimal
		sizes: [Int]
		vendor: User
	}

	type ProductPage { items: [Product!]!  total: Int!  page: Int! }

	type Stock @key(fields: "sku warehouse") { sku: String!  warehouse: Int!  amount: Int }

	type Review @key(fields: "id") { id: ID!  stars: Int!  body: String  author: User  product: Product }
	type ReviewConnection { edges: [ReviewEdge!]!  pageInfo: PageInfo!  totalCount: Int! }
	type ReviewEdge { cursor: String!  node: Review! }
	type PageInfo { hasNextPage: Boolean!  endCursor: String }

	interface Medium { id: ID!  title: String! }
	type Book implements Medium { id: ID!  title: String!  pages: Int  length: Int }
	type Film implements Medium { id: ID!  title: String!  minutes: Float  length: Float }
`;

const users = rows(60, (n) => ({ __typename: 'User', id: `u${n}`, name: `User ${n}`, email: `${n}@example.com`,
	joined: n % 7 ? `2020-01-01T00:00:${String(n % 60).padStart(2, '0')}.5+02:00` : null,
	contact: n % 6 ? { email: `c${n}@example.com`, phones: rows(n % 3, (p) => `+${n}${p}`),
		address: n % 4 ? { city: `City ${n % 5}`, geo: { lat: n / 3, lon: -n } } : null } : null }));
const products = rows(120, (n) => ({ __typename: 'Product', upc: `upc-${n}`, price: n % 9 ? `${n}.${'0'.repeat(20)}${n}` : null,
	sizes: n % 8 ? [n, null] : null, vendor: users[n % 50] }));
const reviews = rows(500, (n) => ({ __typename: 'Review', id: `${n}`, stars: n % 6, body: n % 3 ? `Review ${n} \u2028 ☕` : null,
	author: users[n % 60], product: n % 4 ? products[n % 120] : null }));
const stock = rows(90, (n) => ({ __typename: 'Stock', sku: `s${n % 30}`, warehouse: Math.ceil(n / 30), amount: n % 5 ? n : null }));
const media = rows(40, (n) => n % 2 ? { __typename: 'Book', id: `m${n}`, title: `Book ${n}`, pages: n * 10, length: n }
	: { __typename: 'Film', id: `m${n}`, title: `Film ${n}`, minutes: n + 0.25, length: n / 4 });

const find = (table, test) => table.find((row) => Object.entries(test).every(([name, value]) => row[name] === value)) ?? null;

function reviewPage(_, { first, after, stars })
{
	const found = reviews.filter((row) => stars === undefined || stars === null || row.stars === stars);
	const start = after ? found.findIndex((row) => row.id === after) + 1 : 0;
	const page = found.slice(start, start + Math.min(first ?? 10, 30));
	return { totalCount: found.length, edges: page.map((node) => ({ cursor: node.id, node })),
		pageInfo: { hasNextPage: start + page.length < found.length, endCursor: page.at(-1)?.id ?? null } };
}

const resolvers = {
	Query: {
		users: () => users,
		user: (_, key) => find(users, key),
		products: (_, { page, pageSize }) => {
			const size = Math.min(pageSize, 50);
			return { items: products.slice((page - 1) * size, page * size), total: products.length, page };
		},
		product: (_, key) => find(products, key),
		stock: () => stock,
		stockOf: (_, key) => find(stock, key),
		reviews: reviewPage,
		media: (_, { kind }) => media.filter((row) => !kind || row.__typename.toUpperCase() === kind),
		me: () => users[0],
	},
	User: {
		__resolveReference: ({ id }) => find(users, { id }),
		reviews: (user) => reviews.filter((row) => row.author === user),
	},
	Product: { __resolveReference: ({ upc }) => find(products, { upc }) },
	Stock: { __resolveReference: ({ sku, warehouse }) => find(stock, { sku, warehouse }) },
	Review: { __resolveReference: ({ id }) => find(reviews, { id }) },
	Medium: { __resolveType: (row) => row.__typename },
};

const schema = buildSubgraphSchema({ typeDefs: gql(typeDefs), resolvers });

export async function startApollo({ introspection = true } = {})
{
	const server = new ApolloServer({ schema, introspection, plugins: [ApolloServerPluginInlineTraceDisabled()],
		includeStacktraceInErrorResponses: false });
	const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
	return url;
}
