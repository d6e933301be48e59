// What does the reference implementation of GraphQL say?
//
// graphql_js.mjs questions          the introspection requests it writes, one a line, newest first
// graphql_js.mjs introspect <file>  the result of introspection of the schema that a file of SDL defines
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { buildSchema, getIntrospectionQuery, introspectionFromSchema } = createRequire(
	new URL('../server/package.json', import.meta.url)
)('graphql');

const edition2021 = { schemaDescription: true, specifiedByUrl: true, directiveIsRepeatable: true };
const all = { ...edition2021, inputValueDeprecation: true, oneOf: true };
const variants = [all, { ...all, oneOf: false }, edition2021, {}];

const commands = {
	questions: () =>
		variants
			.map((options) => ({ operationName: 'IntrospectionQuery', query: getIntrospectionQuery(options) }))
			.map((request) => `${JSON.stringify(request)}\n`)
			.join(''),
	introspect: (file) =>
		JSON.stringify({ data: introspectionFromSchema(buildSchema(readFileSync(file, 'utf8')), all) }),
};

process.stdout.write(commands[process.argv[2]](process.argv[3]));
