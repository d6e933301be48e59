// What do APIs call the operators of their filters?

#include "core/filter_words.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/detect_match.hpp"
#include "core/import_names.hpp"

namespace gql
{

namespace
{

using OperatorName = std::pair<std::string_view, std::string_view>;

// Case and underscores aside. What means something else in one API or another (is) is not here.
constexpr std::array<OperatorName, 38> operator_names = {{
	{"eq", "="},
	{"equals", "="},
	{"equalto", "="},
	{"ne", "<>"},
	{"neq", "<>"},
	{"not", "<>"},
	{"notequals", "<>"},
	{"notequalto", "<>"},
	{"lt", "<"},
	{"lessthan", "<"},
	{"lesser", "<"},
	{"lte", "<="},
	{"le", "<="},
	{"lessthanorequal", "<="},
	{"lessthanorequalto", "<="},
	{"lessthanorequals", "<="},
	{"gt", ">"},
	{"greaterthan", ">"},
	{"greater", ">"},
	{"gte", ">="},
	{"ge", ">="},
	{"greaterthanorequal", ">="},
	{"greaterthanorequalto", ">="},
	{"greaterthanorequals", ">="},
	{"in", "in"},
	{"oneof", "in"},
	{"anyof", "in"},
	{"nin", "not-in"},
	{"notin", "not-in"},
	{"isnull", "is-null"},
	{"null", "is-null"},
	{"like", "like"},
	{"ilike", "ilike"},
	{"likeinsensitive", "ilike"},
	{"startswith", "starts-with"},
	{"endswith", "ends-with"},
	{"contains", "contains"},
	{"notequal", "<>"},
}};

}    // namespace

std::string_view
operator_of(std::string_view name)
{
	std::string plain = plain_name(name);
	auto found = std::find_if(operator_names.begin(), operator_names.end(),
							  [&](const OperatorName &entry) { return entry.first == plain; });

	return found == operator_names.end() ? std::string_view() : found->second;
}

bool
is_part_test(std::string_view sql_operator)
{
	return sql_operator == "starts-with" || sql_operator == "ends-with" ||
		   sql_operator == "contains";
}

bool
takes_operand(std::string_view sql_operator, const TypeRef &operand, const TypeRef &field)
{
	if (sql_operator == "is-null")
	{
		return is_leaf(operand) && operand.name == "Boolean";
	}
	if (sql_operator == "in" || sql_operator == "not-in")
	{
		return list_depth(operand) == 1 && are_comparable(field, element_of(operand));
	}
	if (is_part_test(sql_operator) && operand.name != "String")
	{
		return false;
	}
	return are_comparable(field, operand);
}

bool
is_bound(std::string_view sql_operator)
{
	return sql_operator == "<" || sql_operator == "<=" || sql_operator == ">" ||
		   sql_operator == ">=";
}

}    // namespace gql
