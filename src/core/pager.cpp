// Which page is to be asked for next, and when have all rows come?
//
// Cursors are followed as the API gives them. Offsets advance by what was received, so that pages
// smaller than asked for leave no gap. Numbered pages are right only while the API counts them in
// pages of the size that it sends: see resize().

#include "core/pager.hpp"

#include <algorithm>
#include <functional>
#include <memory>

#include "core/error.hpp"

namespace gql
{

namespace
{

using Purpose = PageChain::Purpose;

// Neither null nor an empty string: something that can be asked for.
bool
is_cursor(std::string_view value)
{
	return !value.empty() && value != "null" && value != "\"\"";
}

bool
is_scalar(std::string_view value)
{
	return value[0] == '"' || is_json_number(value);
}

}    // namespace

Pager::Pager(const Query &query_, size_t key_count, uint32_t size, uint64_t max_pages_,
			 uint64_t enough_)
	: query(query_), pages(*query_.plan->pages), max_pages(max_pages_), enough(enough_),
	  nested(query_.method == Method::list && query_.plan->nested && key_count > 1)
{
	PageChain first;

	first.size = size;
	if (pages.style == PageStyle::offset || pages.style == PageStyle::page)
	{
		go_to(first, pages.style == PageStyle::page ? pages.base : 0);
	}
	chains.assign(answers_by_key(query.method) || nested ? key_count : 1, first);
	make_request();
}

void
Pager::turn(const Reply &reply)
{
	if (nested)
	{
		turn_nested(reply);
		nested = false;
	}
	else
	{
		for (size_t slot = 0; slot < keys.size(); slot++)
		{
			turn_slot(chains[keys[slot]], reply.pages.at(slot), reply);
		}
	}
	make_request();
}

void
Pager::turn_slot(PageChain &chain, const Reply::Page &page, const Reply &reply)
{
	uint64_t rows = 0;

	for (const PageInfo &info : page.info)
	{
		rows += info.received;
	}
	if (chain.purpose == Purpose::rows)
	{
		chain.rows += rows;
		received += rows;
	}
	chain.turned++;
	if (page.failed && rows == 0)
	{
		end_in_failure(chain, reply);
	}
	else
	{
		turn_chain(chain, page);
	}
}

// Every key gets its pages out of the one slot.
void
Pager::turn_nested(const Reply &reply)
{
	const Reply::Page &all = reply.pages.at(0);
	std::vector<Reply::Page> own(chains.size(), Reply::Page{{}, all.failed});

	owners_.resize(all.info.size(), unplaced);
	for (size_t i = 0; i < all.info.size(); i++)
	{
		if (owners_[i] < chains.size())
		{
			own[owners_[i]].info.push_back(all.info[i]);
		}
		else if (owners_[i] == unplaced && told_by(chains[0], all.info[i]) == Told::more)
		{
			fail("pages of foreign table \"" + query.table->name + "\" do not advance",
				 "A page of field \"" + query.plan->text +
					 "\" is empty, but says that there are more rows: there is no telling of which "
					 "key.");
		}
	}
	for (size_t key = 0; key < chains.size(); key++)
	{
		turn_slot(chains[key], own[key], reply);
	}
}

void
Pager::place(uint32_t page, size_t key)
{
	if (!nested)
	{
		return;
	}
	owners_.resize(std::max<size_t>(owners_.size(), page + 1), unplaced);
	if (owners_[page] != unplaced && owners_[page] != key)
	{
		fail("pages of foreign table \"" + query.table->name + "\" hold rows of several keys",
			 "Field \"" + query.plan->text +
				 "\" was expected to have pages for every key of its own.");
	}
	owners_[page] = key;
}

// A first page that failed stands for all of them; what to make of it is not for us to say. Behind
// others it would be a gap.
void
Pager::end_in_failure(PageChain &chain, const Reply &reply)
{
	if (chain.turned > 1)
	{
		Error err;

		reply_error(&reply, 0, err);
		throw Failure(err);
	}
	chain.done = true;
}

void
Pager::turn_chain(PageChain &chain, const Reply::Page &page)
{
	if (page.info.empty() && chain.turned == 1)
	{
		chain.done = true;    // null on the way: there are no rows
		return;
	}
	if (page.info.empty())
	{
		fail("pages of foreign table \"" + query.table->name + "\" end in nothing",
			 place_of(chain) + " is null, although there was one before it.");
	}
	if (page.info.size() > 1)
	{
		chain.done = told_end_of_all(chain, page.info);
		if (!chain.done)
		{
			fail("rows of foreign table \"" + query.table->name + "\" come in pages inside a list",
				 "Field \"" + query.plan->text + "\" reaches its pages through a list with " +
					 std::to_string(page.info.size()) +
					 " elements: there is no way to go on in each of them.",
				 "Bind the field that yields the list by an argument, so that it has one element.");
		}
		return;
	}
	check_order(chain, page.info[0]);
	switch (pages.style)
	{
		case PageStyle::relay:
		case PageStyle::token:
			turn_cursor(chain, page.info[0]);
			break;
		case PageStyle::offset:
			turn_offset(chain, page.info[0]);
			break;
		case PageStyle::page:
			turn_numbered(chain, page.info[0]);
	}
	if (!chain.done && chain.turned >= max_pages)
	{
		fail("foreign table \"" + query.table->name + "\" has more than " +
				 std::to_string(max_pages) + (max_pages == 1 ? " page" : " pages"),
			 {}, "Raise the server option max_pages, or fetch_size, if that is right.");
	}
}

// What the API says of pages to come. It has been asked, so that silence is an error.
Pager::Told
Pager::told_by(const PageChain &chain, const PageInfo &info) const
{
	const std::vector<std::string> &path = pages.more.empty() ? pages.next : pages.more;
	const std::string &value = pages.more.empty() ? info.next : info.more;

	if (path.empty())
	{
		return Told::nothing;
	}
	if (value.empty() || (!pages.more.empty() && value != "true" && value != "false"))
	{
		fail("pages of foreign table \"" + query.table->name + "\" have no known end",
			 place_of(chain) + " does not say by \"" + path.back() +
				 "\" whether there are more rows.");
	}
	return value == "true" || (pages.more.empty() && is_cursor(value)) ? Told::more : Told::end;
}

bool
Pager::told_end_of_all(const PageChain &chain, const std::vector<PageInfo> &info) const
{
	return std::all_of(info.begin(), info.end(),
					   [&](const PageInfo &one)
					   {
						   Told told = told_by(chain, one);

						   return told == Told::end || (told == Told::nothing && one.received == 0);
					   });
}

// What the planner took for rows of one page has come in several, found by counting.
void
Pager::check_order(const PageChain &chain, const PageInfo &info) const
{
	if (query.loose_order && chain.turned > 1 && info.received > 0)
	{
		fail("pages of foreign table \"" + query.table->name + "\" are smaller than asked for",
			 "Rows that its order takes for equal may change places between two pages.",
			 "Set \"max\" in option pagination to the largest page that the API allows.");
	}
}

void
Pager::turn_cursor(PageChain &chain, const PageInfo &info)
{
	chain.done = told_by(chain, info) == Told::end;
	if (chain.done)
	{
		return;
	}
	if (!is_cursor(info.next) || !is_scalar(info.next))
	{
		fail_stuck(chain, "says that there are more rows, but gives no cursor to go on from");
	}
	if (!chain.cursors.insert(std::hash<std::string>()(info.next)).second)
	{
		fail_stuck(chain, "ends in the same cursor as an earlier page");
	}
	chain.position = info.next;
}

void
Pager::turn_offset(PageChain &chain, const PageInfo &info)
{
	Told told = told_by(chain, info);

	if (told == Told::more && info.received == 0)
	{
		fail_stuck(chain, "is empty, but says that there are more rows");
	}
	chain.done = told == Told::end || info.received == 0;
	go_to(chain, chain.at + info.received);
}

void
Pager::turn_numbered(PageChain &chain, const PageInfo &info)
{
	Told told = told_by(chain, info);

	if (chain.purpose == Purpose::peek)
	{
		chain.done = info.received == 0;
		chain.purpose = Purpose::probe;
		go_to(chain, pages.base);
		return;
	}
	if (chain.purpose == Purpose::probe)
	{
		if (info.received != chain.size)
		{
			fail_size(chain, info);
		}
		chain.purpose = Purpose::rows;
		go_to(chain, pages.base + 1);
		return;
	}
	chain.done = told == Told::end || (told == Told::nothing && info.received == 0);
	if (chain.done)
	{
		return;
	}
	if (pages.size.empty() || (info.received == chain.size && !chain.was_short))
	{
		go_to(chain, chain.at + 1);
		return;
	}
	if (info.received > chain.size || chain.was_short || info.received == 0)
	{
		fail_size(chain, info);
	}
	resize(chain, info, told);
}

// A page is shorter than asked for and perhaps not the last. Does the API count in pages of the
// size that it sent, does it leave gaps, or does it hide rows? Of the first page that can be found
// out: when its rows come again, in the same number, as a page of just that size, then the second
// page of that size begins behind them, whatever the API does. A later page can only be the last.
void
Pager::resize(PageChain &chain, const PageInfo &info, Told told)
{
	if (chain.turned > 1)
	{
		if (told == Told::more)
		{
			fail_size(chain, info);
		}
		chain.was_short = true;
		go_to(chain, chain.at + 1);
		return;
	}
	chain.size = static_cast<uint32_t>(info.received);
	chain.purpose = told == Told::more ? Purpose::probe : Purpose::peek;
	go_to(chain, told == Told::more ? pages.base : pages.base + 1);
}

void
Pager::go_to(PageChain &chain, uint64_t at)
{
	chain.at = at;
	chain.position = std::to_string(at);
}

bool
Pager::has_enough(const PageChain &chain) const
{
	return enough > 0 && chain.rows >= enough;
}

// All keys that still lack pages; those that have enough rows only when all others have, too.
void
Pager::make_request()
{
	satisfied =
		std::all_of(chains.begin(), chains.end(),
					[&](const PageChain &chain) { return chain.done || has_enough(chain); });
	keys.clear();
	positions.clear();
	sizes.clear();
	for (size_t i = 0; i < chains.size(); i++)
	{
		if (!chains[i].done && (satisfied || !has_enough(chains[i])))
		{
			keys.push_back(i);
			positions.push_back(chains[i].position);
			sizes.push_back(chains[i].size);
		}
	}
	request = {keys.data(), positions.data(), sizes.data(), keys.size()};
}

std::string
Pager::place_of(const PageChain &chain) const
{
	return "Page " + std::to_string(chain.turned) + " of field \"" + query.plan->text + '"';
}

void
Pager::fail(const std::string &problem, const std::string &detail, const char *hint) const
{
	throw Failure(Code::reply_incomplete, problem, detail, hint);
}

void
Pager::fail_stuck(const PageChain &chain, const char *problem) const
{
	fail("pagination of foreign table \"" + query.table->name + "\" does not advance",
		 place_of(chain) + ' ' + problem + '.');
}

void
Pager::fail_size(const PageChain &chain, const PageInfo &info) const
{
	fail("pages of foreign table \"" + query.table->name + "\" are not of the size asked for",
		 "Answer " + std::to_string(chain.turned) + " of field \"" + query.plan->text + "\" has " +
			 std::to_string(info.received) + " rows where " + std::to_string(chain.size) +
			 " were asked for, and there are more: what lies between pages would be missed.",
		 "Set fetch_size to a size that the API keeps to, or leave \"size\" out of option "
		 "pagination if it has pages of its own.");
}

Pager *
pager_open(const Query *query, size_t keys, uint32_t size, uint64_t max_pages, uint64_t enough,
		   Error &err) noexcept
{
	return guarded(
		err,
		[&] { return std::make_unique<Pager>(*query, keys, size, max_pages, enough).release(); });
}

const PageRequest *
pager_request(const Pager *pager) noexcept
{
	return pager->keys.empty() ? nullptr : &pager->request;
}

bool
pager_keeps(const Pager *pager, size_t slot) noexcept
{
	return pager->chains[pager->keys[slot]].purpose == Purpose::rows;
}

bool
pager_place(Pager *pager, uint32_t page, size_t key, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   pager->place(page, key);
					   return true;
				   });
}

bool
pager_by_key(const Pager *pager) noexcept
{
	return pager->chains.size() > 1 && !pager->nested;
}

bool
pager_turn(Pager *pager, const Reply *answer, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   pager->turn(*answer);
					   return true;
				   });
}

bool
pager_has_enough(const Pager *pager) noexcept
{
	return pager->satisfied;
}

uint64_t
pager_received(const Pager *pager) noexcept
{
	return pager->received;
}

void
pager_close(Pager *pager) noexcept
{
	delete pager;
}

}    // namespace gql
