// Where in an answer are the rows?
//
// A walk from `data` through aliases, the elements of the field's path and the lists on the way,
// which stops at every row and goes on from there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/door/reply.hpp"
#include "core/enclosing_reader.hpp"
#include "core/json_read.hpp"
#include "core/query.hpp"

namespace gql
{

// What an answer says of one page, beside its rows. Values are JSON texts, "" where there is none.
struct PageInfo
{
	uint64_t received = 0;    // elements of its list, nulls included
	std::string next;
	std::string more;
};

class RowWalk
{
public:
	// `around` is given the objects that hold values of the rows inside them.
	RowWalk(const Query &query, size_t keys, EnclosingReader *around);

	// Begins at the top of a response.
	void start(JsonText &text);
	// The next row and where it stands, or where one could be. False at the end. Throws JsonError,
	// and Failure (shape_mismatch) where something else stands than the field's path says.
	bool next(JsonValue &row, Row &place);

	size_t
	slot_count() const
	{
		return slots_.size();
	}
	// The slot with this key in `data`; slot_count() for padding and for what was not asked for.
	size_t slot_of(std::string_view key) const;
	// Of a slot, when the walk is over.
	bool
	seen(size_t slot) const
	{
		return slots_[slot].seen;
	}
	// There is a null where rows, or the way to them, should be.
	bool
	met_null(size_t slot) const
	{
		return slots_[slot].met_null;
	}

	// Nulls in the place of rows or, where keys are read above them, of the objects with the keys.
	size_t
	nulls(size_t slot) const
	{
		return slots_[slot].nulls;
	}

	// An object on the way to the rows did not hold the field that was asked for.
	bool
	left_out(size_t slot) const
	{
		return slots_[slot].left_out;
	}

	// The pages of a slot: one, or as many as lists on the way to the paged field have elements.
	const std::vector<PageInfo> &
	pages(size_t slot) const
	{
		return slots_[slot].pages;
	}

	// The lists inside objects of which the slot has first pages.
	const std::vector<PageInfo> &
	lists(size_t slot) const
	{
		return slots_[slot].lists;
	}

private:
	struct Slot
	{
		bool seen = false;
		bool met_null = false;
		bool left_out = false;
		size_t nulls = 0;
		std::vector<PageInfo> pages;
		std::vector<PageInfo> lists;
	};

	// A field on the way whose rows come in pages, and where what is said of them is kept.
	struct Paged
	{
		const Pagination *pages;
		size_t element;
		std::vector<PageInfo> Slot::*found;
	};

	// An object or a list whose fields or elements are being visited. `level`: how many elements of
	// the path lie behind.
	struct Frame
	{
		bool list = false;
		bool begun = false;
		bool found = false;             // objects: the path's next element
		const Paged *page = nullptr;    // lists: their elements make up a page of it
		size_t level = 0;
		uint32_t index = 0;    // lists: of the element
		uint64_t rows = 0;     // met before it
		size_t lists = 0;      // begun before it
		simdjson::ondemand::object_iterator fields = {};
		simdjson::ondemand::array_iterator items = {};
	};

	bool step_list(Frame &frame, JsonValue &row);
	bool step_object(Frame &frame, JsonValue &row);
	bool leave_object(const Frame &frame);
	bool enter(JsonValue value, size_t level, JsonValue &row);
	void push(JsonValue &value, bool list, size_t level);
	bool is_other_type(JsonValue &value) const;
	bool is_row_list(size_t level) const;
	bool holds_pages(const Paged &paged, size_t level) const;
	const Paged *page_of_list(size_t level) const;
	void begin_page(const Paged &paged);
	void note_info(size_t level, std::string_view key, JsonValue value);
	uint32_t page() const;
	void locate(Row &place);

	const Query &query_;
	std::vector<Paged> paged_;    // outermost first
	std::vector<Slot> slots_;
	size_t slot_ = 0;
	std::vector<Frame> frames_;
	std::string scratch_;
	EnclosingReader *around_;
	size_t holder_ = 0;    // the level of the objects that hold rows and are told of; 0 none
	uint64_t rows_ = 0;    // met so far
	bool rowless_ = false;
	bool listless_ = false;    // and held no list either
};

}    // namespace gql
