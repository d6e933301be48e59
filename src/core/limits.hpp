// What is known of how many keys an API takes in one request? (The door is core/door/limits.hpp.)
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/door/error.hpp"

namespace gql
{

// Of one access by one method. Counts what travels: keys in lists, aliases.
struct Limit
{
	size_t keys = 0;        // in one request; 0: nothing was refused
	size_t worked = 0;      // the largest that did
	size_t cap = 0;         // rows an answer never exceeds; 0: none known
	size_t complete = 0;    // rows of the largest answer known to be complete
	size_t probed = 0;      // the last size tried that was larger
	uint32_t successes = 0;
	uint32_t probe_after = 0;    // successes until one larger request is tried

	// The size for the parts of a request that was refused.
	size_t refuse(size_t asked_for, const Advice &advice);
	// `most`: there is nothing to learn beyond.
	void work(size_t asked_for, size_t most);
	// The size of a larger request that is worth a try by now; 0: none is.
	size_t due() const;
	// The same for a request that is being sent: the next one is not due for a while.
	size_t probe();
};

}    // namespace gql
