// Which number in an API counts the rows of a field?

#include "core/detect_count.hpp"

#include <algorithm>
#include <initializer_list>

#include "core/import_names.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

// Counts that stop at a limit, that are estimated, or that are of one page say so, if at all, in
// their descriptions; and who tells how precise a count is does not always tell it precisely.
bool
is_exact(const SchemaTypes &schema, const TypeInfo &type, const FieldInfo &leaf)
{
	static constexpr std::string_view doubts[] = {"approximat", "estimat", "guarantee", "accurate",
												  "precis",     "limit",   "at most",   "up to",
												  "capped",     "maximum", "page",      "rough"};
	std::string description = lower_case(leaf.description);
	const FieldInfo *other = nullptr;

	return std::none_of(std::begin(doubts), std::end(doubts),
						[&](std::string_view doubt)
						{ return description.find(doubt) != std::string::npos; }) &&
		   find_path(schema, type, "precision", other).empty();
}

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
			return is_exact(schema, *type, *leaf) ? found : std::string();
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

// "(where, region)", or "".
std::string
in_parentheses(const std::vector<std::string> &names)
{
	std::string text;

	for (const std::string &name : names)
	{
		text.append(text.empty() ? "(" : ", ").append(name);
	}
	return text.empty() ? text : text + ')';
}

}    // namespace

std::string
detect_count(const SchemaTypes &schema, const RowSource &source,
			 const std::vector<const InputInfo *> &selecting, const std::vector<std::string> &sent)
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
			return sibling + in_parentheses(sent) + '.' + path;
		}
		if (is_number(field->type) && is_exact(schema, *root, *field))
		{
			return sibling + in_parentheses(sent);
		}
	}
	return {};
}

}    // namespace gql
