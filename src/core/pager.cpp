// Which pages of which keys are to be asked for next, and when have all rows come?

#include "core/pager.hpp"

#include <algorithm>
#include <memory>

#include "core/error.hpp"

namespace gql
{

Pager::Pager(const Query &query_, size_t key_count, uint32_t size, uint64_t max_pages,
			 uint64_t enough_)
	: query(query_), turner(query_, max_pages), enough(enough_),
	  nested(query_.method == Method::list && query_.plan->nested && key_count > 1)
{
	chains.assign(answers_by_key(query.method) || nested ? key_count : 1, turner.first(size));
	make_request();
}

Pager::Pager(const Query &query_, const PageStart *const *starts, size_t key_count,
			 uint64_t max_pages)
	: query(query_), turner(query_, max_pages), enough(0), nested(false)
{
	for (size_t i = 0; i < key_count; i++)
	{
		chains.push_back(turner.after_first(*starts[i]));
	}
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
	if (chain.purpose == PageChain::Purpose::rows)
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
		turner.turn(chain, page);
	}
}

// Every key gets its pages out of the one slot.
void
Pager::turn_nested(const Reply &reply)
{
	const Reply::Page &all = reply.pages.at(0);
	std::vector<Reply::Page> own(chains.size(), Reply::Page{{}, all.failed, {}});

	owners_.resize(all.info.size(), unplaced);
	for (size_t i = 0; i < all.info.size(); i++)
	{
		if (owners_[i] < chains.size())
		{
			own[owners_[i]].info.push_back(all.info[i]);
		}
		else if (owners_[i] == unplaced &&
				 turner.told_by(chains[0], all.info[i]) == PageTurner::Told::more)
		{
			throw Failure(
				Code::reply_incomplete,
				"pages of foreign table \"" + query.table->name + "\" do not advance",
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
		throw Failure(Code::reply_incomplete,
					  "pages of foreign table \"" + query.table->name +
						  "\" hold rows of several keys",
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

Pager *
pager_open(const Query *query, size_t keys, uint32_t size, uint64_t max_pages, uint64_t enough,
		   Error &err) noexcept
{
	return guarded(
		err,
		[&] { return std::make_unique<Pager>(*query, keys, size, max_pages, enough).release(); });
}

Pager *
pager_open_at(const Query *query, const PageStart *const *starts, size_t keys, uint64_t max_pages,
			  Error &err) noexcept
{
	return guarded(err, [&]
				   { return std::make_unique<Pager>(*query, starts, keys, max_pages).release(); });
}

bool
list_goes_on(const Query *rest, const Reply *answer, uint32_t page, uint32_t size,
			 uint64_t max_pages, PageStart &start, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   const PageInfo &info = answer->pages.at(0).lists.at(page);
					   const PageTurner turner(*rest, max_pages);
					   PageChain chain = turner.first(size);

					   chain.turned = 1;
					   turner.turn(chain, {{info}, false, {}});
					   start = {info.next, info.received, chain.at, chain.size,
								static_cast<uint8_t>(chain.purpose)};
					   return !chain.done;
				   });
}

const PageRequest *
pager_request(const Pager *pager) noexcept
{
	return pager->keys.empty() ? nullptr : &pager->request;
}

bool
pager_keeps(const Pager *pager, size_t slot) noexcept
{
	return pager->chains[pager->keys[slot]].purpose == PageChain::Purpose::rows;
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
