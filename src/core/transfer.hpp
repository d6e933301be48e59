// How does one request travel, with its retries, and what came back?
//
// Readers of finished transfers (verdict.cpp) use the first part. A Transfer that failed
// before an answer was complete has an error; otherwise it has an answer, of whatever HTTP status:
// judging statuses, content types and bodies is not done here.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "core/buffer.hpp"
#include "core/door/transport.hpp"
#include "core/policy.hpp"
#include "core/tls_failure.hpp"

namespace gql
{

struct Answer
{
	long status = 0;                // HTTP status
	std::string content_type;       // as sent, with parameters; "" when absent
	std::string redirect_origin;    // 3xx: "https://other.example:8443" of Location, no path; or ""
	int64_t retry_after = -1;       // seconds; -1 when absent or unreadable
	int64_t reset_ms = -1;    // until a limit that is used up is lifted; -1 when nothing says so
	int64_t wait_ms = -1;     // what a throttled request is asked to wait; -1 when nothing says so
	Buffer body;              // decoded; Buffer::padding readable bytes behind it
};

// nullptr when an answer came.
const Error *transfer_error(const Transfer *transfer) noexcept;

// Of a done transfer without error. A reader that outlives the transfer moves the body out.
Answer &transfer_answer(Transfer *transfer) noexcept;

bool transfer_is_mutation(const Transfer *transfer) noexcept;
const std::string &transfer_server(const Transfer *transfer) noexcept;

// For an error's DETAIL: "api.example.com:443, attempt 2 of 3, 5003 ms, HTTP 503".
std::string transfer_where(const Transfer *transfer);

// ---------------------------------------------------------------------------------------------
// The rest is for endpoint.cpp, transfer_failure.cpp and tests.

struct Transfer
{
	enum class State : uint8_t
	{
		created,
		queued,
		sending,        // its easy handle is in the endpoint's multi handle
		backing_off,    // waits for `wake_at` before the next attempt
		done,
	};

	// Retains the endpoint.
	Transfer(Endpoint *endpoint, const RequestHeaders *headers, std::string_view body,
			 bool mutation);
	~Transfer();
	Transfer(const Transfer &) = delete;
	Transfer &operator=(const Transfer &) = delete;

	// Begins the first or the next attempt; throws Failure when that is impossible.
	void begin_attempt(int64_t now);
	// The attempt is over. Afterwards the state is `done` or `backing_off`.
	void end_attempt(CURLcode result, int64_t now) noexcept;
	// Takes the easy handle out of the multi handle; a half-read connection is closed.
	void detach() noexcept;

	Endpoint *const endpoint;
	const std::shared_ptr<const curl_slist> headers;
	const std::string body;
	const bool mutation;

	State state = State::created;
	Answer answer;
	Error error;    // code none: an answer came
	TransferStats stats;

	std::list<Transfer *>::iterator position;    // in the endpoint's list that holds it
	int64_t started = 0;                         // of the first attempt
	int64_t deadline = 0;                        // of all attempts together
	int64_t wake_at = 0;                         // backing_off: when the next attempt begins
	int64_t finished = 0;

	CURL *easy = nullptr;
	uint32_t attempts = 0;

	// Of the present attempt, written by libcurl's callbacks.
	enum class Stop : uint8_t
	{
		none,
		body_too_large,
		headers_too_large,
		out_of_memory,
		resend,    // libcurl wanted to send a mutation a second time
		peer,      // the connection leads to an address that is denied
	};
	Stop stop = Stop::none;
	uint32_t sent = 0;    // how often the request was about to be written
	uint32_t sockets_opened = 0;
	Denial denied = Denial::none;    // the worst of the host's addresses
	int socket_error = 0;            // errno of socket()
	size_t header_bytes = 0;
	bool headers_complete = false;
	TlsProblem tls_problem = TlsProblem::none;
	long proxy_status = 0;    // what a proxy answered that did not let us through
	char curl_text[CURL_ERROR_SIZE] = "";
};

}    // namespace gql
