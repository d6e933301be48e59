// Can the API compare with a value?
//
// A value that the API's type cannot hold is not sent: the comparison is decided without it, or
// left to a check afterwards. Which type that is shows only when a scan runs.
#pragma once

#include "core/door/filter.hpp"
#include "core/door/query.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// One value on its way to the API.
struct Operand
{
	const FilterNode *node;
	Oid type;
	std::string_view graphql_type;    // "" not known
	const Query *query;
	const Endpoint *endpoint;
	size_t index;    // of the node
};

// Can the API be told no value at all, whichever it is?
bool differs_in_type(const Operand *operand);

// Is the node compared with each element of an array?
bool is_list(const FilterNode *node);

// Whether the API is asked to compare with this value. May change it to what is sent.
FilterTruth judge(const Operand *operand, Datum *value);

// HV00L: the value has to be said, and cannot be.
[[noreturn]] void raise_unsaid(const Operand *operand, const char *relation);

}    // namespace gql::pg
