// What would somebody be given whose API does not answer introspection?
//
//   node schema_files.mjs <directory>     writes schema.graphql, schema.json, broken.graphql and hostile.graphql
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { introspectionFromSchema, printSchema } from 'graphql';
import { schema } from './schema.mjs';

const directory = process.argv[2] && resolve(process.argv[2]);
if (!directory)
{
	console.error('usage: node schema_files.mjs <directory>');
	process.exit(2);
}
const sdl = printSchema(schema);
mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, 'schema.graphql'), sdl);
writeFileSync(join(directory, 'schema.json'), JSON.stringify({ data: introspectionFromSchema(schema) }));
writeFileSync(join(directory, 'broken.graphql'), 'type Query {\n  id: Int!!\n}\n');

// What would be SQL if it was not quoted.
const hostile = JSON.stringify(`'); CREATE ROLE pwned; -- \\'; CREATE ROLE pwned; -- $$ " \n\\`);
writeFileSync(join(directory, 'hostile.graphql'), `
${hostile} type Query { ${hostile} select(${hostile} where: String = ${hostile}): [user] }
${hostile} type user { ${hostile} order: grant @deprecated(reason: ${hostile}) ${hostile} table: ID! }
${hostile} enum grant { ${hostile} A ${hostile} SELECT @deprecated(reason: ${hostile}) }
`);
