// What do APIs call the failures that we have a class for?

#include "core/api_error.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "core/json_text.hpp"

namespace gql
{

namespace
{

struct CodeName
{
	std::string_view name;
	Code code;
};

// What APIs call things. Compared in lower case with "-" read as "_".
constexpr std::array<CodeName, 33> code_names = {{
	{"unauthenticated", Code::unauthenticated},
	{"unauthorized", Code::unauthenticated},
	{"authentication_error", Code::unauthenticated},
	{"authentication_required", Code::unauthenticated},
	{"invalid_jwt", Code::unauthenticated},
	{"forbidden", Code::forbidden},
	{"access_denied", Code::forbidden},
	{"permission_denied", Code::forbidden},
	{"bad_user_input", Code::request_refused},
	{"bad_request", Code::request_refused},
	{"graphql_validation_failed", Code::request_refused},
	{"graphql_parse_failed", Code::request_refused},
	{"operation_resolution_failure", Code::request_refused},
	{"validation_failed", Code::request_refused},
	{"parse_failed", Code::request_refused},
	{"introspection_disabled", Code::request_refused},
	{"throttled", Code::rate_limited},
	{"ratelimited", Code::rate_limited},
	{"rate_limited", Code::rate_limited},
	{"rate_limit", Code::rate_limited},
	{"rate_limit_exceeded", Code::rate_limited},
	{"too_many_requests", Code::rate_limited},
	{"daily_limit_exceeded", Code::rate_limited},
	{"complexity_budget_exhausted", Code::rate_limited},
	{"complexityexception", Code::rate_limited},
	{"max_cost_exceeded", Code::rate_limited},
	{"too_complex_query", Code::rate_limited},
	{"hc0047", Code::rate_limited},
	{"resource_limits_exceeded", Code::rate_limited},
	{"max_aliases_limit", Code::limit_exceeded},
	{"max_root_fields_limit", Code::limit_exceeded},
	{"argument_limit", Code::limit_exceeded},
	{"max_node_limit_exceeded", Code::limit_exceeded},
}};

// `lower` is a message in lower case.
bool
holds_any(std::string_view lower, std::initializer_list<std::string_view> words)
{
	return std::any_of(words.begin(), words.end(),
					   [&](std::string_view word)
					   { return lower.find(word) != std::string_view::npos; });
}

bool
sounds_rate_limited(std::string_view lower)
{
	return holds_any(lower, {"secondary rate", "throttled", "too many requests", "rate limit",
							 "ratelimit", "rate-limit"});
}

}    // namespace

Code
code_of_api_error(const RemoteError &error)
{
	std::string name = lower_case(error.code);

	std::replace(name.begin(), name.end(), '-', '_');
	for (const CodeName &known : code_names)
	{
		if (known.name == name)
		{
			return known.code;
		}
	}
	return sounds_rate_limited(lower_case(error.message)) ? Code::rate_limited : Code::none;
}

bool
asks_for_less(const RemoteError &error)
{
	std::string lower = lower_case(error.message);

	return error.path.empty() && !sounds_rate_limited(lower) &&
		   holds_any(lower, {"alias", "token limit", "complexity", "cost", "too large",
							 "too complex", "depth", "more than", "exceed"});
}

}    // namespace gql
