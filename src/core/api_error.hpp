// What do APIs call the failures that we have a class for?
#pragma once

#include "core/door/error.hpp"
#include "core/envelope.hpp"

namespace gql
{

// What the error's code says, or its message where that is the usual sign; none when neither does.
Code code_of_api_error(const RemoteError &error);

// The API found the whole request too large: fewer keys in one request may help.
bool asks_for_less(const RemoteError &error);

}    // namespace gql
