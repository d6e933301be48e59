// Which failures are tried again, and after how long?

#include <gtest/gtest.h>

#include <ctime>

#include "core/retry.hpp"

namespace
{

gql::Attempt
failed(CURLcode result)
{
	gql::Attempt attempt;
	attempt.result = result;
	attempt.max_retries = 2;
	attempt.remaining_ms = 10000;
	attempt.random = 0.5;
	return attempt;
}

gql::Attempt
answered(long status)
{
	gql::Attempt attempt = failed(CURLE_OK);
	attempt.status = status;
	attempt.content_type = "text/html";
	return attempt;
}

TEST(Retry, TransientFailures)
{
	EXPECT_TRUE(gql::retry_delay_ms(failed(CURLE_COULDNT_CONNECT)));
	EXPECT_TRUE(gql::retry_delay_ms(failed(CURLE_SSL_CONNECT_ERROR)));
	for (const CURLcode result : {CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR,
								  CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM})
	{
		EXPECT_TRUE(gql::retry_delay_ms(failed(result))) << result;
	}
}

TEST(Retry, LastingFailures)
{
	for (const CURLcode result :
		 {CURLE_COULDNT_RESOLVE_HOST, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
		  CURLE_OPERATION_TIMEDOUT, CURLE_WRITE_ERROR, CURLE_FILESIZE_EXCEEDED,
		  CURLE_BAD_CONTENT_ENCODING, CURLE_WEIRD_SERVER_REPLY, CURLE_OUT_OF_MEMORY,
		  CURLE_ABORTED_BY_CALLBACK, CURLE_UNSUPPORTED_PROTOCOL})
	{
		EXPECT_FALSE(gql::retry_delay_ms(failed(result))) << result;
	}
	gql::Attempt denied = failed(CURLE_COULDNT_CONNECT);
	denied.lasting = true;
	EXPECT_FALSE(gql::retry_delay_ms(denied));
}

TEST(Retry, Statuses)
{
	for (const long status : {429, 502, 503, 504})
	{
		EXPECT_TRUE(gql::retry_delay_ms(answered(status))) << status;
	}
	for (const long status : {200, 204, 294, 301, 400, 401, 403, 404, 408, 413, 422, 500, 501, 505})
	{
		EXPECT_FALSE(gql::retry_delay_ms(answered(status))) << status;
	}
}

TEST(Retry, GraphqlAnswersAreFinalUnlessRateLimited)
{
	gql::Attempt attempt = answered(503);
	attempt.content_type = "Application/GraphQL-Response+JSON; charset=utf-8";
	EXPECT_FALSE(gql::retry_delay_ms(attempt));
	attempt.status = 429;
	EXPECT_TRUE(gql::retry_delay_ms(attempt));
}

TEST(Retry, NeverAMutation)
{
	gql::Attempt attempt = answered(503);
	attempt.mutation = true;
	EXPECT_FALSE(gql::retry_delay_ms(attempt));
	attempt = failed(CURLE_COULDNT_CONNECT);
	attempt.mutation = true;
	EXPECT_FALSE(gql::retry_delay_ms(attempt));
}

TEST(Retry, SoOftenAndNoMore)
{
	gql::Attempt attempt = answered(503);
	attempt.number = 2;
	EXPECT_TRUE(gql::retry_delay_ms(attempt));
	attempt.number = 3;
	EXPECT_FALSE(gql::retry_delay_ms(attempt));
	attempt.number = 1;
	attempt.max_retries = 0;
	EXPECT_FALSE(gql::retry_delay_ms(attempt));
}

TEST(Retry, DelaysDoubleAndAreSpread)
{
	gql::Attempt attempt = failed(CURLE_COULDNT_CONNECT);
	attempt.max_retries = 100;
	attempt.random = 0;
	EXPECT_EQ(gql::retry_delay_ms(attempt), 0);
	attempt.random = 0.5;
	EXPECT_EQ(gql::retry_delay_ms(attempt), 50);
	attempt.number = 2;
	EXPECT_EQ(gql::retry_delay_ms(attempt), 100);
	attempt.number = 3;
	EXPECT_EQ(gql::retry_delay_ms(attempt), 200);
	attempt.number = 90;
	EXPECT_EQ(gql::retry_delay_ms(attempt), 4000);

	attempt = answered(429);
	EXPECT_EQ(gql::retry_delay_ms(attempt), 500);
}

TEST(Retry, RetryAfterIsKeptToOrGivenUp)
{
	gql::Attempt attempt = answered(429);
	attempt.retry_after = 0;
	EXPECT_EQ(gql::retry_delay_ms(attempt), 0);
	attempt.retry_after = 3;
	EXPECT_EQ(gql::retry_delay_ms(attempt), 3000);
	attempt.remaining_ms = 3000;
	EXPECT_FALSE(gql::retry_delay_ms(attempt));
	attempt.remaining_ms = 3001;
	EXPECT_TRUE(gql::retry_delay_ms(attempt));
	attempt.retry_after = INT64_MAX;
	EXPECT_FALSE(gql::retry_delay_ms(attempt));
	attempt.status = 503;
	attempt.retry_after = 2;
	EXPECT_EQ(gql::retry_delay_ms(attempt), 2000);
}

TEST(Retry, NoTimeLeft)
{
	gql::Attempt attempt = failed(CURLE_COULDNT_CONNECT);
	attempt.remaining_ms = 50;
	EXPECT_FALSE(gql::retry_delay_ms(attempt));
	attempt.remaining_ms = 51;
	EXPECT_TRUE(gql::retry_delay_ms(attempt));
	attempt.remaining_ms = -5;
	attempt.random = 0;
	EXPECT_FALSE(gql::retry_delay_ms(attempt));
}

TEST(Retry, ReadsRetryAfter)
{
	const time_t now = 784111777;    // Sun, 06 Nov 1994 08:49:37 GMT

	EXPECT_EQ(gql::parse_retry_after("0", now), 0);
	EXPECT_EQ(gql::parse_retry_after("120", now), 120);
	EXPECT_EQ(gql::parse_retry_after("99999999999999999999999", now), INT64_MAX);
	EXPECT_EQ(gql::parse_retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now), 10);
	EXPECT_EQ(gql::parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), 0);
	for (const char *nonsense : {"", "-5", "+5", "1.5", "soon", "5s"})
	{
		EXPECT_EQ(gql::parse_retry_after(nonsense, now), -1) << nonsense;
	}
}

TEST(Retry, RecognisesGraphqlResponses)
{
	EXPECT_TRUE(gql::is_graphql_response("application/graphql-response+json"));
	EXPECT_TRUE(gql::is_graphql_response("application/graphql-response+json;charset=utf-8"));
	EXPECT_TRUE(gql::is_graphql_response("Application/GraphQL-Response+JSON ; charset=utf-8"));
	for (const char *other : {"", "application/json", "application/graphql-response+jsonl",
							  "text/html", "application/graphql-response"})
	{
		EXPECT_FALSE(gql::is_graphql_response(other)) << other;
	}
}

}    // namespace
