// Is one request made of several calls what the calls would have asked, and does each get its part
// of the answer?

#include "core/merge.hpp"

#include <algorithm>

#include "core/door/query.hpp"

#include "fixture.hpp"

namespace gql::test
{

namespace
{

struct Merged
{
	std::string query;
	std::string variables;
	std::string name;
};

std::string
why_not(std::string_view document, std::string_view operation = {})
{
	Error err;
	Merge *merge = merge_open(document, operation, err);

	EXPECT_EQ(merge == nullptr, err.code == Code::unsupported) << document << err.message;
	merge_close(merge);
	return err.message;
}

std::string
member(const std::string &json, std::string_view name)
{
	JsonText text;

	text.open_copy(json);
	for (auto field : text.root())
	{
		JsonField found = json_take(std::move(field));
		std::string scratch;

		if (json_key(found, scratch) == name)
		{
			return std::string(json_raw(found.value()));
		}
	}
	return "";
}

Merged
merge(std::string_view document, const std::vector<std::string_view> &variables,
	  std::string_view operation = {})
{
	Error err;
	Merge *merge = merge_open(document, operation, err);
	Merged merged;

	if (merge == nullptr)
	{
		ADD_FAILURE() << document << ": " << err.message;
		return merged;
	}

	std::string body(merge_body(merge, variables.data(), variables.size(), err));

	EXPECT_EQ(err.code, Code::none) << err.message;
	merge_close(merge);
	merged.query = json_string(member(body, "query"));
	merged.variables = member(body, "variables");
	merged.name = member(body, "operationName");

	OperationKind kind;

	EXPECT_TRUE(document_kind(merged.query, operation, kind, err)) << merged.query << err.message;
	EXPECT_EQ(kind, OperationKind::query) << merged.query;
	return merged;
}

// Texts without the spaces and commas between tokens, which mean nothing.
std::string
squeezed(std::string text)
{
	text.erase(
		std::remove_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == ','; }),
		text.end());
	return text;
}

#define EXPECT_DOCUMENT(merged, text) EXPECT_EQ(squeezed((merged).query), squeezed(text))

struct Taken
{
	Answer answer;
	std::unique_ptr<MergedReply> reply;

	Taken(std::string_view body, size_t count, long status = 200)
		: answer(make_answer(body, status, "application/json"))
	{
		reply = std::make_unique<MergedReply>(Source{answer, "shop", "host:443", false}, count);
	}
	std::string
	data(size_t call) const
	{
		std::string_view data;
		Error first;

		return merged_call(reply.get(), call, data, first) ? std::string(data) : "alone";
	}
	std::string
	error(size_t call) const
	{
		std::string_view data;
		Error first;

		merged_call(reply.get(), call, data, first);
		return first.message;
	}
};

}    // namespace

TEST(Merge, RepeatsRootFieldsAndRenamesWhatDiffers)
{
	Merged merged =
		merge("query($id: Int!, $n: Int = 3) { account(id: $id) { plan orders(n: $n) { id } } }",
			  {R"({"id": 1, "n": 2})", R"({"id": 2, "n": 2})"});

	EXPECT_DOCUMENT(merged, "query ($v0_id: Int!, $v1_id: Int!, $v_n: Int = 3) { "
							"a0_account: account(id: $v0_id) { plan orders(n: $v_n) { id } } "
							"a1_account: account(id: $v1_id) { plan orders(n: $v_n) { id } } }");
	EXPECT_EQ(merged.variables, R"({"v0_id":1,"v1_id":2,"v_n":2})");
	EXPECT_EQ(merged.name, "");
}

TEST(Merge, KeepsAliasesDirectivesAndTypename)
{
	Merged merged =
		merge("query($a: ID, $b: Boolean!) { __typename x: t(id: $a) @include(if: $b) { i } "
			  "y: t(id: \"$a\") @skip(if: $b) { __typename } }",
			  {R"({"a": "1", "b": true})", R"({"a": "2", "b": false})"});

	EXPECT_DOCUMENT(merged,
					"query ($v0_a: ID, $v1_a: ID, $v0_b: Boolean!, $v1_b: Boolean!) { "
					"a0___typename: __typename a0_x: t(id: $v0_a) @include(if: $v0_b) { i } "
					"a0_y: t(id: \"$a\") @skip(if: $v0_b) { __typename } "
					"a1___typename: __typename a1_x: t(id: $v1_a) @include(if: $v1_b) { i } "
					"a1_y: t(id: \"$a\") @skip(if: $v1_b) { __typename } }");
}

TEST(Merge, TellsMissingFromNull)
{
	const char *document = "query($a: Int, $b: Int = 7, $c: Int) { f(a: $a, b: $b, c: $c) }";
	Merged merged =
		merge(document, {R"({"a": 1, "b": null})", R"({"a": 1})", R"({"a": 1, "b": 2, "z": 0})"});

	EXPECT_DOCUMENT(
		merged, "query ($v_a: Int, $v0_b: Int = 7, $v1_b: Int = 7, $v2_b: Int = 7, $v_c: Int) { "
				"a0_f: f(a: $v_a, b: $v0_b, c: $v_c) a1_f: f(a: $v_a, b: $v1_b, c: $v_c) "
				"a2_f: f(a: $v_a, b: $v2_b, c: $v_c) }");
	EXPECT_EQ(merged.variables, R"({"v_a":1,"v0_b":null,"v2_b":2})");
	EXPECT_EQ(merge("{ f }", {"{}", "{}"}).variables, "");
}

TEST(Merge, ReadsDefinitionsWithBrackets)
{
	Merged merged = merge("query($a: [In!]! = [{x: {y: [1, \"$b\"]}}] @d(x: [1]), $b: [Int] = []) "
						  "{ f(a: $a, b: $b) }",
						  {R"({"a": [1]})", R"({"a": [2]})"});

	EXPECT_DOCUMENT(merged,
					"query ($v0_a: [In!]! = [{x: {y: [1 \"$b\"]}}] @d(x: [1]), "
					"$v1_a: [In!]! = [{x: {y: [1 \"$b\"]}}] @d(x: [1]), $v_b: [Int] = []) { "
					"a0_f: f(a: $v0_a b: $v_b) a1_f: f(a: $v1_a b: $v_b) }");
}

TEST(Merge, CopiesFragmentsThatDiffer)
{
	Merged merged = merge("query($id: Int, $n: Int) { a(id: $id) { ...F ...G } } "
						  "fragment F on A { x ...H } fragment G on A { y(n: $n) } "
						  "fragment H on A { z(id: $id) } fragment Unused on A { u }",
						  {R"({"id": 1, "n": 9})", R"({"id": 2, "n": 9})"});

	EXPECT_DOCUMENT(
		merged, "query ($v0_id: Int, $v1_id: Int, $v_n: Int) { "
				"a0_a: a(id: $v0_id) { ...f0_F ...f_G } a1_a: a(id: $v1_id) { ...f1_F ...f_G } } "
				"fragment f0_F on A { x ...f0_H } fragment f1_F on A { x ...f1_H } "
				"fragment f_G on A { y(n: $v_n) } "
				"fragment f0_H on A { z(id: $v0_id) } fragment f1_H on A { z(id: $v1_id) }");
}

TEST(Merge, WritesRootFragmentsOut)
{
	Merged merged = merge("query($id: Int) { ...F @include(if: true) ... on Query { k: b ...F } "
						  "... @skip(if: false) { c } } "
						  "fragment F on Query { a(id: $id) { ...L } ...G } fragment G on Query { "
						  "g } fragment L on A { l }",
						  {R"({"id": 1})", R"({"id": 2})"});

	for (const char *part : {"... on Query @include(if: true) { a1_a: a(id: $v1_id) { ...f_L } ... "
							 "on Query { a1_g: g } }",
							 "... on Query { a0_k: b ... on Query { a0_a: a(id: $v0_id)",
							 "... @skip(if: false) { a1_c: c }", "fragment f_L on A { l }"})
	{
		EXPECT_NE(squeezed(merged.query).find(squeezed(part)), std::string::npos) << part << "\n"
																				  << merged.query;
	}
	EXPECT_EQ(merged.query.find("fragment f_F"), std::string::npos);
}

TEST(Merge, ChoosesTheOperation)
{
	Merged merged = merge("query A { a } query B($x: Int) { b(x: $x) { ...F } } mutation C { c } "
						  "fragment F on T { f }",
						  {R"({"x": 1})", R"({"x": 2})"}, "B");

	EXPECT_DOCUMENT(merged, "query B($v0_x: Int, $v1_x: Int) { a0_b: b(x: $v0_x) { ...f_F } "
							"a1_b: b(x: $v1_x) { ...f_F } } fragment f_F on T { f }");
	EXPECT_EQ(merged.name, "\"B\"");
	EXPECT_DOCUMENT(merge("query Q { a }", {"{}", "{}"}), "query Q { a0_a: a a1_a: a }");
}

TEST(Merge, NamesNeverMeet)
{
	Merged merged =
		merge("query($x: Int, $v0_x: Int, $_x: Int) { a0_b: f(a: $x, b: $v0_x, c: $_x) b: f }",
			  {R"({"x": 1, "v0_x": 5, "_x": 6})", R"({"x": 2, "v0_x": 5, "_x": 7})"});

	EXPECT_DOCUMENT(merged,
					"query ($v0_x: Int, $v1_x: Int, $v_v0_x: Int, $v0__x: Int, $v1__x: Int) { "
					"a0_a0_b: f(a: $v0_x b: $v_v0_x c: $v0__x) a0_b: f "
					"a1_a0_b: f(a: $v1_x b: $v_v0_x c: $v1__x) a1_b: f }");
}

TEST(Merge, RepeatsDocumentsOfFewSizes)
{
	std::vector<std::string> texts;
	std::vector<std::string_view> variables;

	for (int i = 0; i < 23; i++)
	{
		texts.push_back("{\"x\": " + std::to_string(i) + "}");
	}
	variables.assign(texts.begin(), texts.end());

	Merged merged = merge("query($x: Int) { f(x: $x) }", variables);

	EXPECT_NE(merged.query.find("a39_f"), std::string::npos);
	EXPECT_EQ(merged.query.find("a40_f"), std::string::npos);
	EXPECT_NE(merged.variables.find("\"v39_x\":22}"), std::string::npos) << merged.variables;

	Error err;
	Merge *open = merge_open("query($x: Int) { f(x: $x) }", {}, err);
	std::string first(merge_body(open, variables.data(), 21, err));
	std::string second(merge_body(open, variables.data() + 2, 21, err));

	EXPECT_EQ(member(first, "query"), member(second, "query"));
	EXPECT_EQ(member(second, "query"), "\"" + merged.query + "\"");
	merge_close(open);
}

TEST(Merge, RefusesWhatWouldNotBeTheSame)
{
	EXPECT_EQ(why_not("query @cached { a }"), "the operation has directives");
	EXPECT_EQ(why_not("{ a { b @defer } }"), "the document uses @defer");
	EXPECT_EQ(why_not("{ a @stream(initialCount: 1) { b } }"), "the document uses @stream");
	EXPECT_EQ(why_not("{ a { b @export(as: \"x\") } }"), "the document uses @export");
	EXPECT_EQ(why_not("{ ...F } fragment F on Query @d { a }"), "fragment \"F\" has directives");
	EXPECT_EQ(why_not("{ a { ...F } } fragment F on A @d { a }"), "fragment \"F\" has directives");
	EXPECT_EQ(why_not("{ ...F } fragment F on Query { ...F }"),
			  "fragment \"F\" is not defined, or spreads itself");
	EXPECT_EQ(why_not("{ a { ...F } }"), "fragment \"F\" is not defined");
	EXPECT_EQ(why_not("query($a: Int \"what b is\" $b: Int) { a }"),
			  "a variable of the document has a description");

	// Root fragments that grow without bound when they are written out.
	std::string bomb = "{ ...F0 }";

	for (int i = 0; i < 30; i++)
	{
		std::string next = "...F" + std::to_string(i + 1) + " ";

		bomb += " fragment F" + std::to_string(i) + " on Query { " + next + next + "}";
	}
	EXPECT_EQ(why_not(bomb + " fragment F30 on Query { a }"), "the document is too large");
	EXPECT_EQ(why_not("{ a { ...F } } fragment F on A { ...G } fragment G on A { ...F }"), "");
}

TEST(MergedReply, GivesEachCallItsData)
{
	Taken taken(
		R"({"data":{"a0_x":{"v": 1.0},"a0_y":null,"a1_x":[1, 2],"a2_x":"\u00e9","b":1,"a9_x":1,"a_x":1}})",
		3);

	EXPECT_EQ(taken.data(0), R"({"x":{"v": 1.0},"y":null})");
	EXPECT_EQ(taken.data(1), R"({"x":[1, 2]})");
	EXPECT_EQ(taken.data(2), R"({"x":"\u00e9"})");
	EXPECT_EQ(taken.error(0), "");
}

TEST(MergedReply, GivesEachCallItsErrors)
{
	Taken taken(
		R"({"data":{"a0_x":null,"a1_x":{"v":null},"a2_x":1},"errors":[)"
		R"({"message":"boom","path":["a1_x","v"]},{"message":"late","path":["a1_x","w"]},{"message":"none","path":["a0_x"]}]})",
		3);

	EXPECT_EQ(taken.error(0), "GraphQL server \"shop\" reported an error at x: none");
	EXPECT_EQ(taken.error(1), "GraphQL server \"shop\" reported an error at x.v: boom");
	EXPECT_EQ(taken.error(2), "");
	EXPECT_EQ(taken.data(1), R"({"x":{"v":null}})");
	EXPECT_NE(std::string(taken.reply->calls[1].first.detail).find("the first of 2 errors"),
			  std::string::npos);
	EXPECT_EQ(std::string(taken.reply->calls[0].first.detail).find("the first of"),
			  std::string::npos);

	Taken common(R"({"data":{"a0_x":1,"a1_x":2},"errors":[{"message":"slow"}]})", 2);

	EXPECT_EQ(common.error(1), "GraphQL server \"shop\" reported an error: slow");
}

TEST(MergedReply, FindsWhoTookTheData)
{
	Taken taken(R"({"data":null,"errors":[{"message":"gone","path":["a1_x"]}]})", 3);
	bool smaller = false;

	EXPECT_EQ(merged_failure(taken.reply.get(), smaller).code, Code::remote_error);
	EXPECT_TRUE(smaller);
	EXPECT_NE(taken.data(0), "alone");
	EXPECT_EQ(taken.data(1), "alone");
}

TEST(MergedReply, AsksAgainWhereALimitWasMet)
{
	Taken taken(
		R"({"data":{"a0_x":1,"a1_x":null},"errors":[{"message":"enough","type":"RESOURCE_LIMITS_EXCEEDED","path":["a1_x"]}]})",
		2);

	EXPECT_EQ(taken.data(0), R"({"x":1})");
	EXPECT_EQ(taken.data(1), "alone");
}

TEST(MergedReply, AsksAgainForWhatIsMissing)
{
	Taken taken(R"({"data":{"a0_x":1}})", 2);

	EXPECT_EQ(taken.data(0), R"({"x":1})");
	EXPECT_EQ(taken.data(1), "alone");
	EXPECT_EQ(Taken(R"({"data":{}})", 2).data(1), "{}");
	// The API pays no heed to aliases.
	EXPECT_EQ(Taken(R"({"data":{"x":1}})", 2).data(0), "alone");
}

TEST(MergedReply, TellsWhetherLessMayDo)
{
	auto smaller = [](std::string_view body, long status)
	{
		Taken taken(body, 2, status);
		bool less = false;

		EXPECT_NE(merged_failure(taken.reply.get(), less).code, Code::none);
		return less;
	};

	EXPECT_TRUE(smaller(
		R"({"errors":[{"message":"Syntax Error: Aliases limit of 15 exceeded, found 16."}]})",
		200));
	EXPECT_TRUE(smaller("too large", 413));
	EXPECT_TRUE(smaller("bad gateway", 502));
	EXPECT_TRUE(
		smaller(R"({"errors":[{"message":"no","extensions":{"code":"MAX_COST_EXCEEDED"}}]})", 200));
	EXPECT_FALSE(smaller("", 401));
	EXPECT_FALSE(smaller("", 403));
	EXPECT_FALSE(smaller("", 429));
	EXPECT_FALSE(smaller("", 404));
}

}    // namespace gql::test
