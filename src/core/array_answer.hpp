// How do the answers to an array of requests become one?
#pragma once

#include <cstddef>
#include <string_view>

#include "core/buffer.hpp"

namespace gql
{

// What an API that takes arrays of requests answers to one of them: an array with one response for
// each, in their order (Method::array). Puts in its place the response that the same keys would
// have brought in one document with an alias each: `data` has a member "a0", "a1" ... per request
// and paths of errors begin with it. So nothing behind has to know the difference.
//
// A body that is no array stays as it is, and the result is false: it is about the request as a
// whole. Where no request was carried out the first one's errors stand for all. `field`: the root
// field of each request. Throws JsonError when the array is not such an answer.
bool merge_answers(Buffer &body, std::string_view field, size_t requests);

}    // namespace gql
