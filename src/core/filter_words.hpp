// What do APIs call the operators of their filters?
#pragma once

#include <array>
#include <string_view>

#include "core/schema.hpp"

namespace gql
{

// In the order in which options list them.
inline constexpr std::array<std::string_view, 14> sql_operators = {
	"=",      "<>",      "<",    "<=",    ">",           ">=",        "in",
	"not-in", "is-null", "like", "ilike", "starts-with", "ends-with", "contains"};

// The operator of SQL that a name stands for, "" when none is known.
std::string_view operator_of(std::string_view name);

// Tests for a part of a text, which LIKE can do as well. Only beside startsWith it is sure that
// contains is one: by itself it may be about words.
bool is_part_test(std::string_view sql_operator);

// One of <, <=, > and >=.
bool is_bound(std::string_view sql_operator);

// Can the operand of the operator be compared with the field?
bool takes_operand(std::string_view sql_operator, const TypeRef &operand, const TypeRef &field);

}    // namespace gql
