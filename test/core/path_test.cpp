// Are fields, column paths, arguments and types read as people spell them?

#include "core/path.hpp"

#include <gtest/gtest.h>

#include "core/door/table.hpp"
#include "core/error.hpp"

namespace gql::test
{

TEST(Field, SplitsAtDots)
{
	EXPECT_EQ(parse_field("a"), (std::vector<std::string>{"a"}));
	EXPECT_EQ(parse_field("viewer._x2.nodes"),
			  (std::vector<std::string>{"viewer", "_x2", "nodes"}));
}

TEST(Field, RefusesWhatIsNoName)
{
	Error err;

	for (const char *bad :
		 {"", ".", "a.", ".a", "a..b", "a b", "a{b}", "1a", "a#", "\xC3\xA4", "a-b"})
	{
		EXPECT_FALSE(check_field(bad, err)) << bad;
		EXPECT_EQ(err.code, Code::invalid_option);
	}
	EXPECT_TRUE(check_field("a.b", err));
}

TEST(ColumnPath, ReadsConditionsAndAlternatives)
{
	auto paths = parse_column_path("on Message.text|on Photo.file.on Image.url | caption");

	ASSERT_EQ(paths.size(), 3u);
	ASSERT_EQ(paths[0].size(), 1u);
	EXPECT_EQ(paths[0][0].condition, "Message");
	EXPECT_EQ(paths[0][0].field, "text");
	ASSERT_EQ(paths[1].size(), 2u);
	EXPECT_EQ(paths[1][0].condition, "Photo");
	EXPECT_EQ(paths[1][0].field, "file");
	EXPECT_EQ(paths[1][1].condition, "Image");
	EXPECT_EQ(paths[1][1].field, "url");
	EXPECT_EQ(paths[2][0].condition, "");
	EXPECT_EQ(paths[2][0].field, "caption");
}

TEST(ColumnPath, EndsInASelection)
{
	auto paths = parse_column_path("a.owner {name,address{city}} | on B.b{... on C{x}__typename}");

	ASSERT_EQ(paths.size(), 2u);
	EXPECT_EQ(paths[0][0].selection, "");
	EXPECT_EQ(paths[0][1].field, "owner");
	EXPECT_EQ(paths[0][1].selection, "{ name address { city } }");
	EXPECT_EQ(paths[1][0].condition, "B");
	EXPECT_EQ(paths[1][0].selection, "{ ... on C { x } __typename }");
}

TEST(ColumnPath, RefusesOtherSelections)
{
	Error err;

	for (const char *bad :
		 {"a {", "a {}", "a {b", "a {b}}", "a {b}.c", "{b}", "a {b: c}", "a {b(x: 1)}", "a {...F}",
		  "a {... {b}}", "a {b {}}", "a {b @skip}", "a {\"b\"}", "a {$b}", ". {b}", "a {b} {c}"})
	{
		EXPECT_FALSE(check_path(bad, err)) << bad;
		EXPECT_EQ(err.code, Code::invalid_option);
	}
	EXPECT_FALSE(check_path("a {b(x: 1)}", err));
	EXPECT_STREQ(err.message,
				 "path \"a {b(x: 1)}\" does not end in a selection of fields: \"(\" is not "
				 "expected here (line 1, column 5)");

	std::string deep;

	for (int i = 0; i < 10000; i++)
	{
		deep += "a{";
	}
	EXPECT_FALSE(check_path(deep, err));
}

TEST(ColumnPath, ChecksAtDDL)
{
	Error err;

	for (const char *good : {"", ".", "__typename", "a.b", "on.x", "on A.on"})
	{
		EXPECT_TRUE(check_path(good, err)) << good << err.message;
	}
	for (const char *bad : {"..", "a.", "|", "a|", "on A", "on A.on B.x", "on .x", "a b", "x.on A"})
	{
		EXPECT_FALSE(check_path(bad, err)) << bad;
		EXPECT_EQ(err.code, Code::invalid_option);
	}
}

TEST(Argument, FindsItsElement)
{
	auto element = [](const char *field, const char *argument)
	{ return argument_element(parse_field(field), parse_argument(argument)); };

	EXPECT_EQ(element("account", "id"), 0u);
	EXPECT_EQ(element("viewer.repositories.nodes", "first"), 1u);
	EXPECT_EQ(element("a.edges.node", "id"), 0u);
	EXPECT_EQ(element("nodes", "ids"), 0u);
	EXPECT_EQ(element("organization.repositories.nodes", "organization(login)"), 0u);
	EXPECT_EQ(element("organization.repositories.nodes", "nodes(x)"), 2u);
	EXPECT_THROW(element("account", "other(id)"), Failure);
}

TEST(Argument, ReadsPaths)
{
	ArgumentPath path = parse_argument("organization(where.login._eq)");

	EXPECT_EQ(path.element, "organization");
	EXPECT_EQ(path.names, (std::vector<std::string>{"where", "login", "_eq"}));

	Error err;

	for (const char *bad : {"", "a.", "a(", "a()", "(b)", "a(b)c", "a b"})
	{
		EXPECT_FALSE(check_argument(bad, err)) << bad;
	}
}

TEST(Type, ReadsListsAndNonNull)
{
	TypeText type = parse_type("[ID!]!");

	EXPECT_EQ(type.name, "ID");
	EXPECT_EQ(type.text, "[ID!]");
	EXPECT_TRUE(type.list);
	EXPECT_TRUE(type.required);

	type = parse_type("[[Int]!]");
	EXPECT_EQ(type.name, "Int");
	EXPECT_EQ(type.text, "[[Int]!]");
	EXPECT_FALSE(type.required);

	type = parse_type("uuid");
	EXPECT_EQ(type.text, "uuid");
	EXPECT_FALSE(type.list);
	EXPECT_FALSE(type.required);

	Error err;

	for (const char *bad : {"", "!", "[ID", "ID]", "ID!!", "[]", "[ID]]", "I D", "[ID]x"})
	{
		EXPECT_FALSE(check_type(bad, err)) << bad;
		EXPECT_EQ(err.code, Code::invalid_option);
	}
}

}    // namespace gql::test
