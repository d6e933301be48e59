// What would the API's data be as local tables?
//
//   node export.mjs <directory>     writes <table>.csv and tables.sql
//   psql -f <directory>/tables.sql  makes the schema "local" anew and fills it
//
// With these tables a query can be answered without the extension, and the answers compared.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as data from './data.mjs';

// In COPY's CSV an unquoted empty field is NULL; everything else is quoted.
const field = (text) => text === null || text === undefined ? '' : `"${String(text).replaceAll('"', '""')}"`;

// PostgreSQL's array literal.
const array = (values) => values && `{${values.map((value) =>
	value === null ? 'NULL' : `"${String(value).replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

const json = (value) => value && JSON.stringify(value);

const tables = {
	continents: { rows: data.continents, columns: {
		code: ['text PRIMARY KEY', (r) => r.code],
		name: ['text NOT NULL', (r) => r.name],
	} },
	languages: { rows: data.languages, columns: {
		code: ['text PRIMARY KEY', (r) => r.code],
		name: ['text NOT NULL', (r) => r.name],
		native: ['text', (r) => r.native],
		rtl: ['boolean NOT NULL', (r) => r.rtl],
	} },
	countries: { rows: data.countries, columns: {
		code: ['text PRIMARY KEY', (r) => r.code],
		name: ['text NOT NULL', (r) => r.name],
		native: ['text', (r) => r.native],
		capital: ['text', (r) => r.capital],
		emoji: ['text', (r) => r.emoji],
		phone: ['text[] NOT NULL', (r) => array(r.phone)],
		currencies: ['text[] NOT NULL', (r) => array(r.currencies)],
		continent_code: ['text NOT NULL REFERENCES local.continents', (r) => r.continentCode],
	} },
	country_languages: {
		rows: data.countries.flatMap((c) => c.languageCodes.map((language, i) => ({ country: c.code, language, position: i + 1 }))),
		columns: {
			country_code: ['text NOT NULL REFERENCES local.countries', (r) => r.country],
			language_code: ['text NOT NULL REFERENCES local.languages', (r) => r.language],
			position: ['integer NOT NULL', (r) => r.position],
		},
	},
	accounts: { rows: data.accounts, columns: {
		id: ['integer PRIMARY KEY', (r) => r.id],
		plan: ['text', (r) => r.plan],
		seats: ['integer[]', (r) => array(r.seats)],
		name: ['text', (r) => r.name],
		balance: ['numeric', (r) => r.balance],
		created_at: ['timestamptz', (r) => r.createdAt],
		active: ['boolean', (r) => r.active],
		settings: ['jsonb', (r) => json(r.settings)],
		owner: ['jsonb', (r) => json(r.owner)],
		owner_name: ['text', (r) => r.owner?.name],
		owner_email: ['text', (r) => r.owner?.email],
		owner_city: ['text', (r) => r.owner?.address?.city],
		region: ['text', (r) => r.region],
		referrer_id: ['integer', (r) => r.referrerId],
	} },
	products: { rows: data.products, columns: {
		sku: ['text PRIMARY KEY', (r) => r.sku],
		name: ['text', (r) => r.name],
		price: ['double precision', (r) => r.price],
		tags: ['text[]', (r) => array(r.tags)],
		dimensions: ['jsonb', (r) => json(r.dimensions)],
		dimensions_w: ['double precision', (r) => r.dimensions?.w],
		dimensions_h: ['double precision', (r) => r.dimensions?.h],
	} },
	// account_id may name an account that does not exist: no foreign key.
	orders: { rows: data.orders, columns: {
		id: ['text PRIMARY KEY', (r) => r.id],
		account_id: ['integer NOT NULL', (r) => r.accountId],
		sku: ['text', (r) => r.sku],
		quantity: ['integer', (r) => r.quantity],
		total: ['numeric', (r) => r.total],
		placed_at: ['timestamptz', (r) => r.placedAt],
	} },
};

const csv = ({ rows, columns }) => [Object.keys(columns).join(','),
	...rows.map((row) => Object.values(columns).map(([, value]) => field(value(row))).join(','))].join('\n') + '\n';

const createTable = (name, { columns }) =>
	`CREATE TABLE local.${name} (\n${Object.entries(columns).map(([c, [type]]) => `\t${c} ${type}`).join(',\n')}\n);\n`;

const copy = (directory, name) =>
	`\\copy local.${name} FROM '${join(directory, `${name}.csv`).replaceAll("'", "''")}' WITH (FORMAT csv, HEADER)\n`;

const directory = process.argv[2] && resolve(process.argv[2]);
if (!directory)
{
	console.error('usage: node export.mjs <directory>');
	process.exit(2);
}
mkdirSync(directory, { recursive: true });
for (const [name, table] of Object.entries(tables))
{
	writeFileSync(join(directory, `${name}.csv`), csv(table));
}
writeFileSync(join(directory, 'tables.sql'), [
	"SET client_encoding = 'UTF8';\nDROP SCHEMA IF EXISTS local CASCADE;\nCREATE SCHEMA local;\n",
	...Object.entries(tables).map(([name, table]) => createTable(name, table) + copy(directory, name)),
	'CREATE INDEX ON local.orders (account_id);\nCREATE INDEX ON local.orders (sku);\n',
	...Object.keys(tables).map((name) => `ANALYZE local.${name};\n`)].join(''));
