// How do all transfers of a process go forward from a single descriptor?
//
// libcurl's callbacks only note what it wants: sockets in the epoll set, a deadline in the
// endpoint. drive() asks epoll once; only when something is ready does it run libcurl, then own
// deadlines, and sets the one timer to whatever comes first.

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>

#include "core/door/transport.hpp"
#include "core/endpoint.hpp"
#include "core/engine.hpp"
#include "core/error.hpp"

namespace gql
{

namespace
{

// One drive() ends after so many rounds though sockets are still ready, so that the caller gets to
// see its interrupts.
constexpr int most_rounds = 16;
constexpr int events_per_round = 64;

// epoll's data for the timer; sockets have (slot << 32 | socket), and no socket is negative.
constexpr uint64_t timer_mark = UINT64_MAX;

void
initialise_libcurl()
{
	static bool done = false;

	if (done)
	{
		return;
	}
	if ((curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_ASYNCHDNS) == 0)
	{
		throw Failure(Code::unsupported, "libcurl cannot resolve names without blocking",
					  "It was built without asynchronous name resolution.");
	}
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
	{
		throw Failure(Code::internal, "could not initialise libcurl");
	}
	done = true;
}

[[noreturn]] void
no_descriptor(int error)
{
	throw Failure(Code::unreachable, "could not make a descriptor for network events",
				  strerror(error));
}

}    // namespace

int64_t
monotonic_now() noexcept
{
	timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return int64_t{time.tv_sec} * 1000000 + time.tv_nsec / 1000;
}

Engine &
Engine::instance()
{
	static Engine *engine = nullptr;

	if (engine == nullptr)
	{
		const SignalGuard guard;
		initialise_libcurl();
		engine = new Engine();
	}
	return *engine;
}

Engine::Engine()
	: random_(static_cast<uint32_t>(monotonic_now()) ^ static_cast<uint32_t>(getpid()) << 16)
{
	epoll_ = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_ < 0)
	{
		no_descriptor(errno);
	}
	timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);

	epoll_event event = {};
	event.events = EPOLLIN;
	event.data.u64 = timer_mark;
	if (timer_ < 0 || epoll_ctl(epoll_, EPOLL_CTL_ADD, timer_, &event) != 0)
	{
		const int error = errno;
		close(epoll_);
		if (timer_ >= 0)
		{
			close(timer_);
		}
		no_descriptor(error);
	}
}

uint32_t
Engine::enroll(Endpoint *endpoint)
{
	const auto vacant = std::find(endpoints_.begin(), endpoints_.end(), nullptr);
	const auto slot = static_cast<uint32_t>(vacant - endpoints_.begin());

	if (vacant == endpoints_.end())
	{
		endpoints_.push_back(endpoint);
	}
	else
	{
		*vacant = endpoint;
	}
	return slot;
}

void
Engine::dismiss(uint32_t slot) noexcept
{
	endpoints_[slot] = nullptr;
}

int
Engine::watch(int socket, uint32_t slot, int what) noexcept
{
	epoll_event event = {};

	if (what == CURL_POLL_REMOVE)
	{
		epoll_ctl(epoll_, EPOLL_CTL_DEL, socket, nullptr);
		return 0;
	}
	if (what != CURL_POLL_OUT)
	{
		event.events |= EPOLLIN;
	}
	if (what != CURL_POLL_IN)
	{
		event.events |= EPOLLOUT;
	}
	event.data.u64 = uint64_t{slot} << 32 | static_cast<uint32_t>(socket);
	if (epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) == 0 ||
		(errno == EEXIST && epoll_ctl(epoll_, EPOLL_CTL_MOD, socket, &event) == 0))
	{
		return 0;
	}
	return errno;
}

double
Engine::random()
{
	return std::uniform_real_distribution<double>(0.0, 1.0)(random_);
}

void
Engine::wake_at(int64_t when) noexcept
{
	itimerspec spec = {};

	// A timer that is set too early costs one idle drive(); setting it anew costs a system call for
	// nearly every request.
	if (when >= armed_)
	{
		return;
	}
	when = std::max<int64_t>(when, 1);    // zero would disarm
	spec.it_value.tv_sec = when / 1000000;
	spec.it_value.tv_nsec = when % 1000000 * 1000;
	if (timerfd_settime(timer_, TFD_TIMER_ABSTIME, &spec, nullptr) == 0)
	{
		armed_ = when;
	}
}

// Returns when something is due next.
int64_t
Engine::advance_all() noexcept
{
	int64_t next = never;

	for (Endpoint *endpoint : endpoints_)
	{
		if (endpoint != nullptr)
		{
			endpoint->advance(monotonic_now());
			next = std::min(next, endpoint->next_deadline());
		}
	}
	return next;
}

void
Engine::drive() noexcept
{
	epoll_event events[events_per_round];
	int ready = driving_ ? 0 : epoll_wait(epoll_, events, events_per_round, 0);

	if (ready <= 0)
	{
		return;
	}

	const SignalGuard guard;
	int64_t next = never;

	driving_ = true;
	for (int round = 0; round < most_rounds && (ready > 0 || next <= monotonic_now()); round++)
	{
		for (int i = 0; i < ready; i++)
		{
			const uint64_t mark = events[i].data.u64;
			Endpoint *endpoint;

			if (mark == timer_mark)
			{
				uint64_t count;
				if (read(timer_, &count, sizeof(count)) > 0)
				{
					armed_ = never;
				}
				continue;
			}
			endpoint = endpoints_[mark >> 32];
			if (endpoint != nullptr)
			{
				const uint32_t bits = events[i].events;
				endpoint->socket_ready(
					static_cast<curl_socket_t>(mark & UINT32_MAX),
					((bits & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
						((bits & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
						((bits & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0));
			}
		}
		next = advance_all();
		ready = epoll_wait(epoll_, events, events_per_round, 0);
	}
	driving_ = false;
	if (next != never)
	{
		wake_at(next);
	}
}

int
transport_fd(Error &err) noexcept
{
	int descriptor = -1;

	guarded(err,
			[&]
			{
				descriptor = Engine::instance().descriptor();
				return true;
			});
	return descriptor;
}

void
transport_drive() noexcept
{
	Error unused;

	guarded(unused,
			[]
			{
				Engine::instance().drive();
				return true;
			});
}

struct Watch
{
	int descriptor;
};

Watch *
watch_open(Error &err) noexcept
{
	return guarded(err,
				   []
				   {
					   auto watch = std::make_unique<Watch>();

					   watch->descriptor =
						   fcntl(Engine::instance().descriptor(), F_DUPFD_CLOEXEC, 0);
					   if (watch->descriptor < 0)
					   {
						   no_descriptor(errno);
					   }
					   return watch.release();
				   });
}

int
watch_fd(const Watch *watch) noexcept
{
	return watch->descriptor;
}

void
watch_close(Watch *watch) noexcept
{
	close(watch->descriptor);
	delete watch;
}

void
transport_wake() noexcept
{
	Error unused;

	guarded(unused,
			[]
			{
				Engine::instance().wake_at(monotonic_now());
				return true;
			});
}

std::string_view
transport_version() noexcept
{
	return curl_version();
}

}    // namespace gql
