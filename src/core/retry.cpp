// How is it decided whether to try again?

#include "core/retry.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "core/json_text.hpp"

namespace gql
{

namespace
{

constexpr int64_t first_delay_ms = 100;
constexpr int64_t first_delay_rate_limited_ms = 1000;
constexpr int64_t longest_delay_ms = 8000;

// Failures that another connection may cure. Not among them: time-outs (they have used up the
// time), names that do not resolve, certificates that do not verify, limits of ours.
bool
is_transient(CURLcode result)
{
	switch (result)
	{
		case CURLE_COULDNT_CONNECT:
		case CURLE_SSL_CONNECT_ERROR:
		case CURLE_HTTP2:
		case CURLE_HTTP2_STREAM:
		case CURLE_PARTIAL_FILE:
		case CURLE_GOT_NOTHING:
		case CURLE_SEND_ERROR:
		case CURLE_RECV_ERROR:
			return true;
		default:
			return false;
	}
}

bool
is_transient(long status, std::string_view content_type)
{
	if (status == 429)
	{
		return true;
	}
	// A GraphQL server that answers in GraphQL has judged the operation; a gateway has not.
	return (status == 502 || status == 503 || status == 504) && !is_graphql_response(content_type);
}

}    // namespace

std::optional<int64_t>
retry_delay_ms(const Attempt &attempt)
{
	const bool answered = attempt.result == CURLE_OK;
	const bool transient =
		attempt.throttled || (answered ? is_transient(attempt.status, attempt.content_type)
									   : is_transient(attempt.result));
	int64_t delay;

	if (attempt.mutation || attempt.lasting || !transient || attempt.number > attempt.max_retries)
	{
		return {};
	}
	if (attempt.throttled && attempt.wait_ms >= 0)
	{
		delay = attempt.wait_ms;
	}
	else if (answered && attempt.retry_after >= 0)
	{
		if (attempt.retry_after > attempt.remaining_ms / 1000)
		{
			return {};
		}
		delay = attempt.retry_after * 1000;
	}
	else
	{
		const int64_t base = attempt.throttled || (answered && attempt.status == 429)
								 ? first_delay_rate_limited_ms
								 : first_delay_ms;
		const uint32_t doublings = std::min<uint32_t>(attempt.number - 1, 10);

		// Full jitter: clients that failed together do not come back together.
		delay = static_cast<int64_t>(
			static_cast<double>(std::min(base << doublings, longest_delay_ms)) * attempt.random);
	}
	if (delay >= attempt.remaining_ms)
	{
		return {};
	}
	return delay;
}

int64_t
parse_retry_after(const char *value, time_t now)
{
	const char *end = value;

	while (*end >= '0' && *end <= '9')
	{
		end++;
	}
	if (end != value && *end == '\0')
	{
		errno = 0;
		const long long seconds = strtoll(value, nullptr, 10);
		return errno == 0 ? seconds : INT64_MAX;
	}
	if (end != value || *value == '-' || *value == '+')
	{
		return -1;    // "-5", "1.5": neither a number of seconds nor a date
	}
	const time_t date = curl_getdate(value, nullptr);

	if (date == -1)
	{
		return -1;
	}
	return std::max<int64_t>(0, static_cast<int64_t>(date) - static_cast<int64_t>(now));
}

bool
is_graphql_response(std::string_view content_type)
{
	return lower_case(content_type.substr(0, content_type.find_first_of("; \t"))) ==
		   "application/graphql-response+json";
}

}    // namespace gql
