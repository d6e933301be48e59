// Which conditions can an API be asked to filter the rows of a table by?
//
// The option `filter` says how the API spells them and for which columns; which of them mean there
// what they mean in SQL is decided by src/pg/filter_plan.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/door/error.hpp"
#include "core/door/table.hpp"
#include "core/door/transport.hpp"

namespace gql
{

struct Query;

enum class FilterOperator : uint8_t
{
	equal,
	not_equal,
	less,
	less_or_equal,
	greater,
	greater_or_equal,
	in,
	not_in,
	is_null,
	is_not_null,
	like,
	ilike,
	starts_with,
	ends_with,
	contains,
	conjunction,
	disjunction,
	negation,
};

// A condition as a flat tree, parents before children: plain data, to be copied into plans. Of
// several trees one after the other all must hold.
struct FilterNode
{
	FilterOperator op;
	int column;    // compared: index into TableSpec::columns
	int value;     // compared: index of the value; of a test for null -1
	int count;     // and, or, not: how many children follow
};

// How the API spells `and`, `or`, `not`, or a comparison with this column.
bool table_joins(const RemoteTable *table, FilterOperator op) noexcept;
bool table_compares(const RemoteTable *table, int column, FilterOperator op) noexcept;

// Has the table an option `filter`?
bool table_filters(const RemoteTable *table) noexcept;

// Can the access be asked for a filter besides its own arguments?
bool access_filters(const RemoteTable *table, size_t access) noexcept;

// Can all of these be said at once? An API without a word for AND takes few conditions together.
bool filter_fits(const RemoteTable *table, size_t access, const FilterNode *nodes,
				 size_t count) noexcept;

// What is known of one comparison when a statement runs.
enum class FilterTruth : uint8_t
{
	compared,    // the API is to tell
	always,      // true of every row that has a value there
	never,       // of none
	unknown,     // compared with NULL
	unsaid,      // the value cannot be said to the API
};

struct FilterValue
{
	FilterTruth truth;
	std::string_view json;    // compared: a complete JSON text; of `in` and `not_in` a list
};

// The values for the filter of a query, in the order of FilterNode::value. What they decide by
// themselves is left out of what is sent, and what cannot be said is, so that rows may come that
// are to be checked, but never fewer. False when no row can pass: there is nothing to be asked.
// Holds for all requests until the next call.
bool query_filter(Query *query, const FilterValue *values, Error &err) noexcept;

// Gives it the values of another query with the same filter.
bool query_take_filter(Query *query, const Query *other, Error &err) noexcept;

// What the API compares with the value of one node, as declared or learnt: the named type, "" when
// that is not known.
std::string_view query_filter_type(const Query *query, size_t node,
								   const Endpoint *endpoint) noexcept;

// Can that type hold this string? False when it is an enum without a value of that name.
bool query_filter_takes(const Query *query, size_t node, std::string_view text,
						const Endpoint *endpoint) noexcept;

}    // namespace gql
