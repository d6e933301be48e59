// What kind of failure was it that ended an attempt, and what is said of it?
#pragma once

#include <curl/curl.h>

#include "core/transfer.hpp"

namespace gql
{

// No address of the host may be connected to.
bool address_denied(const Transfer &transfer) noexcept;

// Notes in transfer.stop what libcurl reports in other ways when it meets a limit that is ours as
// well.
void recognise_limits(Transfer &transfer, CURLcode result) noexcept;

// Fills transfer.error for an attempt that was the last one.
void describe_failure(Transfer &transfer, CURLcode result);

}    // namespace gql
