// How is a failure written into an Error without allocating?

#include "core/error.hpp"

#include <cstring>

namespace gql
{

void
copy_text(char *buffer, size_t size, std::string_view text) noexcept
{
	size_t length = text.size();

	if (length > size - 1)
	{
		length = size - 1;
		while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80)
		{
			length--;
		}
	}
	if (length > 0)
	{
		memcpy(buffer, text.data(), length);
	}
	buffer[length] = '\0';
}

void
fill_error(Error &err, Code code, std::string_view message, std::string_view detail,
		   std::string_view hint) noexcept
{
	err.code = code;
	err.advice = {};
	copy_text(err.message, sizeof(err.message), message);
	copy_text(err.detail, sizeof(err.detail), detail);
	copy_text(err.hint, sizeof(err.hint), hint);
}

void
Failure::copy_to(Error &err) const noexcept
{
	fill_error(err, code_, message_, detail_, hint_);
	err.advice = advice_;
}

}    // namespace gql
