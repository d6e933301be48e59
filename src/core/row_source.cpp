// What is a path of fields from the query root to rows, before it is a table?

#include "core/row_source.hpp"

#include <algorithm>

#include "core/path.hpp"

namespace gql
{

namespace
{

void
append_step(const SchemaTypes &schema, RowSource &source, const TypeInfo &owner,
			const FieldInfo &field)
{
	source.shape = detect_rows(schema, field.type);
	source.steps.push_back({&owner, &field, source.field.size(), source.shape.many});
	source.field.push_back(field.name);
	source.field.insert(source.field.end(), source.shape.path.begin(), source.shape.path.end());
}

}    // namespace

std::string
RowSource::name(size_t step, std::string_view argument) const
{
	std::string name = steps[step].owner->name + '.' + steps[step].info->name;

	return argument.empty() ? name : name + '(' + std::string(argument) + ')';
}

std::string
RowSource::text() const
{
	std::string text;

	for (const std::string &element : field)
	{
		text.append(text.empty() ? "" : ".").append(element);
	}
	return text;
}

bool
RowSource::is_paged_field(size_t step) const
{
	return argument_element(field, ArgumentPath()) == steps[step].index;
}

std::string
RowSource::spell(size_t step, std::string_view argument) const
{
	size_t index = steps[step].index;

	if (is_paged_field(step))
	{
		return std::string(argument);
	}
	// The first element of a name is the one that is addressed.
	if (std::find(field.begin(), field.end(), field[index]) - field.begin() !=
		static_cast<std::ptrdiff_t>(index))
	{
		return {};
	}
	return field[index] + '(' + std::string(argument) + ')';
}

RowSource
make_source(const SchemaTypes &schema, const TypeInfo &root, const FieldInfo &field)
{
	RowSource source;

	append_step(schema, source, root, field);
	return source;
}

RowSource
make_source(const SchemaTypes &schema, const RowSource &parent, const FieldInfo &field)
{
	RowSource source = parent;

	append_step(schema, source, *parent.shape.row_type, field);
	return source;
}

}    // namespace gql
