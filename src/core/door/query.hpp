// Which GraphQL operation asks for these columns of these keys, and what does the request look
// like?
//
// A Query is one access of a table together with the columns wanted back, the columns whose values
// are sent, and the method that puts several keys into one request. Values travel in variables
// only, so the document is the same text for every request of the same size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/door/error.hpp"
#include "core/door/filter.hpp"
#include "core/door/order.hpp"
#include "core/door/table.hpp"
#include "core/door/transport.hpp"

namespace gql
{

struct Query;

enum class Method : uint8_t
{
	single,    // one key (or none: a scan) per request
	list,      // many keys in the list argument of one field
	alias,     // many keys, each with an aliased field of its own
	array,     // many keys, each with an operation of its own in an array of requests
};

// Does every key have rows of its own in the answer, rather than all of them one list?
inline bool
answers_by_key(Method method)
{
	return method == Method::alias || method == Method::array;
}

struct QuerySpec
{
	size_t access = 0;    // index for table_access()
	Method method = Method::single;
	const int *selected = nullptr;    // columns wanted back, without duplicates
	size_t selected_count = 0;
	const int *bound = nullptr;    // columns whose values are sent, a subset of the access's
	size_t bound_count = 0;
	const FilterNode *filter = nullptr;    // its values come with query_filter()
	size_t filter_count = 0;
	const OrderKey *order = nullptr;    // what the API is asked to order rows by
	size_t order_count = 0;
	bool loose_order = false;    // rows it takes for equal may change places between two pages
	size_t parents = 0;    // so many levels above the rows, objects without any are told as well
};

// The table must outlive the query.
Query *query_open(const RemoteTable *table, const QuerySpec &spec, Error &err) noexcept;
void query_close(Query *query) noexcept;

// The types of variables: a column's `type` option says them, else the API's schema does. Returns
// the body of the introspection request that would tell what is still missing, or "" when nothing
// is. The caller sends it, waits, hands the answer to schema_learn() and asks again. An API that
// refuses introspection is remembered as such: types then follow from the SQL types.
// The text is valid until the next call on the query.
std::string_view query_schema_question(Query *query, Endpoint *endpoint, Error &err) noexcept;
void schema_learn(Endpoint *endpoint, Transfer *answer) noexcept;

// After the questions: the name of an argument that the API (or the column's `type`) requires and
// that this query leaves open, or "". `endpoint` may be nullptr (EXPLAIN: what is known so far).
std::string_view query_missing_argument(const Query *query, const Endpoint *endpoint) noexcept;

// The named GraphQL type ("ID", "Int") of the variable for QuerySpec::bound[index], as declared or
// learnt, or "" when it only follows from the SQL type: it decides between 42 and "42".
std::string_view query_bound_type(const Query *query, size_t index,
								  const Endpoint *endpoint) noexcept;

// The document for a request of `keys` keys, for EXPLAIN and for query_body(). Alias documents come
// in few sizes: `keys` is rounded up to one. Valid until the next call on the query.
std::string_view query_document(Query *query, size_t keys, const Endpoint *endpoint,
								Error &err) noexcept;

// Which page of its rows a request asks for, key by key (for Method::list once for all keys).
struct PageRequest
{
	const size_t *keys;                   // which of those given to pager_open()
	const std::string_view *positions;    // JSON values; "" from the beginning
	const uint32_t *sizes;
	size_t count;
};

// The request body for `keys` keys. `values` holds keys x bound_count JSON values (complete JSON
// texts: 42, "abc", true), row by row in the order of QuerySpec::bound. With Method::list the bound
// columns outside the list must have the same value in every row. Valid until the next call.
// `page` is what the pager says (core/door/pages.hpp), nullptr where rows do not come in pages.
std::string_view query_body(Query *query, const std::string_view *values, size_t keys,
							const PageRequest *page, const Endpoint *endpoint, Error &err) noexcept;

// Is the text a number as JSON writes it?
bool is_json_number(std::string_view text) noexcept;

// The field's path as people read it in EXPLAIN and in messages: "viewer.repositories.nodes".
std::string_view query_field(const Query *query) noexcept;

// How its rows come in pages, nullptr when they do not.
const Paging *query_pages(const Query *query) noexcept;

// How many rows of each list inside an object to ask for, where those come in pages
// (Access::lists). Must be said before query_body().
void query_set_list_size(Query *query, uint32_t size) noexcept;

// What a document handed to graphql_query() would do. False and err (invalid_argument) when it is
// not a GraphQL document, or does not hold exactly the operation named (or one, when none is
// named).
enum class OperationKind : uint8_t
{
	query,
	mutation,
	subscription,
};
bool document_kind(std::string_view document, std::string_view operation_name, OperationKind &kind,
				   Error &err) noexcept;

}    // namespace gql
