// What does README.md tell its readers to type, and what does it say comes?
import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

const FENCED = /^```(\w*)\n(.*?)^```$(?:\n\n```\n(.*?)^```$)?/gms;

// What a terminal does not show.
export const visible = (output) => output.split('\n').map((line) => line.trimEnd()).join('\n').trim();

// The blocks of SQL in their order: the heading each is below, its lines, and what the block after it shows of its
// result ('' where there is none).
export function sqlBlocks()
{
	return [...text.matchAll(FENCED)].filter(([, language]) => language === 'sql').map(({ index, 1: _, 2: sql, 3: result = '' }) => ({
		section: [...text.slice(0, index).matchAll(/^#+ (.*)$/gm)].at(-1)[1],
		sql,
		result: visible(result),
	}));
}

// The rows of the first table below a heading, each a list of cells.
export function tableOf(section)
{
	const [, below] = text.split(new RegExp(`^#+ ${section}$`, 'm'));
	const lines = /(?:^\|.*\n)+/m.exec(below)[0].trim().split('\n').slice(2);
	return lines.map((line) => line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim()));
}
