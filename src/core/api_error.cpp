// What do APIs call the failures that we have a class for?

#include "core/api_error.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <initializer_list>
#include <vector>

#include "core/json_text.hpp"

namespace gql
{

namespace
{

// Splitting a request has an end: one key.
constexpr int until_single = INT_MAX;

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

// Those of them, and others, that a smaller request would not have met.
constexpr std::array<std::string_view, 12> size_code_names = {
	"max_aliases_limit", "max_root_fields_limit", "argument_limit",  "max_node_limit_exceeded",
	"max_cost_exceeded", "too_complex_query",     "hc0047",          "resource_limits_exceeded",
	"payload_too_large", "request_too_large",     "query_too_large", "tenant_time_limit_exceeded",
};

std::string
code_name(const RemoteError &error)
{
	std::string name = lower_case(error.code);

	std::replace(name.begin(), name.end(), '-', '_');
	return name;
}

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

// Not among the signs: depth, which is the same for any number of keys, and what validation says
// of the fields and arguments of one key.
bool
sounds_too_large(std::string_view lower)
{
	return !sounds_rate_limited(lower) &&
		   !holds_any(lower, {"depth", "cannot query field", "unknown argument", "unknown type"}) &&
		   holds_any(lower, {"exceed", "too large", "too many", "too complex", "too big",
							 "more than", "at most", "limit of", "limited to", "token limit"});
}

std::vector<double>
numbers_in(std::string_view text)
{
	std::vector<double> numbers;
	double number = 0;
	bool inside = false;

	for (size_t i = 0; i <= text.size(); i++)
	{
		const char c = i < text.size() ? text[i] : ' ';
		const bool digit = c >= '0' && c <= '9';

		if (digit)
		{
			number = number * 10 + (c - '0');
		}
		else if (inside)
		{
			numbers.push_back(number);
			number = 0;
		}
		inside = digit;
	}
	return numbers;
}

// Two numbers are what was asked for and what is allowed, in either order; one is what is allowed.
void
read_excess(const RemoteError &error, Advice &advice)
{
	const std::vector<double> numbers =
		error.costs.size() == 2 ? error.costs : numbers_in(error.message);

	if (numbers.size() == 1)
	{
		advice.allowed = numbers[0];
	}
	else if (numbers.size() >= 2)
	{
		advice.allowed = std::min(numbers[0], numbers[1]);
		advice.asked = std::max(numbers[0], numbers[1]);
	}
}

}    // namespace

Code
code_of_api_error(const RemoteError &error)
{
	const std::string name = code_name(error);

	for (const CodeName &known : code_names)
	{
		if (known.name == name)
		{
			return known.code;
		}
	}
	return sounds_rate_limited(lower_case(error.message)) ? Code::rate_limited : Code::none;
}

Advice
advice_of_api_error(const RemoteError &error)
{
	const std::string name = code_name(error);
	Advice advice;

	if (std::find(size_code_names.begin(), size_code_names.end(), name) != size_code_names.end() ||
		(error.path.empty() && sounds_too_large(lower_case(error.message))))
	{
		advice.fewer_keys = true;
		advice.tries = until_single;
		read_excess(error, advice);
	}
	else if (error.path.empty() && lower_case(error.message).find("query validation error") == 0)
	{
		// What servers say that were told to keep their limits to themselves.
		advice.fewer_keys = true;
		advice.tries = 1;
	}
	return advice;
}

}    // namespace gql
