// Are pages asked for so that no row is missed or comes twice, whatever the API makes of them?

#include "core/pager.hpp"

#include "pages_fixture.hpp"

namespace gql::test
{

namespace
{

constexpr std::string_view relay = R"({"style": "relay", "size": "first", "cursor": "after"})";
constexpr std::string_view offset = R"({"style": "offset", "size": "limit", "offset": "offset"})";
constexpr std::string_view numbered = R"({"style": "page", "size": "perPage", "page": "page"})";
constexpr std::string_view token =
	R"({"style": "token", "size": "limit", "cursor": "cursor", "next": "cursor"})";

// One scan or request, answer by answer.
class Course
{
public:
	explicit Course(const Options &options, uint32_t size = 3, uint64_t max_pages = 20,
					Method method = Method::single, size_t keys = 1, size_t access = 0,
					uint64_t enough = 0)
		: table_(make_table(options, {argument("id", "id", "Int"), column("name", "name")})),
		  query_(make_query(table_, method, {1},
							method == Method::single ? std::vector<int>() : std::vector<int>{0},
							access)),
		  pager_(*query_, keys, size, max_pages, enough)
	{
		query_->loose_order = enough > 0;
	}

	// The variables of the next request, "end" when there is none.
	std::string
	asks()
	{
		const PageRequest *page = pager_request(&pager_);

		if (page == nullptr)
		{
			return "end";
		}

		std::vector<std::string> texts;
		std::vector<std::string_view> values;

		for (size_t i = 0; i < page->count; i++)
		{
			texts.push_back(std::to_string(10 * page->keys[i]));
		}
		values.assign(texts.begin(), texts.end());

		std::string body = make_body(*query_, values.data(), page->count, page, nullptr);

		if (document_.empty())
		{
			document_ = query_->document;
		}
		return body.substr(body.find("\"variables\":") + 12,
						   body.size() - body.find("\"variables\":") - 13);
	}

	// Takes in an answer. Returns what is wrong with it, or "".
	std::string
	answer(const std::string &data, OnError on_error = OnError::error)
	{
		Answer text = make_answer("{\"data\":" + data + "}");
		Source source{text, "shop", "host", false};
		Reply reply(source, *query_, pager_.keys.size(), on_error, Lifetime::row);
		Error err;
		Row row;

		kept.clear();
		for (size_t slot = 0; slot < pager_.keys.size(); slot++)
		{
			kept.push_back(pager_keeps(&pager_, slot));
		}
		if (!pager_turn(&pager_, &reply, err))
		{
			EXPECT_EQ(err.code, Code::reply_incomplete) << err.message;
			return std::string(err.message) + ": " + err.detail;
		}
		rows = 0;
		while (reply_next(&reply, row, err))
		{
			rows++;
		}
		EXPECT_EQ(err.code, Code::none) << err.message;
		return {};
	}

	bool
	has_enough() const
	{
		return pager_has_enough(&pager_);
	}

	const std::string &
	document()
	{
		asks();
		return document_;
	}

	size_t rows = 0;
	std::vector<bool> kept;

private:
	TablePointer table_;
	QueryPointer query_;
	Pager pager_;
	std::string document_;
};

std::string
relay_page(size_t count, const std::string &more, const std::string &cursor)
{
	return "{\"accounts\":" + connection(count, more, cursor) + '}';
}

std::string
list_page(size_t count)
{
	return "{\"accounts\":" + rows_of(count) + '}';
}

bool
holds(const std::string &text, std::string_view part)
{
	EXPECT_NE(text.find(part), std::string::npos) << text;
	return text.find(part) != std::string::npos;
}

Options
paged(std::string_view pagination, std::string_view field = "accounts")
{
	return {field, {}, {}, pagination};
}

}    // namespace

TEST(Pager, RelayFollowsCursors)
{
	Course course(paged(relay, "accounts.nodes"));

	EXPECT_EQ(course.document(),
			  "query($first: Int!, $after: String) { accounts(first: $first, "
			  "after: $after) { pageInfo { endCursor hasNextPage } nodes { name } } }");
	EXPECT_EQ(course.asks(), R"({"first":3})");
	EXPECT_EQ(course.answer(relay_page(3, "true", R"("a\"b")")), "");
	EXPECT_EQ(course.rows, 3u);
	EXPECT_EQ(course.asks(), R"({"first":3,"after":"a\"b"})");
	// Fewer than asked for, or none at all: only the API knows where the end is.
	EXPECT_EQ(course.answer(relay_page(1, "true", "\"c\"")), "");
	EXPECT_EQ(course.asks(), R"({"first":3,"after":"c"})");
	EXPECT_EQ(course.answer(relay_page(0, "true", "\"d\"")), "");
	EXPECT_EQ(course.answer(relay_page(2, "false", "\"e\"")), "");
	EXPECT_EQ(course.asks(), "end");
}

TEST(Pager, PageInfoMayComeLast)
{
	Course course(paged(relay, "accounts.edges.node"));

	EXPECT_EQ(course.answer(R"({"accounts":{"edges":[{"node":{"name":"x"}},null,{"node":null}],
								"pageInfo":{"endCursor":"c","hasNextPage":true}}})"),
			  "");
	EXPECT_EQ(course.rows, 1u);
	EXPECT_EQ(course.asks(), R"({"first":3,"after":"c"})");
}

TEST(Pager, RelayThatDoesNotAdvance)
{
	{
		Course course(paged(relay, "accounts.nodes"));

		course.answer(relay_page(3, "true", "\"a\""));
		course.answer(relay_page(3, "true", "\"b\""));
		EXPECT_TRUE(
			holds(course.answer(relay_page(3, "true", "\"a\"")),
				  "\"account\" does not advance: Page 3 of field \"accounts.nodes\" ends in "
				  "the same cursor as an earlier page."));
	}
	for (const char *cursor : {"null", "\"\"", "{}", "[1]"})
	{
		Course course(paged(relay, "accounts.nodes"));

		EXPECT_TRUE(holds(course.answer(relay_page(3, "true", cursor)), "gives no cursor"));
	}
	for (const char *more : {"null", "1", "\"yes\""})
	{
		Course course(paged(relay, "accounts.nodes"));

		EXPECT_TRUE(holds(course.answer(relay_page(3, more, "\"a\"")),
						  "does not say by \"hasNextPage\" whether there are more rows"));
	}
	for (const char *data :
		 {R"({"accounts":{"nodes":[]}})", R"({"accounts":{"pageInfo":null,"nodes":[]}})",
		  R"({"accounts":{"pageInfo":{"endCursor":"a"},"nodes":[]}})"})
	{
		Course course(paged(relay, "accounts.nodes"));

		EXPECT_TRUE(holds(course.answer(data), "have no known end"));
	}

	Course endless(paged(relay, "accounts.nodes"), 3, 2);

	EXPECT_EQ(endless.answer(relay_page(0, "true", "\"a\"")), "");
	EXPECT_TRUE(holds(endless.answer(relay_page(0, "true", "\"b\"")), "has more than 2 pages"));
}

TEST(Pager, NullInsteadOfAPage)
{
	Course course(paged(relay, "accounts.nodes"));

	EXPECT_EQ(course.answer(R"({"accounts":null})"), "");
	EXPECT_EQ(course.asks(), "end");

	Course later(paged(relay, "accounts.nodes"));

	later.answer(relay_page(3, "true", "\"a\""));
	EXPECT_TRUE(holds(later.answer(R"({"accounts":null})"), "end in nothing"));
}

TEST(Pager, FailuresBehindTheFirstPage)
{
	const std::string failed =
		R"({"accounts":null},"errors":[{"message":"boom","path":["accounts"]}],"x":{})";
	Course course(paged(relay, "accounts.nodes"));

	// Without rows before it is for on_error to decide.
	EXPECT_EQ(course.answer(failed, OnError::keep), "");
	EXPECT_EQ(course.asks(), "end");

	Answer text = make_answer("{\"data\":" + failed + "}");
	auto table = make_table(paged(relay, "accounts.nodes"), {column("name", "name")});
	auto query = make_query(table, Method::single, {0});
	Pager pager(*query, 1, 3, 9);
	Error err;

	{
		Answer first = make_answer("{\"data\":" + relay_page(1, "true", "\"a\"") + "}");

		pager.turn(Reply({first, "shop", "host", false}, *query, 1, OnError::keep, Lifetime::row));
	}
	Reply reply({text, "shop", "host", false}, *query, 1, OnError::keep, Lifetime::row);

	EXPECT_FALSE(pager_turn(&pager, &reply, err));
	EXPECT_EQ(err.code, Code::remote_error);
}

TEST(Pager, OffsetsAdvanceByWhatCame)
{
	Course course(paged(offset));

	EXPECT_EQ(course.document(), "query($limit: Int!, $offset: Int!) { accounts(limit: $limit, "
								 "offset: $offset) { name } }");
	EXPECT_EQ(course.asks(), R"({"limit":3,"offset":0})");
	course.answer(list_page(2));
	EXPECT_EQ(course.asks(), R"({"limit":3,"offset":2})");
	// What is null has its place in the list, too.
	course.answer(R"({"accounts":[null,{"name":"x"}]})");
	EXPECT_EQ(course.rows, 1u);
	EXPECT_EQ(course.asks(), R"({"limit":3,"offset":4})");
	course.answer(list_page(0));
	EXPECT_EQ(course.asks(), "end");
}

TEST(Pager, OffsetsWithAnEndThatIsSaid)
{
	Course course(
		paged(R"({"style": "offset", "size": "limit", "offset": "offset", "more": "more"})",
			  "accounts.items"));

	EXPECT_EQ(course.document(), "query($limit: Int!, $offset: Int!) { accounts(limit: $limit, "
								 "offset: $offset) { more items { name } } }");
	course.answer(R"({"accounts":{"more":true,"items":)" + rows_of(3) + "}}");
	EXPECT_EQ(course.asks(), R"({"limit":3,"offset":3})");
	EXPECT_TRUE(holds(course.answer(R"({"accounts":{"more":true,"items":[]}})"),
					  "is empty, but says that there are more rows"));
}

TEST(Pager, RowsInsideTheElementsOfAPage)
{
	Course course(
		paged(R"_({"style": "offset", "offset": "accounts(offset)"})_", "accounts.orders"));

	course.answer(R"({"accounts":[{"orders":[{"name":"x"},{"name":"y"}]},{"orders":[]}]})");
	EXPECT_EQ(course.rows, 2u);
	EXPECT_EQ(course.asks(), R"({"offset":2})");
}

TEST(Pager, NumberedPages)
{
	Course course(paged(numbered));

	EXPECT_EQ(course.asks(), R"({"perPage":3,"page":1})");
	course.answer(list_page(3));
	EXPECT_EQ(course.asks(), R"({"perPage":3,"page":2})");
	course.answer(list_page(2));
	EXPECT_EQ(course.asks(), R"({"perPage":3,"page":3})");
	course.answer(list_page(0));
	EXPECT_EQ(course.asks(), "end");
}

TEST(Pager, NumberedPagesOfTheAPIsOwnSize)
{
	Course course(paged(R"({"style": "page", "page": "page", "base": 0, "next": "info.next"})",
						"accounts.results"));

	EXPECT_EQ(course.document(),
			  "query($page: Int!) { accounts(page: $page) { info { next } results { name } } }");
	EXPECT_EQ(course.asks(), R"({"page":0})");
	course.answer(R"({"accounts":{"info":{"next":1},"results":)" + rows_of(20) + "}}");
	EXPECT_EQ(course.asks(), R"({"page":1})");
	course.answer(R"({"accounts":{"info":{"next":null},"results":)" + rows_of(2) + "}}");
	EXPECT_EQ(course.asks(), "end");
}

TEST(Pager, ASilentCapOnNumberedPages)
{
	Course course(paged(numbered), 100);

	course.answer(list_page(20));
	// All rows, or a cap? Nothing behind the first 20 rows would mean all.
	EXPECT_EQ(course.asks(), R"({"perPage":20,"page":2})");
	EXPECT_EQ(course.answer(list_page(20)), "");
	EXPECT_EQ(course.kept, std::vector<bool>{false});
	// The same rows again as a page of 20: then 20 is what the API counts in.
	EXPECT_EQ(course.asks(), R"({"perPage":20,"page":1})");
	EXPECT_EQ(course.answer(list_page(20)), "");
	EXPECT_EQ(course.kept, std::vector<bool>{false});
	EXPECT_EQ(course.asks(), R"({"perPage":20,"page":2})");
	EXPECT_EQ(course.answer(list_page(20)), "");
	EXPECT_EQ(course.kept, std::vector<bool>{true});
	EXPECT_EQ(course.asks(), R"({"perPage":20,"page":3})");

	Course small(paged(numbered), 100);

	small.answer(list_page(20));
	small.answer(list_page(0));
	EXPECT_EQ(small.asks(), "end");
}

TEST(Pager, NumberedPagesThatCannotBePutTogether)
{
	const std::string_view told =
		R"({"style": "page", "size": "perPage", "page": "page", "more": "more"})";
	auto page = [](size_t rows, const char *more) {
		return std::string(R"({"accounts":{"more":)") + more + R"(,"items":)" + rows_of(rows) +
			   "}}";
	};

	{
		Course hides_rows(paged(told, "accounts.items"), 5);

		hides_rows.answer(page(4, "true"));
		EXPECT_EQ(hides_rows.asks(), R"({"perPage":4,"page":1})");
		EXPECT_TRUE(holds(hides_rows.answer(page(3, "true")), "are not of the size asked for"));
	}
	{
		Course shrinks(paged(told, "accounts.items"), 5);

		shrinks.answer(page(5, "true"));
		EXPECT_TRUE(holds(shrinks.answer(page(4, "true")), "has 4 rows where 5 were asked for"));
	}
	{
		Course goes_on(paged(numbered), 5);

		goes_on.answer(list_page(5));
		goes_on.answer(list_page(4));
		EXPECT_TRUE(holds(goes_on.answer(list_page(1)), "are not of the size asked for"));
	}
	{
		Course takes_no_size(paged(numbered), 5);

		EXPECT_TRUE(holds(takes_no_size.answer(list_page(50)), "are not of the size asked for"));
	}
	{
		Course empty(paged(told, "accounts.items"), 5);

		EXPECT_TRUE(holds(empty.answer(page(0, "true")), "are not of the size asked for"));
	}
}

TEST(Pager, Tokens)
{
	Course course(paged(token, "accounts.items"));

	EXPECT_EQ(course.document(), "query($limit: Int!, $cursor: String) { accounts(limit: $limit, "
								 "cursor: $cursor) { cursor items { name } } }");
	course.answer(R"({"accounts":{"cursor":17,"items":[]}})");
	EXPECT_EQ(course.asks(), R"({"limit":3,"cursor":17})");
	course.answer(R"({"accounts":{"cursor":"","items":[]}})");
	EXPECT_EQ(course.asks(), "end");

	Course silent(paged(token, "accounts.items"));

	EXPECT_TRUE(holds(silent.answer(R"({"accounts":{"items":[]}})"), "have no known end"));
}

TEST(Pager, InfoOnTheWayToTheRows)
{
	Course course(paged(R"({"style": "token", "cursor": "cursor", "next": "data.page.cursor"})",
						"accounts.data.items"));

	EXPECT_EQ(course.document(),
			  "query($cursor: String) { accounts(cursor: $cursor) { data { page { "
			  "cursor } } data { items { name } } } }");
	course.answer(R"({"accounts":{"data":{"items":[{"name":"x"}],"page":{"cursor":"c"}}}})");
	EXPECT_EQ(course.rows, 1u);
	EXPECT_EQ(course.asks(), R"({"cursor":"c"})");
}

TEST(Pager, PagesInsideAList)
{
	const Options options = paged(relay, "owners.accounts.nodes");
	auto data = [](const char *more)
	{
		return R"({"owners":[{"accounts":)" + connection(1, "false", "\"a\"") +
			   R"(},{"accounts":)" + connection(1, more, "\"b\"") + "}]}";
	};
	Course complete(options);
	Course more(options);

	EXPECT_EQ(complete.answer(data("false")), "");
	EXPECT_EQ(complete.rows, 2u);
	EXPECT_EQ(complete.asks(), "end");
	EXPECT_TRUE(holds(more.answer(data("true")), "come in pages inside a list"));
}

// Whatever the last of them says.
TEST(Pager, AListOfPages)
{
	auto list = [](const char *first, const char *second)
	{
		return R"({"accounts":[)" + connection(1, first, "\"a\"") + ',' +
			   connection(1, second, "\"b\"") + ",null]}";
	};
	Course complete(paged(relay, "accounts.nodes"));
	Course more(paged(relay, "accounts.nodes"));
	Course none(paged(relay, "accounts.nodes"));

	EXPECT_EQ(complete.answer(list("false", "false")), "");
	EXPECT_EQ(complete.rows, 2u);
	EXPECT_EQ(complete.asks(), "end");
	EXPECT_TRUE(holds(more.answer(list("true", "false")), "come in pages inside a list"));
	EXPECT_EQ(none.answer(R"({"accounts":[]})"), "");
	EXPECT_EQ(none.asks(), "end");
}

TEST(Pager, InfoThatComesTwice)
{
	Course course(paged(relay, "accounts.nodes"));

	EXPECT_THROW(course.answer(R"({"accounts":{"nodes":[],"pageInfo":{"hasNextPage":true},)"
							   R"("pageInfo":{"hasNextPage":false}}})"),
				 Failure);
}

TEST(Pager, AliasesGoOnKeyByKey)
{
	Course course(paged(relay, "accounts.nodes"), 3, 20, Method::alias, 3);

	EXPECT_EQ(course.asks(), R"({"k0":0,"size":3,"k1":10,"k2":20})");
	EXPECT_TRUE(holds(course.document(),
					  "query($k0: Int!, $size: Int!, $k0_2: String, $k1: Int!, $k1_2: String, "));
	EXPECT_TRUE(holds(course.document(), "a1: accounts(id: $k1, first: $size, after: $k1_2) {"));
	EXPECT_EQ(course.answer("{\"a0\":" + connection(3, "true", "\"x\"") +
							",\"a1\":" + connection(1, "false", "null") +
							",\"a2\":" + connection(3, "true", "\"x\"") + '}'),
			  "");
	EXPECT_EQ(course.asks(), R"({"k0":0,"size":3,"k0_2":"x","k1":20,"k1_2":"x"})");
	EXPECT_EQ(course.answer("{\"a0\":" + connection(3, "false", "null") +
							",\"a1\":" + connection(1, "true", "\"y\"") + '}'),
			  "");
	EXPECT_EQ(course.asks(), R"({"k0":20,"size":3,"k0_2":"y"})");
}

TEST(Pager, AliasesOfNumberedPagesHaveSizesOfTheirOwn)
{
	Course course(paged(numbered), 5, 20, Method::alias, 2);

	EXPECT_EQ(course.asks(), R"({"k0":0,"k0_1":5,"k0_2":1,"k1":10,"k1_1":5,"k1_2":1})");
	EXPECT_EQ(course.answer("{\"a0\":" + rows_of(2) + ",\"a1\":" + rows_of(3) + '}'), "");
	EXPECT_EQ(course.asks(), R"({"k0":0,"k0_1":2,"k0_2":2,"k1":10,"k1_1":3,"k1_2":2})");
	EXPECT_EQ(course.answer("{\"a0\":[],\"a1\":" + rows_of(1) + '}'), "");
	EXPECT_EQ(course.kept, (std::vector<bool>{false, false}));
	EXPECT_EQ(course.asks(), R"({"k0":10,"k0_1":3,"k0_2":1})");
}

TEST(Pager, KeysWithEnoughRowsAreLeftAlone)
{
	Course course(paged(offset), 3, 20, Method::alias, 3, 0, 3);

	EXPECT_FALSE(course.has_enough());
	EXPECT_EQ(course.answer("{\"a0\":" + rows_of(3) + ",\"a1\":" + rows_of(1) +
							",\"a2\":" + rows_of(3) + '}'),
			  "");
	EXPECT_FALSE(course.has_enough());
	EXPECT_EQ(course.asks(), R"({"k0":10,"size":3,"k0_2":1})");
	EXPECT_EQ(course.answer("{\"a0\":[]}"), "");
	EXPECT_TRUE(course.has_enough());
	EXPECT_EQ(course.asks(), R"({"k0":0,"size":3,"k0_2":3,"k1":20,"k1_2":3})");
	EXPECT_TRUE(holds(course.answer("{\"a0\":" + rows_of(1) + ",\"a1\":[]}"),
					  "are smaller than asked for"));
}

TEST(Pager, ListsGoOnWithAllKeys)
{
	Course course({"account",
				   {},
				   R"([{"field": "accounts.nodes", "arguments": {"ids": ["$id"]},
					   "pagination": {"style": "relay", "size": "first", "cursor": "after"}}])"},
				  3, 20, Method::list, 2);

	EXPECT_EQ(course.asks(), R"({"ids":[0],"first":3})");
	course.answer(relay_page(3, "true", "\"x\""));
	EXPECT_EQ(course.asks(), R"({"ids":[0],"first":3,"after":"x"})");
}

}    // namespace gql::test
