// How does an endpoint keep its transfers moving?

#include "core/endpoint.hpp"

#include <algorithm>

#include "core/engine.hpp"
#include "core/error.hpp"
#include "core/schema_learn.hpp"
#include "core/transfer.hpp"

namespace gql
{

namespace
{

long
parse_http_version(std::string_view version, bool secure)
{
	const bool has_http2 = (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTP2) != 0;

	if (version == "1.1")
	{
		return CURL_HTTP_VERSION_1_1;
	}
	if (version == "2")
	{
		if (!has_http2)
		{
			throw Failure(Code::unsupported, "libcurl was built without HTTP/2");
		}
		return secure ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
	}
	if (version == "auto" || version.empty())
	{
		return secure && has_http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1;
	}
	throw Failure(Code::invalid_option, "http_version must be \"auto\", \"1.1\" or \"2\"");
}

int
on_socket(CURL *, curl_socket_t socket, int what, void *data, void *) noexcept
{
	auto *endpoint = static_cast<Endpoint *>(data);

	if (endpoint->engine->watch(socket, endpoint->slot, what) != 0)
	{
		endpoint->watch_failed = true;
	}
	return 0;
}

int
on_timer(CURLM *, long timeout_ms, void *data) noexcept
{
	auto *endpoint = static_cast<Endpoint *>(data);

	if (timeout_ms < 0)
	{
		endpoint->curl_deadline = never;
	}
	else
	{
		endpoint->curl_deadline =
			timeout_ms == 0 ? 0 : monotonic_now() + int64_t{timeout_ms} * 1000;
	}
	return 0;
}

}    // namespace

Endpoint::Endpoint(const EndpointSettings &settings)
	: server(settings.server), url(parse_url(settings.url)), header_layers(read_headers(settings)),
	  headers(merge_headers(header_layers, {})),
	  session_templates(parse_session_headers(settings.session_headers)), ca_file(settings.ca_file),
	  client_cert(settings.client_cert), client_key(settings.client_key),
	  proxy(settings.proxy.empty() ? std::string() : parse_proxy(settings.proxy).text),
	  tls_verify(settings.tls_verify), policy(settings.policy),
	  http_version(parse_http_version(settings.http_version, url.secure)),
	  compression(settings.compression), connect_timeout_ms(settings.connect_timeout_ms),
	  request_timeout_ms(settings.request_timeout_ms),
	  max_response_bytes(settings.max_response_bytes),
	  concurrency(std::max<uint32_t>(settings.concurrency, 1)), max_retries(settings.max_retries),
	  curl_deadline(never), width(concurrency)
{
	require_allowed_host();
}

Endpoint::~Endpoint()
{
	if (multi != nullptr)
	{
		curl_multi_cleanup(multi);
		engine->dismiss(slot);
	}
}

void
Endpoint::require_allowed_host() const
{
	const auto deny = [&](const char *what, std::string_view hint)
	{
		throw Failure(Code::forbidden,
					  "could not connect to GraphQL server \"" + server + "\": " + what +
						  " denied by policy",
					  url.authority, std::string(hint));
	};

	if (!policy.allows_host(url))
	{
		deny("host", "The setting graphql_fdw.allowed_hosts names the hosts that may be reached.");
	}
	if (proxy.empty())
	{
		return;
	}
	// Behind a proxy no address will be seen but its own.
	if (!url.secure && !policy.allows_clear_text())
	{
		deny("address", denial_hint(Denial::clear_text));
	}
	Address literal;
	const std::string_view host = url.host;
	const std::string bare(host.substr(0, 1) == "[" ? host.substr(1, host.size() - 2) : host);

	if (read_address(bare.c_str(), literal) && policy.judge(literal, false) == Denial::never)
	{
		deny("address", denial_hint(Denial::never));
	}
}

// What goes to a proxy without TLS is not on its way to where it is wanted yet.
Denial
Endpoint::judge(const sockaddr *address, socklen_t length) const noexcept
{
	return policy.judge(address, length, !url.secure && proxy.empty());
}

Denial
Endpoint::judge(const char *address) const noexcept
{
	return policy.judge(address, !url.secure && proxy.empty());
}

// Not in the constructor: describing an endpoint (EXPLAIN) must not take descriptors.
void
Endpoint::connect_to_engine()
{
	if (multi != nullptr)
	{
		return;
	}
	engine = &Engine::instance();
	slot = engine->enroll(this);
	multi = curl_multi_init();
	if (multi == nullptr)
	{
		engine->dismiss(slot);
		throw std::bad_alloc();
	}
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(concurrency));
#if LIBCURL_VERSION_NUM >= 0x081400
	curl_multi_setopt(multi, CURLMOPT_QUICK_EXIT, 1L);    // see CURLOPT_QUICK_EXIT
#endif
}

void
Endpoint::submit(Transfer *transfer)
{
	connect_to_engine();
	queued.push_back(transfer);
	transfer->position = std::prev(queued.end());
	transfer->state = Transfer::State::queued;

	// What can be written without waiting is written now: the caller may have work to do before it
	// waits.
	const SignalGuard guard;
	advance(monotonic_now());
	engine->wake_at(next_deadline());
}

void
Endpoint::forget(Transfer *transfer) noexcept
{
	switch (transfer->state)
	{
		case Transfer::State::queued:
			queued.erase(transfer->position);
			break;
		case Transfer::State::sending:
			transfer->detach();
			[[fallthrough]];
		case Transfer::State::backing_off:
			running.erase(transfer->position);
			if (!queued.empty() || !running.empty())
			{
				engine->wake_at(monotonic_now());
			}
			break;
		case Transfer::State::created:
		case Transfer::State::done:
			break;
	}
	transfer->state = Transfer::State::done;
}

void
Endpoint::socket_ready(curl_socket_t socket, int events) noexcept
{
	int still_running;

	curl_multi_socket_action(multi, socket, events, &still_running);
}

void
Endpoint::advance(int64_t now) noexcept
{
	start_queued(now);
	if (curl_deadline <= now)
	{
		run_curl_timer();
	}
	collect_results(now);
	enforce_deadlines(now);
	start_queued(now);
}

void
Endpoint::run_curl_timer() noexcept
{
	int still_running;
	long timeout_ms = -1;

	curl_deadline = never;
	curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &still_running);

	// libcurl does not repeat a deadline it has announced already, not even when it finds that the
	// deadline is still a moment away.
	if (curl_deadline == never && curl_multi_timeout(multi, &timeout_ms) == CURLM_OK &&
		timeout_ms >= 0)
	{
		curl_deadline = monotonic_now() + std::max(timeout_ms, 1L) * 1000;
	}
}

void
Endpoint::collect_results(int64_t now) noexcept
{
	int left;

	while (const CURLMsg *message = curl_multi_info_read(multi, &left))
	{
		char *transfer = nullptr;

		if (message->msg == CURLMSG_DONE &&
			curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer) == CURLE_OK)
		{
			end(reinterpret_cast<Transfer *>(transfer), message->data.result, now);
		}
	}
	if (watch_failed)
	{
		watch_failed = false;
		for (auto next = running.begin(); next != running.end();)
		{
			Transfer *transfer = *next++;

			if (transfer->state == Transfer::State::sending)
			{
				end(transfer, CURLE_OUT_OF_MEMORY, now);
			}
		}
	}
}

void
Endpoint::enforce_deadlines(int64_t now) noexcept
{
	for (auto next = running.begin(); next != running.end();)
	{
		Transfer *transfer = *next++;

		if (transfer->state == Transfer::State::backing_off && transfer->wake_at <= now &&
			held_until <= now && has_room())
		{
			begin(transfer, now);
		}
		else if (transfer->state == Transfer::State::sending && transfer->deadline <= now)
		{
			end(transfer, CURLE_OPERATION_TIMEDOUT, now);
		}
	}
}

void
Endpoint::start_queued(int64_t now) noexcept
{
	while (!queued.empty() && running.size() < concurrency && held_until <= now && has_room())
	{
		running.splice(running.end(), queued, queued.begin());
		begin(running.back(), now);
	}
}

bool
Endpoint::has_room() const noexcept
{
	return std::count_if(running.begin(), running.end(),
						 [](const Transfer *transfer)
						 { return transfer->state == Transfer::State::sending; }) < width;
}

void
Endpoint::hold_back(int64_t until) noexcept
{
	held_until = std::max(held_until, until);
	width = 1;
}

void
Endpoint::let_go() noexcept
{
	width = std::min(concurrency, width * 2);
}

void
Endpoint::begin(Transfer *transfer, int64_t now) noexcept
{
	guarded(transfer->error,
			[&]
			{
				transfer->begin_attempt(now);
				return true;
			});
	if (transfer->error.code != Code::none)
	{
		running.erase(transfer->position);
		transfer->state = Transfer::State::done;
		transfer->finished = now;
	}
}

void
Endpoint::end(Transfer *transfer, CURLcode result, int64_t now) noexcept
{
	transfer->end_attempt(result, now);
	if (transfer->state == Transfer::State::done)
	{
		running.erase(transfer->position);
	}
}

int64_t
Endpoint::next_deadline() const noexcept
{
	const bool room = has_room();
	int64_t next = curl_deadline;

	if (room && !queued.empty() && running.size() < concurrency)
	{
		next = std::min(next, held_until);
	}
	for (const Transfer *transfer : running)
	{
		if (transfer->state == Transfer::State::sending)
		{
			next = std::min(next, transfer->deadline);
		}
		else if (room)    // else it waits for one that is on its way
		{
			next = std::min(next, std::max(transfer->wake_at, held_until));
		}
	}
	return next;
}

Endpoint *
endpoint_open(const EndpointSettings &settings, Error &err) noexcept
{
	return guarded(err, [&] { return new Endpoint(settings); });
}

Endpoint *
endpoint_retain(Endpoint *endpoint) noexcept
{
	endpoint->references++;
	return endpoint;
}

void
endpoint_release(Endpoint *endpoint) noexcept
{
	if (endpoint != nullptr && --endpoint->references == 0)
	{
		delete endpoint;
	}
}

}    // namespace gql
