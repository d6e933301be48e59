// Where are a table of objects and a table of the lists inside them asked for as one, and how?

#include "core/door/filter.hpp"

#include "join_fixture.hpp"

namespace gql::test
{

namespace
{

struct Side
{
	Options options;
	std::vector<ColumnSpec> columns;
};

ColumnSpec
above(std::string_view name, std::string_view argument_text, std::string_view path)
{
	ColumnSpec spec = argument(name, argument_text, "Int!");

	spec.path = path;
	return spec;
}

// Accounts, and the orders inside them.
Side
accounts()
{
	return {{"accounts", {}, R"([{"field": "byIds", "arguments": {"ids": ["$id"]}},
								 {"field": "account", "arguments": {"id": "$id"}}])"},
			{column("id", "id"), column("plan", "plan"), argument("region", "region", "String")}};
}

Side
orders()
{
	return {{"account.orders", {}, R"~([{"field": "byIds.orders",
				"arguments": {"byIds(ids)": ["$account_id"]}}])~"},
			{above("account_id", "account(id)", "..id"), column("id", "id")}};
}

TablePointer
join(const Side &parent, const Side &child, bool filters_parent = true)
{
	TablePointer parents = make_table(parent.options, parent.columns);
	TablePointer children = make_table(child.options, child.columns);
	return make_join(parents, children, filters_parent);
}

// What is asked for through an access: all columns but those that are only arguments.
std::string
document(const TablePointer &table, size_t access, Method method, const std::vector<int> &selected,
		 const std::vector<int> &bound)
{
	return make_document(*make_query(table, method, selected, bound, access), 1, nullptr);
}

}    // namespace

TEST(Join, EachWayToTheParents)
{
	TablePointer table = join(accounts(), orders());

	ASSERT_NE(table, nullptr);
	ASSERT_EQ(table_access_count(table.get()), 3u);
	EXPECT_EQ(document(table, 0, Method::list, {0, 1, 2, 3}, {2}),
			  "query($ids: [String!]!) { byIds(ids: $ids) { id plan orders { id } } }");
	EXPECT_EQ(document(table, 1, Method::single, {0, 1, 3}, {2}),
			  "query($id: String!) { account(id: $id) { id plan orders { id } } }");
	EXPECT_EQ(document(table, 2, Method::single, {1, 3}, {4}),
			  "query($region: String!) { accounts(region: $region) { plan orders { id } } }");
	EXPECT_FALSE(table_access(table.get(), 1)->own);
	EXPECT_TRUE(table_access(table.get(), 2)->own);
	EXPECT_EQ(table_access(table.get(), 0)->list_column, 2);
	EXPECT_EQ(table_levels(table.get(), 3), 1u);
}

TEST(Join, FieldsOfBothAreToldApart)
{
	Side parent = accounts();

	parent.columns.push_back(column("orders", "orders {total}", Leaf::json));

	TablePointer table = join(parent, orders());

	ASSERT_NE(table, nullptr);
	EXPECT_EQ(document(table, 2, Method::single, {1, 2, 5}, {}),
			  "query { accounts { id orders_2: orders { total } orders { id } } }");
}

TEST(Join, ParentsInPages)
{
	Side parent = accounts();

	parent.options.field = "accountsRelay.nodes";
	parent.options.pagination = R"({"style": "relay", "size": "first", "cursor": "after"})";

	TablePointer table = join(parent, orders());

	ASSERT_NE(table, nullptr);
	EXPECT_EQ(document(table, 2, Method::single, {1, 2}, {}),
			  "query($first: Int!, $after: String) { accountsRelay(first: $first, after: $after) { "
			  "pageInfo { endCursor hasNextPage } nodes { id orders { id } } } }");
	EXPECT_FALSE(table_access(table.get(), 2)->nested);
}

// The lists of a scan are gone on with one by one.
TEST(Join, ListsInPages)
{
	Side child = orders();

	child.options.field = "account.orders.nodes";
	child.options.lookups = R"~([{"field": "byIds.orders.nodes",
		"arguments": {"byIds(ids)": ["$account_id"]}}])~";
	child.options.pagination = R"({"style": "relay", "size": "first", "cursor": "after"})";
	child.columns[0].path = "....id";

	TablePointer table = join(accounts(), child);

	ASSERT_NE(table, nullptr);
	ASSERT_EQ(table_access_count(table.get()), 3u);
	EXPECT_TRUE(table_pages_lists(make_table(child.options, child.columns).get(), 2));
	EXPECT_TRUE(table_access(table.get(), 0)->nested);
	EXPECT_FALSE(table_access(table.get(), 1)->nested);
	EXPECT_FALSE(table_access(table.get(), 1)->own);
	EXPECT_EQ(
		document(table, 1, Method::single, {1, 2}, {2}),
		"query($id: String!, $first: Int!, $after: String) { account(id: $id) { id "
		"orders(first: $first, after: $after) { pageInfo { endCursor hasNextPage } nodes { id } "
		"} } }");
	EXPECT_EQ(table_access(table.get(), 1)->lists, nullptr);
	EXPECT_TRUE(table_access(table.get(), 2)->own);
	EXPECT_EQ(table_access(table.get(), 2)->pages, nullptr);
	ASSERT_NE(table_access(table.get(), 2)->lists, nullptr);
	EXPECT_EQ(table_access(table.get(), 2)->lists->size_argument, "first");
	EXPECT_EQ(table_access(table.get(), 2)->rest, 1u);    // rather than a list of one
	EXPECT_EQ(document(table, 2, Method::single, {1, 2}, {}),
			  "query($first: Int!) { accounts { id orders(first: $first) { "
			  "pageInfo { endCursor hasNextPage } nodes { id } } } }");
}

TEST(Join, ListsInPagesThatCannotBeGoneOnWith)
{
	Side child = orders();

	child.options.field = "account.orders";
	child.options.pagination = R"({"style": "offset", "size": "limit", "offset": "offset"})";

	Side parent = accounts();

	parent.options.lookups =
		R"([{"field": "account", "arguments": {"id": "$id", "tenant": "$region"}}])";

	// What finds one account needs more than its key.
	TablePointer table = join(parent, child);

	ASSERT_NE(table, nullptr);
	ASSERT_EQ(table_access_count(table.get()), 1u);
	EXPECT_EQ(table_access(table.get(), 0)->lists, nullptr);
}

TEST(Join, CountedListsBeginAtTheirFirstPage)
{
	Side parent = accounts();
	Side child = orders();

	parent.options.field = "accountsRelay.nodes";
	parent.options.pagination = R"({"style": "relay", "size": "first", "cursor": "after"})";
	child.options = {"account.orders", {}, {}, {}};
	child.options.pagination = R"({"style": "page", "size": "perPage", "page": "page", "base": 0})";

	TablePointer table = join(parent, child);

	ASSERT_NE(table, nullptr);
	EXPECT_EQ(document(table, 2, Method::single, {1, 2}, {}),
			  "query($first: Int!, $after: String, $perPage: Int!) { accountsRelay(first: $first, "
			  "after: $after) { pageInfo { endCursor hasNextPage } nodes { id "
			  "orders(perPage: $perPage, page: 0) { id } } } }");
}

TEST(Join, ListsBelowPages)
{
	Side child = orders();

	child.options.field = "accounts.orders";
	child.options.pagination =
		R"~({"style": "offset", "size": "accounts(limit)", "offset": "accounts(offset)"})~";
	child.columns[0].argument = {};
	EXPECT_FALSE(table_pages_lists(make_table(child.options, child.columns).get(), 1));

	TablePointer table = join(accounts(), child);

	ASSERT_NE(table, nullptr);
	EXPECT_EQ(table_access(table.get(), 2)->pages, nullptr);    // the parents' field has none
}

TEST(Join, FilterOfOneSide)
{
	static constexpr std::string_view filter =
		R"({"argument": "filter", "style": "nested", "operators": {"=": "eq"},
			"columns": {"plan": "=", "id": "="}})";
	Side parent = accounts();
	Side child = orders();

	parent.options.filter = child.options.filter = filter;
	child.columns.push_back(column("plan", "plan"));
	for (bool filters_parent : {true, false})
	{
		TablePointer table = join(parent, child, filters_parent);

		ASSERT_NE(table, nullptr);
		ASSERT_TRUE(table_filters(table.get()));
		EXPECT_EQ(table_compares(table.get(), 4, FilterOperator::equal), filters_parent);
		EXPECT_EQ(table_compares(table.get(), 2, FilterOperator::equal), !filters_parent);
		EXPECT_TRUE(access_filters(table.get(), 2));

		const int selected = 1;
		const FilterNode node = {FilterOperator::equal, filters_parent ? 4 : 2, 0, 0};
		QuerySpec spec;
		Error err;

		spec.access = 2;
		spec.selected = &selected;
		spec.selected_count = 1;
		spec.filter = &node;
		spec.filter_count = 1;

		QueryPointer query(query_open(table.get(), spec, err), &query_close);
		FilterValue value = {FilterTruth::compared, "\"a\""};

		ASSERT_NE(query, nullptr) << err.message;
		ASSERT_TRUE(query_filter(query.get(), &value, err)) << err.message;
		EXPECT_EQ(make_document(*query, 1, nullptr),
				  filters_parent
					  ? "query($filter: Unknown) { accounts(filter: $filter) { orders { id } } }"
					  : "query($filter: Unknown) { accounts { orders(filter: $filter) { id } } }");
	}
}

TEST(Join, FixedArgumentsOfTheChild)
{
	Side parent = accounts();
	Side child = orders();

	child.options.arguments = R"~({"account(open)": true, "limit": 5})~";
	child.options.lookups = {};
	EXPECT_EQ(join(parent, child), nullptr);    // its rows are of open accounts
	parent.options.lookups = R"([{"field": "account", "arguments": {"id": "$id", "open": false}}])";
	EXPECT_EQ(join(parent, child), nullptr);
	parent.options.lookups = R"([{"field": "account", "arguments": {"id": "$id", "open": true}}])";

	TablePointer table = join(parent, child);

	ASSERT_NE(table, nullptr);
	EXPECT_EQ(
		document(table, 0, Method::single, {1, 3}, {2}),
		"query($id: String!) { account(id: $id, open: true) { plan orders(limit: 5) { id } } }");
}

TEST(Join, WhatIsNotNested)
{
	Side parent = accounts();
	Side child = orders();

	child.columns[0].path = "..number";    // another field than the parent's key
	EXPECT_EQ(join(parent, child), nullptr);
	child = orders();
	child.options = {"customer.orders"};    // other objects
	child.columns[0].argument = "customer(id)";
	EXPECT_EQ(join(parent, child), nullptr);
	child = orders();
	child.options = {"accounts.lists.orders"};    // the key is of something in between
	child.columns[0].argument = {};
	EXPECT_EQ(join(parent, child), nullptr);
	child = orders();
	child.columns[0] = column("account_id", "accountId");    // no object around the row
	EXPECT_EQ(join(parent, child), nullptr);
	child = orders();
	child.columns.push_back(argument("tenant", "account(tenant)", "Int!"));
	child.options.lookups = {};    // a value that the parent does not take
	EXPECT_EQ(join(parent, child), nullptr);
	parent.options.field = "node";
	parent.options.lookups =
		R"([{"field": "nodes", "typename": "Account", "arguments": {"ids": ["$id"]}}])";
	EXPECT_EQ(join(parent, orders()), nullptr);
}

}    // namespace gql::test
