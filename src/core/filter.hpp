// How does a filter become a value of the API's input type?
#pragma once

#include <string>
#include <vector>

#include "core/conventions.hpp"
#include "core/door/filter.hpp"
#include "core/table.hpp"

namespace gql
{

// What a filter asks for once its values are known.
struct FilterText
{
	enum class Rows
	{
		all,
		some,
		none,
	};

	Rows rows = Rows::all;
	std::string json;                      // an input object
	std::vector<std::string> arguments;    // FilterStyle::arguments: node by node; "" not sent
};

// Throws Failure (unsupported) when the API has no way to say it.
FilterText write_filter(const RemoteTable &table, const std::vector<FilterNode> &nodes,
						const FilterValue *values);

// The API's name of an operator, nullptr when it has none for the column.
const std::string *filter_operator(const RemoteTable &table, int column, FilterOperator op);

// The member of the filter, or the argument, that compares a column: price, or price_gt.
std::string filter_member(const RemoteTable &table, const FilterNode &node);

// The argument that the comparison is in: that of the filter, or one of its own.
ArgumentPath filter_argument(const RemoteTable &table, const FilterNode &node);

// The comparison with keys of a column, with a list of them where the API has a word for it. Its
// value is that behind those of `others`.
FilterNode filter_key_node(const RemoteTable &table, int column,
						   const std::vector<FilterNode> &others);

// The element of the access's field that takes an argument of the filter. False when there is none.
bool find_filter_element(const RemoteTable &table, const AccessPlan &plan,
						 const ArgumentPath &argument, size_t &element);

// Puts the filter among the arguments of an access. False when there is no place for it.
bool place_filter(const RemoteTable &table, const std::vector<FilterNode> &nodes, AccessPlan &plan);

}    // namespace gql
