// What should the imported tables of each API hold? For the APIs that answer from memory: the JSON that a plain
// request gets, and where each column stands in it. For PostGraphile: its tables themselves (expected.sql).
import { readFileSync } from 'node:fs';

// The answer of an API to a document, without the extension.
async function ask(url, document)
{
	const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ query: document }),
		headers: { 'content-type': 'application/json', 'accept': 'application/graphql-response+json, application/json;q=0.9' } });
	const text = await answer.text();
	if (!answer.ok || 'errors' in JSON.parse(text))
	{
		throw new Error(`${document}: ${text}`);
	}
	return text;
}

const dataOf = async (url, document) => JSON.parse(await ask(url, document)).data;

// What is below a row: each column with the name and the path of the field in front.
const below = (field, name, columns) => Object.fromEntries(Object.entries(columns).map(([column, written]) => {
	const [type, path = column] = written.split(' ');
	return [`${name}_${column}`, `${type} ${field}.${path}`];
}));

const file = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

// A table is { rows, columns }. "int[] a.b" is the type of a column and the path of its value; without a path
// it is the column's name. The path of a column that is only an argument is "=" and the value that was sent.
const contact = { contact_email: 'text contact.email', contact_phones: 'text[] contact.phones', contact_address: 'jsonb contact.address' };
const CONTACT = 'contact { email phones address { city } }';

const user = { id: 'text', name: 'text', ...contact, joined: 'timestamptz', reviews: 'jsonb' };
const USER = `id name ${CONTACT} joined reviews { id stars body }`;

const product = { upc: 'text', price: 'numeric', sizes: 'integer[]', vendor_id: 'text vendor.id', vendor_name: 'text vendor.name',
	vendor_joined: 'timestamptz vendor.joined', vendor_contact: 'jsonb vendor.contact', vendor_reviews: 'jsonb vendor.reviews' };
const PRODUCT = 'upc price sizes vendor { id name joined contact { email phones } reviews { id stars body } }';

const review = { id: 'text', stars: 'integer', body: 'text', author_id: 'text author.id', author_name: 'text author.name',
	author_joined: 'timestamptz author.joined', author_contact: 'jsonb author.contact', author_reviews: 'jsonb author.reviews',
	product_upc: 'text product.upc', product_price: 'numeric product.price', product_sizes: 'integer[] product.sizes', product_vendor: 'jsonb product.vendor' };
const REVIEW = `id stars body author { id name joined contact { email phones } reviews { id stars body } } product { upc price sizes vendor { id name joined } }`;

const stock = { sku: 'text', warehouse: 'integer', amount: 'integer' };

async function productsOf(url)
{
	const { a, b, c } = await dataOf(url, `{ a: products(pageSize: 50) { ...p } b: products(page: 2, pageSize: 50) { ...p } c: products(page: 3, pageSize: 50) { ...p } }
		fragment p on ProductPage { items { ${PRODUCT} } }`);
	return [...a.items, ...b.items, ...c.items];
}

async function reviewsOf(url, after = '')
{
	const { reviews: { edges, pageInfo } } = await dataOf(url,
		`{ reviews(first: 30, after: "${after}") { edges { node { ${REVIEW} } } pageInfo { hasNextPage endCursor } } }`);
	return [...edges.map(({ node }) => node), ...pageInfo.hasNextPage ? await reviewsOf(url, pageInfo.endCursor) : []];
}

// The text of the answer as it is, because of its numbers.
const field = (name, selection) => async (url) => ({ text: await ask(url, `{ ${name} ${selection} }`), at: /^\w+/.exec(name)[0] });

const author = { id: 'integer', name: 'text', born: 'date', mood: 'text', books: 'jsonb', awards: 'jsonb' };
const AUTHOR = 'id name born mood books { isbn title sold extra isNew } awards { name year }';
const book = { isbn: 'text', title: 'text', sold: 'numeric', extra: 'jsonb', is_new: 'boolean isNew', author_id: 'integer author.id', author_name: 'text author.name',
	author_born: 'date author.born', author_mood: 'text author.mood', author_books: 'jsonb author.books', author_awards: 'jsonb author.awards' };
const BOOK = 'isbn title sold extra isNew author { id name born mood books { isbn title sold extra isNew } awards { name year } }';
const shelf = { room: 'text', number: 'integer', books: 'jsonb' };
// A shelf that is null is no row.
const shelvesOf = async (url) => (await dataOf(url, '{ shelves { room number books { isbn title sold extra isNew } } }')).shelves.filter(Boolean);

async function booksOf(url, offset = 0)
{
	const { books } = await dataOf(url, `{ books(limit: 20, offset: ${offset}) { ${BOOK} } }`);
	return [...books, ...books.length ? await booksOf(url, offset + 20) : []];
}

async function loansOf(url, after = null)
{
	const { loans: { items, cursor } } = await dataOf(url, `{ loans(limit: 15, cursor: ${JSON.stringify(after)}) {
		items { id days reader { name home { town } } } cursor } }`);
	return [...items, ...cursor ? await loansOf(url, cursor) : []];
}

const jsonUser = { id: 'text', name: 'text', active: 'boolean', score: 'float8', nicknames: 'text[]' };
const USER_JSON = 'id name active score nicknames';
const jsonPost = { id: 'text', title: 'text', views: 'integer', user_id: 'text', published_at: 'timestamptz publishedAt', meta: 'jsonb' };
const POST_JSON = 'id title views user_id publishedAt meta';
const COMMENT_JSON = 'id body post_id';

const jsonUsers = { rows: field('allUsers', `{ ${USER_JSON} Posts { ${POST_JSON} } }`), columns: { ...jsonUser, posts: 'jsonb Posts' } };
const jsonPosts = { rows: field('allPosts', `{ ${POST_JSON} User { ${USER_JSON} Posts { ${POST_JSON} } } Comments { ${COMMENT_JSON} } }`),
	columns: { ...below('User', 'user', { ...jsonUser, posts: 'jsonb Posts' }), user_id_2: 'text User.id', ...jsonPost, comments: 'jsonb Comments' } };
const jsonComments = { rows: field('allComments', `{ ${COMMENT_JSON} Post { ${POST_JSON} User { ${USER_JSON} } Comments { ${COMMENT_JSON} } } }`),
	columns: { ...below('Post', 'post', { ...jsonPost, user: 'jsonb User', comments: 'jsonb Comments' }), post_id_2: 'text Post.id', id: 'text', body: 'text', post_id: 'text' } };
const jsonCount = (of) => ({ rows: field(`_all${of}Meta`, '{ count }'), columns: { count: 'integer', page: 'integer =', per_page: 'integer =', filter: 'jsonb =' } });

const LEAVES = 'id plan seats name balance createdAt active settings region referrerId';
const ORDER_LEAVES = 'id accountId sku quantity total placedAt';
const ACCOUNT = `${LEAVES} owner { name email address { city } } orders { ${ORDER_LEAVES} }
	referrer { ${LEAVES} owner { name email } referrer { ${LEAVES} } orders { ${ORDER_LEAVES} } }`;
const leaves = { id: 'integer', plan: 'text', seats: 'integer[]', name: 'text', balance: 'numeric', created_at: 'timestamptz createdAt',
	active: 'boolean', settings: 'jsonb', region: 'text', referrer_id: 'integer referrerId' };
const accounts = { rows: field('accounts', `{ ${ACCOUNT} }`), columns: {
	...below('referrer', 'referrer', { ...leaves, owner: 'jsonb', referrer: 'jsonb', orders: 'jsonb' }), referrer_id_2: 'integer referrer.id',
	...leaves, owner_name: 'text owner.name', owner_email: 'text owner.email', owner_address: 'jsonb owner.address', orders: 'jsonb' } };

const orders = { rows: field('orders', `{ ${ORDER_LEAVES} product { sku name price tags dimensions { w h } }
		account { ${LEAVES} owner { name email } referrer { ${LEAVES} } orders { ${ORDER_LEAVES} } } }`),
	columns: { ...below('account', 'account', { ...leaves, owner: 'jsonb', referrer: 'jsonb', orders: 'jsonb' }), account_id_2: 'integer account.id',
		...below('product', 'product', { sku: 'text', name: 'text', price: 'float8', tags: 'text[]', dimensions: 'jsonb' }),
		id: 'text', account_id: 'integer accountId', sku: 'text', quantity: 'integer', total: 'numeric', placed_at: 'timestamptz placedAt' } };

const PRODUCT_OF_YOGA = 'sku name price tags dimensions { w h }';
const products = { rows: field('products', `{ ${PRODUCT_OF_YOGA} }`), columns: { sku: 'text', name: 'text', price: 'float8', tags: 'text[]',
	dimensions_w: 'float8 dimensions.w', dimensions_h: 'float8 dimensions.h' } };

const COUNTRY = 'code name native capital emoji phone currencies continentCode';
const countries = { rows: field('countries', `{ ${COUNTRY} continent { code name countries { ${COUNTRY} } } languages { code name native rtl } }`),
	columns: { code: 'text', name: 'text', native: 'text', capital: 'text', emoji: 'text', phone: 'text[]', currencies: 'text[]', continent_code: 'text continentCode',
		continent_code_2: 'text continent.code', continent_name: 'text continent.name', continent_countries: 'jsonb continent.countries', languages: 'jsonb' } };
const continents = { rows: field('continents', `{ code name countries { ${COUNTRY} } }`), columns: { code: 'text', name: 'text', countries: 'jsonb' } };
const languages = { rows: field('languages', '{ code name native rtl }'), columns: { code: 'text', name: 'text', native: 'text', rtl: 'boolean' } };

const memory = {
	apollo: {
		users: { rows: field('users', `{ ${USER} }`), columns: user },
		user: { rows: field('users', `{ ${USER} }`), columns: user },
		me: { rows: field('me', `{ ${USER} }`), columns: user },
		products: { rows: productsOf, columns: product },
		product: { rows: productsOf, columns: product },
		reviews: { rows: reviewsOf, columns: review },
		stock: { rows: field('stock', '{ sku warehouse amount }'), columns: stock },
		stock_of: { rows: field('stock', '{ sku warehouse amount }'), columns: stock },
		media: { rows: field('media', '{ __typename id title ... on Book { pages book_length: length } ... on Film { minutes film_length: length } }'),
			columns: { typename: 'text __typename', id: 'text', title: 'text', pages: 'integer', minutes: 'float8',
				book_length: 'integer', film_length: 'float8', kind: 'text =' } },
	},
	mercurius: {
		authors: { rows: field('authors', `{ ${AUTHOR} }`), columns: author },
		author: { rows: field('authors', `{ ${AUTHOR} }`), columns: author },
		books: { rows: booksOf, columns: book },
		book: { rows: booksOf, columns: book },
		loans: { rows: loansOf, columns: { id: 'text', days: 'integer', reader_name: 'text reader.name', reader_home: 'jsonb reader.home' } },
		works: { rows: field('works', `{ __typename ... on Book { ${BOOK} } ... on Film { title minutes mood } }`), columns: {
			...book, typename: 'text __typename', minutes: 'integer', mood: 'text', text: 'text =' } },
		by_moods: { rows: field('byMoods(moods: [SAD, null])', `{ ${AUTHOR} }`), columns: { ...author, moods: 'text[] ={SAD,NULL}' } },
		shelf: { rows: shelvesOf, columns: shelf },
		shelves: { rows: shelvesOf, columns: shelf },
		words: { rows: async (url) => (await dataOf(url, '{ words }')).words.filter((value) => value !== null).map((value) => ({ value })), columns: { value: 'text' } },
		librarian: { rows: field('librarian', '{ name home { town rooms { name } } }'), columns: { name: 'text', home_town: 'text home.town', home_rooms: 'jsonb home.rooms' } },
		time: { rows: async (url) => [await dataOf(url, '{ time }')], columns: { value: 'date time' } },
	},
	yoga: {
		...Object.fromEntries(['account', 'account_strict', 'accounts', 'accounts_connection', 'accounts_relay'].map((name) => [name, accounts])),
		...Object.fromEntries(['order', 'orders', 'orders_by_account', 'orders_feed', 'orders_paged'].map((name) => [name, orders])),
		...Object.fromEntries(['product', 'products', 'products_paged'].map((name) => [name, products])),
		...Object.fromEntries(['country', 'countries'].map((name) => [name, countries])),
		...Object.fromEntries(['continent', 'continents'].map((name) => [name, continents])),
		...Object.fromEntries(['language', 'languages'].map((name) => [name, languages])),
		products_paged_of: { rows: field('productsPagedOf(of: ["SKU-0001", "SKU-0002"])', `{ ${PRODUCT_OF_YOGA} }`),
			columns: { ...products.columns, of: 'text[] ={SKU-0001,SKU-0002}' } },
		named: { rows: field('named(text: "a")', `{ __typename ... on Account { ${ACCOUNT} } ... on Product { ${PRODUCT_OF_YOGA} } }`),
			columns: { ...accounts.columns, ...products.columns, typename: 'text __typename', text: 'text =a' } },
		search: { rows: field('search(text: "1")', `{ __typename ... on Account { ${ACCOUNT} } ... on Product { ${PRODUCT_OF_YOGA} } }`),
			columns: { ...accounts.columns, ...products.columns, typename: 'text __typename', text: 'text =1' } },
		skus: { rows: field('skus', ''), columns: { value: 'text .' } },
		request_header: { rows: async () => [{ value: 'application/json' }], columns: { value: 'text', name: 'text =content-type' } },
	},
	json: {
		all_users: jsonUsers, user: jsonUsers, all_users_meta: jsonCount('Users'),
		all_posts: jsonPosts, post: jsonPosts, all_posts_meta: jsonCount('Posts'),
		all_comments: jsonComments, comment: jsonComments, all_comments_meta: jsonCount('Comments'),
	},
};

export const expected = {
	...memory,
	postgraphile: async (run) => { await run(file('postgraphile/store.sql')); await run(file('postgraphile/expected.sql')); },
};

const ELEMENTS = `CREATE FUNCTION pg_temp.elements(list jsonb) RETURNS text[] LANGUAGE sql AS $$
	SELECT CASE jsonb_typeof(list) WHEN 'array' THEN
		ARRAY(SELECT element FROM jsonb_array_elements_text(list) WITH ORDINALITY AS l(element, n) ORDER BY n) END $$;`;

// A column of the row r, which came as JSON.
function fromJson([name, written])
{
	const [type, path = name] = written.split(' ');
	if (path.startsWith('='))
	{
		return `nullif('${path.slice(1)}', '')::${type} AS "${name}"`;
	}
	const value = path === '.' ? 'r' : `(r #> '{${path.split('.').join(',')}}')`;
	if (type.endsWith('[]'))
	{
		return `pg_temp.elements(${value})::${type} AS "${name}"`;
	}
	return `${type === 'jsonb' ? `nullif(${value}, 'null')` : `(${value} #>> '{}')::${type}`} AS "${name}"`;
}

// Makes the schema expected_<api> with a relation for every table that is to come.
export async function loadExpected(api, url, run)
{
	await run(`DROP SCHEMA IF EXISTS expected_${api} CASCADE; CREATE SCHEMA expected_${api};`);
	if (typeof expected[api] !== 'object')
	{
		await expected[api](run);
		return;
	}
	await run(`DROP FUNCTION IF EXISTS pg_temp.elements(jsonb); ${ELEMENTS}`);
	const made = new Map();
	for (const [name, table] of Object.entries(expected[api]))
	{
		if (made.has(table))
		{
			await run(`CREATE VIEW expected_${api}."${name}" AS TABLE expected_${api}."${made.get(table)}";`);
			continue;
		}
		made.set(table, name);
		const { rows, columns } = table;
		const answer = await rows(url);
		const [json, path] = 'text' in answer ? [answer.text, `$.data.${answer.at}[*]`] : [JSON.stringify(answer), '$[*]'];
		await run(`CREATE TABLE expected_${api}."${name}" AS SELECT ${Object.entries(columns).map(fromJson).join(', ')}
			FROM jsonb_path_query($rows$${json}$rows$, '${path}') r;`);
	}
}

// What is left out of an import, and why: values that PostgreSQL cannot hold, and a million rows.
export const except = { yoga: ['events', 'zoo', 'zoos'] };
