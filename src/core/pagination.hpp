// How does an API hand out a long list page by page, as the option `pagination` says?
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/template.hpp"

namespace gql
{

enum class PageStyle
{
	relay,     // a cursor, and pageInfo beside the rows
	offset,    // how many rows to pass over
	page,      // the number of a page
	token,     // a cursor, and the next one beside the rows
};

// Arguments are spelled like `argument` options. Paths lead from what the paged field returns, the
// field these arguments belong to.
struct Pagination
{
	PageStyle style = PageStyle::relay;
	std::string size;        // argument for the rows of a page; "" the API does not ask
	std::string position;    // argument for the cursor, the offset or the number of the page
	uint32_t base = 1;       // number of the first page
	uint32_t max = 0;        // rows of the largest page the API allows; 0 not said
	std::vector<std::string> next;    // to the next page's cursor, or to null; empty: nowhere
	std::vector<std::string> more;    // to true while there are more pages; empty: nowhere
};

// Of the value of an option, or of a member of it. Throw Failure (invalid_option) that names
// `option`.
Pagination read_pagination(const Template &object, std::string_view option);
Pagination parse_pagination(std::string_view json);

std::string_view style_name(PageStyle style);

// "{ endCursor hasNextPage }" without the braces: what must be selected to read both paths, or "".
std::string page_info_text(const Pagination &pagination);

}    // namespace gql
