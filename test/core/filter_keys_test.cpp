// How do keys of a column that no look-up names reach the API? In its filter.

#include "fixture.hpp"

namespace gql::test
{

namespace
{

using Op = FilterOperator;

ColumnSpec
compared(std::string_view name)
{
	ColumnSpec spec = column(name, name);

	spec.compares = true;
	return spec;
}

// Column 0 is id, 1 maker, 2 price, which is of a type that is not compared alike.
const std::vector<ColumnSpec> columns = {compared("id"), compared("maker"),
										 column("price", "price")};

constexpr std::string_view nested = R"({"argument": "where", "type": "products_bool_exp",
	"style": "nested", "operators": {"=": "_eq", ">": "_gt", "in": "_in"}, "and": "_and",
	"columns": {"id": "= in", "maker": "= in", "price": "= > in"}})";

TablePointer
products(std::string_view filter, std::string_view lookups = {}, std::string_view pagination = {},
		 std::string_view field = "products")
{
	return make_table({field, {}, lookups, pagination, filter}, columns);
}

// The index of the access whose keys are those of a column, or -1.
int
access_of(const TablePointer &table, int column)
{
	for (size_t i = 0; i < table_access_count(table.get()); i++)
	{
		if (table_access(table.get(), i)->filter_key == column)
		{
			return static_cast<int>(i);
		}
	}
	return -1;
}

QueryPointer
maker_query(const TablePointer &table, Method method, const std::vector<FilterNode> &filter = {})
{
	return make_query(table, method, {0, 1}, {1}, static_cast<size_t>(access_of(table, 1)), filter);
}

std::string
body_of(Query &query, const std::vector<std::string_view> &keys)
{
	return make_body(query, keys.data(), keys.size(), nullptr, nullptr);
}

}    // namespace

TEST(FilterKeys, OfColumnsThatNoLookUpTakesAListOf)
{
	TablePointer table =
		products(nested, R"([{"field": "productsByIds", "arguments": {"ids": ["$id"]}}])");
	const Access *access = table_access(table.get(), 1);

	ASSERT_EQ(table_access_count(table.get()), 3);
	EXPECT_EQ(access_of(table, 0), -1);
	EXPECT_EQ(access_of(table, 1), 1);
	EXPECT_EQ(access_of(table, 2), -1);
	EXPECT_EQ(access->list, ListKind::filter);
	EXPECT_EQ(access->list_column, 1);
	EXPECT_FALSE(access->own);
	EXPECT_TRUE(table_access(table.get(), 2)->own);
	EXPECT_EQ(table_access(table.get(), 2)->argument_count, 0);
}

TEST(FilterKeys, NotOfArguments)
{
	std::vector<ColumnSpec> given = columns;

	given[1].argument = "maker";
	given[1].type = "String";

	TablePointer table = make_table({"products", {}, {}, {}, nested}, given);

	EXPECT_EQ(access_of(table, 0), 0);
	EXPECT_EQ(access_of(table, 1), -1);
}

// How many rows come may be for whoever asks to say: keys in a list would share what is left.
TEST(FilterKeys, NotOfFieldsThatMayBeCut)
{
	std::vector<ColumnSpec> limited = columns;

	limited.push_back(argument("first", "first", "Int"));
	limited.back().path = "";
	EXPECT_EQ(access_of(make_table({"products", {}, {}, {}, nested}, limited), 1), -1);
	limited.back().default_type = "String";
	EXPECT_EQ(access_of(make_table({"products", {}, {}, {}, nested}, limited), 1), 1);
}

// Lists inside objects that a filter finds would have pages of their own.
TEST(FilterKeys, NotAroundPages)
{
	constexpr std::string_view pages =
		R"-({"style": "relay", "size": "products(first)", "cursor": "products(after)"})-";
	constexpr std::string_view outside = R"-({"argument": "shops(where)", "type": "ShopFilter",
		"style": "nested", "operators": {"in": "_in"}, "columns": {"maker": "in"}})-";

	EXPECT_EQ(access_of(products(outside, {}, pages, "shops.products.nodes"), 1), -1);
	EXPECT_EQ(access_of(products(outside, {}, {}, "shops.products.nodes"), 1), 0);
}

TEST(FilterKeys, ManyInAList)
{
	TablePointer table = products(nested);
	QueryPointer query = maker_query(table, Method::list);

	EXPECT_EQ(body_of(*query, {R"("a")", R"("b")"}),
			  R"({"query":"query($where: products_bool_exp) )"
			  R"({ products(where: $where) { id maker } }",)"
			  R"("variables":{"where":{"maker":{"_in":["a","b"]}}}})");
	// The next request has other keys.
	EXPECT_NE(body_of(*query, {R"("c")"}).find(R"({"maker":{"_in":["c"]}})"), std::string::npos);
}

TEST(FilterKeys, BesideConditions)
{
	TablePointer table = products(nested);
	const std::vector<FilterNode> dearer = {{Op::greater, 2, 0, 0}};
	QueryPointer query = maker_query(table, Method::list, dearer);
	FilterValue five = {FilterTruth::compared, "5"};
	FilterValue null = {FilterTruth::unknown, {}};
	FilterValue unsaid = {FilterTruth::unsaid, {}};
	Error err;

	EXPECT_TRUE(filter_fits(table.get(), access_of(table, 1), dearer.data(), 1));
	ASSERT_TRUE(query_filter(query.get(), &five, err)) << err.message;
	EXPECT_NE(
		body_of(*query, {R"("a")"}).find(R"("where":{"price":{"_gt":5},"maker":{"_in":["a"]}})"),
		std::string::npos);
	ASSERT_TRUE(query_filter(query.get(), &unsaid, err)) << err.message;
	EXPECT_NE(body_of(*query, {R"("a")"}).find(R"("where":{"maker":{"_in":["a"]}})"),
			  std::string::npos);
	EXPECT_FALSE(query_filter(query.get(), &null, err));

	// What stands in for it takes the values along.
	QueryPointer other = maker_query(table, Method::alias, dearer);

	ASSERT_TRUE(query_filter(query.get(), &five, err)) << err.message;
	ASSERT_TRUE(query_take_filter(other.get(), query.get(), err)) << err.message;
	EXPECT_NE(body_of(*other, {R"("a")"}).find(R"("k0":{"price":{"_gt":5},"maker":{"_in":["a"]}})"),
			  std::string::npos);
}

// A condition on the same column needs a word for AND.
TEST(FilterKeys, BesideConditionsOnTheColumn)
{
	constexpr std::string_view flat = R"({"argument": "where", "type": "W", "style": "flat",
		"operators": {"=": "", "in": "_in"}, "columns": {"maker": "in"}})";
	const std::vector<FilterNode> one_of = {{Op::in, 1, 0, 0}};
	TablePointer table = products(nested);
	TablePointer plain = products(flat);

	EXPECT_TRUE(filter_fits(table.get(), access_of(table, 1), one_of.data(), 1));
	EXPECT_FALSE(filter_fits(plain.get(), access_of(plain, 1), one_of.data(), 1));
}

// The argument says something already.
TEST(FilterKeys, BesideArguments)
{
	TablePointer table =
		make_table({"products", R"({"where": {"shop": {"_eq": 7}}})", {}, {}, nested}, columns);
	QueryPointer query = maker_query(table, Method::list);

	EXPECT_EQ(body_of(*query, {R"("a")"}),
			  R"({"query":"query($filter: products_bool_exp!) )"
			  R"({ products(where: {_and: [{shop: {_eq: 7}}, $filter]}) { id maker } }",)"
			  R"("variables":{"filter":{"maker":{"_in":["a"]}}}})");
}

TEST(FilterKeys, OneForEachAlias)
{
	TablePointer table = products(nested);
	QueryPointer query = maker_query(table, Method::alias);

	EXPECT_EQ(body_of(*query, {R"("a")", R"("b")"}),
			  R"({"query":"query($k0: products_bool_exp, $k1: products_bool_exp) )"
			  R"({ a0: products(where: $k0) { id maker } a1: products(where: $k1) { id maker } }",)"
			  R"("variables":{"k0":{"maker":{"_in":["a"]}},"k1":{"maker":{"_in":["b"]}}}})");
}

// What a filter cannot be told it leaves out: rows are compared with the key here.
TEST(FilterKeys, LeftOutWhereOneCannotBeSaid)
{
	TablePointer table = products(nested);
	QueryPointer list = maker_query(table, Method::list);
	QueryPointer alias = maker_query(table, Method::alias);

	EXPECT_EQ(body_of(*list, {R"("a")", ""}).find("variables"), std::string::npos);
	EXPECT_NE(body_of(*alias, {R"("a")", ""}).find(R"("variables":{"k0":{"maker":{"_in":["a"]}}})"),
			  std::string::npos);

	const std::vector<FilterNode> dearer = {{Op::greater, 2, 0, 0}};
	QueryPointer query = maker_query(table, Method::list, dearer);
	FilterValue five = {FilterTruth::compared, "5"};
	Error err;

	ASSERT_TRUE(query_filter(query.get(), &five, err)) << err.message;
	EXPECT_NE(body_of(*query, {R"("a")", ""}).find(R"("variables":{"where":{"price":{"_gt":5}}})"),
			  std::string::npos);

	TablePointer told =
		make_table({"products", R"({"where": {"shop": {"_eq": 7}}})", {}, {}, nested}, columns);

	EXPECT_NE(body_of(*maker_query(told, Method::list), {""}).find(R"("variables":{"filter":{}})"),
			  std::string::npos);
}

// Where the API compares with one value only, there is no list.
TEST(FilterKeys, OneToBeEqualTo)
{
	TablePointer table = products(R"({"argument": "condition", "type": "ProductCondition",
		"style": "equality", "columns": {"maker": "="}})");
	const Access *access = table_access(table.get(), access_of(table, 1));
	QueryPointer query = maker_query(table, Method::alias);

	EXPECT_EQ(access->list, ListKind::none);
	EXPECT_EQ(access->list_column, -1);
	EXPECT_NE(body_of(*query, {R"("a")", R"("b")"})
				  .find(R"("variables":{"k0":{"maker":"a"},"k1":{"maker":"b"}})"),
			  std::string::npos);
}

TEST(FilterKeys, InAnArgumentOfTheirOwn)
{
	TablePointer table = products(R"({"style": "arguments", "operators": {"in": "_in"},
		"columns": {"maker": "in"}})");
	QueryPointer query = maker_query(table, Method::list);

	EXPECT_EQ(body_of(*query, {R"("a")", R"("b")"}),
			  R"({"query":"query($maker_in: [String!]) { products(maker_in: $maker_in) )"
			  R"({ id maker } }","variables":{"maker_in":["a","b"]}})");
}

}    // namespace gql::test
