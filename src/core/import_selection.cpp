// What is read of an object that becomes one column?

#include "core/import_selection.hpp"

#include <map>

#include "core/detect_pages.hpp"

namespace gql
{

namespace
{

// `seen`: fields of other types that stand beside these and must be of the same type, as
// GraphQL wants it.
std::string
leaves_of(const ImportRules &rules, const TypeInfo &type, std::map<std::string, std::string> &seen)
{
	std::string leaves;

	for (const FieldInfo &field : type.fields)
	{
		if (!field.type.is_composite() && !needs_arguments(field) &&
			(!field.deprecated || rules.deprecated) &&
			seen.emplace(field.name, type_text(field.type)).first->second == type_text(field.type))
		{
			leaves.append(leaves.empty() ? "" : " ").append(field.name);
		}
	}
	return leaves;
}

// Of an object that has nothing but objects: company {id name} contact {id}.
std::string
leaves_below(const ImportRules &rules, const TypeInfo &type)
{
	std::string selection;

	for (const FieldInfo &field : type.fields)
	{
		const TypeInfo *inner = find_type(*rules.schema, field.type.name);
		std::map<std::string, std::string> seen;

		if (inner == nullptr || !field.type.is_composite() || needs_arguments(field) ||
			is_paged(*rules.schema, type, field) || (field.deprecated && !rules.deprecated))
		{
			continue;
		}

		std::string leaves = leaves_of(rules, *inner, seen);

		if (!leaves.empty())
		{
			selection.append(selection.empty() ? "" : " ").append(field.name + " {" + leaves + '}');
		}
	}
	return selection;
}

}    // namespace

bool
is_paged(const SchemaTypes &schema, const TypeInfo &type, const FieldInfo &field)
{
	RowSource source = make_source(schema, type, field);

	return source.shape.is_page() ||
		   (source.shape.many && detect_pages(schema, source, 0).state != Pages::State::none);
}

std::string
object_selection(const ImportRules &rules, const TypeInfo &type)
{
	std::map<std::string, std::string> seen;
	std::string leaves = leaves_of(rules, type, seen);

	if (type.kind == TypeKind::object)
	{
		return leaves.empty() ? leaves_below(rules, type) : leaves;
	}
	leaves.insert(0, leaves.empty() ? "__typename" : "__typename ");
	for (const std::string &name :
		 type.kind == TypeKind::union_type ? type.possible : std::vector<std::string>())
	{
		const TypeInfo *possible = find_type(*rules.schema, name);
		std::string own = possible == nullptr ? "" : leaves_of(rules, *possible, seen);

		if (!own.empty())
		{
			leaves.append(" ... on ").append(name).append(" {").append(own).append("}");
		}
	}
	return leaves;
}

}    // namespace gql
