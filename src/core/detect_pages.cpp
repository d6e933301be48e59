// How does a field page its rows?

#include "core/detect_pages.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include "core/import_names.hpp"
#include "core/import_types.hpp"
#include "core/option_json.hpp"

namespace gql
{

namespace
{

using Names = std::initializer_list<std::string_view>;

// String, ID, Cursor: what means nothing to us.
bool
is_cursor(const TypeRef &type)
{
	return is_leaf(type) && type.kind == TypeKind::scalar &&
		   sql_type_of(type.name) == SqlType::text;
}

const InputInfo *
find_argument(const std::vector<InputInfo> &inputs, Names names, bool (*fits)(const TypeRef &))
{
	for (std::string_view name : names)
	{
		for (const InputInfo &input : inputs)
		{
			if (plain_name(input.name) == name && fits(input.type))
			{
				return &input;
			}
		}
	}
	return nullptr;
}

// Whether an argument has to do with pages in one convention or another.
bool
is_page_argument(const InputInfo &input)
{
	static constexpr std::array<std::string_view, 14> sizes_and_places = {
		"first",   "last",     "limit",      "take",        "offset",    "skip",  "page",
		"perpage", "pagesize", "pagenumber", "hitsperpage", "pageindex", "start", "count"};
	static constexpr std::array<std::string_view, 6> cursors = {
		"after", "before", "cursor", "nexttoken", "pagetoken", "continuationtoken"};
	std::string name = plain_name(input.name);
	auto is_in = [&](const auto &names)
	{ return std::find(names.begin(), names.end(), name) != names.end(); };

	return (is_number(input.type) && is_in(sizes_and_places)) ||
		   ((is_cursor(input.type) || input.type.kind == TypeKind::input_object) && is_in(cursors));
}

// One object of arguments, the field's own or an input object's, and the way they are spelled.
class PageFinder
{
public:
	PageFinder(const SchemaTypes &schema, const RowSource &source, size_t step,
			   const std::vector<InputInfo> &inputs, std::string prefix)
		: schema_(schema), source_(source), step_(step), inputs_(inputs), prefix_(std::move(prefix))
	{
	}

	// The option's value, "" when the arguments fit no style.
	std::string
	find()
	{
		for (auto style : {&PageFinder::find_relay, &PageFinder::find_token,
						   &PageFinder::find_offset, &PageFinder::find_page})
		{
			std::string option = (this->*style)();

			if (!option.empty())
			{
				return option;
			}
		}
		return {};
	}

	// The arguments that the option names.
	const std::set<std::string> &
	used() const
	{
		return used_;
	}

private:
	std::string
	spell(const InputInfo &input)
	{
		used_.insert(input.name);
		return source_.spell(step_, prefix_ + input.name);
	}

	// The first of these paths below the paged field that leads to a value.
	std::string
	result_path(Names paths, SqlType type) const
	{
		const TypeInfo *holder = source_.shape.holder;

		if (holder == nullptr || step_ + 1 != source_.steps.size() ||
			!source_.is_paged_field(step_))
		{
			return {};
		}
		for (std::string_view path : paths)
		{
			const FieldInfo *leaf = nullptr;
			std::string found = find_path(schema_, *holder, path, leaf);

			if (!found.empty() && is_leaf(leaf->type) &&
				(type == SqlType::boolean) == (sql_type_of(leaf->type.name) == SqlType::boolean))
			{
				return found;
			}
		}
		return {};
	}

	std::string
	more_path() const
	{
		return result_path({"pageinfo.hasnextpage", "hasnextpage", "hasmore", "hasnext",
							"meta.hasnextpage", "pagination.hasnextpage", "pageinfo.hasmore",
							"meta.hasmore"},
						   SqlType::boolean);
	}

	std::string
	find_relay()
	{
		const InputInfo *size =
			find_argument(inputs_, {"first", "limit", "take", "size"}, is_number);
		const InputInfo *cursor = find_argument(inputs_, {"after"}, is_cursor);
		std::string next = result_path({"pageinfo.endcursor"}, SqlType::text);
		std::string more = result_path({"pageinfo.hasnextpage"}, SqlType::boolean);
		JsonObject option;

		if (size == nullptr || cursor == nullptr || next.empty() || more.empty())
		{
			return {};
		}
		option.add("style", "relay");
		option.add("size", spell(*size));
		option.add("cursor", spell(*cursor));
		if (next != "pageInfo.endCursor" || more != "pageInfo.hasNextPage")
		{
			option.add("next", next);
			option.add("more", more);
		}
		return option.text();
	}

	// A token that comes with every page but the last.
	std::string
	find_token()
	{
		const InputInfo *size = find_argument(
			inputs_, {"limit", "first", "size", "pagesize", "perpage", "take"}, is_number);
		const InputInfo *cursor = find_argument(
			inputs_, {"cursor", "nexttoken", "pagetoken", "after", "continuationtoken"}, is_cursor);
		std::string next =
			result_path({"nextcursor", "nexttoken", "nextpagetoken", "cursor", "continuationtoken",
						 "pageinfo.nextcursor", "meta.nextcursor", "pagination.nextcursor"},
						SqlType::text);
		JsonObject option;

		if (size == nullptr || cursor == nullptr || next.empty())
		{
			return {};
		}
		option.add("style", "token");
		option.add("size", spell(*size));
		option.add("cursor", spell(*cursor));
		option.add("next", next);
		return option.text();
	}

	std::string
	find_offset()
	{
		const InputInfo *size =
			find_argument(inputs_, {"limit", "take", "first", "size", "count"}, is_number);
		const InputInfo *offset = find_argument(inputs_, {"offset", "skip", "start"}, is_number);
		JsonObject option;

		if (size == nullptr || offset == nullptr)
		{
			return {};
		}
		option.add("style", "offset");
		option.add("size", spell(*size));
		option.add("offset", spell(*offset));
		add_end(option, {});
		return option.text();
	}

	std::string
	find_page()
	{
		const InputInfo *size = find_argument(
			inputs_, {"perpage", "pagesize", "hitsperpage", "limit", "size", "first", "take"},
			is_number);
		const InputInfo *page =
			find_argument(inputs_, {"page", "pagenumber", "pageindex"}, is_number);
		JsonObject option;

		if (page == nullptr)
		{
			return {};
		}
		option.add("style", "page");
		if (size != nullptr)
		{
			option.add("size", spell(*size));
		}
		option.add("page", spell(*page));
		option.add_json("base", counts_from_zero(*page) ? "0" : "1");
		add_end(option, result_path({"info.next", "pageinfo.nextpage", "nextpage", "meta.nextpage",
									 "pagination.nextpage"},
									SqlType::int4));
		return option.text();
	}

	void
	add_end(JsonObject &option, const std::string &next) const
	{
		std::string more = more_path();

		if (!next.empty())
		{
			option.add("next", next);
		}
		else if (!more.empty())
		{
			option.add("more", more);
		}
	}

	// json-graphql-server, which is known by the fields it makes, begins with page 0.
	bool
	counts_from_zero(const InputInfo &page) const
	{
		const TypeInfo *root = find_type(schema_, schema_.query_type);

		return (page.has_default && page.default_value == "0") ||
			   plain_name(page.name) == "pageindex" ||
			   (source_.steps.size() == 1 && root != nullptr &&
				find_field(*root, '_' + source_.field[0] + "Meta") != nullptr);
	}

	const SchemaTypes &schema_;
	const RowSource &source_;
	size_t step_;
	const std::vector<InputInfo> &inputs_;
	std::string prefix_;
	std::set<std::string> used_;
};

}    // namespace

Pages
detect_pages(const SchemaTypes &schema, const RowSource &source, size_t step)
{
	const FieldInfo &field = *source.steps[step].info;
	Pages pages;

	if (!source.shape.many)
	{
		return pages;
	}
	if (source.spell(step, "x").empty())
	{
		pages.state = source.shape.is_page() ? Pages::State::cut : Pages::State::none;
		return pages;
	}

	PageFinder finder(schema, source, step, field.arguments, "");

	pages.option = finder.find();
	pages.arguments = finder.used();
	for (const InputInfo &input : field.arguments)
	{
		std::string name = plain_name(input.name);
		const TypeInfo *type = input.type.kind == TypeKind::input_object && !input.type.list
								   ? find_type(schema, input.type.name)
								   : nullptr;

		if (pages.option.empty() && type != nullptr &&
			(name == "pagination" || name == "page" || name == "paging" || name == "pageinput"))
		{
			pages.option = PageFinder(schema, source, step, type->inputs, input.name + '.').find();
			pages.arguments.insert(input.name);
		}
	}
	if (!pages.option.empty())
	{
		pages.state = Pages::State::followed;
		for (const InputInfo &input : field.arguments)
		{
			if (is_page_argument(input))
			{
				pages.arguments.insert(input.name);
			}
		}
	}
	else if (std::any_of(field.arguments.begin(), field.arguments.end(), is_page_argument) ||
			 !pages.arguments.empty())
	{
		// Left to whoever asks: the arguments become columns.
		pages.state = Pages::State::cut;
		pages.arguments.clear();
	}
	return pages;
}

}    // namespace gql
