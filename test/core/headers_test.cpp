// Which headers are refused, and which are sent?

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/headers.hpp"

namespace
{

std::vector<std::string>
lines(const gql::EndpointSettings &settings)
{
	const gql::HeaderList list = gql::merge_headers(gql::read_headers(settings), {});
	std::vector<std::string> result;

	for (const curl_slist *line = list.get(); line != nullptr; line = line->next)
	{
		result.emplace_back(line->data);
	}
	return result;
}

using Lines = std::vector<std::string>;

const std::string accept = "Accept: application/graphql-response+json, application/json;q=0.9";

bool
refused(std::string_view json, bool is_public)
{
	gql::Error err;
	const bool ok = gql::check_headers(json, is_public, err);

	EXPECT_EQ(err.code, ok ? gql::Code::none : gql::Code::invalid_option) << err.message;
	EXPECT_EQ(std::string(err.message).find("canary"), std::string::npos) << err.message;
	EXPECT_EQ(std::string(err.detail).find("canary"), std::string::npos) << err.detail;
	return !ok;
}

TEST(Headers, WithoutSettings)
{
	EXPECT_EQ(lines({}), (Lines{accept, "Content-Type: application/json", "Expect:"}));
}

TEST(Headers, OfTheUser)
{
	gql::EndpointSettings settings;
	settings.public_headers = R"({"X-One": "1", "x-two": "zw\u00f6lf\t", "X-Empty": ""})";
	settings.secret_headers = R"({"X-ONE": "secret", "X-Api-Key": "k"})";
	EXPECT_EQ(lines(settings),
			  (Lines{accept, "Content-Type: application/json", "X-ONE: secret",
					 "x-two: zw\u00f6lf\t", "X-Empty;", "X-Api-Key: k", "Expect:"}));
}

TEST(Headers, AcceptMayBeReplaced)
{
	gql::EndpointSettings settings;
	settings.public_headers = R"({"accept": "application/vnd.example+json"})";
	EXPECT_EQ(lines(settings)[0], "accept: application/vnd.example+json");
}

TEST(Headers, BearerAndBasic)
{
	gql::EndpointSettings settings;
	settings.bearer_token = "abc";
	EXPECT_EQ(lines(settings)[2], "Authorization: Bearer abc");

	settings = {};
	settings.user = "Aladdin";
	settings.password = "open sesame";
	EXPECT_EQ(lines(settings)[2], "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
	settings.password = "open sesame!";
	EXPECT_EQ(lines(settings)[2], "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZSE=");
	settings.password = "";
	EXPECT_EQ(lines(settings)[2], "Authorization: Basic QWxhZGRpbjo=");
}

TEST(Headers, ContradictingCredentials)
{
	gql::EndpointSettings both;
	both.bearer_token = "canary";
	both.user = "me";
	gql::EndpointSettings twice;
	twice.bearer_token = "canary";
	twice.secret_headers = R"({"authorization": "canary"})";
	gql::EndpointSettings nobody;
	nobody.password = "canary";
	gql::EndpointSettings colon;
	colon.user = "me:canary";
	gql::EndpointSettings newline;
	newline.bearer_token = "canary\r\nX-Injected: evil";

	for (const gql::EndpointSettings &settings : {both, twice, nobody, colon, newline})
	{
		gql::Error err;
		gql::guarded(err,
					 [&]
					 {
						 gql::read_headers(settings);
						 return true;
					 });
		EXPECT_EQ(err.code, gql::Code::invalid_option);
		EXPECT_EQ(std::string(err.message).find("canary"), std::string::npos) << err.message;
		EXPECT_EQ(std::string(err.detail).find("canary"), std::string::npos) << err.detail;
	}
}

TEST(Headers, NotAnObjectOfStrings)
{
	for (const char *json : {"", " ", "null", "[]", "\"x\"", "{", "{\"X-A\": 1}", "{\"X-A\": null}",
							 "{\"X-A\": [\"b\"]}", "{\"X-A\": \"canary\",}",
							 "{\"X-A\": \"canary\"} x", "{\"X-A\": \"\\ud800\"}"})
	{
		EXPECT_TRUE(refused(json, false)) << json;
	}
	EXPECT_FALSE(refused("{}", true));
	EXPECT_FALSE(refused(R"({"X-A": "b"})", true));
}

TEST(Headers, Names)
{
	for (const char *name : {"", "X A", "X:A", "X-A\\r\\nX-B", "X\\u0000A", "(x)", "X-\\u00e4",
							 "X,A", "X/A", "X\\\"A", "\\tX"})
	{
		EXPECT_TRUE(refused("{\"" + std::string(name) + "\": \"b\"}", false)) << name;
	}
	EXPECT_FALSE(refused(R"({"!#$%&'*+-.^_`|~09azAZ": "b"})", false));
	EXPECT_TRUE(refused("{\"" + std::string(129, 'x') + "\": \"b\"}", false));
	EXPECT_TRUE(refused(R"({"X-A": "1", "x-a": "2"})", false));
}

TEST(Headers, ManagedNames)
{
	for (const char *name : {"Host", "content-length", "Content-Type", "Transfer-Encoding",
							 "CONNECTION", "Accept-Encoding", "Expect", "TE", "Upgrade"})
	{
		EXPECT_TRUE(refused("{\"" + std::string(name) + "\": \"b\"}", false)) << name;
	}
}

TEST(Headers, Values)
{
	for (const char *value : {"a\\r\\nX-B: canary", "a\\nb", "a\\u0000b", "a\\u007fb", "\\u0001"})
	{
		EXPECT_TRUE(refused("{\"X-A\": \"" + std::string(value) + "\"}", false)) << value;
	}
	EXPECT_TRUE(refused("{\"X-A\": \"" + std::string(65537, 'x') + "\"}", false));
	EXPECT_FALSE(refused("{\"X-A\": \"" + std::string(65536, 'x') + "\"}", false));
	EXPECT_FALSE(refused(R"({"X-A": "a\tb \u00e4"})", false));

	gql::Error err;
	EXPECT_TRUE(gql::check_header_value("bearer_token", "abc", err));
	EXPECT_FALSE(gql::check_header_value("bearer_token", "canary\r\n", err));
	EXPECT_STREQ(err.message, "bearer_token must not contain control characters");
	EXPECT_EQ(err.code, gql::Code::invalid_option);
}

TEST(Headers, CredentialsAreNotPublic)
{
	for (const char *name : {"Authorization",
							 "Proxy-Authorization",
							 "Cookie",
							 "X-Api-Key",
							 "x_api_key",
							 "ApiKey",
							 "X-Shopify-Storefront-Access-Token",
							 "x-hasura-admin-secret",
							 "X-Auth",
							 "X-Auth-Key",
							 "X-Password",
							 "X-JWT",
							 "Set-Cookie",
							 "Private-Token",
							 "X-Amz-Security-Token",
							 "Ocp-Apim-Subscription-Key",
							 "X-Functions-Key",
							 "X-Hub-Signature-256",
							 "X-Session-Id",
							 "X.App.Key",
							 "Key"})
	{
		EXPECT_TRUE(refused("{\"" + std::string(name) + "\": \"canary\"}", true)) << name;
		EXPECT_FALSE(refused("{\"" + std::string(name) + "\": \"canary\"}", false)) << name;
	}
	for (const char *name : {"X-Hasura-Role", "X-Author", "Accept-Language", "User-Agent",
							 "X-Tenant", "Apollo-Require-Preflight", "X-Keyboard",
							 "Idempotency-Key", "X-Hasura-User-Id", "X-Request-Id", "Design"})
	{
		EXPECT_FALSE(gql::looks_like_credential(name)) << name;
	}
}

TEST(Headers, Layers)
{
	gql::EndpointSettings settings;
	settings.public_headers = R"({"X-A": "server", "X-B": "server", "X-C": "server"})";
	settings.secret_headers = R"({"x-c": "mapping"})";
	settings.bearer_token = "mapping";
	const gql::HeaderList list = gql::merge_headers(
		gql::read_headers(settings),
		{{"X-b", "session"}, {"X-C", "session"}, {"AUTHORIZATION", "session"}, {"X-D", "session"}});
	Lines result;

	for (const curl_slist *line = list.get(); line != nullptr; line = line->next)
	{
		result.emplace_back(line->data);
	}
	EXPECT_EQ(result,
			  (Lines{accept, "Content-Type: application/json", "X-A: server", "X-b: session",
					 "x-c: mapping", "Authorization: Bearer mapping", "X-D: session", "Expect:"}));
}

}    // namespace
