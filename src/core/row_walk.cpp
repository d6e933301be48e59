// Where in an answer are the rows?

#include "core/row_walk.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "core/error.hpp"

namespace gql
{

using simdjson::ondemand::json_type;

namespace
{

// A path that is looked for, from `depth` on, and where its value goes.
struct WantedInfo
{
	const std::vector<std::string> *path;
	std::string *value;
};

// Reads what stands `depth` elements down the paths. Null on the way is no value.
void
read_info(const std::vector<WantedInfo> &wanted, size_t depth, JsonValue value)
{
	std::string scratch;

	for (const WantedInfo &info : wanted)
	{
		if (info.path->size() == depth)
		{
			if (!info.value->empty())
			{
				throw JsonError("a field comes twice");
			}
			*info.value = json_raw(value);
			return;
		}
	}
	if (wanted.empty() || json_take(value.type()) != json_type::object)
	{
		return;
	}
	for (auto field : json_take(value.get_object()))
	{
		JsonField member = json_take(std::move(field));
		std::string_view key = json_key(member, scratch);
		std::vector<WantedInfo> inside;

		std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(inside),
					 [&](const WantedInfo &info) { return (*info.path)[depth] == key; });
		read_info(inside, depth + 1, member.value());
	}
}

}    // namespace

RowWalk::RowWalk(const Query &query, size_t keys, EnclosingReader *around)
	: query_(query), slots_(answers_by_key(query.method) ? std::max<size_t>(keys, 1) : 1),
	  around_(around)
{
	int column = query.plan->door.list_column;

	if (query.plan->pages)
	{
		paged_.push_back({&*query.plan->pages, query.plan->paged, &Slot::pages});
	}
	if (query.plan->lists)
	{
		paged_.push_back({&query.plan->lists->pages, query.plan->lists->paged, &Slot::lists});
	}
	if (query.parents > 0)
	{
		holder_ = query.plan->field.size() - query.parents;
	}
	else if (query.method == Method::list && query.table->columns[column].levels > 0)
	{
		holder_ = query.plan->field.size() - query.table->columns[column].levels;
	}
}

void
RowWalk::start(JsonText &text)
{
	for (auto field : text.root())
	{
		JsonField member = json_take(std::move(field));

		if (json_key(member, scratch_) == "data")
		{
			push(member.value(), false, 0);
			return;
		}
	}
}

size_t
RowWalk::slot_of(std::string_view key) const
{
	size_t slot = slots_.size();

	if (!answers_by_key(query_.method))
	{
		return key == query_.plan->field[0] ? 0 : slot;
	}
	if (key.size() < 2 || key[0] != 'a' || (key[1] == '0' && key.size() > 2))
	{
		return slot;
	}

	std::from_chars_result result = std::from_chars(key.data() + 1, key.data() + key.size(), slot);

	return result.ec == std::errc() && result.ptr == key.data() + key.size()
			   ? std::min(slot, slots_.size())
			   : slots_.size();
}

bool
RowWalk::next(JsonValue &row, Row &place)
{
	while (!frames_.empty())
	{
		Frame &frame = frames_.back();

		rowless_ = false;
		if (frame.list ? step_list(frame, row) : step_object(frame, row))
		{
			locate(place);
			return true;
		}
	}
	return false;
}

bool
RowWalk::step_list(Frame &frame, JsonValue &row)
{
	if (frame.begun)
	{
		++frame.items;
		frame.index++;
	}
	frame.begun = true;
	if (!(frame.items != frame.items))
	{
		frames_.pop_back();
		return false;
	}
	if (frame.page != nullptr)
	{
		(slots_[slot_].*frame.page->found).back().received++;
	}

	JsonValue item = json_take(*frame.items);

	for (const Paged &paged : paged_)
	{
		if (holds_pages(paged, frame.level) && json_take(item.type()) == json_type::object)
		{
			begin_page(paged);
		}
	}
	return enter(item, frame.level, row);
}

bool
RowWalk::step_object(Frame &frame, JsonValue &row)
{
	if (frame.begun)
	{
		++frame.fields;
	}
	frame.begun = true;
	if (!(frame.fields != frame.fields))
	{
		return leave_object(frame);
	}

	JsonField field = json_take(*frame.fields);
	std::string_view key = json_key(field, scratch_);
	bool again = frame.found;

	if (frame.level == 0)
	{
		size_t slot = slot_of(key);

		if (slot == slots_.size())
		{
			return false;
		}
		slot_ = slot;
		again = slots_[slot].seen;
		slots_[slot].seen = true;
	}
	else if (key != query_.plan->field[frame.level])
	{
		note_info(frame.level, key, field.value());
		return false;
	}
	if (again)
	{
		throw JsonError("a field comes twice");
	}
	frame.found = true;

	JsonValue value = field.value();
	json_type type = json_take(value.type());

	for (const Paged &paged : paged_)
	{
		if (frame.level == paged.element && type != json_type::null &&
			(type != json_type::array || !holds_pages(paged, frame.level + 1)))
		{
			begin_page(paged);
		}
	}
	return enter(value, frame.level + 1, row);
}

// Lists are gone on with by the keys of the objects that hold them: an object holds one.
void
RowWalk::begin_page(const Paged &paged)
{
	std::vector<PageInfo> &found = slots_[slot_].*paged.found;

	for (const Frame &frame : frames_)
	{
		if (paged.found == &Slot::lists && !frame.list && frame.level == holder_ &&
			frame.lists < found.size())
		{
			throw Failure(Code::shape_mismatch, "field \"" + query_.plan->text +
													"\" of foreign table \"" + query_.table->name +
													"\" has several lists inside one \"" +
													query_.plan->field[holder_ - 1] + '"');
		}
	}
	found.emplace_back();
}

// True when it is to be told that the object holds no rows.
bool
RowWalk::leave_object(const Frame &frame)
{
	slots_[slot_].left_out = slots_[slot_].left_out || (frame.level > 0 && !frame.found);
	rowless_ = frame.level > 0 && frame.level == holder_ && frame.rows == rows_;
	listless_ = frame.lists == slots_[slot_].lists.size();
	frames_.pop_back();
	return rowless_;
}

// What an object on the way, inside `level` elements, holds beside the path to the rows: perhaps
// what is said of the page.
void
RowWalk::note_info(size_t level, std::string_view key, JsonValue value)
{
	for (const Paged &paged : paged_)
	{
		if (level <= paged.element)
		{
			continue;
		}

		PageInfo &page = (slots_[slot_].*paged.found).back();
		auto way = query_.plan->field.begin() + static_cast<long>(paged.element) + 1;
		size_t depth = level - paged.element - 1;
		std::vector<WantedInfo> wanted;

		for (const WantedInfo &info : {WantedInfo{&paged.pages->next, &page.next},
									   WantedInfo{&paged.pages->more, &page.more}})
		{
			if (info.path->size() > depth && (*info.path)[depth] == key &&
				std::equal(way, way + static_cast<long>(depth), info.path->begin()))
			{
				wanted.push_back(info);
			}
		}
		if (!wanted.empty())
		{
			read_info(wanted, depth + 1, value);
			return;
		}
	}
}

// Whether a list inside `level` elements is one of pages: what the paged field returns says
// something of a page, and it returned a list.
bool
RowWalk::holds_pages(const Paged &paged, size_t level) const
{
	return level == paged.element + 1 && !(paged.pages->next.empty() && paged.pages->more.empty());
}

// The first list at or below a paged field holds what is counted when pages are.
const RowWalk::Paged *
RowWalk::page_of_list(size_t level) const
{
	for (const Paged &paged : paged_)
	{
		if (level > paged.element && !holds_pages(paged, level) &&
			std::none_of(frames_.begin(), frames_.end(),
						 [&](const Frame &frame) { return frame.page == &paged; }))
		{
			return &paged;
		}
	}
	return nullptr;
}

// Whether a list at the end of the path, inside `level` elements, is a row rather than holds rows:
// the row's own value is an array, and the list of rows was entered before.
bool
RowWalk::is_row_list(size_t level) const
{
	return query_.selection.self_array && level == query_.plan->field.size() &&
		   frames_.back().list && frames_.back().level == level;
}

// Everything is asked for inside the type condition, so an object of another type is empty.
bool
RowWalk::is_other_type(JsonValue &value) const
{
	return !query_.plan->condition.empty() && json_is_empty(value);
}

// True when `value` is a row.
bool
RowWalk::enter(JsonValue value, size_t level, JsonValue &row)
{
	json_type type = json_take(value.type());

	if (type == json_type::null)
	{
		slots_[slot_].met_null = true;
		slots_[slot_].nulls += level == (holder_ > 0 ? holder_ : query_.plan->field.size()) ? 1 : 0;
		return false;
	}
	if (type == json_type::array && !is_row_list(level))
	{
		push(value, true, level);
		return false;
	}
	if (level == query_.plan->field.size())
	{
		if (type == json_type::object && is_other_type(value))
		{
			return false;
		}
		row = value;
		return true;
	}
	if (type != json_type::object)
	{
		throw Failure(Code::shape_mismatch,
					  "field \"" + query_.plan->text + "\" of foreign table \"" +
						  query_.table->name + "\" leads through \"" +
						  query_.plan->field[level - 1] + "\", which is not an object");
	}
	push(value, false, level);
	return false;
}

void
RowWalk::push(JsonValue &value, bool list, size_t level)
{
	Frame frame;

	frame.list = list;
	frame.level = level;
	frame.page = list ? page_of_list(level) : nullptr;
	if (list)
	{
		frame.items = json_take(json_take(value.get_array()).begin());
	}
	else
	{
		simdjson::ondemand::object object = json_take(value.get_object());

		if (around_ != nullptr && level > 0 && around_->wants(level))
		{
			around_->read(level, object);
			json_take(object.reset());
		}
		frame.fields = json_take(object.begin());
	}
	frame.rows = rows_;
	frame.lists = slots_[slot_].lists.size();
	frames_.push_back(frame);
}

// The innermost page begun last.
uint32_t
RowWalk::page() const
{
	size_t begun = paged_.empty() ? 1 : (slots_[slot_].*paged_.back().found).size();

	return static_cast<uint32_t>(std::max<size_t>(begun, 1) - 1);
}

void
RowWalk::locate(Row &place)
{
	constexpr size_t most = sizeof(place.index) / sizeof(place.index[0]);

	place.slot = static_cast<uint32_t>(slot_);
	place.page = rowless_ && listless_ && query_.plan->lists ? no_page : page();
	place.rowless = rowless_;
	place.first = false;
	place.depth = 0;
	for (const Frame &frame : frames_)
	{
		if (frame.list && place.depth < most)
		{
			place.index[place.depth] = frame.index;
			place.element[place.depth] = static_cast<uint32_t>(frame.level - 1);
			place.depth++;
		}
		place.first = place.first ||
					  (holder_ > 0 && !frame.list && frame.level == holder_ && frame.rows == rows_);
	}
	rows_ += rowless_ ? 0 : 1;
}

}    // namespace gql
