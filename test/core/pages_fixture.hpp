// What do pages of answers look like?
#pragma once

#include "fixture.hpp"

namespace gql::test
{

// [{"name":"x"},...]
inline std::string
rows_of(size_t count)
{
	std::string list = "[";

	for (size_t i = 0; i < count; i++)
	{
		list += i == 0 ? R"({"name":"x"})" : R"(,{"name":"x"})";
	}
	return list + ']';
}

inline std::string
connection(size_t count, const std::string &more, const std::string &cursor)
{
	return R"({"pageInfo":{"hasNextPage":)" + more + R"(,"endCursor":)" + cursor + R"(},"nodes":)" +
		   rows_of(count) + '}';
}

}    // namespace gql::test
