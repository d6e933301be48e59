// How are values read that stand in GraphQL text, and how are they written so that equal ones look
// alike?
#pragma once

#include <string>
#include <string_view>

#include "core/token_stream.hpp"

namespace gql
{

// Reads a string, or a block string, that comes now: what it stands for. NUL, which PostgreSQL
// cannot hold, becomes U+FFFD. Throws SyntaxError.
std::string read_string(TokenStream &tokens);

// Reads a value without variables and appends it: {field: NAME, first: [1, 2]}. Throws SyntaxError.
void read_value(TokenStream &tokens, std::string &out);

// The same for a whole text; what is no value becomes a string.
std::string canonical_value(std::string_view text);

// The text as it stands between the quotes of a block string.
std::string block_string_text(std::string_view text);

// Text of others as PostgreSQL can hold it.
std::string without_nul(std::string text);

}    // namespace gql
