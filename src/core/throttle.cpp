// Does an answer ask to come again later, and when?

#include "core/throttle.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>

#include "core/api_error.hpp"
#include "core/envelope.hpp"
#include "core/json_read.hpp"

namespace gql
{

namespace
{

using simdjson::ondemand::json_type;

// Answers with nothing but errors are short; others need not be read twice.
constexpr size_t longest_refusal = 16 * 1024;
constexpr double longest_wait_s = 1e9;

int64_t
milliseconds(double seconds)
{
	return seconds >= 0 && seconds < longest_wait_s
			   ? static_cast<int64_t>(std::ceil(seconds * 1000))
			   : -1;
}

// The numbers of `extensions.cost` that say when a bucket of points is full enough.
struct Bucket
{
	double requested = 0;
	double available = 0;
	double rate = 0;    // points a second
};

void
read_bucket(JsonValue value, Bucket &bucket)
{
	std::string scratch;

	if (json_take(value.type()) != json_type::object)
	{
		return;
	}
	for (auto field : json_take(value.get_object()))
	{
		JsonField member = json_take(std::move(field));
		const std::string key(json_key(member, scratch));
		JsonValue inner = member.value();

		if (key == "cost" || key == "throttleStatus")
		{
			read_bucket(inner, bucket);
		}
		else if (json_take(inner.type()) == json_type::number)
		{
			const double number = std::strtod(std::string(json_token(inner)).c_str(), nullptr);

			bucket.requested = key == "requestedQueryCost" ? number : bucket.requested;
			bucket.available = key == "currentlyAvailable" ? number : bucket.available;
			bucket.rate = key == "restoreRate" ? number : bucket.rate;
		}
	}
}

// Until the bucket holds what the request takes.
int64_t
bucket_wait_ms(std::string_view extensions)
{
	Bucket bucket;

	if (!extensions.empty())
	{
		JsonText text;

		text.open_copy("{\"\":" + std::string(extensions) + '}');
		read_bucket(json_take(text.root().find_field("")), bucket);
	}
	return bucket.rate > 0
			   ? milliseconds(std::max(0.0, bucket.requested - bucket.available) / bucket.rate)
			   : -1;
}

Throttle
read_errors_of(const Answer &answer)
{
	Throttle throttle;
	JsonText text;
	double seconds = -1;

	text.open_copy(answer.body.view());

	const Envelope envelope = read_envelope(text);

	read_errors(envelope.errors,
				[&](const RemoteError &error)
				{
					if (code_of_api_error(error) == Code::rate_limited &&
						!advice_of_api_error(error).fewer_keys)
					{
						throttle.asked = true;
						seconds = std::max(seconds, error.wait_s);
					}
				});
	throttle.wait_ms = seconds >= 0 ? milliseconds(seconds) : bucket_wait_ms(envelope.extensions);
	return throttle;
}

// Can there be something in the body? Most answers name no errors. A look tells, where reading them
// would check all of their rows, as is done again when they are opened.
bool
is_worth_reading(const Answer &answer)
{
	constexpr std::string_view errors = "\"errors\"";
	const std::string_view body = answer.body.view();

	return !body.empty() && body.size() <= longest_refusal &&
		   (answer.status != 200 ||
			memmem(body.data(), body.size(), errors.data(), errors.size()) != nullptr);
}

}    // namespace

Throttle
read_throttle(const Answer &answer)
{
	const bool told = answer.retry_after >= 0 || answer.reset_ms >= 0;
	Throttle throttle;

	if (is_worth_reading(answer))
	{
		try
		{
			throttle = read_errors_of(answer);
		}
		catch (const JsonError &)
		{
			// Not GraphQL: status and headers are all there is.
		}
	}
	throttle.asked = throttle.asked || answer.status == 429 || (answer.status == 403 && told);
	if (answer.retry_after >= 0)
	{
		throttle.wait_ms = milliseconds(static_cast<double>(answer.retry_after));
	}
	else if (throttle.wait_ms < 0)
	{
		throttle.wait_ms = answer.reset_ms;
	}
	return throttle;
}

int64_t
parse_reset(const char *value, time_t now)
{
	constexpr double earliest_s = 1e9;    // 2001
	constexpr double earliest_ms = 1e12;
	char *end = nullptr;

	errno = 0;
	const double number = std::strtod(value, &end);

	if (end == value || *end != '\0' || errno != 0 || !(number >= 0))
	{
		return -1;
	}
	const double moment = number >= earliest_ms ? number / 1000 : number;

	return milliseconds(moment >= earliest_s ? std::max(0.0, moment - static_cast<double>(now))
											 : moment);
}

}    // namespace gql
