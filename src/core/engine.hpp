// What do all endpoints of a process share: one descriptor to wait on, one timer, one clock?
#pragma once

#include <csignal>
#include <cstdint>
#include <random>
#include <vector>

#include "core/door/transport.hpp"

namespace gql
{

// Times are microseconds of the monotonic clock.
constexpr int64_t never = INT64_MAX;
int64_t monotonic_now() noexcept;

// Blocks all signals as long as it lives. libcurl starts threads to resolve names; they inherit the
// mask, so that no handler of PostgreSQL ever runs on one of them.
class SignalGuard
{
public:
	SignalGuard() noexcept
	{
		sigset_t all;
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before_);
	}
	~SignalGuard() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
	SignalGuard(const SignalGuard &) = delete;
	SignalGuard &operator=(const SignalGuard &) = delete;

private:
	sigset_t before_;
};

class Engine
{
public:
	// Initialises libcurl, too. Throws Failure when descriptors have run out.
	static Engine &instance();

	int
	descriptor() const noexcept
	{
		return epoll_;
	}

	// Endpoints take part from the first to the last moment of their multi handle.
	uint32_t enroll(Endpoint *endpoint);
	void dismiss(uint32_t slot) noexcept;

	// Watches a socket of the endpoint in `slot`; `what` is CURL_POLL_IN, OUT, INOUT or REMOVE.
	// Returns 0 or errno.
	int watch(int socket, uint32_t slot, int what) noexcept;

	void drive() noexcept;

	// Makes the descriptor readable at `when` at the latest.
	void wake_at(int64_t when) noexcept;

	// In [0, 1).
	double random();

private:
	Engine();

	int64_t advance_all() noexcept;

	int epoll_ = -1;
	int timer_ = -1;
	int64_t armed_ = never;    // when the timer goes off
	bool driving_ = false;
	std::vector<Endpoint *> endpoints_;    // by slot; nullptr where one was dismissed
	std::minstd_rand random_;
};

}    // namespace gql
