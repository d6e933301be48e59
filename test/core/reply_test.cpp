// Are rows and values read out of answers as the table declares, and never misassigned?

#include "reply_fixture.hpp"

namespace gql::test
{

namespace
{

// Rows of one answer whose `data` is {"account": <value>}.
Rows
rows_of(const std::vector<ColumnSpec> &columns, const std::string &value)
{
	TablePointer table = make_table({"account"}, columns);
	std::vector<int> selected;

	for (size_t i = 0; i < columns.size(); i++)
	{
		selected.push_back(static_cast<int>(i));
	}

	QueryPointer query = make_query(table, Method::single, selected);
	Result result = read(query, "{\"data\":{\"account\":" + value + "}}");
	Result kept =
		read(query, "{\"data\":{\"account\":" + value + "}}", 1, OnError::error, Lifetime::reply);

	EXPECT_EQ(result.rows, kept.rows);
	if (result.error.code != Code::none)
	{
		EXPECT_EQ(kept.error.code, result.error.code);
		EXPECT_EQ(result.error.code, Code::shape_mismatch) << result.error.message;
		return {result.error.message};
	}
	return result.rows;
}

const std::vector<ColumnSpec> id_plan = {column("id", "id"), column("plan", "plan")};

}    // namespace

TEST(Reply, Scalars)
{
	EXPECT_EQ(
		rows_of(id_plan, R"([{"id":1,"plan":"pro"}, {"plan":null,"id":-1.50e3}, {"id":true}])"),
		(Rows{"1|'pro'", "-1.50e3|-", "true|-"}));
	EXPECT_EQ(rows_of(id_plan, R"({"x":{"id":9},"id":123456789012345678901234567890,"y":[1]})"),
			  (Rows{"123456789012345678901234567890|-"}));
	EXPECT_EQ(rows_of(id_plan, R"({"\u0069d":"a\"\u20ac","plan":""})"),
			  (Rows{"'a\"\xE2\x82\xAC'|''"}));
	EXPECT_EQ(rows_of(id_plan, "null"), (Rows{}));
	EXPECT_EQ(rows_of(id_plan, "[null,{},[null,[{\"id\":1}]]]"), (Rows{"-|-", "1|-"}));
}

TEST(Reply, ArgumentColumnsReadNull)
{
	EXPECT_EQ(rows_of({column("id", "id"), column("region", "")}, R"({"id":1,"region":"x"})"),
			  (Rows{"1|-"}));
}

// Each row gets what the object around it says, wherever that stands, and no other's.
TEST(Reply, AboveTheRows)
{
	std::vector<ColumnSpec> columns = {column("region", "....name"), column("account", "..id"),
									   column("total", "total")};
	TablePointer table = make_table({"regions.accounts.orders"}, columns);
	QueryPointer query = make_query(table, Method::single, {0, 1, 2});
	std::string body = R"({"data":{"regions":[
		{"name":"E\u20ac","accounts":[{"id":1,"orders":[{"total":10},{"total":11}]},
			{"orders":[{"total":20}],"id":2}, {"id":3,"orders":[]}, null]},
		{"accounts":[{"orders":[{"total":40},{"total":41}],"id":"\u0034"}, {"orders":{"total":50}}],
			"name":null},
		{"name":"W","accounts":null}]}})";

	for (Lifetime lifetime : {Lifetime::row, Lifetime::reply})
	{
		EXPECT_EQ(read(query, body, 1, OnError::error, lifetime).rows,
				  (Rows{"'E\xE2\x82\xAC'|1|10", "'E\xE2\x82\xAC'|1|11", "'E\xE2\x82\xAC'|2|20",
						"-|'4'|40", "-|'4'|41", "-|-|50"}));
	}
	EXPECT_EQ(
		read(query, R"({"data":{"regions":{"accounts":{"id":1,"orders":[{}],"id":2}}}})").rows,
		(Rows{"error: GraphQL server \"shop\" sent something that is not a GraphQL response: "
			  "a field comes twice"}));
	EXPECT_EQ(read(query, R"({"data":{"regions":{"accounts":{"id":[1],"orders":[{}]}}}})").rows,
			  (Rows{"error: column \"account\" of foreign table \"account\" wants a single value, "
					"but path \"..id\" returned a list"}));
}

// A key that has no rows was answered all the same.
TEST(Reply, ListedKeysWithoutRows)
{
	ColumnSpec key = argument("account_id", "account(id)");

	key.path = "..id";

	TablePointer table = make_table({"account.orders", "", R"~([{"field": "byIds.orders",
									 "arguments": {"byIds(ids)": ["$account_id"]}}])~"},
									{key, column("total", "total")});
	QueryPointer query = make_query(table, Method::list, {0, 1}, {0});
	Answer answer = make_answer(R"({"data":{"byIds":[{"id":1,"orders":[{"total":1},{"total":2}]},
		{"id":2,"orders":[]},null,{"id":3,"orders":null},{"id":4,"orders":[{"total":3}]}]}})");
	Reply reply(Source{answer, "shop", "host", false}, *query, 5, OnError::error, Lifetime::row);
	Rows rows;
	Row row;
	Error err;

	while (reply_next(&reply, row, err))
	{
		rows.push_back(show(row.values[0]) + (row.rowless ? " none" : "") +
					   (row.first ? " first" : ""));
	}
	EXPECT_EQ(err.code, Code::none) << err.message;
	EXPECT_EQ(rows, (Rows{"1 first", "1", "2 none", "3 none", "4 first"}));
	EXPECT_EQ(reply_nulls(&reply, 0), 1u);
}

// Parents without rows are told wherever that is wanted, also in a scan and below other lists.
TEST(Reply, ParentsWithoutRows)
{
	TablePointer table = make_table({"shops.accounts.orders.nodes"},
									{column("plan", "....plan"), column("total", "total")});
	const int selected[] = {0, 1};
	QuerySpec spec;
	Error err;

	spec.selected = selected;
	spec.selected_count = 2;
	spec.parents = 2;

	QueryPointer query(query_open(table.get(), spec, err), &query_close);
	Answer answer = make_answer(R"({"data":{"shops":[
		{"accounts":[{"plan":"a","orders":{"nodes":[{"total":1},{"total":2}]}},
					 {"plan":"b","orders":{"nodes":[]}},null]},
		{"accounts":[]},
		{"accounts":[{"orders":null,"plan":"c"},{"plan":"d","orders":{"nodes":[null]}},
					 {"plan":"e","orders":{"nodes":[null,{"total":3}]}}]}]}})");
	Reply reply(Source{answer, "shop", "host", false}, *query, 1, OnError::error, Lifetime::row);
	Rows rows;
	Row row;

	while (reply_next(&reply, row, err))
	{
		rows.push_back(show(row.values[0]) + show(row.values[1]) + (row.rowless ? " none" : "") +
					   (row.first ? " first" : ""));
	}
	EXPECT_EQ(err.code, Code::none) << err.message;
	EXPECT_EQ(rows,
			  (Rows{"'a'1 first", "'a'2", "'b'- none", "'c'- none", "'d'- none", "'e'3 first"}));
}

TEST(Reply, ShapesThatAreNotDeclared)
{
	auto message = [](const char *expected, const char *returned)
	{
		return Rows{std::string("column \"plan\" of foreign table \"account\" wants ") + expected +
					", but path \"plan\" returned " + returned};
	};
	ColumnSpec array = column("plan", "plan", Leaf::scalar, true);

	EXPECT_EQ(rows_of({column("plan", "plan")}, R"({"plan":[]})"),
			  message("a single value", "a list"));
	EXPECT_EQ(rows_of({column("plan", "plan")}, R"({"plan":{}})"),
			  message("a single value", "an object"));
	EXPECT_EQ(rows_of({array}, R"({"plan":"x"})"), message("a list", "a string"));
	EXPECT_EQ(rows_of({array}, R"({"plan":[{}]})"), message("a single value", "an object"));
	EXPECT_EQ(rows_of({column("plan", "plan", Leaf::composite)}, R"({"plan":1})"),
			  message("an object", "a number"));
	EXPECT_EQ(rows_of({column("plan", "a.plan")}, R"({"a":"x"})").size(), 1u);
	EXPECT_EQ(rows_of({column("plan", "a.plan")}, R"({"a":[]})"),
			  (Rows{"column \"plan\" of foreign table \"account\" wants a single value, but path "
					"\"a.plan\" returned a list"}));
	EXPECT_EQ(
		rows_of(id_plan, "42"),
		(Rows{"foreign table \"account\" wants objects, but field \"account\" returned a number"}));
	EXPECT_EQ(rows_of({column("v", ".")}, R"({"a":1})").size(), 1u);
}

TEST(Reply, Arrays)
{
	ColumnSpec seats = column("seats", "seats", Leaf::scalar, true);
	ColumnSpec totals = column("totals", "orders.total", Leaf::scalar, true);

	EXPECT_EQ(
		rows_of({seats},
				R"([{"seats":[1,null,2]},{"seats":[]},{"seats":[[1],[2,3]]},{"seats":null}])"),
		(Rows{"[1,-,2]", "[]", "[[1],[2,3]]", "-"}));
	EXPECT_EQ(rows_of({totals, column("id", "id")},
					  R"({"orders":[{"total":1},null,{"total":"x"},{}],"id":7})"),
			  (Rows{"[1,-,'x',-]|7"}));
	EXPECT_EQ(rows_of({totals}, R"({"orders":[[{"total":1}],[{"total":2},{"total":[3]}]]})"),
			  (Rows{"[[1],[2,[3]]]"}));
	EXPECT_EQ(rows_of({totals}, R"({"orders":null})"), (Rows{"-"}));
	EXPECT_EQ(rows_of({totals}, R"({"orders":[]})"), (Rows{"[]"}));
	EXPECT_EQ(rows_of({totals}, R"({"orders":{"total":[4]}})"), (Rows{"[4]"}));
	EXPECT_EQ(
		rows_of({column("a", "o.a", Leaf::scalar, true), column("b", "o.p.b", Leaf::scalar, true)},
				R"({"o":[{"p":{"b":1},"a":2},{"a":3,"p":null}]})"),
		(Rows{"[2,3]|[1,-]"}));
}

TEST(Reply, Json)
{
	EXPECT_EQ(
		rows_of({column("j", "j", Leaf::json)},
				R"([{"j": {"a" : [1, "\u00e9"]} },{"j":"x"},{"j":null},{"j":1.0},{"j": [ ] }])"),
		(Rows{R"(json:{"a" : [1, "\u00e9"]})", "json:\"x\"", "-", "json:1.0", "json:[ ]"}));
	EXPECT_EQ(rows_of({column("j", "o.j", Leaf::json)}, R"({"o":[{"j":{"a":1}},{},[{"j":[2]}]]})"),
			  (Rows{R"(json:[{"a":1},null,[[2]]])"}));
	EXPECT_EQ(rows_of({column("j", "j", Leaf::json, true)}, R"({"j":[{"a":1},null,[2]]})"),
			  (Rows{R"([json:{"a":1},-,json:[2]])"}));
	EXPECT_EQ(rows_of({column("j", "o.j", Leaf::json, true)}, R"({"o":[{"j":[1]},{"j":2}]})"),
			  (Rows{R"([json:[1],json:2])"}));
	EXPECT_EQ(rows_of({column("a", "o {x}", Leaf::json), column("b", "o {y}", Leaf::json),
					   column("c", "o.x")},
					  R"({"o":{"x":1},"o_2":[{"y":2}],"o_3":{"x":1}})"),
			  (Rows{R"(json:{"x":1}|json:[{"y":2}]|1)"}));
}

TEST(Reply, Composites)
{
	ColumnSpec members[] = {column("name", ""), column("tags", "", Leaf::scalar, true),
							column("extra", "", Leaf::json)};
	ColumnSpec owner = column("owner", "owner", Leaf::composite);
	ColumnSpec owners = column("owners", "owners", Leaf::composite, true);

	owner.members = owners.members = members;
	owner.member_count = owners.member_count = 3;
	EXPECT_EQ(
		rows_of({owner},
				R"([{"owner":{"extra":{},"name":"A"}},{"owner":null},{"owner":{"tags":[1]}}])"),
		(Rows{"{'A',-,json:{}}", "-", "{-,[1],-}"}));
	EXPECT_EQ(rows_of({owners}, R"({"owners":[{"name":1},null,{}]})"),
			  (Rows{"[{1,-,-},-,{-,-,-}]"}));
	EXPECT_EQ(rows_of({owner, column("n", "owner.name")},
					  R"({"owner":{"name":"A"},"owner_2":{"name":"B"}})"),
			  (Rows{"{'A',-,-}|'B'"}));
}

TEST(Reply, TheRowsOwnValue)
{
	EXPECT_EQ(rows_of({column("v", ".")}, R"(["a",1,null,["b"]])"), (Rows{"'a'", "1", "'b'"}));
	EXPECT_EQ(rows_of({column("v", ".", Leaf::scalar, true)}, R"([[1,2],[3],null])"),
			  (Rows{"[1,2]", "[3]"}));
	EXPECT_EQ(
		rows_of({column("v", ".", Leaf::json), column("w", ".", Leaf::json)}, R"([{"a":1}, 2])"),
		(Rows{R"(json:{"a":1}|json:{"a":1})", "json:2|json:2"}));
	EXPECT_EQ(
		rows_of({column("v", ".", Leaf::json), column("id", "id")}, R"([{"id":1, "x":[2] } , {}])"),
		(Rows{R"(json:{"id":1, "x":[2] }|1)", "json:{}|-"}));
}

TEST(Reply, Alternatives)
{
	ColumnSpec text = column("text", "on Message.text|on Photo.caption");
	ColumnSpec texts =
		column("texts", "items.on Message.text|items.on Photo.text", Leaf::scalar, true);

	EXPECT_EQ(rows_of({text}, R"([{"text":"m"},{"caption":"p"},{}])"), (Rows{"'m'", "'p'", "-"}));
	EXPECT_EQ(rows_of({texts}, R"({"items":[{"text":"m"},{"text_2":"p"},{}]})"),
			  (Rows{"['m','p',-]"}));
}

TEST(Reply, EqualPathsShareTheirValue)
{
	EXPECT_EQ(rows_of({column("a", "x"), column("b", "x"), column("c", "x", Leaf::json)},
					  R"({"x":1,"x_2":2})"),
			  (Rows{"1|1|json:2"}));
}

TEST(Reply, ListsOnTheWayUnnest)
{
	auto table = make_table({"viewer.orgs.nodes"}, {column("id", "id")});
	auto query = make_query(table, Method::single, {0});

	EXPECT_EQ(read(query, R"({"data":{"viewer":{"orgs":[{"nodes":[{"id":1},null,{"id":2}]},null,
							{"nodes":null},{"x":1,"nodes":{"id":3}}]}}})",
				   1, OnError::error, Lifetime::row, true)
				  .rows,
			  (Rows{"viewer.orgs[0].nodes[0]: 1", "viewer.orgs[0].nodes[2]: 2",
					"viewer.orgs[3].nodes: 3"}));
	EXPECT_EQ(read(query, R"({"data":{"viewer":null}})").rows, (Rows{}));
	EXPECT_EQ(read(query, R"({"data":{"viewer":{}}})").error.code, Code::protocol_violation);
	EXPECT_EQ(read(query, R"({"data":{"viewer":{"orgs":1}}})").error.code, Code::shape_mismatch);
	EXPECT_EQ(read(query, R"({"data":{"viewer":{"orgs":{"nodes":[],"nodes":[]}}}})").error.code,
			  Code::protocol_violation);
}

TEST(Reply, CountingRowsWithoutColumns)
{
	auto table = make_table({"a"}, id_plan);
	auto query = make_query(table, Method::single, {});

	EXPECT_EQ(read(query, R"({"data":{"a":[{"__typename":"A"},{"__typename":"A"}]}})").rows.size(),
			  2u);
}

TEST(Reply, ObjectsOfOtherTypesAreNoRows)
{
	auto table =
		make_table({"order", "",
					R"([{"field": "nodes", "typename": "Order", "arguments": {"ids": ["$id"]}}])"},
				   {argument("id", "id", "ID!"), column("sku", "sku")});
	auto rows = [&](const QueryPointer &query, const char *body)
	{
		Result result = read(query, body, 3);

		EXPECT_EQ(result.error.code, Code::none) << result.error.message;
		return result.rows;
	};

	EXPECT_EQ(
		rows(make_query(table, Method::list, {0, 1}, {0}),
			 R"({"data": {"nodes": [{"id": "1", "sku": null}, {}, null, { }, {"id": "2"}]}})"),
		(Rows{"'1'|-", "'2'|-"}));
	EXPECT_EQ(rows(make_query(table, Method::list, {}, {0}),
				   R"({"data": {"nodes": [{}, {"__typename": "Order"}, null]}})"),
			  (Rows{""}));
	EXPECT_EQ(rows(make_query(table, Method::alias, {1}, {0}),
				   R"({"data": {"a0": [{}], "a1": [{"sku": "x"}], "a2": [null]}})"),
			  (Rows{"1: 'x'"}));
	EXPECT_EQ(rows(make_query(table, Method::list, {0}, {0}), R"({"data": {"nodes": []}})"),
			  Rows());
	// The table's own field yields nothing else: an object without fields is an answer of its own.
	EXPECT_EQ(rows(make_query(table, Method::single, {0}, {0}, 1), R"({"data": {"order": {}}})"),
			  (Rows{"-"}));
}

TEST(Reply, Aliases)
{
	auto table = make_table({"account"}, {argument("id", "id"), column("plan", "plan")});
	auto query = make_query(table, Method::alias, {1}, {0});

	EXPECT_EQ(
		read(query, R"({"data":{"a1":{"plan":"b"},"a0":[{"plan":"a"},{"plan":"c"}],"a2":null}})", 3)
			.rows,
		(Rows{"1: 'b'", "0: 'a'", "0: 'c'"}));
	// Padding is not reported, and what nobody asked for neither.
	EXPECT_EQ(
		read(query, R"({"data":{"a0":{"plan":1},"a1":{"plan":2},"a01":{"plan":3},"b":1,"a":2}})", 1)
			.rows,
		(Rows{"0: 1"}));

	Result result = read(query, R"({"data":{"a0":{"plan":1},"a2":{"plan":3}}})", 3);

	EXPECT_EQ(result.error.code, Code::protocol_violation);
	EXPECT_STREQ(result.error.message, "GraphQL server \"shop\" left \"a1\" out of its answer");
	EXPECT_EQ(read(query, R"({"data":{"a0":{"plan":1},"a0":{"plan":3}}})", 1).error.code,
			  Code::protocol_violation);
	EXPECT_EQ(read(query, R"({"data":{"a0":{"plan":1,"plan":2}}})", 1).error.code,
			  Code::protocol_violation);
	EXPECT_EQ(read(make_query(table, Method::single, {1}), R"({"data":{"b":1}})").error.code,
			  Code::protocol_violation);
}

TEST(Reply, AFieldLeftOutOnTheWayIsNoEmptyResult)
{
	auto table = make_table({"shop.accounts"}, {column("plan", "plan")});
	auto query = make_query(table, Method::single, {0});

	EXPECT_EQ(read(query, R"({"data":{"shop":{"accounts":[]}}})").error.code, Code::none);
	EXPECT_EQ(read(query, R"({"data":{"shop":{"accounts":null}}})").error.code, Code::none);

	Result result = read(query, R"({"data":{"shop":{}}})");

	EXPECT_EQ(result.error.code, Code::protocol_violation);
	EXPECT_STREQ(result.error.message,
				 "GraphQL server \"shop\" left \"shop.accounts\" out of its answer");
}

// Objects of two bytes must not become rows of kilobytes without bound.
TEST(Reply, AnAnswerOfAlmostNothingDoesNotFillMemory)
{
	std::vector<std::string> paths;
	std::vector<int> selected;

	for (int i = 0; i < 40; i++)
	{
		paths.push_back("c" + std::to_string(i));
		selected.push_back(i);
	}

	std::vector<gql::ColumnSpec> columns;

	for (const std::string &path : paths)
	{
		columns.push_back(column(path, path));
	}

	std::string body = R"({"data":{"accounts":[{})";

	for (int i = 0; i < 300000; i++)
	{
		body += ",{}";
	}
	body += "]}}";

	auto table = make_table({"accounts"}, columns);
	auto query = make_query(table, Method::single, selected);

	EXPECT_EQ(read(query, body, 1, OnError::error, Lifetime::reply).error.code,
			  Code::limit_exceeded);
}

TEST(Reply, MemoryIsGivenBack)
{
	auto table = make_table({"a"}, id_plan);
	auto query = make_query(table, Method::single, {1});
	std::string body = R"({"data":{"a":[{"plan":"\u0041"})";
	Row row;
	Error err;

	for (int i = 1; i < 100000; i++)
	{
		body += R"(,{"plan":"\u0041 text that has to be unescaped"})";
	}
	body += "]}}";
	for (Lifetime lifetime : {Lifetime::row, Lifetime::reply})
	{
		Answer answer = make_answer(body);
		Reply reply(Source{answer, "shop", "host", false}, *query, 1, OnError::error, lifetime);
		size_t most = 0;

		EXPECT_EQ(answer.body.size(), 0u);
		while (reply_next(&reply, row, err))
		{
			most = std::max(most, reply_memory(&reply));
		}
		EXPECT_EQ(err.code, Code::none);
		EXPECT_GE(most, body.size());
		EXPECT_EQ(most < body.size() * 3 / 2, lifetime == Lifetime::row);
		EXPECT_EQ(reply_memory(&reply) < body.size(), lifetime == Lifetime::row);
	}
}

}    // namespace gql::test
