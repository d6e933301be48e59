// How do the values of one row become the values of the wanted columns?

#include "core/row_reader.hpp"

#include "core/error.hpp"

namespace gql
{

using simdjson::ondemand::json_type;

RowReader::RowReader(const Query &query, Arena &arena)
	: query_(query), arena_(arena), reader_(query, query.selection.row, arena)
{
}

const Value *
RowReader::read(JsonValue &row, const EnclosingReader &around)
{
	const Selection &selection = query_.selection;
	Value *values = arena_.values(selection.columns.size());
	const Value *self = nullptr;

	if (!selection.row.children.empty())
	{
		read_object(row, values);
	}
	for (size_t i = 0; i < selection.columns.size(); i++)
	{
		const SelectedColumn &selected = selection.columns[i];

		if (!selected.leaves.empty())
		{
			values[i] = reader_.value(selected);
		}
		if (selected.column->self && selection.row.children.empty())
		{
			values[i] = self != nullptr && self->kind == Kind::json
							? *self
							: read_self(*selected.column, row);
			self = &values[i];
		}
	}
	around.fill(values);
	return values;
}

const Value *
RowReader::read_around(const EnclosingReader &around)
{
	Value *values = arena_.values(query_.selection.columns.size());

	around.fill(values);
	return values;
}

// The fields of a row, and the whole of it for columns that hold its own value.
void
RowReader::read_object(JsonValue &row, Value *values)
{
	const Selection &selection = query_.selection;
	json_type type = json_take(row.type());

	if (type != json_type::object)
	{
		throw Failure(Code::shape_mismatch, "foreign table \"" + query_.table->name +
												"\" wants objects, but field \"" +
												query_.plan->text + "\" returned " + name_of(type));
	}

	ObjectReader::Object object = json_take(row.get_object());

	if (selection.self)
	{
		std::string_view raw = json_take(object.raw_json());

		raw = raw.substr(0, raw.rfind('}') + 1);
		for (size_t i = 0; i < selection.columns.size(); i++)
		{
			const Column &column = *selection.columns[i].column;

			if (column.self && (column.leaf != Leaf::json || column.array))
			{
				reader_.mismatch(column, column.array ? "a list" : "a single value", row);
			}
			values[i] = column.self ? Value{Kind::json, 0, raw, nullptr} : Value();
		}
		json_take(object.reset());
	}
	reader_.read(object);
}

// The row's own value, which is not an object with fields.
Value
RowReader::read_self(const Column &column, JsonValue &row)
{
	SelectionNode leaf;

	leaf.read = column.leaf == Leaf::json ? SelectionNode::Read::json : SelectionNode::Read::scalar;
	leaf.array = column.array;
	leaf.column = &column;
	return reader_.read_leaf(leaf, row, 0);
}

}    // namespace gql
