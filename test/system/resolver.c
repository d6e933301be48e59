/*
 * How does a test get a name server that never answers, points inward, or changes its mind?
 *
 * Preloaded into a server, it resolves names under "invalid" out of themselves; every other name is
 * resolved as usual.
 *
 *   api.stuck.invalid                                never returns
 *   169.254.169.254.is.invalid                       that address
 *   --ffff-169.254.169.254.is.invalid                ::ffff:169.254.169.254: colons are dashes
 *   127.0.0.1.then.169.254.169.254.is.invalid        one after the other, the last one from then on
 *
 * How often a name was asked for is counted as long as no other one is.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef int (*Resolver)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static int
ends_in(const char *name, const char *end)
{
	size_t length = strlen(name);

	return length > strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

/* How often the name has been asked for before. */
static unsigned
times_asked(const char *name)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static char last[1024];
	static unsigned times;
	unsigned before;

	pthread_mutex_lock(&lock);
	if (strcmp(last, name) != 0)
	{
		snprintf(last, sizeof(last), "%s", name);
		times = 0;
	}
	before = times++;
	pthread_mutex_unlock(&lock);
	return before;
}

/* The address that a name under is.invalid stands for now. */
static void
address_of(const char *name, char *address, size_t size)
{
	static const char then[] = ".then.";
	unsigned skip = times_asked(name);
	const char *next;
	size_t length;
	char *at;

	while ((next = strstr(name, then)) != NULL && skip-- > 0)
	{
		name = next + sizeof(then) - 1;
	}
	length = next != NULL ? (size_t)(next - name) : strlen(name) - strlen(".is.invalid");
	snprintf(address, size, "%.*s", (int)length, name);
	for (at = address; *at != '\0'; at++)
	{
		*at = *at == '-' ? ':' : *at;
	}
}

int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
			struct addrinfo **result)
{
	Resolver next;
	char address[256];

	if (name != NULL && ends_in(name, ".stuck.invalid"))
	{
		for (;;)
		{
			pause();
		}
	}
	if (name != NULL && ends_in(name, ".is.invalid"))
	{
		address_of(name, address, sizeof(address));
		name = address;
	}
	*(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
	return next(name, service, hints, result);
}
