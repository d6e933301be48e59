// Where does the body of an answer grow without costing much more memory than it has bytes?
//
// Small bodies live in malloc's heap. From 1 MiB on a body has pages of its own, which grow by
// being moved in the page table instead of copied, are resident only where bytes were written, and
// go back to the system at once. Nothing is ever filled with zeros.
#pragma once

#include <cstddef>
#include <string_view>

namespace gql
{

class Buffer
{
public:
	// Bytes behind the content that may be read and written: simdjson reads past the end.
	static constexpr size_t padding = 64;

	Buffer() = default;
	Buffer(Buffer &&other) noexcept;
	Buffer &operator=(Buffer &&other) noexcept;
	~Buffer();

	// False when memory has run out; what was there stays.
	bool append(const char *bytes, size_t count) noexcept;
	// Room for `count` bytes of content in all.
	bool reserve(size_t count) noexcept;
	// Gives back pages that were reserved and not needed.
	void shrink() noexcept;
	void clear() noexcept;

	char *
	data() const noexcept
	{
		return data_;
	}
	size_t
	size() const noexcept
	{
		return size_;
	}
	// Bytes allocated: 0 for an empty buffer, else at least size() + padding.
	size_t
	capacity() const noexcept
	{
		return capacity_;
	}
	std::string_view
	view() const noexcept
	{
		return {data_, size_};
	}

private:
	bool resize(size_t capacity) noexcept;

	char *data_ = nullptr;
	size_t size_ = 0;
	size_t capacity_ = 0;
	bool mapped_ = false;
};

}    // namespace gql
