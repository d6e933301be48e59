// How are lists that people write in settings taken apart: "a, b, c"?
#pragma once

#include <cstdint>
#include <string_view>

namespace gql
{

// Calls visit(element) for each element between commas, without the white space around it. An empty
// text has no elements; elsewhere an empty element is one.
template <typename Visit>
void
for_each_element(std::string_view text, Visit visit)
{
	constexpr std::string_view blanks = " \t\r\n";
	size_t start = 0;

	if (text.find_first_not_of(blanks) == std::string_view::npos)
	{
		return;
	}
	while (start <= text.size())
	{
		const size_t comma = text.find(',', start);
		std::string_view element = text.substr(start, comma - start);

		element.remove_prefix(element.find_first_not_of(blanks) == std::string_view::npos
								  ? element.size()
								  : element.find_first_not_of(blanks));
		element = element.substr(0, element.find_last_not_of(blanks) + 1);
		visit(element);
		start = comma == std::string_view::npos ? text.size() + 1 : comma + 1;
	}
}

// Decimal digits only, at most 65535.
inline bool
parse_number(std::string_view text, unsigned &number) noexcept
{
	unsigned result = 0;

	for (const char c : text)
	{
		if (c < '0' || c > '9' || (result = result * 10 + unsigned(c - '0')) > UINT16_MAX)
		{
			return false;
		}
	}
	number = result;
	return !text.empty();
}

}    // namespace gql
