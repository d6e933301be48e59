// Are lists that come in pages inside their objects gone on with where the first page ended?

#include "core/pager.hpp"

#include "join_fixture.hpp"
#include "pages_fixture.hpp"

namespace gql::test
{

namespace
{

constexpr std::string_view relay = R"({"style": "relay", "size": "first", "cursor": "after"})";
constexpr std::string_view offset = R"({"style": "offset", "size": "limit", "offset": "offset"})";
constexpr std::string_view numbered = R"({"style": "page", "size": "perPage", "page": "page"})";

ColumnSpec
above(std::string_view path)
{
	ColumnSpec spec = argument("account", "account(id)", "Int!");

	spec.path = path;
	return spec;
}

TablePointer
join(std::string_view field, std::string_view pagination, std::string_view key)
{
	TablePointer parents = make_table(
		{"accounts.nodes", {}, R"([{"field": "account", "arguments": {"id": "$id"}}])", relay},
		{column("id", "id")});
	TablePointer children =
		make_table({field, {}, {}, pagination}, {above(key), column("name", "name")});
	return make_join(parents, children, false);
}

// A scan of accounts with their orders, three of each list, and what goes on with them.
class Course
{
public:
	explicit Course(std::string_view pagination = relay,
					std::string_view field = "account.orders.nodes",
					std::string_view key = "....id")
		: table_(join(field, pagination, key)), scan_(make_query(table_, {1, 2}, 1)),
		  rest_(make_query(table_, {1, 2}, 0))
	{
	}

	// Takes in an answer to the scan: "1 2 2 (3)" for rows of accounts 1 and 2 and none of 3. What
	// is wrong with it begins with "!".
	std::string
	scan(const std::string &accounts)
	{
		Answer text = make_answer(R"({"data":{"accounts":{"pageInfo":{"hasNextPage":false,)"
								  R"("endCursor":null},"nodes":[)" +
								  accounts + "]}}}");
		Source source{text, "shop", "host", false};
		Error err;
		std::string rows;

		guarded(err,
				[&]
				{
					reply_ =
						std::make_unique<Reply>(source, *scan_, 1, OnError::error, Lifetime::row);
					return true;
				});

		Row row;

		while (err.code == Code::none && reply_next(reply_.get(), row, err))
		{
			const std::string id(row.values[1].text);

			rows.append(rows.empty() ? "" : " ").append(row.rowless ? '(' + id + ')' : id);
			note(row, id, err);
		}
		return err.code == Code::none ? rows : '!' + std::string(err.message) + ": " + err.detail;
	}

	// The variables that go on with all lists, "end" where there are none.
	std::string
	asks()
	{
		std::vector<const PageStart *> starts;
		std::vector<std::string_view> values;
		Error err;

		for (const PageStart &start : starts_)
		{
			starts.push_back(&start);
		}
		if (pager_ == nullptr)
		{
			pager_.reset(pager_open_at(rest_.get(), starts.data(), starts.size(), 20, err));
		}

		const PageRequest *page = pager_request(pager_.get());

		if (page == nullptr)
		{
			return "end";
		}
		for (size_t i = 0; i < page->count; i++)
		{
			values.push_back(ids_[page->keys[i]]);
		}

		const std::string body = make_body(*rest_, values.data(), page->count, page, nullptr);

		return body.substr(body.find("\"variables\":") + 12,
						   body.size() - body.find("\"variables\":") - 13);
	}

	// Takes in an answer to that. What is wrong with it, or "".
	std::string
	answer(const std::string &data)
	{
		Answer text = make_answer("{\"data\":" + data + "}");
		Source source{text, "shop", "host", false};
		Reply reply(source, *rest_, pager_->keys.size(), OnError::error, Lifetime::row);
		Error err;

		pager_turn(pager_.get(), &reply, err);
		return err.code == Code::none ? std::string()
									  : std::string(err.message) + ": " + err.detail;
	}

private:
	static QueryPointer
	make_query(const TablePointer &table, const std::vector<int> &selected, size_t access)
	{
		const int key = 2;
		QuerySpec spec;
		Error err;

		spec.access = access;
		spec.method = access == 0 ? Method::alias : Method::single;
		spec.selected = selected.data();
		spec.selected_count = selected.size();
		spec.bound = &key;
		spec.bound_count = access == 0 ? 1 : 0;
		spec.parents = table_levels(table.get(), 2);

		QueryPointer query(query_open(table.get(), spec, err), &query_close);

		EXPECT_EQ(err.code, Code::none) << err.message;
		return query;
	}

	void
	note(const Row &row, const std::string &id, Error &err)
	{
		PageStart start;

		if (row.page != no_page && row.page != list_ &&
			list_goes_on(rest_.get(), reply_.get(), row.page, 3, 20, start, err))
		{
			starts_.push_back(start);
			ids_.push_back(id);
		}
		list_ = row.page;
	}

	TablePointer table_;
	QueryPointer scan_;
	QueryPointer rest_;
	std::unique_ptr<Reply> reply_;
	uint32_t list_ = no_page;
	std::vector<PageStart> starts_;
	std::vector<std::string> ids_;
	std::unique_ptr<Pager> pager_;
};

std::string
account(int id, const std::string &orders)
{
	return R"({"id":)" + std::to_string(id) + R"(,"orders":)" + orders + '}';
}

}    // namespace

TEST(JoinLists, GoOnWhereTheyEnded)
{
	Course course;

	EXPECT_EQ(course.scan(account(1, connection(3, "true", R"("c3")")) + ',' +
						  account(2, connection(2, "false", R"("d2")")) + ',' +
						  account(3, connection(3, "true", R"("e3")"))),
			  "1 1 1 2 2 3 3 3");
	EXPECT_EQ(course.asks(), R"({"k0":1,"size":3,"k0_2":"c3","k1":3,"k1_2":"e3"})");
	EXPECT_EQ(course.answer(R"({"a0":)" + account(1, connection(1, "false", R"("c4")")) +
							R"(,"a1":)" + account(3, connection(3, "true", R"("e6")")) + '}'),
			  "");
	EXPECT_EQ(course.asks(), R"({"k0":3,"size":3,"k0_2":"e6"})");
	EXPECT_EQ(course.answer(R"({"a0":)" + account(3, connection(0, "false", "null")) + '}'), "");
	EXPECT_EQ(course.asks(), "end");
}

// Pages may be empty before the last one, and lists null.
TEST(JoinLists, EmptyOnes)
{
	Course course;

	EXPECT_EQ(course.scan(account(1, connection(0, "false", "null")) + ',' +
						  account(2, connection(0, "true", R"("c0")")) + ',' + account(3, "null") +
						  ',' + account(4, connection(1, "false", "null"))),
			  "(1) (2) (3) 4");
	EXPECT_EQ(course.asks(), R"({"k0":2,"size":3,"k0_2":"c0"})");
}

TEST(JoinLists, ThatDoNotAdvance)
{
	const std::string stuck =
		"!pagination of foreign table \"account\" does not advance: Page 1 of field "
		"\"account.orders.nodes\" says that there are more rows, but gives no cursor "
		"to go on from.";

	EXPECT_EQ(Course().scan(account(1, connection(3, "true", "null"))), stuck);
	EXPECT_NE(Course().scan(account(1, R"({"nodes":[]})")).find("have no known end"),
			  std::string::npos);

	// The cursor that the first page ended in counts as one that was met.
	Course course;

	EXPECT_EQ(course.scan(account(1, connection(3, "true", R"("c3")"))), "1 1 1");
	course.asks();
	EXPECT_NE(course.answer(R"({"a0":)" + account(1, connection(3, "true", R"("c3")")) + '}')
				  .find("ends in the same cursor as an earlier page"),
			  std::string::npos);
}

// An object that is not found any more would leave its list cut.
TEST(JoinLists, WhoseObjectIsGone)
{
	Course course;

	EXPECT_EQ(course.scan(account(1, connection(3, "true", R"("c3")"))), "1 1 1");
	course.asks();
	EXPECT_NE(course.answer(R"({"a0":null})").find("is null, although there was one before it"),
			  std::string::npos);
}

TEST(JoinLists, ThatAreCounted)
{
	Course course(offset, "account.orders", "..id");

	EXPECT_EQ(course.scan(account(1, rows_of(3)) + ',' + account(2, rows_of(2)) + ',' +
						  account(3, rows_of(0))),
			  "1 1 1 2 2 (3)");
	EXPECT_EQ(course.asks(), R"({"k0":1,"size":3,"k0_2":3,"k1":2,"k1_2":2})");
	EXPECT_EQ(course.answer(R"({"a0":)" + account(1, rows_of(1)) + R"(,"a1":)" +
							account(2, rows_of(0)) + '}'),
			  "");
	EXPECT_EQ(course.asks(), R"({"k0":1,"size":3,"k0_2":4})");
}

// Fewer rows than asked for: is there more, and are pages of that size kept to?
TEST(JoinLists, OfNumberedPages)
{
	Course course(numbered, "account.orders", "..id");

	EXPECT_EQ(course.scan(account(1, rows_of(3)) + ',' + account(2, rows_of(2))), "1 1 1 2 2");
	EXPECT_EQ(course.asks(), R"({"k0":1,"k0_1":3,"k0_2":2,"k1":2,"k1_1":2,"k1_2":2})");
	EXPECT_EQ(course.answer(R"({"a0":)" + account(1, rows_of(1)) + R"(,"a1":)" +
							account(2, rows_of(0)) + '}'),
			  "");
	EXPECT_EQ(course.asks(), R"({"k0":1,"k0_1":3,"k0_2":3})");
}

TEST(JoinLists, OneForEachObject)
{
	Course course;

	EXPECT_NE(course
				  .scan(account(1, '[' + connection(1, "false", "null") + ',' +
									   connection(1, "false", "null") + ']'))
				  .find("has several lists inside one \"nodes\""),
			  std::string::npos);
}

}    // namespace gql::test
