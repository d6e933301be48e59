// What is sent for a condition to APIs of each convention, and what is left of it when values
// decide by themselves?

#include "core/filter.hpp"

#include "fixture.hpp"

namespace gql::test
{

namespace
{

using Op = FilterOperator;

// Column 0 is id, 1 price, 2 name.
const std::vector<ColumnSpec> product_columns = {column("id", "id"), column("price", "price"),
												 column("name", "name")};

TablePointer
product_table(std::string_view filter, std::string_view field = "products",
			  std::string_view arguments = {}, std::string_view lookups = {})
{
	return make_table({field, arguments, lookups, {}, filter}, product_columns);
}

FilterNode
compare(Op op, int index, int value)
{
	return {op, index, value, 0};
}

FilterNode
join(Op op, int count)
{
	return {op, -1, -1, count};
}

FilterValue
sent(std::string_view json)
{
	return {FilterTruth::compared, json};
}

QueryPointer
filter_query(const TablePointer &table, const std::vector<FilterNode> &nodes,
			 Method method = Method::single, const std::vector<int> &bound = {})
{
	return make_query(table, method, {0}, bound, 0, nodes);
}

// The variables of a request, "none" where nothing is to be asked.
std::string
variables(const TablePointer &table, const std::vector<FilterNode> &nodes,
		  const std::vector<FilterValue> &values)
{
	Error err;
	QueryPointer query = filter_query(table, nodes);

	EXPECT_TRUE(filter_fits(table.get(), 0, nodes.data(), nodes.size()));
	if (!query_filter(query.get(), values.data(), err))
	{
		EXPECT_EQ(err.code, Code::none) << err.message;
		return "none";
	}
	std::string body = make_body(*query, nullptr, 0, nullptr, nullptr);
	size_t at = body.find("\"variables\":");

	return at == std::string::npos ? "" : body.substr(at + 12, body.size() - at - 13);
}

bool
fits(const TablePointer &table, const std::vector<FilterNode> &nodes)
{
	return filter_fits(table.get(), 0, nodes.data(), nodes.size());
}

const std::vector<FilterNode> between = {compare(Op::greater_or_equal, 1, 0),
										 compare(Op::less, 1, 1)};
// price > 1 AND (name = 'a' OR NOT id IN (1, 2))
const std::vector<FilterNode> tree = {compare(Op::greater, 1, 0), join(Op::disjunction, 2),
									  compare(Op::equal, 2, 1), join(Op::negation, 1),
									  compare(Op::in, 0, 2)};
const std::vector<FilterValue> tree_values = {sent("1"), sent("\"a\""), sent("[1,2]")};

constexpr std::string_view hasura = R"({"argument": "where", "type": "products_bool_exp",
	"style": "nested", "operators": {"=": "_eq", "<>": "_neq", "<": "_lt", "<=": "_lte", ">": "_gt",
	">=": "_gte", "in": "_in", "not-in": "_nin", "is-null": "_is_null", "like": "_like",
	"ilike": "_ilike"}, "and": "_and", "or": "_or", "not": "_not", "columns": {
	"id": "= in", "price": "= <> < <= > >= in not-in is-null", "name": "= in like ilike"}})";

}    // namespace

TEST(Filter, Hasura)
{
	TablePointer table = product_table(hasura);

	EXPECT_EQ(variables(table, between, {sent("1"), sent("2.5")}),
			  R"({"where":{"price":{"_gte":1,"_lt":2.5}}})");
	EXPECT_EQ(variables(table, tree, tree_values),
			  R"({"where":{"_and":[{"price":{"_gt":1}},)"
			  R"({"_or":[{"name":{"_eq":"a"}},{"_not":{"id":{"_in":[1,2]}}}]}]}})");
	EXPECT_EQ(variables(table,
						{compare(Op::not_in, 1, 0), compare(Op::is_not_null, 1, -1),
						 compare(Op::ilike, 2, 1)},
						{sent("[3]"), sent("\"a%\"")}),
			  R"({"where":{"price":{"_nin":[3],"_is_null":false},"name":{"_ilike":"a%"}}})");
	EXPECT_EQ(variables(table, {compare(Op::is_null, 1, -1)}, {}),
			  R"({"where":{"price":{"_is_null":true}}})");

	TablePointer worded = product_table(R"({"argument": "where", "type": "F", "style": "nested",
		"operators": {"is-null": {"operator": "is", "null": "NULL", "not null": "NOT_NULL"}},
		"columns": {"price": "is-null"}})");

	EXPECT_EQ(variables(worded, {compare(Op::is_null, 1, -1)}, {}),
			  R"({"where":{"price":{"is":"NULL"}}})");
	EXPECT_EQ(variables(worded, {compare(Op::is_not_null, 1, -1)}, {}),
			  R"({"where":{"price":{"is":"NOT_NULL"}}})");

	// Operators inside an object, as Saleor has them.
	TablePointer ranges = product_table(R"({"argument": "where", "type": "F", "style": "nested",
		"operators": {"=": "eq", ">=": "range.gte", "<=": "range.lte"},
		"columns": {"price": "= >= <="}})");

	EXPECT_EQ(variables(ranges,
						{compare(Op::greater_or_equal, 1, 0), compare(Op::equal, 1, 2),
						 compare(Op::less_or_equal, 1, 1)},
						{sent("1"), sent("2"), sent("3")}),
			  R"({"where":{"price":{"eq":3,"range":{"gte":1,"lte":2}}}})");
	// The same operator twice.
	EXPECT_EQ(variables(table, {compare(Op::greater, 1, 0), compare(Op::greater, 1, 1)},
						{sent("1"), sent("2")}),
			  R"({"where":{"_and":[{"price":{"_gt":1}},{"price":{"_gt":2}}]}})");
	EXPECT_EQ(make_document(*filter_query(table, tree), 1, nullptr),
			  "query($where: products_bool_exp) { products(where: $where) { id } }");
}

TEST(Filter, PostgraphileCondition)
{
	TablePointer table = product_table(R"({"argument": "condition", "type": "ProductCondition",
		"style": "equality", "columns": {"id": "=", "name": "="}})");

	EXPECT_EQ(variables(table, {compare(Op::equal, 0, 0), compare(Op::equal, 2, 1)},
						{sent("1"), sent("\"a\"")}),
			  R"({"condition":{"id":1,"name":"a"}})");
	EXPECT_FALSE(fits(table, {compare(Op::equal, 0, 0), compare(Op::equal, 0, 1)}));
	EXPECT_FALSE(table_compares(table.get(), 0, Op::is_null));
	EXPECT_FALSE(table_compares(table.get(), 1, Op::equal));
	EXPECT_FALSE(table_joins(table.get(), Op::disjunction));
}

TEST(Filter, PostgraphileConnectionFilter)
{
	TablePointer table = product_table(
		R"({"argument": "filter", "type": "ProductFilter", "style": "nested",
		"operators": {"=": "equalTo", "<": "lessThan", ">": "greaterThan",
		">=": "greaterThanOrEqualTo", "in": "in", "is-null": "isNull"},
		"and": "and", "or": "or", "not": "not",
		"columns": {"id": "= in", "price": "= < > >= is-null", "name": "="}})",
		"allProducts.nodes");

	EXPECT_EQ(variables(table, between, {sent("\"1\""), sent("\"2\"")}),
			  R"({"filter":{"price":{"greaterThanOrEqualTo":"1","lessThan":"2"}}})");
	EXPECT_EQ(variables(table, tree, tree_values),
			  R"({"filter":{"and":[{"price":{"greaterThan":1}},)"
			  R"({"or":[{"name":{"equalTo":"a"}},{"not":{"id":{"in":[1,2]}}}]}]}})");
	EXPECT_EQ(make_document(*filter_query(table, between), 1, nullptr),
			  "query($filter: ProductFilter) { allProducts(filter: $filter) { nodes { id } } }");
}

TEST(Filter, PgGraphql)
{
	TablePointer table = product_table(
		R"({"argument": "filter", "type": "ProductFilter", "style": "nested",
		"operators": {"=": "eq", "<": "lt", ">": "gt", ">=": "gte", "in": "in", "like": "like"},
		"and": "and", "or": "or", "not": "not",
		"columns": {"id": "= in", "price": "= < > >=", "name": "= like"}})",
		"productCollection.edges.node");

	EXPECT_EQ(variables(table, {compare(Op::like, 2, 0)}, {sent("\"a%\"")}),
			  R"({"filter":{"name":{"like":"a%"}}})");
	EXPECT_EQ(
		make_document(*filter_query(table, between), 1, nullptr),
		"query($filter: ProductFilter) { productCollection(filter: $filter) { edges { node { id } "
		"} } }");
}

TEST(Filter, Prisma)
{
	TablePointer table = product_table(R"({"argument": "where", "type": "ProductWhereInput",
		"style": "nested", "operators": {"=": "equals", "<": "lt", ">": "gt", ">=": "gte",
		"in": "in", "not-in": "notIn"}, "and": "AND", "or": "OR", "not": "NOT",
		"columns": {"id": "= in not-in", "price": "= < > >=", "name": "="}})");

	EXPECT_EQ(variables(table, tree, tree_values),
			  R"({"where":{"AND":[{"price":{"gt":1}},)"
			  R"({"OR":[{"name":{"equals":"a"}},{"NOT":{"id":{"in":[1,2]}}}]}]}})");
	EXPECT_EQ(variables(table, {compare(Op::not_in, 0, 0)}, {sent("[1]")}),
			  R"({"where":{"id":{"notIn":[1]}}})");
}

TEST(Filter, Hygraph)
{
	TablePointer table = product_table(R"({"argument": "where", "type": "ProductWhereInput",
		"style": "flat", "operators": {"=": "", "<>": "_not", "<": "_lt", ">": "_gt", ">=": "_gte",
		"in": "_in", "not-in": "_not_in"}, "and": "AND", "or": "OR", "not": "NOT",
		"columns": {"id": "= <> in not-in", "price": "= < > >=", "name": "="}})");

	EXPECT_EQ(variables(table, between, {sent("1"), sent("2")}),
			  R"({"where":{"price_gte":1,"price_lt":2}})");
	EXPECT_EQ(variables(table, tree, tree_values),
			  R"({"where":{"AND":[{"price_gt":1},)"
			  R"({"OR":[{"name":"a"},{"NOT":{"id_in":[1,2]}}]}]}})");
}

TEST(Filter, TheGraph)
{
	TablePointer table = product_table(R"({"argument": "where", "type": "Product_filter",
		"style": "flat", "operators": {"=": "", "<>": "_not", "<": "_lt", ">": "_gt", ">=": "_gte",
		"in": "_in", "not-in": "_not_in"}, "and": "and", "or": "or",
		"columns": {"id": "= <> in not-in", "price": "= < > >=", "name": "="}})");

	// Columns beside `or` are an error there.
	EXPECT_EQ(variables(table,
						{compare(Op::greater, 1, 0), join(Op::disjunction, 2),
						 compare(Op::equal, 2, 1), compare(Op::not_in, 0, 2)},
						tree_values),
			  R"({"where":{"and":[{"price_gt":1},{"or":[{"name":"a"},{"id_not_in":[1,2]}]}]}})");
	EXPECT_FALSE(table_joins(table.get(), Op::negation));
}

TEST(Filter, Strapi)
{
	TablePointer table = product_table(R"({"argument": "filters", "type": "ProductFiltersInput",
		"style": "nested", "operators": {"=": "eq", "<>": "ne", "in": "in", "not-in": "notIn",
		"is-null": "null"}, "and": "and", "or": "or", "not": "not",
		"columns": {"id": "= <> in not-in", "price": "= <> is-null", "name": "="}})");

	EXPECT_EQ(variables(table, {compare(Op::not_equal, 1, 0), compare(Op::is_not_null, 1, -1)},
						{sent("1")}),
			  R"({"filters":{"price":{"ne":1,"null":false}}})");
}

TEST(Filter, Linear)
{
	TablePointer table = product_table(R"({"argument": "filter", "type": "IssueFilter",
		"style": "nested", "operators": {"=": "eq", "<>": "neq", "in": "in", "not-in": "nin",
		"is-null": "null"}, "and": "and", "or": "or",
		"columns": {"id": "= <> in not-in", "price": "is-null", "name": "= in"}})",
									   "issues.nodes");

	EXPECT_EQ(
		variables(table, {compare(Op::in, 2, 0), compare(Op::is_null, 1, -1)}, {sent("[\"a\"]")}),
		R"({"filter":{"name":{"in":["a"]},"price":{"null":true}}})");
}

TEST(Filter, Saleor)
{
	TablePointer table = product_table(R"({"argument": "where", "type": "ProductWhereInput",
		"style": "nested", "operators": {"=": "eq", "in": "oneOf"}, "and": "AND", "or": "OR",
		"columns": {"id": "= in", "name": "= in"}})",
									   "products.edges.node", R"({"channel": "web"})");

	EXPECT_EQ(variables(table, {compare(Op::in, 2, 0), compare(Op::equal, 0, 1)},
						{sent("[\"a\"]"), sent("\"p\"")}),
			  R"({"where":{"name":{"oneOf":["a"]},"id":{"eq":"p"}}})");
	EXPECT_EQ(make_document(*filter_query(table, {compare(Op::equal, 0, 0)}), 1, nullptr),
			  "query($where: ProductWhereInput) { products(channel: \"web\", where: $where) { "
			  "edges { node { id } } } }");
}

TEST(Filter, Countries)
{
	TablePointer table = product_table(R"({"argument": "filter", "type": "CountryFilterInput",
		"style": "nested", "operators": {"=": "eq", "<>": "ne", "in": "in", "not-in": "nin"},
		"columns": {"id": {"field": "code", "operators": "= <> in not-in"}, "name": "= <>"}})");

	EXPECT_EQ(variables(table, {compare(Op::not_in, 0, 0), compare(Op::not_equal, 2, 1)},
						{sent("[\"PT\"]"), sent("\"a\"")}),
			  R"({"filter":{"code":{"nin":["PT"]},"name":{"ne":"a"}}})");
	// Without a word for AND an operator is said of a column once.
	EXPECT_FALSE(fits(table, {compare(Op::not_equal, 0, 0), compare(Op::not_equal, 0, 1)}));
	EXPECT_TRUE(fits(table, {compare(Op::not_equal, 0, 0), compare(Op::in, 0, 1)}));
}

TEST(Filter, JsonGraphqlServer)
{
	TablePointer table = product_table(R"({"argument": "filter", "type": "PostFilter",
		"style": "flat", "operators": {"=": "", "<>": "_neq", "<": "_lt", ">": "_gt", ">=": "_gte"},
		"columns": {"id": "= <>", "price": "= < > >=", "name": "= <>"}})");

	EXPECT_EQ(variables(table, between, {sent("1"), sent("2")}),
			  R"({"filter":{"price_gte":1,"price_lt":2}})");
	EXPECT_FALSE(fits(table, {compare(Op::greater, 1, 0), compare(Op::greater, 1, 1)}));
}

TEST(Filter, Arguments)
{
	TablePointer table = product_table(R"({"style": "arguments", "operators": {"=": "",
		"<": "_lesser", ">": "_greater", "in": "_in", "is-null": "_null"},
		"columns": {"id": "in", "price": "< > is-null"}})",
									   "Page.media");
	std::vector<FilterNode> nodes = {compare(Op::greater, 1, 0), compare(Op::in, 0, 1),
									 compare(Op::is_null, 1, -1)};

	EXPECT_EQ(variables(table, nodes, {sent("1"), sent("[1,2]")}),
			  R"({"price_greater":1,"id_in":[1,2],"price_null":true})");
	EXPECT_EQ(make_document(*filter_query(table, nodes), 1, nullptr),
			  "query($price_greater: String, $id_in: [String!], $price_null: Boolean) { Page { "
			  "media(price_greater: $price_greater, id_in: $id_in, price_null: $price_null) { id } "
			  "} }");
	// What a value decides by itself is left out, document and all the others stay.
	EXPECT_EQ(variables(table, nodes, {{FilterTruth::always, {}}, sent("[1]")}),
			  R"({"id_in":[1],"price_null":true})");
	EXPECT_FALSE(fits(table, {join(Op::disjunction, 1), compare(Op::greater, 1, 0)}));
	EXPECT_FALSE(fits(table, {compare(Op::greater, 1, 0), compare(Op::greater, 1, 1)}));
}

TEST(Filter, TypesComeFromTheSchemaWhereTheyAreNotSaid)
{
	Schema schema = make_schema(introspected_root(introspected_field(
		"products", introspected_input("filter", "ProductFilter!", "INPUT_OBJECT"),
		"[Product!]!")));
	TablePointer table = product_table(R"({"argument": "filter", "style": "nested",
		"operators": {"=": "eq"}, "columns": {"id": "="}})");
	QueryPointer query = filter_query(table, {compare(Op::equal, 0, 0)});
	FilterValue values[] = {sent("1")};
	Error err;

	EXPECT_EQ(make_document(*query, 1, &schema),
			  "query($filter: ProductFilter!) { products(filter: $filter) { id } }");
	// A required argument is given also when every row is wanted.
	values[0].truth = FilterTruth::always;
	ASSERT_TRUE(query_filter(query.get(), values, err));
	EXPECT_NE(make_body(*query, nullptr, 0, nullptr, &schema).find(R"("variables":{"filter":{}})"),
			  std::string::npos);
	// Without a schema nothing can be asked.
	Error unknown = error_from([&] { make_body(*query, nullptr, 0, nullptr, nullptr); });

	EXPECT_EQ(unknown.code, Code::schema_unavailable);
	EXPECT_STREQ(unknown.message, "the type of the API's argument \"filter\" is not known");
}

TEST(Filter, TellsWhatTheApiComparesWith)
{
	Schema schema = make_schema(introspected_root(introspected_field(
		"products", introspected_input("where", "products_bool_exp", "INPUT_OBJECT"),
		"[Product!]!")));

	schema_read(schema,
				R"({"t0": {"name": "products_bool_exp", "inputFields": [)" +
					introspected_input("price", "Int_comparison", "INPUT_OBJECT") + "," +
					introspected_input("name", "Kind_comparison", "INPUT_OBJECT") +
					R"(]}, "t1": {"name": "Int_comparison", "inputFields": [)" +
					introspected_input("_gt", "Int") +
					R"(]}, "t2": {"name": "Kind_comparison", "inputFields": [)" +
					introspected_input("_eq", "Kind", "ENUM") +
					R"(]}, "t3": {"name": "Kind", "enumValues": [{"name": "A"}, {"name": "B"}]}})");

	TablePointer table = product_table(hasura);
	QueryPointer query =
		filter_query(table, {compare(Op::greater, 1, 0), compare(Op::equal, 2, 1)});
	const std::vector<int> bound;
	ArgumentWriter writer(*table, *query->plan, bound, query->filter, &schema, false);
	const TypeInfo *values;

	EXPECT_EQ(writer.operand_type(0, values)->name, "Int");
	EXPECT_EQ(writer.operand_type(1, values)->name, "Kind");
	ASSERT_NE(values, nullptr);
	EXPECT_EQ(values->values.size(), 2u);
	EXPECT_TRUE(writer.missing_types(false).empty());
}

TEST(Filter, JoinsTheArgumentsOfALookUp)
{
	TablePointer table =
		make_table({"products",
					"",
					R"([{"field": "products", "arguments": {"where": {"id": {"_in": ["$id"]}}}},
			{"field": "productsByIds", "arguments": {"ids": ["$id"]}}])",
					{},
					hasura},
				   product_columns);
	std::vector<FilterNode> nodes = {compare(Op::greater, 1, 0)};
	QueryPointer query = filter_query(table, nodes, Method::list, {0});
	FilterValue values[] = {sent("5")};
	std::string_view keys[] = {"1", "2"};
	Error err;

	EXPECT_TRUE(access_filters(table.get(), 0));
	EXPECT_FALSE(access_filters(table.get(), 1));
	EXPECT_TRUE(access_filters(table.get(), 2));
	ASSERT_TRUE(query_filter(query.get(), values, err)) << err.message;
	EXPECT_EQ(make_body(*query, keys, 2, nullptr, nullptr),
			  R"({"query":"query($id: [String!]!, $filter: products_bool_exp!) )"
			  R"({ products(where: {_and: [{id: {_in: $id}}, $filter]}) { id } }",)"
			  R"("variables":{"id":[1,2],"filter":{"price":{"_gt":5}}}})");

	// In one document for several keys all share the filter.
	query = filter_query(table, nodes, Method::alias, {0});
	ASSERT_TRUE(query_filter(query.get(), values, err)) << err.message;
	EXPECT_EQ(make_body(*query, keys, 2, nullptr, nullptr),
			  R"({"query":"query($k0: String!, $filter: products_bool_exp!, $k1: String!) )"
			  R"({ a0: products(where: {_and: [{id: {_in: [$k0]}}, $filter]}) { id } )"
			  R"(a1: products(where: {_and: [{id: {_in: [$k1]}}, $filter]}) { id } }",)"
			  R"("variables":{"k0":1,"filter":{"price":{"_gt":5}},"k1":2}})");

	// Where nothing of it can be said the look-up stands alone: some APIs refuse empty objects.
	values[0].truth = FilterTruth::unsaid;
	ASSERT_TRUE(query_filter(query.get(), values, err)) << err.message;
	EXPECT_EQ(make_body(*query, keys, 1, nullptr, nullptr),
			  R"({"query":"query($k0: String!) )"
			  R"({ a0: products(where: {_and: [{id: {_in: [$k0]}}]}) { id } }",)"
			  R"("variables":{"k0":1}})");
	values[0].truth = FilterTruth::compared;
	ASSERT_TRUE(query_filter(query.get(), values, err)) << err.message;
	EXPECT_EQ(make_body(*query, keys, 1, nullptr, nullptr),
			  R"({"query":"query($k0: String!, $filter: products_bool_exp!) )"
			  R"({ a0: products(where: {_and: [{id: {_in: [$k0]}}, $filter]}) { id } }",)"
			  R"("variables":{"k0":1,"filter":{"price":{"_gt":5}}}})");

	// Nor is anything sent when the look-up's own part is left open.
	TablePointer open = make_table({"products", "", "", {}, hasura},
								   {argument("id", "where.id._eq"), column("price", "price")});

	query = filter_query(open, nodes);
	EXPECT_EQ(make_document(*query, 1, nullptr),
			  "query($filter: products_bool_exp!) { products(where: {_and: [$filter]}) { id } }");
	values[0].truth = FilterTruth::unsaid;
	ASSERT_TRUE(query_filter(query.get(), values, err)) << err.message;
	EXPECT_EQ(make_body(*query, nullptr, 0, nullptr, nullptr),
			  R"({"query":"query { products { id } }"})");

	// Without a word for AND the argument cannot be given twice.
	TablePointer plain =
		make_table({"products",
					"",
					R"([{"field": "products", "arguments": {"filter": {"id": {"in": ["$id"]}}}}])",
					{},
					R"({"argument": "filter", "style": "nested", "operators": {">": "gt"},
			"columns": {"price": ">"}})"},
				   product_columns);

	EXPECT_FALSE(access_filters(plain.get(), 0));
	EXPECT_TRUE(access_filters(plain.get(), 1));
}

TEST(Filter, StandsWhereItsArgumentDoes)
{
	TablePointer table =
		make_table({"accountsByIds.orders",
					R"~({"orders(filter.all)": {"a": 1}})~",
					"",
					{},
					R"~({"argument": "orders(filter.some)", "type": "F", "style": "flat",
			"operators": {">": "_gt"}, "columns": {"price": ">"}})~"},
				   product_columns);

	EXPECT_EQ(
		make_document(*filter_query(table, {compare(Op::greater, 1, 0)}), 1, nullptr),
		"query($filter: F) { accountsByIds { orders(filter: {all: {a: 1}, some: $filter}) { id "
		"} } }");
}

TEST(Filter, ValuesDecideByThemselves)
{
	TablePointer table = product_table(hasura);
	const FilterValue null = {FilterTruth::unknown, {}};
	const FilterValue always = {FilterTruth::always, {}};
	const FilterValue never = {FilterTruth::never, {}};
	const FilterValue unsaid = {FilterTruth::unsaid, {}};

	// price > NULL AND ...: no row.
	EXPECT_EQ(variables(table, between, {null, sent("1")}), "none");
	EXPECT_EQ(variables(table, between, {sent("1"), never}), "none");
	EXPECT_EQ(variables(table, between, {sent("1"), always}), R"({"where":{"price":{"_gte":1}}})");
	EXPECT_EQ(variables(table, between, {unsaid, always}), "");
	// price > 1 AND (name = NULL OR NOT id IN (1, 2))
	EXPECT_EQ(
		variables(table, tree, {sent("1"), null, sent("[1,2]")}),
		R"({"where":{"_and":[{"price":{"_gt":1}},{"_or":[{"_not":{"id":{"_in":[1,2]}}}]}]}})");
	// ... OR NOT id IN (NULL): unknown stays unknown under NOT.
	EXPECT_EQ(variables(table, tree, {sent("1"), never, null}), "none");
	// What is false of every row there is true of it under NOT.
	EXPECT_EQ(variables(table, tree, {sent("1"), sent("\"a\""), never}),
			  R"({"where":{"price":{"_gt":1}}})");
	EXPECT_EQ(variables(table, tree, {sent("1"), never, always}), "none");
	// What cannot be said lets rows pass, also under NOT.
	EXPECT_EQ(variables(table, tree, {sent("1"), never, unsaid}),
			  R"({"where":{"price":{"_gt":1}}})");
}

TEST(Filter, KnowsItsWords)
{
	TablePointer table = product_table(hasura);
	TablePointer none = make_table({"products"}, product_columns);

	EXPECT_TRUE(table_filters(table.get()));
	EXPECT_TRUE(table_compares(table.get(), 1, Op::is_not_null));
	EXPECT_FALSE(table_compares(table.get(), 0, Op::less));
	EXPECT_TRUE(table_joins(table.get(), Op::conjunction));
	EXPECT_FALSE(table_filters(none.get()));
	EXPECT_FALSE(table_compares(none.get(), 0, Op::equal));
	EXPECT_FALSE(table_joins(none.get(), Op::conjunction));
	EXPECT_FALSE(access_filters(none.get(), 0));
}

}    // namespace gql::test
