// What do the errors of an answer say of its rows?

#include <algorithm>

#include "core/error.hpp"
#include "core/reply.hpp"

namespace gql
{

namespace
{

bool
is_position(const std::string &element)
{
	return !element.empty() &&
		   std::all_of(element.begin(), element.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Names of a path are those of the query; positions tell rows apart.
bool
is_in_row(const std::vector<std::string> &path, size_t names, const Row &row)
{
	size_t at = 0;

	for (size_t name = 0; name < names; name++)
	{
		at++;
		for (uint32_t list = 0; list < row.depth; list++)
		{
			if (row.element[list] == name)
			{
				if (at >= path.size() || path[at] != std::to_string(row.index[list]))
				{
					return false;
				}
				at++;
			}
		}
	}
	return path.size() > at;
}

}    // namespace

// Padding repeats the last key.
size_t
Reply::slot_of_error(const RemoteError &error) const
{
	if (error.path.empty())
	{
		return slot_errors.size();
	}

	const std::string &key = error.path[0];
	const size_t slot = walk.slot_of(key);
	const bool padding = slot == slot_errors.size() && query.method == Method::alias &&
						 key[0] == 'a' && is_position(key.substr(1));

	return padding ? slot - 1 : slot;
}

void
Reply::note_error(RemoteError &error)
{
	size_t names = static_cast<size_t>(std::count_if(error.path.begin(), error.path.end(),
													 [](const std::string &element)
													 { return !is_position(element); }));
	const size_t slot = slot_of_error(error);
	const bool at_rows = names <= query.plan->field.size();

	error_without_path = error_without_path || error.path.empty();
	if (slot < slot_errors.size())
	{
		slot_errors[slot].any = true;
		slot_errors[slot].at_rows = slot_errors[slot].at_rows || at_rows;
		error.path[0] = query.plan->field[0];    // an alias says nothing to a reader
	}
	places.push_back({slot, at_rows, false});
}

bool
Reply::failed(const RowWalk &walked, size_t slot) const
{
	const SlotErrors &slot_error = slot_errors[slot];
	bool any = slot_error.any || error_without_path;

	return slot_error.at_rows ||
		   (any && (walked.met_null(slot) || walked.left_out(slot) || !walked.seen(slot)));
}

size_t
reply_error_count(const Reply *reply) noexcept
{
	return reply->error_count;
}

void
reply_error(const Reply *reply, size_t index, Error &err) noexcept
{
	guarded(err,
			[&]
			{
				Source source = const_cast<Reply *>(reply)->source();

				if (index < reply->errors.size())
				{
					err = error_of(source, reply->errors[index], 1);
				}
				else
				{
					fill_error(err, Code::remote_error,
							   "GraphQL server \"" + source.server + "\" reported " +
								   std::to_string(reply->error_count) +
								   " errors, of which only the first were kept",
							   source.where, "");
				}
				return true;
			});
}

bool
reply_slot_failed(const Reply *reply, size_t slot) noexcept
{
	return slot < reply->slot_errors.size() && reply->failed(reply->walk, slot);
}

bool
reply_lost_all(const Reply *reply) noexcept
{
	return reply->lost_all;
}

size_t
reply_slot_error(const Reply *reply, size_t slot) noexcept
{
	size_t found = no_error;

	for (size_t i = 0; i < reply->errors.size(); i++)
	{
		const Reply::ErrorPlace &place = reply->places[i];

		if (place.slot == slot && (found == no_error || place.at_rows))
		{
			found = i;
			if (place.at_rows)
			{
				break;
			}
		}
	}
	// Errors beyond those kept are known by their slots only.
	return found == no_error && slot < reply->slot_errors.size() && reply->slot_errors[slot].any
			   ? reply->errors.size()
			   : found;
}

size_t
reply_row_error(Reply *reply, const Row &row) noexcept
{
	size_t found = no_error;

	for (size_t i = 0; i < reply->errors.size(); i++)
	{
		if (is_in_row(reply->errors[i].path, reply->query.plan->field.size(), row))
		{
			reply->places[i].in_a_row = true;
			found = found == no_error ? i : found;
		}
	}
	return found;
}

size_t
reply_other_error(const Reply *reply) noexcept
{
	for (size_t i = 0; i < reply->errors.size(); i++)
	{
		const Reply::ErrorPlace &place = reply->places[i];

		if (place.slot >= reply->slot_errors.size() ||
			(reply->query.method == Method::list && !place.at_rows && !place.in_a_row))
		{
			return i;
		}
	}
	return reply->query.method == Method::list && reply->error_count > reply->errors.size()
			   ? reply->errors.size()
			   : no_error;
}

bool
reply_error_at_rows(const Reply *reply, size_t index, size_t *slot) noexcept
{
	const Reply::ErrorPlace &place = reply->places[index];

	*slot = place.slot;
	return place.at_rows && place.slot < reply->slot_errors.size();
}

}    // namespace gql
