// What does the API look like after it has changed under tables that were made before?
//
// /graphql/drift/none is where such tables are made, /graphql/drift/<change> where they find themselves.
import { createSchema } from 'graphql-yoga';
import { zoos } from './zoo.mjs';

// Each change as replacements in the SDL; fields answer as before, under new names too.
const changes = {
	'none': [],
	'field-removed': [['\tplan: String\n', '']],
	'field-renamed': [['\tplan: String\n', '\tplanName: String\n']],
	'type-changed': [['account(id: Int!)', 'account(id: ID!)'], ['\tactive: Boolean\n', '\tactive: Int\n']],
	'argument-required': [['accounts(region: String,', 'accounts(region: String!,']],
	'argument-removed': [['accounts(region: String, ', 'accounts(']],
	'value-removed': [['\tAIR\n', '']],
	'value-added': [['\tAIR\n', '\tAIR\n\tFIRE\n']],
	'null-allowed': [['\tname: String!\n\tnative', '\tname: String\n\tnative']],
	'look-up-removed': [['\taccountsByIds(ids: [Int!]!): [Account]!\n', '']],
	'deprecated': [['\tplan: String\n', '\tplan: String @deprecated(reason: "See tier.")\n']],
	'object-now': [['\tregion: String\n\treferrerId', '\tregion: Owner\n\treferrerId']],
};

const base = (sdl) => sdl.replace('\tzoos: [Zoo!]!\n', '\tzoos: [Zoo!]!\n\tzoosIn(habitat: Habitat): [Zoo!]!\n');

function changed(sdl, name)
{
	return changes[name].reduce((text, [from, to]) => {
		if (!text.includes(from))
		{
			throw new Error(`there is no ${from} to change`);
		}
		return text.replace(from, to);
	}, base(sdl));
}

const known = (row, gone) => ({ ...row, habitats: row.habitats?.filter((h) => h !== gone) });

export function driftSchema(sdl, resolvers, name)
{
	const habitat = (wanted) => zoos.filter((row) => !wanted || row.habitat === wanted)
		.map((row) => name === 'value-removed' ? known(row, 'AIR') : row);
	return createSchema({
		typeDefs: changed(sdl, name),
		resolverValidationOptions: { requireResolversToMatchSchema: 'ignore' },
		resolvers: {
			...resolvers,
			Account: { ...resolvers.Account, planName: (row) => row.plan,
				...name === 'type-changed' ? { active: (row) => row.active === null ? null : Number(row.active) } : {},
				...name === 'object-now' ? { region: (row) => ({ name: row.region }) } : {} },
			Query: { ...resolvers.Query, zoosIn: (_, args) => habitat(args.habitat),
				...name === 'type-changed' ? { account: (_, { id }, context, info) =>
					resolvers.Query.account(_, { id: Number(id) }, context, info) } : {} },
		},
	});
}

export const driftNames = Object.keys(changes);
