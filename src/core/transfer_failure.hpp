// What kind of failure was it that ended an attempt, and what is said of it?
#pragma once

#include <curl/curl.h>

#include "core/transfer.hpp"

namespace gql
{

// No address of the host may be connected to.
bool address_denied(const Transfer &transfer) noexcept;

// Another attempt would fail in the same way.
bool is_lasting(const Transfer &transfer) noexcept;

// Notes in the transfer what libcurl's result and words mean beyond their face value.
void recognise_failure(Transfer &transfer, CURLcode result);

// Fills transfer.error for an attempt that was the last one.
void describe_failure(Transfer &transfer, CURLcode result);

}    // namespace gql
