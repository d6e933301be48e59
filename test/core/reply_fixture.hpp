// What do tests of answers read out of one?
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/reply.hpp"

#include "fixture.hpp"

namespace gql::test
{

inline std::string
show(const Value &value)
{
	std::string text;

	switch (value.kind)
	{
		case Kind::null:
			return "-";
		case Kind::string:
			return "'" + std::string(value.text) + "'";
		case Kind::list:
		case Kind::object:
			for (uint32_t i = 0; i < value.count; i++)
			{
				text += (i == 0 ? "" : ",") + show(value.items[i]);
			}
			return value.kind == Kind::list ? "[" + text + "]" : "{" + text + "}";
		case Kind::json:
			return "json:" + std::string(value.text);
		default:
			return std::string(value.text);
	}
}

struct Result
{
	std::vector<std::string> rows;    // "0 accountsByIds[1]: 1|'pro'"
	Error error;
	size_t errors = 0;
	std::vector<bool> failed;
};

inline Result
read(const QueryPointer &query, std::string_view body, size_t keys = 1,
	 OnError on_error = OnError::error, Lifetime lifetime = Lifetime::row, bool places = false)
{
	Answer answer = make_answer(body);
	Result result;
	std::unique_ptr<Reply> reply;
	std::vector<Row> rows;
	size_t columns = query->selection.columns.size();
	Row row;

	auto text_of = [&](const Row &r)
	{
		char path[100];
		std::string text;

		if (query->method == Method::alias)
		{
			text = std::to_string(r.slot) + ": ";
		}
		if (places)
		{
			row_path(query.get(), r, path, sizeof(path));
			text += std::string(path) + ": ";
		}
		for (size_t i = 0; i < columns; i++)
		{
			text += (i == 0 ? "" : "|") + show(r.values[i]);
		}
		return text;
	};

	result.error = error_from(
		[&]
		{
			reply = std::make_unique<Reply>(Source{answer, "shop", "host", false}, *query, keys,
											on_error, lifetime);
		});
	if (reply == nullptr)
	{
		EXPECT_NE(result.error.code, Code::none);
		return result;
	}
	while (reply_next(reply.get(), row, result.error))
	{
		if (lifetime == Lifetime::row)
		{
			result.rows.push_back(text_of(row));
		}
		rows.push_back(row);
	}
	EXPECT_FALSE(reply_next(reply.get(), row, result.error));
	for (size_t i = 0; lifetime == Lifetime::reply && i < rows.size(); i++)
	{
		result.rows.push_back(text_of(rows[i]));
	}
	if (result.error.code != Code::none)
	{
		result.rows.push_back(std::string("error: ") + result.error.message);
	}
	result.errors = reply_error_count(reply.get());
	for (size_t slot = 0; slot < keys; slot++)
	{
		result.failed.push_back(reply_slot_failed(reply.get(), slot));
	}
	return result;
}

using Rows = std::vector<std::string>;

}    // namespace gql::test
