// How are schemas of a database served by PostGraphile alone?
//
//   node main.mjs <database> <schema>...     PGHOST and the like lead to the server
//
// When everything listens, on loopback and on ports that were free, one line says so: "listening" and a JSON
// object, schema -> URL. It ends on SIGTERM.
import { createServer } from 'node:http';
import { postgraphileHandler } from './server.mjs';

const listen = (handler) => new Promise((resolve, reject) => {
	const server = createServer(handler);
	server.once('error', reject);
	server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}/graphql`));
});

process.on('SIGTERM', () => process.exit(0));

const [database, ...schemas] = process.argv.slice(2);
const urls = {};
for (const schema of schemas)
{
	urls[schema] = await listen(postgraphileHandler(database, schema));
}
console.log(`listening ${JSON.stringify(urls)}`);
