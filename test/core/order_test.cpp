// How is an API asked for rows in an order, and of which orders does a table know?

#include "core/door/order.hpp"

#include "fixture.hpp"

namespace gql::test
{

namespace
{

constexpr std::string_view enumeration =
	R"({"style": "enum", "argument": "orderBy", "nulls": "largest",
	"columns": {"price": {"asc": "PRICE_ASC", "desc": "PRICE_DESC"}, "id": {"asc": "ID_ASC"}}})";
constexpr std::string_view enumerations =
	R"({"style": "enum", "argument": "orderBy", "list": true,
	"columns": {"price": {"asc": "PRICE_ASC", "desc": "PRICE_DESC"}, "id": {"asc": "ID_ASC"}}})";
constexpr std::string_view object =
	R"({"style": "object", "argument": "sort.by", "field": "field", "direction": "direction",
	"asc": "ASC", "desc": "DESC", "columns": {"price": "PRICE"}})";
constexpr std::string_view map =
	R"({"style": "map", "argument": "order_by", "list": true, "nulls": "first",
	"asc": "asc_nulls_first", "desc": "desc_nulls_first", "columns": {"price": "price", "id": "id"}})";
constexpr std::string_view words_for_nulls =
	R"({"style": "map", "argument": "order_by", "list": true,
	"asc": {"first": "af", "last": "al"}, "desc": {"last": "dl"}, "columns": {"price": "price"}})";
constexpr std::string_view arguments =
	R"({"style": "arguments", "argument": "sortKey", "direction": "reverse",
	"asc": false, "desc": true, "columns": {"price": "PRICE"}})";

const std::vector<ColumnSpec> columns = {argument("id", "id", "Int"), column("price", "price"),
										 column("gone", "gone")};

TablePointer
table_with(std::string_view order, std::string_view field = "products",
		   std::string_view lookups = {}, std::string_view fixed = {},
		   std::string_view pagination = {})
{
	Options options = {field, fixed, lookups, pagination};

	options.order = order;
	return make_table(options, columns);
}

// The document of a scan ordered by these keys.
std::string
document(const TablePointer &table, const std::vector<OrderKey> &keys, size_t access = 0,
		 Method method = Method::single, const Schema *schema = nullptr)
{
	Error err;
	QuerySpec spec;
	const int selected = 1;
	const int bound = 0;

	spec.access = access;
	spec.method = method;
	spec.selected = &selected;
	spec.selected_count = 1;
	spec.bound = &bound;
	spec.bound_count = method == Method::single ? 0 : 1;
	spec.order = keys.data();
	spec.order_count = keys.size();

	QueryPointer query(query_open(table.get(), spec, err), &query_close);

	EXPECT_NE(query, nullptr) << err.message;
	return query == nullptr ? std::string() : make_document(*query, 2, schema);
}

const OrderKey by_price = {1, false};
const OrderKey by_price_down = {1, true};
const OrderKey by_id = {0, false};

}    // namespace

TEST(Order, IsWrittenIntoTheDocument)
{
	EXPECT_EQ(document(table_with(enumeration), {by_price_down}),
			  "query { products(orderBy: PRICE_DESC) { price } }");
	EXPECT_EQ(document(table_with(enumerations), {by_price_down}),
			  "query { products(orderBy: [PRICE_DESC]) { price } }");
	EXPECT_EQ(document(table_with(enumerations), {by_price, by_id}),
			  "query { products(orderBy: [PRICE_ASC, ID_ASC]) { price } }");
	EXPECT_EQ(document(table_with(object), {by_price}),
			  "query { products(sort: {by: {field: PRICE, direction: ASC}}) { price } }");
	EXPECT_EQ(document(table_with(map), {by_price_down, by_id}),
			  "query { products(order_by: [{price: desc_nulls_first}, {id: asc_nulls_first}]) "
			  "{ price } }");
}

TEST(Order, WordsAreStringsOrNamesAsTheSchemaSays)
{
	const TablePointer table = table_with(arguments);
	const Schema schema = make_schema(
		introspected_root(introspected_field("products",
											 introspected_input("sortKey", "ProductKey", "ENUM") +
												 ',' + introspected_input("reverse", "Boolean"),
											 "[Product!]!")));

	EXPECT_EQ(document(table, {by_price_down}),
			  R"(query { products(sortKey: "PRICE", reverse: true) { price } })");
	EXPECT_EQ(document(table, {by_price}, 0, Method::single, &schema),
			  "query { products(sortKey: PRICE, reverse: false) { price } }");
}

TEST(Order, StandsBesideOtherArguments)
{
	const TablePointer table =
		table_with(enumeration, "products.nodes",
				   R"([{"field": "products.edges.node", "arguments": {"ids": ["$id"]}}])", {},
				   R"({"style": "relay", "size": "first", "cursor": "after"})");

	EXPECT_EQ(
		document(table, {by_price}, 1),
		"query($first: Int!, $after: String) { products(first: $first, after: $after, orderBy: "
		"PRICE_ASC) { pageInfo { endCursor hasNextPage } nodes { price } } }");
	EXPECT_TRUE(table_access(table.get(), 0)->ordered);
	EXPECT_EQ(
		document(table, {by_price}, 0, Method::list),
		"query($ids: [Int!]!, $first: Int!, $after: String) { products(ids: $ids, first: "
		"$first, after: $after, orderBy: PRICE_ASC) { pageInfo { endCursor hasNextPage } edges "
		"{ node { price } } } }");
}

TEST(Order, BelongsToOneField)
{
	const TablePointer table =
		table_with(enumeration, "account.orders.nodes",
				   R"~([{"field": "accounts.orders.nodes", "arguments": {"accounts(ids)": ["$id"]}},
			{"field": "orders.nodes", "arguments": {"accounts": ["$id"]}}])~");

	EXPECT_TRUE(table_access(table.get(), 0)->ordered);
	EXPECT_FALSE(table_access(table.get(), 1)->ordered);
	EXPECT_TRUE(table_access(table.get(), 2)->ordered);
	EXPECT_EQ(document(table, {by_price}, 0, Method::list),
			  "query($ids: [Int!]!) { accounts(ids: $ids) { orders(orderBy: PRICE_ASC) { nodes { "
			  "price } } } }");
}

TEST(Order, IsNotAskedForWhereItIsGiven)
{
	EXPECT_FALSE(
		table_access(table_with(enumeration, "products", {}, R"({"orderBy": "ID_ASC"})").get(), 0)
			->ordered);
	EXPECT_FALSE(
		table_access(table_with(arguments, "products", {}, R"({"reverse": true})").get(), 0)
			->ordered);
	EXPECT_FALSE(table_access(table_with({}).get(), 0)->ordered);
}

TEST(Order, HasWordsForSomeColumns)
{
	const TablePointer table = table_with(enumeration);

	EXPECT_TRUE(table_orders(table.get(), {0, false}));
	EXPECT_FALSE(table_orders(table.get(), {0, true}));
	EXPECT_FALSE(table_orders(table.get(), {2, false}));
	EXPECT_FALSE(table_orders(table_with({}).get(), {0, false}));
	EXPECT_FALSE(table_order_takes_many(table.get()));
	EXPECT_TRUE(table_order_takes_many(table_with(map).get()));
	EXPECT_FALSE(table_order_takes_many(table_with(arguments).get()));
	EXPECT_FALSE(table_order_takes_many(table_with({}).get()));
}

TEST(Order, SaysWhereNullsGo)
{
	auto place = [](const std::string &word, bool descending)
	{
		const std::string order = R"({"style": "map", "argument": "o", "asc": "a", "desc": "d", )" +
								  (word.empty() ? "" : "\"nulls\": \"" + word + "\", ") +
								  R"("columns": {"price": "price"}})";
		const TablePointer table = table_with(order);
		bool first = table_orders(table.get(), {1, descending, NullPlace::first});
		bool last = table_orders(table.get(), {1, descending, NullPlace::last});

		EXPECT_TRUE(table_orders(table.get(), {1, descending}));
		EXPECT_FALSE(first && last);
		return first ? NullPlace::first : last ? NullPlace::last : NullPlace::unknown;
	};

	EXPECT_EQ(place("", false), NullPlace::unknown);
	EXPECT_EQ(place("first", false), NullPlace::first);
	EXPECT_EQ(place("first", true), NullPlace::first);
	EXPECT_EQ(place("last", false), NullPlace::last);
	EXPECT_EQ(place("last", true), NullPlace::last);
	EXPECT_EQ(place("largest", false), NullPlace::last);
	EXPECT_EQ(place("largest", true), NullPlace::first);
	EXPECT_EQ(place("smallest", false), NullPlace::first);
	EXPECT_EQ(place("smallest", true), NullPlace::last);
}

TEST(Order, AsksWhereNullsGo)
{
	const TablePointer table = table_with(words_for_nulls);

	EXPECT_TRUE(table_orders(table.get(), {1, false}));
	EXPECT_TRUE(table_orders(table.get(), {1, false, NullPlace::first}));
	EXPECT_TRUE(table_orders(table.get(), {1, false, NullPlace::last}));
	EXPECT_TRUE(table_orders(table.get(), {1, true, NullPlace::last}));
	EXPECT_FALSE(table_orders(table.get(), {1, true, NullPlace::first}));
	EXPECT_EQ(document(table, {{1, true, NullPlace::last}, {1, false, NullPlace::first}}),
			  "query { products(order_by: [{price: dl}, {price: af}]) { price } }");
	EXPECT_EQ(document(table, {{1, true}, {1, false}}),
			  "query { products(order_by: [{price: dl}, {price: al}]) { price } }");
}

}    // namespace gql::test
