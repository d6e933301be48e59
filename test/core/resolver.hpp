// How does name resolution hang or point anywhere? Names ending in ".test" are resolved by
// resolver.cpp.
#pragma once

#include <atomic>

namespace resolver
{

extern std::atomic<bool> signals_blocked;    // at the last look-up
extern std::atomic<int> hung;                // look-ups of hang.test that have begun

}    // namespace resolver
