// How does the PostgreSQL side send a GraphQL request and wait for its answer?
//
// Nothing here ever sleeps. The caller waits for one descriptor, calls transport_drive() whenever
// it is readable, and looks whether its transfer is done:
//
//     while (!transfer_done(t)) { wait until transport_fd() is readable or interrupted;
//                                 transport_drive(); }
//
// The descriptor is an epoll instance that holds the sockets of every endpoint and one timer, so
// requests to several APIs go forward together whichever of them is waited for. Timeouts, back-off
// before a retry and low-speed limits are all on that timer.
//
// All functions are noexcept and may be called from memory-context callbacks, except where they
// report an Error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/door/error.hpp"

namespace gql
{

// One URL with one identity: its connections, its limits and what was learnt of its schema.
// Reference counted; a transfer in flight holds a reference of its own.
struct Endpoint;

// One request with its retries. Owned by the caller.
struct Transfer;

// Where requests may go: what the DBA's settings say, and who owns the server. The texts are those
// of the settings graphql_fdw.allowed_hosts and graphql_fdw.allowed_networks.
struct NetworkPolicy
{
	std::string_view allowed_hosts;       // empty: any
	std::string_view allowed_networks;    // beside those that anybody's servers reach
	bool allow_http = false;              // beyond loopback
	bool inner_networks = false;          // loopback and private ones: a superuser owns the server
};

// Which headers one session's requests carry, see session_headers.hpp. Owned by the caller.
struct RequestHeaders;

// Copied by endpoint_open(). Texts are UTF-8; empty means "not given".
struct EndpointSettings
{
	std::string_view server;             // the foreign server's name, for messages
	std::string_view url;                // http or https
	std::string_view public_headers;     // JSON object of strings
	std::string_view session_headers;    // JSON object of templates, see session_headers.hpp
	std::string_view secret_headers;     // JSON object of strings, from the user mapping
	std::string_view bearer_token;
	std::string_view user;    // with password: HTTP Basic
	std::string_view password;
	std::string_view ca_file;        // PEM file; empty: the system's authorities
	std::string_view client_cert;    // PEM file, with client_key
	std::string_view client_key;     // PEM file
	std::string_view proxy;    // "http://host:port"; empty: none, whatever the environment says
	bool tls_verify = true;    // off: anybody may pose as the server
	std::string_view http_version;    // "auto", "1.1" or "2" (over http: prior knowledge)
	bool compression = true;
	uint32_t connect_timeout_ms = 5000;
	uint32_t request_timeout_ms = 30000;        // all attempts of one request together
	uint64_t max_response_bytes = 64u << 20;    // after decompression
	uint32_t concurrency = 4;                   // transfers in flight at once; later ones queue
	uint32_t max_retries = 2;                   // of reads; mutations are never sent twice
	NetworkPolicy policy;
};

Endpoint *endpoint_open(const EndpointSettings &settings, Error &err) noexcept;
Endpoint *endpoint_retain(Endpoint *endpoint) noexcept;
void endpoint_release(Endpoint *endpoint) noexcept;

// Starts a POST of `body` (a complete GraphQL-over-HTTP JSON request, copied) or queues it when
// `concurrency` transfers of the endpoint are in flight. nullptr and err when it cannot be started.
// Without `headers` it carries the endpoint's own alone.
Transfer *transfer_start(Endpoint *endpoint, const RequestHeaders *headers, std::string_view body,
						 bool mutation, Error &err) noexcept;

// True once the answer, or the failure, is complete: no more waiting will change it.
bool transfer_done(const Transfer *transfer) noexcept;

struct TransferStats
{
	uint32_t requests = 0;    // HTTP requests started, retries included
	uint32_t retries = 0;
	uint64_t bytes = 0;    // decoded bytes of the answers
};
TransferStats transfer_stats(const Transfer *transfer) noexcept;

// Drops the transfer, also in the middle: a half-read connection is closed, never reused.
void transfer_close(Transfer *transfer) noexcept;

// The descriptor to wait on for readability, made on first use; -1 and err on failure.
int transport_fd(Error &err) noexcept;

// Moves every transfer forward as far as it goes without blocking.
void transport_drive() noexcept;

// Checks of option values at DDL time: false and err (invalid_option) when unusable.
bool check_url(std::string_view url, Error &err) noexcept;
bool check_proxy(std::string_view proxy, Error &err) noexcept;
// `is_public`: refuses names that look like credentials, which belong in the user mapping.
bool check_headers(std::string_view json, bool is_public, Error &err) noexcept;
// A value that will travel inside a header: no control characters. `what` names it in the message.
bool check_header_value(std::string_view what, std::string_view value, Error &err) noexcept;

// Checks of settings' values: false and err, whose detail says what is wrong, when unusable.
bool check_allowed_hosts(std::string_view hosts, Error &err) noexcept;
bool check_allowed_networks(std::string_view networks, Error &err) noexcept;

// A descriptor of its own that is readable whenever transport_fd() is: sets of descriptors take
// each one only once, however many wait for the transport.
struct Watch;
Watch *watch_open(Error &err) noexcept;
int watch_fd(const Watch *watch) noexcept;
void watch_close(Watch *watch) noexcept;

// Makes the descriptors readable now: for who would wait for what may be done already.
void transport_wake() noexcept;

// "libcurl/7.88.1 OpenSSL/3.0.15 ...": for graphql_fdw_version().
std::string_view transport_version() noexcept;

}    // namespace gql
