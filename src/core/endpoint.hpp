// What belongs to one URL with one identity: settings, headers, connections, queue, schema?
//
// An Endpoint owns one curl multi handle, and with it a pool of connections that no other identity
// can use. At most `concurrency` of its transfers are in flight; later ones wait in its queue.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "core/door/transport.hpp"
#include "core/headers.hpp"
#include "core/policy.hpp"
#include "core/session_headers.hpp"
#include "core/url.hpp"

namespace gql
{

class Engine;

// What was learnt of the API's schema, see core/schema_learn.hpp. Opaque here.
struct Schema;

struct Endpoint
{
	explicit Endpoint(const EndpointSettings &settings);
	~Endpoint();
	Endpoint(const Endpoint &) = delete;
	Endpoint &operator=(const Endpoint &) = delete;

	// What other parts of the core use.
	const std::string server;          // the foreign server's name
	std::unique_ptr<Schema> schema;    // empty until something was learnt

	// What transfers and the engine use.

	// Puts the transfer into the queue and sends what may be sent. Throws when it cannot be queued;
	// whatever else goes wrong is the transfer's own error.
	void submit(Transfer *transfer);
	// Stops the transfer and takes it out of whichever list it is in.
	void forget(Transfer *transfer) noexcept;
	// A socket of the multi handle is ready; `events` are CURL_CSELECT_ bits.
	void socket_ready(curl_socket_t socket, int events) noexcept;
	// Runs timers that are due, collects results, starts what waits.
	void advance(int64_t now) noexcept;
	// A request was told to come again later: nothing is sent before that, and then one by one
	// until the API answers again.
	void hold_back(int64_t until) noexcept;
	void let_go() noexcept;
	// When advance() is wanted next, or `never`.
	int64_t next_deadline() const noexcept;

	uint32_t references = 1;
	const Url url;
	const HeaderLayers header_layers;
	const std::shared_ptr<const curl_slist> headers;    // of requests without a session's headers
	const SessionTemplates session_templates;
	const std::string ca_file;
	const std::string client_cert;
	const std::string client_key;
	const std::string proxy;    // empty: none
	const bool tls_verify;
	Policy policy;
	const long http_version;    // CURL_HTTP_VERSION_
	const bool compression;
	const uint32_t connect_timeout_ms;
	const uint32_t request_timeout_ms;
	const uint64_t max_response_bytes;
	const uint32_t concurrency;
	const uint32_t max_retries;

	Engine *engine = nullptr;    // set together with multi, at the first transfer
	CURLM *multi = nullptr;
	uint32_t slot = 0;            // index in the engine
	int64_t curl_deadline;        // what libcurl's timer callback asked for
	bool watch_failed = false;    // a socket could not be watched

	int64_t held_until = 0;
	uint32_t width;    // requests on their way at once, `concurrency` unless held back

	std::list<Transfer *> queued;     // first come, first served
	std::list<Transfer *> running;    // sending, or backing off before a retry

	// Tells libcurl where and how to connect. Throws Failure. Is in connection.cpp.
	void set_connection(CURL *easy) const;
	// May the address be connected to?
	Denial judge(const sockaddr *address, socklen_t length) const noexcept;
	Denial judge(const char *address) const noexcept;

private:
	void require_allowed_host() const;
	void connect_to_engine();
	void run_curl_timer() noexcept;
	void collect_results(int64_t now) noexcept;
	void enforce_deadlines(int64_t now) noexcept;
	void start_queued(int64_t now) noexcept;
	bool has_room() const noexcept;
	void begin(Transfer *transfer, int64_t now) noexcept;
	void end(Transfer *transfer, CURLcode result, int64_t now) noexcept;
};

}    // namespace gql
