// How is an answer opened, read row by row, and closed?

#include "core/reply.hpp"

#include <cstdio>
#include <memory>

#include "core/array_answer.hpp"
#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

// How much larger than the body its values may be. The densest honest answer is a list of digits:
// one Value for every two bytes.
constexpr size_t values_floor = 16 << 20;
constexpr size_t values_per_byte = 20;

// Runs `body`; what turns out not to be GraphQL becomes the failure of whoever answered.
template <typename F>
auto
reading(const Reply &reply, F body)
{
	try
	{
		return body();
	}
	catch (const JsonError &error)
	{
		throw Failure(Code::protocol_violation,
					  "GraphQL server \"" + reply.server +
						  "\" sent something that is not a GraphQL response: " + error.what(),
					  reply.where);
	}
}

}    // namespace

Reply::Reply(const Source &source, const Query &query_, size_t keys, OnError on_error,
			 Lifetime lifetime_)
	: query(query_), lifetime(lifetime_), server(source.server), where(source.where),
	  around(query_, arena, lifetime_), reader(query_, arena), walk(query_, keys, &around)
{
	slot_errors.resize(walk.slot_count());
	answer = std::move(source.answer);
	const bool arrays =
		query.method != Method::array ||
		reading(*this, [&] { return merge_answers(answer.body, query.plan->field[0], keys); });
	arena.set_limit(values_floor + values_per_byte * answer.body.size());
	around.set_limit(values_floor + values_per_byte * answer.body.size());

	Response response = open(on_error, arrays);

	errors = std::move(response.errors);
	error_count = response.error_count;
	lost_all = response.data.empty();
	if (lost_all)
	{
		done = true;
		pages.assign(query.plan->pages ? walk.slot_count() : 0, {{}, true, {}});
		return;
	}
	reading(*this,
			[&]
			{
				if (query.plan->pages || query.plan->lists)
				{
					survey(keys);
				}
				walk.start(text);
				return true;
			});
}

// `arrays`: the API took an array of requests, if there was one.
Response
Reply::open(OnError on_error, bool arrays)
{
	try
	{
		Source here = source();

		return open_response(here, text, on_error,
							 [this](RemoteError &error) { note_error(error); });
	}
	catch (Failure &failure)
	{
		if (!arrays && failure.code() == Code::request_refused)
		{
			failure.advise_against_arrays();
		}
		throw;
	}
}

// Walks over the whole answer for what it says of its pages: the next one can then be asked for
// while the rows of this one are read.
void
Reply::survey(size_t keys)
{
	RowWalk ahead(query, keys, nullptr);
	JsonValue value;
	Row row;

	ahead.start(text);
	while (ahead.next(value, row))
	{
	}
	for (size_t slot = 0; slot < ahead.slot_count(); slot++)
	{
		pages.push_back({ahead.pages(slot), failed(ahead, slot), ahead.lists(slot)});
	}
}

Source
Reply::source()
{
	return {answer, server, where, false};
}

// Every key has its field in the answer, or an error that says why not.
void
Reply::finish()
{
	done = true;
	for (size_t slot = 0; slot < slot_errors.size(); slot++)
	{
		if ((!walk.seen(slot) || walk.left_out(slot)) && !slot_errors[slot].any &&
			!error_without_path)
		{
			throw Failure(Code::protocol_violation,
						  "GraphQL server \"" + server + "\" left \"" +
							  (walk.left_out(slot)            ? query.plan->text
							   : answers_by_key(query.method) ? 'a' + std::to_string(slot)
															  : query.plan->field[0]) +
							  "\" out of its answer",
						  where);
		}
	}
	text.close();
	if (lifetime == Lifetime::row)
	{
		answer.body.clear();
	}
}

bool
Reply::next(Row &row)
{
	JsonValue value;

	if (done)
	{
		return false;
	}
	if (lifetime == Lifetime::row)
	{
		arena.reset();
	}
	return reading(*this,
				   [&]
				   {
					   if (!walk.next(value, row))
					   {
						   finish();
						   return false;
					   }
					   row.values =
						   row.rowless ? reader.read_around(around) : reader.read(value, around);
					   return true;
				   });
}

Reply *
reply_open(Transfer *transfer, const Query *query, size_t keys, OnError on_error, Lifetime lifetime,
		   Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   return std::make_unique<Reply>(source_of(transfer), *query, keys, on_error,
													  lifetime)
						   .release();
				   });
}

bool
reply_next(Reply *reply, Row &row, Error &err) noexcept
{
	bool found = guarded(err, [&] { return reply->next(row); });

	if (err.code == Code::shape_mismatch && err.detail[0] == '\0')
	{
		char path[256];

		row_path(&reply->query, row, path, sizeof(path));
		snprintf(err.detail, sizeof(err.detail), "The row is %s.", path);
	}
	reply->done = !found;    // also after an error
	return found;
}

size_t
reply_nulls(const Reply *reply, size_t slot) noexcept
{
	return reply->walk.nulls(slot);
}

size_t
reply_memory(const Reply *reply) noexcept
{
	return reply->answer.body.capacity() + reply->arena.bytes() + reply->around.bytes();
}

void
reply_close(Reply *reply) noexcept
{
	delete reply;
}

size_t
row_path(const Query *query, const Row &row, char *buffer, size_t size) noexcept
{
	std::string path;
	Error err;

	guarded(err,
			[&]
			{
				const std::vector<std::string> &field = query->plan->field;
				uint32_t list = 0;

				for (size_t i = 0; i < field.size(); i++)
				{
					path.append(i == 0 ? "" : ".").append(field[i]);
					for (; list < row.depth && row.element[list] == i; list++)
					{
						path.append("[").append(std::to_string(row.index[list])).append("]");
					}
				}
				return true;
			});
	if (size == 0)
	{
		return 0;
	}
	copy_text(buffer, size, path);
	return std::char_traits<char>::length(buffer);
}

bool
reply_data(Transfer *transfer, OnError on_error, std::string_view &data, Error &first,
		   Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   JsonText text;
					   Source source = source_of(transfer);
					   Response response =
						   open_response(source, text, on_error, [](const RemoteError &) {});

					   data = response.data;
					   if (response.error_count > 0)
					   {
						   first = error_of(source, response.errors[0], response.error_count);
					   }
					   return true;
				   });
}

}    // namespace gql
