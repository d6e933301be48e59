// What does a Pager hold? (Inside the core; the door is core/door/pages.hpp.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
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

struct Pager
{
	Pager(const Query &query, size_t keys, uint32_t size, uint64_t max_pages, uint64_t enough = 0);

	void turn(const Reply &reply);
	void place(uint32_t page, size_t key);

	const Query &query;
	const Pagination &pages;
	const uint64_t max_pages;
	const uint64_t enough;     // rows of each key; 0: all
	bool satisfied = false;    // no key has fewer rows than are enough
	bool nested;               // the next answer has pages of several keys in one slot
	uint64_t received = 0;
	std::vector<PageChain> chains;

	// The request, slot by slot.
	PageRequest request = {};
	std::vector<size_t> keys;
	std::vector<std::string_view> positions;
	std::vector<uint32_t> sizes;

private:
	enum class Told : uint8_t
	{
		nothing,
		more,
		end,
	};

	// Of nested pages: nobody has said whose they are. They have no rows.
	static constexpr size_t unplaced = pager_no_key - 1;

	void turn_slot(PageChain &chain, const Reply::Page &page, const Reply &reply);
	void turn_nested(const Reply &reply);
	void end_in_failure(PageChain &chain, const Reply &reply);
	void turn_chain(PageChain &chain, const Reply::Page &page);
	void turn_cursor(PageChain &chain, const PageInfo &info);
	void turn_offset(PageChain &chain, const PageInfo &info);
	void turn_numbered(PageChain &chain, const PageInfo &info);
	void resize(PageChain &chain, const PageInfo &info, Told told);
	Told told_by(const PageChain &chain, const PageInfo &info) const;
	bool told_end_of_all(const PageChain &chain, const std::vector<PageInfo> &info) const;
	void go_to(PageChain &chain, uint64_t at);
	bool has_enough(const PageChain &chain) const;
	void make_request();
	void check_order(const PageChain &chain, const PageInfo &info) const;

	std::vector<size_t> owners_;    // of nested pages: keys

	std::string place_of(const PageChain &chain) const;
	[[noreturn]] void fail(const std::string &problem, const std::string &detail,
						   const char *hint = "") const;
	[[noreturn]] void fail_stuck(const PageChain &chain, const char *problem) const;
	[[noreturn]] void fail_size(const PageChain &chain, const PageInfo &info) const;
};

}    // namespace gql
