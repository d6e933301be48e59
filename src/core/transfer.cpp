// How is one request set up in libcurl, and what becomes of each attempt?

#include "core/transfer.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <optional>

#include "core/curl_option.hpp"
#include "core/endpoint.hpp"
#include "core/engine.hpp"
#include "core/error.hpp"
#include "core/retry.hpp"
#include "core/throttle.hpp"
#include "core/transfer_failure.hpp"

namespace gql
{

namespace
{

constexpr size_t max_header_bytes = 256 * 1024;
constexpr long receive_buffer_bytes = 64 * 1024;
constexpr long low_speed_bytes_per_second = 100;
constexpr long low_speed_seconds = 15;

// ---------------------------------------------------------------------------------------------
// Callbacks: libcurl cannot be left by an exception, so nothing here can throw.

size_t
on_body(char *bytes, size_t, size_t count, void *data) noexcept
{
	auto *transfer = static_cast<Transfer *>(data);
	Buffer &body = transfer->answer.body;
	const uint64_t limit = transfer->endpoint->max_response_bytes;

	if (count > limit || body.size() > limit - count)
	{
		transfer->stop = Transfer::Stop::body_too_large;
		return 0;
	}
	if (body.size() == 0)
	{
		curl_off_t announced = -1;

		// From here on silence is a stalled connection. Before, it may be an API that thinks.
		curl_easy_setopt(transfer->easy, CURLOPT_LOW_SPEED_LIMIT, low_speed_bytes_per_second);
		curl_easy_setopt(transfer->easy, CURLOPT_LOW_SPEED_TIME, low_speed_seconds);

		curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
		// A hint only: when it cannot be had, append() grows as needed.
		if (announced > 0)
		{
			body.reserve(std::min(static_cast<uint64_t>(announced), limit));
		}
	}
	if (!body.append(bytes, count))
	{
		transfer->stop = Transfer::Stop::out_of_memory;
		return 0;
	}
	transfer->stats.bytes += count;
	return count;
}

size_t
on_header(char *bytes, size_t, size_t count, void *data) noexcept
{
	auto *transfer = static_cast<Transfer *>(data);

	transfer->header_bytes += count;
	transfer->headers_complete = count > 0 && (bytes[0] == '\r' || bytes[0] == '\n');
	if (transfer->header_bytes > max_header_bytes)
	{
		transfer->stop = Transfer::Stop::headers_too_large;
		return 0;
	}
	return count;
}

// Called when a connection is ready and the request is about to be written to it. libcurl calls it
// again when a connection that was kept alive turns out to be dead: it then means to send the same
// request once more, although the server may have read it. Reads may; mutations may not.
int
on_send(void *data, char *peer, char *, int, int) noexcept
{
	auto *transfer = static_cast<Transfer *>(data);
	const Denial denied = transfer->endpoint->judge(peer);

	if (denied != Denial::none)
	{
		transfer->denied = denied;
		transfer->stop = Transfer::Stop::peer;
		return CURL_PREREQFUNC_ABORT;
	}
	if (transfer->sent > 0)
	{
		if (transfer->mutation)
		{
			transfer->stop = Transfer::Stop::resend;
			return CURL_PREREQFUNC_ABORT;
		}
		transfer->stats.requests++;
		transfer->stats.retries++;
	}
	transfer->sent++;
	return CURL_PREREQFUNC_OK;
}

curl_socket_t
on_open_socket(void *data, curlsocktype, curl_sockaddr *address) noexcept
{
	auto *transfer = static_cast<Transfer *>(data);
	const Denial denied = transfer->endpoint->judge(&address->addr, address->addrlen);

	if (denied != Denial::none)
	{
		transfer->denied = std::max(transfer->denied, denied);
		return CURL_SOCKET_BAD;
	}
	const int descriptor =
		socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

	if (descriptor < 0)
	{
		transfer->socket_error = errno;
		return CURL_SOCKET_BAD;
	}
	transfer->sockets_opened++;
	return descriptor;
}

// ---------------------------------------------------------------------------------------------

void
set_request(CURL *easy, Transfer *transfer)
{
	const Endpoint &endpoint = *transfer->endpoint;

	set(easy, CURLOPT_POST, 1L);
	set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer->body.size()));
	set(easy, CURLOPT_POSTFIELDS, transfer->body.data());    // not copied by libcurl
	set(easy, CURLOPT_HTTPHEADER, transfer->headers.get());
	set(easy, CURLOPT_USERAGENT, "graphql_fdw");
	set(easy, CURLOPT_ACCEPT_ENCODING, endpoint.compression ? "" : "identity");
	set(easy, CURLOPT_BUFFERSIZE, receive_buffer_bytes);
	set(easy, CURLOPT_MAXFILESIZE_LARGE,
		static_cast<curl_off_t>(std::min<uint64_t>(endpoint.max_response_bytes, INT64_MAX)));
	set(easy, CURLOPT_WRITEFUNCTION, on_body);
	set(easy, CURLOPT_WRITEDATA, transfer);
	set(easy, CURLOPT_HEADERFUNCTION, on_header);
	set(easy, CURLOPT_HEADERDATA, transfer);
	set(easy, CURLOPT_PREREQFUNCTION, on_send);
	set(easy, CURLOPT_PREREQDATA, transfer);
	set(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	set(easy, CURLOPT_OPENSOCKETDATA, transfer);
	set(easy, CURLOPT_ERRORBUFFER, transfer->curl_text);
	set(easy, CURLOPT_PRIVATE, transfer);
}

// Of the limits that are used up, the one lifted last.
int64_t
read_reset(CURL *easy)
{
	static constexpr const char *limits[][2] = {
		{"X-RateLimit-Remaining", "X-RateLimit-Reset"},
		{"RateLimit-Remaining", "RateLimit-Reset"},
		{"X-RateLimit-Requests-Remaining", "X-RateLimit-Requests-Reset"},
		{"X-RateLimit-Complexity-Remaining", "X-RateLimit-Complexity-Reset"},
	};
	int64_t reset = -1;

	for (const auto &limit : limits)
	{
		curl_header *header = nullptr;

		if (curl_easy_header(easy, limit[0], 0, CURLH_HEADER, -1, &header) == CURLHE_OK &&
			strcmp(header->value, "0") == 0 &&
			curl_easy_header(easy, limit[1], 0, CURLH_HEADER, -1, &header) == CURLHE_OK)
		{
			reset = std::max(reset, parse_reset(header->value, time(nullptr)));
		}
	}
	return reset;
}

void
read_answer(Transfer &transfer)
{
	const char *text = nullptr;
	curl_header *header = nullptr;

	curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &transfer.answer.status);
	if (curl_easy_getinfo(transfer.easy, CURLINFO_CONTENT_TYPE, &text) == CURLE_OK &&
		text != nullptr)
	{
		transfer.answer.content_type = text;
	}
	text = nullptr;
	if (curl_easy_getinfo(transfer.easy, CURLINFO_REDIRECT_URL, &text) == CURLE_OK &&
		text != nullptr)
	{
		transfer.answer.redirect_origin = url_origin(text);
	}
	if (curl_easy_header(transfer.easy, "Retry-After", 0, CURLH_HEADER, -1, &header) == CURLHE_OK)
	{
		transfer.answer.retry_after = parse_retry_after(header->value, time(nullptr));
	}
	transfer.answer.reset_ms = read_reset(transfer.easy);
}

}    // namespace

// ---------------------------------------------------------------------------------------------

Transfer::Transfer(Endpoint *owner, const RequestHeaders *own, std::string_view request,
				   bool is_mutation)
	: endpoint(owner), headers(own != nullptr ? own->list : owner->headers), body(request),
	  mutation(is_mutation)
{
	endpoint_retain(owner);
}

Transfer::~Transfer()
{
	endpoint->forget(this);
	if (easy != nullptr)
	{
		curl_easy_cleanup(easy);
	}
	endpoint_release(endpoint);
}

void
Transfer::begin_attempt(int64_t now)
{
	if (attempts == 0)
	{
		started = now;
		deadline = now + int64_t{endpoint->request_timeout_ms} * 1000;
	}
	else
	{
		deadline += std::max<int64_t>(now - wake_at, 0);    // it was not its turn
	}
	if (easy == nullptr)
	{
		easy = curl_easy_init();
		if (easy == nullptr)
		{
			throw std::bad_alloc();
		}
		endpoint->set_connection(easy);
		set_request(easy, this);
	}
	set(easy, CURLOPT_LOW_SPEED_TIME, 0L);    // until the body begins
	answer = Answer();
	stop = Stop::none;
	sent = 0;
	sockets_opened = 0;
	denied = Denial::none;
	socket_error = 0;
	header_bytes = 0;
	headers_complete = false;
	tls_problem = TlsProblem::none;
	proxy_status = 0;
	curl_text[0] = '\0';
	if (curl_multi_add_handle(endpoint->multi, easy) != CURLM_OK)
	{
		throw std::bad_alloc();
	}
	state = State::sending;
	attempts++;
	stats.requests++;
}

void
Transfer::detach() noexcept
{
	if (state == State::sending)
	{
		curl_multi_remove_handle(endpoint->multi, easy);
	}
}

void
Transfer::end_attempt(CURLcode result, int64_t now) noexcept
{
	guarded(error,
			[&]
			{
				detach();
				state = State::done;
				finished = now;
				recognise_failure(*this, result);
				read_answer(*this);

				const Throttle throttle = result == CURLE_OK ? read_throttle(answer) : Throttle();
				Attempt attempt;

				answer.wait_ms = throttle.asked ? throttle.wait_ms : -1;
				attempt.mutation = mutation;
				attempt.lasting = is_lasting(*this);
				attempt.result = result;
				attempt.status = answer.status;
				attempt.content_type = answer.content_type;
				attempt.retry_after = answer.retry_after;
				attempt.throttled = throttle.asked;
				attempt.wait_ms = throttle.wait_ms;
				attempt.number = attempts;
				attempt.max_retries = endpoint->max_retries;
				attempt.remaining_ms = (deadline - now) / 1000;
				attempt.random = endpoint->engine->random();
				const std::optional<int64_t> delay = retry_delay_ms(attempt);

				if (delay)
				{
					state = State::backing_off;
					wake_at = now + *delay * 1000;
					stats.retries++;
					answer.body.clear();
					if (throttle.asked)
					{
						endpoint->hold_back(wake_at);
					}
				}
				else if (result != CURLE_OK)
				{
					describe_failure(*this, result);
					answer.body.clear();
				}
				else
				{
					answer.body.shrink();
					if (!throttle.asked)
					{
						endpoint->let_go();
					}
				}
				return true;
			});
	if (state == State::done)
	{
		curl_easy_cleanup(easy);
		easy = nullptr;
	}
}

const Error *
transfer_error(const Transfer *transfer) noexcept
{
	return transfer->error.code == Code::none ? nullptr : &transfer->error;
}

Answer &
transfer_answer(Transfer *transfer) noexcept
{
	return transfer->answer;
}

bool
transfer_is_mutation(const Transfer *transfer) noexcept
{
	return transfer->mutation;
}

const std::string &
transfer_server(const Transfer *transfer) noexcept
{
	return transfer->endpoint->server;
}

std::string
transfer_where(const Transfer *transfer)
{
	const uint32_t most = transfer->mutation ? 1 : transfer->endpoint->max_retries + 1;
	std::string text = transfer->endpoint->url.authority + ", attempt " +
					   std::to_string(transfer->attempts) + " of " + std::to_string(most) + ", " +
					   std::to_string((transfer->finished - transfer->started) / 1000) + " ms";

	if (!transfer->endpoint->proxy.empty())
	{
		text += ", through a proxy";
	}
	if (transfer->answer.status != 0)
	{
		text += ", HTTP " + std::to_string(transfer->answer.status);
	}
	return text;
}

Transfer *
transfer_start(Endpoint *endpoint, const RequestHeaders *headers, std::string_view body,
			   bool mutation, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   auto transfer =
						   std::make_unique<Transfer>(endpoint, headers, body, mutation);
					   endpoint->submit(transfer.get());
					   return transfer.release();
				   });
}

bool
transfer_done(const Transfer *transfer) noexcept
{
	return transfer->state == Transfer::State::done;
}

TransferStats
transfer_stats(const Transfer *transfer) noexcept
{
	return transfer->stats;
}

void
transfer_close(Transfer *transfer) noexcept
{
	delete transfer;
}

}    // namespace gql
