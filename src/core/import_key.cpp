// What identifies a row of a table?

#include "core/import_key.hpp"

#include <algorithm>

#include "core/detect_keys.hpp"

namespace gql
{

namespace
{

// PostgreSQL's own GraphQL servers name Relay's global identifier so.
bool
is_node(const TypeInfo &type)
{
	const FieldInfo *id = find_field(type, "nodeId");

	return id != nullptr && is_leaf(id->type) && id->type.name == "ID" &&
		   std::find(type.interfaces.begin(), type.interfaces.end(), "Node") !=
			   type.interfaces.end();
}

// The fields that identify an object of a type wherever it is found.
std::vector<std::string>
entity_key(const TypeInfo &type, const FieldDrafts &fields)
{
	const FieldInfo *id = find_field(type, "id");
	const KeyAccess *best = nullptr;

	if (type.kind != TypeKind::object)
	{
		return {};
	}
	if (id != nullptr && is_leaf(id->type) && id->type.name == "ID")
	{
		return {"id"};
	}
	for (const std::string &key : type.keys)
	{
		const FieldInfo *field = find_field(type, key);

		if (field != nullptr && is_leaf(field->type))
		{
			return {key};
		}
	}
	for (const std::unique_ptr<FieldDraft> &field : fields)
	{
		for (const KeyAccess &access : field->accesses)
		{
			if (field->source.shape.row_type == &type && field->has_key && access.sure &&
				finds_all(*field, access) &&
				(best == nullptr || (access.parts.size() == 1 && access.parts[0].field == "id")))
			{
				best = &access;
			}
		}
	}

	std::vector<std::string> key;

	if (best == nullptr && is_node(type))
	{
		return {"nodeId"};
	}
	for (const KeyAccess::Part &part :
		 best == nullptr ? std::vector<KeyAccess::Part>() : best->parts)
	{
		key.push_back(part.field);
	}
	return key;
}

// As lists of names are read: without quotes they would be put in lower case.
std::string
quoted_name(const std::string &name)
{
	std::string quoted = "\"";

	if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos)
	{
		return name;
	}
	for (char c : name)
	{
		quoted.append(c == '"' ? 2 : 1, c);
	}
	return quoted + '"';
}

bool
has_column(const TableDraft &table, const std::string &field)
{
	return std::any_of(table.columns.begin(), table.columns.end(),
					   [&](const ColumnDraft &column) { return column.field == field; });
}

}    // namespace

void
add_key(TableDraft &table, const FieldDrafts &fields)
{
	const RowSource &source = table.field->source;
	bool single = !source.shape.many && source.steps.size() == 1;
	bool required = std::any_of(table.columns.begin(), table.columns.end(),
								[](const ColumnDraft &column) { return column.must_be_given(); });
	std::vector<std::string> entity;

	// Objects below a list stand there once for each element, and which one that was is not known.
	for (const FieldStep &step : source.steps)
	{
		if (step.many && &step != &source.steps.back())
		{
			return;
		}
	}
	if (!(single && required) && source.shape.row_type != nullptr)
	{
		entity = entity_key(*source.shape.row_type, fields);
	}
	if ((!single && entity.empty()) ||
		!std::all_of(entity.begin(), entity.end(),
					 [&](const std::string &field) { return has_column(table, field); }))
	{
		return;
	}
	for (const ColumnDraft &column : table.columns)
	{
		bool identifies =
			column.path.empty() || column.above ||
			(!column.field.empty() &&
			 std::find(entity.begin(), entity.end(), column.field) != entity.end()) ||
			(entity.empty() && !column.argument.empty() && (column.must_be_given() || !required));

		if (identifies)
		{
			table.key.append(table.key.empty() ? "" : ",").append(quoted_name(column.name));
		}
	}
}

}    // namespace gql
