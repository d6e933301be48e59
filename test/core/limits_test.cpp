// Is the right size learnt from refusals, and grown again?

#include "core/limits.hpp"

#include <gtest/gtest.h>

#include "core/api_error.hpp"

namespace gql::test
{

namespace
{

Advice
advice(const std::string &message, const std::string &code = {},
	   const std::vector<std::string> &path = {}, const std::vector<double> &costs = {})
{
	RemoteError error;

	error.message = message;
	error.code = code;
	error.path = path;
	error.costs = costs;
	return advice_of_api_error(error);
}

size_t
refused(size_t sent, const std::string &message)
{
	return Limit().refuse(sent, advice(message));
}

}    // namespace

TEST(Limits, WhatAsksForLess)
{
	for (const char *message :
		 {"Syntax Error: Aliases limit of 15 exceeded, found 16.",
		  "Syntax Error: Token limit of 1000 exceeded.",
		  "Number of aliases exceed the limit of 100",
		  "Query has complexity of 1733, which exceeds max complexity of 200",
		  "Query cost is 1752, which exceeds the single query max cost limit (1000).",
		  "You may not provide more than 100 node ids; you provided 101.",
		  "Batching is limited to 10 operations per request.", "The query is too complex."})
	{
		EXPECT_TRUE(advice(message).fewer_keys) << message;
		EXPECT_FALSE(advice(message, "", {"account", "plan"}).fewer_keys) << message;
	}
	for (const char *message : {"Cannot query field \"cost\" on type \"Account\".", "boom",
								"Throttled", "You have exceeded a secondary rate limit",
								"Too many requests.", "Query exceeds the maximum depth of 6"})
	{
		EXPECT_FALSE(advice(message).fewer_keys) << message;
	}
	for (const char *code : {"MAX_COST_EXCEEDED", "MAX_ALIASES_LIMIT", "HC0047", "argument-limit"})
	{
		EXPECT_TRUE(advice("no", code).fewer_keys) << code;
	}
	EXPECT_TRUE(advice("no", "RESOURCE_LIMITS_EXCEEDED", {"account"}).fewer_keys);
	EXPECT_EQ(advice("Query validation error.").tries, 1);
}

TEST(Limits, NumbersInRefusals)
{
	EXPECT_EQ(refused(100, "complexity of 2000, which exceeds max complexity of 1000"), 45u);
	EXPECT_EQ(refused(100, "maximum allowed is 1000 but it was 2000 and exceeds it"), 45u);
	EXPECT_EQ(refused(100, "Aliases limit of 15 exceeded, found 16."), 15u);
	EXPECT_EQ(refused(101, "not more than 100 node ids; you provided 101."), 100u);
	EXPECT_EQ(refused(100, "Token limit of 1000 exceeded."), 50u);
	EXPECT_EQ(refused(100, "line 3 is too large"), 50u);
	EXPECT_EQ(refused(2, "too large"), 1u);
	EXPECT_EQ(refused(1, "too large"), 1u);

	Limit limit;

	EXPECT_EQ(limit.refuse(100, advice("too much", "HC0047", {}, {4000, 1000})), 22u);
}

TEST(Limits, OneRefusalOfMany)
{
	Limit limit;

	EXPECT_EQ(limit.refuse(100, Advice()), 50u);
	EXPECT_EQ(limit.refuse(100, Advice()), 50u);    // was on its way already
	EXPECT_EQ(limit.refuse(50, Advice()), 25u);
	EXPECT_EQ(limit.refuse(50, Advice()), 25u);
}

TEST(Limits, GrowsAgain)
{
	Limit limit;

	limit.refuse(100, Advice());
	for (int i = 0; i < 32; i++)
	{
		EXPECT_EQ(limit.probe(), 0u);
		limit.work(50, 100);
	}
	EXPECT_EQ(limit.probe(), 62u);
	EXPECT_EQ(limit.probe(), 0u);    // one at a time
	limit.work(62, 100);
	EXPECT_EQ(limit.keys, 62u);
	for (int i = 0; i < 32; i++)
	{
		limit.work(62, 100);
	}
	limit.probed = limit.probe();
	EXPECT_EQ(limit.refuse(77, Advice()), 62u);
	for (int i = 0; i < 63; i++)
	{
		limit.work(62, 100);
	}
	EXPECT_EQ(limit.probe(), 0u);    // more patiently now
	limit.work(62, 100);
	EXPECT_EQ(limit.probe(), 77u);
	limit.work(100, 100);
	EXPECT_EQ(limit.keys, 0u);
	EXPECT_EQ(limit.probe(), 0u);
}

TEST(Limits, SmallPartsSayNothing)
{
	Limit limit;

	limit.refuse(100, Advice());
	for (int i = 0; i < 100; i++)
	{
		limit.work(3, 100);
	}
	EXPECT_EQ(limit.probe(), 0u);
}

TEST(Limits, FallsBackToWhatWorked)
{
	Limit limit;

	limit.refuse(100, Advice());
	limit.work(50, 100);
	limit.work(60, 100);
	EXPECT_EQ(limit.keys, 60u);
	EXPECT_EQ(limit.refuse(60, Advice()), 30u);    // what worked no longer does
}

}    // namespace gql::test
