// Which fields make tables, how do these reach their rows, and what is left out?

#include "import_fixture.hpp"

#include "core/error.hpp"

namespace gql::test
{

TEST(ImportTables, FieldsOfTheQueryRoot)
{
	Imported imported(R"~(
schema { query: Root }
type Root {
    accounts: [Account!]!
    account(id: ID!): Account
    skus(first: Int): [String!]!
    version: String!
    matrix: [[Int!]!]
    root: Root
    old: Int @deprecated
    page: AccountPage
    cart: Cart
    catalog: Catalog
    _service: Service
}
"Who pays."
type Account { id: ID! }
type AccountPage { items: [Account!]! total: Int! }
type Cart { id: ID! items: [Account!]! total: Float }
type Catalog { accounts: [Account!]! }
type Service { sdl: String }
)~");

	EXPECT_EQ(imported.tables(), "accounts account skus version page cart catalog");
	EXPECT_EQ(imported.option("page", "field"), "page.items");
	EXPECT_EQ(imported.option("cart", "field"), "cart");
	EXPECT_EQ(imported.columns("skus"),
			  "value text, path .\nfirst int4, path '', argument first, type Int");
	EXPECT_EQ(imported.columns("version"), "value text, path .");
	EXPECT_EQ(imported.comment("accounts"), "Who pays.");
	EXPECT_EQ(imported.skipped(), R"~(Root.matrix is a list of lists
Root.root is the query root again
Root.old is deprecated (import_deprecated brings it)
Root._service is for the gateways of a federation
skus: Root.skus comes in pages, and how to ask for the next is not known: the table shows what comes at once)~");
}

TEST(ImportTables, ArgumentsAndFieldsThatAreTheSame)
{
	Imported imported(R"~(
scalar JSON
type Query {
    orders(region: String, accountId: Int, shop_id: Int!, active: Boolean = true, tags: [String!],
           size: Float, name_contains: String, extra: Extra, extras: [Extra!], sort: String,
           settings: JSON): [Order!]!
    ordered(orderBy: OrderBy!): [Order!]!
    nested(grid: [[Int!]!]!): [Order!]!
}
input Extra { a: Int }
input OrderBy { field: OrderField! direction: Direction! }
enum OrderField { REGION }
enum Direction { ASC DESC }
type Order {
    id: ID! region: String accountId: ID! shopId: Int active: Boolean tags: [String!] size: String
    settings: JSON
}
)~");

	EXPECT_EQ(imported.columns("orders"), R"~(id text not null
region text, argument region, type String
account_id int4 not null, path accountId, argument accountId, type Int
shop_id int4, path shopId, argument shop_id, type Int!
active boolean
tags text[]
size text
settings jsonb
active_argument boolean, path '', argument active, type Boolean
tags_argument text[], path '', argument tags, type [String!]
size_argument float8, path '', argument size, type Float
name_contains text, path '', argument name_contains, type String
extra jsonb, path '', argument extra, type Extra
extras jsonb[], path '', argument extras, type [Extra!]
settings_argument jsonb, path '', argument settings, type JSON)~");
	EXPECT_EQ(imported.skipped(),
			  R"~(orders: Query.orders(sort) orders rows in a way that is not known
Query.nested argument "grid" is a list of lists, and must be given)~");
}

TEST(ImportTables, OnlyFieldsThatShowAllLookUpForEachOther)
{
	Imported imported(R"~(
type Query {
    products(ids: [ID!]): [Product!]!
    product(id: ID!): Product
    productBySku(sku: String!): Product
    productStrict(id: ID!): Product!
    topProducts(ids: [ID!], first: Int): [Product!]!
    productsOfShop(shop: Int!, ids: [ID!]): [Product!]!
    latestProduct(shop: ID!): Product
    myProduct: Product
}
type Product { id: ID! sku: String! shop: ID! }
)~");

	EXPECT_EQ(imported.option("products", "lookups"),
			  R"~([{"field": "products", "arguments": {"ids": ["$id"]}}, )~"
			  R"~({"field": "product", "arguments": {"id": "$id"}}, )~"
			  R"~({"field": "productBySku", "arguments": {"sku": "$sku"}}])~");
	EXPECT_EQ(imported.option("product", "lookups"),
			  R"~([{"field": "products", "arguments": {"ids": ["$id"]}}, )~"
			  R"~({"field": "productBySku", "arguments": {"sku": "$sku"}}])~");
	EXPECT_EQ(imported.option("top_products", "lookups"), "");
	EXPECT_EQ(imported.option("products_of_shop", "lookups"),
			  R"~([{"field": "productsOfShop", "arguments": {"ids": ["$id"], "shop": "$shop"}}])~");
	EXPECT_EQ(imported.option("latest_product", "lookups"), "");
	EXPECT_EQ(imported.option("latest_product", "key"), "shop");
	EXPECT_EQ(imported.option("my_product", "lookups"), "");
}

TEST(ImportTables, NonNullLookUpsOnlyWhereThereIsNoOther)
{
	Imported imported(R"~(
type Query {
    teams: [Team!]!
    team(id: ID!): Team!
    users: [User!]!
    user(id: ID!): User!
    usersByIds(ids: [ID!]!): [User!]!
}
type Team { id: ID! }
type User { id: ID! }
)~");

	EXPECT_EQ(imported.option("teams", "lookups"),
			  R"~([{"field": "team", "arguments": {"id": "$id"}}])~");
	EXPECT_EQ(imported.option("users", "lookups"),
			  R"~([{"field": "usersByIds", "arguments": {"ids": ["$id"]}}])~");
	EXPECT_EQ(imported.tables(), "teams team users user");
}

TEST(ImportTables, FieldsOfKeyListsThatServeNobodyAreTables)
{
	Imported imported(R"~(
type Query { thingsByIds(ids: [ID!]!): [Thing!]! }
type Thing { id: ID! }
)~");

	EXPECT_EQ(imported.columns("things_by_ids"), R"~(id text not null, type ID
ids text[], path '', argument ids, type [ID!]!)~");
	EXPECT_EQ(imported.option("things_by_ids", "lookups"),
			  R"~([{"field": "thingsByIds", "arguments": {"ids": ["$id"]}}])~");
}

TEST(ImportTables, KeysOnlyWhereTheyAreSure)
{
	Imported imported(R"~(
type Query {
    logs: [Log!]!
    items(lang: String): [Item!]!
    item(id: Int!): Item
    entry(shop: Int!, sku: String!, lang: String): Entry
    entries: [Entry!]!
    either: [Either!]!
    me: User
    setting(name: String!): String
    tagged: [Tagged!]!
}
type Log { id: Int! }
type Item { id: Int! }
type Entry { shop: Int! sku: String! }
union Either = Item | Entry
type User { email: String }
type Tagged @key(fields: "code") { code: String! }
)~");

	EXPECT_EQ(imported.option("logs", "key"), "");
	EXPECT_EQ(imported.option("items", "key"), "id,lang");
	EXPECT_EQ(imported.option("item", "key"), "id");
	EXPECT_EQ(imported.option("entry", "key"), "shop,sku,lang");
	EXPECT_EQ(imported.option("entries", "key"), "shop,sku");
	EXPECT_EQ(imported.option("either", "key"), "");
	EXPECT_EQ(imported.option("me", "key"), "");
	EXPECT_EQ(imported.option("setting", "key"), "name");
	EXPECT_EQ(imported.option("tagged", "key"), "code");
}

TEST(ImportTables, KeysNameColumnsAsTheyAre)
{
	ImportSettings keep = settings();

	keep.snake_case = false;

	Imported imported("type Query { row(rowId: Int!): Row }\ntype Row { rowId: Int! }", keep);

	EXPECT_EQ(imported.option("row", "key"), "\"rowId\"");
}

TEST(ImportTables, Children)
{
	constexpr std::string_view shop = R"~(
type Query {
    account(id: Int!): Account
    accounts: [Account!]!
    regions: [Region!]!
    paged(first: Int, after: String): RegionConnection!
    viewer: User
}
type Account {
    id: Int!
    "What was bought."
    orders(state: String): [Order!]!
    visits(first: Int!, after: String): VisitConnection!
    items(limit: Int, offset: Int): [Order!]!
    seats: [Int!]
}
type Order { id: ID! accountId: Int! state: String }
type Visit { at: String }
type VisitConnection { nodes: [Visit] pageInfo: PageInfo! totalCount: Int! edges: [VisitEdge] }
type VisitEdge { node: Visit weight: Int }
type RegionConnection { nodes: [Region] pageInfo: PageInfo! }
type Region { name: String cities: [City!]! towns(first: Int, after: String): RegionConnection }
type City { id: ID! name: String }
type User { id: ID! friends: [User!]! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
)~";
	ImportSettings with = settings();

	with.children = true;

	Imported imported(shop, with);

	EXPECT_EQ(imported.tables(), "account accounts regions paged viewer account_orders "
								 "account_visits account_items regions_cities viewer_friends");
	EXPECT_EQ(imported.columns("account"),
			  "id int4 not null, argument id, type Int!\nseats int4[]");
	// Lists of accounts are reached through account, by key.
	EXPECT_EQ(imported.column("accounts", "orders"),
			  "orders jsonb not null, path orders {id accountId state}");
	EXPECT_EQ(imported.options("account_orders"), R"~(field: account.orders
key: account_id,id
lookups: [{"field": "accounts.orders", "arguments": {}}])~");
	EXPECT_EQ(imported.columns("account_orders"),
			  R"~(account_id int4, path ..id, argument account(id), type Int!
id text not null
account_id_2 int4 not null, path accountId
state text, argument state, type String)~");
	EXPECT_EQ(imported.comment("account_orders"), "What was bought.");
	// What counts the visits would have to be told how many of them to show.
	EXPECT_EQ(imported.options("account_visits"), R"~(field: account.visits.nodes
pagination: {"style": "relay", "size": "first", "cursor": "after"})~");
	// "items" would be taken for a wrapper.
	EXPECT_EQ(imported.options("account_items"), R"~(field: account.items
pagination: {"style": "offset", "size": "items(limit)", "offset": "items(offset)"}
key: account_id,id)~");
	EXPECT_EQ(imported.column("account_items", "account_id"),
			  "account_id int4, path ..id, argument id, type Int!");
	EXPECT_EQ(imported.options("regions_cities"), "field: regions.cities");
	EXPECT_EQ(imported.option("viewer_friends", "key"), "id");
	EXPECT_EQ(imported.skipped(), R"~(accounts: Account.visits is a list in pages
accounts: Account.items is a list in pages
regions: Region.towns is a list in pages
paged: Region.towns is a list in pages
account_visits: VisitEdge.weight belongs to an edge rather than to a row)~");

	EXPECT_EQ(Imported(shop).tables(), "account accounts regions paged viewer");
}

TEST(ImportTables, OtherObjectTypes)
{
	constexpr std::string_view shop = R"~(
type Query { accounts: [Account!]! account(id: ID!): Account owner: Owner }
type Account { id: ID! owner: Owner! address: Address orders: [Order!]! }
type Owner { name: String }
type Address { city: String }
type Order { id: ID! }
type Unused { id: ID! }
)~";

	EXPECT_EQ(Imported(shop, settings("Account")).tables(), "accounts account");
	EXPECT_EQ(Imported(shop, settings("Owner")).tables(), "owner");

	Imported addresses(shop, settings("Address"));

	EXPECT_EQ(addresses.tables(), "account_address");
	EXPECT_EQ(addresses.option("account_address", "field"), "account.address");
	EXPECT_EQ(addresses.columns("account_address"),
			  "account_id text, path ..id, argument account(id), type ID!\ncity text");
	EXPECT_EQ(Imported(shop, settings("Order")).option("account_orders", "key"), "account_id,id");
	EXPECT_EQ(Imported(shop, settings("Unused")).skipped(),
			  "Unused is not what any field of the query root yields");

	Error err;
	std::unique_ptr<RemoteSchema, decltype(&schema_close)> schema(
		schema_from_text(shop, "the test", err), &schema_close);

	EXPECT_EQ(import_open(schema.get(), settings("Nothing"), err), nullptr);
	EXPECT_EQ(err.code, Code::object_missing);
	EXPECT_STREQ(err.message, "the API has no object type \"Nothing\"");
}

// Of several types each, so they say of which. Composite and nested keys cannot be sent in lists.
TEST(ImportTables, FindsObjectsThroughFieldsOfAllTypes)
{
	constexpr std::string_view entities = R"~(
directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT
type Query {
  users(active: Boolean): [User!]!  user(id: ID!): User  me: User
  topUsers: [User!]!  openUsers(onlyOpen: Boolean = true): [User!]!
  seats: [Seat!]!  rooms: [Room!]!  halls: [Hall!]!  plans: [Plan!]!
  nodes(ids: [ID!]!): [Node]!
  _entities(representations: [_Any!]!): [_Entity]!
}
scalar _Any
interface Node { id: ID! }
union _Entity = User | Seat | Room | Plan
type User implements Node @key(fields: "id") @key(fields: "email") @key(fields: "name of") {
  id: ID!  email: String!  name: String  of: Int  seats: [Seat!]! }
type Seat @key(fields: "row number") @key(fields: "room { code }") { row: Int! number: Int! room: Room! }
type Room @key(fields: "code", resolvable: false) { code: Int! }
type Hall @key(fields: "code") { code: Int! }
type Plan implements Node { id: Int! }
)~";
	Imported imported(entities);
	const std::string lookups =
		R"~([{"field": "_entities", "typename": "User", "arguments": {"representations": [{"__typename": "User", "id": "$id"}]}}, )~"
		R"~({"field": "_entities", "typename": "User", "arguments": {"representations": [{"__typename": "User", "email": "$email"}]}}, )~"
		R"~({"field": "nodes", "typename": "User", "arguments": {"ids": ["$id"]}})~";

	EXPECT_EQ(imported.option("users", "lookups"),
			  lookups + R"~(, {"field": "user", "arguments": {"id": "$id"}}])~");
	EXPECT_EQ(imported.option("user", "lookups"), lookups + "]");
	EXPECT_EQ(imported.column("users", "email"), "email text not null, type String");
	// These show some users only.
	EXPECT_EQ(imported.option("me", "lookups"), "");
	EXPECT_EQ(imported.option("top_users", "lookups"), "");
	EXPECT_EQ(imported.option("open_users", "lookups"), "");
	for (const char *name : {"seats", "rooms", "halls", "plans"})
	{
		EXPECT_EQ(imported.option(name, "lookups"), "") << name;
	}
	// What finds objects of all types goes on being a table of them.
	EXPECT_NE(imported.find("nodes"), nullptr);
}

TEST(ImportTables, NamesDependOnNothingElse)
{
	Imported imported(R"~(
type Query { allPosts: [Post] all_posts: [Post] _allPosts: [Post] order: Post user: Post }
type Post { id: ID! Id: Int userId: Int user_id: Int }
)~");

	EXPECT_EQ(imported.tables(), "all_posts all_posts_2 all_posts_3 order user");
	EXPECT_EQ(imported.columns("order"), R"~(id text not null
id_2 int4, path Id
user_id int4, path userId
user_id_2 int4, path user_id)~");
}

TEST(ImportTables, KeyThatMustBeGivenAnywayIsNoListOfKeys)
{
	Imported imported(R"(
type Query { media(id: Int!, id_in: [Int!]): [Media!]! }
type Media { id: Int! title: String }
)");

	EXPECT_EQ(imported.option("media", "lookups"), "");
	EXPECT_EQ(imported.column("media", "id"), "id int4 not null, argument id, type Int!");
}

TEST(ImportTables, KeysInAnInputThatNeedsMoreAreNoLookup)
{
	Imported imported(R"(
type Query {
  posts(filter: PostFilter): [Post!]!
  notes(where: NoteFilter): [Note!]!
  note(where: NoteUnique!): Note
}
type Post { id: ID! views: Int! }
type Note { id: ID! }
input PostFilter { id: IDFilter views: Int! }
input IDFilter { in: [ID!] }
input NoteFilter { id: StrictFilter }
input StrictFilter { in: [ID!] caseless: Boolean! exact: Boolean! = true }
input NoteUnique { id: ID! tenant: ID! }
)");

	EXPECT_EQ(imported.option("posts", "lookups"), "");
	EXPECT_EQ(imported.option("notes", "lookups"), "");
}

}    // namespace gql::test
