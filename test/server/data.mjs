// What does the test API know? The countries of the world (from countries-list) and a generated shop
// that is the same in every run, so that answers can be compared with local tables.
import { countries as rawCountries, continents as rawContinents, languages as rawLanguages,
	getEmojiFlag } from 'countries-list';

export const ACCOUNTS = 1000;
export const PRODUCTS = 500;
export const ORDERS = 5000;
export const EVENTS = 1_000_000;

const PLANS = ['free', 'starter', 'team', 'business', 'enterprise'];
const REGIONS = ['eu-west', 'eu-north', 'us-east', 'us-west', 'ap-south'];
const CITIES = ['Lisboa', 'Zürich', 'Reykjavík', 'Osaka', 'Nairobi', "L'Aquila", 'São Paulo', 'Perth'];
const FIRST = ['Ada', 'Bjørn', 'Chloé', 'Dmitri', 'Eun-ji', 'Farah', 'Goran', 'Hana', 'Iñigo', 'Jun'];
const LAST = ['Abara', 'Brown', 'Castro', "D'Souza", 'Eriksen', 'Fischer', 'García', 'Haddad', 'Ito'];
const GOODS = ['Lamp', 'Chair', 'Desk', 'Shelf', 'Clock', 'Vase', 'Stool', 'Rug', 'Mirror', 'Frame'];
const TAGS = ['new', 'sale', 'eco', 'heavy', 'fragile', 'a,b', 'with "quotes"', 'NULL'];

// A well mixed number below `bound`, the same for the same n and salt.
function pick(n, salt, bound)
{
	let x = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
	x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
	x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
	return ((x ^ (x >>> 15)) >>> 0) % bound;
}

const cents = (n) => `${n / 100n}.${String(n % 100n).padStart(2, '0')}`;

function balance(id)
{
	if (id % 100 === 7)    // more digits than a double or a 64-bit integer holds
	{
		return `${'9876543210'.repeat(2)}${String(id).padStart(4, '0')}.0123456789`;
	}
	const amount = cents(BigInt(pick(id, 1, 10_000_000)));
	return id % 6 === 0 ? `-${amount}` : amount;
}

function settings(id)
{
	if (id % 29 === 0)
	{
		return null;
	}
	return { theme: id % 2 ? 'dark' : 'light', limits: { seats: id % 17, trial: id % 3 === 0 },
		flags: id % 4 ? ['a', 'b'] : [], note: id % 11 ? null : 'tab\there "quoted" \\ ünï' };
}

function owner(id)
{
	if (id % 41 === 0)
	{
		return null;
	}
	const name = `${FIRST[pick(id, 2, FIRST.length)]} ${LAST[pick(id, 3, LAST.length)]}`;
	return { name, email: id % 13 ? `owner${id}@example.org` : null,
		address: id % 37 ? { city: CITIES[pick(id, 4, CITIES.length)] } : null };
}

function account(id)
{
	return {
		id,
		plan: PLANS[pick(id, 5, PLANS.length)],
		seats: Array.from({ length: pick(id, 6, 5) }, (_, i) => pick(id, 7 + i, 100)),
		name: id % 83 === 0 ? null : `Account ${id}${id % 10 ? '' : ' Ünïcode ☕'}`,
		balance: balance(id),
		createdAt: new Date(Date.UTC(2020, 0, 1) + id * 86_413_337).toISOString(),
		active: id % 7 !== 0,
		settings: settings(id),
		owner: owner(id),
		region: id % 9 === 0 ? null : REGIONS[pick(id, 12, REGIONS.length)],
		referrerId: id % 3 ? null : 1 + pick(id, 13, ACCOUNTS),
	};
}

function product(n)
{
	return {
		sku: `SKU-${String(n).padStart(4, '0')}`,
		name: `${GOODS[pick(n, 20, GOODS.length)]} ${n}`,
		price: (100 + pick(n, 21, 99_900)) / 100,
		tags: TAGS.filter((_, i) => pick(n, 22 + i, 3) === 0),
		dimensions: n % 19 ? { w: pick(n, 30, 2000) / 8, h: pick(n, 31, 2000) / 8 } : null,
	};
}

// Every tenth account has no order; one order in a hundred names an account that does not exist;
// a few have no product.
function orderedBy(n)
{
	const id = 1 + pick(n, 40, ACCOUNTS);
	return n % 100 === 0 ? ACCOUNTS + 1 + (n / 100) % 10 : id % 10 ? id : id - 1;
}

function order(n)
{
	const item = n % 101 ? products[pick(n, 41, PRODUCTS)] : null;
	const quantity = 1 + pick(n, 42, 9);
	const price = item ? Math.round(item.price * 100) : 999;
	return {
		id: String(n),
		accountId: orderedBy(n),
		sku: item?.sku ?? null,
		quantity,
		total: cents(BigInt(price) * BigInt(quantity)),
		placedAt: new Date(Date.UTC(2023, 0, 1) + n * 3_601_003).toISOString(),
	};
}

export const event = (n) => ({ id: n, note: `event ${n}` });

const numbered = (count, make) => Array.from({ length: count }, (_, i) => make(i + 1));
const indexed = (rows, key) => new Map(rows.map((row) => [row[key], row]));

export const accounts = numbered(ACCOUNTS, account);
export const products = numbered(PRODUCTS, product);
export const orders = numbered(ORDERS, order);

export const continents = Object.entries(rawContinents).map(([code, name]) => ({ code, name }));
export const languages = Object.entries(rawLanguages)
	.map(([code, l]) => ({ code, name: l.name, native: l.native, rtl: Boolean(l.rtl) }));
export const countries = Object.entries(rawCountries).map(([code, c]) => ({
	code, name: c.name, native: c.native, capital: c.capital || null, emoji: getEmojiFlag(code),
	phone: c.phone.map(String), currencies: c.currency, continentCode: c.continent,
	languageCodes: c.languages }));

export const accountsById = indexed(accounts, 'id');
export const productsBySku = indexed(products, 'sku');
export const ordersById = indexed(orders, 'id');
export const countriesByCode = indexed(countries, 'code');
export const continentsByCode = indexed(continents, 'code');
export const languagesByCode = indexed(languages, 'code');

const ordersOfAccount = new Map();
const remember = (row) => {
	if (!ordersOfAccount.has(row.accountId))
	{
		ordersOfAccount.set(row.accountId, []);
	}
	ordersOfAccount.get(row.accountId).push(row);
};
orders.forEach(remember);

export const ordersByAccount = (accountId) => ordersOfAccount.get(accountId) ?? [];

export function addOrder(row)
{
	const added = { id: String(orders.length + 1), ...row };
	orders.push(added);
	ordersById.set(added.id, added);
	remember(added);
	return added;
}

// Forgets what addOrder added.
export function resetOrders()
{
	for (const row of orders.splice(ORDERS))
	{
		ordersById.delete(row.id);
		const siblings = ordersByAccount(row.accountId);
		siblings.splice(siblings.indexOf(row), 1);
	}
}
