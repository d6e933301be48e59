// What do the JSON templates in options say?
//
// One rule holds everywhere: a string that begins with "$" names a column ("$$" escapes a dollar
// sign), a list around a column means that one request takes many keys, everything else is literal.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gql
{

struct Template
{
	enum class Kind
	{
		literal,          // text is a JSON token: 42, true, null
		string,           // text is the string itself
		column,           // text is the column's name, `column` its index once that is known
		list,             // items
		object,           // members
		page_size,        // how many rows a page is to have
		page_position,    // where it begins
		list_size,        // how many rows the first page of a list inside an object is to have
		filter,           // the condition; style "arguments": the comparison in node `column` of it
	};

	using Member = std::pair<std::string, Template>;

	Kind kind = Kind::object;
	std::string text;
	int column = -1;
	bool required = false;    // filter: the place takes no null, but may be left out
	std::vector<Template> items;
	std::vector<Member> members;

	// A list around a column, or around a representation that holds one.
	bool takes_many() const;
	// How a federation names an object: {"__typename": "Account", "id": "$id"}. No input object has
	// a field of such a name, so this is always a value of the scalar _Any.
	bool is_representation() const;
	// The first column in here, nullptr none.
	const Template *find_column() const;
	// Is this column anywhere in here?
	bool holds(int wanted) const;
	// A string that may stand for an enum's value: only the API's schema knows.
	bool may_be_enum() const;
	// A value that differs from page to page.
	bool
	is_page() const
	{
		return kind == Kind::page_size || kind == Kind::page_position || kind == Kind::list_size;
	}
	Template *find(std::string_view name);
};

// The JSON text of a template whose column has this value.
void append_json(std::string &out, const Template &node, std::string_view column_value);

// The object that `arguments` holds. Names at its top level may be spelled like `argument`
// options; below, they are names. Throws Failure (invalid_option) that names `option`.
Template parse_template(std::string_view json, std::string_view option);

// The entries of `lookups`.
struct LookupTemplate
{
	std::string field;
	std::string condition;    // the type that rows are of, where the field yields others, too
	Template arguments;
	std::optional<Template> pagination;
};
std::vector<LookupTemplate> parse_lookups(std::string_view json);
// The JSON text of each entry.
std::vector<std::string> split_lookups(std::string_view json);

}    // namespace gql
