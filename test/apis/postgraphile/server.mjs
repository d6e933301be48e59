// How is a database served by PostGraphile?
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { postgraphile } = require('postgraphile');
const ConnectionFilterPlugin = require('postgraphile-plugin-connection-filter');

// A handler of HTTP requests to /graphql. PGHOST and the like lead to the server. JSON columns arrive as
// JSON instead of as strings that hold JSON, as with PostGraphile's --dynamic-json.
export function postgraphileHandler(database, schema = 'store')
{
	return postgraphile({ database }, schema, { appendPlugins: [ConnectionFilterPlugin], dynamicJson: true,
		disableDefaultMutations: true, disableQueryLog: true, legacyRelations: 'omit' });
}
