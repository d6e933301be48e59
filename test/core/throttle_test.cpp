// Is it seen that an API asks to come again later, and when?

#include "core/throttle.hpp"

#include "fixture.hpp"

namespace gql::test
{

namespace
{

Throttle
throttle(std::string_view body, long status = 200, int64_t retry_after = -1, int64_t reset_ms = -1)
{
	Answer answer = make_answer(body, status);

	answer.retry_after = retry_after;
	answer.reset_ms = reset_ms;
	return read_throttle(answer);
}

int64_t
wait_ms(std::string_view body, long status = 200, int64_t retry_after = -1, int64_t reset_ms = -1)
{
	Throttle found = throttle(body, status, retry_after, reset_ms);

	EXPECT_TRUE(found.asked) << body;
	return found.wait_ms;
}

const char *const throttled = R"({"errors":[{"message":"Throttled"}]})";

}    // namespace

TEST(Throttle, Asked)
{
	EXPECT_TRUE(throttle("", 429).asked);
	EXPECT_TRUE(throttle("<html>", 429).asked);
	EXPECT_TRUE(throttle(throttled).asked);
	EXPECT_TRUE(
		throttle(R"({"data":null,"errors":[{"message":"x","type":"RATE_LIMITED"}]})").asked);
	EXPECT_TRUE(throttle("", 403, 5).asked);
	EXPECT_TRUE(throttle("", 403, -1, 5000).asked);
}

TEST(Throttle, NotAsked)
{
	EXPECT_FALSE(throttle("", 403).asked);
	EXPECT_FALSE(throttle("", 503, 5).asked);
	EXPECT_FALSE(throttle(R"({"data":{}})", 200, 5).asked);
	EXPECT_FALSE(throttle(R"({"errors":[{"message":"boom"}]})", 200, 5).asked);
	// Too large rather than too often.
	EXPECT_FALSE(
		throttle(R"({"errors":[{"message":"x","extensions":{"code":"MAX_COST_EXCEEDED"}}]})")
			.asked);
	EXPECT_FALSE(throttle("{\"data\":{\"a\":\"" + std::string(20000, 'x') +
						  "\"},\"errors\":[{\"message\":\"Throttled\"}]}")
					 .asked);
}

TEST(Throttle, When)
{
	EXPECT_EQ(wait_ms(throttled), -1);
	EXPECT_EQ(wait_ms(throttled, 200, 7), 7000);
	EXPECT_EQ(wait_ms(throttled, 200, -1, 1500), 1500);
	EXPECT_EQ(wait_ms(throttled, 200, 7, 1500), 7000);
	EXPECT_EQ(
		wait_ms(
			R"({"errors":[{"message":"Throttled"}],"extensions":{"cost":{"requestedQueryCost":200,
			"throttleStatus":{"maximumAvailable":1000,"currentlyAvailable":50,"restoreRate":100}}}})"),
		1500);
	EXPECT_EQ(
		wait_ms(
			R"({"errors":[{"message":"x","extensions":{"code":"COMPLEXITY_BUDGET_EXHAUSTED","reset_in_x_seconds":12}}]})"),
		12000);
	EXPECT_EQ(
		wait_ms(
			R"({"errors":[{"message":"Throttled"}],"extensions":{"cost":{"throttleStatus":3}}})"),
		-1);
}

TEST(Throttle, Reset)
{
	constexpr time_t now = 1700000000;

	EXPECT_EQ(parse_reset("1700000030", now), 30000);
	EXPECT_EQ(parse_reset("1700000030500", now), 30500);
	EXPECT_EQ(parse_reset("1600000000", now), 0);
	EXPECT_EQ(parse_reset("45", now), 45000);
	for (const char *bad : {"", "soon", "-1", "12x", "nan"})
	{
		EXPECT_EQ(parse_reset(bad, now), -1) << bad;
	}
}

}    // namespace gql::test
