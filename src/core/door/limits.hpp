// How many keys does an API take in one request?
//
// What APIs refused is remembered for as long as the process lives, by endpoint, field and method,
// and tried again now and then. None of it decides about results: it only sizes requests.
#pragma once

#include <cstddef>

#include "core/door/error.hpp"
#include "core/door/query.hpp"
#include "core/door/transport.hpp"

namespace gql
{

// Whose limits. The query's access and method count, not its columns.
struct LimitsOf
{
	const Endpoint *endpoint;
	const Query *query;
	size_t most;    // keys in one request, as the user wants it
};

// What one request may ask for: `most` as long as nothing was refused.
size_t limits_keys(const LimitsOf &of) noexcept;

// The same for a request that is about to be sent, with so many keys waiting: now and then it tries
// more.
size_t limits_next(const LimitsOf &of, size_t waiting) noexcept;

// How many keys to wait for until the next request is sent: as many as it will try.
size_t limits_room(const LimitsOf &of) noexcept;

// A request for `keys` keys was refused. Returns how many its parts should have: fewer than `keys`.
size_t limits_refused(const LimitsOf &of, size_t keys, const Advice &advice) noexcept;

// A request for `keys` keys was answered.
void limits_worked(const LimitsOf &of, size_t keys) noexcept;

// Does the API take an array of requests, as far as is known? One that does not is asked for
// aliases instead from then on.
bool limits_take_arrays(const LimitsOf &of) noexcept;
void limits_note_no_arrays(const LimitsOf &of) noexcept;

// Requests were made smaller in vain.
void limits_forget(const LimitsOf &of) noexcept;

// The most rows an answer for many keys is known to have held without being cut: one with fewer has
// all rows there are.
size_t limits_complete(const LimitsOf &of) noexcept;
void limits_note_complete(const LimitsOf &of, size_t rows) noexcept;

// Answers end after so many rows without a word. More keys are never asked for again.
void limits_note_cap(const LimitsOf &of, size_t rows) noexcept;

}    // namespace gql
