// What is asked for when only aggregates are wanted, and where would they be of other rows?

#include "core/door/aggregates.hpp"

#include "core/door/filter.hpp"

#include "fixture.hpp"

namespace gql::test
{

namespace
{

constexpr Aggregate rows = {AggregateFunction::rows, -1};

TablePointer
aggregate_table(const Options &options, const std::vector<ColumnSpec> &columns,
				const std::vector<Aggregate> &wanted = {rows})
{
	Error err;
	TablePointer table = make_table(options, columns);
	TablePointer telling(aggregate_table_open(table.get(), wanted.data(), wanted.size(), err),
						 &table_close);

	EXPECT_EQ(err.code, Code::none) << err.message;
	EXPECT_EQ(table_tells(table.get(), wanted.data(), wanted.size()), telling != nullptr);
	return telling;
}

// The document that asks for these when `bound` are sent, "" when nothing tells them all.
std::string
asked(const Options &options, const std::vector<ColumnSpec> &columns,
	  const std::vector<Aggregate> &wanted, const std::vector<int> &bound = {})
{
	TablePointer telling = aggregate_table(options, columns, wanted);
	std::vector<int> selected;

	for (size_t i = 0; i < wanted.size(); i++)
	{
		selected.push_back(static_cast<int>(columns.size() + i));
	}
	return telling == nullptr
			   ? std::string()
			   : make_document(*make_query(telling, Method::single, selected, bound), 1, nullptr);
}

// The document that counts when `bound` are sent, "" when nothing does.
std::string
counted(const Options &options, const std::vector<ColumnSpec> &columns = {},
		const std::vector<int> &bound = {})
{
	return asked(options, columns, {rows}, bound);
}

constexpr std::string_view relay = R"({"style": "relay", "size": "first", "cursor": "after"})";

}    // namespace

TEST(Count, BesideTheRows)
{
	EXPECT_EQ(counted({"accountsRelay.nodes", {}, {}, relay, {}, "accountsRelay.totalCount"}),
			  "query { accountsRelay { totalCount } }");
	EXPECT_EQ(
		counted({"viewer.repositories.nodes", {}, {}, relay, {}, "viewer.repositories.totalCount"}),
		"query { viewer { repositories { totalCount } } }");
	EXPECT_EQ(counted({"characters.results", {}, {}, {}, {}, "characters.info.count"}),
			  "query { characters { info { count } } }");
}

TEST(Count, BesideTheField)
{
	EXPECT_EQ(counted({"accounts", {}, {}, {}, {}, "accounts_aggregate.aggregate.count"}),
			  "query { accounts_aggregate { aggregate { count } } }");
	EXPECT_EQ(counted({"accounts", {}, {}, {}, {}, "accountsCount"}), "query { accountsCount }");
	EXPECT_EQ(counted({"accounts"}), "");
}

TEST(Count, SameArgumentsWithoutPages)
{
	const std::vector<ColumnSpec> columns = {column("id", "id"),
											 argument("region", "region", "String"),
											 argument("login", "viewer(login)", "String")};

	EXPECT_EQ(counted({"accounts.nodes",
					   R"({"active": true, "tags": ["a"]})",
					   {},
					   relay,
					   {},
					   "accounts.totalCount"},
					  {columns[0], columns[1]}, {1}),
			  "query($region: String!) { accounts(active: true, tags: [\"a\"], region: $region) { "
			  "totalCount } }");
	EXPECT_EQ(counted({"viewer.accounts.nodes",
					   R"({"active": true})",
					   {},
					   relay,
					   {},
					   "viewer.accounts.totalCount"},
					  columns, {1, 2}),
			  "query($login: String!, $region: String!) { viewer(login: $login) { accounts(active: "
			  "true, region: $region) { totalCount } } }");
	EXPECT_EQ(counted({"posts.nodes",
					   R"({"page.kind": "all"})",
					   {},
					   R"({"style": "page", "size": "page.size", "page": "page.number"})",
					   {},
					   "posts.total"}),
			  "query { posts(page: {kind: \"all\"}) { total } }");
	EXPECT_EQ(counted({"posts.nodes",
					   {},
					   {},
					   R"({"style": "page", "size": "page.size", "page": "page.number"})",
					   {},
					   "posts.total"}),
			  "query { posts { total } }");
}

// A number that does not take the arguments counts other rows.
TEST(Count, OtherRows)
{
	EXPECT_EQ(counted({"accounts", R"({"active": true})", {}, {}, {}, "accounts_aggregate.count"}),
			  "");
	EXPECT_EQ(
		counted({"viewer.accounts.nodes", R"({"active": true})", {}, relay, {}, "viewer.total"}),
		"");
	EXPECT_EQ(counted({"account", {}, {}, {}, {}, "accountsCount"}, {argument("id", "id", "ID!")}),
			  "");

	TablePointer beside = aggregate_table({"accounts", {}, {}, {}, {}, "accountsCount"},
										  {argument("region", "region", "String")});

	ASSERT_NE(beside, nullptr);
	EXPECT_EQ(table_access(beside.get(), 0)->argument_count, 0u);
}

// The filter belongs to an element of the field: what counts has it where it goes through that one.
// What stands beside the field takes the arguments it is said to take, and no others.
TEST(Count, Siblings)
{
	const std::vector<ColumnSpec> columns = {column("id", "id"),
											 argument("region", "region", "String"),
											 argument("login", "viewer(login)", "String")};

	EXPECT_EQ(counted({"accounts",
					   R"({"active": true})",
					   {},
					   {},
					   {},
					   "accounts_aggregate(active, region).aggregate.count"},
					  {columns[0], columns[1]}, {1}),
			  "query($region: String!) { accounts_aggregate(active: true, region: $region) { "
			  "aggregate { count } } }");
	EXPECT_EQ(
		counted(
			{"accounts", R"({"active": true, "kind": 1})", {}, {}, {}, "accountsCount(active)"}),
		"");
	EXPECT_EQ(counted({"viewer.accounts.nodes", {}, {}, relay, {}, "viewer.accountsCount(region)"},
					  columns, {1, 2}),
			  "query($login: String!, $region: String!) { viewer(login: $login) { "
			  "accountsCount(region: $region) } }");
	EXPECT_EQ(counted({"account", {}, {}, {}, {}, "accountCount(id)"},
					  {argument("id", "id", "ID!")}, {0}),
			  "query($id: ID!) { accountCount(id: $id) }");
}

TEST(Count, Filter)
{
	constexpr std::string_view filter =
		R"({"style": "nested", "argument": "filter", "operators": {"=": "eq"}, "columns": {"id": "="}})";
	const std::vector<ColumnSpec> columns = {column("id", "id")};
	auto filters = [&](std::string_view field, std::string_view count) {
		return access_filters(aggregate_table({field, {}, {}, {}, filter, count}, columns).get(),
							  0);
	};

	EXPECT_TRUE(filters("accounts.nodes", "accounts.totalCount"));
	EXPECT_TRUE(filters("viewer.accounts.nodes", "viewer.accounts.totalCount"));
	EXPECT_FALSE(filters("viewer.accounts.nodes", "viewer.total"));
	EXPECT_FALSE(filters("accounts", "accountsCount"));
	EXPECT_FALSE(filters("accounts", "accountsCount(search)"));
	EXPECT_TRUE(filters("accounts", "accountsCount(filter)"));
	EXPECT_TRUE(filters("viewer.accounts.nodes", "viewer.accountsMeta(search, filter).count"));
}

// Hasura's, Prisma's and a plugin's of PostGraphile.
TEST(Aggregates, Spellings)
{
	const std::vector<ColumnSpec> columns = {column("id", "id"), column("price", "cost"),
											 column("city", "owner.city")};
	const Aggregate sum = {AggregateFunction::sum, 1};
	const Aggregate count = {AggregateFunction::count, 1};
	const Aggregate distinct = {AggregateFunction::distinct, 1};
	const Aggregate max = {AggregateFunction::max, 0};
	Options hasura = {"things", {}, {}, {}, {}, "things_aggregate.aggregate.count"};
	Options prisma = {"things", {}, {}, {}, {}, "aggregateThing._count._all"};
	Options postgraphile = {"things.nodes", {}, {}, relay, {}, "things.totalCount"};

	hasura.aggregates = R"~({"field": "things_aggregate.aggregate", "functions": {
		"count": "count(columns)", "distinct": "count(columns, distinct)", "sum": "sum",
		"max": "max"}, "columns": {"price": "sum count distinct", "id": "max"}})~";
	EXPECT_EQ(asked(hasura, columns, {rows, sum, count, distinct, max}),
			  "query { things_aggregate { aggregate { count sum { cost } count_2: count(columns: "
			  "[cost]) count_3: count(columns: [cost], distinct: true) max { id } } } }");
	EXPECT_EQ(asked(hasura, columns, {max}),
			  "query { things_aggregate { aggregate { max { id } } } }");
	prisma.aggregates = R"({"field": "aggregateThing", "functions": {"count": "_count",
		"sum": "_sum", "max": "_max"}, "columns": {"price": "sum count", "id": "max"}})";
	EXPECT_EQ(asked(prisma, columns, {rows, count, sum}),
			  "query { aggregateThing { _count { _all cost } _sum { cost } } }");
	postgraphile.aggregates = R"({"field": "things.aggregates", "functions": {"sum": "sum"},
		"columns": {"price": {"field": "price", "functions": "sum"}}})";
	EXPECT_EQ(asked(postgraphile, columns, {sum, rows}),
			  "query { things { aggregates { sum { price } } totalCount } }");
}

TEST(Aggregates, NotOffered)
{
	const std::vector<ColumnSpec> columns = {column("id", "id"), column("city", "a | b")};
	const Aggregate sum = {AggregateFunction::sum, 0};
	Options options = {"things", {}, {}, {}, {}, "thingsCount"};

	EXPECT_EQ(asked(options, columns, {sum}), "");
	options.aggregates = R"({"field": "things_aggregate", "functions": {"sum": "sum",
		"min": "min"}, "columns": {"id": "sum", "city": "min"}})";
	EXPECT_NE(asked(options, columns, {sum}), "");
	EXPECT_EQ(asked(options, columns, {{AggregateFunction::min, 0}}), "");
	EXPECT_EQ(asked(options, columns, {{AggregateFunction::min, 1}}), "");
	// In one answer or not at all.
	EXPECT_EQ(asked(options, columns, {sum, rows}), "");
	options.count = "things_aggregate(where).count";
	EXPECT_EQ(asked(options, columns, {rows, sum}), "");
}

}    // namespace gql::test
