// What do templates of session headers accept, and what do they make of values?

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/endpoint.hpp"
#include "core/error.hpp"
#include "core/session_headers.hpp"

namespace
{

using Values = std::vector<std::string_view>;

// The single header of a template: "header=value"; "" when it is left out, "!" and the message when
// it cannot be filled.
std::string
filled(std::string_view text, const Values &values)
{
	const gql::SessionTemplates templates =
		gql::parse_session_headers("{\"X-A\": \"" + std::string(text) + "\"}");
	std::string result;
	gql::Error err;

	EXPECT_EQ(templates.variables.size(), values.size()) << text;
	gql::guarded(err,
				 [&]
				 {
					 for (const gql::Header &header :
						  gql::fill_session_headers(templates, values.data()))
					 {
						 result += header.value;
					 }
					 return true;
				 });
	if (err.code == gql::Code::none)
	{
		return result;
	}
	EXPECT_EQ((std::string(err.message) + err.detail + err.hint).find("canary"), std::string::npos)
		<< err.message << err.detail;
	return "!" + std::string(err.message);
}

std::string
refused(std::string_view text)
{
	gql::Error err;
	const bool ok = gql::check_session_headers("{\"X-A\": \"" + std::string(text) + "\"}", err);

	EXPECT_EQ(err.code, ok ? gql::Code::none : gql::Code::invalid_option) << text;
	return ok ? "" : err.detail;
}

TEST(SessionHeaders, LiteralsAndVariables)
{
	EXPECT_EQ(filled("Bearer ${app.jwt}", {"abc"}), "Bearer abc");
	EXPECT_EQ(filled("${current_user}@${database} for ${session_user}", {"ada", "shop", "web"}),
			  "ada@shop for web");
	EXPECT_EQ(filled("$$5 ${a.b}$$", {"x"}), "$5 x$");
	EXPECT_EQ(filled("$${a.b} ${a.b}", {"x"}), "${a.b} x");
	EXPECT_EQ(filled("${a.b}${a.b}", {"x"}), "xx");
	EXPECT_EQ(filled("${a.b}", {"${a.b} $$"}), "${a.b} $$");
	EXPECT_EQ(filled("${a.b}", {"zw\u00f6lf"}), "zw\u00f6lf");
}

TEST(SessionHeaders, UnsetVariablesLeaveTheHeaderOut)
{
	EXPECT_EQ(filled("Bearer ${a.b}", {""}), "");
	EXPECT_EQ(filled("${a.b} ${a.c}", {"x", ""}), "");
	EXPECT_EQ(filled("${a.b} ${a.c!}", {"", "x"}), "");
	EXPECT_EQ(filled("Bearer ${a.b!}", {""}), "!header \"X-A\" needs a value of \"a.b\"");
	EXPECT_EQ(filled("${a.c} ${a.b!}", {"", ""}), "!header \"X-A\" needs a value of \"a.b\"");
	EXPECT_EQ(filled("${a.b->x!}", {R"({"x": null})"}),
			  "!header \"X-A\" needs a value of \"a.b->x\"");
}

TEST(SessionHeaders, Members)
{
	const std::string_view claims = R"({
		"sub": "ada \u00e4", "n": 12.50, "yes": true, "no": false, "nothing": null, "empty": "",
		"roles": [ "a b", {"c" : 1} ], "quote": {"q": " \" \\" },
		"https://hasura.io/jwt/claims": {"x-hasura-user-id": "7", "deep": {"er": 1}},
		"twice": 1, "twice": 2, "over": {"a": 1}, "over": "x", "e\u0073c": 3
	})";

	EXPECT_EQ(filled("${r.c->sub}", {claims}), "ada \u00e4");
	EXPECT_EQ(filled("${r.c->n}", {claims}), "12.50");
	EXPECT_EQ(filled("${r.c->yes}${r.c->no}", {claims}), "truefalse");
	EXPECT_EQ(filled("${r.c->nothing}", {claims}), "");
	EXPECT_EQ(filled("${r.c->empty}", {claims}), "");
	EXPECT_EQ(filled("${r.c->absent}", {claims}), "");
	EXPECT_EQ(filled("${r.c->roles}", {claims}), R"(["a b",{"c":1}])");
	EXPECT_EQ(filled("${r.c->quote}", {claims}), R"({"q":" \" \\"})");
	EXPECT_EQ(filled("${r.c->https://hasura.io/jwt/claims->x-hasura-user-id}", {claims}), "7");
	EXPECT_EQ(filled("${r.c->https://hasura.io/jwt/claims->deep->er}", {claims}), "1");
	EXPECT_EQ(filled("${r.c->twice}", {claims}), "2");
	EXPECT_EQ(filled("${r.c->over->a}", {claims}), "");
	EXPECT_EQ(filled("${r.c->sub->a}", {claims}), "");
	EXPECT_EQ(filled("${r.c->roles->a}", {claims}), "");
	EXPECT_EQ(filled("${r.c->esc}", {claims}), "3");
	EXPECT_EQ(filled("${r.c->sub}", {""}), "");
	for (const char *json : {"canary", "[1]", "\"canary\"", "null", "{", "{\"sub\": canary}",
							 "{\"sub\": \"canary\"} x", "{\"sub\": \"\xff\"}"})
	{
		EXPECT_EQ(filled("${r.c->sub}", {json}),
				  "!value of \"r.c->sub\" cannot be sent in header \"X-A\"")
			<< json;
	}
}

TEST(SessionHeaders, ValuesThatCannotBeSent)
{
	const std::string error = "!value of \"a.b\" cannot be sent in header \"X-A\"";

	for (const std::string_view value :
		 {"canary\r\nX-B: evil", "canary\n", "\x01", "canary\x7f", " canary", "canary ", "canary\t",
		  " ", "canary\xff", "\xc0\x80"})
	{
		EXPECT_EQ(filled("x${a.b}x", {value}), error) << value;
	}
	EXPECT_EQ(filled("${a.b->c}", {R"({"c": "canary\r\nX-B: evil"})"}),
			  "!value of \"a.b->c\" cannot be sent in header \"X-A\"");
	EXPECT_EQ(filled("${a.b}", {"a\tb c"}), "a\tb c");
	EXPECT_EQ(filled("${a.b}", {std::string(8192, 'x')}).size(), 8192);
	EXPECT_EQ(filled("-${a.b}", {std::string(8192, 'x')}),
			  "!value of \"a.b\" is too long for header \"X-A\"");
	EXPECT_EQ(filled("${a.b}", {std::string(1 << 20, 'x')}),
			  "!value of \"a.b\" is too long for header \"X-A\"");
}

TEST(SessionHeaders, TemplatesThatAreRefused)
{
	const std::string dollar = "A dollar sign begins a variable as in ${app.jwt}; $$ stands for a "
							   "dollar sign.";
	const std::string arrow = "A member's name follows \"->\" at once and without quotes, as in "
							  "${request.jwt.claims->sub}.";

	for (const char *text : {"$", "a$", "$app.jwt", "$ {a.b}", "${", "${a.b", "${a.b}$"})
	{
		EXPECT_EQ(refused(text), dollar) << text;
	}
	for (const char *text : {"", "abc", "Bearer $${a.b}"})
	{
		EXPECT_EQ(refused(text), "It has no variable.") << text;
	}
	for (const char *text : {"${}", "${!}", "${jwt}", "${work_mem}", "${CURRENT_USER}", "${a.}",
							 "${.a}", "${a..b}", "${1.b}", "${a.1}", "${a b.c}", "${ a.b}",
							 "${a.b }", "${a.b!!}", "${current_user->x}", "${a->b}", "${a-b.c}"})
	{
		EXPECT_NE(refused(text).find("is neither a setting"), std::string::npos)
			<< text << ": " << refused(text);
	}
	for (const char *text : {"${a.b->>c}", "${a.b-> c}", "${a.b->'c'}", "${a.b->->c}", "${a.b->}",
							 "${a.b->c->}", "${a.b->!}", "${a.b->\\\"c\\\"}"})
	{
		EXPECT_EQ(refused(text), arrow) << text;
	}
	for (const char *text : {"${a.b}", "${a_1.b$2.c!}", "${\u00e4.b}", "${current_user!}"})
	{
		EXPECT_EQ(refused(text), "") << text;
	}
}

TEST(SessionHeaders, HeadersThatAreRefused)
{
	gql::Error err;

	for (const char *json :
		 {"", "[]", "{\"X-A\": 1}", "{\"Host\": \"${a.b}\"}", "{\"X A\": \"${a.b}\"}",
		  "{\"X-A\": \"a\\r\\n${a.b}\"}", "{\"X-A\": \"${a.b}\", \"x-a\": \"${a.b}\"}"})
	{
		EXPECT_FALSE(gql::check_session_headers(json, err)) << json;
		EXPECT_EQ(err.code, gql::Code::invalid_option);
	}
	EXPECT_TRUE(gql::check_session_headers("{}", err));
	EXPECT_TRUE(gql::check_session_headers(R"({"Authorization": "Bearer ${a.b}"})", err));
}

// Everything of one endpoint at once, through the door.
TEST(SessionHeaders, Precedence)
{
	gql::Error err;
	gql::EndpointSettings settings;
	settings.url = "http://127.0.0.1:1/";
	settings.public_headers = R"({"X-A": "server", "X-B": "server", "X-D": "server"})";
	settings.session_headers =
		R"({"X-B": "${a.b}", "x-c": "${a.b}", "X-D": "${a.unset}", "authorization": "${a.c}"})";
	settings.secret_headers = R"({"X-C": "mapping"})";
	settings.bearer_token = "mapping";
	gql::Endpoint *endpoint = gql::endpoint_open(settings, err);

	ASSERT_NE(endpoint, nullptr) << err.message;
	ASSERT_EQ(gql::endpoint_variable_count(endpoint), 3U);
	EXPECT_STREQ(gql::endpoint_variable(endpoint, 0), "a.b");
	EXPECT_STREQ(gql::endpoint_variable(endpoint, 1), "a.unset");
	EXPECT_STREQ(gql::endpoint_variable(endpoint, 2), "a.c");

	const Values values = {"session", "", "session"};
	gql::RequestHeaders *headers = gql::request_headers_open(endpoint, values.data(), err);
	std::vector<std::string> lines;

	ASSERT_NE(headers, nullptr) << err.message;
	for (const curl_slist *line = headers->list.get()->next->next; line != nullptr;
		 line = line->next)
	{
		lines.emplace_back(line->data);
	}
	EXPECT_EQ(lines, (std::vector<std::string>{"X-A: server", "X-B: session", "X-D: server",
											   "X-C: mapping", "Authorization: Bearer mapping",
											   "Expect:"}));
	gql::request_headers_close(headers);
	gql::endpoint_release(endpoint);
}

}    // namespace
