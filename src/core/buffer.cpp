// How does a Buffer get and move its pages?

#include "core/buffer.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace gql
{

namespace
{

constexpr size_t smallest = 512;
constexpr size_t own_pages_from = 1024 * 1024;

size_t
whole_pages(size_t bytes) noexcept
{
	static const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));

	return (bytes + page - 1) / page * page;
}

}    // namespace

Buffer::Buffer(Buffer &&other) noexcept
	: data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)),
	  capacity_(std::exchange(other.capacity_, 0)), mapped_(std::exchange(other.mapped_, false))
{
}

Buffer &
Buffer::operator=(Buffer &&other) noexcept
{
	if (this != &other)
	{
		clear();
		data_ = std::exchange(other.data_, nullptr);
		size_ = std::exchange(other.size_, 0);
		capacity_ = std::exchange(other.capacity_, 0);
		mapped_ = std::exchange(other.mapped_, false);
	}
	return *this;
}

Buffer::~Buffer()
{
	clear();
}

void
Buffer::clear() noexcept
{
	if (mapped_)
	{
		munmap(data_, capacity_);
	}
	else
	{
		free(data_);
	}
	data_ = nullptr;
	size_ = 0;
	capacity_ = 0;
	mapped_ = false;
}

// Changes the allocation to `capacity` bytes, at least size_ + padding.
bool
Buffer::resize(size_t capacity) noexcept
{
	void *moved;

	if (mapped_)
	{
		capacity = whole_pages(capacity);
		moved = mremap(data_, capacity_, capacity, MREMAP_MAYMOVE);
		if (moved == MAP_FAILED)
		{
			return false;
		}
	}
	else if (capacity >= own_pages_from)
	{
		capacity = whole_pages(capacity);
		moved = mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (moved == MAP_FAILED)
		{
			return false;
		}
		if (size_ > 0)
		{
			memcpy(moved, data_, size_);
		}
		free(data_);
		mapped_ = true;
	}
	else
	{
		moved = realloc(data_, capacity);
		if (moved == nullptr)
		{
			return false;
		}
	}
	data_ = static_cast<char *>(moved);
	capacity_ = capacity;
	return true;
}

bool
Buffer::reserve(size_t count) noexcept
{
	if (count > SIZE_MAX / 4)
	{
		return false;
	}
	return count + padding <= capacity_ || resize(std::max(count + padding, smallest));
}

bool
Buffer::append(const char *bytes, size_t count) noexcept
{
	const size_t wanted = size_ + count + padding;

	if (wanted > capacity_ && !resize(std::max({wanted, capacity_ + capacity_ / 2, smallest})))
	{
		return false;
	}
	memcpy(data_ + size_, bytes, count);
	size_ += count;
	return true;
}

void
Buffer::shrink() noexcept
{
	if (mapped_ && whole_pages(size_ + padding) < capacity_)
	{
		resize(size_ + padding);
	}
}

}    // namespace gql
