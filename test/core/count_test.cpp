// What is asked for when only the number of rows is wanted, and where would it be another number?

#include "core/door/count.hpp"

#include "core/door/filter.hpp"

#include "fixture.hpp"

namespace gql::test
{

namespace
{

TablePointer
count_table(const Options &options, const std::vector<ColumnSpec> &columns)
{
	Error err;
	TablePointer table = make_table(options, columns);
	TablePointer counting(count_table_open(table.get(), err), &table_close);

	EXPECT_EQ(err.code, Code::none) << err.message;
	return counting;
}

// The document that counts when `bound` are sent, "" when nothing does.
std::string
counted(const Options &options, const std::vector<ColumnSpec> &columns = {},
		const std::vector<int> &bound = {})
{
	TablePointer counting = count_table(options, columns);

	return counting == nullptr
			   ? std::string()
			   : make_document(*make_query(counting, Method::single,
										   {static_cast<int>(columns.size())}, bound),
							   1, nullptr);
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

	TablePointer beside = count_table({"accounts", {}, {}, {}, {}, "accountsCount"},
									  {argument("region", "region", "String")});

	ASSERT_NE(beside, nullptr);
	EXPECT_EQ(table_access(beside.get(), 0)->argument_count, 0u);
}

// The filter belongs to an element of the field: what counts has it where it goes through that one.
TEST(Count, Filter)
{
	constexpr std::string_view filter =
		R"({"style": "nested", "argument": "filter", "operators": {"=": "eq"}, "columns": {"id": "="}})";
	const std::vector<ColumnSpec> columns = {column("id", "id")};
	auto filters = [&](std::string_view field, std::string_view count) {
		return access_filters(count_table({field, {}, {}, {}, filter, count}, columns).get(), 0);
	};

	EXPECT_TRUE(filters("accounts.nodes", "accounts.totalCount"));
	EXPECT_TRUE(filters("viewer.accounts.nodes", "viewer.accounts.totalCount"));
	EXPECT_FALSE(filters("viewer.accounts.nodes", "viewer.total"));
	EXPECT_FALSE(filters("accounts", "accountsCount"));
}

}    // namespace gql::test
