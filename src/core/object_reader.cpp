// How are the wanted fields of an object read?

#include "core/object_reader.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace gql
{

namespace
{

using simdjson::ondemand::json_type;
using Read = SelectionNode::Read;

constexpr size_t nowhere = static_cast<size_t>(-1);

}    // namespace

const char *
name_of(json_type type)
{
	switch (type)
	{
		case json_type::object:
			return "an object";
		case json_type::array:
			return "a list";
		case json_type::string:
			return "a string";
		case json_type::number:
			return "a number";
		case json_type::boolean:
			return "a boolean";
		default:
			return "null";
	}
}

namespace
{

// The child that the field is for. Fields mostly come in the order in which they were asked for.
size_t
find_child(const std::vector<SelectionNode> &children, JsonField &field, size_t expected)
{
	if (expected < children.size() && json_key_is(field, children[expected].key))
	{
		return expected;
	}

	std::string scratch;
	std::string_view key = json_key(field, scratch);

	for (size_t i = 0; i < children.size(); i++)
	{
		size_t index = (expected + i) % children.size();

		if (children[index].key == key)
		{
			return index;
		}
	}
	return nowhere;
}

// Which of an object's fields have come; without allocating where they are few.
class Seen
{
public:
	explicit Seen(size_t count) : many_(count > 64 ? count : 0) {}

	// Notes that it has come; false where it had come before.
	bool
	add(size_t index)
	{
		const uint64_t bit = many_.empty() ? uint64_t{1} << index : 0;
		const bool before = many_.empty() ? (few_ & bit) != 0 : many_[index];

		few_ |= bit;
		if (!many_.empty())
		{
			many_[index] = true;
		}
		return !before;
	}

private:
	uint64_t few_ = 0;
	std::vector<bool> many_;
};

// Calls `read` with each field of `object` that one of the children wants.
template <typename F>
void
visit_fields(const std::vector<SelectionNode> &children, simdjson::ondemand::object &object, F read)
{
	Seen seen(children.size());
	size_t expected = 0;

	for (auto field : object)
	{
		JsonField member = json_take(std::move(field));
		size_t index = find_child(children, member, expected);

		if (index == nowhere)
		{
			continue;
		}
		if (!seen.add(index))
		{
			throw JsonError("a field comes twice");
		}
		expected = index + 1;
		read(index, member.value());
	}
}

}    // namespace

ObjectReader::ObjectReader(const Query &query, const SelectionNode &wanted, Arena &arena)
	: query_(query), wanted_(wanted), arena_(arena)
{
	collect_leaves(wanted);
}

void
ObjectReader::collect_leaves(const SelectionNode &node)
{
	for (const SelectionNode &child : node.children)
	{
		if (child.read == Read::object)
		{
			collect_leaves(child);
		}
		else
		{
			leaf_nodes_.push_back(&child);
		}
	}
}

void
ObjectReader::mismatch(const Column &column, const char *wanted, JsonValue &value) const
{
	json_type type = json_take(value.type());

	throw Failure(
		Code::shape_mismatch,
		"column \"" + column.name + "\" of foreign table \"" + query_.table->name + "\" wants " +
			wanted + ", but path \"" + column.path_text + "\" returned " + name_of(type),
		{},
		type == json_type::array    ? "Make the column an array or jsonb."
		: type == json_type::object ? "Extend the column's path, or make the column jsonb."
									: "");
}

void
ObjectReader::read(Object object)
{
	leaves_.assign(wanted_.leaf_count, Value());
	read_fields(wanted_, object, leaves_.data(), 0);
}

Value
ObjectReader::value(const SelectedColumn &column)
{
	Value value = leaves_[column.leaves[0]];

	for (size_t i = 1; i < column.leaves.size(); i++)
	{
		value = coalesce(value, leaves_[column.leaves[i]]);
	}
	return value;
}

// Reads the leaves below `node`; the first of them goes to *leaves. `lists`: how many lists lie on
// the way from the row.
void
ObjectReader::read_fields(const SelectionNode &node, Object object, Value *leaves, int lists)
{
	visit_fields(node.children, object,
				 [&](size_t index, JsonValue &value)
				 {
					 const SelectionNode &child = node.children[index];

					 read_child(child, value, leaves + (child.first_leaf - node.first_leaf), lists);
				 });
}

void
ObjectReader::read_child(const SelectionNode &child, JsonValue &value, Value *leaves, int lists)
{
	if (child.read != Read::object)
	{
		*leaves = read_leaf(child, value, lists);
		return;
	}
	switch (json_take(value.type()))
	{
		case json_type::null:
			std::fill_n(leaves, child.leaf_count, Value());
			break;
		case json_type::object:
			read_fields(child, json_take(value.get_object()), leaves, lists);
			break;
		case json_type::array:
			for (size_t i = 0; i < child.leaf_count; i++)
			{
				const SelectionNode &leaf = *leaf_nodes_[child.first_leaf + i];

				if (!leaf.array && leaf.read != Read::json)
				{
					mismatch(*leaf.column, "a single value", value);
				}
			}
			read_list(child, json_take(value.get_array()), leaves, lists + 1);
			break;
		default:
			mismatch(*leaf_nodes_[child.first_leaf]->column, "an object on its way", value);
	}
}

// A list on the way: each leaf below gets the list of what it has in the elements.
void
ObjectReader::read_list(const SelectionNode &child, List list, Value *leaves, int lists)
{
	std::vector<Value> values;

	for (auto element : list)
	{
		JsonValue item = json_take(std::move(element));

		arena_.allow((values.size() + child.leaf_count) * sizeof(Value));
		values.resize(values.size() + child.leaf_count);
		read_child(child, item, values.data() + values.size() - child.leaf_count, lists);
	}
	for (size_t i = 0; i < child.leaf_count; i++)
	{
		leaves[i] = join(*leaf_nodes_[child.first_leaf + i], values, i, child.leaf_count);
	}
}

// Every width-th value from `first` on as one value: a list, or the text of a JSON array.
Value
ObjectReader::join(const SelectionNode &leaf, const std::vector<Value> &values, size_t first,
				   size_t width)
{
	std::vector<Value> items;
	std::string text = "[";

	for (size_t i = first; i < values.size(); i += width)
	{
		items.push_back(values[i]);
	}
	if (leaf.array)
	{
		return keep_list(items);
	}
	for (const Value &item : items)
	{
		text.append(text.size() == 1 ? "" : ",");
		text.append(item.kind == Kind::null ? std::string_view("null") : item.text);
	}
	text.push_back(']');

	char *place = arena_.text(text.size());

	std::copy(text.begin(), text.end(), place);
	return {Kind::json, 0, {place, text.size()}, nullptr};
}

Value
ObjectReader::keep_list(const std::vector<Value> &items)
{
	Value *place = arena_.values(items.size());

	std::copy(items.begin(), items.end(), place);
	return {Kind::list, static_cast<uint32_t>(items.size()), {}, place};
}

Value
ObjectReader::read_leaf(const SelectionNode &leaf, JsonValue &value, int lists)
{
	json_type type = json_take(value.type());
	bool wants_list = leaf.array && lists == 0;

	if (type == json_type::null)
	{
		return {};
	}
	if (leaf.read == Read::json && !wants_list)
	{
		return {Kind::json, 0, json_raw(value), nullptr};
	}
	if (type == json_type::array && leaf.array)
	{
		return read_items(leaf, json_take(value.get_array()), lists + 1);
	}
	if (wants_list)
	{
		mismatch(*leaf.column, "a list", value);
	}
	if (type == json_type::object && leaf.read == Read::composite)
	{
		return read_members(leaf, json_take(value.get_object()));
	}
	if (type == json_type::array || type == json_type::object || leaf.read == Read::composite)
	{
		mismatch(*leaf.column, leaf.read == Read::composite ? "an object" : "a single value",
				 value);
	}
	return read_scalar(value);
}

Value
ObjectReader::read_items(const SelectionNode &leaf, List list, int lists)
{
	std::vector<Value> items;

	for (auto element : list)
	{
		JsonValue item = json_take(std::move(element));

		items.push_back(read_leaf(leaf, item, lists));
	}
	return keep_list(items);
}

Value
ObjectReader::read_members(const SelectionNode &leaf, Object object)
{
	Value *members = arena_.values(leaf.children.size());

	visit_fields(leaf.children, object,
				 [&](size_t index, JsonValue &value)
				 { members[index] = read_leaf(leaf.children[index], value, 0); });
	return {Kind::object, static_cast<uint32_t>(leaf.children.size()), {}, members};
}

Value
ObjectReader::read_scalar(JsonValue &value)
{
	std::string_view token = json_token(value);

	if (token[0] != '"')
	{
		bool boolean = token[0] == 't' || token[0] == 'f';

		return {boolean ? Kind::boolean : Kind::number, 0, token, nullptr};
	}

	std::string_view content = json_content(token);

	if (json_has_escapes(content))
	{
		char *place = arena_.text(content.size());

		content = {place, json_unescape(content, place)};
	}
	return {Kind::string, 0, content, nullptr};
}

// The first of two alternatives that is not null; in lists, element by element.
Value
ObjectReader::coalesce(const Value &first, const Value &second)
{
	if (first.kind == Kind::null || second.kind == Kind::null)
	{
		return first.kind == Kind::null ? second : first;
	}
	if (first.kind != Kind::list || second.kind != Kind::list || first.count != second.count)
	{
		return first;
	}

	std::vector<Value> items(first.items, first.items + first.count);

	for (size_t i = 0; i < items.size(); i++)
	{
		items[i] = coalesce(items[i], second.items[i]);
	}
	return keep_list(items);
}

}    // namespace gql
