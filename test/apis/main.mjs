// How are the APIs started that other people's servers make?
//
//   node main.mjs <database>     the database that PostGraphile serves; PGHOST and the like lead to it
//
// When everything listens, on loopback and on ports that were free, one line says so: "listening" and a JSON
// object, name of the API -> its URL. It ends on SIGTERM or SIGINT.
import { createServer } from 'node:http';
import express from 'express';
import jsonGraphqlExpress from 'json-graphql-server/node';
import { startApollo } from './apollo.mjs';
import { counted } from './counted.mjs';
import { startMercurius } from './mercurius.mjs';
import { posts } from './posts.mjs';
import { loadThings, postgraphileHandler } from './postgraphile/server.mjs';
import { jsonThings } from './things.mjs';

const listen = (handler) => new Promise((resolve, reject) => {
	const server = createServer(handler);
	server.once('error', reject);
	server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}/graphql`));
});

const stop = () => process.exit(0);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

const [database] = process.argv.slice(2);
await loadThings(database);
const apis = {
	apollo: startApollo(),
	closed: startApollo({ introspection: false }),
	json: listen(express().use('/graphql', jsonGraphqlExpress(posts))),
	mercurius: startMercurius(),
	postgraphile: listen(postgraphileHandler(database, 'store')),
	things_json: listen(counted(express().use('/graphql', jsonGraphqlExpress(jsonThings)))),
	things_postgraphile: listen(counted(postgraphileHandler(database, 'things'))),
};
const urls = await Promise.all(Object.values(apis));
console.log(`listening ${JSON.stringify(Object.fromEntries(Object.keys(apis).map((name, i) => [name, urls[i]])))}`);
