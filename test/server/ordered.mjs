// How are rows answered in an order, and lists inside other rows in pages?
import * as data from './data.mjs';

const columns = { ACCOUNT_ID: 'accountId', QUANTITY: 'quantity', SKU: 'sku', TOTAL: 'total', PLACED_AT: 'placedAt',
	N: 'n', VALUE: 'value' };

// Nulls are larger than anything; decimals are texts, but compare as numbers.
function compare(column, left, right)
{
	const [a, b] = [left[column], right[column]].map((value) => column === 'total' ? Number(value) : value);
	return a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1;
}

// terms: [column, is descending], the first decides. Ties stay as they are.
const sorted = (rows, terms) => terms.length === 0 ? rows : rows.toSorted((a, b) =>
	terms.reduce((order, [column, descending]) => order || compare(column, a, b) * (descending ? -1 : 1), 0));

const ofEnum = (words) => (words ?? []).map((word) => [columns[word.replace(/_(ASC|DESC)$/, '')], word.endsWith('_DESC')]);
const ofObject = (order) => order ? [[columns[order.field], order.direction === 'DESC']] : [];
const ofMap = (maps) => (maps ?? []).flatMap((map) => Object.entries(map)).map(([column, direction]) => [column, direction === 'DESC']);

function relayPage(rows, { first, after, orderBy })
{
	const start = Number(after ?? 0);
	const end = Math.min(start + first, rows.length);
	return { nodes: sorted(rows, ofEnum(orderBy)).slice(start, end),
		pageInfo: { hasNextPage: end < rows.length, endCursor: String(end) } };
}

function slice(rows, { limit, offset })
{
	return rows.slice(offset, offset + Math.min(limit, 1000));
}

const root = (find, rowsOf = (found) => found) => (_, args, { counters }, info) => {
	const found = find(args);
	counters.call(info.fieldName, [], rowsOf(found).length);
	return found;
};

export const orderedQuery = {
	ordersRelay: root((args) => relayPage(args.accountId == null ? data.orders : data.ordersByAccount(args.accountId), args),
		(page) => page.nodes),
	ordersSorted: root((args) => slice(sorted(data.orders, ofObject(args.sortBy)), args)),
	ordersMapped: root((args) => slice(sorted(data.orders, ofMap(args.order_by)), args)),
	ordersReversed: root(({ page, perPage, sortKey, reverse }) => {
		const size = Math.min(perPage, 100);
		return sorted(data.orders, sortKey ? [[columns[sortKey], reverse]] : []).slice((page - 1) * size, page * size);
	}),
};

const readings = (accountId) =>
	Array.from({ length: 12 }, (_, n) => ({ accountId, n, value: (accountId * 31 + n * 17) % 101 }));

const child = (find) => (row, args, { counters }, info) => {
	const page = relayPage(find(row.id), args);
	counters.children(`${info.parentType.name}.${info.fieldName}`, page.nodes.length);
	return page;
};

const part = (cut) => (row, args, { counters }, info) => {
	const rows = cut(readings(row.id), args);
	counters.children(`${info.parentType.name}.${info.fieldName}`, rows.length);
	return rows;
};

export const orderedAccount = {
	ordersRelay: child(data.ordersByAccount),
	readings: child(readings),
	readingsSlice: part((rows, { limit, offset }) => rows.slice(offset, offset + Math.min(limit, 7))),
	readingsNumbered: part((rows, { page, perPage }) => {
		const size = Math.min(perPage, 7);
		return rows.slice((page - 1) * size, page * size);
	}),
};
