// How do several calls of graphql_query() with one document become one request?
//
// The document's root fields are repeated once per call under aliases of their own, and so are the
// variables whose values differ. The answer is taken apart again: each call gets the data, and the
// errors, that it would have got by itself.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/door/error.hpp"
#include "core/door/transport.hpp"

namespace gql
{

// A document that can be merged, and its operation. `document_kind()` must have called it a query.
struct Merge;

// nullptr when calls of this document must be sent one by one; err then says why (unsupported).
Merge *merge_open(std::string_view document, std::string_view operation, Error &err) noexcept;
void merge_close(Merge *merge) noexcept;

// The request body for `count` calls; `variables` holds a JSON object for each. Documents come in
// few sizes. Valid until the next call.
std::string_view merge_body(Merge *merge, const std::string_view *variables, size_t count,
							Error &err) noexcept;

// The answer to merge_body(), taken apart.
struct MergedReply;

// nullptr only when memory has run out. The transfer may be closed afterwards.
MergedReply *merged_open(Transfer *transfer, size_t count, Error &err) noexcept;
void merged_close(MergedReply *reply) noexcept;

// What the whole request failed with; code none when it did not. `smaller`: fewer calls in one
// request may do better.
const Error &merged_failure(const MergedReply *reply, bool &smaller) noexcept;

// What came for one call: the raw JSON of its `data`, and the first of its errors or code none.
// False when only a request of its own can tell; such a call may be why the request failed.
bool merged_call(const MergedReply *reply, size_t call, std::string_view &data,
				 Error &first) noexcept;

}    // namespace gql
