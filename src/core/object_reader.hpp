// How are the wanted fields of an object read?
#pragma once

#include <cstddef>
#include <vector>

#include "core/arena.hpp"
#include "core/json_read.hpp"
#include "core/query.hpp"

namespace gql
{

// "a list": for messages.
const char *name_of(simdjson::ondemand::json_type type);

class ObjectReader
{
public:
	using Object = simdjson::ondemand::object;

	// Values are put into `arena`; strings without escapes stay where they are.
	ObjectReader(const Query &query, const SelectionNode &wanted, Arena &arena);

	// Throws Failure (shape_mismatch) where the answer does not have the shape that the table
	// declares, JsonError where it is not even GraphQL.
	void read(Object object);
	// What the object that was read last holds for the column.
	Value value(const SelectedColumn &column);

	// A value beside any object.
	Value read_leaf(const SelectionNode &leaf, JsonValue &value, int lists);
	[[noreturn]] void mismatch(const Column &column, const char *wanted, JsonValue &value) const;

private:
	using List = simdjson::ondemand::array;

	void collect_leaves(const SelectionNode &node);
	void read_fields(const SelectionNode &node, Object object, Value *leaves, int lists);
	void read_child(const SelectionNode &child, JsonValue &value, Value *leaves, int lists);
	void read_list(const SelectionNode &child, List list, Value *leaves, int lists);
	Value join(const SelectionNode &leaf, const std::vector<Value> &values, size_t first,
			   size_t width);
	Value read_items(const SelectionNode &leaf, List list, int lists);
	Value read_members(const SelectionNode &leaf, Object object);
	Value read_scalar(JsonValue &value);
	Value coalesce(const Value &first, const Value &second);
	Value keep_list(const std::vector<Value> &items);

	const Query &query_;
	const SelectionNode &wanted_;
	Arena &arena_;
	std::vector<const SelectionNode *> leaf_nodes_;
	std::vector<Value> leaves_;
};

}    // namespace gql
