// Which known name may somebody have meant who wrote an unknown one?

#include "pg/nearest_name.hpp"

#include <cstring>

namespace gql::pg
{

namespace
{

char *
lower(const char *name)
{
	return asc_tolower(name, strlen(name));
}

// The number of wrong characters, whatever their case; a name that holds what was wanted is as near
// as one with one of them. Above `limit` it may be anything above it.
int
distance(const char *wanted, const char *candidate, int limit)
{
	const int length = static_cast<int>(strlen(wanted));

	if (length > 2 && strstr(candidate, wanted) != nullptr)
	{
		return strcmp(candidate, wanted) == 0 ? 0 : 1;
	}
	return varstr_levenshtein_less_equal(wanted, length, candidate,
										 static_cast<int>(strlen(candidate)), 1, 1, 1, limit, true);
}

}    // namespace

NearestName
nearest_name_to(const char *wanted)
{
	const size_t length = strlen(wanted);

	// At most half of the characters may be wrong, and no more than three of them.
	return {lower(wanted), nullptr,
			length < NAMEDATALEN ? static_cast<int>(Min(length / 2, size_t{3})) : -1};
}

void
nearest_name_offer(NearestName *nearest, const char *candidate)
{
	if (nearest->limit < 0 || strlen(candidate) >= NAMEDATALEN)
	{
		return;
	}
	char *name = lower(candidate);
	int wrong = distance(nearest->wanted, name, nearest->limit);

	if (wrong <= nearest->limit)
	{
		nearest->match = candidate;
		nearest->limit = wrong - 1;
	}
	pfree(name);
}

}    // namespace gql::pg
