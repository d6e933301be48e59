// Is an answer usable, and if not, what went wrong?
//
// HTTP statuses say little about GraphQL: what the body says comes first where it may be trusted,
// and the status decides where the body says nothing.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/door/error.hpp"
#include "core/door/reply.hpp"
#include "core/envelope.hpp"
#include "core/transfer.hpp"

namespace gql
{

// An answer and who sent it.
struct Source
{
	Answer &answer;
	std::string server;
	std::string where;    // for DETAIL
	bool mutation = false;
};

// Throws the transfer's own error when it has one.
Source source_of(Transfer *transfer);

// An answer that can be read.
struct Response
{
	std::string_view data;     // an object; in the answer's body; "" under OnError::by_key: lost
	size_t error_count = 0;    // beside data, under OnError::keep
	std::vector<RemoteError> errors;    // the first of them
};

// Judges status, content type, envelope and errors; `text` is then open on the answer's body.
// `visit` is called with every error and may change it. Throws Failure for what cannot be used.
Response open_response(const Source &source, JsonText &text, OnError on_error,
					   const std::function<void(RemoteError &)> &visit);

// How one of the API's errors is reported. `count`: how many there were.
Error error_of(const Source &source, const RemoteError &error, size_t count);

}    // namespace gql
