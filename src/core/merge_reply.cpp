// What came for each of the calls that one request was made of?

#include <charconv>
#include <climits>
#include <map>

#include "core/api_error.hpp"
#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/json_walk.hpp"
#include "core/merge.hpp"

namespace gql
{

namespace
{

// "a12_name": the copy, and `name` without the prefix. SIZE_MAX for names that are not ours.
size_t
split_key(std::string_view &name)
{
	size_t copy = SIZE_MAX;
	const char *end = name.data() + name.size();

	if (name.substr(0, 1) != "a")
	{
		return SIZE_MAX;
	}
	auto [behind, problem] = std::from_chars(name.data() + 1, end, copy);

	if (problem != std::errc() || behind == end || *behind != '_')
	{
		return SIZE_MAX;
	}
	name = {behind + 1, static_cast<size_t>(end - behind - 1)};
	return copy;
}

// The API had enough of the whole request: by itself the call may do better.
bool
is_limit(const RemoteError &error)
{
	Code code = code_of_api_error(error);

	return code == Code::rate_limited || code == Code::limit_exceeded;
}

// Would the same with fewer calls have a chance?
bool
may_do_smaller(const Error &failure, long status)
{
	switch (failure.code)
	{
		case Code::unauthenticated:
		case Code::forbidden:
		case Code::endpoint_refused:
		case Code::out_of_memory:
			return false;
		case Code::rate_limited:
			return status != 429;
		default:
			return true;
	}
}

}    // namespace

MergedReply::MergedReply(Transfer *transfer, size_t count) : calls(count)
{
	const Error *error = transfer_error(transfer);

	if (error != nullptr)
	{
		failure = *error;
		// Halves of what took too long may take as long each, one after the other.
		smaller = error->advice.fewer_keys && error->advice.tries == INT_MAX;
		return;
	}
	read(source_of(transfer));
}

MergedReply::MergedReply(const Source &source, size_t count) : calls(count)
{
	read(source);
}

void
MergedReply::read(const Source &source)
{
	std::vector<RemoteError> errors;
	JsonText text;

	try
	{
		open_response(source, text, OnError::keep,
					  [&](const RemoteError &error) { errors.push_back(error); });
		blame(source, errors);
		read_data(text);
	}
	catch (const Failure &problem)
	{
		blame(source, errors);
		problem.copy_to(failure);
		smaller = may_do_smaller(failure, source.answer.status);
	}
}

void
MergedReply::read_data(JsonText &text)
{
	std::string scratch;
	bool any = false;

	for (Call &call : calls)
	{
		call.data = "{";
	}
	for (auto field : text.root())
	{
		JsonField member = json_take(std::move(field));

		if (json_key(member, scratch) != "data")
		{
			continue;
		}
		for (auto inner : json_take(member.value().get_object()))
		{
			JsonField value = json_take(std::move(inner));
			std::string_view key = json_key(value, scratch);
			size_t copy = split_key(key);

			any = true;
			if (copy < calls.size())
			{
				std::string &data = calls[copy].data;

				data.append(data.size() == 1 ? "" : ",");
				append_quoted(data, key);
				data.append(":").append(json_raw(value.value()));
			}
		}
	}
	for (Call &call : calls)
	{
		// Left out because of @skip, or lost, perhaps under another name?
		call.alone = call.alone || (any && call.data.size() == 1);
		call.data.append("}");
	}
}

// Errors go to the call whose field they name, others to every call. Each call reads them as if it
// had been sent by itself.
void
MergedReply::blame(const Source &source, std::vector<RemoteError> &errors)
{
	std::map<size_t, RemoteError> firsts;
	const RemoteError *common = nullptr;

	for (RemoteError &error : errors)
	{
		std::string_view key = error.path.empty() ? std::string_view() : error.path[0];
		size_t copy = split_key(key);

		if (copy == SIZE_MAX)
		{
			common = common == nullptr ? &error : common;
			continue;
		}
		if (copy < calls.size())
		{
			error.path[0] = std::string(key);
			calls[copy].alone = calls[copy].alone || is_limit(error);
			calls[copy].errors++;
			firsts.emplace(copy, error);
		}
	}
	for (size_t i = 0; i < calls.size(); i++)
	{
		auto own = firsts.find(i);

		if (own != firsts.end())
		{
			calls[i].first = error_of(source, own->second, calls[i].errors);
		}
		else if (common != nullptr)
		{
			calls[i].first = error_of(source, *common, 1);
		}
	}
}

MergedReply *
merged_open(Transfer *transfer, size_t count, Error &err) noexcept
{
	return guarded(err, [&] { return new MergedReply(transfer, count); });
}

void
merged_close(MergedReply *reply) noexcept
{
	delete reply;
}

const Error &
merged_failure(const MergedReply *reply, bool &smaller) noexcept
{
	smaller = reply->smaller;
	return reply->failure;
}

bool
merged_call(const MergedReply *reply, size_t call, std::string_view &data, Error &first) noexcept
{
	const MergedReply::Call &found = reply->calls[call];

	data = found.data;
	first = found.first;
	// Where there is no data at all, the calls with errors of their own took it from the others.
	return !found.alone && (reply->failure.code == Code::none || found.errors == 0);
}

}    // namespace gql
