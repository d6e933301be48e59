// Which values of the option `pagination` are understood, and where do its arguments go?

#include "core/pagination.hpp"

#include "fixture.hpp"

namespace gql::test
{

namespace
{

std::string
problem_with(std::string_view json)
{
	Error err;

	EXPECT_FALSE(check_pagination(json, err)) << json;
	EXPECT_EQ(err.code, Code::invalid_option);
	return err.message;
}

std::string
problem_with_table(const Options &options)
{
	Error err;

	EXPECT_EQ(try_table(options, {column("id", "id")}, err), nullptr);
	return err.message;
}

constexpr std::string_view relay = R"({"style": "relay", "size": "first", "cursor": "after"})";

}    // namespace

TEST(Pagination, Reads)
{
	Pagination pages = parse_pagination(
		R"({"style": "page", "size": "page.size", "page": "page.number", "base": 0, "max": 250,
			"next": "info.next", "more": "info.more"})");

	EXPECT_EQ(pages.style, PageStyle::page);
	EXPECT_EQ(pages.size, "page.size");
	EXPECT_EQ(pages.position, "page.number");
	EXPECT_EQ(pages.base, 0u);
	EXPECT_EQ(pages.max, 250u);
	EXPECT_EQ(page_info_text(pages), "info { next more }");
	EXPECT_EQ(page_info_text(parse_pagination(relay)), "pageInfo { endCursor hasNextPage }");
	EXPECT_EQ(page_info_text(parse_pagination(
				  R"({"style": "token", "cursor": "c", "next": "next", "more": "info.more"})")),
			  "next info { more }");
}

TEST(Pagination, Refuses)
{
	EXPECT_EQ(problem_with("[]"), "option \"pagination\" is not a JSON object");
	EXPECT_EQ(problem_with("{}"), "option \"pagination\" has no \"style\" that is known");
	EXPECT_EQ(problem_with(R"({"style": "keyset"})"),
			  "option \"pagination\" has no \"style\" that is known");
	EXPECT_EQ(problem_with(R"({"style": "relay"})"),
			  "option \"pagination\" has no member \"cursor\"");
	EXPECT_EQ(problem_with(R"({"style": "offset", "size": "limit"})"),
			  "option \"pagination\" has no member \"offset\"");
	EXPECT_EQ(problem_with(R"({"style": "token", "cursor": "c"})"),
			  "option \"pagination\" has no member \"next\"");
	EXPECT_EQ(problem_with(R"({"style": "offset", "offset": "skip", "next": "x"})"),
			  "option \"pagination\" has a member \"next\" that style \"offset\" does not know");
	EXPECT_EQ(problem_with(R"({"style": "relay", "cursor": "after", "base": 1})"),
			  "option \"pagination\" has a member \"base\" that style \"relay\" does not know");
	EXPECT_EQ(problem_with(R"({"style": "relay", "cursor": 1})"),
			  "option \"pagination\" has a member \"cursor\" that is not a string");
	EXPECT_EQ(problem_with(R"({"style": "relay", "cursor": "after", "more": "a..b"})"),
			  "option \"pagination\" has a member \"more\" that is not a path of GraphQL names");
	for (const char *max : {"0", "-1", "1.5", "\"5\"", "99999999999"})
	{
		EXPECT_EQ(
			problem_with(std::string(R"({"style": "relay", "cursor": "after", "max": )") + max +
						 '}'),
			"option \"pagination\" has a member \"max\" that is not a whole number of at least 1");
	}

	Error err;

	EXPECT_FALSE(check_lookups(
		R"([{"field": "a", "arguments": {"ids": ["$id"]}, "pagination": {"style": "relay"}}])",
		err));
	EXPECT_STREQ(err.message, "option \"lookups\" has no member \"cursor\"");
}

TEST(Pagination, DoesNotFitTheField)
{
	EXPECT_EQ(
		problem_with_table({"accounts", {}, {}, relay}),
		"option \"pagination\" of foreign table \"account\" reads \"endCursor\" of pages inside "
		"the rows of field \"accounts\": it must stand beside them");
	EXPECT_EQ(problem_with_table({"accounts.nodes", R"({"first": 5})", {}, relay}),
			  "argument \"first\" of foreign table \"account\" is given twice");
	EXPECT_EQ(
		problem_with_table(
			{"a.b", {}, {}, R"_({"style": "offset", "size": "a(first)", "offset": "skip"})_"}),
		"option \"pagination\" of foreign table \"account\" has pages whose size and position "
		"are arguments of different fields");
}

TEST(Pagination, ArgumentsInsideInputObjects)
{
	auto table = make_table({"accounts",
							 R"({"pagination.sort": "id"})",
							 {},
							 R"({"style": "page", "size": "pagination.pageSize",
								 "page": "pagination.page"})"},
							{column("id", "id")});
	Schema schema = make_schema(introspected_root(introspected_field(
		"accounts", introspected_input("pagination", "Paging", "INPUT_OBJECT"), "[Account]")));

	EXPECT_EQ(make_document(*make_query(table, Method::single, {0}), 1, nullptr),
			  "query($pageSize: Int!, $page: Int!) { accounts(pagination: {sort: \"id\", pageSize: "
			  "$pageSize, page: $page}) { id } }");
	// Types are asked for, so that numbers go into variables of the type the API wants.
	EXPECT_NE(make_question(*make_query(table, Method::single, {0}), schema).find("Paging"),
			  std::string::npos);
}

TEST(Pagination, TypesFromTheSchema)
{
	auto table = make_table({"accounts.nodes", {}, {}, relay}, {column("id", "id")});
	Schema schema = make_schema(introspected_root(introspected_field(
		"accounts",
		introspected_input("first", "PositiveInt") + "," + introspected_input("after", "Cursor"),
		"AccountConnection")));

	EXPECT_EQ(
		make_document(*make_query(table, Method::single, {0}), 1, &schema),
		"query($first: PositiveInt!, $after: Cursor) { accounts(first: $first, after: $after) { "
		"pageInfo { endCursor hasNextPage } nodes { id } } }");
}

TEST(Pagination, LookupsThroughThePagedField)
{
	auto table = make_table({"accounts.nodes",
							 {},
							 R"([{"field": "accounts.edges.node", "arguments": {"ids": ["$id"]}},
								 {"field": "accountsByIds", "arguments": {"ids": ["$id"]}},
								 {"field": "found.items", "arguments": {"ids": ["$id"]}, "pagination":
									{"style": "offset", "size": "limit", "offset": "skip"}}])",
							 relay},
							{argument("id", "id", "Int")});

	EXPECT_EQ(table_access(table.get(), 0)->pages->style, "relay");
	EXPECT_EQ(table_access(table.get(), 0)->pages->size_argument, "first");
	EXPECT_EQ(table_access(table.get(), 1)->pages, nullptr);
	EXPECT_EQ(table_access(table.get(), 2)->pages->style, "offset");
	EXPECT_EQ(table_access(table.get(), 3)->pages->style, "relay");
	EXPECT_EQ(
		make_document(*make_query(table, Method::list, {0}, {0}, 0), 1, nullptr),
		"query($ids: [Int!]!, $first: Int!, $after: String) { accounts(ids: $ids, first: "
		"$first, after: $after) { pageInfo { endCursor hasNextPage } edges { node { id } } } }");
}

}    // namespace gql::test
