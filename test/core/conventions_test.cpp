// Are the options filter, order, count and aggregates read as written, and is everything else
// refused?

#include "core/conventions.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/door/table.hpp"

namespace gql::test
{

namespace
{

using Check = bool (*)(std::string_view, Error &) noexcept;

std::string
refusal(Check check, std::string_view value)
{
	Error err;

	EXPECT_FALSE(check(value, err)) << value;
	EXPECT_EQ(err.code, Code::invalid_option) << value;
	return err.message;
}

}    // namespace

TEST(Conventions, ReadsANestedFilter)
{
	Filter filter = parse_filter(R"({"argument": "filter", "style": "nested",
		"operators": {"=": "eq", "in": "in"}, "and": "AND", "or": "OR", "not": "NOT",
		"columns": {"id": "= in", "owner_name": {"field": "name", "operators": "="}}})");

	EXPECT_EQ(filter.style, FilterStyle::nested);
	EXPECT_EQ(filter.argument, "filter");
	EXPECT_EQ(filter.operators, (std::vector<NamePair>{{"=", "eq"}, {"in", "in"}}));
	EXPECT_EQ(filter.conjunction, "AND");
	EXPECT_EQ(filter.disjunction, "OR");
	EXPECT_EQ(filter.negation, "NOT");
	ASSERT_EQ(filter.columns.size(), 2u);
	EXPECT_EQ(filter.columns[0].name, "id");
	EXPECT_EQ(filter.columns[0].field, "");
	EXPECT_EQ(filter.columns[0].uses, (std::vector<std::string>{"=", "in"}));
	EXPECT_EQ(filter.columns[1].field, "name");
	EXPECT_EQ(filter.columns[1].uses, (std::vector<std::string>{"="}));
}

TEST(Conventions, ReadsTheOtherFilterStyles)
{
	Filter flat = parse_filter(R"({"argument": "where.all", "style": "flat",
		"operators": {"=": "", ">": "_gt"}, "columns": {"price": "= >"}})");

	EXPECT_EQ(flat.style, FilterStyle::flat);
	EXPECT_EQ(flat.operators[0].second, "");
	EXPECT_EQ(
		parse_filter(R"({"argument": "condition", "style": "equality", "columns": {"a": "="}})")
			.style,
		FilterStyle::equality);
	EXPECT_EQ(parse_filter(R"({"style": "arguments", "columns": {"a": "="}})").style,
			  FilterStyle::arguments);
}

TEST(Conventions, RefusesOtherFilters)
{
	auto with = [](std::string_view members)
	{ return refusal(check_filter, "{" + std::string(members) + "}"); };

	EXPECT_EQ(refusal(check_filter, "[]").substr(0, 36), "option \"filter\" is not a JSON object");
	EXPECT_EQ(with(R"("columns": {"a": "="})"), "option \"filter\" has no member \"style\"");
	EXPECT_EQ(with(R"("style": "odd")"), "option \"filter\" has an unknown style \"odd\"");
	EXPECT_EQ(with(R"("style": "arguments")"), "option \"filter\" names no columns");
	EXPECT_EQ(with(R"("style": "equality", "columns": {"a": "="})"),
			  "option \"filter\" needs a member \"argument\" in style \"equality\"");
	EXPECT_EQ(with(R"("style": "arguments", "argument": "a", "columns": {"a": "="})"),
			  "option \"filter\" cannot have a member \"argument\" in style \"arguments\"");
	EXPECT_EQ(with(R"("style": "nested", "argument": "a", "columns": {"a": "="})"),
			  "option \"filter\" needs a member \"operators\" in style \"nested\"");
	EXPECT_EQ(with(R"("style": "arguments", "style": "flat")"),
			  "option \"filter\" gives \"style\" twice");
	EXPECT_EQ(with(R"("style": "arguments", "colums": {})"),
			  "option \"filter\" has an unknown member \"colums\"");
	EXPECT_EQ(with(R"("style": "arguments", "columns": "a")"),
			  "option \"filter\" has a member \"columns\" that is not an object");
	EXPECT_EQ(with(R"("style": "arguments", "columns": {"a": 1})"),
			  "option \"filter\" has a member \"a\" that is not an object");
	EXPECT_EQ(with(R"("style": "arguments", "columns": {"a": ""})"),
			  "option \"filter\" gives column \"a\" no operator");
	EXPECT_EQ(with(R"("style": "arguments", "columns": {"a": "= ="})"),
			  "option \"filter\" gives column \"a\" the operator \"=\" twice");
	EXPECT_EQ(with(R"("style": "arguments", "columns": {"a": ">"})"),
			  "option \"filter\" gives column \"a\" the operator \">\", which it does not spell");
	EXPECT_EQ(
		with(
			R"("style": "nested", "argument": "a", "operators": {"is-null": {"operator": "is", "null": "NULL"}}, "columns": {"a": "is-null"})"),
		"option \"filter\" needs \"operator\", \"null\" and \"not null\" in operator \"is-null\"");
	EXPECT_EQ(
		with(
			R"("style": "nested", "argument": "a", "operators": {">=": "range."}, "columns": {"a": ">="})"),
		"option \"filter\" spells operator \">=\" as \"range.\", which is not a GraphQL name");
	EXPECT_EQ(
		with(
			R"("style": "flat", "argument": "a", "operators": {">=": "_range.gte"}, "columns": {"a": ">="})"),
		"option \"filter\" spells operator \">=\" as \"_range.gte\", which is not a GraphQL name");
	EXPECT_EQ(with(R"("style": "arguments", "operators": {"~": "re"}, "columns": {"a": "~"})"),
			  "option \"filter\" has an unknown operator \"~\"");
	EXPECT_EQ(
		with(
			R"("style": "nested", "argument": "a", "operators": {"=": ""}, "columns": {"a": "="})"),
		"option \"filter\" spells operator \"=\" as \"\", which is not a GraphQL name");
	EXPECT_EQ(with(R"("style": "arguments", "and": "a b", "columns": {"a": "="})"),
			  "option \"filter\" has a member \"and\" whose value \"a b\" is not a GraphQL name");
}

TEST(Conventions, ReadsEveryOrderStyle)
{
	Order order = parse_order(R"({"argument": "orderBy", "style": "enum", "list": true,
		"columns": {"price": {"asc": "PRICE_ASC", "desc": "PRICE_DESC"}, "rank": {"asc": "RANK"}}})");

	EXPECT_EQ(order.style, OrderStyle::enumeration);
	EXPECT_TRUE(order.list);
	ASSERT_EQ(order.columns.size(), 2u);
	EXPECT_EQ(order.columns[0].ascending, "PRICE_ASC");
	EXPECT_EQ(order.columns[0].descending, "PRICE_DESC");
	EXPECT_EQ(order.columns[1].descending, "");

	order = parse_order(R"({"argument": "orderBy", "style": "object", "field": "field",
		"direction": "direction", "asc": "ASC", "desc": "DESC", "columns": {"price": "PRICE"}})");
	EXPECT_EQ(order.style, OrderStyle::object);
	EXPECT_EQ(order.field, "field");
	EXPECT_EQ(order.direction, "direction");
	EXPECT_EQ(order.columns[0].ascending, "PRICE");
	EXPECT_FALSE(order.list);

	order = parse_order(R"({"argument": "order_by", "style": "map", "asc": "asc", "desc": "desc",
		"list": true, "columns": {"price": "price"}})");
	EXPECT_EQ(order.style, OrderStyle::map);

	order = parse_order(R"({"argument": "sortKey", "style": "arguments", "direction": "reverse",
		"asc": false, "desc": true, "columns": {"price": "PRICE"}})");
	EXPECT_EQ(order.style, OrderStyle::arguments);
	EXPECT_EQ(order.ascending[0], "false");
	EXPECT_EQ(order.descending[0], "true");
	EXPECT_EQ(order.nulls, NullOrder::unknown);

	order = parse_order(R"({"argument": "o", "style": "enum", "nulls": "largest",
		"columns": {"price": {"asc": "A"}}})");
	EXPECT_EQ(order.nulls, NullOrder::largest);
}

TEST(Conventions, RefusesOtherOrders)
{
	auto with = [](std::string_view members)
	{ return refusal(check_order, "{" + std::string(members) + "}"); };

	EXPECT_EQ(with(R"("style": "enum", "columns": {"a": {"asc": "A"}})"),
			  "option \"order\" needs a member \"argument\" in style \"enum\"");
	EXPECT_EQ(with(R"("style": "enum", "argument": "o", "columns": {"a": "A"})"),
			  "option \"order\" spells column \"a\" in another style than \"enum\"");
	EXPECT_EQ(with(R"("style": "enum", "argument": "o", "columns": {"a": {}})"),
			  "option \"order\" has no word for column \"a\"");
	EXPECT_EQ(
		with(R"("style": "enum", "argument": "o", "asc": "asc", "columns": {"a": {"asc": "A"}})"),
		"option \"order\" cannot have a member \"asc\" in style \"enum\"");
	EXPECT_EQ(
		with(
			R"("style": "map", "argument": "o", "asc": "a", "desc": "d", "columns": {"a": {"asc": "A"}})"),
		"option \"order\" spells column \"a\" in another style than \"map\"");
	EXPECT_EQ(with(R"("style": "map", "argument": "o", "asc": "a", "columns": {"a": "a"})"),
			  "option \"order\" needs a member \"desc\" in style \"map\"");
	EXPECT_EQ(
		with(
			R"("style": "object", "argument": "o", "field": "f", "asc": "a", "desc": "d", "columns": {"a": "a"})"),
		"option \"order\" needs a member \"direction\" in style \"object\"");
	EXPECT_EQ(with(R"("style": "map", "list": 1)"),
			  "option \"order\" has a member \"list\" that is not true or false");
	EXPECT_EQ(with(R"("style": "map", "nulls": "somewhere")"),
			  "option \"order\" puts nulls \"somewhere\", which is none of \"first\", \"last\", "
			  "\"largest\", \"smallest\"");
	EXPECT_EQ(
		with(
			R"("style": "map", "argument": "o", "asc": {"first": "f", "last": "l"}, "desc": "d", "nulls": "last", "columns": {"a": "a"})"),
		"option \"order\" says twice where nulls go");
	EXPECT_EQ(with(R"("style": "map", "argument": "o", "asc": {"top": "a"})"),
			  "option \"order\" has an unknown member \"top\"");
	EXPECT_EQ(
		with(R"("style": "map", "argument": "o", "asc": {}, "desc": "d", "columns": {"a": "a"})"),
		"option \"order\" needs a member \"asc\" in style \"map\"");
	EXPECT_EQ(with(R"("style": "map", "argument": "a..b")"),
			  "argument \"a..b\" is not a path of GraphQL names");
}

TEST(Conventions, ACountIsAPath)
{
	Error err;

	EXPECT_TRUE(check_count("accountsRelay.totalCount", err));
	refusal(check_count, "");
	refusal(check_count, "a..b");
}

TEST(Conventions, Aggregates)
{
	Aggregates aggregates = parse_aggregates(R"~({"field": "things_aggregate(where).aggregate",
		"functions": {"count": "count(columns, distinct)", "sum": "_sum"},
		"columns": {"id": "count sum", "price": {"field": "cost", "functions": "sum"}}})~");

	EXPECT_EQ(aggregates.field.text(), "things_aggregate.aggregate");
	EXPECT_EQ(aggregates.field.taking, 0u);
	EXPECT_EQ(aggregates.field.arguments, (std::vector<std::string>{"where"}));
	EXPECT_EQ(aggregates.functions["count"].name, "count");
	EXPECT_EQ(aggregates.functions["count"].arguments,
			  (std::vector<std::string>{"columns", "distinct"}));
	EXPECT_EQ(aggregates.columns[1].field, "cost");
	EXPECT_EQ(aggregates.columns[1].uses, (std::vector<std::string>{"sum"}));
}

TEST(Conventions, AggregatesThatAreRefused)
{
	EXPECT_EQ(refusal(check_aggregates, R"({"functions": {"sum": "s"}, "columns": {"a": "sum"}})"),
			  "option \"aggregates\" has no member \"field\"");
	EXPECT_EQ(refusal(check_aggregates, R"({"field": "f", "functions": {"sum": "s"}})"),
			  "option \"aggregates\" names no columns");
	EXPECT_EQ(refusal(check_aggregates,
					  R"({"field": "f", "functions": {"avg": "a"}, "columns": {"a": "avg"}})"),
			  "option \"aggregates\" has an unknown member \"avg\"");
	EXPECT_EQ(refusal(check_aggregates,
					  R"({"field": "f", "functions": {"sum": "s"}, "columns": {"a": "sum max"}})"),
			  "option \"aggregates\" gives column \"a\" the function \"max\", which it does not "
			  "spell");
	EXPECT_EQ(refusal(check_aggregates,
					  R"({"field": "f", "functions": {"sum": "s("}, "columns": {"a": "sum"}})"),
			  "\"s(\" is not the name of a GraphQL field");
	EXPECT_EQ(refusal(check_count, "a(b.c"), "\"a(b\" is not the name of a GraphQL field");
	EXPECT_EQ(refusal(check_count, "a(b).c(d)"),
			  "path \"a(b).c(d)\" names arguments of two fields");
	EXPECT_EQ(refusal(check_count, "a(b, 1).c"), "\"a(b, 1)\" is not the name of a GraphQL field");
}

}    // namespace gql::test
