// What does a Reply hold? (Inside the core; the door is core/door/reply.hpp.)
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/arena.hpp"
#include "core/door/reply.hpp"
#include "core/json_read.hpp"
#include "core/enclosing_reader.hpp"
#include "core/row_reader.hpp"
#include "core/row_walk.hpp"
#include "core/verdict.hpp"

namespace gql
{

struct Reply
{
	// Takes the body out of the source's answer. Throws Failure when the answer is not usable.
	Reply(const Source &source, const Query &query, size_t keys, OnError on_error,
		  Lifetime lifetime);

	bool next(Row &row);

	// Who answered, without the body.
	Source source();

	// Its rows are unknown rather than absent, as far as `walked` can tell.
	bool failed(const RowWalk &walked, size_t slot) const;

	// What errors beside data say of a slot.
	struct SlotErrors
	{
		bool any = false;
		bool at_rows = false;    // at the rows or above them
	};

	const Query &query;
	const Lifetime lifetime;
	Answer answer;
	std::string server;
	std::string where;

	JsonText text;
	Arena arena;
	EnclosingReader around;
	RowReader reader;
	RowWalk walk;
	bool done = false;

	// Where an error is.
	struct ErrorPlace
	{
		size_t slot;      // as many as there are: of none
		bool at_rows;     // at the rows or above them
		bool in_a_row;    // of one that was asked about
	};

	std::vector<RemoteError> errors;    // the first of them
	std::vector<ErrorPlace> places;     // of each of them
	bool lost_all = false;              // no data, because of errors at fields
	size_t error_count = 0;
	std::vector<SlotErrors> slot_errors;
	bool error_without_path = false;

	// What is said of the page of a slot, known before its first row is read. Empty where rows do
	// not come in pages.
	struct Page
	{
		std::vector<PageInfo> info;
		bool failed;
		std::vector<PageInfo> lists;    // of those inside objects
	};
	std::vector<Page> pages;

private:
	Response open(OnError on_error, bool arrays);
	void survey(size_t keys);
	void note_error(RemoteError &error);
	size_t slot_of_error(const RemoteError &error) const;
	void finish();
};

}    // namespace gql
