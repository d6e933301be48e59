// Are the pages of lists inside the objects of a list of keys gone on with, key by key?

#include "core/pager.hpp"

#include "fixture.hpp"

namespace gql::test
{

namespace
{

constexpr std::string_view relay = R"({"style": "relay", "size": "first", "cursor": "after"})";
constexpr std::string_view offset = R"({"style": "offset", "size": "limit", "offset": "offset"})";
constexpr std::string_view lookups =
	R"~([{"field": "accounts.orders.nodes", "arguments": {"accounts(ids)": ["$account"]}}])~";
constexpr std::string_view list_lookups =
	R"~([{"field": "accounts.orders", "arguments": {"accounts(ids)": ["$account"]}}])~";

// A look-up of keys 0, 10, 20 ..., answer by answer, as src/pg reads it.
class Course
{
public:
	explicit Course(size_t keys, std::string_view pagination = relay,
					std::string_view all = lookups, bool loose = false)
		: table_(make_table(
			  {all == lookups ? "account.orders.nodes" : "account.orders", {}, all, pagination},
			  {argument("account", "account(id)", "Int"), column("name", "name")})),
		  list_(make_query(table_, Method::list, {0}, {0})),
		  single_(make_query(table_, Method::alias, {0}, {0})), keys_(keys)
	{
		list_->loose_order = loose;
		pager_ = std::make_unique<Pager>(*list_, keys, 2, 20);
	}

	// The next request, "end" when there is none.
	std::string
	asks()
	{
		const PageRequest *page = pager_request(pager_.get());
		std::vector<std::string> texts;

		if (page == nullptr)
		{
			return "end";
		}
		for (size_t i = 0; i < page->count; i++)
		{
			texts.push_back(std::to_string(10 * page->keys[i]));
		}

		const std::vector<std::string_view> values(texts.begin(), texts.end());
		const std::string body = make_body(query(), values.data(), page->count, page, nullptr);

		return body.substr(body.find("\"variables\":") + 12);
	}

	// Takes in an answer whose rows say whose they are. What is wrong with it, or "".
	std::string
	answer(const std::string &data)
	{
		Answer text = make_answer("{\"data\":" + data + "}");
		Source source{text, "shop", "host", false};
		Reply reply(source, query(), by_key() ? pager_->keys.size() : keys_, OnError::error,
					Lifetime::reply);
		Error err;
		Row row;

		while (reply_next(&reply, row, err))
		{
			const size_t key = static_cast<size_t>(std::stoi(std::string(row.values[0].text))) / 10;

			if (!by_key() &&
				!pager_place(pager_.get(), row.page, key < keys_ ? key : pager_no_key, err))
			{
				break;
			}
		}
		if (err.code == Code::none)
		{
			pager_turn(pager_.get(), &reply, err);
		}
		return err.code == Code::none ? std::string()
									  : std::string(err.message) + ": " + err.detail;
	}

	bool
	by_key() const
	{
		return pager_by_key(pager_.get());
	}

	uint64_t
	received() const
	{
		return pager_received(pager_.get());
	}

private:
	Query &
	query()
	{
		return by_key() ? *single_ : *list_;
	}

	TablePointer table_;
	QueryPointer list_;
	QueryPointer single_;
	size_t keys_;
	std::unique_ptr<Pager> pager_;
};

// [{"account":10},...]
std::string
rows_of(int key, int count)
{
	std::string list = "[";

	for (int i = 0; i < count; i++)
	{
		list += (i == 0 ? "{\"account\":" : ",{\"account\":") + std::to_string(key) + '}';
	}
	return list + ']';
}

// {"orders":{...}}, with more rows where there is a cursor.
std::string
page(int key, int count, const std::string &cursor = {})
{
	return R"({"orders":{"pageInfo":{"hasNextPage":)" +
		   std::string(cursor.empty() ? "false" : "true") + R"(,"endCursor":")" + cursor +
		   R"("},"nodes":)" + rows_of(key, count) + "}}";
}

std::string
list_of(const std::vector<std::string> &pages)
{
	std::string list;

	for (const std::string &one : pages)
	{
		list += (list.empty() ? "" : ",") + one;
	}
	return "{\"accounts\":[" + list + "]}";
}

}    // namespace

TEST(NestedPages, GoOnKeyByKey)
{
	Course course(4);

	EXPECT_FALSE(course.by_key());
	EXPECT_EQ(course.asks(), R"({"ids":[0,10,20,30],"first":2}})");
	// In another order; of key 20 there is none.
	EXPECT_EQ(course.answer(list_of({page(30, 2, "c"), page(0, 2, "a"), "null", page(10, 1)})), "");
	EXPECT_TRUE(course.by_key());
	EXPECT_EQ(course.asks(), R"({"k0":0,"size":2,"k0_2":"a","k1":30,"k1_2":"c"}})");
	EXPECT_EQ(course.answer("{\"a0\":[" + page(0, 2, "b") + "],\"a1\":[" + page(30, 1) + "]}"), "");
	EXPECT_EQ(course.asks(), R"({"k0":0,"size":2,"k0_2":"b"}})");
	EXPECT_EQ(course.answer("{\"a0\":[" + page(0, 0) + "]}"), "");
	EXPECT_EQ(course.asks(), "end");
	EXPECT_EQ(course.received(), 8);
}

TEST(NestedPages, OfOneKeyAreThoseOfAnyList)
{
	Course course(1);

	EXPECT_EQ(course.answer(list_of({page(0, 2, "a")})), "");
	EXPECT_FALSE(course.by_key());
	EXPECT_EQ(course.asks(), R"({"ids":[0],"first":2,"after":"a"}})");
	EXPECT_EQ(course.answer(list_of({page(0, 1)})), "");
	EXPECT_EQ(course.asks(), "end");
}

TEST(NestedPages, FoundByCountingEndWithAnEmptyOne)
{
	Course course(2, offset, list_lookups);

	EXPECT_EQ(course.asks(), R"({"ids":[0,10],"limit":2,"offset":0}})");
	EXPECT_EQ(course.answer(list_of({"{\"orders\":[]}", "{\"orders\":" + rows_of(0, 1) + '}'})),
			  "");
	EXPECT_EQ(course.asks(), R"({"k0":0,"size":2,"k0_2":1}})");
	EXPECT_EQ(course.answer(R"({"a0":[{"orders":[]}]})"), "");
	EXPECT_EQ(course.asks(), "end");
}

TEST(NestedPages, OfStrangersAreNobodysBusiness)
{
	Course course(2);

	EXPECT_EQ(course.answer(list_of({page(900, 2, "x"), page(10, 2)})), "");
	EXPECT_EQ(course.asks(), "end");
}

TEST(NestedPages, AreNeverCut)
{
	Course unknown(2);

	EXPECT_EQ(unknown.answer(list_of({page(0, 2), page(10, 0, "a")})),
			  "pages of foreign table \"account\" do not advance: A page of field "
			  "\"accounts.orders.nodes\" is empty, but says that there are more rows: there is no "
			  "telling of which key.");

	Course twice(2);

	EXPECT_EQ(
		twice.answer(list_of({page(0, 2, "a"), page(0, 2, "b")})),
		"rows of foreign table \"account\" come in pages inside a list: Field "
		"\"accounts.orders.nodes\" reaches its pages through a list with 2 elements: there is no "
		"way to go on in each of them.");

	Course mixed(2);
	const std::string both = R"({"orders":{"pageInfo":{"hasNextPage":false,"endCursor":null},
		"nodes":[{"account":0},{"account":10}]}})";

	EXPECT_EQ(mixed.answer(list_of({both})),
			  "pages of foreign table \"account\" hold rows of several keys: Field "
			  "\"accounts.orders.nodes\" was expected to have pages for every key of its own.");

	Course stuck(2);

	EXPECT_EQ(stuck.answer(list_of({page(0, 2, "a"), page(10, 2)})), "");
	EXPECT_EQ(stuck.answer("{\"a0\":[" + page(0, 2, "a") + "]}"),
			  "pagination of foreign table \"account\" does not advance: Page 2 of field "
			  "\"accounts.orders.nodes\" ends in the same cursor as an earlier page.");
}

TEST(NestedPages, MayNotFollowOneAnotherInALooseOrder)
{
	Course course(2, offset, list_lookups, true);

	EXPECT_EQ(course.answer(list_of(
				  {"{\"orders\":" + rows_of(0, 2) + '}', "{\"orders\":" + rows_of(10, 2) + '}'})),
			  "");
	EXPECT_EQ(
		course.answer("{\"a0\":[{\"orders\":" + rows_of(0, 1) + "}],\"a1\":[{\"orders\":[]}]}"),
		"pages of foreign table \"account\" are smaller than asked for: Rows that its order "
		"takes for equal may change places between two pages.");
}

}    // namespace gql::test
