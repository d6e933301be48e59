/*
 * How does a test get a name server that never answers?
 *
 * Preloaded into a server: resolving a name under stuck.invalid never returns, every other name is
 * resolved as usual.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

typedef int (*Resolver)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
			struct addrinfo **result)
{
	static const char stuck[] = ".stuck.invalid";
	size_t length = name != NULL ? strlen(name) : 0;
	Resolver next;

	if (length >= sizeof(stuck) && strcmp(name + length - (sizeof(stuck) - 1), stuck) == 0)
	{
		for (;;)
		{
			pause();
		}
	}
	*(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
	return next(name, service, hints, result);
}
