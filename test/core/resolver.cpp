// How does name resolution hang or point anywhere?

#include "resolver.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

using namespace std::chrono_literals;

std::atomic<bool> resolver::signals_blocked{false};
std::atomic<int> resolver::hung{0};

extern "C" int
getaddrinfo(const char *name, const char *service, const addrinfo *hints, addrinfo **result)
{
	using Function = int (*)(const char *, const char *, const addrinfo *, addrinfo **);
	static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
	const std::string host = name == nullptr ? "" : name;
	sigset_t mask;

	pthread_sigmask(SIG_SETMASK, nullptr, &mask);
	resolver::signals_blocked =
		sigismember(&mask, SIGALRM) == 1 && sigismember(&mask, SIGUSR1) == 1;
	if (host == "hang.test")
	{
		resolver::hung++;
		std::this_thread::sleep_for(3s);
		return EAI_AGAIN;
	}
	if (host == "missing.test")
	{
		return EAI_NONAME;
	}
	if (host == "metadata.test")
	{
		return real("169.254.169.254", service, hints, result);
	}
	if (host == "turns.test")
	{
		static std::atomic<int> times{0};
		return real(times++ % 2 == 0 ? "127.0.0.1" : "169.254.169.254", service, hints, result);
	}
	if (host == "elsewhere.test")
	{
		return real("192.0.2.1", service, hints, result);
	}
	if (host == "here.test")
	{
		return real("127.0.0.1", service, hints, result);
	}
	return real(name, service, hints, result);
}
