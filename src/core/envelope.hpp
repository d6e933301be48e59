// Where in a GraphQL response are `data` and `errors`, and what do the errors say?
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_read.hpp"

namespace gql
{

// Views into the text; "" where the member is absent.
struct Envelope
{
	std::string_view data;
	std::string_view errors;
	std::string_view extensions;
};

// Throws JsonError when `data` or `errors` comes twice, or neither comes.
Envelope read_envelope(const JsonText &text);

struct RemoteError
{
	std::string message;              // cleaned
	std::string code;                 // extensions.code, or `type` beside the message; cleaned
	std::vector<std::string> path;    // response keys and list positions; "" none
	std::vector<double> costs;        // numbers in extensions whose names speak of cost
	double wait_s = -1;               // in extensions: how long to wait; -1 not said

	std::string path_text() const;
};

// Calls `visit` with every error. What is not a list of errors counts as one error. Returns their
// number: 0 for null and for an empty list.
size_t read_errors(std::string_view errors, const std::function<void(RemoteError &)> &visit);

}    // namespace gql
