// Which documents and bodies follow from a table, a method and what the schema says?

#include "core/query.hpp"

#include "fixture.hpp"

namespace gql::test
{

namespace
{

const std::string accounts_schema = introspected_root(
	introspected_field("account", introspected_input("id", "ID!"), "Account") + "," +
	introspected_field("accountsByIds", introspected_input("ids", "[ID!]!"), "[Account]") + "," +
	introspected_field("accounts",
					   introspected_input("order", "Order!", "ENUM", "\"ID\"") + "," +
						   introspected_input("orders", "[Order!]", "ENUM") + "," +
						   introspected_input("where", "Where", "INPUT_OBJECT") + "," +
						   introspected_input("tag", "[String!]"),
					   "[Account!]!"));

std::string
document(const QueryPointer &query, size_t keys = 1, const Schema *schema = nullptr)
{
	return make_document(*query, keys, schema);
}

}    // namespace

TEST(Query, Scan)
{
	auto table = make_table({"accounts"}, {column("id", "id"), column("plan", "plan")});

	EXPECT_EQ(document(make_query(table, Method::single, {0, 1})),
			  "query { accounts { id plan } }");

	auto deep = make_table({"viewer.repositories.nodes", R"({"first": 10})"}, {column("id", "id")});

	EXPECT_EQ(document(make_query(deep, Method::single, {0})),
			  "query { viewer { repositories(first: 10) { nodes { id } } } }");
	EXPECT_EQ(query_field(make_query(deep, Method::single, {0}).get()),
			  "viewer.repositories.nodes");

	auto tags = make_table({"tags"}, {column("tag", ".")});

	EXPECT_EQ(document(make_query(tags, Method::single, {0})), "query { tags }");
}

// What is read of the objects around the rows stands beside the way to the rows.
TEST(Query, AboveTheRows)
{
	ColumnSpec key = argument("account_id", "account(id)");

	key.path = "..id";

	auto orders = make_table(
		{"account.orders", "",
		 R"~([{"field": "accountsByIds.orders",
								   "arguments": {"accountsByIds(ids)": ["$account_id"]}}])~"},
		{key, column("id", "id"), column("owner", "..owner.name"), column("plan", "..plan")});

	EXPECT_EQ(document(make_query(orders, Method::single, {1, 2, 3}, {0}, 1)),
			  "query($id: Int!) { account(id: $id) { owner { name } plan orders { id } } }");
	EXPECT_EQ(document(make_query(orders, Method::list, {0, 1}, {0}), 2),
			  "query($ids: [Int!]!) { accountsByIds(ids: $ids) { id orders { id } } }");
	EXPECT_EQ(document(make_query(orders, Method::alias, {0}, {0}, 1), 1),
			  "query($k0: Int!) { a0: account(id: $k0) { id orders { __typename } } }");

	// Fields that are asked for anyway keep their keys.
	auto visits = make_table({"viewer.visits.nodes", "", "",
							  R"({"style": "relay", "size": "first", "cursor": "after"})"},
							 {column("at", "at"), column("info", "..pageInfo", Leaf::json),
							  column("nodes", "..nodes {id}", Leaf::json), column("id", "....id"),
							  column("visits", "....visits {x}", Leaf::json)});

	EXPECT_EQ(document(make_query(visits, Method::single, {0, 1, 2, 3, 4})),
			  "query($first: Int!, $after: String) { viewer { id visits_2: visits { x } "
			  "visits(first: $first, after: $after) { pageInfo { endCursor hasNextPage } "
			  "pageInfo_3: pageInfo nodes_2: nodes { id } nodes { at } } } }");
}

TEST(Query, SingleKey)
{
	auto table = make_table({"account"}, {argument("id", "id"), column("plan", "plan")});
	auto query = make_query(table, Method::single, {0, 1}, {0});
	std::string_view values[] = {"42"};

	EXPECT_EQ(document(query), "query($id: Int!) { account(id: $id) { id plan } }");
	EXPECT_EQ(
		make_body(*query, values, 1, nullptr, nullptr),
		R"({"query":"query($id: Int!) { account(id: $id) { id plan } }","variables":{"id":42}})");
	EXPECT_EQ(document(make_query(table, Method::single, {1})), "query { account { plan } }");
	EXPECT_EQ(make_body(*make_query(table, Method::single, {1}), nullptr, 0, nullptr, nullptr),
			  R"({"query":"query { account { plan } }"})");
}

TEST(Query, ListOfKeys)
{
	auto table = make_table(
		{"account", "",
		 R"([{"field": "accountsByIds", "arguments": {"ids": ["$id"], "region": "$region"}}])"},
		{argument("id", "id"), column("plan", "plan"), argument("region", "", "", "String")});
	auto query = make_query(table, Method::list, {0, 1}, {2, 0});
	std::string_view values[] = {"\"eu\"", "1", "\"eu\"", "2", "\"eu\"", "3"};

	EXPECT_EQ(document(query, 3),
			  "query($ids: [Int!]!, $region: String!) { accountsByIds(ids: $ids, "
			  "region: $region) { id plan } }");
	make_body(*query, values, 3, nullptr, nullptr);
	EXPECT_EQ(query->body.substr(query->body.find("\"variables\"")),
			  R"("variables":{"ids":[1,2,3],"region":"eu"}})");
	// One key of a list access is a list of one.
	EXPECT_EQ(
		make_body(*make_query(table, Method::single, {1}, {0}), values + 1, 1, nullptr, nullptr),
		R"({"query":"query($ids: [Int!]!) { accountsByIds(ids: $ids) { plan } }","variables":{"ids":[1]}})");
}

TEST(Query, ObjectsOfOneTypeByTheirIds)
{
	auto table =
		make_table({"order", "",
					R"([{"field": "nodes", "typename": "Order", "arguments": {"ids": ["$id"]}}])"},
				   {argument("id", "id", "ID!"), column("sku", "product.sku")});

	EXPECT_EQ(document(make_query(table, Method::list, {0, 1}, {0})),
			  "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { id product { sku } } } }");
	EXPECT_EQ(document(make_query(table, Method::alias, {0}, {0}), 2),
			  "query($k0: ID!, $k1: ID!) { a0: nodes(ids: [$k0]) { ... on Order { id } } "
			  "a1: nodes(ids: [$k1]) { ... on Order { id } } }");
	// The table's own field yields nothing else.
	EXPECT_EQ(document(make_query(table, Method::single, {0}, {0}, 1)),
			  "query($id: ID!) { order(id: $id) { id } }");
	// Rows that nothing is wanted of are told from others all the same.
	EXPECT_EQ(document(make_query(table, Method::single, {}, {0})),
			  "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { __typename } } }");
}

TEST(Query, RepresentationsOfKeys)
{
	auto table = make_table(
		{"account", "",
		 R"([{"field": "_entities", "typename": "Account", "arguments": {"representations":
		 [{"__typename": "Account", "id": "$id", "of": {"tags": ["a\"b", "$$"], "n": 1}}]}}])"},
		{argument("id", "id", "ID!"), column("plan", "plan")});
	auto query = make_query(table, Method::list, {1}, {0});
	std::string_view values[] = {R"("1")", R"("x\"y")"};
	auto variables = [](const QueryPointer &made)
	{ return made->body.substr(made->body.find("\"variables\"")); };

	// No schema is needed to know the type.
	Schema schema;

	EXPECT_EQ(make_question(*query, schema), "");
	EXPECT_EQ(document(query, 2), "query($representations: [_Any!]!) { _entities(representations: "
								  "$representations) { ... on Account { plan } } }");
	make_body(*query, values, 2, nullptr, nullptr);
	EXPECT_EQ(
		variables(query),
		R"("variables":{"representations":[{"__typename":"Account","id":"1","of":{"tags":["a\"b","$"],"n":1}},)"
		R"({"__typename":"Account","id":"x\"y","of":{"tags":["a\"b","$"],"n":1}}]}})");

	auto aliased = make_query(table, Method::alias, {1}, {0});

	EXPECT_EQ(document(aliased, 2),
			  "query($k0: _Any!, $k1: _Any!) { "
			  "a0: _entities(representations: [$k0]) { ... on Account { plan } } "
			  "a1: _entities(representations: [$k1]) { ... on Account { plan } } }");
	make_body(*aliased, values, 2, nullptr, nullptr);
	EXPECT_NE(variables(aliased).find(R"("k1":{"__typename":"Account","id":"x\"y")"),
			  std::string::npos);

	// Without its column (EXPLAIN shows such documents) nothing is sent.
	EXPECT_EQ(document(make_query(table, Method::single, {1})),
			  "query { _entities { ... on Account { plan } } }");
	EXPECT_EQ(missing_argument(*make_query(table, Method::single, {1}), nullptr), "id");
}

TEST(Query, AnyOtherListOfObjectsIsOneValue)
{
	auto table =
		make_table({"accounts", "",
					R"([{"field": "accounts", "arguments": {"where": {"and": [{"id": "$id"}]}}}])"},
				   {argument("id", "id", "Int!")});

	EXPECT_EQ(table_access(table.get(), 0)->list_column, -1);
	EXPECT_EQ(document(make_query(table, Method::single, {0}, {0})),
			  "query($id: Int!) { accounts(where: {and: [{id: $id}]}) { id } }");
}

TEST(Query, ListInsideAnInputObject)
{
	auto table =
		make_table({"accounts", "",
					R"([{"field": "accounts", "arguments": {"where": {"id": {"_in": ["$id"]}}}}])"},
				   {argument("id", "where.id._eq", "uuid!")});

	EXPECT_EQ(document(make_query(table, Method::list, {0}, {0})),
			  "query($id: [uuid!]!) { accounts(where: {id: {_in: $id}}) { id } }");
	EXPECT_EQ(document(make_query(table, Method::single, {0}, {0}, 1)),
			  "query($id: uuid!) { accounts(where: {id: {_eq: $id}}) { id } }");
	// Input objects that become empty are left out.
	EXPECT_EQ(document(make_query(table, Method::single, {0}, {}, 1)), "query { accounts { id } }");
}

TEST(Query, ListWithoutItsColumnIsRefused)
{
	auto table = make_table({"accountsByIds", R"({"ids": ["$id"]})"}, {column("id", "id")});
	QuerySpec spec;
	Error err;

	spec.method = Method::list;
	EXPECT_EQ(query_open(table.get(), spec, err), nullptr);
	EXPECT_EQ(err.code, Code::internal);
}

TEST(Query, Aliases)
{
	auto table = make_table({"account"}, {argument("id", "id", "ID!"), column("plan", "plan"),
										  argument("region", "region", "Region")});
	auto query = make_query(table, Method::alias, {1}, {0});
	std::string_view values[] = {"\"a\"", "\"b\""};

	EXPECT_EQ(document(query, 2), "query($k0: ID!, $k1: ID!) { a0: account(id: $k0) { plan } a1: "
								  "account(id: $k1) { plan } }");
	make_body(*query, values, 2, nullptr, nullptr);
	EXPECT_EQ(query->body.substr(query->body.find("\"variables\"")),
			  R"("variables":{"k0":"a","k1":"b"}})");

	auto both = make_query(table, Method::alias, {1}, {2, 0});
	std::string_view pairs[] = {"\"eu\"", "1", "\"us\"", "2"};

	EXPECT_EQ(document(both, 2),
			  "query($k0: ID!, $k0_1: Region!, $k1: ID!, $k1_1: Region!) { a0: account(id: $k0, "
			  "region: $k0_1) { plan } a1: account(id: $k1, region: $k1_1) { plan } }");
	make_body(*both, pairs, 2, nullptr, nullptr);
	EXPECT_EQ(both->body.substr(both->body.find("\"variables\"")),
			  R"("variables":{"k0":1,"k0_1":"eu","k1":2,"k1_1":"us"}})");
}

TEST(Query, AliasesOfADeepField)
{
	auto table = make_table({"shop.account"}, {argument("id", "id"), argument("s", "shop(id)")});

	EXPECT_EQ(document(make_query(table, Method::alias, {0}, {0, 1}), 1),
			  "query($k0: Int!, $k0_1: Int!) { a0: shop(id: $k0) { account(id: $k0_1) { id } } }");
}

TEST(Query, AliasesOfAListField)
{
	auto table = make_table({"accountsByIds", R"({"ids": ["$id"]})"}, {argument("id", "")});

	EXPECT_EQ(document(make_query(table, Method::alias, {0}, {0}), 1),
			  "query($k0: Int!) { a0: accountsByIds(ids: [$k0]) { id } }");
}

TEST(Query, AliasDocumentsComeInFewSizes)
{
	EXPECT_EQ(alias_slots(1), 1u);
	EXPECT_EQ(alias_slots(16), 16u);
	EXPECT_EQ(alias_slots(17), 20u);
	EXPECT_EQ(alias_slots(20), 20u);
	EXPECT_EQ(alias_slots(21), 40u);
	EXPECT_EQ(alias_slots(100), 100u);

	auto table = make_table({"account"}, {argument("id", "id")});
	auto query = make_query(table, Method::alias, {0}, {0});
	std::vector<std::string> texts;
	std::vector<std::string_view> values;

	for (int i = 0; i < 17; i++)
	{
		texts.push_back(std::to_string(i));
	}
	values.assign(texts.begin(), texts.end());

	std::string body = make_body(*query, values.data(), 17, nullptr, nullptr);

	EXPECT_NE(body.find("\"k16\":16,\"k17\":16,\"k18\":16,\"k19\":16}"), std::string::npos);
	EXPECT_NE(body.find(" a19: account(id: $k19)"), std::string::npos);
	EXPECT_EQ(body.find("a20"), std::string::npos);
}

TEST(Query, AFragmentWhereItIsShorterAndItsTypeKnown)
{
	Schema schema = make_schema(accounts_schema);
	auto table =
		make_table({"account"}, {argument("id", "id"), column("plan", "somewhatLongFieldName"),
								 column("other", "anotherLongFieldName")});
	auto query = make_query(table, Method::alias, {1, 2}, {0});

	EXPECT_EQ(document(query, 3, &schema),
			  "query($k0: ID!, $k1: ID!, $k2: ID!) { a0: account(id: $k0) { ...F } a1: account(id: "
			  "$k1) { ...F } a2: account(id: $k2) { ...F } } fragment F on Account { "
			  "somewhatLongFieldName anotherLongFieldName }");
	EXPECT_EQ(document(query, 1, &schema), "query($k0: ID!) { a0: account(id: $k0) { "
										   "somewhatLongFieldName anotherLongFieldName } }");
	EXPECT_EQ(document(query, 3).find("fragment"), std::string::npos);
}

TEST(Query, TypesFollowFromColumnThenSchemaThenSQL)
{
	Schema schema = make_schema(accounts_schema);
	auto plain = make_table({"account"}, {argument("id", "id")});
	auto declared = make_table({"account"}, {argument("id", "id", "uuid")});

	EXPECT_EQ(document(make_query(plain, Method::single, {0}, {0})),
			  "query($id: Int!) { account(id: $id) { id } }");
	EXPECT_EQ(document(make_query(plain, Method::single, {0}, {0}), 1, &schema),
			  "query($id: ID!) { account(id: $id) { id } }");
	EXPECT_EQ(document(make_query(declared, Method::single, {0}, {0}), 1, &schema),
			  "query($id: uuid!) { account(id: $id) { id } }");

	// A query notices that the schema is known by now.
	auto query = make_query(plain, Method::single, {0}, {0});

	document(query);
	EXPECT_EQ(document(query, 1, &schema), "query($id: ID!) { account(id: $id) { id } }");
}

TEST(Query, AListArgumentTakesAListOfOne)
{
	Schema schema = make_schema(accounts_schema);
	auto known = make_table({"accounts"}, {argument("tag", "tag")});
	auto declared = make_table({"accounts"}, {argument("tag", "tag", "[Tag!]!")});

	EXPECT_EQ(document(make_query(known, Method::single, {0}, {0}), 1, &schema),
			  "query($tag: String!) { accounts(tag: [$tag]) { tag } }");
	EXPECT_EQ(document(make_query(declared, Method::single, {0}, {0})),
			  "query($tag: Tag!) { accounts(tag: [$tag]) { tag } }");

	auto lookup = make_table({"accounts", R"({"tag": ["$tag"]})"}, {argument("tag", "", "[Tag]")});

	EXPECT_EQ(document(make_query(lookup, Method::list, {0}, {0})),
			  "query($tag: [Tag!]!) { accounts(tag: $tag) { tag } }");
}

TEST(Query, ArrayColumnsAreSentAsLists)
{
	Schema schema = make_schema(accounts_schema);
	ColumnSpec tags = argument("tag", "tag");
	ColumnSpec declared = argument("tag", "tag", "[Tag]!");

	tags.array = declared.array = true;
	EXPECT_EQ(document(make_query(make_table({"accounts"}, {tags}), Method::single, {0}, {0})),
			  "query($tag: [Int!]!) { accounts(tag: $tag) { tag } }");
	EXPECT_EQ(document(make_query(make_table({"accounts"}, {tags}), Method::single, {0}, {0}), 1,
					   &schema),
			  "query($tag: [String!]!) { accounts(tag: $tag) { tag } }");
	EXPECT_EQ(document(make_query(make_table({"accounts"}, {declared}), Method::single, {0}, {0})),
			  "query($tag: [Tag]!) { accounts(tag: $tag) { tag } }");
}

TEST(Query, ConstantsAreLiterals)
{
	Schema schema = make_schema(accounts_schema);
	auto table =
		make_table({"accounts", R"({"order": "NAME", "orders": ["A", "B"], "tag": ["x\"\n", "NAME"],
						 "where": {"a": null, "b": [1.5, true], "c": {}}})"},
				   {column("id", "id")});
	auto query = make_query(table, Method::single, {0});

	EXPECT_EQ(document(query, 1, &schema),
			  "query { accounts(order: NAME, orders: [A, B], tag: [\"x\\\"\\n\", \"NAME\"], where: "
			  "{a: null, b: [1.5, true], c: {}}) { id } }");
	EXPECT_EQ(document(query).find("query { accounts(order: \"NAME\", orders: [\"A\""), 0u);
}

TEST(Query, ArgumentsOfTheSameNameDoNotClash)
{
	auto table =
		make_table({"organization.repositories.nodes"},
				   {argument("a", "organization(name)", "String!"), argument("b", "name", "ID!"),
					argument("c", "where.x", "ID!"), argument("c2", "name2", "ID")});

	EXPECT_EQ(
		document(make_query(table, Method::single, {0}, {0, 1, 2, 3})),
		"query($name: String!, $name_2: ID!, $c: ID!, $name2: ID!) { organization(name: $name) "
		"{ repositories(name: $name_2, where: {x: $c}, name2: $name2) { nodes { a } } } }");
}

TEST(Query, AColumnUsedTwiceIsSentOnce)
{
	auto table =
		make_table({"account", R"({"a": "$id", "b": {"c": "$id"}})"}, {argument("id", "", "ID")});

	EXPECT_EQ(document(make_query(table, Method::single, {0}, {0})),
			  "query($a: ID!) { account(a: $a, b: {c: $a}) { id } }");
}

TEST(Query, MissingArguments)
{
	Schema schema = make_schema(accounts_schema);
	auto table = make_table({"account"}, {argument("id", "id"), argument("r", "where.r", "ID!")});

	EXPECT_EQ(missing_argument(*make_query(table, Method::single, {0}, {0}), nullptr), "where.r");
	EXPECT_EQ(missing_argument(*make_query(table, Method::single, {0}, {0, 1}), nullptr), "");
	EXPECT_EQ(missing_argument(*make_query(table, Method::single, {0}, {1}), nullptr), "");
	EXPECT_EQ(missing_argument(*make_query(table, Method::single, {0}, {1}), &schema), "id");

	// An argument that no column names; one with a default; one that a lookup's template names.
	auto bare = make_table({"account", "", R"([{"field": "x", "arguments": {"k": {"l": "$id"}}}])"},
						   {column("id", "id")});

	EXPECT_EQ(missing_argument(*make_query(bare, Method::single, {0}, {}, 1), &schema), "id");
	EXPECT_EQ(missing_argument(*make_query(bare, Method::single, {0}, {}, 0), nullptr), "l");
	EXPECT_EQ(missing_argument(*make_query(bare, Method::single, {0}, {0}, 0), nullptr), "");

	auto accounts = make_table({"accounts"}, {column("id", "id")});

	EXPECT_EQ(missing_argument(*make_query(accounts, Method::single, {0}), &schema), "");
}

TEST(Query, TheTypeOfABoundColumn)
{
	auto table = make_table({"account"}, {argument("id", "id"), argument("x", "x", "[uuid!]")});
	auto query = make_query(table, Method::single, {0}, {0, 1});

	EXPECT_EQ(query_bound_type(query.get(), 0, nullptr), "");
	EXPECT_EQ(query_bound_type(query.get(), 1, nullptr), "uuid");
}

}    // namespace gql::test
