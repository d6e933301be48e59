// What do APIs call the failures that we have a class for?
#pragma once

#include "core/door/error.hpp"
#include "core/envelope.hpp"

namespace gql
{

// What the error's code says, or its message where that is the usual sign; none when neither does.
Code code_of_api_error(const RemoteError &error);

// Whether the API found the request too large, and what it says of by how much.
Advice advice_of_api_error(const RemoteError &error);

}    // namespace gql
