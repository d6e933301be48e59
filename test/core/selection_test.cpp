// Which selection set follows from the columns that are wanted?

#include "core/selection.hpp"

#include "fixture.hpp"

namespace gql::test
{

namespace
{

std::string
select(const std::vector<ColumnSpec> &columns, std::vector<int> selected = {-1})
{
	TablePointer table = make_table({"account"}, columns);

	if (selected == std::vector<int>{-1})
	{
		selected.clear();
		for (size_t i = 0; i < columns.size(); i++)
		{
			selected.push_back(static_cast<int>(i));
		}
	}
	return make_selection(*table, selected, table->accesses.back()).text;
}

}    // namespace

TEST(Selection, MergesPaths)
{
	EXPECT_EQ(select({column("id", "id"), column("a", "owner.name"),
					  column("b", "owner.address.city"), column("c", "owner.address.zip")}),
			  "{ id owner { name address { city zip } } }");
	EXPECT_EQ(select({column("id", "id"), column("plan", "plan")}, {1}), "{ plan }");
	EXPECT_EQ(select({column("t", "__typename")}), "{ __typename }");
}

TEST(Selection, SharesKeysOnlyForEqualReadings)
{
	EXPECT_EQ(select({column("a", "plan"), column("b", "plan")}), "{ plan }");
	EXPECT_EQ(select({column("a", "data"), column("b", "data", Leaf::json)}),
			  "{ data data_2: data }");
	EXPECT_EQ(select({column("a", "data"), column("b", "data", Leaf::scalar, true)}),
			  "{ data data_2: data }");
	EXPECT_EQ(select({column("a", "data", Leaf::json), column("b", "data.x")}),
			  "{ data data_2: data { x } }");
	EXPECT_EQ(select({column("a", "x_2"), column("b", "x"), column("c", "x", Leaf::json)}),
			  "{ x_2 x x_3: x }");
}

TEST(Selection, OfObjectsReadAsJson)
{
	EXPECT_EQ(select({column("a", "owner {name address {city}}", Leaf::json),
					  column("b", "owner{name,address{city}}", Leaf::json)}),
			  "{ owner { name address { city } } }");
	EXPECT_EQ(
		select({column("a", "owner {name}", Leaf::json), column("b", "owner {id}", Leaf::json),
				column("c", "owner.id"), column("d", "owner", Leaf::json),
				column("e", "owner {id}", Leaf::json, true)}),
		"{ owner { name } owner_2: owner { id } owner_3: owner { id } owner_4: owner "
		"owner_5: owner { id } }");
}

TEST(Selection, PrintsConditionsTypeByType)
{
	EXPECT_EQ(select({column("id", "id"), column("text", "on Message.text|on Photo.caption"),
					  column("at", "on Message.at|on Photo.at"), column("kind", "kind")}),
			  "{ id kind ... on Message { text at } ... on Photo { caption at_2: at } }");
	EXPECT_EQ(select({column("a", "owner.on User.login")}), "{ owner { ... on User { login } } }");
}

TEST(Selection, AsksForMembersOfComposites)
{
	ColumnSpec inner[] = {column("city", "")};
	ColumnSpec members[] = {column("name", ""), column("address", "", Leaf::composite)};
	ColumnSpec owner = column("owner", "owner", Leaf::composite);

	members[1].members = inner;
	members[1].member_count = 1;
	owner.members = members;
	owner.member_count = 2;
	EXPECT_EQ(select({owner}), "{ owner { name address { city } } }");
	EXPECT_EQ(select({owner, column("n", "owner.name")}),
			  "{ owner { name address { city } } owner_2: owner { name } }");
}

TEST(Selection, RowsWithoutWantedColumns)
{
	EXPECT_EQ(select({column("id", "id")}, {}), "{ __typename }");
	EXPECT_EQ(select({column("arg", "")}), "{ __typename }");
	EXPECT_EQ(select({column("value", ".")}, {}), "");
	EXPECT_EQ(select({column("value", "."), column("id", "id")}, {}), "{ __typename }");
}

TEST(Selection, TheRowsOwnValue)
{
	EXPECT_EQ(select({column("value", ".")}), "");
	EXPECT_EQ(select({column("value", ".", Leaf::json)}), "");
	EXPECT_EQ(select({column("value", "."), column("arg", "")}), "");
	EXPECT_EQ(
		select({column("id", "id"), column("n", "owner.name"), column("row", ".", Leaf::json)},
			   {2}),
		"{ id owner { name } }");
}

TEST(Selection, NumbersLeavesAsTheyAreWalked)
{
	TablePointer table =
		make_table({"account"}, {column("a", "o.a"), column("b", "b"), column("c", "o.c|on T.d")});
	Selection selection = make_selection(*table, {2, 1, 0}, table->accesses.back());

	EXPECT_EQ(selection.text, "{ o { c a } b ... on T { d } }");
	EXPECT_EQ(selection.row.leaf_count, 4u);
	EXPECT_EQ(selection.columns[0].leaves, (std::vector<size_t>{0, 2}));
	EXPECT_EQ(selection.columns[1].leaves, (std::vector<size_t>{3}));
	EXPECT_EQ(selection.columns[2].leaves, (std::vector<size_t>{1}));
}

}    // namespace gql::test
