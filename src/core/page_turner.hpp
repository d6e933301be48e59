// Which page comes after one that was read?
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/door/pages.hpp"
#include "core/pagination.hpp"
#include "core/query.hpp"
#include "core/reply.hpp"

namespace gql
{

// The pages of one key.
struct PageChain
{
	// What the page being asked for is good for.
	enum class Purpose : uint8_t
	{
		rows,
		peek,     // does anything come after a first page that was short?
		probe,    // does the API keep to the size it sent, counting from the first row?
	};

	bool done = false;
	Purpose purpose = Purpose::rows;
	bool was_short = false;    // numbered pages: the one before was, so that it must be the last
	uint32_t size = 0;
	uint64_t turned = 0;                   // answers taken in
	uint64_t rows = 0;                     // of the result, so far
	uint64_t at = 0;                       // offset, or number of the page
	std::string position;                  // JSON value, "" from the beginning
	std::unordered_set<size_t> cursors;    // hashes of those met
};

// Moves on from page to page of a key, or throws where rows might be missed.
class PageTurner
{
public:
	// What the API says of pages to come.
	enum class Told : uint8_t
	{
		nothing,
		more,
		end,
	};

	PageTurner(const Query &query, uint64_t max_pages);

	PageChain first(uint32_t size) const;
	PageChain after_first(const PageStart &start) const;
	void turn(PageChain &chain, const Reply::Page &page) const;
	Told told_by(const PageChain &chain, const PageInfo &info) const;

private:
	bool is_counted() const;
	void turn_cursor(PageChain &chain, const PageInfo &info) const;
	void turn_offset(PageChain &chain, const PageInfo &info) const;
	void turn_numbered(PageChain &chain, const PageInfo &info) const;
	void resize(PageChain &chain, const PageInfo &info, Told told) const;
	bool told_end_of_all(const PageChain &chain, const std::vector<PageInfo> &info) const;
	void check_order(const PageChain &chain, const PageInfo &info) const;
	std::string place_of(const PageChain &chain) const;
	[[noreturn]] void fail(const std::string &problem, const std::string &detail,
						   const char *hint = "") const;
	[[noreturn]] void fail_stuck(const PageChain &chain, const char *problem) const;
	[[noreturn]] void fail_size(const PageChain &chain, const PageInfo &info) const;

	const Query &query_;
	const Pagination &pages_;
	const uint64_t max_pages_;
};

}    // namespace gql
