// Which arguments does a query send, in which variables, and of which types?
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/door/filter.hpp"
#include "core/schema_learn.hpp"
#include "core/table.hpp"

namespace gql
{

struct Variable
{
	enum class Value
	{
		key,         // of one key
		keys,        // the list of all keys
		size,        // of a page
		position,    // of a page
		list_size,
		filter,    // the condition, or one comparison of it
	};

	std::string name;
	std::string type;    // "Int!", "[ID!]!"; "" of a filter whose type nobody knows
	Value value = Value::key;
	size_t bound = 0;    // keys, and a filter that takes them: index into the bound columns
	int node = -1;       // filter: the comparison; -1: all of it
	const Template *representation = nullptr;    // keys: what each of them is sent in
};

// The arguments of one access when some of its columns are bound.
class ArgumentWriter
{
public:
	// `schema` may be nullptr. `per_key`: every key has variables of its own, named after its slot.
	// `unsaid`: nothing of the filter is said to the API.
	ArgumentWriter(const RemoteTable &table, const AccessPlan &plan, const std::vector<int> &bound,
				   const std::vector<FilterNode> &filter, const Schema *schema, bool per_key,
				   bool unsaid = false)
		: table_(table), plan_(plan), bound_(bound), filter_(filter), reader_(schema),
		  per_key_(per_key), unsaid_(unsaid)
	{
	}

	// Appends "(ids: $ids, first: 10)", or nothing, for one element of the field. Variables get the
	// names for `slot`.
	void write(size_t element, size_t slot, std::string &out);

	// What write() has used so far. With `per_key` names come from variable_name() instead.
	const std::vector<Variable> &
	variables() const
	{
		return variables_;
	}
	std::string variable_name(size_t index, size_t slot) const;
	// Every slot has a variable of its own rather than all of them one.
	bool is_per_slot(const Variable &variable) const;

	// What the schema would have to tell before write() knows all types. With `required`, also what
	// it takes to see which arguments are required.
	std::set<std::string> missing_types(bool required);

	// An argument that is required and that is not sent, or "".
	std::string_view missing_argument();

	// The named type of the place that a column fills, "" when that is not known.
	std::string_view column_type(int column);

	// What one comparison of the filter takes; nullptr when that is not known. Of an enum, `values`
	// when its values are.
	const TypeRef *operand_type(size_t node, const TypeInfo *&values);

private:
	size_t bound_index(int column) const;
	bool sends(const Template &node) const;
	bool wants_type(const Template &node) const;
	void find_types(const Template &node, const TypeRef *type);
	const TypeRef *member_type(const TypeRef *object, std::string_view name);
	const TypeRef *argument_type(size_t element, std::string_view name);
	bool find_column(const Template &node, const TypeRef *type, int column,
					 std::string_view &found);
	std::string_view missing_member(const Template &object, const std::vector<InputInfo> &inputs);

	void write_members(const Template &object, size_t element, const TypeRef *type, bool top_level,
					   size_t slot, std::string &out);
	void write_node(const Template &node, const TypeRef *type, std::string_view name, size_t slot,
					std::string &out);
	void write_column(int column, const TypeRef *type, bool takes_many, std::string_view name,
					  size_t slot, std::string &out);
	void write_representation(const Template &node, std::string_view name, size_t slot,
							  std::string &out);
	void write_page(const Template &node, const TypeRef *type, std::string_view name, size_t slot,
					std::string &out);
	const TypeRef *filter_type();
	void write_filter_value(const Template &node, std::string_view name, size_t slot,
							std::string &out);
	size_t use_variable(Variable variable);

	const RemoteTable &table_;
	const AccessPlan &plan_;
	const std::vector<int> &bound_;
	const std::vector<FilterNode> &filter_;
	TypeRef declared_filter_;
	SchemaReader reader_;
	const bool per_key_;
	const bool unsaid_;
	std::vector<Variable> variables_;
};

}    // namespace gql
