// What does GitHub answer, as far as its schema goes? It has one repository here, with two issues.
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { graphql } from 'graphql';
import { clientSchema, introspections } from './schemas.mjs';

const rootValue = { repository: { name: 'postgres', owner: { __typename: 'Organization', login: 'postgres' }, issues: {
	nodes: [{ number: 1, title: 'First', state: 'OPEN' }, { number: 2, title: 'Second', state: 'OPEN' }],
	pageInfo: { hasNextPage: false, endCursor: 'Mg==' },
} } };

// Resolves to the server, which keeps the requests it got: query, variables and authorization.
export async function startGithub()
{
	const schema = clientSchema(introspections.github);
	const server = createServer(async (request, response) => {
		const { query, variables } = await json(request);
		server.requests.push({ query, variables, authorization: request.headers.authorization });
		const answer = await graphql({ schema, source: query, variableValues: variables, rootValue });
		response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
	});
	server.requests = [];
	await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
	return server;
}
