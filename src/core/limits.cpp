// What is known of how many keys an API takes in one request?

#include "core/limits.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "core/door/limits.hpp"
#include "core/endpoint.hpp"
#include "core/error.hpp"
#include "core/query.hpp"

namespace gql
{

namespace
{

constexpr size_t most_limits = 1000;
constexpr uint32_t first_probe = 32;
constexpr uint32_t last_probe = 1024;
constexpr double caution = 0.9;
constexpr double growth = 1.25;
// A lone number in a refusal is taken for the number of keys allowed only where it is not much
// smaller than what was sent: it may be a line number.
constexpr size_t plausible_part = 8;

using Limits = std::unordered_map<std::string, Limit>;

Limits &
all_limits()
{
	static auto *limits = new Limits();

	return *limits;
}

// URLs of APIs that refuse arrays of requests.
std::unordered_set<std::string> &
arrays_refused()
{
	static auto *urls = new std::unordered_set<std::string>();

	return *urls;
}

std::string
name_of(const LimitsOf &of)
{
	std::string name = of.endpoint->url.text;

	name.push_back('\0');
	name.append(of.query->plan->text);
	name.push_back('\0');
	name.append(std::to_string(static_cast<int>(of.query->method)));
	return name;
}

const Limit *
find(const LimitsOf &of)
{
	const Limits &limits = all_limits();
	const auto found = limits.find(name_of(of));

	return found == limits.end() ? nullptr : &found->second;
}

Limit &
enter(const LimitsOf &of)
{
	Limits &limits = all_limits();

	if (limits.size() >= most_limits)
	{
		limits.clear();
	}
	return limits[name_of(of)];
}

// What a request for so many keys counts as.
size_t
weight(const LimitsOf &of, size_t keys)
{
	return of.query->method == Method::alias ? alias_slots(keys) : keys;
}

// The largest number of keys that counts as no more than `size`.
size_t
fitting(const LimitsOf &of, size_t size)
{
	while (size > 1 && weight(of, size) > size)
	{
		size--;
	}
	return std::max<size_t>(size, 1);
}

size_t
sized(const LimitsOf &of, const Limit &limit, size_t wanted)
{
	size_t keys = wanted > 0 ? std::min(of.most, wanted) : of.most;

	keys = limit.cap > 0 ? std::min(keys, limit.cap) : keys;
	return keys < of.most ? fitting(of, keys) : keys;
}

// The size of the next request, when enough keys are waiting.
size_t
next_size(const LimitsOf &of, const Limit &limit)
{
	const size_t keys = sized(of, limit, limit.keys);
	const size_t due = limit.due();

	// Few sizes of aliases: perhaps the next is some steps away.
	return due > 0 ? sized(of, limit, std::max(due, weight(of, keys + 1))) : keys;
}

// What `size` makes of what is known; all keys where nothing is.
template <typename Size>
size_t
size_now(const LimitsOf &of, const Size &size) noexcept
{
	Error err;
	size_t keys = of.most;

	guarded(err,
			[&]
			{
				const Limit *limit = find(of);

				keys = limit == nullptr ? keys : size(*limit);
				return true;
			});
	return keys;
}

// What the numbers of a refusal say of the size that would fit; 0: nothing.
size_t
told_size(size_t sent, const Advice &advice)
{
	const bool counted = advice.asked > advice.allowed + 1;
	const auto size = static_cast<double>(sent);

	if (counted && advice.allowed > 0)
	{
		return static_cast<size_t>(size * advice.allowed / advice.asked * caution);
	}
	// Counting stopped at the limit, or there is only the limit. It may be that of keys.
	if (advice.allowed < size && advice.allowed * static_cast<double>(plausible_part) >= size)
	{
		return static_cast<size_t>(advice.allowed);
	}
	return 0;
}

}    // namespace

size_t
Limit::refuse(size_t asked_for, const Advice &advice)
{
	const size_t told = told_size(asked_for, advice);
	const size_t next = told > 0 ? std::min(told, asked_for - 1) : asked_for / 2;

	if (keys > 0 && keys < asked_for)
	{
		// A probe, or sent before a smaller one was refused.
		probe_after = std::min(probe_after * (asked_for == probed ? 2 : 1), last_probe);
		return keys;
	}
	if (worked >= asked_for)
	{
		worked = 0;    // it is no longer what it was
	}
	probe_after = first_probe;
	successes = 0;
	keys = std::max({next, worked, size_t{1}});
	return keys;
}

void
Limit::work(size_t asked_for, size_t most)
{
	worked = std::max(worked, asked_for);
	if (keys > 0 && asked_for >= keys)
	{
		successes++;
		keys = asked_for >= most ? 0 : asked_for;
	}
}

size_t
Limit::due() const
{
	return keys == 0 || successes < probe_after
			   ? 0
			   : std::max(keys + 1, static_cast<size_t>(static_cast<double>(keys) * growth));
}

size_t
Limit::probe()
{
	const size_t size = due();

	successes = size > 0 ? 0 : successes;
	return size;
}

size_t
limits_keys(const LimitsOf &of) noexcept
{
	return size_now(of, [&](const Limit &limit) { return sized(of, limit, limit.keys); });
}

size_t
limits_room(const LimitsOf &of) noexcept
{
	return size_now(of, [&](const Limit &limit) { return next_size(of, limit); });
}

size_t
limits_next(const LimitsOf &of, size_t waiting) noexcept
{
	Error err;
	size_t keys = of.most;

	guarded(err,
			[&]
			{
				if (find(of) != nullptr)
				{
					Limit &limit = enter(of);
					const size_t next = next_size(of, limit);

					keys = sized(of, limit, limit.keys);
					if (limit.due() > 0 && waiting >= next)
					{
						limit.probe();
						keys = next;
						limit.probed = weight(of, keys);
					}
				}
				return true;
			});
	return keys;
}

size_t
limits_refused(const LimitsOf &of, size_t keys, const Advice &advice) noexcept
{
	Error err;
	size_t parts = std::max<size_t>(keys / 2, 1);

	guarded(err,
			[&]
			{
				parts = fitting(of, enter(of).refuse(weight(of, keys), advice));
				return true;
			});
	return std::min(parts, std::max<size_t>(keys - 1, 1));
}

void
limits_worked(const LimitsOf &of, size_t keys) noexcept
{
	Error err;

	guarded(err,
			[&]
			{
				if (find(of) != nullptr)
				{
					enter(of).work(weight(of, keys), of.most);
				}
				return true;
			});
}

bool
limits_take_arrays(const LimitsOf &of) noexcept
{
	Error err;

	return !guarded(err, [&] { return arrays_refused().count(of.endpoint->url.text) > 0; });
}

void
limits_note_no_arrays(const LimitsOf &of) noexcept
{
	Error err;

	guarded(err,
			[&]
			{
				if (arrays_refused().size() >= most_limits)
				{
					arrays_refused().clear();
				}
				return arrays_refused().insert(of.endpoint->url.text).second;
			});
}

void
limits_forget(const LimitsOf &of) noexcept
{
	Error err;

	guarded(err,
			[&]
			{
				Limit &limit = enter(of);

				limit.keys = 0;
				limit.worked = 0;
				return true;
			});
}

size_t
limits_complete(const LimitsOf &of) noexcept
{
	Error err;

	return guarded(err,
				   [&]
				   {
					   const Limit *limit = find(of);

					   return limit == nullptr ? 0 : limit->complete;
				   });
}

void
limits_note_complete(const LimitsOf &of, size_t rows) noexcept
{
	Error err;

	guarded(err,
			[&]
			{
				Limit &limit = enter(of);

				limit.complete = std::max(limit.complete, rows);
				return true;
			});
}

void
limits_note_cap(const LimitsOf &of, size_t rows) noexcept
{
	Error err;

	guarded(err,
			[&]
			{
				Limit &limit = enter(of);

				limit.cap = limit.cap == 0 ? rows : std::min(limit.cap, rows);
				limit.complete = limit.cap;    // fewer than that were not cut
				return true;
			});
}

}    // namespace gql
