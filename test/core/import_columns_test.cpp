// Which columns does a type of rows make, and of which types?

#include "import_fixture.hpp"

namespace gql::test
{

namespace
{

constexpr std::string_view orders = R"~(
type Query { orders: [Order!]! }
type Order {
    id: ID!
    "What it is called."
    orderName: String
    author: Author!
    approver: Author
    tags: [String!]!
    grid: [[Int]]
    items: [Item!]!
    invoices(first: Int, after: String): InvoiceConnection
    parts(limit: Int, offset: Int): [Item!]!
    price(currency: String!): Float
    rate(currency: String = "EUR"): Float!
    old: Int @deprecated(reason: "gone")
    authorName: String
    xmin: Int
}
type Author { name: String! address: Address! next: Author boss: Author }
type Address { city: String! zip(format: String!): String country: Country }
type Country { code: String }
type Item { sku: String! count: Int product: Product old: Int @deprecated }
type Product { name: String }
type InvoiceConnection { nodes: [Invoice] pageInfo: PageInfo! }
type Invoice { id: ID! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
)~";

}    // namespace

TEST(ImportColumns, ObjectsFlattenToTheChosenDepth)
{
	Imported imported(orders);

	EXPECT_EQ(imported.columns("orders"), R"~(id text not null
order_name text, path orderName
author_name_2 text not null, path author.name
author_address jsonb not null, path author.address {city}
author_next jsonb, path author.next {name}
author_boss jsonb, path author.boss {name}
approver_name text, path approver.name
approver_address jsonb, path approver.address {city}
approver_next jsonb, path approver.next {name}
approver_boss jsonb, path approver.boss {name}
tags text[] not null
grid jsonb
items jsonb not null, path items {sku count}
rate float8 not null
author_name text, path authorName
xmin_2 int4, path xmin)~");
	EXPECT_EQ(imported.comment("orders", "order_name"), "What it is called.");
	EXPECT_EQ(imported.skipped(),
			  R"~(orders: Order.invoices is a list in pages (import_children makes it a table)
orders: Order.parts is a list in pages (import_children makes it a table)
orders: Order.price needs a value for argument "currency"
orders: Order.old is deprecated (import_deprecated brings it))~");
}

TEST(ImportColumns, DepthNothing)
{
	ImportSettings flat = settings();

	flat.max_depth = 0;
	EXPECT_EQ(Imported(orders, flat).column("orders", "author"),
			  "author jsonb not null, path author {name}");
}

TEST(ImportColumns, DepthTwo)
{
	ImportSettings deep = settings();

	deep.max_depth = 2;

	Imported imported(orders, deep);

	EXPECT_EQ(imported.column("orders", "author_address_city"),
			  "author_address_city text not null, path author.address.city");
	// Not below something that may be null.
	EXPECT_EQ(imported.column("orders", "approver_address_city"),
			  "approver_address_city text, path approver.address.city");
	EXPECT_EQ(imported.column("orders", "author_address_country"),
			  "author_address_country jsonb, path author.address.country {code}");
	EXPECT_EQ(imported.column("orders", "author_next_boss"),
			  "author_next_boss jsonb, path author.next.boss {name}");
}

TEST(ImportColumns, OnRequest)
{
	ImportSettings given = settings();

	given.deprecated = true;
	given.not_null = false;
	given.snake_case = false;
	given.prefix = "shop_";

	Imported imported(orders, given);

	EXPECT_EQ(imported.tables(), "shop_orders");
	EXPECT_EQ(imported.column("shop_orders", "id"), "id text");
	EXPECT_EQ(imported.column("shop_orders", "old"), "old int4");
	EXPECT_EQ(imported.column("shop_orders", "orderName"), "orderName text");
	EXPECT_EQ(imported.column("shop_orders", "author_name"), "author_name text, path author.name");
	EXPECT_EQ(imported.column("shop_orders", "items"), "items jsonb, path items {sku count old}");
}

TEST(ImportColumns, ScalarsByName)
{
	Imported imported(R"~(
scalar DateTime scalar Datetime scalar ISO8601DateTime scalar timestamptz scalar timestamp
scalar Timestamp scalar LocalDateTime scalar Date scalar ISO8601Date scalar Time scalar Duration
scalar UUID scalar JSON scalar JSONObject scalar BigInt scalar bigint scalar Long scalar Decimal
scalar BigFloat scalar numeric scalar smallint scalar Money scalar Cursor scalar Base64 scalar URI
type Query { row: Row }
type Row {
    a: DateTime b: Datetime c: ISO8601DateTime d: timestamptz e: timestamp f: Timestamp
    g: LocalDateTime h: Date i: ISO8601Date j: Time k: Duration l: UUID m: JSON n: JSONObject
    o: BigInt p: bigint q: Long r: Decimal s: BigFloat t: numeric u: smallint v: Money w: Cursor
    x: Base64 y: URI z: [JSON!]
}
)~");

	EXPECT_EQ(imported.columns("row"), R"~(a timestamptz
b timestamptz
c timestamptz
d timestamptz
e timestamp
f text
g timestamp
h date
i date
j time
k interval
l uuid
m jsonb
n jsonb
o numeric
p int8
q numeric
r numeric
s numeric
t numeric
u int4
v text
w text
x text
y text
z jsonb[])~");
}

TEST(ImportColumns, Enums)
{
	constexpr std::string_view zoo = R"~(
type Query { habitat(kind: Habitat!): [Animal!]! animals: [Animal] }
type Animal { home: Habitat! others: [Habitat!] size: Size }
enum Habitat { LAND WATER @deprecated }
enum Size { A_VERY_LONG_NAME_OF_A_SIZE_THAT_DOES_NOT_FIT_INTO_SIXTY_THREE_BYTES }
)~";
	ImportSettings with = settings();

	with.enums = true;
	EXPECT_EQ(Imported(zoo).columns("animals"), "home text not null\nothers text[]\nsize text");
	EXPECT_EQ(Imported(zoo).enums(), "");

	// The row type of table habitat has the name already.
	Imported imported(zoo, with);

	EXPECT_EQ(imported.columns("habitat"), R"~(home habitat_enum not null
others habitat_enum[]
size text
kind habitat_enum, path '', argument kind, type Habitat!)~");
	EXPECT_EQ(imported.enums(), "habitat_enum: LAND WATER");
}

TEST(ImportColumns, RowsOfSeveralTypes)
{
	Imported imported(R"~(
type Query { search(text: String!): [Result!]! named: Named }
union Result = Book | Person
interface Named { id: ID! name: String! }
type Book implements Named { id: ID! name: String! size: Int! author: Person! pages: [Page] }
type Person implements Named { id: ID! name: String! size: String mother: Person author: Person }
type Page { text: String }
)~");

	EXPECT_EQ(imported.columns("search"), R"~(typename text not null, path __typename
id text, path on Book.id | on Person.id
name text, path on Book.name | on Person.name
book_size int4, path on Book.size
author_id text, path on Book.author.id | on Person.author.id
author_name text, path on Book.author.name | on Person.author.name
author_size text, path on Book.author.size | on Person.author.size
author_mother jsonb, path on Book.author.mother {id name size} | on Person.author.mother {id name size}
author_author jsonb, path on Book.author.author {id name size} | on Person.author.author {id name size}
pages jsonb, path on Book.pages {text}
person_size text, path on Person.size
mother_id text, path on Person.mother.id
mother_name text, path on Person.mother.name
mother_size text, path on Person.mother.size
mother_mother jsonb, path on Person.mother.mother {id name size}
mother_author jsonb, path on Person.mother.author {id name size}
text text, path '', argument text, type String!)~");
	EXPECT_EQ(imported.column("named", "name"), "name text not null");
	EXPECT_EQ(imported.column("named", "typename"), "typename text not null, path __typename");
	EXPECT_EQ(imported.column("named", "author_id"),
			  "author_id text, path on Book.author.id | on Person.author.id");
}

TEST(ImportColumns, ObjectsOfSeveralTypes)
{
	Imported imported(R"~(
type Query { events: [Event!]! }
type Event { actor: Actor! subject: Subject }
interface Actor { login: String! }
type User implements Actor { login: String! email: String }
union Subject = Issue | Commit
type Issue { id: ID! title: String! size: Int }
type Commit { id: ID! title: String }
)~");

	// Of the union, GraphQL takes fields of one name only where they are of one type.
	EXPECT_EQ(imported.columns("events"), R"~(actor_typename text not null, path actor.__typename
actor_login text not null, path actor.login
subject jsonb, path subject {__typename ... on Issue {id title size} ... on Commit {id}})~");
}

TEST(ImportColumns, ObjectsOfNothingButObjects)
{
	Imported imported(R"~(
type Query { carts: [Cart!]! }
type Cart { buyers: [Buyer!] nothing: [Nothing!] }
type Buyer { company: Company contacts: [Company] empty: Nothing name(of: ID!): String }
type Company { id: ID! name: String }
type Nothing { needy(of: ID!): String }
)~");

	EXPECT_EQ(imported.columns("carts"),
			  "buyers jsonb, path buyers {company {id name} contacts {id name}}");
	EXPECT_EQ(imported.skipped(),
			  "carts: Cart.nothing has no fields that can be read without arguments");
}

TEST(ImportColumns, ShallowerWhereThereWouldBeTooMany)
{
	std::string sdl = "type Query { wide: Wide }\ntype Leaf { a: Int }\ntype Wide {";
	ImportSettings deep = settings();

	for (int i = 0; i < 20; i++)
	{
		sdl += " f" + std::to_string(i) + ": Wide";
	}
	deep.max_depth = 5;

	Imported imported(sdl + " leaf: Leaf id: ID }", deep);

	EXPECT_EQ(imported.column("wide", "f1_id"), "f1_id text, path f1.id");
	EXPECT_EQ(imported.column("wide", "f1_f2"), "f1_f2 jsonb, path f1.f2 {id}");
	EXPECT_EQ(imported.skipped(),
			  "wide: Query.wide has too many columns: objects are flattened to depth 1");
}

TEST(ImportColumns, NoMoreThanATableTakes)
{
	std::string sdl = "type Query { wide(last: Int): Wide }\ntype Wide {";

	for (int i = 0; i < 1005; i++)
	{
		sdl += " f" + std::to_string(i) + ": Int";
	}

	Imported imported(sdl + '}');

	EXPECT_EQ(imported.find("wide")->column_count, 1000u);
	EXPECT_EQ(imported.column("wide", "f999"), "");
	EXPECT_EQ(imported.column("wide", "last"), "last int4, path '', argument last, type Int");
	EXPECT_EQ(imported.skipped(), "wide: Query.wide has 1006 columns: 6 are left out");
}

}    // namespace gql::test
