// Does an answer ask to come again later, and when?
#pragma once

#include <cstdint>
#include <ctime>
#include <string_view>

#include "core/transfer.hpp"

namespace gql
{

struct Throttle
{
	bool asked = false;
	int64_t wait_ms = -1;    // -1: it does not say how long
};

// Judges status, headers and errors.
Throttle read_throttle(const Answer &answer);

// Milliseconds from now of a header that tells when a limit is lifted: a time in seconds or
// milliseconds since 1970, or seconds from now. -1 when it cannot be read.
int64_t parse_reset(const char *value, time_t now);

}    // namespace gql
