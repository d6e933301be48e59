// What is a path of fields from the query root to rows, before it is a table?
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/detect_rows.hpp"

namespace gql
{

// A field on the path that may take arguments.
struct FieldStep
{
	const TypeInfo *owner;    // the type it is a field of
	const FieldInfo *info;
	size_t index;    // in RowSource::field
	bool many;       // it yields more than one row
};

struct RowSource
{
	std::vector<std::string> field;
	std::vector<FieldStep> steps;    // the last one's type has the shape
	RowShape shape;

	std::string text() const;
	// For people: "Query.accounts", "Query.accounts(region)".
	std::string name(size_t step, std::string_view argument = {}) const;
	const FieldInfo &
	last() const
	{
		return *steps.back().info;
	}
	// How options spell an argument of one step: "id", "account(id)"; "" when they cannot.
	std::string spell(size_t step, std::string_view argument) const;
	// Whether paths in options are relative to what this step returns.
	bool is_paged_field(size_t step) const;
};

// The field of the query root, with the rows below it.
RowSource make_source(const SchemaTypes &schema, const TypeInfo &root, const FieldInfo &field);
// A field of the rows of `parent`, with the rows below that.
RowSource make_source(const SchemaTypes &schema, const RowSource &parent, const FieldInfo &field);

}    // namespace gql
