// Which known name may somebody have meant who wrote an unknown one?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

struct NearestName
{
	const char *wanted;
	const char *match;    // nullptr: none is near
	int limit;            // of wrong characters in a better match; negative: there is none
};

NearestName nearest_name_to(const char *wanted);

// `candidate` has to stay until the answer was used.
void nearest_name_offer(NearestName *nearest, const char *candidate);

}    // namespace gql::pg
