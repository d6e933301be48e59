// How do the values of one row become the values of the wanted columns?
#pragma once

#include <cstddef>
#include <vector>

#include "core/arena.hpp"
#include "core/json_read.hpp"
#include "core/query.hpp"

namespace gql
{

class RowReader
{
public:
	// Values are put into `arena`; strings without escapes stay where they are.
	RowReader(const Query &query, Arena &arena);

	// One value per wanted column. Throws Failure (shape_mismatch) where the answer does not have
	// the shape that the table declares, JsonError where it is not even GraphQL.
	const Value *read(JsonValue &row);

private:
	using Object = simdjson::ondemand::object;
	using List = simdjson::ondemand::array;

	void collect_leaves(const SelectionNode &node);
	void read_fields(const SelectionNode &node, Object object, Value *leaves, int lists);
	void read_child(const SelectionNode &child, JsonValue &value, Value *leaves, int lists);
	void read_list(const SelectionNode &child, List list, Value *leaves, int lists);
	Value join(const SelectionNode &leaf, const std::vector<Value> &values, size_t first,
			   size_t width);
	Value read_leaf(const SelectionNode &leaf, JsonValue &value, int lists);
	Value read_items(const SelectionNode &leaf, List list, int lists);
	Value read_members(const SelectionNode &leaf, Object object);
	Value read_scalar(JsonValue &value);
	Value read_self(const Column &column, JsonValue &row);
	Value coalesce(const Value &first, const Value &second);
	Value keep_list(const std::vector<Value> &items);
	[[noreturn]] void mismatch(const Column &column, const char *wanted, JsonValue &value) const;

	const Query &query_;
	Arena &arena_;
	std::vector<const SelectionNode *> leaf_nodes_;
	std::vector<Value> leaves_;
};

}    // namespace gql
