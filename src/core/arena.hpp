// Where do the values of rows live?
//
// Memory that is handed out piece by piece and given back all at once; pieces never move.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/door/reply.hpp"
#include "core/error.hpp"

namespace gql
{

class Arena
{
public:
	// More than `limit` bytes are refused from now on: an answer of little more than "{}" must not
	// become gigabytes of nulls.
	void
	set_limit(size_t limit) noexcept
	{
		limit_ = limit;
	}

	// Throws when `size` bytes more, here or beside, would be too many.
	void
	allow(size_t size) const
	{
		if (size > limit_ || bytes_ > limit_ - size)
		{
			throw Failure(Code::limit_exceeded,
						  "an answer takes too much memory once read: more than " +
							  std::to_string(limit_) + " bytes",
						  {}, "Fetch fewer rows or columns at once.");
		}
	}

	char *
	text(size_t size)
	{
		return take(size, 1);
	}

	// `count` nulls.
	Value *
	values(size_t count)
	{
		char *place = take(count * sizeof(Value), alignof(Value));

		return std::uninitialized_value_construct_n(reinterpret_cast<Value *>(place), count) -
			   count;
	}

	// Everything handed out so far is given back. The last chunk stays for the next time.
	void
	reset()
	{
		if (chunks_.size() > 1)
		{
			chunks_.erase(chunks_.begin(), chunks_.end() - 1);
		}
		if (size_ > largest_chunk)
		{
			chunks_.clear();
			size_ = 0;
		}
		bytes_ = size_;
		used_ = 0;
	}

	size_t
	bytes() const noexcept
	{
		return bytes_;
	}

private:
	static constexpr size_t smallest_chunk = 256;
	static constexpr size_t largest_chunk = 1024 * 1024;

	char *
	take(size_t size, size_t alignment)
	{
		used_ = (used_ + alignment - 1) / alignment * alignment;
		if (used_ + size > size_)
		{
			size_t next =
				std::max(size, std::min(std::max(2 * size_, smallest_chunk), largest_chunk));

			allow(next);
			chunks_.push_back(std::unique_ptr<char[]>(new char[next]));
			bytes_ += next;
			size_ = next;
			used_ = 0;
		}

		char *place = chunks_.empty() ? nullptr : chunks_.back().get() + used_;

		used_ += size;
		return place;
	}

	std::vector<std::unique_ptr<char[]>> chunks_;
	size_t size_ = 0;    // of the last chunk
	size_t used_ = 0;    // of the last chunk
	size_t bytes_ = 0;
	size_t limit_ = SIZE_MAX;
};

}    // namespace gql
