// How does a field page its rows?
#pragma once

#include <set>
#include <string>

#include "core/row_source.hpp"

namespace gql
{

struct Pages
{
	enum class State
	{
		none,        // nothing says that it does
		followed,    // `option` says how
		cut,         // it does, or may, and there is no way to ask for the rest
	};

	State state = State::none;
	std::string option;                 // the value of `pagination`
	std::set<std::string> arguments;    // of the step's field: they page, so they are no columns
};

// `step`: of the source, the field whose arguments page.
Pages detect_pages(const SchemaTypes &schema, const RowSource &source, size_t step);

}    // namespace gql
