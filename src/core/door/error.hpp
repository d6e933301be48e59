// What went wrong, in a form that can cross the door between the C++ core and PostgreSQL?
//
// An Error is plain data of fixed size: filling one in allocates nothing, so it also works when
// memory has run out. The core says what kind of failure it is; src/pg/errors.cpp alone knows which
// SQLSTATE that becomes.
#pragma once

namespace gql
{

enum class Code
{
	none,
	out_of_memory,
	invalid_option,      // an option's value cannot be used (found by a check at DDL)
	invalid_argument,    // an argument of an SQL function cannot be used
	unsupported,         // asked for something this extension does not do
	unreachable,         // name resolution, connecting or TLS failed: nothing was sent
	endpoint_refused,    // the URL does not speak GraphQL to us: 3xx, 404, 405, 406, 410, 415
	connection_lost,     // the connection failed or timed out after the request was sent, or a 5xx
	outcome_unknown,     // the same for a mutation: it may or may not have been carried out
	protocol_violation,    // the answer is not HTTP, not JSON, or not a GraphQL response
	unauthenticated,       // 401, or the API's own word for it
	forbidden,             // 403, the API's own word for it, or an address denied by policy
	request_refused,       // the API refused the operation before executing it
	remote_error,          // the API executed the operation and reported errors
	reply_incomplete,      // the pages of an answer cannot be put together
	schema_unavailable,    // the API's schema cannot be had, or what is said to be one cannot be
						   // used
	object_missing,        // what is to be imported is not there
	shape_mismatch,        // the answer does not have the shape the table declares
	rate_limited,          // 429, or the API's own word for it, beyond what waiting could cure
	limit_exceeded,        // a size limit of ours was met
	too_deep,              // nesting beyond the limit
	internal,              // a bug in this extension
};

// May a read that failed succeed with fewer keys in each request, or put otherwise?
struct Advice
{
	bool fewer_keys = false;
	bool no_arrays = false;    // it was answered as if the API did not know arrays of requests
	int tries = 0;       // how often in a row that may be in vain until it is believed not to help
	double asked = 0;    // what the API says the request came to, and what it allows: 0 not said
	double allowed = 0;
};

// All texts are UTF-8, end in NUL, and are cut at a character boundary when too long. They hold no
// secrets: no headers, no URL paths or query strings, no more than a short excerpt of a body.
struct Error
{
	Code code = Code::none;
	char message[512];    // primary message: lower case, no full stop
	char detail[1024];    // may be empty
	char hint[512];       // may be empty
	Advice advice;

	// One is made for each row that is read: what is behind the texts' ends is left as it is.
	Error() noexcept { message[0] = detail[0] = hint[0] = '\0'; }
};

}    // namespace gql
