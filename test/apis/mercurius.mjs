// What does Mercurius serve? Limit and offset, a token for the next page, lists of keys, a filter with `in`,
// a union, lists below rows.
import Fastify from 'fastify';
import mercurius from 'mercurius';

const rows = (count, make) => Array.from({ length: count }, (_, i) => make(i + 1));

const schema = `
	scalar Date
	scalar BigInt
	scalar JSON

	type Query {
		authors: [Author!]!
		author(id: Int!): Author
		authorsByIds(ids: [Int!]!): [Author]!
		"At most 20 rows at a time."
		books(limit: Int = 10, offset: Int = 0, filter: BookFilter): [Book!]!
		book(isbn: ID!): Book
		"At most 15 rows a page; the cursor is null on the last."
		loans(limit: Int, cursor: String): LoanPage!
		works(text: String): [Work!]!
		byMoods(moods: [Mood]!): [Author!]!
		shelf(room: String!, number: Int!): Shelf
		shelves: [Shelf]!
		words: [String]!
		librarian: Person
		time: Date!
	}

	input BookFilter { isbn: IdFilter  title: TextFilter }
	input IdFilter { eq: ID  in: [ID!] }
	input TextFilter { eq: String  in: [String!]  like: String }

	enum Mood { HAPPY SAD }

	type Author { id: Int!  name: String!  born: Date  mood: Mood  books: [Book!]!  awards: [Award!] }
	type Award { name: String!  year: Int }
	type Book { isbn: ID!  title: String!  sold: BigInt  author: Author  extra: JSON  isNew: Boolean }
	type Film { title: String!  minutes: Int  mood: Mood }
	union Work = Book | Film
	type Loan { id: ID!  days: Int!  reader: Person! }
	type Person { name: String  home: Home }
	type Home { town: String  rooms: [Room!]! }
	type Room { name: String }
	type LoanPage { items: [Loan!]!  cursor: String }
	type Shelf { room: String!  number: Int!  books: [Book!]! }
`;

const authors = rows(30, (n) => ({ id: n, name: `Author ${n}`, born: n % 4 ? `19${10 + n}-02-0${1 + n % 9}` : null,
	mood: [null, 'HAPPY', 'SAD'][n % 3], awards: n % 5 ? rows(n % 3, (a) => ({ name: `Award ${a}`, year: n % 2 ? 1900 + n : null })) : null }));
const books = rows(101, (n) => ({ isbn: `00${n}`, title: `Book ${n} 𝄞`, sold: `${9007199254740993n * BigInt(n)}`,
	author: n % 10 ? authors[n % 30] : null, extra: n % 2 ? { n, list: [1, null, { a: 'ü' }] } : `text ${n}`, isNew: [true, false, null][n % 3] }));
const films = rows(12, (n) => ({ title: `Film ${n}`, minutes: n % 2 ? n : null, mood: 'SAD' }));
const loans = rows(77, (n) => ({ id: `${n}`, days: n,
	reader: { name: `Reader ${n % 9}`, home: n % 3 ? { town: `Town ${n % 4}`, rooms: rows(n % 3, (r) => ({ name: `Room ${r}` })) } : null } }));
const shelves = rows(24, (n) => n === 13 ? null : { room: 'ABC'[n % 3], number: Math.ceil(n / 3), books: books.slice(n * 4, n * 4 + n % 5) });

const passes = (value, filter) => !filter || ((filter.eq ?? value) === value && (filter.in ?? [value]).includes(value)
	&& (filter.like === undefined || value.includes(filter.like)));

const resolvers = {
	Query: {
		authors: () => authors,
		author: (_, { id }) => authors[id - 1] ?? null,
		authorsByIds: (_, { ids }) => [...new Set(ids)].reverse().map((id) => authors[id - 1] ?? null),
		books: (_, { limit, offset, filter }) => books.filter((row) => passes(row.isbn, filter?.isbn) && passes(row.title, filter?.title))
			.slice(offset, offset + Math.min(limit, 20)),
		book: (_, { isbn }) => books.find((row) => row.isbn === isbn) ?? null,
		loans: (_, { limit, cursor }) => {
			const start = Number(cursor ?? 0);
			const end = start + Math.min(limit ?? 5, 15);
			return { items: loans.slice(start, end), cursor: end < loans.length ? `${end}` : null };
		},
		works: (_, { text }) => [...books.slice(0, 20), ...films].filter((row) => row.title.includes(text ?? '')),
		byMoods: (_, { moods }) => authors.filter((row) => moods.includes(row.mood)),
		shelf: (_, { room, number }) => shelves.find((row) => row?.room === room && row.number === number) ?? null,
		shelves: () => shelves,
		words: () => ['one', null, 'drei', ''],
		librarian: () => loans[0].reader,
		time: () => '2024-02-29',
	},
	Author: { books: (author) => books.filter((row) => row.author === author) },
	Work: { resolveType: (row) => row.isbn ? 'Book' : 'Film' },
};

export async function startMercurius()
{
	const app = Fastify();
	app.register(mercurius, { schema, resolvers, graphiql: false });
	return `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
}
