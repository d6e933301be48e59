// Are JSON templates in options read as the one rule says, and refused with a clear message?

#include "core/template.hpp"

#include <gtest/gtest.h>

#include "core/door/table.hpp"
#include "fixture.hpp"

namespace gql::test
{

namespace
{

using Kind = Template::Kind;

std::string
refusal(std::string_view json)
{
	Error err;

	EXPECT_FALSE(check_arguments(json, err)) << json;
	EXPECT_EQ(err.code, Code::invalid_option);
	return err.message;
}

}    // namespace

TEST(Template, ReadsEveryKind)
{
	Template t = parse_template(
		R"({"a": "$id", "b": "$$id", "c": ["$id"], "d": {"e": -1.5e3}, "f": null, "g": "x\u0041"})",
		"arguments");

	ASSERT_EQ(t.members.size(), 6u);
	EXPECT_EQ(t.find("a")->kind, Kind::column);
	EXPECT_EQ(t.find("a")->text, "id");
	EXPECT_EQ(t.find("b")->kind, Kind::string);
	EXPECT_EQ(t.find("b")->text, "$id");
	EXPECT_TRUE(t.find("c")->takes_many());
	EXPECT_FALSE(t.find("a")->takes_many());
	EXPECT_EQ(t.find("d")->find("e")->text, "-1.5e3");
	EXPECT_EQ(t.find("f")->text, "null");
	EXPECT_EQ(t.find("g")->text, "xA");
	EXPECT_EQ(t.find("h"), nullptr);
}

TEST(Template, ADollarElsewhereIsLiteral)
{
	Template t = parse_template(R"({"a": "5$", "b": "$$", "c": "$$$x"})", "arguments");

	EXPECT_EQ(t.find("a")->text, "5$");
	EXPECT_EQ(t.find("b")->text, "$");
	EXPECT_EQ(t.find("c")->text, "$$x");
	EXPECT_EQ(t.find("c")->kind, Kind::string);
}

TEST(Template, RefusesWhatIsNotAnObject)
{
	EXPECT_EQ(refusal("[1]"), "option \"arguments\" is not a JSON object");
	EXPECT_EQ(refusal("42"), "option \"arguments\" is not a JSON object");
	EXPECT_EQ(refusal("{} {}").find("option \"arguments\" is not valid JSON"), 0u);
	EXPECT_EQ(refusal("{}, \"x\": {}"), "option \"arguments\" is not one JSON value");
	EXPECT_EQ(refusal("{}}{").find("option \"arguments\" is not valid JSON"), 0u);
	EXPECT_EQ(refusal("").find("option \"arguments\" is not valid JSON"), 0u);
	EXPECT_EQ(refusal("{\"a\": 01}"),
			  "option \"arguments\" is not valid JSON: a number is malformed");
	EXPECT_EQ(refusal("{\"a\": 1,}").find("option \"arguments\" is not valid JSON"), 0u);
}

TEST(Template, RefusesBadNamesAndDuplicates)
{
	EXPECT_EQ(refusal(R"({"a": {"b c": 1}})"),
			  "option \"arguments\" holds \"b c\", which is not a GraphQL name");
	EXPECT_EQ(refusal(R"({"a b": 1})"), "argument \"a b\" is not a path of GraphQL names");
	EXPECT_EQ(refusal(R"({"a": 1, "a": 2})"), "option \"arguments\" gives \"a\" twice");
	EXPECT_EQ(refusal(R"({"a": "$"})"),
			  "option \"arguments\" holds a \"$\" without a column's name");
}

TEST(Template, RefusesDeepNesting)
{
	std::string deep = "{\"a\": " + std::string(300, '[') + std::string(300, ']') + "}";

	EXPECT_EQ(refusal(deep), "option \"arguments\" is not valid JSON: it is nested too deeply");
}

TEST(Lookups, ReadsEntries)
{
	auto lookups = parse_lookups(
		R"([{"field": "accountsByIds", "arguments": {"ids": ["$id"]}},
			{"arguments": {"where": {"id": {"_in": ["$id"]}}}, "field": "accounts.nodes"},
			{"field": "_entities", "typename": "Account", "arguments": {"representations":
				[{"__typename": "Account", "id": "$id"}]}},
			{"field": "_entities", "arguments": {"representations":
				[{"__typename": "Account", "id": "1"}], "two":
				[{"__typename": "Account", "id": "$id"}, {"__typename": "Account", "id": "$id"}]}}])");

	ASSERT_EQ(lookups.size(), 4u);
	EXPECT_EQ(lookups[0].condition, "");
	EXPECT_EQ(lookups[2].condition, "Account");
	EXPECT_TRUE(lookups[2].arguments.find("representations")->takes_many());
	EXPECT_FALSE(lookups[3].arguments.find("representations")->takes_many());
	EXPECT_FALSE(lookups[3].arguments.find("two")->takes_many());
	EXPECT_EQ(lookups[0].field, "accountsByIds");
	EXPECT_TRUE(lookups[0].arguments.find("ids")->takes_many());
	EXPECT_EQ(lookups[1].field, "accounts.nodes");
	EXPECT_TRUE(parse_lookups("[]").empty());
}

TEST(Lookups, RefusesEntriesThatAreNotAsDescribed)
{
	auto refused = [](std::string_view json)
	{
		Error err;

		EXPECT_FALSE(check_lookups(json, err)) << json;
		EXPECT_EQ(err.code, Code::invalid_option);
		return std::string(err.message);
	};

	EXPECT_EQ(refused("{}"), "option \"lookups\" is not a JSON array");
	EXPECT_EQ(refused("[1]"), "option \"lookups\" is not a list of objects");
	EXPECT_EQ(refused(R"([{"field": "a"}])"),
			  "option \"lookups\" has an entry without \"arguments\"");
	EXPECT_EQ(refused(R"([{"arguments": {}}])"),
			  "option \"lookups\" has an entry without \"field\"");
	EXPECT_EQ(refused(R"([{"field": "a", "arguments": {}, "type": "T"}])"),
			  "option \"lookups\" has an entry with an unknown member \"type\"");
	EXPECT_EQ(
		refused(R"([{"field": "a", "arguments": {}, "typename": ["T"]}])"),
		"option \"lookups\" has an entry whose \"typename\" is of the wrong type or given twice");
	EXPECT_EQ(refused(R"([{"field": "a", "arguments": {}, "typename": "T } x {"}])"),
			  "option \"lookups\" holds the \"typename\" \"T } x {\", which is not a GraphQL name");
	EXPECT_EQ(
		refused(R"([{"field": 1, "arguments": {}}])"),
		"option \"lookups\" has an entry whose \"field\" is of the wrong type or given twice");
	EXPECT_EQ(refused(R"([{"field": "a..b", "arguments": {}}])"),
			  "field \"a..b\" is not a path of GraphQL names");
}

}    // namespace gql::test
