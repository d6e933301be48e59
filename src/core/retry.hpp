// When is a request sent again, and after how long?
//
// Pure policy: no clock, no random numbers, no network.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <ctime>
#include <optional>
#include <string_view>

namespace gql
{

// One attempt that has ended.
struct Attempt
{
	bool mutation = false;
	bool lasting = false;             // known to fail again: denied by policy, certificates
	CURLcode result = CURLE_OK;       // CURLE_OK: an answer came
	long status = 0;                  // of the answer
	std::string_view content_type;    // of the answer
	int64_t retry_after = -1;         // seconds, of the answer; -1 when absent
	bool throttled = false;           // the answer asks to come again later
	int64_t wait_ms = -1;             // and then; -1 when it does not say
	uint32_t number = 1;              // 1 for the first attempt
	uint32_t max_retries = 0;
	int64_t remaining_ms = 0;    // until the deadline of the whole request
	double random = 0;           // in [0, 1)
};

// Milliseconds to wait before the next attempt; empty when this was the last one.
std::optional<int64_t> retry_delay_ms(const Attempt &attempt);

// Seconds from now that a Retry-After header asks for, as a number or as an HTTP date; -1 when it
// cannot be read.
int64_t parse_retry_after(const char *value, time_t now);

// "application/graphql-response+json", with or without parameters: the body is authoritative
// whatever the status says.
bool is_graphql_response(std::string_view content_type);

}    // namespace gql
