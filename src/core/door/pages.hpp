// Which page is to be asked for next, and when have all rows come?
//
// A Pager follows the pages of one scan, or of one request for many keys: with Method::alias key by
// key, with Method::list for all keys together. It sees every answer before its rows are read, and
// either knows how to go on so that no row is missed, or fails (reply_incomplete).
//
//     while ((page = pager_request(pager)) != nullptr)
//     {
//         ask for page->keys with query_body(..., page, ...); open the answer;
//         note which slots pager_keeps(); pager_turn(pager, answer, err); read the rows of those
//     }
//
// Where the pages of a list request are nested (Access::nested), its first answer has pages for
// each of its keys: their rows are read before pager_turn(), and pager_place() told whose they are.
// From then on pager_by_key(): what is still to come is asked for key by key, by a query with
// Method::alias.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/door/error.hpp"
#include "core/door/query.hpp"
#include "core/door/reply.hpp"

namespace gql
{

struct Pager;

// Where a list goes on of which the first page is known.
struct PageStart
{
	std::string_view position;    // JSON value; of a cursor, as long as the reply lives
	uint64_t rows;                // before it
	uint64_t at;                  // the rest is for the pager alone
	uint32_t size;
	uint8_t purpose;
};

// `size`: rows to ask for per page. The query, whose query_pages() are not nullptr, must outlive
// the pager. More than `max_pages` for one key are an error. `enough`: rows of each key that will
// do, 0 all.
Pager *pager_open(const Query *query, size_t keys, uint32_t size, uint64_t max_pages,
				  uint64_t enough, Error &err) noexcept;

// The first pages of lists inside objects (Access::lists) come with the objects. Does list `page`
// (Row::page) of an answer go on? Then `start` says where, for a query by Access::rest. `size`: as
// it was asked for.
bool list_goes_on(const Query *rest, const Reply *answer, uint32_t page, uint32_t size,
				  uint64_t max_pages, PageStart &start, Error &err) noexcept;

// Follows lists from there: of a query that answers key by key.
Pager *pager_open_at(const Query *query, const PageStart *const *starts, size_t keys,
					 uint64_t max_pages, Error &err) noexcept;

// What to ask for now; nullptr when all rows have come. Valid until the next pager_turn().
const PageRequest *pager_request(const Pager *pager) noexcept;

// Are the rows of that slot of the request part of the result? (Some pages are only asked for to
// learn how the API counts them.)
bool pager_keeps(const Pager *pager, size_t slot) noexcept;

// Rows of this page of the answer (Row::page) belong to one of the keys given to pager_open(), or
// to none of them. Where pages are not nested there is nothing to tell.
constexpr size_t pager_no_key = static_cast<size_t>(-1);
bool pager_place(Pager *pager, uint32_t page, size_t key, Error &err) noexcept;

// Is the request about single keys, whatever the method of the query?
bool pager_by_key(const Pager *pager) noexcept;

// Takes in the answer to the request, of which no row need have been read.
bool pager_turn(Pager *pager, const Reply *answer, Error &err) noexcept;

// Does no key lack rows any more, all of them or as many as are enough? The request is about keys
// that do; then about those of which the API may have more.
bool pager_has_enough(const Pager *pager) noexcept;

// Rows on the pages so far.
uint64_t pager_received(const Pager *pager) noexcept;

void pager_close(Pager *pager) noexcept;

}    // namespace gql
