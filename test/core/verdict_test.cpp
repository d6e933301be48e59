// Is every kind of answer judged as the tables of statuses and codes say, for reads and mutations?

#include "core/verdict.hpp"

#include "fixture.hpp"

namespace gql::test
{

namespace
{

const char *const graphql_type = "application/graphql-response+json; charset=utf-8";

Error
judge(std::string_view body, long status = 200, std::string_view type = "application/json",
	  bool mutation = false, OnError on_error = OnError::error, int64_t retry_after = -1,
	  std::string_view redirect = {})
{
	Answer answer = make_answer(body, status, type);

	answer.retry_after = retry_after;
	answer.redirect_origin = redirect;
	return error_from(
		[&]
		{
			JsonText text;

			open_response(Source{answer, "shop", "api.example.com:443", mutation}, text, on_error,
						  [](const RemoteError &) {});
		});
}

Code
code(std::string_view body, long status = 200, std::string_view type = "application/json",
	 bool mutation = false)
{
	return judge(body, status, type, mutation).code;
}

std::string
errors(const std::string &error)
{
	return "{\"errors\":[" + error + "]}";
}

const std::string plain_error = R"({"errors":[{"message":"no"}]})";
const std::string good = R"({"data":{"a":1}})";

}    // namespace

TEST(Verdict, GoodAnswers)
{
	EXPECT_EQ(code(good), Code::none);
	EXPECT_EQ(code(good, 294), Code::none);
	EXPECT_EQ(code(good, 200, "Application/JSON ; charset=latin1"), Code::none);
	EXPECT_EQ(code(good, 200, ""), Code::none);
	EXPECT_EQ(code(good, 400, graphql_type), Code::none);
	EXPECT_EQ(code("\xEF\xBB\xBF \n" + good), Code::none);
	EXPECT_EQ(code(R"({"errors":[],"data":{}})"), Code::none);
	EXPECT_EQ(code(R"({"errors":null,"data":{}})"), Code::none);
	EXPECT_EQ(code(R"({"d\u0061ta":{},"other":[1]})"), Code::none);
}

TEST(Verdict, StatusesWithoutABodyThatHelps)
{
	struct
	{
		long status;
		Code read;
		Code mutation;
	} table[] = {
		{401, Code::unauthenticated, Code::unauthenticated},
		{403, Code::forbidden, Code::forbidden},
		{404, Code::endpoint_refused, Code::endpoint_refused},
		{405, Code::endpoint_refused, Code::endpoint_refused},
		{406, Code::endpoint_refused, Code::endpoint_refused},
		{410, Code::endpoint_refused, Code::endpoint_refused},
		{415, Code::endpoint_refused, Code::endpoint_refused},
		{301, Code::endpoint_refused, Code::endpoint_refused},
		{308, Code::endpoint_refused, Code::endpoint_refused},
		{413, Code::limit_exceeded, Code::limit_exceeded},
		{414, Code::limit_exceeded, Code::limit_exceeded},
		{431, Code::limit_exceeded, Code::limit_exceeded},
		{429, Code::rate_limited, Code::rate_limited},
		{400, Code::request_refused, Code::request_refused},
		{422, Code::request_refused, Code::request_refused},
		{500, Code::connection_lost, Code::outcome_unknown},
		{502, Code::connection_lost, Code::outcome_unknown},
		{504, Code::connection_lost, Code::outcome_unknown},
		{101, Code::protocol_violation, Code::outcome_unknown},
		{999, Code::protocol_violation, Code::outcome_unknown},
		{304, Code::protocol_violation, Code::outcome_unknown},
		{204, Code::protocol_violation, Code::outcome_unknown},
		{200, Code::protocol_violation, Code::outcome_unknown},
	};

	for (const auto &row : table)
	{
		EXPECT_EQ(code("", row.status, "", false), row.read) << row.status;
		EXPECT_EQ(code("", row.status, "", true), row.mutation) << row.status;
		if (row.status != 304)
		{
			EXPECT_EQ(code("<html>", row.status, "text/html", false), row.read) << row.status;
			EXPECT_EQ(code("<html>", row.status, "text/html", true), row.mutation) << row.status;
			EXPECT_EQ(code("<html>", row.status), row.read) << row.status;
			EXPECT_EQ(code("{\"error\":1}", row.status), row.read) << row.status;
		}
	}
	// Not 2xx and data beside it: some proxy, not the API.
	EXPECT_EQ(code(good, 500), Code::connection_lost);
	EXPECT_EQ(code(good, 404), Code::endpoint_refused);
}

TEST(Verdict, Messages)
{
	Error err = judge("<html>\x1B[0m  Please   log in" + std::string(200, 'x'), 200, "text/html");

	EXPECT_STREQ(err.message,
				 "GraphQL server \"shop\" sent something that is not a GraphQL response");
	EXPECT_EQ(std::string(err.detail),
			  "api.example.com:443, content type text/html, beginning: <html> [0m Please log in" +
				  std::string(56, 'x') + "...");
	err = judge("", 302, "", false, OnError::error, -1, "https://other.example");
	EXPECT_STREQ(err.message, "GraphQL server \"shop\" redirects to \"https://other.example\", and "
							  "redirects are not followed");
	EXPECT_STREQ(judge("", 503).message, "GraphQL server \"shop\" answered with HTTP status 503");
	EXPECT_NE(std::string(judge("", 413).hint).find("key_batch_size"), std::string::npos);
	EXPECT_STREQ(judge("[]").message,
				 "GraphQL server \"shop\" sent something that is not a GraphQL "
				 "response: it is not an object");
}

TEST(Verdict, BrokenEnvelopes)
{
	for (const char *bad :
		 {"[{\"data\":{}}]", "{}", "{\"other\":1}", "42", "null", "{\"data\":null}",
		  "{\"data\":[]}", "{\"data\":1}", "{\"data\":{}} {}", "{\"data\":{},\"data\":{}}",
		  "{\"data\":{},\"d\\u0061ta\":{}}", "{\"errors\":[],\"errors\":[],\"data\":{}}",
		  "{\"data\":{},}", "{\"data\":{}", "{\"errors\":[]}", "{\"data\":{\"a\":01}}",
		  "--b\r\nContent-Type: application/json\r\n\r\n{\"data\":{}}"})
	{
		EXPECT_EQ(code(bad), Code::protocol_violation) << bad;
		EXPECT_EQ(code(bad, 200, graphql_type), Code::protocol_violation) << bad;
		EXPECT_EQ(code(bad, 200, "application/json", true), Code::outcome_unknown) << bad;
	}
	EXPECT_EQ(code(good, 200, "multipart/mixed"), Code::protocol_violation);
	EXPECT_EQ(code(good, 200, "text/event-stream"), Code::protocol_violation);
	EXPECT_EQ(code("{\"data\":{\"a\":" + std::string(300, '[') + std::string(300, ']') + "}}"),
			  Code::too_deep);
	EXPECT_EQ(code("not json", 500, graphql_type), Code::connection_lost);
}

TEST(Verdict, ErrorsAreNeverIgnored)
{
	EXPECT_EQ(code(plain_error), Code::remote_error);
	EXPECT_EQ(code(R"({"data":null,"errors":[{"message":"no"}]})"), Code::remote_error);
	EXPECT_EQ(code(R"({"data":{"a":1},"errors":[{"message":"no","path":["a"]}]})"),
			  Code::remote_error);
	for (const char *odd : {"{}", "\"boo\"", "[null]", "[1]", "[[]]", "42", "true", "[{}]"})
	{
		EXPECT_EQ(code(std::string("{\"data\":{},\"errors\":") + odd + "}"), Code::remote_error)
			<< odd;
	}
	EXPECT_EQ(judge(R"({"data":{},"errors":"boo"})").message,
			  std::string("GraphQL server \"shop\" reported an error: boo"));
	EXPECT_EQ(code(plain_error, 200, "application/json", true), Code::remote_error);
}

TEST(Verdict, ErrorText)
{
	Error err = judge(
		R"({"errors":[{"message":"it\nbroke \u001b[31m","path":["accountsByIds",0,"plan"],
			"extensions":{"code":"OUCH","x":{"code":"NO"}}},{"message":"b"},{"message":"c"}],"data":{}})");

	EXPECT_STREQ(err.message,
				 "GraphQL server \"shop\" reported an error at accountsByIds.0.plan: it "
				 "broke [31m");
	EXPECT_STREQ(err.detail, "The API's error code is OUCH. This is the first of 3 errors. "
							 "api.example.com:443");

	err = judge(errors("{\"message\":\"" + std::string(10000000, 'x') + "\"}"));
	EXPECT_LT(std::string(err.message).size(), 400u);
	EXPECT_EQ(err.code, Code::remote_error);
	err = judge(errors("{\"message\":\"a\\u00e9" + std::string(500, 'y') + "\"}"));
	EXPECT_NE(std::string(err.message).find("error: a\xC3\xA9yyy"), std::string::npos);

	std::string many = "{\"message\":\"first\"}";

	for (int i = 0; i < 10000; i++)
	{
		many += ",{\"message\":\"more\"}";
	}
	err = judge(errors(many));
	EXPECT_NE(std::string(err.detail).find("first of 10001 errors"), std::string::npos);
}

TEST(Verdict, CodesOfTheAPI)
{
	struct
	{
		const char *name;
		Code code;
	} table[] = {
		{"UNAUTHENTICATED", Code::unauthenticated},
		{"FORBIDDEN", Code::forbidden},
		{"access-denied", Code::forbidden},
		{"BAD_USER_INPUT", Code::request_refused},
		{"GRAPHQL_VALIDATION_FAILED", Code::request_refused},
		{"GRAPHQL_PARSE_FAILED", Code::request_refused},
		{"THROTTLED", Code::rate_limited},
		{"RATELIMITED", Code::rate_limited},
		{"TOO_MANY_REQUESTS", Code::rate_limited},
		{"MAX_COST_EXCEEDED", Code::rate_limited},
		{"MAX_ALIASES_LIMIT", Code::limit_exceeded},
		{"INTERNAL_SERVER_ERROR", Code::remote_error},
	};

	for (const auto &row : table)
	{
		std::string extensions =
			errors(std::string(R"({"message":"no","extensions":{"code":")") + row.name + "\"}}");
		std::string type = errors(std::string(R"({"message":"no","type":")") + row.name + "\"}");

		EXPECT_EQ(code(extensions), row.code) << row.name;
		EXPECT_EQ(code(type), row.code) << row.name;
		EXPECT_EQ(code(extensions, 400),
				  row.code == Code::remote_error ? Code::request_refused : row.code);
	}
	EXPECT_EQ(code(errors(R"({"message":"You have exceeded a secondary rate limit"})")),
			  Code::rate_limited);
	EXPECT_EQ(code(errors(R"({"message":"Throttled"})")), Code::rate_limited);
}

TEST(Verdict, TheBodyBeforeTheStatus)
{
	std::string validation =
		errors(R"({"message":"Token limit","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}})");

	EXPECT_EQ(code(validation, 500), Code::request_refused);
	EXPECT_EQ(code(plain_error, 400), Code::request_refused);
	EXPECT_EQ(code(plain_error, 422, graphql_type), Code::request_refused);
	EXPECT_EQ(code(plain_error, 404), Code::request_refused);
	EXPECT_EQ(code(plain_error, 401), Code::unauthenticated);
	EXPECT_EQ(code(plain_error, 403), Code::forbidden);
	EXPECT_EQ(code(plain_error, 429), Code::rate_limited);
	EXPECT_EQ(code(plain_error, 413), Code::limit_exceeded);
	EXPECT_EQ(code(plain_error, 503), Code::connection_lost);
	EXPECT_EQ(code(plain_error, 503, "application/json", true), Code::outcome_unknown);
	EXPECT_STREQ(judge(plain_error, 503).message, "GraphQL server \"shop\" reported an error: no");
	EXPECT_EQ(judge(plain_error, 403, "application/json", false, OnError::error, 60).code,
			  Code::rate_limited);
	EXPECT_EQ(judge("", 403, "", false, OnError::error, 60).code, Code::rate_limited);
	// Executed, and the whole answer nulled: the response type makes the status unimportant.
	EXPECT_EQ(code(R"({"data":null,"errors":[{"message":"no","path":["a"]}]})", 500, graphql_type),
			  Code::remote_error);
	EXPECT_NE(
		std::string(
			judge(errors(R"({"message":"Aliases limit of 15 exceeded, found 16."})"), 400).hint)
			.find("key_batch_size"),
		std::string::npos);
}

TEST(Verdict, KeepTakesPartialData)
{
	auto keep =
		[](std::string_view body, long status = 200, std::string_view type = "application/json")
	{ return judge(body, status, type, false, OnError::keep).code; };
	const char *partial = R"({"data":{"a":null},"errors":[{"message":"no","path":["a"]}]})";

	EXPECT_EQ(keep(partial), Code::none);
	EXPECT_EQ(keep(partial, 294), Code::none);
	EXPECT_EQ(keep(partial, 500, graphql_type), Code::none);
	EXPECT_EQ(keep(partial, 500), Code::connection_lost);
	EXPECT_EQ(keep(R"({"data":null,"errors":[{"message":"no","path":["a"]}]})"),
			  Code::remote_error);
	EXPECT_EQ(keep(plain_error), Code::remote_error);
}

}    // namespace gql::test
