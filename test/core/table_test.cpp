// Which accesses follow from a table's options, and which options are refused?

#include "fixture.hpp"

namespace gql::test
{

namespace
{

std::string
refusal(const Options &options, const std::vector<ColumnSpec> &columns)
{
	Error err;

	EXPECT_EQ(try_table(options, columns, err), nullptr);
	EXPECT_EQ(err.code, Code::invalid_option);
	return err.message;
}

}    // namespace

TEST(Table, OwnAccessIsLast)
{
	auto table = make_table({"account", R"({"region": "$region", "active": true})",
							 R"([{"field": "accountsByIds", "arguments": {"ids": ["$id"]}},
			 {"field": "search.nodes", "arguments": {"where": {"id": "$id"}}}])"},
							{argument("id", "id"), column("plan", "plan"), argument("region", ""),
							 argument("kind", "kind", "Kind"), argument("shop", "shop", "ID!")});

	ASSERT_EQ(table_access_count(table.get()), 3u);

	const Access *list = table_access(table.get(), 0);

	EXPECT_EQ(list->field, "accountsByIds");
	EXPECT_FALSE(list->own);
	EXPECT_EQ(list->list_column, 0);
	ASSERT_EQ(list->argument_count, 1u);
	EXPECT_EQ(list->arguments[0].column, 0);
	EXPECT_TRUE(list->arguments[0].list);
	EXPECT_EQ(list->arguments[0].need, Need::required);

	const Access *other = table_access(table.get(), 1);

	EXPECT_EQ(other->field, "search.nodes");
	EXPECT_EQ(other->list_column, -1);
	EXPECT_FALSE(other->arguments[0].list);

	const Access *own = table_access(table.get(), 2);

	EXPECT_EQ(own->field, "account");
	EXPECT_TRUE(own->own);
	EXPECT_EQ(own->list_column, -1);
	ASSERT_EQ(own->argument_count, 4u);
	EXPECT_EQ(own->arguments[0].column, 2);
	EXPECT_EQ(own->arguments[0].need, Need::required);
	EXPECT_EQ(own->arguments[1].column, 0);
	EXPECT_EQ(own->arguments[1].need, Need::unknown);
	EXPECT_EQ(own->arguments[2].need, Need::optional);
	EXPECT_EQ(own->arguments[3].need, Need::required);
}

TEST(Table, PathsAboveTheRows)
{
	EXPECT_EQ(refusal({"account"}, {column("id", "..id")}),
			  "path \"..id\" of column \"id\" leads to no object around the rows of field "
			  "\"account\"");
	EXPECT_EQ(refusal({"account.orders", "", R"([{"field": "orders", "arguments": {}}])"},
					  {column("id", "..id")}),
			  "path \"..id\" of column \"id\" leads to no object around the rows of field "
			  "\"orders\"");
	EXPECT_EQ(refusal({"account.orders"}, {column("id", "...id")}),
			  "path \".id\" is not a path of GraphQL names");
	make_table({"a.b.nodes"}, {column("id", "....id"), column("more", "..more")});
}

TEST(Table, TemplateMakesAColumnRequired)
{
	auto table =
		make_table({"account", R"({"where": {"id": "$id"}})"}, {argument("id", "id", "ID")});
	const Access *own = table_access(table.get(), 0);

	ASSERT_EQ(own->argument_count, 1u);
	EXPECT_EQ(own->arguments[0].need, Need::required);
}

TEST(Table, RefusesUnknownColumns)
{
	EXPECT_EQ(
		refusal({"account", R"({"id": "$idd"})"}, {column("id", "id")}),
		"option \"arguments\" of foreign table \"account\" names column \"idd\", which does not "
		"exist");
	EXPECT_EQ(refusal({"account", "", R"([{"field": "f", "arguments": {"a": {"b": ["$x"]}}}])"},
					  {column("id", "id")}),
			  "option \"lookups\" of foreign table \"account\" names column \"x\", which does not "
			  "exist");
}

TEST(Table, RefusesAmbiguousArguments)
{
	EXPECT_EQ(refusal({"account", R"({"id": 1})"}, {argument("id", "id")}),
			  "argument \"id\" of foreign table \"account\" is given twice");
	EXPECT_EQ(refusal({"account"}, {argument("a", "where.id"), argument("b", "where.id.eq")}),
			  "argument \"where.id.eq\" of foreign table \"account\" is given twice");
	EXPECT_EQ(
		refusal({"account", R"({"ids": ["$a"], "names": ["$b"]})"},
				{column("a", "a"), column("b", "b")}),
		"option \"arguments\" of foreign table \"account\" puts several columns into lists: one "
		"request can take many values of one column only");
	EXPECT_EQ(
		refusal({"account", R"({"of": [{"__typename": "A", "a": "$a", "b": {"c": "$b"}}]})"},
				{column("a", "a"), column("b", "b")}),
		"option \"arguments\" of foreign table \"account\" puts several columns into lists: one "
		"request can take many values of one column only");
	EXPECT_EQ(
		refusal({"account", R"({"ids": ["$a"], "id": "$a"})"}, {column("a", "a")}),
		"option \"arguments\" of foreign table \"account\" uses column \"a\" in a list and in "
		"another place");
	EXPECT_EQ(refusal({"account"}, {argument("a", "shop(id)")}),
			  "argument \"shop(...)\" names no element of the field path");
}

TEST(Table, RefusesUnusableColumns)
{
	ColumnSpec owner = column("owner", ".", Leaf::composite);
	ColumnSpec member = column("full name", "full name");

	EXPECT_EQ(
		refusal({"account"}, {owner}),
		"column \"owner\" has the path \".\" and a composite type: the row's own value needs a "
		"scalar type or jsonb");
	owner.path = "owner";
	owner.members = &member;
	owner.member_count = 1;
	EXPECT_NE(refusal({"account"}, {owner}), "");
	EXPECT_EQ(
		refusal({"account"}, {column("owner", "owner {name}")}),
		"path \"owner {name}\" of column \"owner\" selects fields of objects, which only json "
		"and jsonb can hold");
	EXPECT_EQ(refusal({""}, {}), "field \"\" is not a path of GraphQL names");
	EXPECT_EQ(
		refusal({"tags"}, {column("a", "."), column("b", ".", Leaf::scalar, true)}),
		"columns \"a\" and \"b\" of foreign table \"account\" have the path \".\" and different "
		"types");
}

TEST(Table, CopiesItsSpec)
{
	std::string name = "plan", field = "account";
	std::vector<ColumnSpec> columns = {column(name, name)};
	TablePointer table = make_table({field}, columns);

	name = "XXXX";
	field = "YYYYYYY";
	columns.clear();
	EXPECT_EQ(make_query(table, Method::single, {0})->selection.text, "{ plan }");
	EXPECT_EQ(table_access(table.get(), 0)->field, "account");
}

}    // namespace gql::test
