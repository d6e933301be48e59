// Do the answers to an array of requests become one, with nothing lost and nothing mixed up?

#include "core/array_answer.hpp"

#include "fixture.hpp"

#include "core/json_token.hpp"

namespace gql::test
{

namespace
{

std::string
merged(std::string_view body, size_t requests)
{
	Buffer buffer;

	buffer.append(body.data(), body.size());
	merge_answers(buffer, "account", requests);
	return std::string(buffer.view());
}

TEST(ArrayAnswer, GivesEachRequestAMember)
{
	EXPECT_EQ(merged(R"([{"data":{"account":{"id":1}}}, {"data": {"account" : null}}])", 2),
			  R"({"data":{"a0":{"id":1},"a1":null}})");
	EXPECT_EQ(merged("\n []", 0), R"({"errors":null})");
}

TEST(ArrayAnswer, LeavesWhatIsNoArray)
{
	Buffer buffer;
	std::string body = R"({"errors":[{"message":"Batching is not supported."}]})";

	buffer.append(body.data(), body.size());
	EXPECT_FALSE(merge_answers(buffer, "account", 2));
	EXPECT_EQ(buffer.view(), body);
}

TEST(ArrayAnswer, TellsWhichRequestAnErrorIsOf)
{
	EXPECT_EQ(
		merged(
			R"([{"data":{"account":{"plan":null}},"errors":[{"message":"m","path":["account","plan",0],"extensions":{"code":"C"}}]},
					   {"errors":[{"message":"n"}]}, {"data":null,"errors":"odd"}])",
			3),
		R"({"data":{"a0":{"plan":null},"a1":null,"a2":null},"errors":[)"
		R"({"message":"m","extensions":{"code":"C"},"path":["a0","plan",0]},)"
		R"({"message":"n","path":["a1"]},{"message":"\"odd\"","path":["a2"]}]})");
}

TEST(ArrayAnswer, TakesTheFirstErrorsWhenNothingWasCarriedOut)
{
	EXPECT_EQ(
		merged(R"([{"errors":[{"message":"m","path":["account"]}]},{"errors":[{"message":"n"}]}])",
			   2),
		R"({"errors":[{"message":"m","path":["account"]}]})");
}

TEST(ArrayAnswer, LeavesOutWhatDidNotCome)
{
	EXPECT_EQ(merged(R"([{"data":{"other":1}},{"data":{"account":2}},{"data":null}])", 3),
			  R"({"data":{"a1":2}})");
}

TEST(ArrayAnswer, RefusesArraysThatAnswerSomethingElse)
{
	EXPECT_THROW(merged(R"([{"data":{}}])", 2), JsonError);
	EXPECT_THROW(merged(R"([{"data":{}},{"data":{}},{"data":{}}])", 2), JsonError);
	EXPECT_THROW(merged(R"([1,2])", 2), JsonError);
	EXPECT_THROW(merged(R"([{"data":{}},{}])", 2), JsonError);
	EXPECT_THROW(merged(R"([{"data":{}} {"data":{}}])", 2), JsonError);
}

}    // namespace

}    // namespace gql::test
