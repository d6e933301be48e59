// What does a Pager hold? (Inside the core; the door is core/door/pages.hpp.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/door/pages.hpp"
#include "core/page_turner.hpp"
#include "core/query.hpp"
#include "core/reply.hpp"

namespace gql
{

struct Pager
{
	Pager(const Query &query, size_t keys, uint32_t size, uint64_t max_pages, uint64_t enough = 0);
	Pager(const Query &query, const PageStart *const *starts, size_t keys, uint64_t max_pages);

	void turn(const Reply &reply);
	void place(uint32_t page, size_t key);

	const Query &query;
	const PageTurner turner;
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
	// Of nested pages: nobody has said whose they are. They have no rows.
	static constexpr size_t unplaced = pager_no_key - 1;

	void turn_slot(PageChain &chain, const Reply::Page &page, const Reply &reply);
	void turn_nested(const Reply &reply);
	void end_in_failure(PageChain &chain, const Reply &reply);
	bool has_enough(const PageChain &chain) const;
	void make_request();

	std::vector<size_t> owners_;    // of nested pages: keys
};

}    // namespace gql
