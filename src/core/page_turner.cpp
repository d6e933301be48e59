// Which page comes after one that was read?
//
// Cursors are followed as the API gives them. Offsets advance by what was received, so that pages
// smaller than asked for leave no gap. Numbered pages are right only while the API counts them in
// pages of the size that it sends: see resize().

#include "core/page_turner.hpp"

#include <algorithm>
#include <functional>

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

void
go_to(PageChain &chain, uint64_t at)
{
	chain.at = at;
	chain.position = std::to_string(at);
}

}    // namespace

PageTurner::PageTurner(const Query &query, uint64_t max_pages)
	: query_(query), pages_(*query.plan->pages), max_pages_(max_pages)
{
}

// Are pages found by counting, rather than by cursors?
bool
PageTurner::is_counted() const
{
	return pages_.style == PageStyle::offset || pages_.style == PageStyle::page;
}

PageChain
PageTurner::first(uint32_t size) const
{
	PageChain chain;

	chain.size = size;
	if (is_counted())
	{
		go_to(chain, pages_.style == PageStyle::page ? pages_.base : 0);
	}
	return chain;
}

PageChain
PageTurner::after_first(const PageStart &start) const
{
	PageChain chain;

	chain.size = start.size;
	chain.turned = 1;
	chain.rows = start.rows;
	chain.at = start.at;
	chain.position = is_counted() ? std::to_string(start.at) : std::string(start.position);
	chain.purpose = static_cast<Purpose>(start.purpose);
	chain.cursors.insert(std::hash<std::string>()(chain.position));
	return chain;
}

void
PageTurner::turn(PageChain &chain, const Reply::Page &page) const
{
	if (page.info.empty() && chain.turned == 1)
	{
		chain.done = true;    // null on the way: there are no rows
		return;
	}
	if (page.info.empty())
	{
		fail("pages of foreign table \"" + query_.table->name + "\" end in nothing",
			 place_of(chain) + " is null, although there was one before it.");
	}
	if (page.info.size() > 1)
	{
		chain.done = told_end_of_all(chain, page.info);
		if (!chain.done)
		{
			fail("rows of foreign table \"" + query_.table->name + "\" come in pages inside a list",
				 "Field \"" + query_.plan->text + "\" reaches its pages through a list with " +
					 std::to_string(page.info.size()) +
					 " elements: there is no way to go on in each of them.",
				 "Bind the field that yields the list by an argument, so that it has one element.");
		}
		return;
	}
	check_order(chain, page.info[0]);
	switch (pages_.style)
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
	if (!chain.done && chain.turned >= max_pages_)
	{
		fail("foreign table \"" + query_.table->name + "\" has more than " +
				 std::to_string(max_pages_) + (max_pages_ == 1 ? " page" : " pages"),
			 {}, "Raise the server option max_pages, or fetch_size, if that is right.");
	}
}

// It has been asked, so that silence is an error.
PageTurner::Told
PageTurner::told_by(const PageChain &chain, const PageInfo &info) const
{
	const std::vector<std::string> &path = pages_.more.empty() ? pages_.next : pages_.more;
	const std::string &value = pages_.more.empty() ? info.next : info.more;

	if (path.empty())
	{
		return Told::nothing;
	}
	if (value.empty() || (!pages_.more.empty() && value != "true" && value != "false"))
	{
		fail("pages of foreign table \"" + query_.table->name + "\" have no known end",
			 place_of(chain) + " does not say by \"" + path.back() +
				 "\" whether there are more rows.");
	}
	return value == "true" || (pages_.more.empty() && is_cursor(value)) ? Told::more : Told::end;
}

bool
PageTurner::told_end_of_all(const PageChain &chain, const std::vector<PageInfo> &info) const
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
PageTurner::check_order(const PageChain &chain, const PageInfo &info) const
{
	if (query_.loose_order && chain.turned > 1 && info.received > 0)
	{
		fail("pages of foreign table \"" + query_.table->name + "\" are smaller than asked for",
			 "Rows that its order takes for equal may change places between two pages.",
			 "Set \"max\" in option pagination to the largest page that the API allows.");
	}
}

void
PageTurner::turn_cursor(PageChain &chain, const PageInfo &info) const
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
PageTurner::turn_offset(PageChain &chain, const PageInfo &info) const
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
PageTurner::turn_numbered(PageChain &chain, const PageInfo &info) const
{
	Told told = told_by(chain, info);

	if (chain.purpose == Purpose::peek)
	{
		chain.done = info.received == 0;
		chain.purpose = Purpose::probe;
		go_to(chain, pages_.base);
		return;
	}
	if (chain.purpose == Purpose::probe)
	{
		if (info.received != chain.size)
		{
			fail_size(chain, info);
		}
		chain.purpose = Purpose::rows;
		go_to(chain, pages_.base + 1);
		return;
	}
	chain.done = told == Told::end || (told == Told::nothing && info.received == 0);
	if (chain.done)
	{
		return;
	}
	if (pages_.size.empty() || (info.received == chain.size && !chain.was_short))
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
PageTurner::resize(PageChain &chain, const PageInfo &info, Told told) const
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
	go_to(chain, told == Told::more ? pages_.base : pages_.base + 1);
}

std::string
PageTurner::place_of(const PageChain &chain) const
{
	return "Page " + std::to_string(chain.turned) + " of field \"" + query_.plan->text + '"';
}

void
PageTurner::fail(const std::string &problem, const std::string &detail, const char *hint) const
{
	throw Failure(Code::reply_incomplete, problem, detail, hint);
}

void
PageTurner::fail_stuck(const PageChain &chain, const char *problem) const
{
	fail("pagination of foreign table \"" + query_.table->name + "\" does not advance",
		 place_of(chain) + ' ' + problem + '.');
}

void
PageTurner::fail_size(const PageChain &chain, const PageInfo &info) const
{
	fail("pages of foreign table \"" + query_.table->name + "\" are not of the size asked for",
		 "Answer " + std::to_string(chain.turned) + " of field \"" + query_.plan->text + "\" has " +
			 std::to_string(info.received) + " rows where " + std::to_string(chain.size) +
			 " were asked for, and there are more: what lies between pages would be missed.",
		 "Set fetch_size to a size that the API keeps to, or leave \"size\" out of option "
		 "pagination if it has pages of its own.");
}

}    // namespace gql
