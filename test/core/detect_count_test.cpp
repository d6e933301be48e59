// Which numbers are taken for the number of rows?

#include "import_fixture.hpp"

namespace gql::test
{

namespace
{

// The option `count` of the table "items" in an API with these fields beside it.
std::string
count_of(const std::string &holder, const std::string &root = {}, const std::string &arguments = {})
{
	std::string field = holder.empty() ? "[Item!]!" : "Items!";
	std::string types = holder.empty() ? "" : "type Items { nodes: [Item!]! " + holder + " }";

	return Imported("type Query { items" + arguments + ": " + field + ' ' + root +
					" } type Item { id: ID! } type Counted { count: Int! precision: String } type "
					"Meta { count: Int! } " +
					types)
		.option("items", "count");
}

}    // namespace

TEST(DetectCount, BesideTheRowsOrTheField)
{
	EXPECT_EQ(count_of("totalCount: Int!"), "items.totalCount");
	EXPECT_EQ(count_of("\"All there are.\" totalCount: Int!"), "items.totalCount");
	EXPECT_EQ(count_of("", "_itemsMeta: Meta"), "_itemsMeta.count");
	EXPECT_EQ(count_of("", "itemsCount: Int"), "itemsCount");
}

TEST(DetectCount, WhatMayBeAnotherNumber)
{
	EXPECT_EQ(count_of("\"An estimate.\" totalCount: Int!"), "");
	EXPECT_EQ(count_of("\"Limited: 1001 for more than 1000.\" count: Int!"), "");
	EXPECT_EQ(count_of("\"Items on this page.\" count: Int!"), "");
	EXPECT_EQ(count_of("\"Not guaranteed to be accurate.\" total: Int!"), "");
	EXPECT_EQ(count_of("", "itemsCount: Counted"), "");
	EXPECT_EQ(count_of("", "\"Up to 10000.\" itemsCount: Int"), "");
	// Takes none of what decides about rows.
	EXPECT_EQ(count_of("", "itemsCount: Int", "(kind: String)"), "");
	EXPECT_EQ(count_of("", "itemsCount(kind: String): Int", "(kind: String)"), "itemsCount(kind)");
}

// What is required cannot be left out, and says nothing of how many there are.
TEST(DetectCount, RequiredPages)
{
	EXPECT_EQ(count_of("totalCount: Int! pageInfo: PageInfo! } type PageInfo { hasNextPage: "
					   "Boolean! endCursor: String",
					   "", "(first: Int!, after: String)"),
			  "");
	EXPECT_EQ(count_of("totalCount: Int! pageInfo: PageInfo! } type PageInfo { hasNextPage: "
					   "Boolean! endCursor: String",
					   "", "(first: Int! = 10, after: String)"),
			  "items.totalCount");
}

}    // namespace gql::test
