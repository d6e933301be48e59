// Does a field yield rows, and where below it are they?

#include "core/detect_rows.hpp"

#include <algorithm>
#include <array>

#include "core/import_names.hpp"
#include "core/import_types.hpp"

namespace gql
{

namespace
{

constexpr std::array<std::string_view, 7> row_names = {"nodes", "items",   "results", "data",
													   "list",  "records", "entries"};

// What stands beside the rows in an object that is only a page of them.
constexpr std::array<std::string_view, 32> meta_names = {"info",
														 "meta",
														 "pageinfo",
														 "pagination",
														 "total",
														 "count",
														 "totalcount",
														 "totalitems",
														 "totalpages",
														 "page",
														 "pages",
														 "pagecount",
														 "result",
														 "currentpage",
														 "perpage",
														 "pagesize",
														 "limit",
														 "offset",
														 "skip",
														 "first",
														 "cursor",
														 "nextcursor",
														 "prevcursor",
														 "nexttoken",
														 "next",
														 "prev",
														 "hasmore",
														 "hasnext",
														 "hasprev",
														 "hasnextpage",
														 "haspreviouspage",
														 "nextpagetoken"};

bool
is_row_list(const FieldInfo &field)
{
	return list_depth(field.type) == 1 && field.type.is_composite() && !needs_arguments(field);
}

void
set_rows(const SchemaTypes &schema, RowShape &shape, const TypeRef &type)
{
	shape.row = type;
	while (shape.row.list)
	{
		shape.row = element_of(shape.row);
	}
	shape.row_type = type.is_composite() ? find_type(schema, type.name) : nullptr;
}

bool
find_connection(const SchemaTypes &schema, const TypeInfo &type, RowShape &shape)
{
	const FieldInfo *nodes = find_field(type, "nodes");
	const FieldInfo *edges = find_field(type, "edges");
	const TypeInfo *edge =
		edges != nullptr && is_row_list(*edges) ? find_type(schema, edges->type.name) : nullptr;
	const FieldInfo *node = edge == nullptr ? nullptr : find_field(*edge, "node");

	if (node != nullptr && (node->type.list || needs_arguments(*node)))
	{
		node = nullptr;
	}
	if (nodes != nullptr && is_row_list(*nodes) &&
		(node != nullptr || find_field(type, "pageInfo") != nullptr))
	{
		shape.path = {"nodes"};
		set_rows(schema, shape, nodes->type);
	}
	else if (node != nullptr)
	{
		shape.path = {"edges", "node"};
		set_rows(schema, shape, node->type);
	}
	else
	{
		return false;
	}
	shape.kind = RowKind::connection;
	return true;
}

// Everything beside the one list must be about the list, or else the object is a thing with a list:
// an order with its items.
bool
find_wrapper(const SchemaTypes &schema, const TypeInfo &type, RowShape &shape)
{
	const FieldInfo *rows = nullptr;
	bool meta = false;

	for (const FieldInfo &field : type.fields)
	{
		if (is_row_list(field))
		{
			if (rows != nullptr)
			{
				return false;
			}
			rows = &field;
		}
		else if (is_about_rows(field))
		{
			meta = true;
		}
		else
		{
			return false;
		}
	}
	if (rows == nullptr || !meta)
	{
		return false;
	}
	if (!is_one_of(plain_name(rows->name), row_names) && !names_type(rows->name, rows->type.name))
	{
		return false;
	}
	shape.kind = RowKind::wrapper;
	shape.path = {rows->name};
	set_rows(schema, shape, rows->type);
	return true;
}

}    // namespace

const TypeInfo *
find_type(const SchemaTypes &schema, std::string_view name)
{
	auto found = schema.types.find(name);

	return found == schema.types.end() ? nullptr : &found->second;
}

bool
is_required(const InputInfo &input)
{
	return input.type.required && !input.has_default;
}

bool
needs_arguments(const FieldInfo &field)
{
	return std::any_of(field.arguments.begin(), field.arguments.end(), is_required);
}

size_t
list_depth(const TypeRef &type)
{
	return std::min(type.text.find_first_not_of('['), type.text.size());
}

bool
is_leaf(const TypeRef &type)
{
	return !type.list && (type.kind == TypeKind::scalar || type.kind == TypeKind::enumeration);
}

bool
is_about_rows(const FieldInfo &field)
{
	std::string name = plain_name(field.name);

	// "total" is a number of rows unless it is an amount of money.
	return is_one_of(name, meta_names) && !field.type.list &&
		   (is_number(field.type) || (name != "total" && name != "count"));
}

RowShape
detect_rows(const SchemaTypes &schema, const TypeRef &type)
{
	RowShape shape;
	const TypeInfo *info = type.is_composite() ? find_type(schema, type.name) : nullptr;

	shape.many = true;
	if (!type.list && info != nullptr && info->kind == TypeKind::object)
	{
		if (find_connection(schema, *info, shape) || find_wrapper(schema, *info, shape))
		{
			shape.holder = info;
			return shape;
		}
	}
	shape.many = type.list;
	shape.kind = info == nullptr ? RowKind::scalars : type.list ? RowKind::list : RowKind::single;
	set_rows(schema, shape, type);
	return shape;
}

const FieldInfo *
find_plain(const TypeInfo &type, std::string_view plain)
{
	for (const FieldInfo &field : type.fields)
	{
		if (plain_name(field.name) == plain)
		{
			return &field;
		}
	}
	return nullptr;
}

bool
is_number(const TypeRef &type)
{
	SqlType sql =
		is_leaf(type) && type.kind == TypeKind::scalar ? sql_type_of(type.name) : SqlType::text;

	// Linear counts in Float.
	return sql == SqlType::int4 || sql == SqlType::int8 || sql == SqlType::numeric ||
		   sql == SqlType::float8;
}

std::string
find_path(const SchemaTypes &schema, const TypeInfo &type, std::string_view plain_path,
		  const FieldInfo *&leaf)
{
	size_t dot = plain_path.find('.');
	const FieldInfo *field = find_plain(type, plain_path.substr(0, dot));

	if (field == nullptr || field->type.list || needs_arguments(*field))
	{
		return {};
	}
	if (dot == std::string_view::npos)
	{
		leaf = field;
		return field->name;
	}

	const TypeInfo *inner =
		field->type.is_composite() ? find_type(schema, field->type.name) : nullptr;
	std::string rest =
		inner == nullptr ? "" : find_path(schema, *inner, plain_path.substr(dot + 1), leaf);

	return rest.empty() ? "" : field->name + '.' + rest;
}

}    // namespace gql
