// Which number in an API counts the rows of a field?

#include "core/detect_count.hpp"

#include <algorithm>
#include <initializer_list>

#include "core/import_names.hpp"

namespace gql
{

namespace
{

std::string
find_number(const SchemaTypes &schema, const TypeInfo *type,
			std::initializer_list<std::string_view> paths)
{
	for (std::string_view path : paths)
	{
		const FieldInfo *leaf = nullptr;
		std::string found = type == nullptr ? "" : find_path(schema, *type, path, leaf);

		if (!found.empty() && is_number(leaf->type))
		{
			return found;
		}
	}
	return {};
}

bool
takes_all(const FieldInfo &field, const std::vector<const InputInfo *> &selecting)
{
	return std::all_of(selecting.begin(), selecting.end(),
					   [&](const InputInfo *wanted)
					   {
						   const InputInfo *input = find_input(field.arguments, wanted->name);

						   return input != nullptr && input->type.text == wanted->type.text;
					   });
}

}    // namespace

std::string
detect_count(const SchemaTypes &schema, const RowSource &source,
			 const std::vector<const InputInfo *> &selecting)
{
	const TypeInfo *root = find_type(schema, schema.query_type);
	const std::string &name = source.field[0];
	std::string path;

	if (!source.shape.many || source.shape.row_type == nullptr)
	{
		return {};
	}
	if (source.shape.holder != nullptr)
	{
		path =
			find_number(schema, source.shape.holder,
						{"totalcount", "total", "count", "aggregate.count", "info.count",
						 "pageinfo.total", "pageinfo.totalcount", "meta.total", "meta.totalcount",
						 "meta.pagination.total", "pagination.total", "result.totalcount"});
		if (!path.empty())
		{
			std::string prefix;

			for (size_t i = 0; i <= source.steps.back().index; i++)
			{
				prefix.append(source.field[i]).append(".");
			}
			return prefix + path;
		}
	}
	if (source.steps.size() > 1 || root == nullptr)
	{
		return {};
	}
	for (const std::string &sibling :
		 {name + "_aggregate", '_' + name + "Meta", name + "Connection", name + "_connection",
		  name + "Count", name + "_count", "aggregate" + source.shape.row.name})
	{
		const FieldInfo *field = find_field(*root, sibling);

		if (field == nullptr || needs_arguments(*field) || !takes_all(*field, selecting))
		{
			continue;
		}
		path =
			find_number(schema, find_type(schema, field->type.name),
						{"aggregate.count", "count.all", "count", "totalcount", "pageinfo.total"});
		if (field->type.is_composite() && !path.empty())
		{
			return sibling + '.' + path;
		}
		if (is_number(field->type))
		{
			return sibling;
		}
	}
	return {};
}

}    // namespace gql
