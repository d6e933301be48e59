// What did the API answer: which rows, which values, which errors?
//
// A Reply walks the answer once, front to back. Opening it judges HTTP status, content type, the
// GraphQL envelope and its `errors`; then rows are pulled one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/door/error.hpp"
#include "core/door/query.hpp"
#include "core/door/transport.hpp"

namespace gql
{

struct Reply;

enum class Kind : uint8_t
{
	null,
	boolean,    // text is "true" or "false"
	number,     // text is the exact token, checked against JSON's number grammar
	string,     // text is unescaped UTF-8 (may hold U+0000, which the caller must refuse)
	json,       // text is the raw JSON of any value but null (columns with Leaf::json)
	list,       // items
	object,     // items: one per member of the composite, in their order; missing ones are null
};

struct Value
{
	Kind kind = Kind::null;
	uint32_t count = 0;    // of items
	std::string_view text;
	const Value *items = nullptr;
};

constexpr uint32_t no_page = UINT32_MAX;

struct Row
{
	bool rowless = false;      // none: only an object that could have held rows, see reply_next()
	bool first = false;        // of the rows in that object
	uint32_t slot = 0;         // which key of an alias request; 0 otherwise
	uint32_t page = 0;         // which page of the slot, where lists on the way have several; of
							   // the lists inside objects (Access::lists) which of them, or no_page
	uint32_t depth = 0;        // lists entered on the way, the first 4 of them
	uint32_t index[4] = {};    // positions in them
	uint32_t element[4] = {};    // which elements of the field's path returned them
	const Value *values =
		nullptr;    // one per selected column, in the order of QuerySpec::selected
};

// What GraphQL `errors` beside data do (surface: on_error).
enum class OnError : uint8_t
{
	error,     // opening fails with remote_error
	keep,      // what has no error is read; failed fields read null
	by_key,    // the same, also where one failed key left nothing of the others' data
};

constexpr size_t no_error = SIZE_MAX;

enum class Lifetime : uint8_t
{
	row,      // a row's values live until the next reply_next(): for large answers
	reply,    // all values live until reply_close()
};

// Takes the body out of the finished transfer. `keys` as given to query_body(). nullptr and err
// when the transfer failed or the answer is not usable. The query must outlive the reply.
Reply *reply_open(Transfer *transfer, const Query *query, size_t keys, OnError on_error,
				  Lifetime lifetime, Error &err) noexcept;

// False at the end, or when err.code is set. In answers to a list of keys that are read above the
// rows, an object with such a key and no rows is told, too: its key was answered. So are objects
// that QuerySpec::parents asks for.
bool reply_next(Reply *reply, Row &row, Error &err) noexcept;

// Under OnError::keep: how many GraphQL errors there were, and the message of each.
size_t reply_error_count(const Reply *reply) noexcept;
void reply_error(const Reply *reply, size_t index, Error &err) noexcept;
// Under OnError::keep: the slot's field, or something between it and its rows, is null because of
// an error: its rows are unknown rather than absent. For list requests slot 0 stands for all keys.
// Meaningful once reply_next() has returned false.
bool reply_slot_failed(const Reply *reply, size_t slot) noexcept;

// Under OnError::by_key: there is no data at all because of errors at fields. Slots that have not
// failed were not answered.
bool reply_lost_all(const Reply *reply) noexcept;
// Under OnError::by_key, which error, as an index for reply_error(), or no_error:
// the first one of a slot, rather one at its rows or above them;
size_t reply_slot_error(const Reply *reply, size_t slot) noexcept;
// the first one inside a row, whose errors are then all accounted for;
size_t reply_row_error(Reply *reply, const Row &row) noexcept;
// the first one that is about no slot, or inside a list's rows and in none of those given to
// reply_row_error().
size_t reply_other_error(const Reply *reply) noexcept;
// Is the error at the rows of a slot, or above them?
bool reply_error_at_rows(const Reply *reply, size_t index, size_t *slot) noexcept;

// Nulls where the rows of a slot, or the objects with the keys of a list, are: keys that were
// answered, and have none. Known once reply_next() has returned false.
size_t reply_nulls(const Reply *reply, size_t slot) noexcept;

// Bytes held by the reply: body and values.
size_t reply_memory(const Reply *reply) noexcept;
void reply_close(Reply *reply) noexcept;

// "accountsByIds[3]": where in the answer the row stood. Returns the length, cut to fit.
size_t row_path(const Query *query, const Row &row, char *buffer, size_t size) noexcept;

// For graphql_query() and graphql_execute(): the raw JSON of `data`, judged in the same way. Valid
// until transfer_close(). Under OnError::keep the errors beside data are dropped; `first` is filled
// with the first of them.
bool reply_data(Transfer *transfer, OnError on_error, std::string_view &data, Error &first,
				Error &err) noexcept;

}    // namespace gql
