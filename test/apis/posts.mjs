// Which tables does json-graphql-server serve? More rows than a page of 25 in each.
const rows = (count, make) => Array.from({ length: count }, (_, i) => make(i + 1));

export const posts = {
	users: rows(40, (n) => ({ id: n, name: `User ${n}`, active: n % 3 > 0, score: n / 8, nicknames: n % 5 ? [`u${n}`, 'ü☕'] : [] })),
	posts: rows(130, (n) => ({ id: `p-${n}`, title: `Title "${n}"\n`, views: n * 1000, user_id: 1 + (n * 7) % 40,
		publishedAt: new Date(Date.UTC(2024, 0, n, n % 24, 0, 0, n)).toISOString(), meta: { n, deep: { list: [n, null, 'x'] } } })),
	// What rows lack is null: half the comments belong to no post.
	comments: rows(77, (n) => ({ id: n, body: `Comment ${n}`, ...n % 2 ? { post_id: `p-${n}` } : {} })),
};
