// What do directives say of the thing they stand behind?
#pragma once

#include <string>
#include <vector>

#include "core/token_stream.hpp"

namespace gql
{

struct Marks
{
	bool deprecated = false;
	std::string reason;
	bool one_of = false;
	std::string specified_by;
	std::vector<std::string> keys;
};

// Reads all directives that come now; those without a meaning here are skipped. Throws SyntaxError.
Marks read_marks(TokenStream &tokens);

}    // namespace gql
