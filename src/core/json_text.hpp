// How is text written into JSON, and into GraphQL documents?
//
// The escapes of JSON strings are a subset of those of GraphQL strings, so one function serves
// both.
#pragma once

#include <string>
#include <string_view>

namespace gql
{

// Appends `text` (UTF-8) between double quotes.
void append_quoted(std::string &out, std::string_view text);

// Text of others for a message of ours: one line, no control or direction-changing characters,
// valid UTF-8, at most `limit` bytes (then ending in "...").
std::string clean_text(std::string_view text, size_t limit);

// The same between double quotes, for names and what stands in their place.
std::string in_quotes(std::string_view text);

// ASCII letters only, whatever the locale says.
std::string lower_case(std::string_view text);

}    // namespace gql
