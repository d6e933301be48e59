// Which schemas of public APIs are there, in which form, and which documents fit them?
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GraphQLSchema, buildASTSchema, buildClientSchema, buildSchema, lexicographicSortSchema, parse, printSchema,
	specifiedDirectives, validate, visit } from 'graphql';

const find = (path) => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));

// name -> file with the answer to an introspection
export const introspections = {
	github: find('@octokit/graphql-schema/schema.json'),
	storefront: find('@shopify/hydrogen-react/storefront.schema.json'),
	customer: find('@shopify/hydrogen-react/customer-account.schema.json'),
};

// GitHub's own SDL defines a field twice.
export const githubSdl = find('@octokit/graphql-schema/schema.graphql');

export function clientSchema(file)
{
	const json = JSON.parse(readFileSync(file, 'utf8'));
	return buildClientSchema(json.data ?? json);
}

export const sdl = (file) => printSchema(clientSchema(file));

// What a schema says of its types, whatever the order it says it in.
export const normalized = (schema) => printSchema(lexicographicSortSchema(
	new GraphQLSchema({ ...schema.toConfig(), directives: specifiedDirectives })));

export const readSdl = (text) => buildSchema(text);

// SDL that defines fields twice, with the first of each only.
export function withoutRepeatedFields(text)
{
	const first = ({ fields = [] }) => fields.filter(({ name }, at) => fields.findIndex((field) => field.name.value === name.value) === at);
	const document = visit(parse(text), { ObjectTypeDefinition: { leave: (type) => ({ ...type, fields: first(type) }) } });
	return printSchema(buildASTSchema(document));
}

// What a validating server would say to the document; [] when it takes it.
export const complaints = (schema, document) => validate(schema, parse(document)).map((error) => error.message);
