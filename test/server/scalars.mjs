// How do values look on the wire that JavaScript cannot print by itself?
//
// A raw number (more digits than a double holds) travels through graphql-js as a string that begins with
// a mark from the private use area; print() takes mark and quotes off. A key that ends with the mark
// loses it the same way, which gives an object the same key twice.
import { GraphQLScalarType } from 'graphql';

export const MARK = '\uE000';

export class RawNumber
{
	constructor(digits)
	{
		this.digits = digits;
	}
}

export const rawNumber = (digits) => `${MARK}${digits}`;

export function print(answer)
{
	return unmark(JSON.stringify(answer));
}

export function unmark(text)
{
	return text.includes(MARK)
		? text.replace(new RegExp(`"${MARK}([-+.eE0-9]+)"`, 'g'), '$1').replaceAll(MARK, '')
		: text;
}

const opaque = (name) => new GraphQLScalarType({
	name,
	serialize: (value) => value instanceof RawNumber ? rawNumber(value.digits) : value,
	parseValue: (value) => value,
});

export const scalars = Object.fromEntries(['BigDecimal', 'BigInt', 'DateTime', 'LocalDateTime', 'Date',
	'Time', 'Duration', 'UUID', 'Base64', 'JSON'].map((name) => [name, opaque(name)]));

export const anyScalar = opaque('_Any');
