// Which sums and extremes of an API are exact, and SQL's?

#include "import_fixture.hpp"

namespace gql::test
{

namespace
{

// The option `aggregates` of the table "items" whose rows have these fields, in an API with these
// types.
std::string
aggregates_of(const std::string &fields, const std::string &types,
			  const std::string &beside = "items_aggregate: Aggregate!")
{
	return Imported("scalar numeric scalar BigInt scalar Date type Query { items: [Item!]! " +
					beside + " } type Item { " + fields + " } " + types)
		.option("items", "aggregates");
}

// With this sum of `a`, which is of this type.
std::string
sum_of(const std::string &type, const std::string &sum,
	   const std::string &name = "items_sum_fields")
{
	return aggregates_of("a: " + type, "type Aggregate { count: Int! sum: " + name + " } type " +
										   name + " { a: " + sum + " }");
}

constexpr std::string_view summed =
	R"~({"field": "items_aggregate", "functions": {"sum": "sum"}, "columns": {"a": "sum"}})~";

}    // namespace

TEST(DetectAggregates, ExactSums)
{
	EXPECT_EQ(sum_of("Int", "Int"), summed);
	EXPECT_EQ(sum_of("Int", "BigInt"), summed);
	EXPECT_EQ(sum_of("BigInt", "BigInt"), summed);
	EXPECT_EQ(sum_of("numeric!", "numeric"), summed);
	EXPECT_EQ(sum_of("Float", "Float"), "");
	EXPECT_EQ(sum_of("Float", "numeric"), "");
	EXPECT_EQ(sum_of("numeric", "Float"), "");
	EXPECT_EQ(sum_of("String", "numeric"), "");
	EXPECT_EQ(sum_of("[Int!]", "BigInt"), "");
}

// Others add up in numbers that have fewer digits.
TEST(DetectAggregates, SumsOfOthers)
{
	EXPECT_EQ(sum_of("Int", "Int", "Sums"), "");
	EXPECT_EQ(sum_of("Int", "BigInt", "Sums"), "");
	EXPECT_EQ(sum_of("BigInt", "BigInt", "Sums"), "");
	EXPECT_EQ(sum_of("numeric", "numeric", "Sums"), "");
}

// Of the row's own type, and of types that everybody orders alike.
TEST(DetectAggregates, Extremes)
{
	constexpr const char *fields =
		"a: Int b: Float c: Date d: String e: Boolean f: Kind g: Int h: BigInt";
	auto types = [](const std::string &name)
	{
		return "enum Kind { A B } type Aggregate { count: Int! max: " + name + " } type " + name +
			   " { a: Int b: Float c: Date d: String e: Boolean f: Kind g: Float h: BigInt }";
	};

	EXPECT_EQ(aggregates_of(fields, types("items_max_fields")),
			  R"~({"field": "items_aggregate", "functions": {"max": "max"}, "columns": )~"
			  R"~({"a": "max", "b": "max", "c": "max", "h": "max"}})~");
	EXPECT_EQ(aggregates_of(fields, types("Most")),
			  R"~({"field": "items_aggregate", "functions": {"max": "max"}, "columns": )~"
			  R"~({"a": "max", "b": "max"}})~");
}

TEST(DetectAggregates, Numbers)
{
	EXPECT_EQ(
		aggregates_of(
			"a: Int b: String c: Float",
			"enum Column { a b c } type Aggregate { count(columns: [Column!], distinct: Boolean): "
			"Int! min: Least } type Least { a: Int }"),
		R"~({"field": "items_aggregate", "functions": {"count": "count(columns)", )~"
		R"~("distinct": "count(columns, distinct)", "min": "min"}, )~"
		R"~("columns": {"a": "count distinct min", "b": "count", "c": "count"}})~");
}

TEST(DetectAggregates, Spellings)
{
	EXPECT_EQ(aggregates_of("a: Int b: BigInt c: numeric",
							"type Aggregate { _count: Counts! _sum: Sums _min: Least } type Counts "
							"{ _all: Int! a: Int! } type Sums { a: Int b: BigInt c: numeric } "
							"type Least { a: Int c: numeric }",
							"aggregateItem: Aggregate!"),
			  R"~({"field": "aggregateItem", "functions": {"count": "_count", "sum": "_sum", )~"
			  R"~("min": "_min"}, "columns": {"a": "count min", "b": "sum", "c": "min"}})~");
	EXPECT_EQ(Imported("scalar BigInt type Query { items: Items! } type Items { nodes: [Item!]! "
					   "totalCount: Int! pageInfo: PageInfo! aggregates: Aggregates } type "
					   "PageInfo { hasNextPage: Boolean! } type Item { a: Int } type "
					   "Aggregates { sum: Sums distinctCount: Numbers } type Sums { a: BigInt! } "
					   "type Numbers { a: BigInt }")
				  .option("items", "aggregates"),
			  R"~({"field": "items.aggregates", "functions": {"distinct": "distinctCount", )~"
			  R"~("sum": "sum"}, "columns": {"a": "distinct"}})~");
	// Nothing can be said without arguments.
	EXPECT_EQ(aggregates_of("a: Int",
							"type Aggregate { count: Int! sum(of: String!): Sums } type Sums { a: "
							"BigInt }"),
			  "");
}

}    // namespace gql::test
